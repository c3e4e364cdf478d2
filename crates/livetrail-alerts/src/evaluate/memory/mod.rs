//! What the evaluator remembers of a group. It is a cache of the log: each kind keeps just enough to decide most
//! activities, says [`Verdict::Ask`] where it cannot, and is never larger than its condition needs.

mod lost;
mod silence;
mod steps;
mod values;

pub(super) use silence::Silence;

use super::{buckets::Buckets, judge::Evidence, sighting::Entry};
use crate::rule::{Condition, Rule};
use lost::Lost;
use std::collections::VecDeque;
use steps::Steps;
use values::Values;

/// What a memory says of a new activity.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It raises nothing.
    No,
    /// It raises an alert.
    Raise(Evidence),
    /// The log has to be asked: the memory is too thin to decide, or to give the evidence.
    Ask,
}

/// The memory of one group.
#[derive(Debug)]
pub(super) enum Memory {
    Steps(Steps),
    Values(Values),
    Ratio(Buckets),
    Silence(Silence),
}

impl Memory {
    pub(super) fn of(rule: &Rule) -> Self {
        match &rule.condition {
            Condition::EventCount { .. } | Condition::OutsideHours { .. } | Condition::Temporal { .. } => {
                Self::Steps(Steps::of(&rule.condition))
            }
            // Within half the timespan, `first_seen` asks whether the group was known; see `Values`.
            Condition::FirstSeen { .. } => Self::Values(Values::new(rule.timespan.micros() / 2)),
            Condition::ValueCount { .. } | Condition::ImpossibleTravel { .. } => {
                Self::Values(Values::new(rule.timespan.micros()))
            }
            Condition::Ratio { .. } => Self::Ratio(Buckets::new(rule.timespan.micros())),
            Condition::Silence { at_least, .. } => Self::Silence(Silence::new(*at_least)),
        }
    }

    /// Judges an activity that is not in the memory yet.
    pub(super) fn consider(&self, rule: &Rule, new: &Entry) -> Verdict {
        match (self, &rule.condition) {
            (Self::Steps(steps), _) => steps.consider(rule, new),
            (Self::Values(values), _) => values.consider(rule, new),
            (Self::Ratio(buckets), Condition::Ratio { share, min_count, .. }) => {
                let holds = buckets.window_with(new, *share, *min_count).is_some();
                if holds { Verdict::Ask } else { Verdict::No }
            }
            (Self::Ratio(_) | Self::Silence(_), _) => Verdict::No,
        }
    }

    pub(super) fn insert(&mut self, entry: Entry) {
        match self {
            Self::Steps(steps) => steps.insert(entry),
            Self::Values(values) => values.insert(entry),
            Self::Ratio(buckets) => buckets.add(&entry),
            Self::Silence(silence) => silence.insert(entry),
        }
    }

    /// Forgets what happened before a moment.
    pub(super) fn forget_before(&mut self, floor: i64) {
        match self {
            Self::Steps(steps) => steps.forget_before(floor),
            Self::Values(values) => values.forget_before(floor),
            Self::Ratio(buckets) => buckets.forget_before(floor),
            Self::Silence(_) => {}
        }
    }

    /// Forgets what lies within an alert. An activity that shares a window with it belongs to the alert, so it
    /// raises nothing.
    pub(super) fn forget_between(&mut self, rule: &Rule, first: i64, last: i64) {
        match (self, &rule.condition) {
            (Self::Steps(steps), _) => steps.forget_between(first, last),
            (Self::Values(values), Condition::ValueCount { .. }) => values.forget_between(first, last),
            _ => {}
        }
    }

    /// Whether nothing is left.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Steps(steps) => steps.is_empty(),
            Self::Values(values) => values.is_empty(),
            Self::Ratio(buckets) => buckets.is_empty(),
            Self::Silence(silence) => silence.is_empty(),
        }
    }
}

/// Adds an entry in the order of time and position. Most are the latest, for which only the end is looked at.
fn insert_in_order(entries: &mut VecDeque<Entry>, entry: Entry) {
    if entries.back().is_none_or(|last| *last < entry) {
        entries.push_back(entry);
    } else {
        entries.insert(entries.partition_point(|other| *other < entry), entry);
    }
}
