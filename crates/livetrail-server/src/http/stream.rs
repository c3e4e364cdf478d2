//! The log, as it happens: Server-Sent Events.

use super::{
    caller::StreamReader,
    error::{ApiError, ApiResult},
    query::{self, FilterParameters},
};
use crate::{
    access::Principal,
    app::App,
    hub::{self, Subscription, Update},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::{Stream, stream};
use livetrail_types::Cursor;
use serde_json::json;
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::time::{Instant, interval_at};
use utoipa::IntoParams;

/// Clients come back after this long and up to as much again, so that they do not come back all at once.
const COME_BACK: Duration = Duration::from_secs(1);

/// What is about the stream itself and not its filter.
const OWN_PARAMETERS: [&str; 2] = ["token", "last_event_id"];

/// How a stream is opened, beside its filter. `Last-Event-ID` as a header wins over the parameter.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the parameters; they are read as pairs")]
struct StreamParameters {
    /// A token, for an `EventSource`, which cannot send headers
    token: Option<String>,
    /// The cursor to go on from
    last_event_id: Option<String>,
}

/// Follow the log
///
/// An event stream for `EventSource`. Each message is `{"type": "connected" | "new_activity" | "reset", …}`; its `id` is
/// a cursor. With `Last-Event-ID` (or `last_event_id`), everything that matches after it comes first, in order, none
/// twice. A named `heartbeat` comes every 15 seconds.
#[utoipa::path(
    get, path = "/api/admin/activity/stream", tag = "Live",
    params(FilterParameters, StreamParameters),
    responses(
        (status = 200, description = "The stream", content_type = "text/event-stream", body = String),
        (status = 422, description = "A parameter is not right; each is named"),
    )
)]
pub(super) async fn stream_activities(
    State(app): State<Arc<App>>,
    reader: Result<StreamReader, ApiError>,
    headers: HeaderMap,
    uri: Uri,
) -> ApiResult<Response> {
    let principal = match reader {
        Ok(StreamReader(principal)) => principal,
        Err(trouble) if trouble.status.is_server_error() => return Ok(come_back_later(&app, &trouble)),
        Err(refusal) => return Err(refusal),
    };
    let filter = query::stream_filter(&uri, &app, &principal, &OWN_PARAMETERS)?;
    let start = Start::find(&app, last_event_id(&headers, &uri)).await;
    let subscription = app.hub.subscribe(filter, Some(start.cursor().position));
    let opening = opening(&app, &start);
    let heartbeat = interval_at(Instant::now() + app.heartbeat, app.heartbeat);
    let live = Live { app, principal, subscription, heartbeat };
    Ok(event_stream(Body::from_stream(frames(opening, live))))
}

/// Follow the log, at the admin tracker's address
#[utoipa::path(
    get, path = "/api/admin-sessions/activity-stream", tag = "Live",
    params(FilterParameters, StreamParameters),
    responses(
        (status = 200, description = "The stream", content_type = "text/event-stream", body = String),
        (status = 422, description = "A parameter is not right; each is named"),
    )
)]
pub(super) async fn stream_activities_alias(
    app: State<Arc<App>>,
    reader: Result<StreamReader, ApiError>,
    headers: HeaderMap,
    uri: Uri,
) -> ApiResult<Response> {
    stream_activities(app, reader, headers, uri).await
}

