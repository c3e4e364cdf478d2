//! Which rows a filter means, block by block, as sets of bits.

mod compile;
mod test;

pub use compile::{RowTexts, SelectError};
pub(crate) use test::{Test, Tests};

use crate::{
    Index,
    bits::{Bits, ROWS},
    block::Block,
};
use std::ops::RangeInclusive;

/// The rows of an index that a filter means.
#[derive(Clone, Debug)]
pub struct Selection<'a> {
    pub(crate) index: &'a Index,
    pub(crate) tests: Tests,
    pub(crate) range: RangeInclusive<u64>,
    /// The blocks that have selected rows.
    pub(crate) blocks: Vec<Selected<'a>>,
}

/// The selected rows of a block, of which there is at least one.
#[derive(Clone, Debug)]
pub(crate) struct Selected<'a> {
    pub(crate) number: usize,
    pub(crate) block: &'a Block,
    /// All rows that are present when there is no set.
    rows: Option<Bits>,
}

impl Selected<'_> {
    pub(crate) fn rows(&self) -> &Bits {
        self.rows.as_ref().unwrap_or(&self.block.present)
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.rows.is_none()
    }

    /// The position of a row.
    pub(crate) fn position(&self, row: usize) -> u64 {
        (self.number * ROWS + row) as u64 + 1
    }
}

impl<'a> Selection<'a> {
    pub(crate) fn of(index: &'a Index, tests: Tests, range: RangeInclusive<u64>) -> Self {
        let blocks =
            index.blocks().filter_map(|(number, block)| select(number, block, &tests, &range)).collect();
        Self { index, tests, range, blocks }
    }

    /// How many rows there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.blocks.iter().map(|selected| selected.rows().count() as u64).sum()
    }

    /// The positions of the rows, in ascending order.
    pub fn positions(&self) -> impl Iterator<Item = u64> {
        self.blocks
            .iter()
            .flat_map(|selected| selected.rows().ordered(false).map(|row| selected.position(row)))
    }
}

fn select<'a>(
    number: usize,
    block: &'a Block,
    tests: &Tests,
    range: &RangeInclusive<u64>,
) -> Option<Selected<'a>> {
    let row_of = |position: u64| (position as usize).saturating_sub(number * ROWS).min(ROWS);
    // Row n has the position after n others.
    let (first, end) = (row_of(range.start().saturating_sub(1)), row_of(*range.end()));
    if first >= end.min(block.len) {
        return None;
    }
    let mut rows = block.present.clone();
    if first > 0 || end < block.len {
        rows.keep(&Bits::between(first, end));
    }
    tests.keep(number, block, &mut rows);
    let rows = (rows != block.present).then_some(rows);
    let selected = Selected { number, block, rows };
    (!selected.rows().is_empty()).then_some(selected)
}
