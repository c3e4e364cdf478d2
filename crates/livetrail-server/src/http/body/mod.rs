//! Request bodies: read, inflated and turned into types, each within limits that hold before anything is parsed.
//!
//! A call that is not intake takes a small body ([`json`]). It is read as it comes, and inflated only once it is
//! complete, so that an unfinished request holds no decoder. Activities come in large bodies ([`intake`]): what is
//! inflated counts against a budget that all requests share, and of which one credential has a part.

mod encoding;
mod items;
mod object;

pub(super) use items::{Items, Many, too_many_items};
pub(super) use object::FromObject;

use super::{
    connection::Visit,
    error::{ApiError, ApiResult},
};
use crate::{
    access::{CredentialId, Principal},
    app::App,
    shares::Share,
};
use axum::{
    body::{Body, HttpBody},
    http::{HeaderMap, header},
};
use bytes::{BufMut, Bytes};
use encoding::{Encoding, Progress};
use futures_util::{Stream, TryStreamExt, stream};
use livetrail_types::{FieldError, limits, shorten_quotes};
use serde::de::DeserializeOwned;
use std::{
    io,
    pin::{Pin, pin},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    time::{Instant, timeout_at},
};
use tokio_util::io::StreamReader;

/// How long a body may take.
struct BodyTimeouts {
    /// Without a byte of it.
    silence: Duration,
    /// In all: one byte now and then keeps a connection, too.
    whole: Duration,
}

const INTAKE: BodyTimeouts = BodyTimeouts { silence: Duration::from_secs(30), whole: Duration::from_mins(2) };
const SMALL: BodyTimeouts = BodyTimeouts { silence: Duration::from_secs(10), whole: Duration::from_secs(10) };
/// How much of a body that is too large is read away, so that the client gets to read the refusal.
const DRAINED_BYTES: u64 = 32_000_000;
/// The most that a body is given memory for at first; it doubles from there.
const FIRST_BYTES: usize = 16 * 1024;
/// What a request holds beside its head and body while its body comes.
const UNFINISHED_BYTES: usize = 4 * 1024;

/// How much is inflated at once, and from which size on a body is large.
const PIECE_BYTES: usize = 64 * 1024;
const LARGE_BYTES: usize = 256 * 1024;

/// Chunks of a body as they come in.
type Chunks = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// A body of activities, and its part of the memory that all such bodies share.
pub(super) struct Intake {
    pub(super) bytes: Vec<u8>,
    /// Given back when the request has been answered.
    _share: Share<CredentialId>,
}

/// Reads a body of activities, inflated.
pub(super) async fn intake(app: &App, by: &Principal, headers: &HeaderMap, body: Body) -> ApiResult<Intake> {
    let share = app.intake.share(by.share_id());
    read_intake(&INTAKE, share, headers, body).await
}

async fn read_intake(
    timeouts: &BodyTimeouts,
    mut share: Share<CredentialId>,
    headers: &HeaderMap,
    body: Body,
) -> ApiResult<Intake> {
    let encoding = Encoding::of(headers)?;
    let progress = Progress::default();
    let declared = body.size_hint().upper().filter(|_| encoding == Encoding::Identity);
    let first = declared.and_then(|bytes| usize::try_from(bytes).ok()).map_or(FIRST_BYTES, |bytes| bytes + 1);
    let first = first.min(FIRST_BYTES);
    let mut raw = StreamReader::new(progress.watch(&encoding, chunks(timeouts, body)));
    let mut bytes = Vec::new();
    let read = {
        let mut inflated = encoding.decoder(&mut raw);
        read_within(&mut inflated, &mut bytes, first, &mut share, &progress).await
    };
    match read {
        Ok(()) => Ok(Intake { bytes, _share: share }),
        Err(error) => {
            if matches!(error.status.as_u16(), 413 | 429) {
                drop((bytes, share));
                drain(raw).await;
            }
            Err(error)
        }
    }
}

