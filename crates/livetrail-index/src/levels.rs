//! Summaries of segments, and of sixteen of the level below.

use crate::summary::Summary;
use std::{collections::BTreeMap, sync::Arc};

/// How many summaries merge into one of the next level.
const MERGED: usize = 16;
/// Level 2 has the sums of 256 segments, 268 million rows: their counts fit into 32 bits.
const LEVELS: u32 = 3;

/// Summaries by level and number. Number n of level l is about the `16^l` segments from `n * 16^l` on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Levels(BTreeMap<(u32, usize), Arc<Summary>>);

impl Levels {
    /// Adds the summary of a segment, and those that it completes.
    pub(crate) fn add(&mut self, segment: usize, summary: Arc<Summary>) {
        let (mut number, mut summary) = (segment, summary);
        for level in 0..LEVELS {
            self.0.insert((level, number), summary);
            number /= MERGED;
            let parts: Vec<_> = (number * MERGED..(number + 1) * MERGED)
                .map_while(|part| self.0.get(&(level, part)).map(|part| &**part))
                .collect();
            if parts.len() < MERGED {
                return;
            }
            summary = Arc::new(Summary::merged(parts));
        }
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
        (3..600).for_each(|segment| levels.add(segment, of(1)));
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
