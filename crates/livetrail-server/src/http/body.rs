//! Request bodies: inflated and read up to a limit.
//!
//! Inflation stops at the limit, so a decompression bomb costs what a body of that size costs. The rest of a body that
//! is too large is read away without being inflated, so that the client gets to read the refusal.

use super::error::{ApiError, ApiResult};
use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, ZstdDecoder};
use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use futures_util::{TryStreamExt, stream};
use livetrail_types::{FieldError, limits};
use serde::de::DeserializeOwned;
use std::{io, pin::pin, time::Duration};
use tokio::{
    io::{AsyncBufRead, AsyncRead, AsyncReadExt},
    time::{Instant, timeout_at},
};
use tokio_util::io::StreamReader;

/// How long a body may take.
struct Patience {
    /// Without a byte of it.
    silence: Duration,
    /// In all: one byte now and then keeps a connection, too.
    whole: Duration,
}

const PATIENCE: Patience = Patience { silence: Duration::from_secs(30), whole: Duration::from_mins(2) };
/// How much of a body that is too large is read away.
const DRAINED_BYTES: u64 = 32_000_000;

/// Reads a whole body, inflated.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> ApiResult<Vec<u8>> {
    read_within(&PATIENCE, headers, body).await
}

async fn read_within(patience: &Patience, headers: &HeaderMap, body: Body) -> ApiResult<Vec<u8>> {
    let stream = body.into_data_stream().map_err(io::Error::other);
    let end = Instant::now() + patience.whole;
    let stream = pin!(stream::unfold(stream, |mut stream| async move {
        let next = timeout_at(end.min(Instant::now() + patience.silence), stream.try_next()).await;
        next.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())).transpose().map(|next| (next, stream))
    }));
    let mut raw = StreamReader::new(stream);
    let bytes = match encoding(headers)? {
        Encoding::Identity => read_up_to_limit(&mut raw).await,
        Encoding::Gzip => read_up_to_limit(&mut gzip(&mut raw)).await,
        Encoding::Zstd => read_up_to_limit(&mut zstd(&mut raw)).await,
        Encoding::Brotli => read_up_to_limit(&mut BrotliDecoder::new(&mut raw)).await,
    };
    let bytes = bytes.map_err(|error| ApiError::bad_request(format!("The body cannot be read: {error}")))?;
    if bytes.len() <= limits::BODY_BYTES {
        return Ok(bytes);
    }
    // Whatever goes wrong now, the answer is the same.
    let _ = tokio::io::copy_buf(&mut raw.take(DRAINED_BYTES), &mut tokio::io::sink()).await;
    let most = limits::BODY_BYTES / 1_000_000;
    Err(ApiError::too_large(format!("The body is larger than {most} MB: send smaller batches")))
}

/// A gzip body may consist of several members, one after another (RFC 1952).
fn gzip<R: AsyncBufRead>(raw: R) -> GzipDecoder<R> {
    let mut decoder = GzipDecoder::new(raw);
    decoder.multiple_members(true);
    decoder
}

/// A zstd body may consist of several frames (RFC 8878); reading the first alone would lose the rest in silence.
fn zstd<R: AsyncBufRead>(raw: R) -> ZstdDecoder<R> {
    let mut decoder = ZstdDecoder::new(raw);
    decoder.multiple_members(true);
    decoder
}

async fn read_up_to_limit(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(limits::BODY_BYTES as u64 + 1).read_to_end(&mut bytes).await?;
    Ok(bytes)
}

enum Encoding {
    Identity,
    Gzip,
    Zstd,
    Brotli,
}

fn encoding(headers: &HeaderMap) -> ApiResult<Encoding> {
    let named =
        headers.get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap_or("?").to_ascii_lowercase());
    match named.as_deref() {
        None | Some("" | "identity") => Ok(Encoding::Identity),
        Some("gzip" | "x-gzip") => Ok(Encoding::Gzip),
        Some("zstd") => Ok(Encoding::Zstd),
        Some("br") => Ok(Encoding::Brotli),
        Some(other) => Err(ApiError::unsupported(format!(
            "Content-Encoding {other:?} is not known: use gzip, zstd or br"
        ))),
    }
}

/// What a body is written in.
pub(super) enum Format {
    /// One JSON value.
    Json,
    /// A JSON value a line.
    Lines,
}

/// Reads `Content-Type`. A body without one is taken for JSON.
pub(super) fn format(headers: &HeaderMap) -> ApiResult<Format> {
    let named =
        headers.get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap_or("?").to_ascii_lowercase());
    let essence = named.as_deref().map(|named| named.split(';').next().unwrap_or_default().trim());
    match essence {
        None | Some("application/json") => Ok(Format::Json),
        Some("application/x-ndjson" | "application/ndjson" | "application/jsonl") => Ok(Format::Lines),
        Some(json) if json.starts_with("application/") && json.ends_with("+json") => Ok(Format::Json),
        Some(other) => Err(ApiError::unsupported(format!(
            "Content-Type {other:?} is not known: send application/json or application/x-ndjson"
        ))),
    }
}

/// Reads a body of one JSON value of a known form.
pub(super) async fn json<T: DeserializeOwned>(headers: &HeaderMap, body: Body) -> ApiResult<T> {
    let Format::Json = format(headers)? else {
        return Err(ApiError::unsupported("This call takes application/json"));
    };
    let bytes = read(headers, body).await?;
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|error| not_json(&error))?;
    serde_json::from_value(value)
        .map_err(|error| ApiError::invalid(vec![FieldError::new("", error.to_string())]))
}

pub(super) fn not_json(error: &serde_json::Error) -> ApiError {
    ApiError::bad_request(format!("The body is not JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    /// A body that brings a byte every millisecond, or after the first one, none.
    async fn read_endless(goes_on: bool, patience: Patience) -> ApiResult<Vec<u8>> {
        let endless = stream::unfold(true, move |is_first| async move {
            if is_first || goes_on {
                tokio::time::sleep(Duration::from_millis(1)).await;
                Some((Ok::<_, io::Error>(Bytes::from_static(b" ")), false))
            } else {
                std::future::pending().await
            }
        });
        read_within(&patience, &HeaderMap::new(), Body::from_stream(endless)).await
    }

    #[tokio::test]
    async fn a_body_that_stops_coming_and_one_that_never_ends_are_refused() {
        let (short, long) = (Duration::from_millis(20), Duration::from_hours(1));
        assert!(read_endless(false, Patience { silence: short, whole: long }).await.is_err());
        assert!(read_endless(true, Patience { silence: long, whole: short }).await.is_err());
    }
}
