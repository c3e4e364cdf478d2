//! The user directory: what to call the users whose ids activities carry.

use super::{
    body,
    caller::Writer,
    error::{ApiError, ApiResult},
};
use crate::app::App;
use axum::{
    Json,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use livetrail_types::{FieldError, UserProfile, limits};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// What to call a user.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    email: Option<String>,
    #[serde(alias = "displayName")]
    display_name: Option<String>,
}

/// A user and what to call them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NamedUser {
    #[serde(alias = "user_id", alias = "userId")]
    id: String,
    email: Option<String>,
    #[serde(alias = "displayName")]
    display_name: Option<String>,
}

/// How many users were stored.
#[derive(Serialize, ToSchema)]
pub(super) struct StoredUsers {
    stored: usize,
}

/// Name a user
#[utoipa::path(
    put, path = "/api/users/{id}", tag = "Users",
    params(("id" = String, Path, description = "The user id, as activities name it")),
    request_body = Names,
    responses(
        (status = 200, description = "The user", body = UserProfile),
        (status = 422, description = "The body is not right"),
    )
)]
pub(super) async fn put_user(
    State(app): State<Arc<App>>,
    Writer(principal): Writer,
    Path(user_id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Json<UserProfile>> {
    let Names { email, display_name } = body::json(&headers, body).await?;
    let mut profile = UserProfile { user_id, email, display_name };
    check(&profile, "").map_err(|error| ApiError::invalid(vec![error]))?;
    app.ingest.redact_profile(&mut profile);
    app.directory.put(principal.tenant, vec![profile.clone()]).await?;
    Ok(Json(profile))
}

/// Name many users
#[utoipa::path(
    post, path = "/api/users", tag = "Users",
    request_body = Vec<NamedUser>,
    responses(
        (status = 200, description = "They are stored", body = StoredUsers),
        (status = 422, description = "The body is not right"),
    )
)]
pub(super) async fn post_users(
    State(app): State<Arc<App>>,
    Writer(principal): Writer,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<(StatusCode, Json<StoredUsers>)> {
    let users: Vec<NamedUser> = body::json(&headers, body).await?;
    if users.len() > limits::BATCH_ITEMS {
        return Err(ApiError::too_large(format!(
            "At most {} users are allowed in one request",
            limits::BATCH_ITEMS
        )));
    }
    let mut profiles: Vec<UserProfile> = users
        .into_iter()
        .map(|NamedUser { id, email, display_name }| UserProfile { user_id: id, email, display_name })
        .collect();
    let checks = profiles.iter().enumerate().map(|(index, profile)| check(profile, &format!("/{index}")));
    let errors: Vec<FieldError> = checks.filter_map(Result::err).collect();
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    profiles.iter_mut().for_each(|profile| app.ingest.redact_profile(profile));
    let stored = profiles.len();
    app.directory.put(principal.tenant, profiles).await?;
    Ok((StatusCode::OK, Json(StoredUsers { stored })))
}

fn check(profile: &UserProfile, at: &str) -> Result<(), FieldError> {
    let fields = [
        ("id", Some(&profile.user_id), limits::USER_ID),
        ("email", profile.email.as_ref(), limits::PROFILE_TEXT),
        ("display_name", profile.display_name.as_ref(), limits::PROFILE_TEXT),
    ];
    for (name, text, most) in fields {
        let Some(text) = text else { continue };
        if text.chars().count() > most
            || text.chars().any(char::is_control)
            || (name == "id" && text.is_empty())
        {
            let detail = format!("must be text of at most {most} characters, without control characters");
            return Err(FieldError::new(format!("{at}/{name}"), detail));
        }
    }
    Ok(())
}
