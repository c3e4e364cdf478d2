//! What a back-test has found.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use livetrail_alerts::{Alert, Event, Field, Group, MAX_POSITIONS, Question};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};
use uuid::Uuid;

/// A rule that has raised so many alerts is not evaluated any further: it is of no use as it is.
const MAX_ALERTS: usize = 100_000;
/// Alerts that are reported in full, the first ones.
const FIRST: usize = 20;
/// Groups that are reported, those with most alerts.
const LOUDEST: usize = 20;

/// The result of a back-test.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Backtest {
    /// Activities that the rule matched.
    pub(crate) activities: u64,
    /// Alerts that it would have raised.
    pub(crate) alerts: u64,
    /// Alerts by day (UTC) of the activity that raised them; days without alerts are left out.
    pub(crate) per_day: Vec<(Date, u64)>,
    /// The groups with most alerts.
    pub(crate) groups: Vec<LoudGroup>,
    /// The first alerts.
    pub(crate) first: Vec<Alert>,
    /// The position since which activities of further groups were not counted, because there were too many groups.
    pub(crate) saturated_since: Option<u64>,
    /// When the activity happened after which the back-test stopped, because there were too many alerts.
    pub(crate) stopped_at: Option<Timestamp>,
}

/// A group with many alerts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LoudGroup {
    /// The group's values, with their names.
    pub(crate) group: Vec<(Field, String)>,
    /// The tenant of its activities.
    pub(crate) tenant: Option<String>,
    /// Its alerts.
    pub(crate) alerts: u64,
    /// The activities of these alerts.
    pub(crate) activities: u64,
}

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) activities: u64,
    pub(super) saturated_since: Option<u64>,
    /// Every alert, and whether it is asked for.
    alerts: HashMap<Uuid, (Alert, bool)>,
    /// Their ids by group, for questions about the past.
    of_group: HashMap<Group, Vec<Uuid>>,
    first: Vec<Uuid>,
    per_day: BTreeMap<Date, u64>,
    stopped_at: Option<Timestamp>,
}

impl Found {
    pub(super) fn is_full(&self) -> bool {
        self.stopped_at.is_some()
    }

    pub(super) fn note(&mut self, event: Event, at: Timestamp, is_asked_for: bool) {
        match event {
            Event::Raised(alert) => self.raise(alert, at, is_asked_for),
            Event::Continued { alert, position, first, last, count } => {
                if let Some((known, _)) = self.alerts.get_mut(&alert) {
                    (known.first, known.last, known.count) = (first, last, count);
                    if !known.positions.is_empty() && known.positions.len() < MAX_POSITIONS {
                        known.positions.push(position);
                    }
                }
            }
            Event::Ended { alert, .. } => {
                if let Some((known, _)) = self.alerts.get_mut(&alert) {
                    known.ended = true;
                }
            }
            Event::Saturated { since, .. } => _ = self.saturated_since.get_or_insert(since),
        }
    }

    fn raise(&mut self, mut alert: Alert, at: Timestamp, is_asked_for: bool) {
        if is_asked_for {
            *self.per_day.entry(at.to_zoned(TimeZone::UTC).date()).or_default() += 1;
        }
        if is_asked_for && self.first.len() < FIRST {
            self.first.push(alert.id);
        } else {
            alert.positions = Vec::new();
        }
        self.of_group.entry(alert.group.clone()).or_default().push(alert.id);
        self.alerts.insert(alert.id, (alert, is_asked_for));
        if self.alerts.len() >= MAX_ALERTS {
            self.stopped_at = Some(at);
        }
    }

    /// The alerts of a group that have an activity in the time of a question.
    pub(super) fn alerts_of(&self, question: &Question<'_>) -> Vec<Alert> {
        let ids = self.of_group.get(question.group).into_iter().flatten();
        let alerts = ids.filter_map(|id| self.alerts.get(id)).map(|(alert, _)| alert);
        alerts.filter(|alert| alert.first <= question.to && question.from <= alert.last).cloned().collect()
    }

    pub(super) fn into_backtest(mut self) -> Backtest {
        let groups = self.groups();
        let alerts = self.alerts.values().filter(|(_, is_asked_for)| *is_asked_for).count() as u64;
        let first = self.first.iter().filter_map(|id| self.alerts.remove(id));
        Backtest {
            activities: self.activities,
            alerts,
            per_day: self.per_day.into_iter().collect(),
            groups,
            first: first.map(|(alert, _)| alert).collect(),
            saturated_since: self.saturated_since,
            stopped_at: self.stopped_at,
        }
    }

    fn groups(&self) -> Vec<LoudGroup> {
        let mut groups: HashMap<&Group, LoudGroup> = HashMap::new();
        for (alert, _) in self.alerts.values().filter(|(_, is_asked_for)| *is_asked_for) {
            let group = groups.entry(&alert.group).or_insert_with(|| loud_group(alert));
            group.alerts += 1;
            group.activities += alert.count;
        }
        let mut groups: Vec<(&Group, LoudGroup)> = groups.into_iter().collect();
        // Equally loud groups are in the order of their values, so that each run gives the same.
        groups.sort_by_cached_key(|(of, group)| {
            (Reverse((group.alerts, group.activities)), of.tenant.clone(), of.values.clone())
        });
        groups.into_iter().take(LOUDEST).map(|(_, group)| group).collect()
    }
}

fn loud_group(alert: &Alert) -> LoudGroup {
    let group = alert.group_by.iter().copied().zip(alert.group.values.iter().cloned());
    LoudGroup { group: group.collect(), tenant: alert.group.tenant.clone(), alerts: 0, activities: 0 }
}
