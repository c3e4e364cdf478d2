//! A full block as a file. Its head has what decides without a look at cells, and the texts that occur first in it.

use super::{
    Column, File, Opened, Pages, Unsaved, Writer, cells,
    part::{read_zone, write_zone},
    reader::Reader,
    texts,
};
use crate::{
    bits::ROWS,
    block::Block,
    column::{Gist, Span, Zone},
    schema::{CODED, Coded, DICTIONARIES, Dictionaries, UNIQUE},
};
use jiff::Timestamp;
use livetrail_types::Epoch;
use std::{array, sync::Arc};

impl Block {
    /// The block as a file. `None` where it is in one already. `texts_after` is how many texts the dictionaries had
    /// when the block was full.
    pub(crate) fn unsaved(
        &self,
        number: usize,
        epoch: Epoch,
        dictionaries: &Dictionaries,
        texts_after: [u32; DICTIONARIES],
    ) -> Option<Unsaved> {
        // Most blocks are asked in vain.
        self.times.here()?;
        let mut head = Vec::new();
        cells::write_bits(&mut head, &self.appended());
        for moment in [self.span.least, self.span.most] {
            head.extend(moment.to_le_bytes());
        }
        self.zones.iter().for_each(|zone| write_zone(&mut head, *zone));
        for (n, dictionary) in dictionaries.all().iter().enumerate() {
            texts::write(&mut head, dictionary, self.texts_before[n], texts_after[n]);
        }
        let (trigrams, longest, has_hexadecimal) = self.gist.parts();
        trigrams.iter().for_each(|word| head.extend(word.to_le_bytes()));
        head.extend(longest.to_le_bytes());
        head.push(u8::from(has_hexadecimal));
        cells::write_numbers(&mut head, self.homes.iter().map(|(user, _)| *user));
        cells::write_numbers(&mut head, self.homes.iter().map(|(_, tenant)| *tenant));
        let mut writer = Writer::new();
        writer.part(self.times.here()?);
        writer.part(self.success.here()?);
        writer.part(self.admin.here()?);
        for column in &self.codes {
            writer.part(column.here()?);
        }
        for column in &self.unique {
            writer.part(column.here()?);
        }
        writer.part(self.resources.here()?);
        if let Some(words) = &self.words {
            writer.part(words.here()?);
        }
        Some(writer.finish(File::Block(number as u64), epoch, &head))
    }

    /// The same block with its columns in the file that the caller has written.
    pub(crate) fn saved(&self, unsaved: &Unsaved, pages: &Arc<Pages>) -> Self {
        let columns = Columns::of(unsaved.places(pages));
        let rest = Self {
            len: self.len,
            present: self.present.clone(),
            removed: self.removed.clone(),
            span: self.span,
            zones: self.zones,
            texts_before: self.texts_before,
            homes: self.homes.clone(),
            gist: self.gist.clone(),
            ..Self::default()
        };
        columns.map_or_else(|| self.clone(), |columns| columns.into_block(rest))
    }

    /// Reads a block's head, and adds its texts to the dictionaries. `None` where the file is not there, not right, or
    /// lacks the words that it should have.
    pub(crate) fn open(
        pages: &Arc<Pages>,
        number: usize,
        epoch: Epoch,
        dictionaries: &mut Dictionaries,
        needs_words: bool,
    ) -> Option<Self> {
        let opened = Opened::of(pages, File::Block(number as u64), epoch)?;
        let mut reader = Reader::of(&opened.head);
        let present = cells::read_bits(&mut reader)?;
        let span = Span { least: reader.u64()?.cast_signed(), most: reader.u64()?.cast_signed() };
        let zones: Vec<Zone> = (0..CODED).map(|_| read_zone(&mut reader)).collect::<Option<_>>()?;
        let zones: [Zone; CODED] = zones.try_into().ok()?;
        let columns = Columns::of(opened.places.into_iter())?;
        if needs_words && !columns.has_words() {
            return None;
        }
        let texts_before = dictionaries.lens();
        let added: Vec<_> =
            texts_before.iter().map(|before| texts::read(&mut reader, *before)).collect::<Option<_>>()?;
        let gist = read_gist(&mut reader)?;
        let (users, tenants) = (cells::read_numbers(&mut reader)?, cells::read_numbers(&mut reader)?);
        let homes = users.into_iter().zip(tenants).collect();
        let rest = Self { len: ROWS, present, span, zones, texts_before, homes, gist, ..Self::default() };
        let block = columns.into_block(rest);
        let texts_after = array::from_fn(|n| texts_before[n] + added[n].len() as u32);
        if !reader.is_at_end() || !block.is_sound(texts_after) {
            return None;
        }
        // Only now, so that a file that is not right leaves nothing behind.
        for (dictionary, added) in dictionaries.all_mut().iter_mut().zip(added) {
            texts::add(dictionary, added)?;
        }
        block.homes.iter().for_each(|(user, tenant)| _ = dictionaries.homes.note(*user, *tenant));
        Some(block)
    }

    fn is_sound(&self, texts: [u32; DICTIONARIES]) -> bool {
        let has_text = |(zone, texts): (&Zone, u32)| zone.bounds().is_none_or(|(_, most)| most <= texts);
        let always_known = [Coded::Action, Coded::User].iter().all(|column| !self.zone(*column).has_null);
        let [first, last] = [Timestamp::MIN, Timestamp::MAX].map(Timestamp::as_microsecond);
        let is_moment = self.span.bounds().is_none_or(|(least, most)| first <= least && most <= last);
        let [users, tenants] = [Coded::User, Coded::Tenant].map(|column| texts[column as usize]);
        let is_known = |(user, tenant): &(u32, u32)| (1..=users).contains(user) && *tenant <= tenants;
        is_moment
            && always_known
            && self.zones.iter().zip(texts).all(has_text)
            && self.homes.iter().all(is_known)
    }
}

fn read_gist(reader: &mut Reader<'_>) -> Option<Gist> {
    let words = Gist::default().parts().0.len();
    let trigrams = (0..words).map(|_| reader.u64()).collect::<Option<_>>()?;
    Gist::from_parts(trigrams, reader.u32()?, reader.u8()? == 1)
}

/// The columns of a block in a file, in the order in which they are written.
struct Columns(Vec<super::pages::Place>);

impl Columns {
    const COUNT: usize = 3 + CODED + UNIQUE.len() + 1;

    fn of(places: impl Iterator<Item = super::pages::Place>) -> Option<Self> {
        let places: Vec<_> = places.collect();
        (Self::COUNT..=Self::COUNT + 1).contains(&places.len()).then_some(Self(places))
    }

    /// Words are the last column, where they are.
    fn has_words(&self) -> bool {
        self.0.len() > Self::COUNT
    }

    fn into_block(self, rest: Block) -> Block {
        let place = |n: usize| self.0[n].clone();
        Block {
            times: Column::Stored(place(0)),
            success: Column::Stored(place(1)),
            admin: Column::Stored(place(2)),
            codes: array::from_fn(|n| Column::Stored(place(3 + n))),
            unique: array::from_fn(|n| Column::Stored(place(3 + CODED + n))),
            resources: Column::Stored(place(3 + CODED + UNIQUE.len())),
            words: self.0.get(Self::COUNT).cloned().map(Column::Stored),
            ..rest
        }
    }
}