async fn read_within(
    from: &mut (impl AsyncRead + Unpin),
    bytes: &mut Vec<u8>,
    first: usize,
    share: &mut Share<CredentialId>,
    progress: &Progress,
) -> ApiResult<()> {
    loop {
        if bytes.len() == bytes.capacity() {
            if bytes.len() > limits::BODY_BYTES {
                return Err(ApiError::larger_than(limits::BODY_BYTES));
            }
            let wanted = (bytes.len() * 2).clamp(first, limits::BODY_BYTES + 1);
            if !share.grow(wanted - bytes.len()) {
                return Err(ApiError::too_much_intake());
            }
            bytes.reserve_exact(wanted - bytes.len());
        }
        if bytes.len() >= LARGE_BYTES {
            // Other work on this thread waits for a piece of the body, not for all of it.
            tokio::task::yield_now().await;
        }
        let read = from.read_buf(&mut (&mut *bytes).limit(PIECE_BYTES)).await;
        match read.map_err(|error| unreadable(&error))? {
            0 if bytes.len() > limits::BODY_BYTES => return Err(ApiError::larger_than(limits::BODY_BYTES)),
            0 => return Ok(()),
            _ => progress.inflated(bytes.len()),
        }
    }
}

/// Reads a small body of one JSON value of a known form.
pub(super) async fn json<T: DeserializeOwned>(headers: &HeaderMap, body: Body) -> ApiResult<T> {
    json_up_to(limits::SMALL_BODY_BYTES, headers, body).await
}

/// The same of at most so many bytes.
pub(super) async fn json_up_to<T: DeserializeOwned>(
    most: usize,
    headers: &HeaderMap,
    body: Body,
) -> ApiResult<T> {
    json_within(&SMALL, (most, true), headers, body).await
}

/// The same for a client without a credential. Reading stops as soon as the body is too large. Meanwhile, the headers
/// are dropped, and no more bytes are held than the connection of this client may hold.
pub(super) async fn json_of_anyone<T: DeserializeOwned>(
    visit: Option<&Visit>,
    mut headers: HeaderMap,
    body: Body,
) -> ApiResult<T> {
    let kept = [header::CONTENT_TYPE, header::CONTENT_ENCODING];
    headers = kept.into_iter().filter_map(|name| headers.remove(&name).map(|value| (name, value))).collect();
    let most = limits::SMALL_BODY_BYTES;
    let bytes =
        body.size_hint().upper().and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(most).min(most);
    let _waits = visit.map(|visit| visit.waits(bytes + UNFINISHED_BYTES));
    json_within(&SMALL, (most, false), &headers, body).await
}

async fn json_within<T: DeserializeOwned>(
    timeouts: &BodyTimeouts,
    (most, is_drained): (usize, bool),
    headers: &HeaderMap,
    body: Body,
) -> ApiResult<T> {
    let Format::Json = format(headers)? else {
        return Err(ApiError::unsupported("This call takes application/json"));
    };
    let encoding = Encoding::of(headers)?;
    let mut raw = StreamReader::new(chunks(timeouts, body));
    let mut sent = Vec::new();
    (&mut raw).take(most as u64 + 1).read_to_end(&mut sent).await.map_err(|error| unreadable(&error))?;
    if sent.len() > most {
        if is_drained {
            drain(raw).await;
        }
        return Err(ApiError::larger_than(most));
    }
    let mut bytes = Vec::new();
    let mut inflated = encoding.decoder(&sent[..]);
    (&mut inflated)
        .take(most as u64 + 1)
        .read_to_end(&mut bytes)
        .await
        .map_err(|error| unreadable(&error))?;
    if bytes.len() > most {
        return Err(ApiError::larger_than(most));
    }
    typed(&bytes).map(|FromObject(value)| value)
}

/// Reads JSON into a type. It is never a free value, whose memory would be a multiple of the text's.
pub(super) fn typed<T: DeserializeOwned>(bytes: &[u8]) -> ApiResult<T> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => {
            ApiError::invalid(vec![FieldError::new("", shorten_quotes(&error.to_string()))])
        }
        _ => not_json(&error),
    })
}

