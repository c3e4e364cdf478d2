//! The dashboard's files, which are inside the binary.

use super::{error::ApiError, query, unread::HoldsBytes};
use async_compression::tokio::bufread::GzipDecoder;
use axum::{
    Extension,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use livetrail_types::shortened;
use rust_embed::{EmbeddedFile, RustEmbed};
use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};
use tokio::io::AsyncReadExt;

/// What `npm run build` made of the dashboard, each text file in its brotli and gzip forms. Empty when the binary was
/// built without Node. Scripts and styles are not there as they are: they are large, and every browser takes gzip.
#[derive(RustEmbed)]
#[folder = "../../dashboard/dist"]
#[exclude = "*.js"]
#[exclude = "*.css"]
#[allow_missing = true]
struct Dashboard;

/// Files that a client wanted as they are, once each.
static INFLATED: LazyLock<Mutex<HashMap<String, Bytes>>> = LazyLock::new(Mutex::default);

const PLACEHOLDER: &str = include_str!("placeholder.html");

/// Scripts and styles come from this server only; no page may frame this one.
const POLICY: &str = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// A year, and the name changes with the content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Where the page answers. A network and the id of a resource may hold slashes.
pub(super) const ADDRESSES: &[&str] = &[
    "/",
    "/admin",
    "/admin/activity",
    "/admin-session-logs",
    "/admin/people",
    "/admin/people/{id}",
    "/admin/sessions",
    "/admin/sessions/{id}",
    "/admin/networks",
    "/admin/networks/{*network}",
    "/admin/resources",
    "/admin/resources/{type}/{*id}",
    "/admin/reports",
    "/admin/reports/{name}",
    "/admin/health",
    "/admin/keys",
    "/admin/settings",
    "/admin/sign-ins",
    "/alerts",
    "/alerts/rules",
];

/// Marks the page as the answer to a link that leads nowhere. It stays a page, although its status is that of an error.
#[derive(Clone, Copy)]
pub(super) struct BrokenLink;

/// The page itself; which of its views is meant, it reads from its address.
pub(super) async fn shell(headers: HeaderMap) -> Response {
    let mut response = match Dashboard::get("index.html") {
        Some(_) => encoded("index.html", &headers).await,
        None => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], PLACEHOLDER).into_response(),
    };
    let answered = response.headers_mut();
    answered.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    answered.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// Any other address: a file of the dashboard, which is only read, or nothing. A browser that followed a broken link is
/// told so by the page, from which the way goes on.
pub(super) async fn asset(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let is_hidden = path.ends_with(".html") || path.ends_with(".br") || path.ends_with(".gz");
    let is_there = || Dashboard::get(path).is_some() || Dashboard::get(&format!("{path}.gz")).is_some();
    let is_file = !path.starts_with("api/") && !is_hidden && is_there();
    if !is_file && is_link(&method, path, &headers) {
        return (StatusCode::NOT_FOUND, Extension(BrokenLink), shell(headers).await).into_response();
    }
    if let Some(refusal) = refusal(&method, &uri, is_file) {
        return refusal;
    }
    let mut response = encoded(path, &headers).await;
    let cache = if path.starts_with("assets/") { FOR_EVER } else { "no-cache" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

/// Whether a browser asks for a page. Programs, which take problems, name HTML as little as a page's own calls do.
fn is_link(method: &Method, path: &str, headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    matches!(*method, Method::GET | Method::HEAD)
        && !path.starts_with("api/")
        && query::accepts(accepted, "text/html")
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
        Some(file) => plain(bytes_of(file)),
        None => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], PLACEHOLDER).into_response(),
    }
}

/// A form of a file.
struct Form {
    encoding: Option<&'static str>,
    bytes: Bytes,
    etag: String,
}

impl Form {
    fn of(file: EmbeddedFile, encoding: Option<&'static str>) -> Self {
        let etag = format!("\"{}\"", hex(&file.metadata.sha256_hash()[..12]));
        Self { encoding, bytes: bytes_of(file), etag }
    }

