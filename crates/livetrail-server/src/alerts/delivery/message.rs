//! What a channel is told.

use crate::alerts::{AlertInfo, State};
use jiff::Timestamp;
use livetrail_types::{Severity, visible};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Most characters of a value, and of a title, in texts for people. Webhooks have all of them.
const MAX_SHOWN: usize = 300;

/// What a channel is told about an alert.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) kind: Kind,
    /// The alert as it is now.
    pub(crate) alert: AlertInfo,
    /// Further alerts of the rule since the last message about it, of the same group or after a flood of any.
    pub(crate) further: u64,
    /// When that happened which is told. It stays the same when a message is sent again.
    pub(crate) at: Timestamp,
    /// With [`Kind::Flood`]: until when the channel hears nothing of the rule.
    pub(crate) silent_until: Option<Timestamp>,
}

/// Why a channel is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// The alert is new.
    Raised,
    /// It goes on, or it is the latest of several that were raised since the last message.
    Continued,
    /// It was resolved.
    Resolved,
    /// Its rule raises so many alerts that the channel hears nothing of it for a time.
    Flood,
    /// A user has asked for a message, to see whether it arrives.
    Test,
}

impl Kind {
    /// The type of a webhook.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Raised => "alert.raised",
            Self::Continued => "alert.continued",
            Self::Resolved => "alert.resolved",
            Self::Flood => "alert.flood",
            Self::Test => "alert.test",
        }
    }
}

/// Where a message leads.
#[derive(Debug, Serialize)]
pub(super) struct Links {
    /// The alert in the dashboard.
    pub(super) alert: String,
    /// Its activities in the dashboard, if a filter can say them.
    pub(super) activities: Option<String>,
}

impl Message {
    /// A message about an alert that never was.
    pub(crate) fn test(tenant: Option<String>, now: Timestamp) -> Self {
        let alert = AlertInfo {
            id: Uuid::nil(),
            rule: "test".into(),
            rule_version: String::new(),
            title: "This is a test of the channel".into(),
            severity: Severity::Info,
            tenant_id: tenant,
            group: BTreeMap::new(),
            position: 0,
            raised_at: now,
            first_at: now,
            last_at: now,
            count: 0,
            late: false,
            ongoing: false,
            positions: Vec::new(),
            state: State::Open,
            decided_by: None,
            decided_at: None,
            reason: None,
            muted_until: None,
            activities: String::new(),
        };
        Self { kind: Kind::Test, alert, further: 0, at: now, silent_until: None }
    }

    /// Links into the dashboard. A test has no alert, so it leads to the list.
    pub(super) fn links(&self, public_url: &str) -> Links {
        let query = match self.kind {
            Kind::Test => String::new(),
            _ => format!("?alert={}", self.alert.id),
        };
        let activities = &self.alert.activities;
        Links {
            alert: format!("{public_url}/alerts{query}"),
            activities: (!activities.is_empty()).then(|| format!("{public_url}/admin/activity?{activities}")),
        }
    }

    /// One line that says the most, without values of activities.
    pub(super) fn headline(&self) -> String {
        let (title, severity) = (shown(&self.alert.title), self.alert.severity.name());
        match self.kind {
            Kind::Raised => format!("[{severity}] {title}"),
            Kind::Continued if self.further > 0 => {
                format!("[{severity}] {} more alerts: {title}", self.further + 1)
            }
            Kind::Continued => format!("[{severity}] Still going: {title}"),
            Kind::Resolved => format!("[resolved] {title}"),
            Kind::Flood => format!("[muted] Too many alerts: {title}"),
            Kind::Test => format!("[test] {title}"),
        }
    }

    /// A sentence about what follows from the message, where something does.
    pub(super) fn note(&self) -> Option<String> {
        match (self.kind, self.silent_until) {
            (Kind::Flood, Some(until)) => Some(format!(
                "The rule raises so many alerts that this channel is told nothing of it until {}. The dashboard has \
                 all of them.",
                moment(until)
            )),
            (Kind::Test, _) => Some("Messages of Livetrail arrive here.".into()),
            _ if self.further == 1 => {
                Some("This is the latest one. The rule raised 1 further alert before it.".into())
            }
            _ if self.further > 1 => Some(format!(
                "This is the latest one. The rule raised {} further alerts before it.",
                self.further
            )),
            _ => None,
        }
    }

    /// Names and values for people. Values come from activities: their invisible characters are shown, so that there
    /// is no line break and no reversed text in them.
    pub(super) fn facts(&self) -> Vec<(String, String)> {
        let alert = &self.alert;
        if self.kind == Kind::Test {
            return Vec::new();
        }
        let mut facts: Vec<_> =
            alert.group.iter().map(|(field, value)| (shown(field), shown(value))).collect();
        facts.extend(alert.tenant_id.iter().map(|tenant| ("tenant".into(), shown(tenant))));
        let late = if alert.late { " (arrived late)" } else { "" };
        facts.extend([
            ("activities".into(), alert.count.to_string()),
            ("first".into(), moment(alert.first_at)),
            ("last".into(), format!("{}{late}", moment(alert.last_at))),
            ("rule".into(), shown(&alert.rule)),
        ]);
        let decision =
            (self.kind == Kind::Resolved).then_some([("by", &alert.decided_by), ("reason", &alert.reason)]);
        let decision = decision.into_iter().flatten();
        facts.extend(decision.filter_map(|(name, text)| Some((name.into(), shown(text.as_ref()?)))));
        facts
    }
}

/// To the second, in UTC.
fn moment(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A text of an untrusted client in one line, with its invisible characters shown, and cut where it is long.
pub(super) fn shown(text: &str) -> String {
    cut(&visible(text), MAX_SHOWN)
}

/// The first characters of a text, with an ellipsis where something is left out.
pub(super) fn cut(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
