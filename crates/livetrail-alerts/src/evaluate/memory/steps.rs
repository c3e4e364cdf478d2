//! The memory of counted steps: `event_count`, `outside_hours`, `temporal` and `temporal_ordered`.
//!
//! A window with enough of the only step raises an alert, whose entries are dropped. So an `event_count` keeps
//! fewer entries in a timespan than it waits for. With several steps, one step may go on for ever while
//! another is missing. So the oldest entries of a kind are dropped beyond a number, and the memory knows where
//! it has lost some.

use super::{Lost, Verdict, insert_in_order};
use crate::{
    evaluate::{judge::judge, sighting::Entry},
    rule::{Condition, Rule},
};
use std::collections::VecDeque;

/// So many times as many entries of a kind as all steps wait for are kept, and a few more.
const KEPT: usize = 4;
const KEPT_MORE: usize = 32;

#[derive(Debug)]
pub(in crate::evaluate) struct Steps {
    ordered: bool,
    max_of_kind: usize,
    /// By time and position.
    entries: VecDeque<Entry>,
    /// In one piece of memory: with many groups, each piece that is touched costs as much as the evaluation.
    steps: Box<[Step]>,
}

#[derive(Clone, Debug)]
struct Step {
    wanted: u64,
    /// How many entries it has.
    count: u64,
    lost: Lost,
}

impl Steps {
    pub(super) fn of(condition: &Condition) -> Self {
        let step = |wanted: u64| Step { wanted, count: 0, lost: Lost::default() };
        let (steps, ordered): (Box<[Step]>, bool) = match condition {
            Condition::Temporal { steps, ordered } => {
                (steps.iter().map(|wanted| step(wanted.at_least)).collect(), *ordered)
            }
            Condition::EventCount { at_least } | Condition::OutsideHours { at_least, .. } => {
                ([step(*at_least)].into(), false)
            }
            _ => (Box::default(), false),
        };
        let sum: u64 = steps.iter().map(|step| step.wanted).sum();
        let max_of_kind = KEPT * usize::try_from(sum).unwrap_or(usize::MAX / KEPT) + KEPT_MORE;
        Self { ordered, max_of_kind, entries: VecDeque::new(), steps }
    }

    pub(super) fn consider(&self, rule: &Rule, new: &Entry) -> Verdict {
        let span = rule.timespan.micros();
        let (from, to) = (new.at - span, new.at + span);
        let lacks = |(at, step): (usize, &Step)| {
            step.count + u64::from(new.is_of(at)) < step.wanted && !step.lost.overlaps(from, to)
        };
        if self.steps.iter().enumerate().any(lacks) {
            return Verdict::No;
        }
        let begin = self.entries.partition_point(|entry| entry.at < from);
        let end = self.entries.partition_point(|entry| entry.at <= to);
        if let [only] = &*self.steps {
            if ((end - begin) as u64) + 1 < only.wanted && !only.lost.overlaps(from, to) {
                return Verdict::No;
            }
        } else if self.refute(new, (from, to), begin..end) {
            return Verdict::No;
        }
        if self.steps.iter().any(|step| step.lost.overlaps(from, to)) {
            return Verdict::Ask;
        }
        let mut near: Vec<Entry> = self.entries.range(begin..end).copied().collect();
        let at = near.partition_point(|entry| entry < new);
        near.insert(at, *new);
        judge(rule, &near, at).map_or(Verdict::No, Verdict::Raise)
    }

    /// Whether a step has too few activities at any place where it could have them.
    fn refute(&self, new: &Entry, reach: (i64, i64), near: std::ops::Range<usize>) -> bool {
        let has_room = |own: usize| {
            self.steps.iter().enumerate().all(|(at, step)| {
                let (from, to) = match at.cmp(&own) {
                    std::cmp::Ordering::Less if self.ordered => (reach.0, new.at),
                    std::cmp::Ordering::Greater if self.ordered => (new.at, reach.1),
                    _ => reach,
                };
                let is_there = |entry: &&Entry| (from..=to).contains(&entry.at) && entry.is_of(at);
                let there = self.entries.range(near.clone()).filter(is_there).count() as u64;
                there + u64::from(new.is_of(at)) >= step.wanted || step.lost.overlaps(from, to)
            })
        };
        !(0..self.steps.len()).filter(|own| new.is_of(*own)).any(has_room)
    }

    pub(super) fn insert(&mut self, entry: Entry) {
        insert_in_order(&mut self.entries, entry);
        for (at, step) in self.steps.iter_mut().enumerate() {
            step.count += u64::from(entry.is_of(at));
        }
        if self.entries.len() > self.max_of_kind {
            self.drop_oldest_of(entry.key);
        }
    }

    fn drop_oldest_of(&mut self, kind: u128) {
        let is_same = |entry: &&Entry| entry.key == kind;
        if self.entries.iter().filter(is_same).count() <= self.max_of_kind {
            return;
        }
        let Some(oldest) = self.entries.iter().position(|entry| entry.key == kind) else { return };
        if let Some(dropped) = self.entries.remove(oldest) {
            self.uncount(dropped);
            let steps = self.steps.iter_mut().enumerate().filter(|(at, _)| dropped.is_of(*at));
            steps.for_each(|(_, step)| step.lost.add(dropped.at));
        }
    }

    pub(super) fn forget_before(&mut self, floor: i64) {
        if self.entries.front().is_some_and(|entry| entry.at < floor) {
            let end = self.entries.partition_point(|entry| entry.at < floor);
            self.drain(0..end);
        }
        self.steps.iter_mut().for_each(|step| step.lost.forget_before(floor));
    }

    pub(super) fn forget_between(&mut self, first: i64, last: i64) {
        let begin = self.entries.partition_point(|entry| entry.at < first);
        let end = self.entries.partition_point(|entry| entry.at <= last);
        self.drain(begin..end);
        self.steps.iter_mut().for_each(|step| step.lost.forget_between(first, last));
    }

    fn drain(&mut self, range: std::ops::Range<usize>) {
        for at in range.clone() {
            self.uncount(self.entries[at]);
        }
        self.entries.drain(range);
    }

    fn uncount(&mut self, entry: Entry) {
        for (at, step) in self.steps.iter_mut().enumerate() {
            step.count -= u64::from(entry.is_of(at));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
