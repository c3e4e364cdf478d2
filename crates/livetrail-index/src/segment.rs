//! Up to 1,048,576 positions: sixteen blocks, and the texts that occur in them for the first time.

use crate::{block::Block, schema::DICTIONARIES, summary::Summary};
use std::sync::Arc;

/// Blocks of a segment.
pub(crate) const BLOCKS: usize = 16;

/// A segment. The last one is open: rows are appended to its last block.
#[derive(Clone, Debug, Default)]
pub(crate) struct Segment {
    pub(crate) blocks: Vec<Arc<Block>>,
    /// How many texts each dictionary had before the segment.
    pub(crate) texts_before: [u32; DICTIONARIES],
    /// What its rows add up to, once it is full.
    pub(crate) summary: Option<Arc<Summary>>,
}

impl Segment {
    pub(crate) fn is_full(&self) -> bool {
        self.blocks.len() == BLOCKS && self.blocks.last().is_some_and(|block| block.is_full())
    }
}
