//! API keys.

use super::{
    body,
    error::{ApiError, ApiResult},
    extract::{Administrator, Auditor},
    json::Json,
    session_audit,
};
use crate::{
    access::{Minted, NewCredential},
    app::App,
    self_audit::Target,
};
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use jiff::Timestamp;
use livetrail_store::Credential;
use livetrail_types::{FieldError, Filter, Role, actions, limits};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

const MAX_NAME: usize = 100;
/// What is said of a key without an end.
const NO_END: &str = "This key never expires; give expires_at, so that one that is lost or forgotten does";

/// The API key that is wanted.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyRequest {
    /// What people call it.
    pub(crate) name: String,
    /// What it may do.
    pub(crate) role: Role,
    /// The only tenant that it reads and writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tenant_id: Option<String>,
    /// When it ends, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) expires_at: Option<Timestamp>,
}

/// An API key, without its secret.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct KeyInfo {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) tenant_id: Option<String>,
    /// The user who made it; null for keys that are older than this field.
    pub(crate) created_by: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    /// When it was last used, to about a minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) last_used_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) expires_at: Option<Timestamp>,
    /// What would be better, if there is something.
    pub(crate) advice: Option<String>,
}

/// A new API key. Its secret is shown this once.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct NewKey {
    /// The secret, for `Authorization: Bearer`.
    pub(crate) key: String,
    #[serde(flatten)]
    pub(crate) info: KeyInfo,
}

/// All API keys.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct KeyList {
    pub(crate) keys: Vec<KeyInfo>,
}

impl From<Credential> for KeyInfo {
    fn from(credential: Credential) -> Self {
        let Credential { id, name, role, tenant, created_by, created_at, last_used_at, expires_at, .. } =
            credential;
        let advice = expires_at.is_none().then(|| NO_END.to_owned());
        Self { id, name, role, tenant_id: tenant, created_by, created_at, last_used_at, expires_at, advice }
    }
}

/// List API keys
#[utoipa::path(
    get, path = "/api/admin/keys", tag = "Access",
    responses((status = 200, description = "The keys, oldest first", body = KeyList))
)]
pub(super) async fn list_keys(
    State(app): State<Arc<App>>,
    Auditor(principal, origin): Auditor,
) -> ApiResult<Json<KeyList>> {
    let keys: Vec<KeyInfo> = app.access.list_keys().await?.into_iter().map(KeyInfo::from).collect();
    let details = json!({"list": "keys", "results_count": keys.len()});
    app.self_audit.viewed(&principal, actions::API_OPERATION, &origin, &Filter::default(), details);
    Ok(Json(KeyList { keys }))
}

/// Create an API key
#[utoipa::path(
    post, path = "/api/admin/keys", tag = "Access",
    request_body = KeyRequest,
    responses(
        (status = 201, description = "The key and its secret, which is shown this once", body = NewKey),
        (status = 422, description = "The body is not right"),
    )
)]
pub(super) async fn create_key(
    State(app): State<Arc<App>>,
    Administrator(principal, origin): Administrator,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<(StatusCode, Json<NewKey>)> {
    let request: KeyRequest = body::json(&headers, body).await?;
    check(&request, app.environment.now())?;
    let KeyRequest { name, role, tenant_id, expires_at } = request;
    let wanted = NewCredential { name, role, tenant: tenant_id, expires_at };
    let Minted { credential, secret } = app.access.create_key(&principal, wanted).await?;
    let target = Target::resource(credential.id);
    app.self_audit.did(&principal, actions::API_KEY_CREATED, &origin, 201, target, about(&credential));
    Ok((StatusCode::CREATED, Json(NewKey { key: secret.to_string(), info: credential.into() })))
}

/// Revoke an API key
#[utoipa::path(
    delete, path = "/api/admin/keys/{id}", tag = "Access",
    params(("id" = Uuid, Path, description = "The key's id")),
    responses((status = 204, description = "It opens nothing any more"), (status = 404, description = "No such key"))
)]
pub(super) async fn revoke_key(
    State(app): State<Arc<App>>,
    Administrator(principal, origin): Administrator,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let key = Uuid::try_parse(&id).ok().and_then(|id| app.access.keys().into_iter().find(|key| key.id == id));
    let key = key.ok_or_else(|| ApiError::not_found("There is no API key with this id"))?;
    let ended = app.access.revoke(key.id).await?.unwrap_or_default();
    let target = Target::resource(key.id);
    app.self_audit.did(&principal, actions::API_KEY_REVOKED, &origin, 204, target, about(&key));
    session_audit::record_ends(&app, &principal, &origin, &ended);
    Ok(StatusCode::NO_CONTENT)
}

fn check(request: &KeyRequest, now: Timestamp) -> ApiResult<()> {
    let is_name = |text: &str, most| {
        !text.is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control)
    };
    let mut errors = Vec::new();
    if !is_name(&request.name, MAX_NAME) {
        errors.push(FieldError::new("/name", format!("must be a name of 1 to {MAX_NAME} characters")));
    }
    if request.tenant_id.as_ref().is_some_and(|tenant| !is_name(tenant, limits::TENANT_ID)) {
        errors
            .push(FieldError::new("/tenant_id", format!("must have 1 to {} characters", limits::TENANT_ID)));
    }
    if request.expires_at.is_some_and(|end| end <= now) {
        errors.push(FieldError::new("/expires_at", "is in the past"));
    }
    if errors.is_empty() { Ok(()) } else { Err(ApiError::invalid(errors)) }
}

/// What is recorded of a key.
fn about(credential: &Credential) -> Value {
    let Credential { id, name, role, tenant, expires_at, .. } = credential;
    // Not "key" or "api_key": those names promise a secret.
    json!({"name": name, "credential_id": id, "role": role, "tenant_id": tenant, "expires_at": expires_at})
}
