//! Answers that a browser saves as files.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;

/// The answer with this body, to be saved under a name that says of what and of when it is.
pub(super) fn as_file(
    (what, now): (&str, Timestamp),
    (extension, content_type): (&str, &'static str),
    body: impl IntoResponse,
) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let time = now.strftime("%Y%m%dT%H%M%SZ");
    // Names, a date and an extension are always a header value.
    let disposition =
        HeaderValue::try_from(format!("attachment; filename=\"livetrail-{what}-{time}.{extension}\""));
    headers.extend(disposition.map(|value| (header::CONTENT_DISPOSITION, value)));
    response
}
