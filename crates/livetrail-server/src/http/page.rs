//! The dashboard's files, which are inside the binary.

use super::{error::ApiError, query, unread::HoldsBytes};
use axum::{
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use livetrail_types::shortened;
use rust_embed::{EmbeddedFile, RustEmbed};
use std::borrow::Cow;

/// What `npm run build` made of the dashboard, each text file beside its brotli and gzip forms. Empty when the binary
/// was built without Node.
#[derive(RustEmbed)]
#[folder = "../../dashboard/dist"]
#[allow_missing = true]
struct Dashboard;

const PLACEHOLDER: &str = include_str!("placeholder.html");

/// Scripts and styles from here only; nobody may frame the page.
const POLICY: &str = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// A year, and the name changes with the content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The page itself; which of its views is meant, it reads from its address.
pub(super) async fn shell(headers: HeaderMap) -> Response {
    let mut response = match Dashboard::get("index.html") {
        Some(_) => encoded("index.html", &headers),
        None => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], PLACEHOLDER).into_response(),
    };
    let answered = response.headers_mut();
    answered.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    answered.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// Any other address: a file of the dashboard, which is only read, or nothing.
pub(super) async fn asset(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let is_hidden = path.ends_with(".html") || path.ends_with(".br") || path.ends_with(".gz");
    let is_file = !path.starts_with("api/") && !is_hidden && Dashboard::get(path).is_some();
    if let Some(refusal) = refusal(&method, &uri, is_file) {
        return refusal;
    }
    let mut response = encoded(path, &headers);
    let cache = if path.starts_with("assets/") { FOR_EVER } else { "no-cache" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

/// The answer to a request that no file answers.
fn refusal(method: &Method, uri: &Uri, is_file: bool) -> Option<Response> {
    if !is_file {
        return Some(
            ApiError::not_found(format!("There is nothing at {}", shortened(uri.path()))).into_response(),
        );
    }
    let is_read = matches!(*method, Method::GET | Method::HEAD);
    (!is_read).then(|| ([(header::ALLOW, "GET,HEAD")], ApiError::method_not_allowed()).into_response())
}

/// A file by its name, as it is.
pub(super) fn file(path: &str) -> Response {
    match Dashboard::get(path) {
        Some(file) => plain(file),
        None => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], PLACEHOLDER).into_response(),
    }
}

/// The smallest form of a file that the client takes.
fn encoded(path: &str, headers: &HeaderMap) -> Response {
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let forms = [("br", "br"), ("gzip", "gz")];
    let smaller = forms.into_iter().filter(|(name, _)| query::accepts(accepted, name));
    let (name, file) = smaller
        .filter_map(|(name, suffix)| Some((name, Dashboard::get(&format!("{path}.{suffix}"))?)))
        .next()
        .map_or((None, Dashboard::get(path)), |(name, file)| (Some(name), Some(file)));
    let Some(file) = file else { return StatusCode::NOT_FOUND.into_response() };
    let etag = format!("\"{}\"", hex(&file.metadata.sha256_hash()[..12]));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = match known == Some(etag.as_str()) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => plain(file),
    };
    let answered = response.headers_mut();
    let kind = mime_of(path);
    answered.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answered.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = etag.parse() {
        answered.insert(header::ETAG, etag);
    }
    if let Some(name) = name {
        answered.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    response
}

fn plain(file: EmbeddedFile) -> Response {
    let bytes = match file.data {
        Cow::Borrowed(bytes) => bytes::Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    };
    let mut answer = ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], bytes).into_response();
    // It is part of the binary, however many wait for it.
    answer.extensions_mut().insert(HoldsBytes(0));
    answer
}

fn mime_of(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" | "map" | "webmanifest" => "application/json",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_only_read_and_nothing_is_found_by_no_method() {
        let uri = Uri::from_static("/assets/page.js");
        for method in [Method::GET, Method::HEAD] {
            assert!(refusal(&method, &uri, true).is_none(), "{method}");
        }
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::TRACE] {
            let refused = refusal(&method, &uri, true).expect("a refusal");
            assert_eq!(refused.status(), 405);
            assert_eq!(refused.headers()[header::ALLOW], "GET,HEAD");
            assert_eq!(refusal(&method, &uri, false).expect("a refusal").status(), 404);
        }
    }
}
