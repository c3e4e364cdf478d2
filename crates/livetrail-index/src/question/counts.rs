//! How many rows have each code of a column: what figures, facets and the percentile are made of.

use crate::{
    Selection,
    block::Block,
    file::Unreadable,
    schema::{Coded, duration_code},
};

/// Durations below this many milliseconds are counted in an array.
const DURATIONS: usize = 65_536;
/// So many counts that fit into no array are kept, at least, before equal codes are added up.
const LOOSE: usize = 1 << 20;

/// Codes in order, and how many rows have each.
pub(crate) type Counts = Vec<(u32, u64)>;

/// Counts of codes. It adds rows and takes rows away, so that a total and the few rows that do not belong to it give
/// the rest.
pub(crate) struct Counter {
    base: u32,
    /// Counts of the codes from `base` on. Sums wrap around on their way to a count of rows, of which there are fewer
    /// than 2^32. Half as many bytes stay in a processor's cache.
    dense: Vec<u32>,
    /// Counts of other codes, which may be there more than once.
    loose: Vec<(u32, i64)>,
    /// So many of them are added up.
    limit: usize,
}

impl Counter {
    /// For about so many rows of a column whose codes are at most `most`.
    pub(crate) fn of(column: Coded, most: u32, rows: u64) -> Self {
        let (base, width) = match column {
            Coded::Duration => (duration_code(0), DURATIONS),
            _ => (0, most as usize + 1),
        };
        // An array that is mostly empty costs more than it saves.
        let width = if rows < width as u64 / 16 { 0 } else { width };
        Self { base, dense: vec![0; width], loose: Vec::new(), limit: LOOSE }
    }

    /// Counts some rows of a block with a weight, which is 1 or -1.
    pub(crate) fn add(
        &mut self,
        column: Coded,
        block: &Block,
        rows: &[u16],
        weight: i64,
    ) -> Result<(), Unreadable> {
        // Local, so that the loop need not load where the array is for each row.
        let (base, dense, loose) = (self.base, self.dense.as_mut_slice(), &mut self.loose);
        block
            .codes(column)?
            .tally(rows, |code, count| add(base, dense, loose, code, i64::from(count) * weight));
        if self.loose.len() >= self.limit {
            self.loose = summed(std::mem::take(&mut self.loose));
            self.limit = LOOSE.max(2 * self.loose.len());
        }
        Ok(())
    }

    pub(crate) fn add_code(&mut self, code: u32, count: i64) {
        add(self.base, &mut self.dense, &mut self.loose, code, count);
    }

    /// The codes that occur, in order, without null.
    pub(crate) fn finish(self) -> Counts {
        let loose = summed(self.loose);
        let before = loose.partition_point(|(code, _)| *code < self.base);
        let dense = self.dense.into_iter().zip(self.base..).map(|(count, code)| (code, i64::from(count)));
        let all = loose[..before].iter().copied().chain(dense).chain(loose[before..].iter().copied());
        all.filter(|(code, count)| *code > 0 && *count > 0)
            .map(|(code, count)| (code, count as u64))
            .collect()
    }
}

fn add(base: u32, dense: &mut [u32], loose: &mut Vec<(u32, i64)>, code: u32, count: i64) {
    match dense.get_mut(code.wrapping_sub(base) as usize) {
        Some(sum) => *sum = sum.wrapping_add(count as u32),
        None if code == 0 => {}
        None => loose.push((code, count)),
    }
}

fn summed(mut counts: Vec<(u32, i64)>) -> Vec<(u32, i64)> {
    counts.sort_unstable_by_key(|(code, _)| *code);
    counts.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        if is_same {
            kept.1 += next.1;
        }
        is_same
    });
    counts
}

impl Selection<'_> {
    /// For each column, the codes that occur, in order and without null, and how many rows have each.
    pub(crate) fn counts<const N: usize>(&self, columns: [Coded; N]) -> Result<[Counts; N], Unreadable> {
        let mut counts = self.counts_of(&columns)?.into_iter();
        Ok(columns.map(|_| counts.next().unwrap_or_default()))
    }

    /// The same for a list of columns. One pass goes through the blocks, so that the rows of each are listed once.
    pub(crate) fn counts_of(&self, columns: &[Coded]) -> Result<Vec<Counts>, Unreadable> {
        let count = self.count();
        let counter = |column: &Coded| (*column, Counter::of(*column, self.largest(*column), count));
        let (mut counters, mut rows): (Vec<_>, _) = (columns.iter().map(counter).collect(), Vec::new());
        for part in &self.parts.rows {
            part.rows().list(&mut rows);
            for (column, counter) in &mut counters {
                counter.add(*column, part.block, &rows, part.weight)?;
            }
        }
        for summary in &self.parts.summaries {
            for (column, counter) in &mut counters {
                for (code, count) in &summary.counts[*column as usize].get()?.0 {
                    counter.add_code(*code, i64::from(*count));
                }
            }
        }
        Ok(counters.into_iter().map(|(_, counter)| counter.finish()).collect())
    }

    fn largest(&self, column: Coded) -> u32 {
        let bounds = self.index.blocks().filter_map(|(_, block)| block.zone(column).bounds());
        bounds.map(|(_, most)| most).max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*, sample::select};
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn counts_are_sums_in_the_order_of_codes(
            codes in vec((select(vec![0_u32, 1, 7, 300, 1 << 31, (1 << 31) + 5, u32::MAX]), 1_i64..3), 0..60),
            column in select(vec![Coded::User, Coded::Duration]), rows in select(vec![0, 1_000_000]),
        ) {
            let mut counter = Counter::of(column, 400, rows);
            let mut expected = BTreeMap::<u32, u64>::new();
            for (code, count) in codes {
                counter.add_code(code, count);
                if code > 0 {
                    *expected.entry(code).or_default() += count as u64;
                }
            }
            prop_assert_eq!(counter.finish(), expected.into_iter().collect::<Vec<_>>());
        }
    }
}
