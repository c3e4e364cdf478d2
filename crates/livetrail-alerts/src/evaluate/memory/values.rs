//! The memory of values: `value_count`, `first_seen` and `impossible_travel`.
//!
//! These conditions ask whether a value is there, not how often. An entry between two others of the same value
//! that are at most `gap` apart can be dropped: an interval of that length that has it has one of the others,
//! too. So a value that is repeated all day costs a few entries.

use super::{Lost, Verdict};
use crate::{
    evaluate::{
        judge::{Evidence, judge},
        sighting::Entry,
    },
    rule::{Condition, Rule},
};
use hashbrown::HashMap;

/// Most values of a group. A `value_count` keeps fewer than three times the largest number, so it never has so many.
const MAX_VALUES: usize = 40_000;

#[derive(Debug)]
pub(in crate::evaluate) struct Values {
    gap: i64,
    /// The entries of each value, by time and position.
    entries: HashMap<u128, Vec<Entry>>,
    /// No entry is earlier.
    earliest: i64,
    /// Where entries were dropped. Decisions are the same without them, but evidence is not.
    thinned: Lost,
    /// Where whole values were dropped, because there were too many.
    dropped: Lost,
}

impl Values {
    pub(super) fn new(gap: i64) -> Self {
        Self {
            gap,
            entries: HashMap::new(),
            earliest: i64::MAX,
            thinned: Lost::default(),
            dropped: Lost::default(),
        }
    }

    pub(super) fn consider(&self, rule: &Rule, new: &Entry) -> Verdict {
        let span = rule.timespan.micros();
        let (from, to) = (new.at - span, new.at + span);
        let is_near = |entry: &Entry| from <= entry.at && entry.at <= to;
        match &rule.condition {
            Condition::ValueCount { at_least, .. }
                if !self.dropped.overlaps(from, to)
                    && self.others_near(new, *at_least, is_near) + 1 < *at_least =>
            {
                return Verdict::No;
            }
            Condition::FirstSeen { learning, .. } => {
                return self.first_seen(new, (from, to), new.at - learning.micros());
            }
            Condition::ImpossibleTravel { .. } => {
                let mut others = self.entries.iter().filter(|(key, _)| **key != new.key);
                if !self.dropped.overlaps(from, to) && !others.any(|(_, entries)| entries.iter().any(is_near))
                {
                    return Verdict::No;
                }
                // A later entry makes those before the new one no longer the nearest of their places.
                let is_latest = self.entries.values().flatten().all(|entry| entry.at <= new.at);
                if !is_latest && self.thinned.overlaps(from, to) {
                    return Verdict::Ask;
                }
            }
            _ => {}
        }
        if self.dropped.overlaps(from, to) {
            return Verdict::Ask;
        }
        let mut near: Vec<Entry> =
            self.entries.values().flatten().filter(|entry| is_near(entry)).copied().collect();
        near.push(*new);
        near.sort_unstable();
        let at = near.partition_point(|entry| entry < new);
        let is_count = matches!(rule.condition, Condition::ValueCount { .. });
        match judge(rule, &near, at) {
            Some(_) if is_count && self.thinned.overlaps(from, to) => Verdict::Ask,
            Some(evidence) => Verdict::Raise(evidence),
            None => Verdict::No,
        }
    }

    /// How many other values are near. They are not counted where they are certainly fewer than it takes.
    fn others_near(&self, new: &Entry, at_least: u64, is_near: impl Fn(&Entry) -> bool) -> u64 {
        if (self.entries.len() as u64) + 1 < at_least {
            return 0;
        }
        let others = self.entries.iter().filter(|(key, _)| **key != new.key);
        others.filter(|(_, entries)| entries.iter().any(&is_near)).count() as u64
    }

    /// Whether the value is new for a group that was known at a moment. It takes no sorted entries, so a group may
    /// have many values.
    fn first_seen(&self, new: &Entry, (from, to): (i64, i64), known_at: i64) -> Verdict {
        let is_near = |entry: &Entry| from <= entry.at && entry.at <= to;
        // This is the common case.
        if self.entries.get(&new.key).is_some_and(|all| all.iter().any(is_near)) {
            return Verdict::No;
        }
        if self.dropped.overlaps(from, to) {
            return Verdict::Ask;
        }
        let is_known = |entry: &Entry| from <= entry.at && entry.at <= known_at;
        let has_learnt = self.earliest <= known_at && self.entries.values().flatten().any(is_known);
        match Evidence::of([new].into_iter()) {
            Some(evidence) if has_learnt => Verdict::Raise(evidence),
            _ => Verdict::No,
        }
    }

    pub(super) fn insert(&mut self, entry: Entry) {
        self.earliest = self.earliest.min(entry.at);
        let entries = self.entries.entry(entry.key).or_default();
        let at = match entries.last() {
            Some(last) if *last > entry => entries.partition_point(|other| *other < entry),
            _ => entries.len(),
        };
        entries.insert(at, entry);
        // The new one may make its neighbours superfluous, or be superfluous itself. A drop changes the
        // neighbours of the next candidate, so they are looked at one after the other, from the last.
        for candidate in (at.saturating_sub(1)..=at + 1).rev() {
            let neighbours =
                (candidate.checked_sub(1).and_then(|i| entries.get(i)), entries.get(candidate + 1));
            if let (Some(before), Some(after)) = neighbours
                && after.at - before.at <= self.gap
            {
                self.thinned.add(entries.remove(candidate).at);
            }
        }
        if self.entries.len() > MAX_VALUES {
            self.drop_oldest();
        }
    }

    /// Drops the eighth of the values that were not seen for longest.
    fn drop_oldest(&mut self) {
        let last = |entries: &Vec<Entry>| entries.last().map_or(i64::MIN, |entry| entry.at);
        let mut times: Vec<i64> = self.entries.values().map(last).collect();
        let (_, limit, _) = times.select_nth_unstable(MAX_VALUES / 8);
        let limit = *limit;
        let dropped = self.entries.extract_if(|_, entries| last(entries) <= limit);
        dropped.flat_map(|(_, entries)| entries).for_each(|entry| self.dropped.add(entry.at));
        self.find_earliest();
    }

    fn find_earliest(&mut self) {
        let first = self.entries.values().filter_map(|entries| entries.first());
        self.earliest = first.map(|entry| entry.at).min().unwrap_or(i64::MAX);
    }

    pub(super) fn forget_before(&mut self, floor: i64) {
        self.entries.retain(|_, entries| {
            entries.retain(|entry| entry.at >= floor);
            !entries.is_empty()
        });
        self.find_earliest();
        self.thinned.forget_before(floor);
        self.dropped.forget_before(floor);
    }

    pub(super) fn forget_between(&mut self, first: i64, last: i64) {
        self.entries.retain(|_, entries| {
            entries.retain(|entry| entry.at < first || entry.at > last);
            !entries.is_empty()
        });
        self.thinned.forget_between(first, last);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
