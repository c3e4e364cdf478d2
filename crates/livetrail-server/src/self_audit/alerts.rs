//! Records of alerts: decisions about them, and changes of rules and channels.

use super::{Origin, SelfAudit, Target};
use crate::access::Principal;
use livetrail_store::{Alert, AlertChannel, AlertRule};
use livetrail_types::actions;
use serde_json::{Map, Value, json};

/// Characters of a definition that a record repeats.
const DEFINITION: usize = 4_000;

/// What is shown of a channel.
type Shown = fn(&AlertChannel) -> Value;

impl SelfAudit {
    /// A principal has decided about an alert. The record is an API operation and not a change of settings, because a
    /// default rule raises an alert at each of those.
    pub(crate) fn decided(&self, by: &Principal, origin: &Origin, what: &str, alert: &Alert) {
        let Alert { id, rule, tenant, decision, .. } = alert;
        let details = json!({"alert": {
            "decision": what, "rule": rule, "tenant_id": tenant, "reason": decision.reason,
            "muted_until": decision.muted_until,
        }});
        self.did(by, actions::API_OPERATION, origin, 200, Target::resource(*id), details);
    }

    /// A principal has made, changed or removed a rule for alerts.
    pub(crate) fn changed_rule(&self, by: &Principal, origin: &Origin, status: u16, change: &RuleChange<'_>) {
        let RuleChange { what, id, before, after } = *change;
        let mut changes = Map::new();
        let mut note = |field: &str, from: Option<Value>, to: Option<Value>| {
            if from != to {
                changes.insert(field.to_owned(), json!({"from": from, "to": to}));
            }
        };
        let definition = |rule: &AlertRule| json!(cut(&rule.definition));
        note("enabled", before.map(|rule| rule.enabled.into()), after.map(|rule| rule.enabled.into()));
        note("definition", before.map(definition), after.map(definition));
        note("tenant_id", before.map(|rule| json!(rule.tenant)), after.map(|rule| json!(rule.tenant)));
        let details = json!({"alert_rule": {"change": what, "id": id, "changes": changes}});
        let target = Target { user_id: None, resource_id: Some(id.to_owned()) };
        self.did(by, actions::SETTINGS_UPDATED, origin, status, target, details);
    }
}

impl SelfAudit {
    /// A principal has made, changed or removed a channel. Its destination and its secrets are not repeated.
    pub(crate) fn changed_channel(
        &self,
        by: &Principal,
        origin: &Origin,
        status: u16,
        change: &ChannelChange<'_>,
    ) {
        let ChannelChange { what, before, after, is_moved } = *change;
        let Some(channel) = after.or(before) else { return };
        let fields: [(&str, Shown); 7] = [
            ("name", |channel| json!(channel.name)),
            ("kind", |channel| json!(channel.kind)),
            ("tenant_id", |channel| json!(channel.tenant)),
            ("severity", |channel| json!(channel.severity)),
            ("rules", |channel| json!(channel.rules)),
            ("cooldown_minutes", |channel| json!(channel.cooldown.as_secs() / 60)),
            ("enabled", |channel| json!(channel.enabled)),
        ];
        let changes: Map<_, _> = fields
            .into_iter()
            .map(|(name, field)| (name, before.map(field), after.map(field)))
            .filter(|(_, from, to)| from != to)
            .map(|(name, from, to)| (name.to_owned(), json!({"from": from, "to": to})))
            .collect();
        let details = json!({"alert_channel": {
            "change": what, "name": channel.name, "destination_changed": is_moved, "changes": changes,
        }});
        self.did(by, actions::SETTINGS_UPDATED, origin, status, Target::resource(channel.id), details);
    }
}

/// A change of a channel that is notified of alerts.
pub(crate) struct ChannelChange<'a> {
    /// `created`, `changed`, `removed` or `secret rotated`.
    pub(crate) what: &'a str,
    pub(crate) before: Option<&'a AlertChannel>,
    pub(crate) after: Option<&'a AlertChannel>,
    /// Whether its messages go to another place.
    pub(crate) is_moved: bool,
}

/// A change of a rule for alerts.
pub(crate) struct RuleChange<'a> {
    /// `created`, `changed`, `removed` or `reset`.
    pub(crate) what: &'a str,
    pub(crate) id: &'a str,
    pub(crate) before: Option<&'a AlertRule>,
    pub(crate) after: Option<&'a AlertRule>,
}

/// The beginning of a long definition.
fn cut(definition: &str) -> String {
    match definition.char_indices().nth(DEFINITION) {
        Some((end, _)) => format!("{}…", &definition[..end]),
        None => definition.to_owned(),
    }
}
