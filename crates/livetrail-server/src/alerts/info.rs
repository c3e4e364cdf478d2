//! A raised alert as the API shows it.

use super::{evidence, rules::Known, stored};
use crate::access::Principal;
use jiff::{SignedDuration, Timestamp};
use livetrail_alerts::{Alert as Evaluated, Condition};
use livetrail_store::{Alert, AlertState, Decision};
use livetrail_types::Severity;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A raised alert.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct AlertInfo {
    pub(crate) id: Uuid,
    /// The id of the rule that raised it.
    pub(crate) rule: String,
    /// The version of the rule at that time.
    pub(crate) rule_version: String,
    /// The title of the rule at that time.
    pub(crate) title: String,
    pub(crate) severity: Severity,
    /// The tenant of its activities.
    pub(crate) tenant_id: Option<String>,
    /// The values that its activities share, by field.
    pub(crate) group: BTreeMap<String, String>,
    /// The position of the activity that raised it.
    pub(crate) position: u64,
    /// When that activity was stored.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) raised_at: Timestamp,
    /// When the first of its activities happened.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) first_at: Timestamp,
    /// When the last of its activities happened.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) last_at: Timestamp,
    /// How many activities it has.
    pub(crate) count: u64,
    /// Whether the activity that raised it arrived more than a minute after it happened.
    pub(crate) late: bool,
    /// Whether an activity that happens now would continue it.
    pub(crate) ongoing: bool,
    /// The positions of its first hundred activities.
    pub(crate) positions: Vec<u64>,
    pub(crate) state: State,
    /// The user or the key of the last decision.
    pub(crate) decided_by: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) decided_at: Option<Timestamp>,
    /// The reason of the last decision.
    pub(crate) reason: Option<String>,
    /// Nobody is notified of it before this time.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) muted_until: Option<Timestamp>,
    /// The query string of `GET /api/admin/activity` that lists its activities. The list has further ones where a
    /// filter cannot say what the rule says. Empty where no filter says anything of it.
    pub(crate) activities: String,
}

/// How far people are with an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = AlertState)]
pub(crate) enum State {
    /// Nobody has decided about it yet.
    Open,
    /// A person works on it.
    Acknowledged,
    /// There is nothing more to do.
    Resolved,
}

impl From<AlertState> for State {
    fn from(state: AlertState) -> Self {
        match state {
            AlertState::Open => Self::Open,
            AlertState::Acknowledged => Self::Acknowledged,
            AlertState::Resolved => Self::Resolved,
        }
    }
}

impl From<State> for AlertState {
    fn from(state: State) -> Self {
        match state {
            State::Open => Self::Open,
            State::Acknowledged => Self::Acknowledged,
            State::Resolved => Self::Resolved,
        }
    }
}

impl AlertInfo {
    /// The alert as it is now, under the rules of now. What an older version of Livetrail has kept and this one cannot
    /// read is left out.
    pub(crate) fn of(alert: Alert, rules: &[Known], now: Timestamp) -> Self {
        let known = stored::read(&alert).ok();
        let rule = rules.iter().find(|known| known.rule.id == alert.rule && is_version(known, &alert));
        let activities = evidence::query(&alert, known.as_ref(), rule.map(|known| &known.rule));
        let ongoing = rule.is_some_and(|known| known.enabled && goes_on(known, &alert, now));
        let Alert { id, rule, rule_version, title, severity, tenant, position, raised_at, .. } = alert;
        let Decision { state, by, at, reason, muted_until } = alert.decision;
        Self {
            id,
            rule,
            rule_version,
            title,
            severity,
            tenant_id: tenant,
            group: known.as_ref().map(group).unwrap_or_default(),
            position,
            raised_at,
            first_at: alert.first_at,
            last_at: alert.last_at,
            count: known.as_ref().map_or(1, |known| known.count),
            late: known.as_ref().is_some_and(|known| known.late),
            ongoing,
            positions: known.map_or_else(|| vec![position], |known| known.positions),
            state: state.into(),
            decided_by: by,
            decided_at: at,
            reason,
            muted_until,
            activities,
        }
    }
}

/// Whether a principal may see the alerts of a tenant.
pub(crate) fn may_see(principal: &Principal, tenant: Option<&str>) -> bool {
    principal.tenant.as_deref().is_none_or(|own| tenant == Some(own))
}

fn is_version(known: &Known, alert: &Alert) -> bool {
    known.rule.version().to_string() == alert.rule_version
}

/// Alerts of silence end when the group speaks again, others a time after their last activity.
fn goes_on(known: &Known, alert: &Alert, now: Timestamp) -> bool {
    if matches!(known.rule.condition, Condition::Silence { .. }) {
        return alert.open_ended;
    }
    let lasts = SignedDuration::from_micros(known.rule.lasts().micros());
    alert.last_at.checked_add(lasts).is_ok_and(|end| now <= end)
}

fn group(alert: &Evaluated) -> BTreeMap<String, String> {
    let names = alert.group_by.iter().map(|field| field.name().to_owned());
    names.zip(alert.group.values.iter().cloned()).collect()
}
