//! The user directory: what to call the users whose ids activities carry.

use super::{
    body::{self, FromObject},
    error::{ApiError, ApiResult},
    extract::{Caller, Writer},
    json::Json,
};
use crate::{app::App, self_audit::Target};
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use livetrail_types::{FieldError, UserProfile, actions, limits};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{IgnoredAny, SeqAccess, Visitor},
};
use serde_json::json;
use std::{fmt, sync::Arc};
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

/// Users of a batch: one more than there may be, so that it shows, and none of those after it.
struct Many(Vec<NamedUser>);

impl<'de> Deserialize<'de> for Many {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Bounded;
        impl<'de> Visitor<'de> for Bounded {
            type Value = Many;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of users")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Many, A::Error> {
                let mut users = Vec::new();
                while users.len() <= limits::BATCH_ITEMS
                    && let Some(FromObject(user)) = items.next_element()?
                {
                    users.push(user);
                }
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Many(users))
            }
        }
        from.deserialize_seq(Bounded)
    }
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
    Caller(origin): Caller,
    Path(user_id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Json<UserProfile>> {
    let Names { email, display_name } = body::json(&headers, body).await?;
    let mut profile = UserProfile { user_id, email, display_name };
    check(&profile, "").map_err(|error| ApiError::invalid(vec![error]))?;
    app.ingest.redact_profile(&mut profile);
    app.directory.put(principal.tenant.clone(), vec![profile.clone()]).await?;
    let (target, details) = (Target::user(&profile.user_id), json!({"tenant_id": principal.tenant}));
    app.self_audit.did(&principal, actions::USER_UPDATED, &origin, 200, target, details);
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
    Caller(origin): Caller,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<(StatusCode, Json<StoredUsers>)> {
    let intake = body::intake(&app, &principal, &headers, body).await?;
    let Many(users) = body::typed(&intake.bytes)?;
    if users.len() > limits::BATCH_ITEMS {
        let most = limits::BATCH_ITEMS;
        return Err(ApiError::too_large(format!("At most {most} users are allowed in one request")));
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
    app.directory.put(principal.tenant.clone(), profiles).await?;
    let details = json!({"users": stored, "tenant_id": principal.tenant});
    let action = actions::BULK_ACTION_PERFORMED;
    app.self_audit.did(&principal, action, &origin, 200, Target::default(), details);
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
