//! Legal holds: activities that the retention does not remove.

use super::{
    body,
    error::{ApiError, ApiResult},
    extract::Administrator,
    json::Json,
};
use crate::app::App;
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use jiff::Timestamp;
use livetrail_store::Hold;
use livetrail_types::{FieldError, limits};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

const MAX_REASON: usize = 500;
/// More of them would slow each run down.
const MAX_HOLDS: usize = 1_000;

/// The legal hold that is wanted. It means the activities for which everything is true that it names.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HoldRequest {
    /// Why they are kept.
    pub(crate) reason: String,
    /// Activities of this tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tenant_id: Option<String>,
    /// Activities of this user, as the user, the target or the delegate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) user_id: Option<String>,
    /// Activities that happened at this time or later, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) from: Option<Timestamp>,
    /// Activities that happened at this time or earlier, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) until: Option<Timestamp>,
}

/// A legal hold.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct HoldInfo {
    pub(crate) id: Uuid,
    pub(crate) reason: String,
    pub(crate) tenant_id: Option<String>,
    pub(crate) user_id: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) from: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) until: Option<Timestamp>,
    /// The user or the key that made it.
    pub(crate) made_by: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
}

impl From<Hold> for HoldInfo {
    fn from(hold: Hold) -> Self {
        let Hold { id, reason, tenant, user_id, from, until, made_by, created_at } = hold;
        Self { id, reason, tenant_id: tenant, user_id, from, until, made_by, created_at }
    }
}

/// Make a legal hold
///
/// No activity that it means is removed from now on, on any node, until the hold is released.
#[utoipa::path(
    post, path = "/api/admin/retention/holds", tag = "Retention",
    request_body = HoldRequest,
    responses(
        (status = 201, description = "The hold counts", body = HoldInfo),
        (status = 409, description = "There are too many holds"),
    )
)]
pub(super) async fn create_hold(
    State(app): State<Arc<App>>,
    Administrator(principal, origin): Administrator,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<(StatusCode, Json<HoldInfo>)> {
    let request: HoldRequest = body::json(&headers, body).await?;
    check(&request)?;
    if app.store.holds().await?.holds.len() >= MAX_HOLDS {
        return Err(ApiError::conflict(format!("There are {MAX_HOLDS} holds; release some of them")));
    }
    let HoldRequest { reason, tenant_id: tenant, user_id, from, until } = request;
    let (id, created_at) = (app.environment.fresh_id(), app.environment.now());
    let made_by = Some(principal.user_id.clone());
    let hold = Hold { id, reason, tenant, user_id, from, until, made_by, created_at };
    app.store.put_hold(hold.clone()).await?;
    app.self_audit.held(&principal, &origin, 201, &hold, false);
    Ok((StatusCode::CREATED, Json(hold.into())))
}

/// Release a legal hold
#[utoipa::path(
    delete, path = "/api/admin/retention/holds/{id}", tag = "Retention",
    params(("id" = Uuid, Path, description = "The hold's id")),
    responses((status = 204, description = "It keeps nothing any more"), (status = 404, description = "No such hold"))
)]
pub(super) async fn release_hold(
    State(app): State<Arc<App>>,
    Administrator(principal, origin): Administrator,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let released = match Uuid::try_parse(&id) {
        Ok(id) => app.store.release_hold(id).await?,
        Err(_) => None,
    };
    let hold = released.ok_or_else(|| ApiError::not_found("There is no hold with this id"))?;
    app.self_audit.held(&principal, &origin, 204, &hold, true);
    Ok(StatusCode::NO_CONTENT)
}

fn check(request: &HoldRequest) -> ApiResult<()> {
    let HoldRequest { reason, tenant_id, user_id, from, until } = request;
    let texts = [
        ("/reason", Some(reason), MAX_REASON),
        ("/tenant_id", tenant_id.as_ref(), limits::TENANT_ID),
        ("/user_id", user_id.as_ref(), limits::USER_ID),
    ];
    let is_text = |text: &str, most| {
        !text.trim().is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control)
    };
    let mut errors: Vec<FieldError> = texts
        .into_iter()
        .filter(|(_, text, most)| text.is_some_and(|text| !is_text(text, *most)))
        .map(|(pointer, _, most)| FieldError::new(pointer, format!("must have 1 to {most} characters")))
        .collect();
    if tenant_id.is_none() && user_id.is_none() && from.is_none() && until.is_none() {
        let help =
            "name a tenant_id, a user_id, from or until; to keep everything, give from 1970-01-01T00:00:00Z";
        errors.push(FieldError::new("", help));
    }
    if from.zip(*until).is_some_and(|(from, until)| from > until) {
        errors.push(FieldError::new("/until", "is before from"));
    }
    if errors.is_empty() { Ok(()) } else { Err(ApiError::invalid(errors)) }
}
