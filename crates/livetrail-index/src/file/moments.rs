//! A column of moments as bits.
//!
//! Rows come nearly in the order of their moments, so a row is kept as its distance to the row before. A row that is
//! far away from it, because it is late, is an exception and does not widen the others. Clients often tell
//! milliseconds: then these are the unit.

use super::{cells, reader::Reader};
use crate::{
    bits::ROWS,
    column::{Span, Times},
};

/// Rows that have a width in common.
const RUN: usize = 1_024;
/// Microseconds of the units.
const UNITS: [u64; 3] = [1_000_000, 1_000, 1];
/// What an exception takes, in bits: its place in the run, and about five bytes of distance.
const EXCEPTION: usize = 56;
/// Marks the place of an exception that the next row is measured from.
const STAYS: u16 = 1 << 15;

pub(super) fn write(bytes: &mut Vec<u8>, times: &Times) {
    let (base, span) = times.bounds();
    for moment in [base, span.least, span.most] {
        bytes.extend(moment.to_le_bytes());
    }
    let distances: Vec<u64> = (0..ROWS).map(|row| times.get(row).abs_diff(base)).collect();
    let is_unit = |unit: &&u64| distances.iter().all(|distance| distance.is_multiple_of(**unit));
    let unit = UNITS.iter().find(is_unit).copied().unwrap_or(1);
    bytes.extend((unit as u32).to_le_bytes());
    let distances: Vec<u64> = distances.iter().map(|distance| distance / unit).collect();
    distances.chunks(RUN).fold(0, |before, run| write_run(bytes, run, before));
}

/// Writes distances from the base. Steps to them begin at the distance `before`; gives where they end.
fn write_run(bytes: &mut Vec<u8>, run: &[u64], before: u64) -> u64 {
    let most = width(run, before);
    let (mut steps, mut exceptions, mut last) = (Vec::with_capacity(RUN), Vec::new(), before);
    for (row, distance) in run.iter().enumerate() {
        let step = zigzag(distance.wrapping_sub(last));
        if step >> most == 0 {
            steps.push(step as u32);
            last = *distance;
            continue;
        }
        steps.push(0);
        // A late row is alone; after a pause, or where an import begins, the next rows are near it.
        let is_nearer = |next: &u64| next.abs_diff(*distance) < next.abs_diff(last);
        let stays = run.get(row + 1).is_none_or(is_nearer);
        exceptions.push((row as u16 | if stays { STAYS } else { 0 }, step));
        last = if stays { *distance } else { last };
    }
    cells::write_run(bytes, &steps);
    bytes.extend((exceptions.len() as u16).to_le_bytes());
    for (row, step) in exceptions {
        bytes.extend(row.to_le_bytes());
        write_varint(bytes, step);
    }
    last
}

/// How many bits most steps should have, so that a run takes least.
fn width(run: &[u64], before: u64) -> u32 {
    let (mut last, mut of_width) = (before, [0_usize; 65]);
    for distance in run {
        of_width[(64 - zigzag(distance.wrapping_sub(last)).leading_zeros()) as usize] += 1;
        last = *distance;
    }
    let bits = |width: usize| run.len() * width + of_width[width + 1..].iter().sum::<usize>() * EXCEPTION;
    (0..=32).min_by_key(|width| bits(*width)).unwrap_or(32) as u32
}

/// Reads what [`write`] has written.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Times> {
    let [base, least, most] = [reader.u64()?, reader.u64()?, reader.u64()?].map(u64::cast_signed);
    let unit = u64::from(reader.u32()?);
    let (mut distances, mut steps, mut before) = (Vec::with_capacity(ROWS), Vec::with_capacity(RUN), 0_u64);
    while distances.len() < ROWS {
        steps.clear();
        let width = reader.u8()?;
        cells::read_run(reader, width, RUN, &mut steps)?;
        let mut exceptions = Vec::new();
        for _ in 0..reader.u16()? {
            exceptions.push((reader.u16()?, read_varint(reader)?));
        }
        let mut rest = exceptions.into_iter().peekable();
        for (row, step) in steps.iter().enumerate() {
            let far = rest.next_if(|(place, _)| place & !STAYS == row as u16);
            let (stays, step) =
                far.map_or((true, u64::from(*step)), |(place, step)| (place & STAYS > 0, step));
            let distance = before.wrapping_add(unzigzag(step));
            before = if stays { distance } else { before };
            distances.push(distance.wrapping_mul(unit));
        }
        rest.next().is_none().then_some(())?;
    }
    Some(Times::from_distances(base, Span { least, most }, &distances))
}

/// Small numbers for steps that are small, whether they go forth or back.
fn zigzag(step: u64) -> u64 {
    step << 1 ^ (step.cast_signed() >> 63).cast_unsigned()
}

fn unzigzag(number: u64) -> u64 {
    number >> 1 ^ (number & 1).wrapping_neg()
}

/// Seven bits a byte, the lowest first; the highest bit of a byte says that another one follows.
fn write_varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn read_varint(reader: &mut Reader<'_>) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = reader.u8()?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{prelude::*, sample::select};

    /// Moments of which most follow one another, some are late, and a few are absurd.
    fn times(seed: u64, unit: i64, absurd: u64) -> Times {
        let (mut times, mut state, mut moment) = (Times::default(), seed | 1, 1_772_366_400_000_000_i64);
        for row in 0..ROWS as u64 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let random = state >> 33;
            moment += (random % 1_500) as i64 * unit;
            times.push(match random % 100 {
                0 => moment - (random * 977 % 80_000_000) as i64 * unit,
                1 if row % 97 == 0 && absurd > 0 => i64::MAX / 2 - (random * absurd) as i64,
                _ => moment,
            });
        }
        times.sealed()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn moments_come_back(seed: u64, unit in select(vec![1_i64, 1_000, 1_000_000]), absurd in 0..3_u64) {
            let (times, mut bytes) = (times(seed, unit, absurd), Vec::new());
            write(&mut bytes, &times);
            let mut reader = Reader::of(&bytes);
            let read = read(&mut reader).expect("moments");
            prop_assert!(reader.is_at_end());
            for row in 0..ROWS {
                prop_assert_eq!(read.get(row), times.get(row), "row {}", row);
            }
            prop_assert!(absurd > 0 || bytes.len() < ROWS * 7 / 4, "{} bytes", bytes.len());
        }

        #[test]
        fn numbers_come_back(number: u64) {
            let mut bytes = Vec::new();
            write_varint(&mut bytes, number);
            prop_assert_eq!(read_varint(&mut Reader::of(&bytes)), Some(number));
            prop_assert_eq!(unzigzag(zigzag(number)), number);
        }
    }
}
