//! Cells and sets of rows as bits.

use super::reader::Reader;
use crate::{
    bits::{Bits, ROWS},
    column::Packed,
};

/// Cells that have a width in common: a few large numbers do not widen a whole column.
const RUN: usize = 1_024;
const SAME: u8 = 0xff;
/// Marks the width of a run that begins with a bit for each cell, and has the numbers that are not 0.
const SPARSE: u8 = 0x40;

/// Writes a column of [`ROWS`] cells.
pub(super) fn write(bytes: &mut Vec<u8>, cells: &Packed) {
    if let Packed::Same(number, _) = cells {
        bytes.push(SAME);
        bytes.extend(number.to_le_bytes());
        return;
    }
    for run in cells.to_vec().chunks(RUN) {
        let numbers: Vec<u32> = run.iter().copied().filter(|number| *number > 0).collect();
        if RUN + numbers.len() * width(&numbers) < run.len() * width(run) {
            write_sparse(bytes, run, &numbers);
        } else {
            write_run(bytes, run);
        }
    }
}

fn write_sparse(bytes: &mut Vec<u8>, run: &[u32], numbers: &[u32]) {
    bytes.push(SPARSE);
    for cells in run.chunks(8) {
        bytes.push(cells.iter().zip(0..).fold(0, |mask, (cell, n)| mask | u8::from(*cell > 0) << n));
    }
    write_run(bytes, numbers);
}

fn read_sparse(reader: &mut Reader<'_>, into: &mut Vec<u32>) -> Option<()> {
    let mask: [u8; RUN / 8] = reader.array()?;
    let count = mask.iter().map(|byte| byte.count_ones() as usize).sum();
    let (width, mut numbers) = (reader.u8()?, Vec::with_capacity(count));
    read_run(reader, width, count, &mut numbers)?;
    let mut numbers = numbers.into_iter();
    let cell =
        |n: usize| if mask[n / 8] >> (n % 8) & 1 == 1 { numbers.next().unwrap_or_default() } else { 0 };
    into.extend((0..RUN).map(cell));
    Some(())
}

/// How many bits the largest number has.
fn width(numbers: &[u32]) -> usize {
    (32 - numbers.iter().fold(0, |all, number| all | number).leading_zeros()) as usize
}

/// Reads what [`write`] has written.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Packed> {
    let mut cells = Vec::with_capacity(ROWS);
    while cells.len() < ROWS {
        match reader.u8()? {
            SAME if cells.is_empty() => return Some(Packed::Same(reader.u32()?, ROWS)),
            SPARSE => read_sparse(reader, &mut cells)?,
            width => read_run(reader, width, RUN, &mut cells)?,
        }
    }
    Some(Packed::of(&cells))
}

/// Writes the width of the largest number in bits, then the numbers.
pub(super) fn write_run(bytes: &mut Vec<u8>, run: &[u32]) {
    let width = width(run);
    bytes.push(width as u8);
    let (mut word, mut filled) = (0_u64, 0);
    for number in run {
        word |= u64::from(*number) << filled;
        filled += width;
        while filled >= 8 {
            bytes.push(word as u8);
            word >>= 8;
            filled -= 8;
        }
    }
    if filled > 0 {
        bytes.push(word as u8);
    }
}

/// Reads `count` numbers of so many bits each.
pub(super) fn read_run(reader: &mut Reader<'_>, width: u8, count: usize, into: &mut Vec<u32>) -> Option<()> {
    let (width, first) = (usize::from(width), into.len());
    if width > 32 {
        return None;
    }
    let bytes = reader.take((count * width).div_ceil(8))?;
    into.resize(first + count, 0);
    if width == 0 {
        return Some(());
    }
    let (numbers, mut done) = (&mut into[first..], 0);
    // Eight numbers have as many bytes as one number has bits.
    for eight in numbers.as_chunks_mut().0 {
        let Some(window) = bytes.get(done / 8 * width..).and_then(<[u8]>::first_chunk) else { break };
        *eight = eight_numbers(window, width);
        done += 8;
    }
    for (n, number) in numbers.iter_mut().enumerate().skip(done) {
        let rest = &bytes[n * width / 8..];
        let window = std::array::from_fn(|byte| rest.get(byte).copied().unwrap_or_default());
        *number = cut(window, n * width % 8, width);
    }
    Some(())
}

/// Bytes from the first one of eight numbers on: the last of these begins before byte 32, and is cut from eight bytes.
const WINDOW: usize = 40;

fn eight_numbers(window: &[u8; WINDOW], width: usize) -> [u32; 8] {
    std::array::from_fn(|n| {
        let bit = n.wrapping_mul(width);
        // The compiler then knows that the bytes are there.
        let begin = bit / 8 % 32;
        cut(std::array::from_fn(|byte| window[begin + byte]), bit % 8, width)
    })
}

