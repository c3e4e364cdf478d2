//! The files of an index: what is saved, read, and made again.

use crate::{
    bits::ROWS,
    block::Block,
    file::{File, FormerTexts, Pages, Unsaved},
    index::{BLOCKS, Begun, Index},
    levels::Levels,
    schema::{DICTIONARIES, Dictionaries},
};
use livetrail_types::{Activity, Epoch};
use std::{ops::RangeInclusive, sync::Arc};

impl Index {
    /// The index of a log that begins after `floor`, from the files that it was saved in: as many of its first blocks
    /// as there are files for. What follows has to be appended.
    #[must_use]
    pub fn open(pages: &Arc<Pages>, epoch: Epoch, floor: u64) -> Self {
        Self::new(floor).opened(pages, epoch)
    }

    /// The same index, to which the blocks in files were added. It had none before.
    #[must_use]
    pub fn opened(self, pages: &Arc<Pages>, epoch: Epoch) -> Self {
        let Self { has_words, head: floor, .. } = self;
        let mut index = Self { has_words, ..Self::begin(pages, epoch, floor) };
        while let Some(block) =
            Block::open(pages, index.end_block(), epoch, &mut index.dictionaries, has_words)
        {
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

    /// Whether a file is part of the index, as far as its name says. Others have to be removed before the index grows:
    /// what they have of later positions may be of another time.
    #[must_use]
    pub fn needs(&self, file: File) -> bool {
        let is_open = self.blocks.last().is_some_and(|block| !block.is_full());
        let full = self.first..self.end_block() - usize::from(is_open);
        match file {
            File::Block(number) => full.contains(&(number as usize)),
            File::Summary { .. } => {
                let positions = Self::positions_of(file);
                *positions.start() > (full.start * ROWS) as u64
                    && *positions.end() <= (full.end * ROWS) as u64
            }
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
        let mut block = Block { homes: homes.clone(), ..self.new_block(texts_before) };
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
}
