//! The cookie of the page's session, which scripts cannot read.

use super::{
    error::{ApiError, ApiResult},
    same_site::{cookie_name, is_secure},
};
use crate::app::App;
use axum::http::HeaderValue;

/// Other sites' pages cannot make the browser send it, and over HTTPS it never travels in the clear.
pub(super) fn set_cookie(app: &App, value: &str, seconds: i64) -> ApiResult<HeaderValue> {
    let (name, secure) = (cookie_name(app), if is_secure(app) { "; Secure" } else { "" });
    let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    cookie.parse().map_err(|_| ApiError::internal("a session is no header value"))
}
