use super::{
    info::{self, AlertChannelInfo},
    settings::{self, COOLDOWN_MINUTES, ChannelKind, fault},
};
use crate::{
    access::{Principal, Refusal, is_name},
    alerts::delivery::{Destination, SealedDestination, WebhookSecret},
    app::App,
    http::{
        body,
        error::{ApiError, ApiResult},
        extract::Decider,
        json::Json,
    },
    self_audit::ChannelChange,
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use livetrail_store::{AlertChannel, Backlog};
use livetrail_types::{Severity, limits};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The outbox asks for what is due to each of them.
const MAX_CHANNELS: usize = 50;

/// The channel that is wanted.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAlertChannel {
    /// What people call it.
    pub(crate) name: String,
    pub(crate) kind: ChannelKind,
    /// Where messages are posted; not for e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
    /// 1 to 20 e-mail addresses; only for e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<Vec<String>>,
    /// The secret that signs the requests of a webhook: `whsec_` and 24 to 64 bytes in base64. One is made without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(crate) secret: Option<WebhookSecret>,
    /// The only tenant whose alerts it is told; every tenant's without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tenant_id: Option<String>,
    /// The least severity of an alert that it is told.
    #[serde(default)]
    pub(crate) severity: Severity,
    /// The ids of the only rules whose alerts it is told; every rule's if it is empty.
    #[serde(default)]
    pub(crate) rules: Vec<String>,
    /// The pause after a message about a rule and a group, in minutes: further alerts of it are told in one message at
    /// its end. At most 1,440.
    #[serde(default = "cooldown_minutes")]
    pub(crate) cooldown_minutes: u64,
    /// Whether it is used.
    #[serde(default = "yes")]
    pub(crate) enabled: bool,
}

fn cooldown_minutes() -> u64 {
    COOLDOWN_MINUTES
}

fn yes() -> bool {
    true
}

/// A channel with a new secret, which is shown this once.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct NewChannelInfo {
    /// The secret that signs the requests of a webhook; null for other kinds.
    pub(crate) secret: Option<String>,
    #[serde(flatten)]
    pub(crate) channel: AlertChannelInfo,
}

/// Create a channel
///
/// It is told of the alerts that are raised from now on. Its secret is shown this once.
#[utoipa::path(
    post, path = "/api/admin/alert-channels", tag = "Alerts",
    request_body = NewAlertChannel,
    responses(
        (status = 201, description = "The channel and its secret", body = NewChannelInfo),
        (status = 409, description = "There are as many channels as there may be"),
        (status = 422, description = "The body is not right"),
    )
)]
pub(in crate::http) async fn create_channel(
    State(app): State<Arc<App>>,
    Decider(principal, origin): Decider,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<(StatusCode, Json<NewChannelInfo>)> {
    let wanted: NewAlertChannel = body::json(&headers, body).await?;
    if app.store.alert_channels().await?.len() >= MAX_CHANNELS {
        return Err(ApiError::conflict(format!("There are {MAX_CHANNELS} channels; remove some of them")));
    }
    let (channel, destination) = checked(&app, &principal, wanted).await?;
    app.store.put_alert_channel(channel.clone()).await?;
    let change = ChannelChange { what: "created", before: None, after: Some(&channel), is_moved: false };
    app.self_audit.changed_channel(&principal, &origin, 201, &change);
    let (secret, left) = (newest_secret(&destination), Backlog::default());
    let created = NewChannelInfo { secret, channel: info::of(&app, channel, left) };
    Ok((StatusCode::CREATED, Json(created)))
}

/// The secret of a webhook.
pub(super) fn newest_secret(destination: &Destination) -> Option<String> {
    match destination {
        Destination::Webhook { secrets, .. } => secrets.first().map(|secret| secret.text().to_owned()),
        _ => None,
    }
}

async fn checked(
    app: &App,
    principal: &Principal,
    wanted: NewAlertChannel,
) -> ApiResult<(AlertChannel, Destination)> {
    let NewAlertChannel { kind, url, to, secret, .. } = wanted;
    let mut destination = kind.destination(url, to, secret)?;
    if let Destination::Webhook { secrets, .. } = &mut destination
        && secrets.is_empty()
    {
        secrets.push(WebhookSecret::fresh(&*app.environment));
    }
    settings::check_destination(app, &destination)?;
    let id = app.environment.fresh_id();
    let channel = AlertChannel {
        id,
        name: settings::name(&wanted.name)?,
        kind: destination.kind().into(),
        destination: app.delivery.seal.seal(id, &SealedDestination::from(destination.clone()))?,
        tenant: tenant(principal, wanted.tenant_id)?,
        severity: wanted.severity,
        rules: settings::rules(app, wanted.rules).await?,
        cooldown: settings::cooldown(wanted.cooldown_minutes)?,
        enabled: wanted.enabled,
        created_by: Some(principal.user_id.clone()),
        created_at: app.environment.now(),
        last_success: None,
        last_failure: None,
        failure: None,
        failing_since: None,
    };
    Ok((channel, destination))
}

/// The tenant of the channel. That of an admin of one tenant is the admin's.
fn tenant(principal: &Principal, named: Option<String>) -> ApiResult<Option<String>> {
    if named.as_deref().is_some_and(|named| !is_name(named, limits::TENANT_ID)) {
        let detail = format!("must have 1 to {} characters, and no control characters", limits::TENANT_ID);
        return Err(fault("/tenant_id", detail));
    }
    match &principal.tenant {
        Some(own) if named.as_ref().is_some_and(|named| named != own) => Err(Refusal::OtherTenant.into()),
        Some(own) => Ok(Some(own.clone())),
        None => Ok(named),
    }
}
