//! Alert rules, the alerts that were raised, and how far the log was evaluated.
//!
//! One node evaluates the log. Its right is a *turn* with a number: a node that takes over gets a higher one, and
//! from then on the database refuses what the former evaluator still writes. Alerts and the position up to which the
//! log was evaluated are written in one commit, so after a crash the next evaluator goes on exactly where the last
//! one has ended. Each commit also names the version of the rules that it was made with, and is refused when they
//! have changed: so a rule counts from a certain position on.

use crate::{NewDelivery, Result};
use async_trait::async_trait;
use jiff::Timestamp;
use livetrail_types::Severity;
use std::{collections::BTreeMap, time::Duration};
use uuid::Uuid;

/// The part of a [`Store`](crate::Store) that keeps alerts.
#[async_trait]
pub trait Alerts: Send + Sync + 'static {
    /// The rules in the order of their ids, with their version.
    async fn alert_rules(&self) -> Result<AlertRules>;

    /// Keeps a rule, in place of one with the same id; that one is returned. It counts from the position on up to
    /// which the log was evaluated, so [`AlertRule::after`] of the argument is ignored.
    async fn put_alert_rule(&self, rule: AlertRule) -> Result<Option<AlertRule>>;

    /// Keeps a new rule as [`Alerts::put_alert_rule`] does, unless there is one with the same id, or there are `max`
    /// rules already.
    async fn add_alert_rule(&self, rule: AlertRule, max: u64) -> Result<AlertRuleAdded>;

    /// Removes a rule; what it was, if there was one with this id.
    async fn remove_alert_rule(&self, id: String) -> Result<Option<AlertRule>>;

    /// The right to evaluate the log for a time, or for longer if the node has it already. `None` while another node
    /// has it.
    async fn take_turn(&self, node: Uuid, time: Duration) -> Result<Option<Turn>>;

    /// Gives the right back before its time is over, so that another node need not wait.
    async fn end_turn(&self, turn: u64) -> Result<()>;

    /// Keeps alerts as the evaluator has them, and the position up to which the log was evaluated, in one commit.
    /// What people have decided about an alert stays.
    async fn advance(&self, progress: Progress) -> Result<Advanced>;

    /// The alerts whose last activity happened at a time or later, and those without an end, by the position that
    /// raised them.
    async fn alerts_since(&self, since: Timestamp) -> Result<Vec<Alert>>;

    /// The alerts of a version of a rule about a group with activities in a range of time, by the position that
    /// raised them.
    async fn alerts_of(&self, group: AlertGroup) -> Result<Vec<Alert>>;

    /// Alerts whose activity is not known to be in the log, the oldest first, at most `limit` of them.
    async fn unrecorded_alerts(&self, limit: u32) -> Result<Vec<Alert>>;

    /// Notes that the activities of these alerts are in the log.
    async fn alerts_are_recorded(&self, ids: Vec<Uuid>) -> Result<()>;

    /// A page of the alerts, the latest first.
    async fn alerts(&self, query: AlertQuery) -> Result<Vec<Alert>>;

    /// The alert with this id, and what people have decided about it.
    async fn alert(&self, id: Uuid) -> Result<Option<Alert>>;

    /// How many alerts of a tenant, or of all, are open: by the ids of their rules, for those that have some.
    async fn open_alerts(&self, tenant: Option<String>) -> Result<Vec<(String, u64)>>;

    /// Alerts that are new, or have changed in any way, since a mark: in the order of their last change, at most
    /// `limit` of them, each with its mark.
    async fn changed_alerts(&self, after: AlertMark, limit: u32) -> Result<Vec<(AlertMark, Alert)>>;

    /// The mark of the last change so far.
    async fn last_alert_change(&self) -> Result<AlertMark>;

    /// Stores a decision about an alert; the alert as it is then, if there is one with this id.
    async fn decide(&self, id: Uuid, decision: Decision) -> Result<Option<Alert>>;
}

/// A rule of the operator, or a change of a built-in one of the same id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRule {
    /// Its id.
    pub id: String,
    /// The rule as text.
    pub definition: String,
    /// Whether it is evaluated.
    pub enabled: bool,
    /// The only tenant whose activities it is about.
    pub tenant: Option<String>,
    /// The position before the first that this version of the rule is about.
    pub after: u64,
    /// The user or the key that has changed it last.
    pub changed_by: Option<String>,
    /// When that was.
    pub changed_at: Timestamp,
}

