//! Which rows a filter means, block by block, as sets of bits.

mod compile;
mod parts;
mod search;
mod test;

pub use compile::{RowTexts, SelectError};
use parts::Parts;
pub(crate) use test::Tests;

use crate::{
    Index,
    bits::{Bits, ROWS},
    block::Block,
    file::Unreadable,
};
use std::{ops::RangeInclusive, sync::Arc};

/// The rows of an index that a filter means.
#[derive(Clone, Debug)]
pub struct Selection<'a> {
    pub(crate) index: &'a Index,
    pub(crate) tests: Tests,
    pub(crate) range: RangeInclusive<u64>,
    /// The blocks that have selected rows.
    pub(crate) blocks: Vec<Selected<'a>>,
    /// What the rows add up to, in another way.
    pub(crate) parts: Parts<'a>,
}

/// The rows of a selection, without the index that they are of.
#[derive(Clone, Debug)]
pub struct Kept {
    tests: Tests,
    range: RangeInclusive<u64>,
    /// The numbers of the blocks that have selected rows, and those rows as [`Selected`] has them.
    blocks: Vec<(usize, Option<Arc<Bits>>)>,
}

/// The selected rows of a block, of which there is at least one.
#[derive(Clone, Debug)]
pub(crate) struct Selected<'a> {
    pub(crate) number: usize,
    pub(crate) block: &'a Block,
    /// All rows that are present when there is no set.
    rows: Option<Arc<Bits>>,
}

impl Selected<'_> {
    pub(crate) fn rows(&self) -> &Bits {
        self.rows.as_deref().unwrap_or(&self.block.present)
    }

    /// Whether the bounds of the block are those of the selected rows.
    pub(crate) fn is_whole(&self) -> bool {
        self.rows.is_none() && self.block.removed.is_none()
    }

    /// The position of a row.
    pub(crate) fn position(&self, row: usize) -> u64 {
        (self.number * ROWS + row) as u64 + 1
    }
}

impl<'a> Selection<'a> {
    pub(crate) fn of(index: &'a Index, tests: Tests, range: RangeInclusive<u64>) -> Result<Self, Unreadable> {
        let selected = |(number, block)| select(number, block, &tests, &range).transpose();
        let blocks = index.blocks().filter_map(selected).collect::<Result<Vec<_>, _>>()?;
        let parts = Parts::of(index, &blocks);
        Ok(Self { index, tests, range, blocks, parts })
    }

    /// The rows that the same filter means from a moment on, instead of in the time that it names.
    pub(crate) fn since(&self, from: jiff::Timestamp) -> Result<Self, Unreadable> {
        Self::of(self.index, self.tests.since(from.as_microsecond()), self.range.clone())
    }

    /// The rows apart from the index, for another question about the same snapshot.
    #[must_use]
    pub fn keep(&self) -> Kept {
        let rows = |selected: &Selected<'_>| (selected.number, selected.rows.clone());
        Kept {
            tests: self.tests.clone(),
            range: self.range.clone(),
            blocks: self.blocks.iter().map(rows).collect(),
        }
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

impl Index {
    /// The selection that was kept. It has to be one of this index, or of the snapshot that this is.
    #[must_use]
    pub fn resume(&self, kept: &Kept) -> Selection<'_> {
        let selected = |(number, rows): &(usize, Option<Arc<Bits>>)| {
            let block = self.blocks.get(number.checked_sub(self.first)?)?;
            Some(Selected { number: *number, block, rows: rows.clone() })
        };
        let blocks: Vec<_> = kept.blocks.iter().filter_map(selected).collect();
        let parts = Parts::of(self, &blocks);
        Selection { index: self, tests: kept.tests.clone(), range: kept.range.clone(), blocks, parts }
    }
}

fn select<'a>(
    number: usize,
    block: &'a Block,
    tests: &Tests,
    range: &RangeInclusive<u64>,
) -> Result<Option<Selected<'a>>, Unreadable> {
    let row_of = |position: u64| (position as usize).saturating_sub(number * ROWS).min(ROWS);
    // Row n has the position after n others.
    let (first, end) = (row_of(range.start().saturating_sub(1)), row_of(*range.end()));
    if first >= end.min(block.len) {
        return Ok(None);
    }
    let is_in_range = first == 0 && block.len <= end;
    let Some(uncertain) = tests.uncertain(block) else { return Ok(None) };
    let rows = if is_in_range && uncertain.is_empty() {
        None
    } else {
        let mut rows = block.present.clone();
        if !is_in_range {
            rows.keep(&Bits::between(first, end));
        }
        uncertain.keep(number, block, &mut rows)?;
        (rows != block.present).then(|| Arc::new(rows))
    };
    let selected = Selected { number, block, rows };
    Ok((!selected.rows().is_empty()).then_some(selected))
}
