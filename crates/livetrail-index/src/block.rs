//! Up to 65,536 rows: a column for each field that questions are about.

use crate::{
    bits::{Bits, ROWS},
    column::{Codes, Distinct, Gist, Span, Times, Unique, WordRows, Zone},
    file::{Column, Loaded, Unreadable},
    schema::{CODED, Coded, DICTIONARIES, RESOURCE, UNIQUE},
};
use livetrail_types::Activity;
use std::sync::Arc;

/// A block of rows. Row 0 of block n has the position `n * 65,536 + 1`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    /// How many rows it has, with gaps.
    pub(crate) len: usize,
    /// The rows that are not gaps. A gap is a position whose row was erased; its cells mean nothing.
    pub(crate) present: Bits,
    /// Rows that were removed after they had been appended. Summaries count them.
    pub(crate) removed: Option<Arc<Bits>>,
    /// How many texts each dictionary had before the block.
    pub(crate) texts_before: [u32; DICTIONARIES],
    /// The codes of users and tenants that were news to [`Homes`](crate::homes::Homes).
    pub(crate) homes: Vec<(u32, u32)>,
    pub(crate) span: Span,
    pub(crate) zones: [Zone; CODED],
    pub(crate) times: Column<Times>,
    pub(crate) codes: [Column<Codes>; CODED],
    pub(crate) success: Column<Bits>,
    pub(crate) admin: Column<Bits>,
    pub(crate) unique: [Column<Unique>; UNIQUE.len()],
    /// What a full block knows of its resource ids.
    pub(crate) gist: Gist,
    pub(crate) resources: Column<Distinct>,
    /// None in an index without words.
    pub(crate) words: Option<Column<WordRows>>,
}

impl Block {
    pub(crate) fn is_full(&self) -> bool {
        self.len == ROWS
    }

    pub(crate) fn zone(&self, column: Coded) -> Zone {
        self.zones[column as usize]
    }

    pub(crate) fn codes(&self, column: Coded) -> Result<Loaded<'_, Codes>, Unreadable> {
        self.codes[column as usize].get()
    }

    /// The rows that its summary counts: those that are there and those that were removed.
    pub(crate) fn appended(&self) -> Bits {
        let mut rows = self.present.clone();
        if let Some(removed) = &self.removed {
            rows.add(removed);
        }
        rows
    }

    /// Adds a row. Only an open block, whose columns are in memory, grows.
    pub(crate) fn push(&mut self, activity: &Activity, codes: [u32; CODED]) {
        if let Some(times) = self.times.here_mut() {
            times.push(activity.timestamp.as_microsecond());
            self.span = times.span;
        }
        for ((column, zone), code) in self.codes.iter_mut().zip(&mut self.zones).zip(codes) {
            if let Some(column) = column.here_mut() {
                column.push(code);
                *zone = column.zone;
            }
        }
        let unique = self.unique.iter_mut().filter_map(Column::here_mut);
        unique.zip(UNIQUE).for_each(|(column, field)| column.push(field.of(activity)));
        self.open_words().into_iter().for_each(|words| words.push(activity));
        self.present.insert(self.len);
        for (flag, column) in [(activity.success, &mut self.success), (activity.is_admin, &mut self.admin)] {
            if let Some(rows) = column.here_mut().filter(|_| flag) {
                rows.insert(self.len);
            }
        }
        self.len += 1;
    }

    /// Adds gaps until there are `len` rows.
    pub(crate) fn push_gaps(&mut self, len: usize) {
        for _ in self.len..len {
            self.times.here_mut().into_iter().for_each(Times::push_gap);
            self.codes.iter_mut().filter_map(Column::here_mut).for_each(Codes::push_gap);
            self.unique.iter_mut().filter_map(Column::here_mut).for_each(|column| column.push(None));
            self.open_words().into_iter().for_each(WordRows::push_gap);
            self.len += 1;
        }
    }

    fn open_words(&mut self) -> Option<&mut WordRows> {
        self.words.as_mut().and_then(Column::here_mut)
    }

    /// Makes a row a gap. Whether it was none.
    pub(crate) fn remove(&mut self, row: usize) -> bool {
        let was_there = self.present.contains(row);
        if was_there {
            self.present.take_out(row);
            Arc::make_mut(self.removed.get_or_insert_default()).insert(row);
        }
        was_there
    }

    /// The same rows in columns that take less memory and no more rows.
    pub(crate) fn sealed(self) -> Self {
        let (gist, resources) =
            self.unique[RESOURCE].here().map_or_else(Default::default, |column| Gist::of(&column.distinct()));
        Self {
            gist,
            resources: Column::Here(resources),
            times: sealed(&self.times, Times::sealed),
            codes: self.codes.each_ref().map(|column| sealed(column, Codes::sealed)),
            unique: self.unique.each_ref().map(|column| sealed(column, Unique::sealed)),
            words: self.words.as_ref().map(|column| sealed(column, WordRows::sealed)),
            ..self
        }
    }

    /// Reads all columns from their file for their checksums.
    pub(crate) fn verify(&self) -> Result<(), Unreadable> {
        self.times.verify()?;
        [&self.success, &self.admin].into_iter().try_for_each(Column::verify)?;
        self.codes.iter().try_for_each(Column::verify)?;
        self.unique.iter().try_for_each(Column::verify)?;
        self.words.iter().try_for_each(Column::verify)?;
        self.resources.verify()
    }

    /// What it takes in memory apart from the cache, in bytes.
    pub(crate) fn memory(&self) -> usize {
        let codes: usize = self.codes.iter().map(Column::memory).sum();
        let unique: usize = self.unique.iter().map(Column::memory).sum();
        let resources = self.resources.memory() + size_of_val(self.gist.parts().0);
        let words = self.words.as_ref().map_or(0, Column::memory);
        let flags = self.success.memory() + self.admin.memory();
        let columns = flags + self.times.memory() + codes + unique + resources + words;
        size_of::<Self>() + ROWS / 8 + self.homes.len() * 8 + columns
    }
}

fn sealed<T: Clone>(column: &Column<T>, seal: impl Fn(&T) -> T) -> Column<T> {
    match column {
        Column::Here(open) => Column::Here(seal(open)),
        stored => stored.clone(),
    }
}
