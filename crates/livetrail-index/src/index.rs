//! The log as columns: what is appended, and where a question begins.

use crate::{
    bits::ROWS,
    block::Block,
    directory::NamedUsers,
    file::{Column, FormerTexts, Unreadable},
    levels::Levels,
    schema::{Coded, DICTIONARIES, Dictionaries},
    select::{RowTexts, SelectError, Selection, Tests},
    summary::Summary,
};
use livetrail_types::{Activity, Filter};
use std::{ops::RangeInclusive, sync::Arc};

/// Blocks of a segment, which has a summary.
pub(crate) const BLOCKS: usize = 16;

/// The columns of a log.
///
/// A clone is a snapshot: it costs some thousand reference counts, and does not see what is appended to the original.
/// Appending while a snapshot is alive copies the open block once (about 3 MB when it is nearly full). So a writer
/// never waits for questions.
#[derive(Clone, Debug, Default)]
pub struct Index {
    pub(crate) blocks: Vec<Arc<Block>>,
    /// The number of the first block.
    pub(crate) first: usize,
    pub(crate) levels: Levels,
    pub(crate) begun: Begun,
    pub(crate) dictionaries: Dictionaries,
    pub(crate) head: u64,
    pub(crate) former_texts: Option<FormerTexts>,
    /// Whether new blocks have the words of messages and details.
    pub(crate) has_words: bool,
}

/// The summary of the full blocks of the last segment, which has not all of its blocks yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Begun {
    pub(crate) segment: usize,
    /// How many of its first blocks the summary counts.
    pub(crate) blocks: usize,
    pub(crate) summary: Arc<Summary>,
}

/// Why activities were not appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// A position is not above the index's head. The activities before it are appended.
    #[error("position {position} is not above the head of the index, {head}")]
    OutOfOrder {
        /// The activity's position.
        position: u64,
        /// The last position of the index.
        head: u64,
    },
    /// A full segment could not be added up, because one of its files cannot be read. All activities are appended.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

impl Index {
    /// The index of a log that begins after `floor`; 0 for a whole log.
    #[must_use]
    pub fn new(floor: u64) -> Self {
        Self { first: floor as usize / ROWS, head: floor, ..Self::default() }
    }

    /// The same index, which has the words of messages and details, too. Files without them do not count.
    #[must_use]
    pub fn with_words(self) -> Self {
        Self { has_words: true, ..self }
    }

    /// The last position that is in the index.
    #[must_use]
    pub fn head(&self) -> u64 {
        self.head
    }

