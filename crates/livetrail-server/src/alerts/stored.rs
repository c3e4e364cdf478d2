//! Alerts as the store keeps them.

use livetrail_alerts::{Alert, Condition, Rule};
use livetrail_store::{Alert as Stored, AlertGroup, Decision};
use livetrail_types::json;
use serde_json::Error;

/// What the store keeps of an alert. Times of late activities may lie before the times of the log.
pub(crate) fn stored(alert: &Alert, rule: &Rule, raised_at: jiff::Timestamp) -> Stored {
    Stored {
        id: alert.id,
        rule: alert.rule.clone(),
        rule_version: alert.version.to_string(),
        title: rule.title.clone(),
        severity: rule.severity,
        tenant: alert.group.tenant.clone(),
        group: json::to_string(&alert.group),
        position: alert.raised_by,
        raised_at,
        first_at: alert.first,
        last_at: alert.last,
        open_ended: matches!(rule.condition, Condition::Silence { .. }) && !alert.ended,
        content: json::to_string(alert),
        decision: Decision::default(),
    }
}

/// The alert as the evaluator knows it.
///
/// # Errors
/// When another version of Livetrail has written it, and this one cannot read it.
pub(crate) fn read(stored: &Stored) -> Result<Alert, Error> {
    serde_json::from_str(&stored.content)
}

/// The same for the evaluation, which goes on without an alert that cannot be read.
pub(super) fn read_or_tell(stored: &Stored) -> Option<Alert> {
    let read = read(stored);
    if let Err(error) = &read {
        let (alert, rule) = (stored.id, &stored.rule);
        tracing::error!(%alert, rule, %error, "an alert cannot be read: its group may raise another one while \
             it goes on");
    }
    read.ok()
}

/// The kept alerts that a question of the evaluator is about.
pub(super) fn group_of(question: &livetrail_alerts::Question<'_>) -> AlertGroup {
    AlertGroup {
        rule: question.rule.id.clone(),
        rule_version: question.version.to_string(),
        group: json::to_string(question.group),
        from: question.from,
        to: question.to,
    }
}
