//! Numbers in cells that are as wide as the largest of them needs: one, two or four bytes.
//!
//! Cells of whole bytes cost more memory than packed bits, but a comparison of 64 of them is a few vector instructions.

use crate::bits::{Bits, gathered};

#[derive(Clone, Debug)]
pub(crate) enum Packed {
    /// The same number in so many cells.
    Same(u32, usize),
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
}

/// Runs an expression with the cells, whose type depends on their width.
macro_rules! with_cells {
    ($packed:expr, $cells:ident => $run:expr, $same:ident, $len:ident => $otherwise:expr) => {
        match $packed {
            Packed::Same($same, $len) => $otherwise,
            Packed::U8($cells) => $run,
            Packed::U16($cells) => $run,
            Packed::U32($cells) => $run,
        }
    };
}

impl Default for Packed {
    fn default() -> Self {
        Self::U32(Vec::new())
    }
}

impl Packed {
    /// Adds a number. Only the widest cells, which [`Packed::default`] has, can grow.
    pub(crate) fn push(&mut self, number: u32) {
        if let Self::U32(cells) = self {
            cells.push(number);
        }
    }

    /// What the cells take, in bytes.
    pub(crate) fn memory(&self) -> usize {
        with_cells!(self, cells => std::mem::size_of_val(cells.as_slice()), _same, _len => 0)
    }

    pub(crate) fn of(numbers: &[u32]) -> Self {
        let first = numbers.first().copied().unwrap_or_default();
        let most = numbers.iter().copied().max().unwrap_or_default();
        match most {
            _ if numbers.iter().all(|number| *number == first) => Self::Same(first, numbers.len()),
            0..=0xff => Self::U8(numbers.iter().map(|number| *number as u8).collect()),
            0x100..=0xffff => Self::U16(numbers.iter().map(|number| *number as u16).collect()),
            _ => Self::U32(numbers.to_vec()),
        }
    }

    /// The largest number; 0 where there are no cells.
    pub(crate) fn most(&self) -> u32 {
        with_cells!(self, cells => cells.iter().copied().max().map_or(0, wide), same, _len => *same)
    }

    pub(crate) fn len(&self) -> usize {
        with_cells!(self, cells => cells.len(), _same, len => *len)
    }

    pub(crate) fn get(&self, row: usize) -> u32 {
        with_cells!(self, cells => wide(cells[row]), same, _len => *same)
    }

    pub(crate) fn to_vec(&self) -> Vec<u32> {
        with_cells!(self, cells => cells.iter().map(|cell| wide(*cell)).collect(), same, len => vec![*same; *len])
    }

    /// Calls `visit` with each row of `rows` and its number.
    pub(crate) fn each(&self, rows: &Bits, mut visit: impl FnMut(usize, u32)) {
        with_cells!(
            self,
            cells => {
                let cells = cells.as_slice();
                rows.each(|row| visit(row, wide(cells[row])));
            },
            same, _len => rows.each(|row| visit(row, *same))
        );
    }

    /// Calls `add` with each number of some rows and how many rows have it. A number may come in several parts.
    pub(crate) fn tally(&self, rows: &[u16], mut add: impl FnMut(u32, u32)) {
        match self {
            _ if rows.is_empty() => {}
            Self::Same(same, _) => add(*same, rows.len() as u32),
            Self::U8(cells) if rows.len() >= WORTH_SUMMING => {
                let sums = summed(cells, rows);
                sums.into_iter()
                    .zip(0..)
                    .filter(|(count, _)| *count > 0)
                    .for_each(|(count, number)| add(number, count));
            }
            Self::U8(cells) => rows.iter().for_each(|row| add(wide(cells[usize::from(*row)]), 1)),
            Self::U16(cells) => rows.iter().for_each(|row| add(wide(cells[usize::from(*row)]), 1)),
            Self::U32(cells) => rows.iter().for_each(|row| add(cells[usize::from(*row)], 1)),
        }
    }

    /// Keeps those of `rows` whose number lies, or does not lie, between two (both included).
    pub(crate) fn keep_range(&self, first: u32, last: u32, negated: bool, rows: &mut Bits) {
        match self {
            Self::Same(same, _) => {
                if (first..=last).contains(same) == negated {
                    *rows = Bits::default();
                }
            }
            Self::U8(cells) => keep_range(cells, first, last, negated, rows),
            Self::U16(cells) => keep_range(cells, first, last, negated, rows),
            Self::U32(cells) => keep_range(cells, first, last, negated, rows),
        }
    }

