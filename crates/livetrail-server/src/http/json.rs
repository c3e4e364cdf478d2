//! JSON as the body of an answer.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use livetrail_types::json;
use serde::Serialize;

/// An answer in JSON. No cache keeps it, since nearly every answer is about one credential's view of the log.
pub(super) struct Json<T>(pub(super) T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        as_json(&self.0)
    }
}

/// The same for a body that is borrowed.
pub(super) fn as_json(body: &impl Serialize) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, json::to_vec(body)).into_response()
}
