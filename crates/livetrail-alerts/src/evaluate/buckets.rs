//! The numbers of a ratio, by stretches of time.

use super::sighting::{Entry, PART};
use std::collections::BTreeMap;

/// So many stretches make up the window of a ratio.
const STRETCHES: i64 = 50;
/// So many stretches share a window with one of them.
const NEAR: usize = 99;

/// Numbers by stretches of a fiftieth of the timespan, counted from the epoch. A window of a ratio is fifty of
/// them in a row. So memory is bounded, however many activities there are.
#[derive(Debug)]
pub(super) struct Buckets {
    width: i64,
    counts: BTreeMap<i64, (u64, u64)>,
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
        Self { width: span / STRETCHES, counts: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, entry: &Entry) {
        let (all, part) = self.counts.entry(entry.at.div_euclid(self.width)).or_default();
        *all += 1;
        *part += u64::from(entry.key == PART);
    }

    pub(super) fn forget_before(&mut self, floor: i64) {
        let first = floor.div_euclid(self.width);
        while self.counts.first_key_value().is_some_and(|(bucket, _)| *bucket < first) {
            self.counts.pop_first();
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The earliest window with `new`, which is not added yet, in which the share is reached.
    pub(super) fn window_with(&self, new: &Entry, share: u64, min_count: u64) -> Option<Window> {
        let mut near = self.near(new.at);
        let (all, part) = &mut near[STRETCHES as usize - 1];
        *all += 1;
        *part += u64::from(new.key == PART);
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
        for (bucket, counts) in self.counts.range(first..first + NEAR as i64) {
            near[(bucket - first) as usize] = *counts;
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
            if all >= min_count && part * 1_000_000 >= share * all {
                let from = (at.div_euclid(self.width) - STRETCHES + 1 + start as i64) * self.width;
                return Some(Window { from, to: from + STRETCHES * self.width - 1, count: all });
            }
        }
        None
    }
}
