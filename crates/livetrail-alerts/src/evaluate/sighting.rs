//! What a rule sees in one activity. It depends on nothing else.

use super::glance::{Glance, Key};
use crate::rule::{Condition, Rule};
use livetrail_types::{Activity, Filter, Subject};
use std::borrow::Cow;

/// An activity that a rule matches, as memories keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    /// When it happened, in microseconds.
    pub(crate) at: i64,
    pub(crate) position: u64,
    /// What else the condition needs: the steps as bits, a hash of the value, a place.
    pub(crate) key: u128,
}

/// A matched activity and its group.
#[derive(Debug)]
pub(crate) struct Sighting<'a> {
    pub(crate) group: Key,
    pub(crate) entry: Entry,
    /// The value that `first_seen` is about.
    pub(crate) value: Option<Cow<'a, str>>,
}

/// The bit of activities that belong to the part of a ratio.
pub(super) const PART: u128 = 1;

/// What `rule` sees in an activity, if it matches it.
pub(crate) fn sight<'a>(rule: &Rule, glance: &mut Glance<'a>) -> Option<Sighting<'a>> {
    let activity = glance.activity;
    if !rule.matches(activity) {
        return None;
    }
    let key = key(rule, glance)?;
    let value = match rule.condition {
        Condition::FirstSeen { field, .. } => field.of(activity),
        _ => None,
    };
    let entry = Entry { at: activity.timestamp.as_microsecond(), position: activity.position, key };
    Some(Sighting { group: glance.group(&rule.group_by)?, entry, value })
}

fn matches(filter: &Filter, activity: &Activity) -> bool {
    filter.matches(&Subject { activity, profile: None })
}

fn key(rule: &Rule, glance: &mut Glance<'_>) -> Option<u128> {
    let activity = glance.activity;
    Some(match &rule.condition {
        Condition::EventCount { .. } => 1,
        Condition::ValueCount { field, .. } | Condition::FirstSeen { field, .. } => glance.value(*field)?,
        Condition::Temporal { steps, .. } => {
            let step =
                |(at, step): (usize, &crate::rule::Step)| u128::from(matches(&step.filter, activity)) << at;
            let bits = steps.iter().enumerate().map(step).sum();
            Some(bits).filter(|bits| *bits != 0)?
        }
        Condition::Ratio { part, .. } => {
            if matches(part, activity) {
                PART
            } else {
                0
            }
        }
        Condition::OutsideHours { hours, .. } => (!hours.contain(activity.timestamp)).then_some(1)?,
        Condition::Silence { quiet_for, .. } => {
            // A report that is so late does not show that the source speaks.
            let delay = activity.created_at.as_microsecond() - activity.timestamp.as_microsecond();
            (delay <= quiet_for.micros()).then_some(0)?
        }
        Condition::ImpossibleTravel { .. } => glance.places.locate(activity.ip_address?)?.to_bits(),
    })
}
