//! Activities, rules, and a log that answers questions.

use jiff::Timestamp;
use livetrail_alerts::{Alert, Coordinates, Event, Locate, Past, PastError, Question, Rule, RuleError};
use livetrail_types::{Activity, Catalogue, FilterContext, NewActivity};
use serde_json::json;
use std::{net::IpAddr, sync::LazyLock};
use uuid::Uuid;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::builtin);

/// 2026-03-02T12:00:00Z, a Monday.
pub(crate) const NOON: i64 = 1_772_452_800;

pub(crate) fn context() -> FilterContext<'static> {
    FilterContext { catalogue: &CATALOGUE, session_key: &[7; 32], text_search: true }
}

pub(crate) fn read(toml: &str) -> Result<Rule, Vec<RuleError>> {
    Rule::from_toml(toml, &context())
}

#[track_caller]
pub(crate) fn rule(toml: &str) -> Rule {
    read(toml).unwrap_or_else(|errors| panic!("{toml}\n{errors:?}"))
}

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(NOON + second).expect("a moment")
}

/// An activity that happened and arrived so many seconds after noon.
pub(crate) fn activity(position: u64, second: i64, fields: &serde_json::Value) -> Activity {
    let mut object = json!({"user_id": "u-1", "action_type": "user_login"});
    for (name, value) in fields.as_object().expect("an object") {
        object[name] = value.clone();
    }
    let given = NewActivity::from_json(object).expect("an activity");
    let mut activity = given.stamp(at(second), Uuid::from_u128(position.into()), &[7; 32]).activity;
    activity.position = position;
    activity.timestamp = at(second);
    activity.created_at = at(second);
    activity
}

/// A log and the alerts that are stored beside it.
#[derive(Default)]
pub(crate) struct Log {
    pub(crate) activities: Vec<Activity>,
    pub(crate) alerts: Vec<Alert>,
    pub(crate) questions: usize,
}

impl Log {
    /// Stores what a step gave.
    pub(crate) fn store(&mut self, event: &Event) {
        match event {
            Event::Raised(alert) => self.alerts.push(alert.clone()),
            Event::Continued { alert, position, first, last, count } => {
                let alert = self.alert(*alert);
                (alert.first, alert.last, alert.count) = (*first, *last, *count);
                if alert.positions.len() < livetrail_alerts::MAX_POSITIONS {
                    alert.positions.push(*position);
                }
            }
            Event::Ended { alert, .. } => self.alert(*alert).ended = true,
            Event::Saturated { .. } => {}
        }
    }

    fn alert(&mut self, id: Uuid) -> &mut Alert {
        self.alerts.iter_mut().find(|alert| alert.id == id).expect("a stored alert")
    }
}

impl Past for Log {
    fn activities(
        &mut self,
        question: &Question<'_>,
        each: &mut dyn FnMut(&Activity),
    ) -> Result<(), PastError> {
        self.questions += 1;
        let filter = question.filter();
        let meant = self.activities.iter().filter(|activity| {
            activity.position < question.before
                && filter.matches(&livetrail_types::Subject { activity, profile: None })
        });
        meant.for_each(each);
        Ok(())
    }

    fn alerts(&mut self, question: &Question<'_>) -> Result<Vec<Alert>, PastError> {
        let meant = self.alerts.iter().filter(|alert| {
            alert.rule == question.rule.id
                && alert.version == question.version
                && alert.group == *question.group
                && alert.first <= question.to
                && question.from <= alert.last
        });
        Ok(meant.cloned().collect())
    }
}

/// The addresses 192.0.x.y lie x degrees east, on the equator.
pub(crate) struct Equator;

impl Locate for Equator {
    fn locate(&self, address: IpAddr) -> Option<Coordinates> {
        let IpAddr::V4(address) = address else { return None };
        Some(Coordinates { latitude: 0.0, longitude: f64::from(address.octets()[2]) })
    }
}
