//! The log as columns: what is appended, and where a question begins.

use crate::{
    bits::ROWS,
    block::Block,
    directory::Profiles,
    levels::Levels,
    schema::Dictionaries,
    segment::{BLOCKS, Segment},
    select::{RowTexts, SelectError, Selection, Tests},
    summary::Summary,
};
use livetrail_types::{Activity, Filter};
use std::{ops::RangeInclusive, sync::Arc};

/// The columns of a log.
///
/// A clone is a snapshot: it costs some thousand reference counts, and does not see what is appended to the original.
/// Appending while a snapshot is alive copies the open block once (about 3 MB when it is nearly full). So a writer
/// never waits for questions.
#[derive(Clone, Debug, Default)]
pub struct Index {
    pub(crate) segments: Vec<Arc<Segment>>,
    /// The number of the first segment.
    pub(crate) first: usize,
    pub(crate) levels: Levels,
    pub(crate) dictionaries: Dictionaries,
    pub(crate) head: u64,
}

/// An activity whose position is not above the index's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("position {position} is not above the head of the index, {head}")]
pub struct OutOfOrder {
    /// The activity's position.
    pub position: u64,
    /// The last position of the index.
    pub head: u64,
}

impl Index {
    /// The index of a log that begins after `floor`; 0 for a whole log.
    #[must_use]
    pub fn new(floor: u64) -> Self {
        Self { first: floor as usize / (ROWS * BLOCKS), head: floor, ..Self::default() }
    }

    /// The last position that is in the index.
    #[must_use]
    pub fn head(&self) -> u64 {
        self.head
    }

    /// Appends activities, which come in the order of their positions. A position that is left out is a gap, which no
    /// question sees.
    ///
    /// # Errors
    /// [`OutOfOrder`] for an activity that is not above the head. Those before it are appended.
    pub fn append<'a>(
        &mut self,
        activities: impl IntoIterator<Item = &'a Activity>,
    ) -> Result<(), OutOfOrder> {
        for activity in activities {
            let position = activity.position;
            if position <= self.head {
                return Err(OutOfOrder { position, head: self.head });
            }
            self.advance(position - 1);
            // A segment notes how many texts there are before those of its first row.
            self.open_block();
            let codes = self.dictionaries.codes(activity);
            self.open_block().push(activity, codes);
            self.seal_if_full();
            self.head = position;
        }
        Ok(())
    }

    /// Moves the head to `head` where it is behind: what lies between are gaps.
    pub fn advance(&mut self, head: u64) {
        // The first segment begins before the floor unless the floor is the end of a segment.
        while self.end() < head as usize {
            let block = self.open_block();
            let missing = ROWS - block.len;
            let len = block.len;
            let wanted = (head as usize).saturating_sub(self.end());
            self.open_block().push_gaps(len + missing.min(wanted));
            self.seal_if_full();
        }
        self.head = self.head.max(head);
    }

    /// How many rows come before the next one to append, from the first position of the log.
    fn end(&self) -> usize {
        let before = (self.first + self.segments.len().saturating_sub(1)) * BLOCKS * ROWS;
        let Some(last) = self.segments.last() else { return self.first * BLOCKS * ROWS };
        before + last.blocks.iter().map(|block| block.len).sum::<usize>()
    }

    /// The block that the next row goes into.
    fn open_block(&mut self) -> &mut Block {
        if self.segments.last().is_none_or(|segment| segment.is_full()) {
            let texts_before = self.dictionaries.lens();
            self.segments.push(Arc::new(Segment { texts_before, ..Segment::default() }));
        }
        let last = self.segments.len() - 1;
        let segment = Arc::make_mut(&mut self.segments[last]);
        if segment.blocks.last().is_none_or(|block| block.is_full()) {
            segment.blocks.push(Arc::default());
        }
        let last = segment.blocks.len() - 1;
        Arc::make_mut(&mut segment.blocks[last])
    }

    fn seal_if_full(&mut self) {
        let Some(segment) = self.segments.last_mut() else { return };
        let segment = Arc::make_mut(segment);
        if let Some(block) = segment.blocks.last_mut().filter(|block| block.is_full()) {
            *block = Arc::new(block.sealed());
        }
        self.sum_up_if_full();
    }

    /// Adds a segment that was restored.
    pub(crate) fn put(&mut self, number: usize, segment: Segment) {
        if self.segments.is_empty() {
            self.first = number;
        }
        self.segments.push(Arc::new(segment));
        self.head = self.end() as u64;
        self.sum_up_if_full();
    }

    fn sum_up_if_full(&mut self) {
        let number = self.first + self.segments.len() - 1;
        let Some(segment) = self.segments.last_mut().map(Arc::make_mut) else { return };
        if segment.is_full() && segment.summary.is_none() {
            let summary = Arc::new(Summary::of(&segment.blocks));
            segment.summary = Some(Arc::clone(&summary));
            self.levels.add(number, summary);
        }
    }

    /// Forgets the segments that end at `floor` or before. Questions below the floor have to be kept away by their
    /// range.
    pub fn forget(&mut self, floor: u64) {
        let end = (floor as usize / (ROWS * BLOCKS)).saturating_sub(self.first).min(self.segments.len());
        self.segments.drain(..end);
        self.first += end;
        self.levels.forget(self.first);
        if self.segments.is_empty() && floor > self.head {
            (self.first, self.head) = (floor as usize / (ROWS * BLOCKS), floor);
        }
    }

    /// The blocks and their numbers.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (usize, &Block)> {
        let numbered = (self.first..).zip(&self.segments);
        numbered.flat_map(|(n, segment)| (n * BLOCKS..).zip(segment.blocks.iter().map(|block| &**block)))
    }

    /// What columns and summaries take in memory, in bytes. Dictionaries come on top.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.blocks().map(|(_, block)| block.memory()).sum::<usize>() + self.levels.memory()
    }

    /// The rows of a range of positions that a filter means.
    ///
    /// # Errors
    /// [`SelectError::Words`] for a filter that searches in messages and details, which are in no column;
    /// [`SelectError::Rows`] when a row could not be looked at.
    pub fn select<R: RowTexts>(
        &self,
        filter: &Filter,
        range: RangeInclusive<u64>,
        profiles: &Profiles,
        rows: &R,
    ) -> Result<Selection<'_>, SelectError<R::Error>> {
        let tests = Tests::of(self, filter, &range, profiles, rows)?;
        Ok(Selection::of(self, tests, range))
    }
}
