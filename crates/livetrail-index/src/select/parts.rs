//! A selection as sums of segments, and the rows that have to be added to them or taken away.

use super::Selected;
use crate::{
    Index,
    bits::Bits,
    block::Block,
    index::{BLOCKS, Begun},
    summary::Summary,
};
use std::{collections::HashMap, sync::Arc};

/// Whole segments, and rows. The sum of a selection is the sum of its parts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts<'a> {
    pub(crate) summaries: Vec<Arc<Summary>>,
    pub(crate) rows: Vec<Rows<'a>>,
}

/// Rows of a block that count, or that count as if they were not there.
#[derive(Clone, Debug)]
pub(crate) struct Rows<'a> {
    pub(crate) block: &'a Block,
    /// All rows that are present when there is no set.
    rows: Option<Arc<Bits>>,
    /// 1 or -1.
    pub(crate) weight: i64,
}

impl Rows<'_> {
    pub(crate) fn rows(&self) -> &Bits {
        self.rows.as_deref().unwrap_or(&self.block.present)
    }
}

impl<'a> Parts<'a> {
    /// The parts of the selected blocks, which are in order.
    pub(crate) fn of(index: &'a Index, blocks: &[Selected<'a>]) -> Self {
        let (mut parts, mut whole) = (Self::default(), Vec::new());
        for blocks in blocks.chunk_by(|one, other| one.number / BLOCKS == other.number / BLOCKS) {
            let number = blocks[0].number / BLOCKS;
            let selected: u64 = blocks.iter().map(|selected| selected.rows().count() as u64).sum();
            // Reading the rows that are missing has to take less time than reading those that are there.
            let summary = index.levels.of_segment(number);
            if summary.is_some_and(|summary| summary.rows < selected * 2) {
                whole.push(number);
                parts.rows.extend(missing(index.blocks_of(number), blocks));
            } else if index.begun.segment == number {
                parts.add_begun(index, blocks);
            } else {
                parts.rows.extend(blocks.iter().map(present));
            }
        }
        parts.summaries.extend(index.levels.about(&whole).into_iter().cloned());
        parts
    }

    /// Adds the selected blocks of the segment that has a summary of its first blocks only.
    fn add_begun(&mut self, index: &'a Index, blocks: &[Selected<'a>]) {
        let Begun { segment, blocks: counted, summary } = &index.begun;
        let (first, rest) = blocks.split_at(blocks.partition_point(|one| one.number % BLOCKS < *counted));
        let selected: u64 = first.iter().map(|one| one.rows().count() as u64).sum();
        if summary.rows < selected * 2 {
            self.summaries.push(Arc::clone(summary));
            self.rows.extend(missing(&index.blocks_of(*segment)[..*counted], first));
            self.rows.extend(rest.iter().map(present));
        } else {
            self.rows.extend(blocks.iter().map(present));
        }
    }
}

fn present<'a>(selected: &Selected<'a>) -> Rows<'a> {
    Rows { block: selected.block, rows: selected.rows.clone(), weight: 1 }
}

/// The rows that a segment's summary counts and that are not selected.
fn missing<'a>(segment: &'a [Arc<Block>], blocks: &[Selected<'a>]) -> impl Iterator<Item = Rows<'a>> {
    let selected: HashMap<usize, &Selected<'a>> =
        blocks.iter().map(|selected| (selected.number % BLOCKS, selected)).collect();
    segment.iter().enumerate().filter_map(move |(n, block)| {
        let rows = match selected.get(&n).map(|selected| selected.rows.as_ref()) {
            None => block.removed.as_ref().map(|_| Arc::new(block.appended())),
            Some(None) => Some(Arc::clone(block.removed.as_ref()?)),
            Some(Some(chosen)) => {
                let mut rows = block.appended();
                rows.remove(chosen);
                Some(Arc::new(rows))
            }
        };
        Some(Rows { block, rows, weight: -1 })
    })
}