/// The body as it comes in, for as long as it may take.
fn chunks(timeouts: &BodyTimeouts, body: Body) -> Chunks {
    let end = Instant::now() + timeouts.whole;
    let silence = timeouts.silence;
    let data = body.into_data_stream().map_err(io::Error::other);
    Box::pin(stream::unfold(data, move |mut data| async move {
        let next = timeout_at(end.min(Instant::now() + silence), data.try_next()).await;
        next.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())).transpose().map(|next| (next, data))
    }))
}

/// Whatever goes wrong here, the answer is the same.
async fn drain(raw: impl tokio::io::AsyncBufRead) {
    let _ = tokio::io::copy_buf(&mut pin!(raw.take(DRAINED_BYTES)), &mut tokio::io::sink()).await;
}

fn unreadable(error: &io::Error) -> ApiError {
    ApiError::bad_request(format!("The body cannot be read: {error}"))
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
            "Content-Type {} is not known: send application/json or application/x-ndjson",
            livetrail_types::quoted(other)
        ))),
    }
}

pub(super) fn not_json(error: &dyn std::fmt::Display) -> ApiError {
    ApiError::bad_request(format!("The body is not JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shares::Shares;
    use axum::http::HeaderValue;
    use std::sync::Arc;

    const ANYONE: CredentialId = CredentialId::LIVETRAIL;

    fn budget(most: usize) -> Arc<Shares<CredentialId>> {
        Shares::new(most, most)
    }

    /// A body that brings a byte every millisecond, or after the first one, none.
    async fn read_endless(goes_on: bool, timeouts: BodyTimeouts) -> ApiResult<Intake> {
        let ticks = tokio::time::interval(Duration::from_millis(1));
        let endless = stream::unfold((true, ticks), move |(is_first, mut ticks)| async move {
            if is_first || goes_on {
                ticks.tick().await;
                Some((Ok::<_, io::Error>(Bytes::from_static(b" ")), (false, ticks)))
            } else {
                std::future::pending().await
            }
        });
        let share = budget(1_000_000).share(ANYONE);
        read_intake(&timeouts, share, &HeaderMap::new(), Body::from_stream(endless)).await
    }

    #[tokio::test]
    async fn a_body_that_stops_coming_and_one_that_never_ends_are_refused() {
        let (short, long) = (Duration::from_millis(20), Duration::from_hours(1));
        assert!(read_endless(false, BodyTimeouts { silence: short, whole: long }).await.is_err());
        assert!(read_endless(true, BodyTimeouts { silence: long, whole: short }).await.is_err());
    }

    #[tokio::test]
    async fn a_body_holds_its_part_of_the_budget_until_it_is_dropped_and_no_more_than_there_is() {
        let budget = budget(100_000);
        let read = |length: usize| {
            let (share, body) = (budget.share(ANYONE), Body::from(vec![b' '; length]));
            async move { read_intake(&INTAKE, share, &HeaderMap::new(), body).await }
        };
        let first = read(50_000).await.expect("there is room");
        assert!((50_000..=100_000).contains(&budget.held()));
        let refusal = read(60_000).await.err().expect("the budget is used up");
        assert_eq!((refusal.status.as_u16(), refusal.retry_after), (429, Some(1)));
        drop(first);
        assert_eq!(budget.held(), 0);
        assert!(read(60_000).await.is_ok());
    }

    #[tokio::test]
    async fn compressed_input_that_yields_nothing_is_cut() {
        // Empty gzip members, one after another, for ever.
        let empty: &[u8] = &[31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let members = Bytes::from(empty.repeat(100));
        let endless = stream::repeat_with(move || Ok::<_, io::Error>(members.clone()));
        let headers = HeaderMap::from_iter([(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))]);
        let share = budget(1_000_000).share(ANYONE);
        let read = read_intake(&INTAKE, share, &headers, Body::from_stream(endless)).await;
        assert_eq!(read.err().expect("a refusal").status.as_u16(), 400);
    }
}
