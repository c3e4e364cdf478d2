//! Sets of rows of one block.

/// Rows of a block.
pub(crate) const ROWS: usize = 65_536;
const WORDS: usize = ROWS / 64;

/// A set of row numbers below [`ROWS`], one bit each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bits(Box<[u64]>);

impl Default for Bits {
    fn default() -> Self {
        Self(vec![0; WORDS].into_boxed_slice())
    }
}

impl Bits {
    pub(crate) fn words(&self) -> &[u64] {
        &self.0
    }

    pub(crate) fn words_mut(&mut self) -> &mut [u64] {
        &mut self.0
    }

    pub(crate) fn insert(&mut self, row: usize) {
        self.0[row / 64] |= 1 << (row % 64);
    }

    pub(crate) fn take_out(&mut self, row: usize) {
        self.0[row / 64] &= !(1 << (row % 64));
    }

    pub(crate) fn contains(&self, row: usize) -> bool {
        self.0[row / 64] >> (row % 64) & 1 == 1
    }

    pub(crate) fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// How many rows are in both sets.
    pub(crate) fn count_common(&self, other: &Self) -> usize {
        self.0.iter().zip(&other.0).map(|(one, other)| (one & other).count_ones() as usize).sum()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(crate) fn keep(&mut self, other: &Self) {
        self.combine(other, |mine, other| mine & other);
    }

    pub(crate) fn remove(&mut self, other: &Self) {
        self.combine(other, |mine, other| mine & !other);
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.combine(other, |mine, other| mine | other);
    }

    fn combine(&mut self, other: &Self, how: impl Fn(u64, u64) -> u64) {
        for (mine, other) in self.0.iter_mut().zip(&other.0) {
            *mine = how(*mine, *other);
        }
    }

    /// The rows from `first` up to, but not with, `end`.
    pub(crate) fn between(first: usize, end: usize) -> Self {
        let below = |end: usize, word: usize| match end.saturating_sub(word * 64) {
            0 => 0,
            rest @ 1..64 => (1 << rest) - 1,
            _ => u64::MAX,
        };
        Self((0..WORDS).map(|word| below(end, word) & !below(first, word)).collect())
    }

    /// Calls `visit` with each row, in order. The rows of a full word need no test of their bits.
    pub(crate) fn each(&self, mut visit: impl FnMut(usize)) {
        for (index, word) in self.0.iter().enumerate() {
            if *word == u64::MAX {
                (index * 64..index * 64 + 64).for_each(&mut visit);
            } else {
                let mut rest = *word;
                while rest != 0 {
                    visit(index * 64 + rest.trailing_zeros() as usize);
                    rest &= rest - 1;
                }
            }
        }
    }

    /// Puts the numbers of the rows into a list, in order. Several columns that are read at the same rows go through
    /// the list faster than each through the bits.
    pub(crate) fn list(&self, into: &mut Vec<u16>) {
        into.clear();
        into.reserve(self.count());
        self.each(|row| into.push(row as u16));
    }

    /// The rows, in ascending or descending order.
    pub(crate) fn ordered(&self, descending: bool) -> impl Iterator<Item = usize> {
        (0..WORDS).flat_map(move |n| {
            let word = if descending { WORDS - 1 - n } else { n };
            let mut rest = self.0[word];
            std::iter::from_fn(move || {
                let bit = match (rest, descending) {
                    (0, _) => return None,
                    (_, false) => rest.trailing_zeros(),
                    (_, true) => 63 - rest.leading_zeros(),
                };
                rest &= !(1 << bit);
                Some(word * 64 + bit as usize)
            })
        })
    }
}

/// Makes a word of 64 bytes that are each 0 or 1. The product moves the eight bits of eight bytes into its highest
/// byte.
pub(crate) fn gathered(hits: &[u8; 64]) -> u64 {
    let mut word = 0;
    for (index, eight) in hits.as_chunks::<8>().0.iter().enumerate() {
        word |= (u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (index * 8);
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::btree_set, prelude::*};
    use std::collections::BTreeSet;

    fn of(rows: &BTreeSet<usize>) -> Bits {
        let mut bits = Bits::default();
        rows.iter().for_each(|row| bits.insert(*row));
        bits
    }

    proptest! {
        #[test]
        fn rows_are_visited_in_order(rows in btree_set(0..ROWS, 0..200)) {
            let bits = of(&rows);
            let mut visited = Vec::new();
            bits.each(|row| visited.push(row));
            prop_assert_eq!(&visited, &rows.iter().copied().collect::<Vec<_>>());
            prop_assert_eq!(&bits.ordered(false).collect::<Vec<_>>(), &visited);
            let mut list = vec![7];
            bits.list(&mut list);
            prop_assert_eq!(list.into_iter().map(usize::from).collect::<Vec<_>>(), &visited[..]);
            visited.reverse();
            prop_assert_eq!(bits.ordered(true).collect::<Vec<_>>(), visited);
            prop_assert_eq!(bits.count(), rows.len());
        }

        #[test]
        fn a_range_has_its_rows(first in 0..=ROWS, end in 0..=ROWS) {
            let bits = Bits::between(first, end);
            prop_assert_eq!(bits.count(), end.saturating_sub(first));
            prop_assert_eq!(bits.ordered(false).next(), (first < end).then_some(first));
        }

        #[test]
        fn bytes_become_the_bits_of_a_word(word: u64) {
            let hits = std::array::from_fn(|bit| (word >> bit & 1) as u8);
            prop_assert_eq!(gathered(&hits), word);
        }
    }
}
