//! Alerts, and the events of an evaluation.

use super::judge::Evidence;
use crate::rule::{Field, Rule, Version};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The positions of so many activities are kept with an alert: the first ones, in the order of the log.
pub const MAX_POSITIONS: usize = 100;

/// An activity is late if it arrived more than this after it happened, in microseconds.
const LATE: i64 = 60_000_000;

/// The activities of an alert: those of a tenant that have some values in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Group {
    /// The tenant of the activities.
    pub tenant: Option<String>,
    /// The values of the rule's `group_by`, in its order.
    pub values: Vec<String>,
}

impl From<&Self> for Group {
    fn from(group: &Self) -> Self {
        group.clone()
    }
}

/// An alert, as it has to be stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// A hash of rule, version, group, and position and time of the activity that raised it.
    pub id: Uuid,
    /// The rule's id.
    pub rule: String,
    /// The rule's version.
    pub version: Version,
    /// The activities that it is about.
    pub group: Group,
    /// The names of the group's values.
    pub group_by: Vec<Field>,
    /// The new value, where the condition is `first_seen`.
    pub value: Option<String>,
    /// The position that raised it; for `silence`, that of the last activity.
    pub raised_by: u64,
    /// When the first of its activities happened.
    pub first: Timestamp,
    /// When the last of them happened.
    pub last: Timestamp,
    /// How many they are.
    pub count: u64,
    /// For `ratio`, the number of all activities in the window that raised it.
    pub of: Option<u64>,
    /// The positions of the first [`MAX_POSITIONS`], in order.
    pub positions: Vec<u64>,
    /// Whether the activity that raised it arrived more than a minute after it happened.
    pub late: bool,
    /// Whether the silent group has spoken again. Other alerts end by time, see [`Rule::lasts`].
    pub ended: bool,
}

/// What an evaluation found.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A new alert.
    Raised(Alert),
    /// One more activity of an alert.
    Continued {
        /// The alert.
        alert: Uuid,
        /// The position of the activity.
        position: u64,
        /// When the alert's first activity happened, from now on.
        first: Timestamp,
        /// When its last one happened.
        last: Timestamp,
        /// How many activities it has.
        count: u64,
    },
    /// The silent group of an alert spoke again.
    Ended {
        /// The alert.
        alert: Uuid,
        /// The position of the activity.
        position: u64,
    },
    /// The rule has as many groups as it may have: activities of further groups are not counted until some are
    /// over.
    Saturated {
        /// The rule's id.
        rule: String,
        /// The position of the first activity that was not counted.
        since: u64,
    },
}

/// The activity that raises an alert.
pub(super) struct Trigger<'a> {
    pub(super) rule: &'a Rule,
    pub(super) version: Version,
    pub(super) group: &'a Group,
    pub(super) value: Option<String>,
    pub(super) position: u64,
    /// When it happened, in microseconds.
    pub(super) at: i64,
    pub(super) late: bool,
}

impl Alert {
    pub(super) fn of(trigger: Trigger<'_>, evidence: Evidence) -> Self {
        Self {
            id: id(&trigger),
            rule: trigger.rule.id.clone(),
            version: trigger.version,
            group: trigger.group.clone(),
            group_by: trigger.rule.group_by.clone(),
            value: trigger.value,
            raised_by: trigger.position,
            first: moment(evidence.first),
            last: moment(evidence.last),
            count: evidence.count,
            of: evidence.of,
            positions: evidence.positions,
            late: trigger.late,
            ended: false,
        }
    }

    /// Adds an activity.
    pub(super) fn add(&mut self, at: i64, position: u64) -> Event {
        self.first = self.first.min(moment(at));
        self.last = self.last.max(moment(at));
        self.count += 1;
        if self.positions.len() < MAX_POSITIONS {
            self.positions.push(position);
        }
        Event::Continued { alert: self.id, position, first: self.first, last: self.last, count: self.count }
    }

    /// Whether an activity at this time belongs to the alert, which lasts so long after its last activity. A
    /// late one may belong before its first.
    pub(super) fn reaches(&self, at: i64, lasts: i64) -> bool {
        self.first.as_microsecond() - lasts <= at && at <= self.last.as_microsecond() + lasts
    }
}

pub(super) fn is_late(created_at: Timestamp, at: i64) -> bool {
    created_at.as_microsecond() - at > LATE
}

/// A moment of the log. The log has no other moments, so the bound is never used.
pub(super) fn moment(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// Each text is preceded by its length, so that no two groups have the same bytes. A log that was restored gives
/// positions again, and other logs have the same ones, so the time counts, too.
fn id(Trigger { rule, version, group, position, at, .. }: &Trigger<'_>) -> Uuid {
    let mut hash = blake3::Hasher::new();
    let mut text = |text: &str| {
        hash.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
    };
    text(&rule.id);
    text(group.tenant.as_deref().unwrap_or_default());
    group.values.iter().for_each(|value| text(value));
    hash.update(&[u8::from(group.tenant.is_some())]);
    hash.update(&version.0).update(&position.to_le_bytes()).update(&at.to_le_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize().as_bytes()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