fn last_event_id(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let header = headers.get("last-event-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let parameter =
        || query::pairs(uri).into_iter().find(|(name, _)| name == "last_event_id").map(|(_, id)| id);
    header.or_else(parameter).filter(|id| !id.is_empty())
}

/// Where a stream begins.
enum Start {
    /// Now.
    Live(Cursor),
    /// Where the client left off.
    Resumed(Cursor),
    /// Now, since what the client has is not of this log.
    Reset(Cursor, &'static str),
}

impl Start {
    async fn find(app: &App, last_event_id: Option<String>) -> Self {
        let head = app.hub.head();
        let Some(text) = last_event_id else { return Self::Live(head) };
        match text.parse::<Cursor>() {
            Ok(cursor) if cursor.epoch != head.epoch => Self::Reset(head, "the cursor is of another log"),
            Ok(cursor) if is_ahead(app, cursor, head).await => {
                Self::Reset(head, "the cursor is ahead of the log")
            }
            Ok(cursor) => Self::Resumed(cursor),
            Err(_) => Self::Reset(head, "the cursor cannot be read"),
        }
    }

    fn cursor(&self) -> Cursor {
        match self {
            Self::Live(cursor) | Self::Resumed(cursor) | Self::Reset(cursor, _) => *cursor,
        }
    }
}

/// A list may have read what is durable and not yet shown, so a cursor ahead of the hub need not be ahead of the log.
async fn is_ahead(app: &App, cursor: Cursor, shown: Cursor) -> bool {
    cursor.position > shown.position
        && app.store.head().await.is_ok_and(|head| cursor.position > head.position)
}

/// The first frames: when to come back, where this begins, and whether the client has to start over.
fn opening(app: &App, start: &Start) -> Bytes {
    let connected = hub::message("connected", json!({"heartbeat_seconds": app.heartbeat.as_secs()}));
    let mut frames = vec![hub::first_frame(jittered(app, COME_BACK), start.cursor(), &connected)];
    if let Start::Reset(cursor, reason) = start {
        frames.push(hub::cursor_frame(*cursor, &hub::message("reset", json!({"reason": reason}))));
    }
    frames.concat().into()
}

fn jittered(app: &App, least: Duration) -> Duration {
    let [byte, ..] = app.environment.random();
    least + least.mul_f64(f64::from(byte) / 255.0)
}

struct Live {
    app: Arc<App>,
    principal: Principal,
    subscription: Subscription,
    heartbeat: tokio::time::Interval,
}

enum Next {
    Frames(Bytes),
    Heartbeat,
    Stop(&'static str),
}

/// What a client gets until it goes, its credential ends or the server stops.
fn frames(opening: Bytes, live: Live) -> impl Stream<Item = Result<Bytes, Infallible>> {
    let first = stream::iter([Ok(opening)]);
    let rest = stream::unfold(Some(live), |live| async move {
        let mut live = live?;
        let (bytes, goes_on) = live.next_bytes().await?;
        Some((Ok(bytes), goes_on.then_some(live)))
    });
    stream::StreamExt::chain(first, rest)
}

impl Live {
    /// The next bytes and whether more follow; `None` ends the stream at once.
    async fn next_bytes(&mut self) -> Option<(Bytes, bool)> {
        match self.next().await {
            Next::Frames(bytes) => Some((bytes, true)),
            Next::Heartbeat => self.beat().await,
            Next::Stop(reason) => {
                tracing::debug!(reason, user = self.principal.user_id, "a stream ends");
                // An error would stop an EventSource for ever; an end with `retry:` brings it back.
                Some((hub::retry(jittered(&self.app, COME_BACK)), false))
            }
        }
    }

    async fn next(&mut self) -> Next {
        loop {
            tokio::select! {
                biased;
                () = self.app.stopping.cancelled() => return Next::Stop("the server stops"),
                _ = self.heartbeat.tick() => return Next::Heartbeat,
                update = self.subscription.next() => match update {
                    Ok(Update::Frames(bytes)) => return Next::Frames(bytes),
                    Ok(Update::Moved) => {}
                    Err(error) => {
                        tracing::warn!(%error, "a stream could not be read from the store");
                        return Next::Stop("the store is away");
                    }
                },
            }
        }
    }

    /// Ends the stream of somebody whose credential has ended; a store that does not answer is no reason to.
    async fn beat(&self) -> Option<(Bytes, bool)> {
        if matches!(self.app.access.still_valid(&self.principal).await, Ok(false)) {
            return None;
        }
        Some((hub::heartbeat_frame(self.subscription.cursor(), self.app.hub.head()), true))
    }
}

/// An error would stop an EventSource for ever; an empty stream with `retry:` brings it back.
fn come_back_later(app: &App, trouble: &ApiError) -> Response {
    tracing::warn!(cause = trouble.cause, "a stream could not begin");
    event_stream(hub::retry(jittered(app, COME_BACK)).into())
}

fn event_stream(body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform")),
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, body).into_response()
}
