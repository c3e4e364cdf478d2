//! Signing in to the page at an issuer: two addresses that a browser goes through.

use super::{
    error::{ApiError, ApiResult},
    extract::{Caller, Identified, OwnHost, cookie},
    same_site::is_secure,
    session_audit,
    session_cookie::set_cookie,
};
use crate::{
    access::{
        ATTEMPT_LIFE, Oidc, OidcAnswer, Principal, SESSION_LIFE, SignInDevice, SignedIn, SignedOn, is_name,
    },
    app::App,
    connections,
    self_audit::Target,
};
use axum::{
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use livetrail_types::{UserProfile, actions, limits};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use utoipa::IntoParams;

/// Where to go afterwards.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ReturnTo {
    /// The page, such as `/admin/activity?q=ada`
    return_to: Option<String>,
}

/// Sign in at the issuer
#[utoipa::path(
    get, path = "/api/session/oidc", tag = "Access", security(()),
    params(ReturnTo),
    responses(
        (status = 302, description = "To the issuer; the answer sets a cookie for ten minutes"),
        (status = 403, description = "The host name is not that of the public URL"),
        (status = 404, description = "Single sign-on is not configured"),
        (status = 503, description = "The issuer does not answer"),
    )
)]
pub(super) async fn begin_single_sign_on(
    State(app): State<Arc<App>>,
    _: OwnHost,
    uri: Uri,
) -> ApiResult<Response> {
    let return_to = Query::<ReturnTo>::try_from_uri(&uri).ok().and_then(|Query(query)| query.return_to);
    let (attempt, address) = configured(&app)?.begin(return_to.as_deref()).await?;
    let kept = attempt_cookie(&app, attempt.cookie(), ATTEMPT_LIFE.as_secs())?;
    Ok(redirect(address.as_str(), [kept])?.into_response())
}

/// Come back from the issuer
#[utoipa::path(
    get, path = "/api/session/oidc/callback", tag = "Access", security(()),
    responses(
        (status = 302, description = "Signed in, and to the page; the answer sets the session's cookie"),
        (status = 401, description = "The issuer's answer is not valid; begin again"),
        (status = 403, description = "No group of the user gives a role, or the host name is not that of the public URL"),
        (status = 404, description = "Single sign-on is not configured"),
        (status = 429, description = "Too many answers from your address were not valid"),
        (status = 503, description = "The issuer does not answer, or too many sign-ins are under way"),
    )
)]
pub(super) async fn end_single_sign_on(
    State(app): State<Arc<App>>,
    _: OwnHost,
    Caller(origin): Caller,
    identified: Identified,
    headers: HeaderMap,
    uri: Uri,
) -> ApiResult<Response> {
    let answer = Query::<OidcAnswer>::try_from_uri(&uri).map(|Query(answer)| answer).unwrap_or_default();
    let from = origin.ip_address.map(connections::host);
    let kept = cookie(&headers, attempt_cookie_name(&app));
    let (attempt, SignedOn { principal, email, name }) = configured(&app)?.end(kept, answer, from).await?;
    let device = SignInDevice { address: origin.ip_address, user_agent: origin.user_agent.clone() };
    let SignedIn { principal, session: row, cookie: session, surplus } =
        app.access.open_session(principal, device).await?;
    introduce(&app, &principal, email, name).await;
    identified.set(&principal);
    let mut how = session_audit::about(&row);
    how["method"] = json!("oidc");
    let target = Target::user(principal.user_id.clone());
    app.self_audit.did(&principal, actions::LOGIN, &origin, 302, target, how);
    session_audit::record_ends(&app, &principal, &origin, &surplus.into());
    let session = set_cookie(&app, &session.to_string(), SESSION_LIFE.as_secs())?;
    Ok(redirect(attempt.return_to(), [session, attempt_cookie(&app, "", 0)?])?.into_response())
}

fn configured(app: &App) -> ApiResult<&Oidc> {
    app.oidc.as_ref().ok_or_else(|| ApiError::not_found("Single sign-on is not configured"))
}

type Redirect = (StatusCode, HeaderMap);

fn redirect(address: &str, cookies: impl IntoIterator<Item = HeaderValue>) -> ApiResult<Redirect> {
    let location = address.parse().map_err(|_| ApiError::internal("an address is not a header value"))?;
    let no_store = HeaderValue::from_static("no-store");
    let mut headers = HeaderMap::from_iter([(header::LOCATION, location), (header::CACHE_CONTROL, no_store)]);
    headers.extend(cookies.into_iter().map(|cookie| (header::SET_COOKIE, cookie)));
    Ok((StatusCode::FOUND, headers))
}

/// Over HTTPS, the prefix keeps other hosts of the same domain from setting it.
fn attempt_cookie_name(app: &App) -> &'static str {
    if is_secure(app) { "__Host-livetrail_oidc" } else { "livetrail_oidc" }
}

/// `Lax`, since the browser comes back from another site.
fn attempt_cookie(app: &App, value: &str, seconds: i64) -> ApiResult<HeaderValue> {
    let secure = if is_secure(app) { "; Secure" } else { "" };
    let name = attempt_cookie_name(app);
    let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    cookie.parse().map_err(|_| ApiError::internal("an attempt is not a header value"))
}

/// An issuer's ids say little to people, so that a user who is not in the directory is added to it. Signing in does not
/// fail with it.
async fn introduce(app: &App, principal: &Principal, email: Option<String>, name: Option<String>) {
    let Principal { user_id, tenant, .. } = principal;
    let is_right = |text: &String| is_name(text, limits::PROFILE_TEXT);
    let (email, display_name) = (email.filter(is_right), name.filter(is_right));
    let is_unknown = match app.store.profiles(tenant.clone(), vec![user_id.clone()]).await {
        Ok(known) => known.is_empty(),
        Err(_) => false,
    };
    if is_unknown && (email.is_some() || display_name.is_some()) {
        let mut profile = UserProfile { user_id: user_id.clone(), email, display_name };
        app.ingest.redact_profile(&mut profile);
        if let Err(error) = app.directory.put(tenant.clone(), vec![profile]).await {
            tracing::warn!(%error, "a user of single sign-on is not in the directory");
        }
    }
}