    /// Keeps those of `rows` whose number is, or is not, a member of a set. 0 never is; the number n stands for the
    /// member `base + n - 1`. The set has a bit for each member.
    pub(crate) fn keep_members(&self, set: &[u64], base: u32, negated: bool, rows: &mut Bits) {
        let is_member = |number: u32| {
            let member = (base as usize + number as usize).wrapping_sub(1);
            number > 0 && set.get(member / 64).is_some_and(|word| word >> (member % 64) & 1 == 1)
        };
        match self {
            Self::Same(same, _) => {
                if is_member(*same) == negated {
                    *rows = Bits::default();
                }
            }
            Self::U8(cells) => match few(set, base, u8::MAX) {
                Some(numbers) => keep_few(cells, &numbers, negated, rows),
                None => {
                    let table: [bool; 256] = std::array::from_fn(|number| is_member(number as u32));
                    keep(cells, |cell| table[usize::from(cell)], negated, rows);
                }
            },
            Self::U16(cells) => match few(set, base, u16::MAX) {
                Some(numbers) => keep_few(cells, &numbers, negated, rows),
                None => {
                    let members = members_of_two_bytes(set, base);
                    let has = |cell: u16| members[usize::from(cell >> 6)] >> (cell & 63) & 1 == 1;
                    keep(cells, has, negated, rows);
                }
            },
            Self::U32(cells) => keep(cells, is_member, negated, rows),
        }
    }
}

/// So many rows are counted faster in sums of their own.
const WORTH_SUMMING: usize = 512;

/// How many rows have each number of one byte. Neighbours often have the same number, and a processor waits when it
/// adds to a sum that it has just written, so four rows in sequence have sums of their own.
fn summed(cells: &[u8], rows: &[u16]) -> [u32; 256] {
    let (mut sums, (fours, rest)) = ([[0_u32; 256]; 4], rows.as_chunks::<4>());
    for four in fours {
        for (sums, row) in sums.iter_mut().zip(four) {
            sums[usize::from(cells[usize::from(*row)])] += 1;
        }
    }
    for row in rest {
        sums[0][usize::from(cells[usize::from(*row)])] += 1;
    }
    std::array::from_fn(|number| sums.iter().map(|sums| sums[number]).sum())
}

/// A bit for each number of two bytes: whether it stands for a member of a set. So a look at a number needs no bounds.
fn members_of_two_bytes(set: &[u64], base: u32) -> [u64; 1_024] {
    let word = |index: usize| set.get(index).copied().unwrap_or_default();
    let mut members = std::array::from_fn(|n| {
        let member = base as usize - 1 + n * 64;
        let (index, shift) = (member / 64, member % 64);
        word(index) >> shift | word(index + 1).checked_shl(64 - shift as u32).unwrap_or_default()
    });
    // 0 stands for no member.
    members[0] &= !1;
    members
}

/// So many comparisons take less time than a look into a set.
const FEW: usize = 8;

/// The numbers up to `most` that stand for members of a set, as [`Packed::keep_members`] says, where there are only a
/// few.
fn few<T: Into<u32> + TryFrom<u32>>(set: &[u64], base: u32, most: T) -> Option<Vec<T>> {
    let (first, end) = (base as usize, base as usize + most.into() as usize);
    let words = set.iter().enumerate().take(end.div_ceil(64)).skip(first / 64);
    let mut found = Vec::new();
    for (index, word) in words.filter(|(_, word)| **word != 0) {
        let members = (0..64).filter(|bit| word >> bit & 1 == 1).map(|bit| index * 64 + bit);
        let numbers = members.filter(|member| (first..end).contains(member)).map(|member| member - first + 1);
        found.extend(numbers.filter_map(|number| T::try_from(number as u32).ok()));
        if found.len() > FEW {
            return None;
        }
    }
    Some(found)
}

fn keep_few<T: Copy + PartialEq>(cells: &[T], numbers: &[T], negated: bool, rows: &mut Bits) {
    match numbers.first() {
        Some(first) => {
            let numbers: [T; FEW] = std::array::from_fn(|n| *numbers.get(n).unwrap_or(first));
            // All are compared: a loop that may end early is not turned into vector instructions.
            let is_one = |cell| numbers.iter().fold(false, |found, number| found | (*number == cell));
            keep(cells, is_one, negated, rows);
        }
        None if negated => {}
        None => *rows = Bits::default(),
    }
}

fn wide(cell: impl Into<u32>) -> u32 {
    cell.into()
}

fn keep_range<T: Copy + Ord + TryFrom<u32>>(
    cells: &[T],
    first: u32,
    last: u32,
    negated: bool,
    rows: &mut Bits,
) {
    let Ok(first) = T::try_from(first) else {
        // Beyond every number that a cell of this width can hold.
        if !negated {
            *rows = Bits::default();
        }
        return;
    };
    match T::try_from(last) {
        Ok(last) if first == last => keep(cells, |cell| cell == first, negated, rows),
        Ok(last) => keep(cells, |cell| first <= cell && cell <= last, negated, rows),
        Err(_) => keep(cells, |cell| first <= cell, negated, rows),
    }
}

