use super::{
    create::{NewChannelInfo, newest_secret},
    find,
    info::{self, AlertChannelInfo},
    not_found,
    settings::{self, ChannelKind, fault},
};
use crate::{
    alerts::delivery::{SealedDestination, WebhookSecret},
    app::App,
    http::{body, error::ApiResult, extract::Decider, json::Json},
    self_audit::ChannelChange,
};
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use livetrail_store::AlertChannel;
use livetrail_types::Severity;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// A change of a channel. What is left out stays as it is.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlertChannelChange {
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// Where messages are posted. A webhook keeps its secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
    /// 1 to 20 e-mail addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<Vec<String>>,
    /// The least severity of an alert that it is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) severity: Option<Severity>,
    /// The ids of the only rules whose alerts it is told; every rule's if it is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rules: Option<Vec<String>>,
    /// The pause after a message about a rule and a group, in minutes, at most 1,440.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cooldown_minutes: Option<u64>,
    /// Whether it is used. What waits for a channel that is not, waits until it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) enabled: Option<bool>,
}

/// A new secret of a webhook.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecretRotation {
    /// `whsec_` and 24 to 64 bytes in base64. One is made without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(crate) secret: Option<WebhookSecret>,
}

/// Change a channel
#[utoipa::path(
    put, path = "/api/admin/alert-channels/{id}", tag = "Alerts",
    params(("id" = Uuid, Path, description = "The channel's id")),
    request_body = AlertChannelChange,
    responses(
        (status = 200, description = "The channel", body = AlertChannelInfo),
        (status = 404, description = "Not found, or not visible to this credential"),
        (status = 422, description = "The body is not right"),
    )
)]
pub(in crate::http) async fn change_channel(
    State(app): State<Arc<App>>,
    Decider(principal, origin): Decider,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Json<AlertChannelInfo>> {
    let change: AlertChannelChange = body::json(&headers, body).await?;
    let before = find(&app, &principal, &id).await?;
    let after = changed(&app, &before, change).await?;
    if after != before {
        app.store.put_alert_channel(after.clone()).await?;
        let is_moved = after.destination != before.destination;
        let change = ChannelChange { what: "changed", before: Some(&before), after: Some(&after), is_moved };
        app.self_audit.changed_channel(&principal, &origin, 200, &change);
        app.delivery.changed.notify_one();
    }
    info::shown(&app, vec![after]).await?.pop().map(Json).ok_or_else(not_found)
}

async fn changed(app: &App, before: &AlertChannel, change: AlertChannelChange) -> ApiResult<AlertChannel> {
    let mut after = before.clone();
    if let Some(name) = change.name {
        after.name = settings::name(&name)?;
    }
    if let Some(rules) = change.rules {
        after.rules = settings::rules(app, rules).await?;
    }
    if let Some(minutes) = change.cooldown_minutes {
        after.cooldown = settings::cooldown(minutes)?;
    }
    after.severity = change.severity.unwrap_or(before.severity);
    after.enabled = change.enabled.unwrap_or(before.enabled);
    if change.url.is_some() || change.to.is_some() {
        let kind = ChannelKind::named(&before.kind).ok_or_else(not_found)?;
        let destination = kind.destination(change.url, change.to, None)?;
        let kept = app.delivery.seal.open(before.id, &before.destination)?;
        let moved = kept.with_destination(destination);
        settings::check_destination(app, &moved.destination)?;
        if moved.destination != kept.destination {
            after.destination = app.delivery.seal.seal(before.id, &moved)?;
        }
    }
    Ok(after)
}

/// Remove a channel
///
/// What it has not been told yet is removed with it.
#[utoipa::path(
    delete, path = "/api/admin/alert-channels/{id}", tag = "Alerts",
    params(("id" = Uuid, Path, description = "The channel's id")),
    responses(
        (status = 204, description = "It is removed"),
        (status = 404, description = "Not found, or not visible to this credential"),
    )
)]
pub(in crate::http) async fn remove_channel(
    State(app): State<Arc<App>>,
    Decider(principal, origin): Decider,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let channel = find(&app, &principal, &id).await?;
    if let Some(former) = app.store.remove_alert_channel(channel.id).await? {
        let change = ChannelChange { what: "removed", before: Some(&former), after: None, is_moved: false };
        app.self_audit.changed_channel(&principal, &origin, 204, &change);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Rotate the secret of a webhook
///
/// Requests carry a signature with the new secret, and for 24 hours also one with the old secret.
#[utoipa::path(
    post, path = "/api/admin/alert-channels/{id}/rotate-secret", tag = "Alerts",
    params(("id" = Uuid, Path, description = "The channel's id")),
    request_body = SecretRotation,
    responses(
        (status = 200, description = "The channel and its new secret, which is shown this once", body = NewChannelInfo),
        (status = 404, description = "Not found, or not visible to this credential"),
        (status = 422, description = "It is no webhook, or the secret is not right"),
    )
)]
pub(in crate::http) async fn rotate_secret(
    State(app): State<Arc<App>>,
    Decider(principal, origin): Decider,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Json<NewChannelInfo>> {
    let SecretRotation { secret } = body::json(&headers, body).await?;
    let before = find(&app, &principal, &id).await?;
    let secret = secret.unwrap_or_else(|| WebhookSecret::fresh(&*app.environment));
    let kept: SealedDestination = app.delivery.seal.open(before.id, &before.destination)?;
    let rotated = kept
        .with_secret(secret, app.environment.now())
        .ok_or_else(|| fault("/secret", "is not possible: only webhooks have one"))?;
    settings::check_destination(&app, &rotated.destination)?;
    let destination = app.delivery.seal.seal(before.id, &rotated)?;
    let after = AlertChannel { destination, ..before.clone() };
    app.store.put_alert_channel(after.clone()).await?;
    let change =
        ChannelChange { what: "secret rotated", before: Some(&before), after: Some(&after), is_moved: false };
    app.self_audit.changed_channel(&principal, &origin, 200, &change);
    let channel = info::shown(&app, vec![after]).await?.pop().ok_or_else(not_found)?;
    Ok(Json(NewChannelInfo { secret: newest_secret(&rotated.destination), channel }))
}
