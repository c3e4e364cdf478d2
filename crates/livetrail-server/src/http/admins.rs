//! Who is an admin, and the link that signs the first one in.

use super::{
    error::{ApiError, ApiResult},
    extract::Administrator,
    json::Json,
    query::PairReader,
    session_audit,
};
use crate::{
    access::{Principal, SignInGrant, is_name},
    app::App,
    self_audit::{Origin, Target},
};
use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri},
};
use jiff::Timestamp;
use livetrail_store::SessionScope;
use livetrail_types::{FieldError, Role, actions, limits};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// A link that signs in once.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct SignInLink {
    /// Opens the page, signed in. The token is in the fragment, which browsers keep to themselves.
    pub(crate) link: String,
    /// Until when it works.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) expires_at: Option<Timestamp>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
struct TenantParameter {
    /// The only tenant in which the user is an admin, as the claim of `--jwt-tenant-claim` names it; every tenant
    /// without it
    tenant_id: Option<String>,
}

impl TenantParameter {
    fn of(uri: &Uri) -> ApiResult<Self> {
        let mut reader = PairReader::of(uri);
        let is_given = reader.is_given("tenant_id");
        let tenant_id = reader.take("tenant_id");
        if is_given && !tenant_id.as_ref().is_some_and(|tenant| is_name(tenant, limits::TENANT_ID)) {
            reader.refuse(
                "tenant_id",
                &"must be a tenant of 1 to 128 characters, or left out for every tenant",
            );
        }
        reader.end().map(|()| Self { tenant_id })
    }
}

/// Make a user an admin
#[utoipa::path(
    put, path = "/api/admin/admins/{user_id}", tag = "Access",
    params(
        ("user_id" = String, Path, description = "The user id, as the application's tokens name it"),
        TenantParameter,
    ),
    responses((status = 204, description = "The user is an admin"), (status = 422, description = "No admin can have this id, or no tenant"))
)]
pub(super) async fn add_admin(
    State(app): State<Arc<App>>,
    Administrator(principal, origin): Administrator,
    Path(user_id): Path<String>,
    uri: Uri,
) -> ApiResult<StatusCode> {
    let TenantParameter { tenant_id: tenant } = TenantParameter::of(&uri)?;
    if user_id.starts_with("anon-") || !is_name(&user_id, limits::USER_ID) {
        let detail = "must be a user id of at most 255 characters, without control characters, and not an anonymous \
            one (anon-…)";
        return Err(ApiError::invalid(vec![FieldError::new("user_id", detail)]));
    }
    if app.store.set_admin(user_id.clone(), tenant.clone(), true).await? {
        record(&app, &principal, actions::ADMIN_CREATED, &origin, user_id, tenant.as_deref());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Make an admin an ordinary user
#[utoipa::path(
    delete, path = "/api/admin/admins/{user_id}", tag = "Access",
    params(
        ("user_id" = String, Path, description = "The user id"),
        TenantParameter,
    ),
    responses(
        (status = 204, description = "Is none any more"),
        (status = 404, description = "Was none"),
        (status = 422, description = "The tenant is not valid"),
    )
)]
pub(super) async fn remove_admin(
    State(app): State<Arc<App>>,
    Administrator(principal, origin): Administrator,
    Path(user_id): Path<String>,
    uri: Uri,
) -> ApiResult<StatusCode> {
    let TenantParameter { tenant_id: tenant } = TenantParameter::of(&uri)?;
    let is_user = is_name(&user_id, limits::USER_ID);
    if !is_user || !app.store.set_admin(user_id.clone(), tenant.clone(), false).await? {
        return Err(ApiError::not_found("This user is not in Livetrail's own list of admins"));
    }
    record(&app, &principal, actions::ADMIN_DELETED, &origin, user_id.clone(), tenant.as_deref());
    let ended = app.access.end_sessions(SessionScope::OfUser { user_id, tenant }).await?;
    session_audit::record_ends(&app, &principal, &origin, &ended);
    Ok(StatusCode::NO_CONTENT)
}

fn record(app: &App, by: &Principal, action: &str, origin: &Origin, user_id: String, tenant: Option<&str>) {
    let details = json!({"role": "admin", "tenant_id": tenant});
    app.self_audit.did(by, action, origin, 204, Target::user(user_id), details);
}

/// Create a sign-in link
///
/// It signs in once, as the built-in user `livetrail-admin`, within 30 minutes. The session ends when the credential
/// that made the link is revoked, and no later than that credential. The link ends with the session that made it.
#[utoipa::path(
    post, path = "/api/admin/sign-in-link", tag = "Access",
    responses((status = 201, description = "The link", body = SignInLink))
)]
pub(super) async fn create_sign_in_link(
    State(app): State<Arc<App>>,
    Administrator(principal, origin): Administrator,
) -> ApiResult<(StatusCode, Json<SignInLink>)> {
    let SignInGrant { id, secret, expires_at } = app.access.create_sign_in_link(&principal).await?;
    let details = json!({
        "name": "sign-in link", "credential_id": id, "role": Role::Admin, "tenant_id": null, "expires_at": expires_at,
    });
    app.self_audit.did(&principal, actions::API_KEY_CREATED, &origin, 201, Target::resource(id), details);
    let link = format!("{}/admin/activity#token={secret}", app.public_url);
    Ok((StatusCode::CREATED, Json(SignInLink { link, expires_at: Some(expires_at) })))
}