    /// How many activities it has.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.blocks.iter().map(|block| block.present.count() as u64).sum()
    }

    /// Whether it has no activity.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends activities, which come in the order of their positions. A position that is left out is a gap, which no
    /// question sees.
    ///
    /// # Errors
    /// [`AppendError`].
    pub fn append<'a>(
        &mut self,
        activities: impl IntoIterator<Item = &'a Activity>,
    ) -> Result<(), AppendError> {
        for activity in activities {
            let position = activity.position;
            if position <= self.head {
                return Err(AppendError::OutOfOrder { position, head: self.head });
            }
            self.fill(position - 1);
            // A block notes how many texts there are before those of its first row.
            self.open_block();
            let codes = self.dictionaries.codes(activity);
            let (user, tenant) = (codes[Coded::User as usize], codes[Coded::Tenant as usize]);
            let is_news = self.dictionaries.homes.note(user, tenant);
            let block = self.open_block();
            block.push(activity, codes);
            if is_news {
                block.homes.push((user, tenant));
            }
            self.seal_if_full();
            self.head = position;
        }
        Ok(self.sum_up()?)
    }

    /// Moves the head to `head` where it is behind: what lies between are gaps.
    ///
    /// # Errors
    /// As [`Index::append`].
    pub fn advance(&mut self, head: u64) -> Result<(), AppendError> {
        self.fill(head);
        self.head = self.head.max(head);
        Ok(self.sum_up()?)
    }

    fn fill(&mut self, head: u64) {
        // The first block begins before the floor unless the floor is the end of a block.
        while self.end() < head as usize {
            let missing = (head as usize).saturating_sub(self.end());
            let block = self.open_block();
            block.push_gaps((block.len + missing).min(ROWS));
            self.seal_if_full();
        }
    }

    /// How many rows come before the next one to append, from the first position of the log.
    fn end(&self) -> usize {
        let Some(last) = self.blocks.last() else { return self.first * ROWS };
        (self.end_block() - 1) * ROWS + last.len
    }

    pub(crate) fn end_block(&self) -> usize {
        self.first + self.blocks.len()
    }

    /// The block that the next row goes into.
    fn open_block(&mut self) -> &mut Block {
        if self.blocks.last().is_none_or(|block| block.is_full()) {
            let block = self.new_block(self.dictionaries.lens());
            self.blocks.push(Arc::new(block));
        }
        let last = self.blocks.len() - 1;
        Arc::make_mut(&mut self.blocks[last])
    }

    pub(crate) fn new_block(&self, texts_before: [u32; DICTIONARIES]) -> Block {
        Block { texts_before, words: self.has_words.then(Column::default), ..Block::default() }
    }

    fn seal_if_full(&mut self) {
        if let Some(block) = self.blocks.last_mut().filter(|block| block.is_full()) {
            *block = Arc::new(Arc::unwrap_or_clone(std::mem::take(block)).sealed());
        }
    }

    /// Adds up the full blocks that no summary counts.
    pub(crate) fn sum_up(&mut self) -> Result<(), Unreadable> {
        let is_open = self.blocks.last().is_some_and(|block| !block.is_full());
        let end = self.end_block() - usize::from(is_open);
        let first = self.first.div_ceil(BLOCKS);
        for segment in first..end / BLOCKS {
            if self.levels.of_segment(segment).is_none() {
                let summary = self.sum_of(segment, BLOCKS)?;
                self.levels.add(segment, summary)?;
            }
        }
        let (segment, blocks) = (end / BLOCKS, end % BLOCKS);
        if segment >= first && (self.begun.segment, self.begun.blocks) != (segment, blocks) {
            self.begun = Begun { segment, blocks, summary: self.sum_of(segment, blocks)? };
        }
        Ok(())
    }

    /// The summary of the first blocks of a segment. It goes on from what was added up before.
    fn sum_of(&self, segment: usize, blocks: usize) -> Result<Arc<Summary>, Unreadable> {
        let begun = &self.begun;
        let counted = if begun.segment == segment && begun.blocks <= blocks { begun.blocks } else { 0 };
        let rest = Summary::of(&self.blocks_of(segment)[counted..blocks])?;
        if counted == 0 {
            Ok(Arc::new(rest))
        } else {
            Ok(Arc::new(Summary::merged([&*begun.summary, &rest])?))
        }
    }

    /// The blocks of a segment that the index has.
    pub(crate) fn blocks_of(&self, segment: usize) -> &[Arc<Block>] {
        let index = |block: usize| block.saturating_sub(self.first).min(self.blocks.len());
        &self.blocks[index(segment * BLOCKS)..index((segment + 1) * BLOCKS)]
    }

    /// Takes a row out, which the log does not have any more.
    pub fn remove(&mut self, position: u64) {
        let row = (position as usize).wrapping_sub(1);
        let block = (row / ROWS).checked_sub(self.first).and_then(|index| self.blocks.get_mut(index));
        if let Some(block) = block.filter(|block| block.present.contains(row % ROWS)) {
            Arc::make_mut(block).remove(row % ROWS);
        }
    }

    /// Forgets the blocks that end at `floor` or before. Questions below the floor have to be kept away by their range.
    pub fn forget(&mut self, floor: u64) {
        let end = (floor as usize / ROWS).saturating_sub(self.first).min(self.blocks.len());
        self.blocks.drain(..end);
        self.first += end;
        self.levels.forget(self.first.div_ceil(BLOCKS));
        if self.blocks.is_empty() && floor > self.head {
            (self.first, self.head) = (floor as usize / ROWS, floor);
        }
        if self.begun.segment < self.first.div_ceil(BLOCKS) {
            self.begun = Begun::default();
        }
    }

    /// The blocks and their numbers.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (usize, &Block)> {
        (self.first..).zip(self.blocks.iter().map(|block| &**block))
    }

    /// What the index takes in memory apart from the cache of [`Pages`], in bytes.
    #[must_use]
    pub fn memory(&self) -> usize {
        let blocks: usize = self.blocks.iter().map(|block| block.memory()).sum();
        blocks + self.levels.memory() + self.begun.summary.memory() + self.dictionaries.memory()
    }

    /// The rows of a range of positions that a filter means.
    ///
    /// # Errors
    /// [`SelectError`].
    pub fn select<R: RowTexts>(
        &self,
        filter: &Filter,
        range: RangeInclusive<u64>,
        names: &NamedUsers,
        rows: &R,
    ) -> Result<Selection<'_>, SelectError<R::Error>> {
        let tests = Tests::of(self, filter, &range, names, rows)?;
        Ok(Selection::of(self, tests, range)?)
    }
}
