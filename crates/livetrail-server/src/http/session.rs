//! The page's session: a cookie that scripts cannot read.

use super::{
    body,
    caller::{self, Caller, Identified, Reader, SESSION_COOKIE},
    error::{ApiError, ApiResult},
    json::Json,
};
use crate::{
    access::{Principal, Refusal, SESSION_LIFE},
    app::App,
    self_audit::{Actor, Origin, Target},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use livetrail_types::{Role, UserProfile, actions};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use utoipa::ToSchema;

/// What to sign in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    /// The token of a sign-in link, an API key, or the application's token of an admin.
    token: String,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct Session {
    user_id: String,
    role: Role,
    display_name: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// Who is signed in
#[utoipa::path(
    get, path = "/api/session", tag = "Access",
    responses((status = 200, description = "Who", body = Session), (status = 401, description = "Nobody"))
)]
pub(super) async fn get_session(
    State(app): State<Arc<App>>,
    Reader(principal): Reader,
) -> ApiResult<Json<Session>> {
    Ok(Json(session(&app, principal).await?))
}

/// Sign in
#[utoipa::path(
    post, path = "/api/session", tag = "Access", security(()),
    request_body = SignIn,
    responses(
        (status = 200, description = "Signed in; the answer sets the cookie", body = Session),
        (status = 401, description = "The token opens nothing"),
        (status = 422, description = "The body is not right"),
    )
)]
pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    Caller(origin): Caller,
    identified: Identified,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Response> {
    let SignIn { token } = body::json_of_anyone(&headers, body).await?;
    let token = token.trim();
    let signed_in = app.access.sign_in(token).await?;
    if let Err(Refusal::AdminRequired) = &signed_in
        && let Some(user) = app.access.user_of(token).await
    {
        identified.set(Actor::user(user));
    }
    let (principal, cookie) = signed_in?;
    identified.set(&principal);
    let principal = principal.may_read()?;
    record(&app, &principal, actions::LOGIN, &origin, 200);
    let cookie = set_cookie(&app, &cookie, SESSION_LIFE.as_secs())?;
    let session = session(&app, principal).await?;
    Ok(([(header::SET_COOKIE, cookie)], Json(session)).into_response())
}

/// Sign out
#[utoipa::path(
    delete, path = "/api/session", tag = "Access", security(()),
    responses((status = 204, description = "The cookie is gone"))
)]
pub(super) async fn sign_out(
    State(app): State<Arc<App>>,
    Caller(origin): Caller,
    headers: HeaderMap,
) -> ApiResult<Response> {
    if let Some(cookie) = caller::cookie(&headers, SESSION_COOKIE)
        && let Some(principal) = app.access.session(cookie).await?
    {
        record(&app, &principal, actions::LOGOUT, &origin, 204);
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, set_cookie(&app, "", 0)?)]).into_response())
}

fn record(app: &App, by: &Principal, action: &str, origin: &Origin, status: u16) {
    let details = json!({"role": by.role, "tenant_id": by.tenant});
    app.self_audit.did(by, action, origin, status, Target::user(by.user_id.clone()), details);
}

/// Other sites' pages cannot make the browser send it, and over HTTPS it never travels in the clear.
pub(super) fn set_cookie(app: &App, value: &str, seconds: i64) -> ApiResult<HeaderValue> {
    let secure = if app.public_url.starts_with("https://") { "; Secure" } else { "" };
    let cookie =
        format!("{SESSION_COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    cookie.parse().map_err(|_| ApiError::internal("a session is no header value"))
}

async fn session(app: &App, principal: Principal) -> ApiResult<Session> {
    let Principal { user_id, role, tenant, expires_at, .. } = principal;
    let known = app.store.profiles(tenant, vec![user_id.clone()]).await?;
    let display_name = known.first().map(|profile| UserProfile::name(profile).to_owned());
    Ok(Session { user_id, role, display_name, expires_at })
}
