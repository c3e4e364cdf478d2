//! The page's session: a cookie that scripts cannot read.

use super::{
    body,
    connection::Visit,
    error::ApiResult,
    extract::{Caller, Identified, Reader, SessionCookie, SigningInPage},
    json::Json,
    session_audit,
    session_cookie::set_cookie,
};
use crate::{
    access::{AccessError, Principal, Refusal, SESSION_LIFE, SignInDevice, SignedIn},
    app::App,
    connections,
    self_audit::{Actor, Target},
};
use axum::{
    Extension,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use livetrail_types::{Role, UserProfile, actions};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

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
    /// The id of the session in the list of sessions; null for a client that shows a key or a token.
    session_id: Option<Uuid>,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// Who is signed in
#[utoipa::path(
    get, path = "/api/session", tag = "Access",
    responses(
        (status = 200, description = "The user who is signed in", body = Session),
        (status = 401, description = "No user is signed in"),
    )
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
        (status = 403, description = "The call came from a page of another site, or the token may not read"),
        (status = 422, description = "The body is not right"),
    )
)]
pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    _: SigningInPage,
    Caller(origin): Caller,
    identified: Identified,
    visit: Option<Extension<Visit>>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Response> {
    let SignIn { token } = body::json_of_anyone(visit.as_deref(), headers, body).await?;
    let token = token.trim();
    let device = SignInDevice { address: origin.ip_address, user_agent: origin.user_agent.clone() };
    let signing_in = app.access.signing_in(token, origin.ip_address.map(connections::host)).await;
    if let Err(AccessError::Refused(Refusal::AdminRequired)) = &signing_in
        && let Some(user) = app.access.user_of(token).await
    {
        identified.set(Actor::user(user));
    }
    let signing_in = signing_in?;
    identified.set(&signing_in.principal);
    let signed_in = app.access.sign_in(signing_in, device).await?;
    let SignedIn { principal, session: row, cookie, surplus } = signed_in;
    let target = Target::user(principal.user_id.clone());
    app.self_audit.did(&principal, actions::LOGIN, &origin, 200, target, session_audit::about(&row));
    session_audit::record_ends(&app, &principal, &origin, &surplus.into());
    let cookie = set_cookie(&app, &cookie.to_string(), SESSION_LIFE.as_secs())?;
    let session = session(&app, principal).await?;
    Ok(([(header::SET_COOKIE, cookie)], Json(session)).into_response())
}

/// Sign out
#[utoipa::path(
    delete, path = "/api/session", tag = "Access", security(()),
    responses((status = 204, description = "The session has ended and the cookie is gone"))
)]
pub(super) async fn sign_out(
    State(app): State<Arc<App>>,
    Caller(origin): Caller,
    SessionCookie(cookie): SessionCookie,
) -> ApiResult<Response> {
    let from = origin.ip_address.map(connections::host);
    if let Some(principal) = app.access.sign_out(cookie.as_deref().unwrap_or_default(), from).await? {
        let target = Target::user(principal.user_id.clone());
        let details =
            json!({"session_id": principal.session, "role": principal.role, "tenant_id": principal.tenant});
        app.self_audit.did(&principal, actions::LOGOUT, &origin, 204, target, details);
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, set_cookie(&app, "", 0)?)]).into_response())
}

async fn session(app: &App, principal: Principal) -> ApiResult<Session> {
    let Principal { user_id, role, tenant, expires_at, session: session_id, .. } = principal;
    let known = app.store.profiles(tenant, vec![user_id.clone()]).await?;
    let display_name = known.first().map(|profile| UserProfile::name(profile).to_owned());
    Ok(Session { user_id, role, display_name, session_id, expires_at })
}
