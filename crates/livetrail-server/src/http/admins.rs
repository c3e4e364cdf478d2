//! Who is an admin, and the link that signs the first one in.

use super::{
    caller::{Administrator, Caller},
    error::{ApiError, ApiResult},
    json::Json,
};
use crate::app::App;
use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jiff::Timestamp;
use livetrail_types::{actions, limits};
use serde::{Deserialize, Serialize};
use serde_json::Map;
use std::sync::Arc;
use utoipa::ToSchema;

/// A link that signs in once.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct SignInLink {
    /// Opens the page, signed in. The token is in the fragment, which browsers keep to themselves.
    pub(crate) link: String,
    /// Until when it works.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) expires_at: Option<Timestamp>,
}

/// Make a user an admin
#[utoipa::path(
    put, path = "/api/admin/admins/{user_id}", tag = "Access",
    params(("user_id" = String, Path, description = "The user id, as the application's tokens name it")),
    responses((status = 204, description = "The user is an admin"), (status = 400, description = "No admin can have this id"))
)]
pub(super) async fn add_admin(
    State(app): State<Arc<App>>,
    Administrator(principal): Administrator,
    Caller(origin): Caller,
    Path(user_id): Path<String>,
) -> ApiResult<StatusCode> {
    if user_id.starts_with("anon-") || user_id.chars().count() > limits::USER_ID {
        return Err(ApiError::bad_request(
            "An admin has a user id of at most 255 characters and is not anonymous",
        ));
    }
    if app.store.set_admin(user_id, true).await? {
        app.own_activities.did(&principal, actions::ADMIN_CREATED, &origin, 204, Map::new());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Make an admin an ordinary user
#[utoipa::path(
    delete, path = "/api/admin/admins/{user_id}", tag = "Access",
    params(("user_id" = String, Path, description = "The user id")),
    responses((status = 204, description = "Is none any more"), (status = 404, description = "Was none"))
)]
pub(super) async fn remove_admin(
    State(app): State<Arc<App>>,
    Administrator(principal): Administrator,
    Caller(origin): Caller,
    Path(user_id): Path<String>,
) -> ApiResult<StatusCode> {
    if !app.store.set_admin(user_id, false).await? {
        return Err(ApiError::not_found("This user is no admin of Livetrail's own list"));
    }
    app.own_activities.did(&principal, actions::ADMIN_DELETED, &origin, 204, Map::new());
    Ok(StatusCode::NO_CONTENT)
}

/// Create a sign-in link
///
/// It signs in once, as the built-in user `livetrail-admin`, within 30 minutes.
#[utoipa::path(
    post, path = "/api/admin/sign-in-link", tag = "Access",
    responses((status = 201, description = "The link", body = SignInLink))
)]
pub(super) async fn create_sign_in_link(
    State(app): State<Arc<App>>,
    _: Administrator,
) -> ApiResult<(StatusCode, Json<SignInLink>)> {
    Ok((StatusCode::CREATED, Json(sign_in_link(&app).await?)))
}

/// A fresh link to the page.
pub(super) async fn sign_in_link(app: &App) -> ApiResult<SignInLink> {
    let minted = app.access.create_sign_in_link().await?;
    let link = format!("{}/admin/activity#token={}", app.public_url, minted.secret);
    Ok(SignInLink { link, expires_at: minted.credential.expires_at })
}
