//! Decisions about an alert.

use super::{find, not_found, shown_one};
use crate::{
    alerts::AlertInfo,
    app::App,
    http::{
        body,
        error::{ApiError, ApiResult},
        extract::Decider,
        json::Json,
    },
};
use axum::{
    body::Body,
    extract::{Path, State},
    http::HeaderMap,
};
use jiff::Timestamp;
use livetrail_store::{AlertState, Decision};
use livetrail_types::{FieldError, parse_moment};
use serde::{Deserialize, Deserializer, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

const MAX_REASON: usize = 1_000;

/// A decision.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AlertDecision)]
pub(crate) struct WithReason {
    /// The reason, for those who read it later; at most 1,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
}

/// Until when nobody is notified of the alert.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AlertMute)]
pub(crate) struct Mute {
    /// RFC 3339. Null ends the mute.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    pub(crate) until: Option<Option<String>>,
    /// The reason, for those who read it later; at most 1,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
}

/// Tells null from a field that is missing.
fn given<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// A call about one alert.
type Call = (State<Arc<App>>, Decider, Path<String>);

/// Acknowledge an alert
///
/// It says that a person works on it. Further activities continue the alert and do not change the decision.
#[utoipa::path(
    post, path = "/api/admin/alerts/{id}/acknowledge", tag = "Alerts",
    params(("id" = Uuid, Path, description = "The alert's id")),
    request_body = WithReason,
    responses(
        (status = 200, description = "The alert as it is now", body = AlertInfo),
        (status = 404, description = "Not found, or not visible to this credential"),
    )
)]
pub(in crate::http) async fn acknowledge_alert(
    app: State<Arc<App>>,
    decider: Decider,
    id: Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Json<AlertInfo>> {
    let WithReason { reason } = body::json(&headers, body).await?;
    decide((app, decider, id), "acknowledged", reason, |_, said| Decision {
        state: AlertState::Acknowledged,
        ..said
    })
    .await
}

/// Resolve an alert
///
/// It says that there is nothing more to do. What happens further continues the alert while it lasts, and raises a new
/// one later.
#[utoipa::path(
    post, path = "/api/admin/alerts/{id}/resolve", tag = "Alerts",
    params(("id" = Uuid, Path, description = "The alert's id")),
    request_body = WithReason,
    responses(
        (status = 200, description = "The alert as it is now", body = AlertInfo),
        (status = 404, description = "Not found, or not visible to this credential"),
    )
)]
pub(in crate::http) async fn resolve_alert(
    app: State<Arc<App>>,
    decider: Decider,
    id: Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Json<AlertInfo>> {
    let WithReason { reason } = body::json(&headers, body).await?;
    decide((app, decider, id), "resolved", reason, |_, said| Decision { state: AlertState::Resolved, ..said })
        .await
}

/// Mute an alert
///
/// Nobody is notified of it until then. It stays in the list, in the state that it has. Without a reason, the decision
/// about the state keeps its own, and who made it.
#[utoipa::path(
    post, path = "/api/admin/alerts/{id}/mute", tag = "Alerts",
    params(("id" = Uuid, Path, description = "The alert's id")),
    request_body = Mute,
    responses(
        (status = 200, description = "The alert as it is now", body = AlertInfo),
        (status = 404, description = "Not found, or not visible to this credential"),
    )
)]
pub(in crate::http) async fn mute_alert(
    app: State<Arc<App>>,
    decider: Decider,
    id: Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Json<AlertInfo>> {
    let Mute { until, reason } = body::json(&headers, body).await?;
    let muted_until = end_of_mute(until, app.environment.now())
        .map_err(|detail| ApiError::invalid(vec![FieldError::new("/until", detail)]))?;
    let what = if muted_until.is_some() { "muted" } else { "unmuted" };
    decide((app, decider, id), what, reason, |before, said| {
        let is_aside = said.reason.is_none() && before.state != AlertState::Open;
        Decision { muted_until, ..if is_aside { before } else { said } }
    })
    .await
}

fn end_of_mute(until: Option<Option<String>>, now: Timestamp) -> Result<Option<Timestamp>, &'static str> {
    match until {
        None => Err("is missing: a time such as 2026-03-01T12:00:00Z, or null to end a mute"),
        Some(None) => Ok(None),
        Some(Some(text)) => match parse_moment(&text)? {
            end if end <= now => Err("is in the past; give null to end a mute"),
            end => Ok(Some(end)),
        },
    }
}

/// Keeps a decision, and records it. It is made of the one before, and of the same with who decides now and why.
async fn decide(
    (State(app), Decider(principal, origin), Path(id)): Call,
    what: &str,
    reason: Option<String>,
    change: impl FnOnce(Decision, Decision) -> Decision,
) -> ApiResult<Json<AlertInfo>> {
    let reason = checked(reason)?;
    let alert = find(&app, &principal, &id).await?;
    let said = Decision {
        by: Some(principal.user_id.clone()),
        at: Some(app.environment.now()),
        reason,
        ..alert.decision.clone()
    };
    let decided = app.store.decide(alert.id, change(alert.decision, said)).await?.ok_or_else(not_found)?;
    app.self_audit.decided(&principal, &origin, what, &decided);
    Ok(Json(shown_one(&app, decided).await?))
}

/// A reason without spaces around it; none if nothing is left.
fn checked(reason: Option<String>) -> ApiResult<Option<String>> {
    let reason = reason.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let is_control = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    let is_right = |text: &String| text.chars().count() <= MAX_REASON && !text.chars().any(is_control);
    if reason.as_ref().is_none_or(is_right) {
        return Ok(reason);
    }
    let detail = format!("must have at most {MAX_REASON} characters, and no control characters");
    Err(ApiError::invalid(vec![FieldError::new("/reason", detail)]))
}
