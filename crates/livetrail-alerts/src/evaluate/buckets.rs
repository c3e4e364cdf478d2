//! The numbers of a ratio, by stretches of time.

use super::sighting::{Entry, PART};
use std::collections::VecDeque;

/// So many stretches make up the window of a ratio.
const STRETCHES: i64 = 50;
/// So many stretches share a window with one of them.
const NEAR: usize = 99;
/// Shares are in millionths.
const MILLION: u64 = 1_000_000;

/// Numbers by stretches of a fiftieth of the timespan, counted from the epoch. A window of a ratio is fifty of
/// them in a row. So memory is bounded, however many activities there are.
#[derive(Debug)]
pub(super) struct Buckets {
    width: i64,
    /// The numbers of each stretch that has any: of all activities and of the part.
    counts: VecDeque<(i64, (u64, u64))>,
    /// Their sums.
    sum: (u64, u64),
}

/// The window that holds the share.
pub(super) struct Window {
    pub(super) from: i64,
    /// The last moment.
    pub(super) to: i64,
    /// The number of all activities.
    pub(super) count: u64,
}

impl Buckets {
    pub(super) fn new(span: i64) -> Self {
        Self { width: span / STRETCHES, counts: VecDeque::new(), sum: (0, 0) }
    }

    pub(super) fn add(&mut self, entry: &Entry) {
        let bucket = entry.at.div_euclid(self.width);
        let at = match self.counts.back() {
            // Most activities are of the latest stretch, or of a new one.
            Some((last, _)) if *last == bucket => self.counts.len() - 1,
            Some((last, _)) if *last > bucket => self.counts.partition_point(|(known, _)| *known < bucket),
            _ => self.counts.len(),
        };
        if self.counts.get(at).is_none_or(|(known, _)| *known != bucket) {
            self.counts.insert(at, (bucket, (0, 0)));
        }
        let part = u64::from(entry.key == PART);
        let (_, counts) = &mut self.counts[at];
        *counts = (counts.0 + 1, counts.1 + part);
        self.sum = (self.sum.0 + 1, self.sum.1 + part);
    }

    pub(super) fn forget_before(&mut self, floor: i64) {
        let first = floor.div_euclid(self.width);
        while let Some((_, counts)) = self.counts.pop_front_if(|(bucket, _)| *bucket < first) {
            self.sum = (self.sum.0 - counts.0, self.sum.1 - counts.1);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The earliest window with `new`, which is not added yet, in which the share is reached.
    pub(super) fn window_with(&self, new: &Entry, share: u64, min_count: u64) -> Option<Window> {
        let is_part = u64::from(new.key == PART);
        // No window has more than all of them together, and one of few activities has few of the part.
        if self.sum.0 + 1 < min_count || (self.sum.1 + is_part) * MILLION < share * min_count {
            return None;
        }
        let mut near = self.near(new.at);
        let (all, part) = &mut near[STRETCHES as usize - 1];
        *all += 1;
        *part += is_part;
        self.earliest(&near, new.at, share, min_count)
    }

    /// The same for an activity at `at` that is added already.
    pub(super) fn window(&self, at: i64, share: u64, min_count: u64) -> Option<Window> {
        self.earliest(&self.near(at), at, share, min_count)
    }

    /// The numbers of the stretches that share a window with the one of `at`, which is in the middle.
    fn near(&self, at: i64) -> [(u64, u64); NEAR] {
        let first = at.div_euclid(self.width) - STRETCHES + 1;
        let mut near = [(0, 0); NEAR];
        for (bucket, counts) in
            self.counts.range(self.counts.partition_point(|(bucket, _)| *bucket < first)..)
        {
            let Some(place) = near.get_mut((bucket - first) as usize) else { break };
            *place = *counts;
        }
        near
    }

    fn earliest(&self, near: &[(u64, u64); NEAR], at: i64, share: u64, min_count: u64) -> Option<Window> {
        let length = STRETCHES as usize;
        let (mut all, mut part) =
            near[..length].iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        for start in 0..length {
            if start > 0 {
                all = all + near[start + length - 1].0 - near[start - 1].0;
                part = part + near[start + length - 1].1 - near[start - 1].1;
            }
            if all >= min_count && part * MILLION >= share * all {
                let from = (at.div_euclid(self.width) - STRETCHES + 1 + start as i64) * self.width;
                return Some(Window { from, to: from + STRETCHES * self.width - 1, count: all });
            }
        }
        None
    }
}
