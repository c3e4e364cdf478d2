//! The log, as it happens: Server-Sent Events.

use super::{
    caller::StreamReader,
    error::{ApiError, ApiResult},
    query::{self, FilterParameters},
};
use crate::{
    access::Principal,
    app::App,
    hub::{self, Selection, Subscription, Visitor},
};
use async_trait::async_trait;
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::{Stream, stream};
use livetrail_types::{Cursor, Filter};
use serde_json::json;
use std::{
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::{Instant, Interval, interval_at};
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
    let opened = Opened {
        first: opening(&app, &start),
        filter: Arc::new(filter),
        position: start.cursor().position,
        viewer: Viewer { app, principal },
    };
    Ok(live_stream(opened))
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

/// A stream that was opened and is not read yet.
pub(super) struct Opened {
    /// What it is sent first.
    pub(super) first: Bytes,
    pub(super) filter: Arc<Filter>,
    /// After which position it goes on.
    pub(super) position: u64,
    pub(super) viewer: Viewer,
}

/// The stream of a response, of which there is one: it is either pushed to the socket by whoever takes it, or read as the
/// response's body.
#[derive(Clone)]
pub(super) struct Takeable(Arc<Mutex<Option<Opened>>>);

impl Takeable {
    pub(super) fn take(&self) -> Option<Opened> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Whoever follows the log.
pub(super) struct Viewer {
    app: Arc<App>,
    principal: Principal,
}

impl Viewer {
    pub(super) fn now(&self) -> jiff::Timestamp {
        self.app.environment.now()
    }
}

#[async_trait]
impl Visitor for Viewer {
    /// A store that does not answer is no reason to end.
    async fn may_stay(&self) -> bool {
        !matches!(self.app.access.still_valid(&self.principal).await, Ok(false))
    }

    fn farewell(&self) -> Bytes {
        hub::retry(jittered(&self.app, COME_BACK))
    }
}

fn live_stream(opened: Opened) -> Response {
    let takeable = Takeable(Arc::new(Mutex::new(Some(opened))));
    let mut response = event_stream(Body::from_stream(frames(takeable.clone())));
    response.extensions_mut().insert(takeable);
    response
}

/// A stream that this task writes.
struct Live {
    viewer: Viewer,
    subscription: Subscription,
    heartbeat: Interval,
}

enum Next {
    Frames(Bytes),
    Heartbeat,
    Stop(&'static str),
}

/// A stream as a body.
enum Progress {
    Unread(Takeable),
    Live(Live),
}

/// What a client gets until it goes, its credential ends or the server stops.
fn frames(takeable: Takeable) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::unfold(Some(Progress::Unread(takeable)), |progress| async move {
        match progress? {
            Progress::Unread(takeable) => {
                let opened = takeable.take()?;
                let first = opened.first.clone();
                Some((Ok(first), Some(Progress::Live(Live::begin(opened)))))
            }
            Progress::Live(mut live) => {
                let (bytes, goes_on) = live.next_bytes().await?;
                Some((Ok(bytes), goes_on.then_some(Progress::Live(live))))
            }
        }
    })
}

impl Live {
    fn begin(opened: Opened) -> Self {
        let Opened { filter, position, viewer, .. } = opened;
        let subscription = viewer.app.hub.subscribe(filter, position);
        let heartbeat = interval_at(Instant::now() + viewer.app.heartbeat, viewer.app.heartbeat);
        Self { viewer, subscription, heartbeat }
    }

    /// The next bytes and whether more follow; `None` ends the stream at once.
    async fn next_bytes(&mut self) -> Option<(Bytes, bool)> {
        match self.next().await {
            Next::Frames(bytes) => Some((bytes, true)),
            Next::Heartbeat => self.beat().await,
            Next::Stop(reason) => {
                tracing::debug!(reason, user = self.viewer.principal.user_id, "a stream ends");
                // An error would stop an EventSource for ever; an end with `retry:` brings it back.
                Some((self.viewer.farewell(), false))
            }
        }
    }

    async fn next(&mut self) -> Next {
        loop {
            tokio::select! {
                biased;
                () = self.viewer.app.stopping.cancelled() => return Next::Stop("the server stops"),
                _ = self.heartbeat.tick() => return Next::Heartbeat,
                selection = self.subscription.next() => match selection {
                    Ok(Selection { bytes, .. }) if bytes.is_empty() => {}
                    Ok(Selection { bytes, .. }) => return Next::Frames(bytes),
                    Err(error) => {
                        tracing::warn!(%error, "a stream could not be read from the store");
                        return Next::Stop("the store is away");
                    }
                },
            }
        }
    }

    /// Ends the stream of somebody whose credential has ended.
    async fn beat(&self) -> Option<(Bytes, bool)> {
        if !self.viewer.may_stay().await {
            return None;
        }
        Some((hub::heartbeat_frame(self.subscription.cursor(), self.viewer.app.hub.head()), true))
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
