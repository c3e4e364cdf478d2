//! Up to 65,536 rows: a column for each field that questions are about.

use crate::{
    bits::{Bits, ROWS},
    column::{Codes, Times, Unique},
    schema::{CODED, Coded, UNIQUE},
};
use livetrail_types::Activity;

/// A block of rows. Row 0 of block n has the position `n * 65,536 + 1`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    /// How many rows it has, with gaps.
    pub(crate) len: usize,
    /// The rows that are not gaps. A gap is a position whose row was erased; its cells mean nothing.
    pub(crate) present: Bits,
    pub(crate) times: Times,
    pub(crate) codes: [Codes; CODED],
    pub(crate) success: Bits,
    pub(crate) admin: Bits,
    pub(crate) unique: [Unique; UNIQUE.len()],
}

impl Block {
    pub(crate) fn is_full(&self) -> bool {
        self.len == ROWS
    }

    pub(crate) fn codes(&self, column: Coded) -> &Codes {
        &self.codes[column as usize]
    }

    pub(crate) fn push(&mut self, activity: &Activity, codes: [u32; CODED]) {
        self.times.push(activity.timestamp.as_microsecond());
        self.codes.iter_mut().zip(codes).for_each(|(column, code)| column.push(code));
        self.unique.iter_mut().zip(UNIQUE).for_each(|(column, field)| column.push(field.of(activity)));
        self.present.insert(self.len);
        if activity.success {
            self.success.insert(self.len);
        }
        if activity.is_admin {
            self.admin.insert(self.len);
        }
        self.len += 1;
    }

    /// Adds gaps until there are `len` rows.
    pub(crate) fn push_gaps(&mut self, len: usize) {
        for _ in self.len..len {
            self.times.push_gap();
            self.codes.iter_mut().for_each(Codes::push_gap);
            self.unique.iter_mut().for_each(|column| column.push(None));
            self.len += 1;
        }
    }

    /// The same rows in columns that take less memory and no more rows.
    pub(crate) fn sealed(&self) -> Self {
        Self {
            len: self.len,
            present: self.present.clone(),
            times: self.times.sealed(),
            codes: self.codes.each_ref().map(Codes::sealed),
            success: self.success.clone(),
            admin: self.admin.clone(),
            unique: self.unique.each_ref().map(Unique::sealed),
        }
    }

    /// What the columns take, in bytes.
    pub(crate) fn memory(&self) -> usize {
        let codes: usize = self.codes.iter().map(Codes::memory).sum();
        let unique: usize = self.unique.iter().map(Unique::memory).sum();
        3 * ROWS / 8 + self.times.memory() + codes + unique
    }
}
