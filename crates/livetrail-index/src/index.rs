//! The log as columns: what is appended, and where a question begins.

use crate::{
    bits::ROWS,
    block::Block,
    directory::NamedUsers,
    file::{File, FormerTexts, Pages, Unreadable, Unsaved},
    levels::Levels,
    schema::{Coded, DICTIONARIES, Dictionaries},
    select::{RowTexts, SelectError, Selection, Tests},
    summary::Summary,
};
use livetrail_types::{Activity, Epoch, Filter};
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
    former_texts: Option<FormerTexts>,
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

    /// The index of a log that begins after `floor`, from the files that it was saved in: as many of its first blocks as
    /// there are files for. What follows has to be appended.
    #[must_use]
    pub fn open(pages: &Arc<Pages>, epoch: Epoch, floor: u64) -> Self {
        let mut index = Self::begin(pages, epoch, floor);
        while let Some(block) = Block::open(pages, index.end_block(), epoch, &mut index.dictionaries) {
            index.blocks.push(Arc::new(block));
        }
        let end = index.end_block();
        index.levels = Levels::open(pages, epoch, index.first.div_ceil(BLOCKS), end / BLOCKS);
        index.head = index.head.max((end * ROWS) as u64);
        index.forget(floor);
        // What cannot be read now is tried again with the next activities.
        let _ = index.sum_up();
        index
    }

    /// The index before the first block that there is a file of.
    fn begin(pages: &Arc<Pages>, epoch: Epoch, floor: u64) -> Self {
        let begin = match pages.first_block() {
            Some((first, true)) => {
                let texts = FormerTexts::open(pages, first, epoch);
                texts.map(|(texts, dictionaries)| (first, dictionaries, Some(texts)))
            }
            Some((first, false)) => Some((first, Dictionaries::default(), None)),
            None => None,
        };
        // The files may begin before the floor, which moves while no index is open, but not after it.
        match begin.filter(|(first, ..)| *first <= floor as usize / ROWS) {
            Some((first, dictionaries, former_texts)) => {
                Self { first, dictionaries, former_texts, ..Self::default() }
            }
            None => Self::new(floor),
        }
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

    fn end_block(&self) -> usize {
        self.first + self.blocks.len()
    }

    /// The block that the next row goes into.
    fn open_block(&mut self) -> &mut Block {
        if self.blocks.last().is_none_or(|block| block.is_full()) {
            let texts_before = self.dictionaries.lens();
            self.blocks.push(Arc::new(Block { texts_before, ..Block::default() }));
        }
        let last = self.blocks.len() - 1;
        Arc::make_mut(&mut self.blocks[last])
    }

    fn seal_if_full(&mut self) {
        if let Some(block) = self.blocks.last_mut().filter(|block| block.is_full()) {
            *block = Arc::new(Arc::unwrap_or_clone(std::mem::take(block)).sealed());
        }
    }

    /// Adds up the full blocks that no summary counts.
    fn sum_up(&mut self) -> Result<(), Unreadable> {
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

    /// A full block or a summary that is in no file yet, as the content of its file. `epoch` is that of the log.
    #[must_use]
    pub fn unsaved(&self, epoch: Epoch) -> Option<Unsaved> {
        // A block cannot be read without the texts that came before it, so they come first.
        let of_texts = self
            .texts_to_save()
            .map(|(first, texts)| FormerTexts::unsaved(&self.dictionaries, first, epoch, texts));
        let in_blocks = || {
            self.blocks.iter().enumerate().filter(|(_, block)| block.is_full()).find_map(|(n, block)| {
                let texts_after =
                    self.blocks.get(n + 1).map_or(self.dictionaries.lens(), |next| next.texts_before);
                block.unsaved(self.first + n, epoch, &self.dictionaries, texts_after)
            })
        };
        of_texts.or_else(in_blocks).or_else(|| self.levels.unsaved(epoch))
    }

    /// The first block, and how many texts came before it, where these are in no file.
    fn texts_to_save(&self) -> Option<(usize, [u32; DICTIONARIES])> {
        let texts = self.blocks.first()?.texts_before;
        let is_saved = self.former_texts.as_ref().is_some_and(|saved| saved.first == self.first);
        (texts != [0; DICTIONARIES] && !is_saved).then_some((self.first, texts))
    }

    /// Whether a file is part of the index, as far as its name says.
    #[must_use]
    pub fn needs(&self, file: File) -> bool {
        match file {
            File::Block(number) => number as usize >= self.first,
            File::Summary { .. } => *Self::positions_of(file).start() > (self.first * ROWS) as u64,
            File::Texts(number) => {
                self.former_texts.as_ref().is_some_and(|saved| saved.first == number as usize)
            }
        }
    }

    /// Notes that the caller has written a file. From now on its parts are read when they are needed.
    pub fn saved(&mut self, unsaved: &Unsaved, pages: &Arc<Pages>) {
        match unsaved.file {
            File::Block(number) => {
                let index = (number as usize).checked_sub(self.first);
                if let Some(block) = index.and_then(|index| self.blocks.get_mut(index)) {
                    *block = Arc::new(block.saved(unsaved, pages));
                }
            }
            File::Summary { level, number } => self.levels.saved(level, number as usize, unsaved, pages),
            File::Texts(number) => {
                self.former_texts = FormerTexts::saved(number as usize, unsaved, pages);
            }
        }
    }

    /// The positions that a file is about. Appending them again to an index that ends before them makes the file anew.
    #[must_use]
    pub fn positions_of(file: File) -> RangeInclusive<u64> {
        let (first, blocks) = match file {
            File::Block(number) => (number, 1),
            File::Texts(number) => (0, number),
            File::Summary { level, number } => {
                let blocks = BLOCKS as u64 * 16_u64.pow(level.min(8));
                (number.saturating_mul(blocks), blocks)
            }
        };
        let rows = ROWS as u64;
        first.saturating_mul(rows) + 1..=first.saturating_add(blocks).saturating_mul(rows)
    }

    /// Makes a block anew whose file cannot be read, from the activities of its positions that the log has.
    pub fn mend(&mut self, number: u64, activities: &[Activity]) {
        let Some(index) = (number as usize).checked_sub(self.first) else { return };
        let Some(damaged) = self.blocks.get(index).filter(|block| block.is_full()) else { return };
        let Block { texts_before, ref homes, .. } = **damaged;
        let mut block = Block { texts_before, homes: homes.clone(), ..Block::default() };
        for activity in activities
            .iter()
            .filter(|activity| Self::positions_of(File::Block(number)).contains(&activity.position))
        {
            block.push_gaps(((activity.position - 1) as usize) % ROWS);
            let codes = self.dictionaries.codes(activity);
            block.push(activity, codes);
        }
        block.push_gaps(ROWS);
        self.blocks[index] = Arc::new(block.sealed());
        self.forget_sums_of(number as usize / BLOCKS);
    }

    fn forget_sums_of(&mut self, segment: usize) {
        self.levels.forget_about(segment);
        if self.begun.segment == segment {
            self.begun = Begun::default();
        }
    }

    /// The files whose content is not what was written. It reads all of them.
    #[must_use]
    pub fn damaged(&self) -> Vec<File> {
        let blocks = self.blocks.iter().map(|block| block.verify());
        let summaries = self.levels.all().map(|summary| summary.verify());
        let texts = self.former_texts.iter().map(FormerTexts::verify);
        blocks
            .chain(summaries)
            .chain(texts)
            .filter_map(Result::err)
            .map(|unreadable| unreadable.file)
            .collect()
    }

    /// Has the file of the texts of former blocks made again.
    pub fn forget_texts(&mut self) {
        self.former_texts = None;
    }

    /// Forgets a summary whose file cannot be read. It is made again with the next activity.
    pub fn forget_summary(&mut self, level: u32, number: u64) {
        self.forget_sums_of((number as usize).saturating_mul(16_usize.pow(level.min(8))));
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
