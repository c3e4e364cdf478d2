//! Headers that tell browsers what pages and answers of this server are not for.

use super::same_site::is_secure;
use crate::app::App;
use axum::{
    http::{HeaderName, HeaderValue, header},
    response::Response,
};

const CROSS_ORIGIN_OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CROSS_ORIGIN_RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// On every answer.
const ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (CROSS_ORIGIN_OPENER, HeaderValue::from_static("same-origin")),
    (CROSS_ORIGIN_RESOURCE, HeaderValue::from_static("same-origin")),
    (
        PERMISSIONS,
        HeaderValue::from_static(
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), publickey-credentials-get=(), usb=()",
        ),
    ),
];
/// A year, for this host alone: what its subdomains do is not known here.
const TRANSPORT_SECURITY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Adds them to the answer to a call of `path` where its handler has not said otherwise.
pub(super) fn add(app: &App, path: &str, response: &mut Response) {
    let is_api = path.starts_with("/api/") || path == "/metrics";
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(value);
    }
    if is_api {
        // Nearly every answer is about one credential's view of the log.
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    if is_secure(app) {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(TRANSPORT_SECURITY);
    }
}