/// The number of some bits that begins at a bit of the first of eight bytes.
fn cut(bytes: [u8; 8], bit: usize, width: usize) -> u32 {
    (u64::from_le_bytes(bytes) >> bit & ((1 << width) - 1)) as u32
}

/// Writes numbers in runs, after how many they are.
pub(super) fn write_numbers(bytes: &mut Vec<u8>, numbers: impl ExactSizeIterator<Item = u32>) {
    bytes.extend((numbers.len() as u32).to_le_bytes());
    numbers.collect::<Vec<_>>().chunks(RUN).for_each(|run| write_run(bytes, run));
}

/// Reads what [`write_numbers`] has written.
pub(super) fn read_numbers(reader: &mut Reader<'_>) -> Option<Vec<u32>> {
    let count = reader.u32()? as usize;
    let mut numbers = Vec::new();
    while numbers.len() < count {
        let width = reader.u8()?;
        let run = RUN.min(count - numbers.len());
        read_run(reader, width, run, &mut numbers)?;
    }
    Some(numbers)
}

/// Writes ascending numbers as the distance of each from the one before.
pub(super) fn write_ascending(bytes: &mut Vec<u8>, numbers: impl ExactSizeIterator<Item = u32>) {
    let mut before = 0;
    write_numbers(bytes, numbers.map(|number| number - std::mem::replace(&mut before, number)));
}

/// Reads what [`write_ascending`] has written.
pub(super) fn read_ascending(reader: &mut Reader<'_>) -> Option<Vec<u32>> {
    let mut numbers = read_numbers(reader)?;
    let mut before = 0_u32;
    for number in &mut numbers {
        before = before.checked_add(*number)?;
        *number = before;
    }
    Some(numbers)
}

/// Writes a set of rows: which words are not empty, and those words.
pub(super) fn write_bits(bytes: &mut Vec<u8>, rows: &Bits) {
    for words in rows.words().chunks(8) {
        let filled = words.iter().zip(0..).fold(0_u8, |mask, (word, n)| mask | u8::from(*word != 0) << n);
        bytes.push(filled);
        words.iter().filter(|word| **word != 0).for_each(|word| bytes.extend(word.to_le_bytes()));
    }
}

pub(super) fn read_bits(reader: &mut Reader<'_>) -> Option<Bits> {
    let mut rows = Bits::default();
    for words in rows.words_mut().chunks_mut(8) {
        let filled = reader.u8()?;
        for (n, word) in words.iter_mut().enumerate() {
            if filled >> n & 1 == 1 {
                *word = reader.u64()?;
            }
        }
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*, sample::select};

    proptest! {
        #[test]
        fn numbers_come_back(mut numbers in vec(any::<u32>(), 0..3_000)) {
            let mut bytes = Vec::new();
            write_numbers(&mut bytes, numbers.iter().copied());
            prop_assert_eq!(read_numbers(&mut Reader::of(&bytes)), Some(numbers.clone()));
            numbers.sort_unstable();
            bytes.clear();
            write_ascending(&mut bytes, numbers.iter().copied());
            prop_assert_eq!(read_ascending(&mut Reader::of(&bytes)), Some(numbers));
        }

        #[test]
        fn a_column_comes_back_however_many_of_its_cells_are_null(
            most in select(vec![1_u32, 300, 70_000, u32::MAX]), one_in in select(vec![1_u32, 2, 30, 4_000]),
        ) {
            let cell = |n: u32| if n.is_multiple_of(one_in) { n.wrapping_mul(2_654_435_761) % most.max(1) } else { 0 };
            let cells: Vec<u32> = (0..ROWS as u32).map(cell).collect();
            let mut bytes = Vec::new();
            write(&mut bytes, &Packed::of(&cells));
            let mut reader = Reader::of(&bytes);
            prop_assert_eq!(read(&mut reader).map(|cells| cells.to_vec()), Some(cells));
            prop_assert!(reader.is_at_end());
            prop_assert!(one_in < 30 || bytes.len() < ROWS / 2, "{} bytes", bytes.len());
        }

        #[test]
        fn a_run_comes_back(
            numbers in select((0..=32).collect::<Vec<u32>>()).prop_flat_map(|width| {
                vec(0..=(u64::MAX >> (63 - width).min(63) >> 1) as u32, 0..300)
            }),
        ) {
            let mut bytes = Vec::new();
            write_run(&mut bytes, &numbers);
            let mut reader = Reader::of(&bytes);
            let (width, mut found) = (reader.u8().expect("a width"), Vec::new());
            read_run(&mut reader, width, numbers.len(), &mut found).expect("a run");
            prop_assert_eq!(found, numbers);
            prop_assert!(reader.is_at_end());
        }
    }
}
