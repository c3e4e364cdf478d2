//! A column of moments, in microseconds.

use super::{Overlap, Packed};
use crate::bits::Bits;

/// The moments of a block's rows.
///
/// Most blocks span less than twelve days, so that the distance to the block's first moment takes five bytes: four in
/// `low`, one in `high`.
#[derive(Clone, Debug)]
pub(crate) struct Times {
    base: i64,
    low: Packed,
    high: Packed,
    pub(crate) span: Span,
}

/// The first and the last moment of a block's rows. The first exceeds the second where no row has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) least: i64,
    pub(crate) most: i64,
}

impl Default for Span {
    fn default() -> Self {
        Self { least: i64::MAX, most: i64::MIN }
    }
}

impl Span {
    /// The first and the last moment.
    pub(crate) fn bounds(&self) -> Option<(i64, i64)> {
        (self.least <= self.most).then_some((self.least, self.most))
    }

    /// How many rows happened between two moments (both included), as far as the first and the last one say it.
    pub(crate) fn overlap(&self, from: i64, until: i64) -> Overlap {
        match self.bounds() {
            Some((least, most)) if from <= least && most <= until => Overlap::All,
            Some((least, most)) if from <= most && least <= until => Overlap::Some,
            _ => Overlap::None,
        }
    }
}

impl Default for Times {
    fn default() -> Self {
        Self { base: i64::MIN, low: Packed::default(), high: Packed::default(), span: Span::default() }
    }
}

impl Times {
    pub(crate) fn push(&mut self, micros: i64) {
        self.push_distance(micros.abs_diff(self.base));
        self.span.least = self.span.least.min(micros);
        self.span.most = self.span.most.max(micros);
    }

    /// A row that no question sees.
    pub(crate) fn push_gap(&mut self) {
        self.push_distance(0);
    }

    fn push_distance(&mut self, distance: u64) {
        self.low.push(distance as u32);
        self.high.push((distance >> 32) as u32);
    }

    /// The same moments in cells as narrow as can be.
    pub(crate) fn sealed(&self) -> Self {
        let base = self.span.least.min(self.span.most);
        let mut before = base;
        let mut distance = |row| {
            // A gap lies before the first moment. As a copy of its neighbour it takes least.
            let moment = self.get(row);
            before = if moment < base { before } else { moment };
            before.abs_diff(base)
        };
        let distances: Vec<u64> = (0..self.low.len()).map(&mut distance).collect();
        Self::from_distances(base, self.span, &distances)
    }

    /// The moment that distances are measured from, and the bounds of the moments.
    pub(crate) fn bounds(&self) -> (i64, Span) {
        (self.base, self.span)
    }

    /// A column of moments by how long after `base` they are.
    pub(crate) fn from_distances(base: i64, span: Span, distances: &[u64]) -> Self {
        let low: Vec<u32> = distances.iter().map(|distance| *distance as u32).collect();
        let high: Vec<u32> = distances.iter().map(|distance| (distance >> 32) as u32).collect();
        Self { base, low: Packed::of(&low), high: Packed::of(&high), span }
    }

    pub(crate) fn memory(&self) -> usize {
        self.low.memory() + self.high.memory()
    }

    fn moment(&self, low: u32, high: u32) -> i64 {
        self.base.wrapping_add_unsigned(u64::from(high) << 32 | u64::from(low))
    }

    pub(crate) fn get(&self, row: usize) -> i64 {
        self.moment(self.low.get(row), self.high.get(row))
    }

    pub(crate) fn each(&self, rows: &Bits, mut visit: impl FnMut(usize, i64)) {
        match &self.low {
            Packed::U32(low) => self.high.each(rows, |row, high| visit(row, self.moment(low[row], high))),
            low => self.high.each(rows, |row, high| visit(row, self.moment(low.get(row), high))),
        }
    }

    /// Keeps those of `rows` that happened between two moments (both included).
    pub(crate) fn keep(&self, from: i64, until: i64, rows: &mut Bits) {
        match self.span.overlap(from, until) {
            Overlap::None => *rows = Bits::default(),
            Overlap::All => {}
            Overlap::Some => {
                let mut kept = Bits::default();
                self.each(rows, |row, micros| {
                    if from <= micros && micros <= until {
                        kept.insert(row);
                    }
                });
                *rows = kept;
            }
        }
    }
}
