//! The record, as it is stored and as it is shown.

mod again;
mod delegate;

pub use delegate::{Delegate, DelegateType};

use crate::{Catalogue, Device, Json, Mention, Severity, UserProfile, json, time};
use jiff::Timestamp;
use serde::Serialize;
use std::{borrow::Cow, net::IpAddr};
use utoipa::ToSchema;
use uuid::Uuid;

/// The resource type of Livetrail's own activities: views, sign-ins, refusals, keys. No application can send it.
pub const LIVETRAIL: &str = "livetrail";

/// Whether a resource type is, or would pass for, that of Livetrail's own activities.
pub fn is_reserved(resource_type: &str) -> bool {
    resource_type.trim().eq_ignore_ascii_case(LIVETRAIL)
}

/// One action of a user. It never changes once it is stored, except that personal data of a user may be erased.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Activity {
    /// Chosen by the sender (its idempotency key) or made by the server.
    pub id: Uuid,
    /// The position in the log: 1, 2, 3 … in the order of commits, without gaps.
    #[schema(example = 48_213)]
    pub position: u64,
    /// The time of the action, in epoch seconds.
    #[serde(serialize_with = "time::as_epoch_seconds")]
    #[schema(value_type = i64, example = 1_772_366_400)]
    pub timestamp: Timestamp,
    /// The time at which the server stored it, RFC 3339 UTC with microseconds.
    #[serde(serialize_with = "time::as_rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Whether the sender's time was not plausible, so that the server's was taken.
    pub timestamp_adjusted: bool,
    /// The user who acted. Anonymous users are `anon-…`.
    #[schema(example = "u-1042")]
    pub user_id: String,
    /// The action: a key of the action catalogue, or a name of the application's own.
    #[schema(example = "user_login")]
    pub action_type: String,
    /// The path that was called, without its query string.
    #[schema(example = "/api/login")]
    pub endpoint: Option<String>,
    /// The HTTP method, in upper case.
    #[schema(example = "POST")]
    pub http_method: Option<String>,
    /// The HTTP status, 100 to 599.
    #[schema(example = 200)]
    pub status_code: Option<u16>,
    /// Whether the action succeeded.
    pub success: bool,
    /// The error, as text for people.
    pub error_message: Option<String>,
    /// The type of the error, for programs.
    pub error_type: Option<String>,
    /// The user who was affected.
    pub target_user_id: Option<String>,
    /// The id of the resource that was affected.
    pub target_resource_id: Option<String>,
    /// The type of that resource.
    pub resource_type: Option<String>,
    /// Further data of the application.
    #[schema(value_type = Option<BTreeMap<String, serde_json::Value>>)]
    pub details: Option<Json>,
    /// The changed fields: `{field: {"from": …, "to": …}}`.
    #[schema(value_type = Option<BTreeMap<String, Change>>)]
    pub changes: Option<Json>,
    /// The duration, in milliseconds.
    pub duration_ms: Option<i32>,
    /// The number of database queries.
    pub db_query_count: Option<i32>,
    /// The address of the client.
    #[schema(value_type = Option<String>, example = "203.0.113.9")]
    pub ip_address: Option<IpAddr>,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
    /// Whether the user acted as an admin.
    pub is_admin: bool,
    /// Who acted in the user's name: an AI agent, support staff, a job. RFC 8693 calls it `act`.
    #[schema(example = "deploy-bot")]
    pub delegate_id: Option<String>,
    /// The type of that party.
    pub delegate_type: Option<DelegateType>,
    /// The channel that was used, such as `ui`, `api`, `mcp`, `cli` or `job`.
    #[schema(example = "mcp")]
    pub via: Option<String>,
    /// The session it belongs to. One that was a credential is stored as a keyed hash, `hashed:…`.
    pub session_id: Option<String>,
    /// The request it belongs to.
    pub request_id: Option<String>,
    /// The trace it belongs to.
    pub trace_id: Option<String>,
    /// The tenant it belongs to.
    pub tenant_id: Option<String>,
}

impl Activity {
    /// Whether two activities say the same, whatever the server has given each: position, time of storing.
    #[must_use]
    pub fn has_same_content(&self, other: &Self) -> bool {
        let plain = |activity: &Self| Self {
            position: 0,
            created_at: Timestamp::UNIX_EPOCH,
            timestamp_adjusted: false,
            details: None,
            changes: None,
            ..activity.clone()
        };
        plain(self) == plain(other)
            && is_same_json(self.details.as_ref(), other.details.as_ref())
            && is_same_json(self.changes.as_ref(), other.changes.as_ref())
    }
}

/// A database may have changed the order of keys and how numbers are written.
fn is_same_json(one: Option<&Json>, other: Option<&Json>) -> bool {
    let canonical = |json: &Json| {
        let mut bytes = Vec::new();
        let value = json::parse(json.as_str().as_bytes()).ok()?;
        json::to_canonical_writer(&mut bytes, &value).ok().map(|()| bytes)
    };
    match (one, other) {
        (Some(one), Some(other)) => {
            one == other || canonical(one).is_some_and(|one| Some(one) == canonical(other))
        }
        (one, other) => one == other,
    }
}

/// The value of a field before and after.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Change {
    /// The value before; null if there was none.
    pub from: serde_json::Value,
    /// The value after; null if the field was removed.
    pub to: serde_json::Value,
}

/// An activity as lists, streams and exports show it: with the user's names, its sentence and its device.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ActivityView<'a> {
    /// The record.
    #[serde(flatten)]
    pub activity: &'a Activity,
    /// `timestamp` as RFC 3339 UTC with microseconds.
    #[serde(serialize_with = "time::as_rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub occurred_at: Timestamp,
    /// The user's e-mail address, from the directory.
    pub user_email: Option<&'a str>,
    /// The user's name, from the directory.
    pub user_display_name: Option<&'a str>,
    /// The activity in a sentence.
    #[schema(example = "Ada Lovelace signed in")]
    pub description: String,
    /// The name of a Lucide icon.
    #[schema(example = "log-in")]
    pub icon: Cow<'a, str>,
    /// The action's group in the catalogue, `other` when it is not in there.
    #[schema(example = "authentication")]
    pub category: Cow<'a, str>,
    /// How much attention the action deserves.
    pub severity: Severity,
    /// Browser, operating system and class, read from the user agent.
    pub device: Option<Device>,
}

impl<'a> ActivityView<'a> {
    /// Dresses `activity` for showing.
    pub fn new(activity: &'a Activity, profile: Option<&'a UserProfile>, catalogue: &'a Catalogue) -> Self {
        let mention = Mention {
            action_type: &activity.action_type,
            user: profile.map_or(&activity.user_id, UserProfile::name),
            delegate: activity.delegate(),
            target: activity.target_user_id.as_deref().or(activity.target_resource_id.as_deref()),
            resource_type: activity.resource_type.as_deref(),
            success: activity.success,
        };
        Self {
            occurred_at: activity.timestamp,
            user_email: profile.and_then(|known| known.email.as_deref()),
            user_display_name: profile.and_then(|known| known.display_name.as_deref()),
            description: catalogue.describe(&mention),
            icon: catalogue.icon_of(&activity.action_type).into(),
            category: catalogue.category_of(&activity.action_type).into(),
            severity: catalogue.severity_of(&activity.action_type),
            device: activity.user_agent.as_deref().and_then(Device::parse),
            activity,
        }
    }
}

impl Activity {
    /// Whether the user is not known to the application by an account.
    pub fn is_anonymous(&self) -> bool {
        self.user_id.starts_with("anon-")
    }
}

#[cfg(test)]
mod tests;