    /// The smallest one that the client takes.
    async fn taken(path: &str, accepted: &str) -> Option<Self> {
        let form = |suffix: &str| Dashboard::get(&format!("{path}.{suffix}"));
        if let Some(file) = form("br").filter(|_| query::accepts(accepted, "br")) {
            return Some(Self::of(file, Some("br")));
        }
        let zipped = form("gz");
        if let Some(file) = zipped.as_ref().filter(|_| query::accepts(accepted, "gzip")) {
            return Some(Self::of(file.clone(), Some("gzip")));
        }
        match (Dashboard::get(path), zipped) {
            (Some(file), _) => Some(Self::of(file, None)),
            (None, zipped) => Self::inflated(path, zipped?).await,
        }
    }

    async fn inflated(path: &str, zipped: EmbeddedFile) -> Option<Self> {
        let etag = format!("\"{}-plain\"", hex(&zipped.metadata.sha256_hash()[..12]));
        let files = || INFLATED.lock().unwrap_or_else(PoisonError::into_inner);
        let known = files().get(path).cloned();
        if let Some(bytes) = known {
            return Some(Self { encoding: None, bytes, etag });
        }
        let mut bytes = Vec::new();
        GzipDecoder::new(&*zipped.data).read_to_end(&mut bytes).await.ok()?;
        let bytes = files().entry(path.to_owned()).or_insert(bytes.into()).clone();
        Some(Self { encoding: None, bytes, etag })
    }
}

async fn encoded(path: &str, headers: &HeaderMap) -> Response {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let form = Form::taken(path, text(header::ACCEPT_ENCODING).unwrap_or_default()).await;
    let Some(Form { encoding, bytes, etag }) = form else { return StatusCode::NOT_FOUND.into_response() };
    let mut response = match text(header::IF_NONE_MATCH) == Some(etag.as_str()) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => plain(bytes),
    };
    let answered = response.headers_mut();
    let kind = mime_of(path);
    answered.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answered.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = etag.parse() {
        answered.insert(header::ETAG, etag);
    }
    if let Some(encoding) = encoding {
        answered.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn bytes_of(file: EmbeddedFile) -> Bytes {
    match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    }
}

fn plain(bytes: Bytes) -> Response {
    let mut answer = ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], bytes).into_response();
    // It is there once, however many wait for it.
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
        "txt" => "text/plain; charset=utf-8",
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

    #[test]
    fn only_a_browser_that_follows_a_link_is_answered_by_the_page() {
        let browser = HeaderMap::from_iter([(
            header::ACCEPT,
            HeaderValue::from_static("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
        )]);
        assert!(is_link(&Method::GET, "admin/peeple", &browser));
        assert!(!is_link(&Method::GET, "api/admin/peeple", &browser));
        assert!(!is_link(&Method::POST, "admin/peeple", &browser));
        for accepted in ["*/*", "application/json", "image/avif,*/*", "text/html;q=0"] {
            let program = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accepted))]);
            assert!(!is_link(&Method::GET, "admin/peeple", &program), "{accepted}");
        }
    }

    /// What does not get smaller, since each form has a head.
    const FEW_BYTES: usize = 200;

    #[tokio::test]
    async fn every_file_comes_in_the_form_that_the_client_takes() {
        for zipped in Dashboard::iter().filter(|name| name.ends_with(".gz")) {
            let path = zipped.trim_end_matches(".gz");
            let forms = [("gzip, br", Some("br")), ("gzip", Some("gzip")), ("", None), ("", None)];
            let mut taken = Vec::new();
            for (accepted, encoding) in forms {
                let form = Form::taken(path, accepted).await.expect(path);
                assert_eq!(form.encoding, encoding, "{path}");
                taken.push(form);
            }
            let [brotli, gzip, plain, again] = &taken[..] else { unreachable!("four were asked for") };
            let is_smaller = |form: &Form| form.bytes.len() < plain.bytes.len();
            assert!(plain.bytes.len() <= FEW_BYTES || is_smaller(brotli) && is_smaller(gzip), "{path}");
            assert!(std::str::from_utf8(&plain.bytes).is_ok(), "{path}");
            assert_eq!((&plain.bytes, &plain.etag), (&again.bytes, &again.etag), "{path}");
            assert!(brotli.etag != gzip.etag && gzip.etag != plain.etag, "{path}");
        }
    }
}
