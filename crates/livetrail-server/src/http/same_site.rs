//! Which pages may act with the session cookie, and which may sign in.
//!
//! A browser sends the cookie along with whatever page calls. `SameSite=Strict` keeps other sites from it, but not
//! other ports of the same host, nor sibling subdomains. So the browser has to say that the call comes from our own
//! page: by `Sec-Fetch-Site`, or where it sends none (plain HTTP, older browsers) by `Origin`.

use super::{
    connection::Peer,
    error::{ApiError, ApiResult},
};
use crate::app::App;
use axum::{
    body::HttpBody,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header, request::Parts, uri::Authority},
};

/// The session cookie over plain HTTP.
const PLAIN_COOKIE: &str = "livetrail_session";
/// The same over TLS: with this prefix, a browser takes it from this host alone, and no other page can set it (RFC
/// 6265bis).
const HOST_COOKIE: &str = "__Host-livetrail_session";
/// What a session cookie is called in documentation.
pub(super) const SESSION_COOKIE: &str = PLAIN_COOKIE;

const ELSEWHERE: &str =
    "This call came from a page of another site, which may not act with your session or sign you in";
const OTHER_HOST: &str = "This host name is not the one of this page";

/// Whether a request has a body. Over HTTP/2 no header has to say so.
#[derive(Clone, Copy)]
struct HasBody(bool);

/// Notes on a request what [`check_cookie_call`] and [`check_sign_in`] have to know of its body.
pub(super) fn note_body(request: &mut Request) {
    let has_body = !request.body().is_end_stream();
    request.extensions_mut().insert(HasBody(has_body));
}

/// Whether browsers reach the page over TLS, so that cookies never travel in the clear.
pub(super) fn is_secure(app: &App) -> bool {
    app.public_url.starts_with("https://")
}

/// The name of the session cookie.
pub(super) fn cookie_name(app: &App) -> &'static str {
    if is_secure(app) { HOST_COOKIE } else { PLAIN_COOKIE }
}

/// Lets a call pass that is authorised by the session cookie.
///
/// # Errors
/// 403 for a change that another site's page asked for, or under another host name; 415 for a body without its type.
pub(super) fn check_cookie_call(parts: &Parts, app: &App) -> ApiResult<()> {
    check_host(parts, app)?;
    if parts.method.is_safe() {
        return Ok(());
    }
    check_change(parts, app, true)
}

/// Lets a call pass that signs in.
///
/// # Errors
/// As [`check_cookie_call`].
pub(super) fn check_sign_in(parts: &Parts, app: &App) -> ApiResult<()> {
    check_host(parts, app)?;
    check_change(parts, app, parts.headers.contains_key(header::COOKIE))
}

fn check_change(parts: &Parts, app: &App, has_cookie: bool) -> ApiResult<()> {
    if !is_from_own_page(parts, app, has_cookie) {
        return Err(ApiError::new(StatusCode::FORBIDDEN, ELSEWHERE));
    }
    // A form of another page can send a body, but not under this type.
    let has_body = parts.extensions.get::<HasBody>().is_none_or(|HasBody(has_body)| *has_body);
    if has_body && !parts.headers.contains_key(header::CONTENT_TYPE) {
        return Err(ApiError::unsupported("The body has no Content-Type: send application/json"));
    }
    Ok(())
}

fn is_from_own_page(parts: &Parts, app: &App, has_cookie: bool) -> bool {
    let origin = parts.headers.get(header::ORIGIN);
    if origin.is_some_and(|origin| is_allowed_origin(origin, app)) {
        return true;
    }
    match (parts.headers.get("sec-fetch-site"), origin) {
        (Some(site), _) => matches!(site.as_bytes(), b"same-origin" | b"none"),
        (None, Some(origin)) => is_own_origin(origin, host(&parts.uri, &parts.headers), app),
        // A program that is not a browser signs in without a cookie.
        (None, None) => !has_cookie,
    }
}

/// Whether the configuration lets pages of this origin call.
pub(super) fn is_allowed_origin(origin: &HeaderValue, app: &App) -> bool {
    app.settings.cors_origins.iter().any(|allowed| origin == allowed)
}

/// Whether a page of this origin is ours: the public URL's where that is set, else the host that was called.
pub(super) fn is_own_origin(origin: &HeaderValue, host: Option<&str>, app: &App) -> bool {
    let Ok(origin) = origin.to_str() else { return false };
    if app.settings.public_url.is_some() {
        return origin.eq_ignore_ascii_case(origin_of(&app.public_url));
    }
    let scheme = if is_secure(app) { "https://" } else { "http://" };
    host.is_some_and(|host| origin.strip_prefix(scheme).is_some_and(|named| named.eq_ignore_ascii_case(host)))
}

/// A page that is known under another name may have been brought there by an attacker's name server.
///
/// # Errors
/// 403 under another host name than that of the public URL.
pub(super) fn check_host(parts: &Parts, app: &App) -> ApiResult<()> {
    let is_operator = matches!(parts.extensions.get::<Peer>(), Some(Peer::Operator));
    let named = host(&parts.uri, &parts.headers);
    let expected = origin_of(&app.public_url).split_once("://").map(|(_, host)| host);
    let is_right =
        || named.zip(expected).is_some_and(|(named, expected)| named.eq_ignore_ascii_case(expected));
    if is_operator || app.settings.public_url.is_none() || is_right() {
        return Ok(());
    }
    let detail = format!("{OTHER_HOST}: open {}", app.public_url);
    Err(ApiError::new(StatusCode::FORBIDDEN, detail))
}

/// The host that was called; over HTTP/2 it is in the address.
pub(super) fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let named = || headers.get(header::HOST).and_then(|host| host.to_str().ok());
    uri.authority().map(Authority::as_str).or_else(named)
}

/// Scheme, host and port of a URL, as browsers write an origin: without the port that the scheme implies.
fn origin_of(url: &str) -> &str {
    let path = url.find("://").and_then(|scheme| url[scheme + 3..].find('/').map(|slash| scheme + 3 + slash));
    let origin = path.map_or(url, |path| &url[..path]);
    let implied = if origin.starts_with("https://") { ":443" } else { ":80" };
    origin.strip_suffix(implied).unwrap_or(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_of_a_url_is_written_as_browsers_do() {
        for (url, origin) in [
            ("https://log.example.com", "https://log.example.com"),
            ("https://log.example.com:443/", "https://log.example.com"),
            ("http://log.example.com:80", "http://log.example.com"),
            ("http://log.example.com:443/logs", "http://log.example.com:443"),
            ("http://[::1]:7777/x/y", "http://[::1]:7777"),
        ] {
            assert_eq!(origin_of(url), origin);
        }
    }
}
