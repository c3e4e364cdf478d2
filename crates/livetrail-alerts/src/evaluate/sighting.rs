//! What a rule sees in one activity. It depends on nothing else.

use super::{Group, Locate};
use crate::rule::{Condition, Field, Rule};
use livetrail_types::{Activity, Filter, Subject};

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
pub(crate) struct Sighting {
    pub(crate) group: Group,
    pub(crate) entry: Entry,
    /// The value that `first_seen` is about.
    pub(crate) value: Option<String>,
}

/// The bit of activities that belong to the part of a ratio.
pub(super) const PART: u128 = 1;

/// What `rule` sees in `activity`, if it matches it.
pub(crate) fn sight(rule: &Rule, activity: &Activity, places: &dyn Locate) -> Option<Sighting> {
    if !rule.matches(activity) {
        return None;
    }
    let (key, value) = key(rule, activity, places)?;
    let values = rule.group_by.iter().map(|field| field.of(activity).map(String::from));
    let group = Group { tenant: activity.tenant_id.clone(), values: values.collect::<Option<_>>()? };
    let entry = Entry { at: activity.timestamp.as_microsecond(), position: activity.position, key };
    Some(Sighting { group, entry, value })
}

fn matches(filter: &Filter, activity: &Activity) -> bool {
    filter.matches(&Subject { activity, profile: None })
}

fn key(rule: &Rule, activity: &Activity, places: &dyn Locate) -> Option<(u128, Option<String>)> {
    Some(match &rule.condition {
        Condition::EventCount { .. } => (1, None),
        Condition::ValueCount { field, .. } => (hashed(*field, activity)?.0, None),
        Condition::FirstSeen { field, .. } => {
            let (key, value) = hashed(*field, activity)?;
            (key, Some(value))
        }
        Condition::Temporal { steps, .. } => {
            let step =
                |(at, step): (usize, &crate::rule::Step)| u128::from(matches(&step.filter, activity)) << at;
            let bits = steps.iter().enumerate().map(step).sum();
            (Some(bits).filter(|bits| *bits != 0)?, None)
        }
        Condition::Ratio { part, .. } => (if matches(part, activity) { PART } else { 0 }, None),
        Condition::OutsideHours { hours, .. } => ((!hours.contain(activity.timestamp)).then_some(1)?, None),
        Condition::Silence { quiet_for, .. } => {
            // A report that is so late does not show that the source speaks.
            let delay = activity.created_at.as_microsecond() - activity.timestamp.as_microsecond();
            ((delay <= quiet_for.micros()).then_some(0)?, None)
        }
        Condition::ImpossibleTravel { .. } => (places.locate(activity.ip_address?)?.to_bits(), None),
    })
}

/// 128 bits of a hash stand for a value: two values with the same are not to be expected.
fn hashed(field: Field, activity: &Activity) -> Option<(u128, String)> {
    let value = field.of(activity)?;
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&blake3::hash(value.as_bytes()).as_bytes()[..16]);
    Some((u128::from_le_bytes(bytes), value.into_owned()))
}
