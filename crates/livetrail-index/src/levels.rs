//! Summaries of segments, and of sixteen of the level below.

use crate::{
    file::{File, Pages, Unreadable, Unsaved},
    summary::Summary,
};
use livetrail_types::Epoch;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// How many summaries merge into one of the next level.
const MERGED: usize = 16;
/// Level 2 has the sums of 256 segments, 268 million rows: their counts fit into 32 bits.
const LEVELS: u32 = 3;

/// Summaries by level and number. Number n of level l is about the `16^l` segments from `n * 16^l` on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Levels(BTreeMap<(u32, usize), Arc<Summary>>);

impl Levels {
    /// Adds the summary of a segment, and those that it completes.
    pub(crate) fn add(&mut self, segment: usize, summary: Arc<Summary>) -> Result<(), Unreadable> {
        self.0.insert((0, segment), summary);
        for level in 1..LEVELS {
            let numbers: BTreeSet<usize> =
                self.0.range((level - 1, 0)..(level, 0)).map(|((_, part), _)| part / MERGED).collect();
            for number in numbers {
                self.merge(level, number)?;
            }
        }
        Ok(())
    }

    /// Merges the sixteen parts of a summary, unless one of them is missing or it is there.
    fn merge(&mut self, level: u32, number: usize) -> Result<(), Unreadable> {
        let parts: Vec<_> = (number * MERGED..(number + 1) * MERGED)
            .map_while(|part| self.0.get(&(level - 1, part)).map(|part| &**part))
            .collect();
        if parts.len() == MERGED && !self.0.contains_key(&(level, number)) {
            let merged = Arc::new(Summary::merged(parts)?);
            self.0.insert((level, number), merged);
        }
        Ok(())
    }

    /// Reads the summaries that files have about segments from `first` up to, but not with, `end`.
    pub(crate) fn open(pages: &Arc<Pages>, epoch: Epoch, first: usize, end: usize) -> Self {
        let mut levels = Self::default();
        for level in 0..LEVELS {
            let count = MERGED.pow(level);
            for number in first.div_ceil(count)..end / count {
                let file = File::Summary { level, number: number as u64 };
                if let Some(summary) = Summary::open(pages, file, epoch) {
                    levels.0.insert((level, number), Arc::new(summary));
                }
            }
        }
        levels
    }

    pub(crate) fn of_segment(&self, segment: usize) -> Option<&Arc<Summary>> {
        self.0.get(&(0, segment))
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Summary>> {
        self.0.values()
    }

    /// A summary that is in no file yet.
    pub(crate) fn unsaved(&self, epoch: Epoch) -> Option<Unsaved> {
        self.0.iter().find_map(|((level, number), summary)| {
            summary.unsaved(File::Summary { level: *level, number: *number as u64 }, epoch)
        })
    }

    pub(crate) fn saved(&mut self, level: u32, number: usize, unsaved: &Unsaved, pages: &Arc<Pages>) {
        if let Some(summary) = self.0.get_mut(&(level, number)) {
            *summary = Arc::new(summary.saved(unsaved, pages));
        }
    }

    /// Forgets the summaries that are about a segment.
    pub(crate) fn forget_about(&mut self, segment: usize) {
        (0..LEVELS).for_each(|level| {
            self.0.remove(&(level, segment / MERGED.pow(level)));
        });
    }

    /// Forgets what is about segments before `first`.
    pub(crate) fn forget(&mut self, first: usize) {
        self.0.retain(|(level, number), _| number * MERGED.pow(*level) >= first);
    }

    /// The fewest summaries that are about all of some segments, which are in order, and about no other.
    pub(crate) fn about(&self, segments: &[usize]) -> Vec<&Arc<Summary>> {
        let (mut found, mut rest) = (Vec::new(), segments);
        while let Some(first) = rest.first() {
            let (summary, count) = self.largest(*first, rest);
            found.extend(summary);
            rest = &rest[count..];
        }
        found
    }

    /// The largest summary that begins with a segment and is about it and those that follow in a list.
    fn largest(&self, first: usize, list: &[usize]) -> (Option<&Arc<Summary>>, usize) {
        for level in (0..LEVELS).rev() {
            let count = MERGED.pow(level);
            let is_in_list = first.is_multiple_of(count) && list.get(count - 1) == Some(&(first + count - 1));
            if let Some(summary) = self.0.get(&(level, first / count)).filter(|_| is_in_list) {
                return (Some(summary), count);
            }
        }
        (None, 1)
    }

    pub(crate) fn memory(&self) -> usize {
        self.0.values().map(|summary| summary.memory()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: u64) -> Arc<Summary> {
        Arc::new(Summary { rows, ..Summary::default() })
    }

    fn rows(levels: &Levels, segments: &[usize]) -> Vec<u64> {
        levels.about(segments).iter().map(|summary| summary.rows).collect()
    }

    #[test]
    fn a_question_about_many_segments_reads_few_summaries() {
        let mut levels = Levels::default();
        (3..600).for_each(|segment| levels.add(segment, of(1)).expect("in memory"));
        let all: Vec<usize> = (3..600).collect();
        let found = rows(&levels, &all);
        // The second 256 segments are one summary. Their neighbours are of the first level.
        assert_eq!(found.iter().filter(|rows| **rows == 256).count(), 1);
        assert_eq!(found.iter().filter(|rows| **rows == 16).count(), 15 + 5);
        assert_eq!(found.iter().sum::<u64>(), 597);
        let with_a_hole: Vec<usize> = (256..512).filter(|segment| *segment != 300).collect();
        assert_eq!(rows(&levels, &with_a_hole).iter().sum::<u64>(), 255);
        levels.forget(300);
        assert_eq!(rows(&levels, &all[297..]).iter().sum::<u64>(), 300);
    }
}
