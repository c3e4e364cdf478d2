//! Channels as the API shows them.

use crate::{app::App, http::error::ApiResult};
use jiff::Timestamp;
use livetrail_store::{AlertChannel, Backlog};
use livetrail_types::Severity;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A channel that is notified of alerts, without its secrets.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct AlertChannelInfo {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    /// `webhook`, `slack`, `teams` or `email`.
    pub(crate) kind: String,
    /// Where its messages go, without secrets.
    pub(crate) destination: String,
    /// The only tenant whose alerts it is told; every tenant's if it is null.
    pub(crate) tenant_id: Option<String>,
    /// The least severity of an alert that it is told.
    pub(crate) severity: Severity,
    /// The ids of the only rules whose alerts it is told; every rule's if it is empty.
    pub(crate) rules: Vec<String>,
    /// The pause after a message about a rule and a group, in minutes.
    pub(crate) cooldown_minutes: u64,
    /// Whether it is used.
    pub(crate) enabled: bool,
    /// The user or the key that has created it.
    pub(crate) created_by: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    /// When a message was last accepted.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) last_success_at: Option<Timestamp>,
    /// When an attempt has last failed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) last_failure_at: Option<Timestamp>,
    /// Why it did.
    pub(crate) last_failure: Option<String>,
    /// The first failure since a message was accepted; null if the last attempt did not fail.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) failing_since: Option<Timestamp>,
    /// Alerts that it is still to be told.
    pub(crate) waiting: u64,
    /// Alerts that it was not told, until a replay.
    pub(crate) parked: u64,
}

/// Channels as they are now.
pub(super) async fn shown(app: &App, channels: Vec<AlertChannel>) -> ApiResult<Vec<AlertChannelInfo>> {
    let backlog = app.store.backlog().await?;
    let show = |channel: AlertChannel| {
        let left = backlog.iter().find(|left| left.channel == channel.id).copied().unwrap_or_default();
        of(app, channel, left)
    };
    Ok(channels.into_iter().map(show).collect())
}

/// A channel, with what is left in its outbox.
pub(super) fn of(app: &App, channel: AlertChannel, left: Backlog) -> AlertChannelInfo {
    let destination = match app.delivery.seal.open(channel.id, &channel.destination) {
        Ok(opened) => opened.destination.to_string(),
        Err(error) => error.to_string(),
    };
    AlertChannelInfo {
        id: channel.id,
        name: channel.name,
        kind: channel.kind,
        destination,
        tenant_id: channel.tenant,
        severity: channel.severity,
        rules: channel.rules,
        cooldown_minutes: channel.cooldown.as_secs() / 60,
        enabled: channel.enabled,
        created_by: channel.created_by,
        created_at: channel.created_at,
        last_success_at: channel.last_success,
        last_failure_at: channel.last_failure,
        last_failure: channel.failure,
        failing_since: channel.failing_since,
        waiting: left.waiting,
        parked: left.parked,
    }
}
