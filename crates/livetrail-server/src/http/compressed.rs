//! Compresses answers in JSON. A page of activities shrinks to a sixth, which is what a dashboard on a slow line waits
//! for.

use super::query;
use async_compression::{Level, tokio::write::GzipEncoder};
use axum::{
    body::{Body, HttpBody, to_bytes},
    http::{HeaderMap, HeaderValue, Response, header},
};
use tokio::{io::AsyncWriteExt, task::yield_now};

/// Bytes below which it saves nothing. Answers that hold a key or a link are shorter: what a secret is compressed with
/// tells its length.
const MIN_BYTES: usize = 1_500;
/// Bytes that are compressed before other tasks have their turn: half a millisecond.
const BYTES_AT_ONCE: usize = 64 * 1024;

/// Whether the client of a request takes gzip.
pub(super) fn is_taken(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter();
    accepted.filter_map(|value| value.to_str().ok()).any(|value| query::accepts(value, "gzip"))
}

/// The answer, compressed if it is JSON that is held in memory and long enough.
pub(super) async fn compressed(response: Response<Body>, is_taken: bool) -> Response<Body> {
    let Some(size) = response.body().size_hint().exact() else { return response };
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let headers = response.headers();
    let is_json = headers.get(header::CONTENT_TYPE).is_some_and(|ty| ty == "application/json");
    if !is_json || size < MIN_BYTES || headers.contains_key(header::CONTENT_ENCODING) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    parts.headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !is_taken {
        return Response::from_parts(parts, body);
    }
    // It is in memory already, so that neither of the two can fail.
    let plain = to_bytes(body, size).await.unwrap_or_default();
    let Ok(zipped) = gzip(&plain).await else { return Response::from_parts(parts, plain.into()) };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Response::from_parts(parts, zipped.into())
}

async fn gzip(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzipEncoder::with_quality(Vec::with_capacity(plain.len() / 4), Level::Fastest);
    for part in plain.chunks(BYTES_AT_ONCE) {
        encoder.write_all(part).await?;
        yield_now().await;
    }
    encoder.shutdown().await?;
    Ok(encoder.into_inner())
}