/// What has become of a new rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertRuleAdded {
    /// It is kept.
    Added,
    /// It is not: there is a rule with this id.
    IdTaken,
    /// It is not: there are as many rules as there may be.
    Full,
}

/// The rules, and what tells them from earlier ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertRules {
    /// Another number after each change.
    pub version: u64,
    /// In the order of their ids.
    pub rules: Vec<AlertRule>,
    /// The rules that have as many groups as they may have, built-in ones among them: for each, the position since
    /// which activities of further groups are not counted.
    pub saturated: BTreeMap<String, u64>,
}

/// The right of one node to evaluate the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Higher than that of each evaluator before.
    pub number: u64,
    /// The position up to which the log was evaluated.
    pub position: u64,
    /// The version of the rules.
    pub rules: u64,
}

/// What an evaluator keeps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// The number of its turn.
    pub turn: u64,
    /// The version of the rules that it has evaluated.
    pub rules: u64,
    /// The position up to which it has evaluated the log.
    pub position: u64,
    /// Alerts that are new, and those that have changed.
    pub alerts: Vec<Alert>,
    /// As [`AlertRules::saturated`].
    pub saturated: BTreeMap<String, u64>,
    /// What channels are to be notified of: kept in the same commit.
    pub deliveries: Vec<NewDelivery>,
}

/// What has become of a [`Progress`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advanced {
    /// It is kept.
    Kept,
    /// Nothing is: the rules have changed.
    RulesChanged,
    /// Nothing is: another node has a later turn.
    TurnLost,
}

/// A raised alert.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Follows from rule, version, group and position.
    pub id: Uuid,
    /// The id of the rule.
    pub rule: String,
    /// The version of the rule.
    pub rule_version: String,
    /// The title of the rule at that time.
    pub title: String,
    /// How grave it is.
    pub severity: Severity,
    /// The tenant of its activities, if all have the same.
    pub tenant: Option<String>,
    /// What its activities have in common, as text that is the same for the same group.
    pub group: String,
    /// The position of the activity that raised it.
    pub position: u64,
    /// When that activity was stored.
    pub raised_at: Timestamp,
    /// When the first of its activities happened.
    pub first_at: Timestamp,
    /// When the last of its activities happened.
    pub last_at: Timestamp,
    /// Whether it goes on however late its next activity is.
    pub open_ended: bool,
    /// Everything that the evaluator knows of it: JSON.
    pub content: String,
    /// What people have decided about it.
    pub decision: Decision,
}

/// The alerts of a version of a rule about a group, with activities in a range of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertGroup {
    /// The id of the rule.
    pub rule: String,
    /// The version of the rule.
    pub rule_version: String,
    /// As [`Alert::group`].
    pub group: String,
    /// The first moment.
    pub from: Timestamp,
    /// The last moment.
    pub to: Timestamp,
}

/// A decision about an alert.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// How far people are with it.
    pub state: AlertState,
    /// The user or the key that has decided; of none before the first decision.
    pub by: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
    /// Why.
    pub reason: Option<String>,
    /// Until when nobody is to be told of it again.
    pub muted_until: Option<Timestamp>,
}

/// A place in the sequence of the changes of alerts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AlertMark {
    /// The number of a commit that has changed alerts.
    pub change: u64,
    /// The last alert of that commit that is known; all are without it.
    pub id: Option<Uuid>,
}

/// How far people are with an alert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AlertState {
    /// Nobody has seen to it.
    #[default]
    Open,
    /// A person works on it.
    Acknowledged,
    /// There is nothing more to do.
    Resolved,
}

/// Alerts that are old enough to be removed once their activities are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OldAlerts {
    /// Resolved alerts whose last activity happened before this time.
    pub resolved: Timestamp,
    /// Other alerts whose last activity happened before this time.
    pub undecided: Timestamp,
}

/// Which alerts: those for which everything that is named is true.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertQuery {
    /// How far people are with it.
    pub state: Option<AlertState>,
    /// The id of the rule.
    pub rule: Option<String>,
    /// How grave it is.
    pub severity: Option<Severity>,
    /// The tenant.
    pub tenant: Option<String>,
    /// The page begins behind the alert with this position and id.
    pub after: Option<(u64, Uuid)>,
    /// How many at most.
    pub limit: u32,
}