/// Tests 64 cells at once, whether their rows are in the set or not.
fn keep<T: Copy>(cells: &[T], holds: impl Fn(T) -> bool, negated: bool, rows: &mut Bits) {
    let flip = if negated { u64::MAX } else { 0 };
    let (whole, rest) = cells.as_chunks::<64>();
    let words = rows.words_mut();
    for (word, cells) in words.iter_mut().zip(whole) {
        if *word != 0 {
            *word &= gathered(&cells.map(|cell| u8::from(holds(cell)))) ^ flip;
        }
    }
    if !rest.is_empty() {
        let hits = std::array::from_fn(|n| rest.get(n).map_or(0, |cell| u8::from(holds(*cell))));
        words[whole.len()] &= gathered(&hits) ^ flip;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*, sample::select};
    use std::collections::BTreeMap;

    fn numbers() -> impl Strategy<Value = Vec<u32>> {
        select(vec![0_u32, 3, 255, 256, 65_535, 65_536, u32::MAX])
            .prop_flat_map(|most| vec(prop_oneof![0..=most, Just(most)], 0..200))
    }

    fn kept(numbers: &[u32], keep: impl Fn(&Packed, &mut Bits)) -> Vec<u32> {
        let packed = Packed::of(numbers);
        let mut rows = Bits::between(0, numbers.len());
        keep(&packed, &mut rows);
        let mut found = Vec::new();
        packed.each(&rows, |row, number| {
            assert_eq!(number, numbers[row]);
            found.push(number);
        });
        found
    }

    proptest! {
        #[test]
        fn numbers_come_back(numbers in numbers()) {
            prop_assert_eq!(Packed::of(&numbers).to_vec(), numbers);
        }

        #[test]
        fn every_row_is_counted_once(numbers in numbers(), repeats in 1..12_usize, step in 1..3_usize) {
            let numbers = numbers.repeat(repeats);
            let (packed, mut counts) = (Packed::of(&numbers), BTreeMap::<u32, u32>::new());
            let rows: Vec<u16> = (0..numbers.len() as u16).step_by(step).collect();
            packed.tally(&rows, |number, count| *counts.entry(number).or_default() += count);
            let mut expected = BTreeMap::new();
            numbers.iter().step_by(step).for_each(|number| *expected.entry(*number).or_default() += 1);
            prop_assert_eq!(counts, expected);
        }

        #[test]
        fn a_range_keeps_what_lies_in_it(
            numbers in numbers(), first in select(vec![0, 1, 255, 256, 65_536, u32::MAX]),
            last in select(vec![0, 2, 255, 300, 65_535, 65_536, u32::MAX]), negated: bool,
        ) {
            let found = kept(&numbers, |packed, rows| packed.keep_range(first, last, negated, rows));
            let holds = |number: &u32| (first..=last).contains(number) != negated;
            prop_assert_eq!(found, numbers.into_iter().filter(holds).collect::<Vec<_>>());
        }

        #[test]
        fn a_set_keeps_its_members(numbers in numbers(), base in 1_u64..100, negated: bool) {
            let set = [0x1234_5678_9abc_def0, 0, u64::MAX];
            let is_member = |number: &u32| {
                let member = (u64::from(*number) + base).wrapping_sub(1);
                *number > 0 && member < 192 && set[member as usize / 64] >> (member % 64) & 1 == 1
            };
            let found = kept(&numbers, |packed, rows| packed.keep_members(&set, base as u32, negated, rows));
            let expected = numbers.into_iter().filter(|number| is_member(number) != negated);
            prop_assert_eq!(found, expected.collect::<Vec<_>>());
        }

        #[test]
        fn a_large_set_keeps_its_members(
            numbers in vec(prop_oneof![Just(0), 0..70_u32, 0..=65_535_u32], 1..200),
            base in 1_u32..200, seed: u64, negated: bool,
        ) {
            let set: Vec<u64> = (0..1_000).map(|n| seed.rotate_left(n) ^ u64::from(n) << 7).collect();
            let is_member = |number: &u32| {
                let member = (*number + base).wrapping_sub(1) as usize;
                *number > 0 && set.get(member / 64).is_some_and(|word| word >> (member % 64) & 1 == 1)
            };
            let found = kept(&numbers, |packed, rows| packed.keep_members(&set, base, negated, rows));
            let expected = numbers.into_iter().filter(|number| is_member(number) != negated);
            prop_assert_eq!(found, expected.collect::<Vec<_>>());
        }
    }
}
