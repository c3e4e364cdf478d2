//! The log, as it happens: Server-Sent Events.

use super::{COME_BACK, Handoff, Opened, Start, Viewer, body, jittered, permits::permit, record_replay};
use crate::{
    app::App,
    http::{
        error::{ApiError, ApiResult},
        extract::{Caller, StreamReader},
        last_answer::make_last,
        query::{self, DateParameters, FilterParameters},
        stream_parameters::StreamParameters,
        take_once::TakeOnce,
    },
    hub,
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde_json::json;
use std::sync::Arc;
use tokio::time::Instant;
use tracing::Span;

/// Where event streams are.
pub(in crate::http) const STREAMS: [&str; 2] =
    ["/api/admin/activity/stream", "/api/admin-sessions/activity-stream"];

/// Follow the log
///
/// An event stream for `EventSource`. Each message is `{"type": "connected" | "new_activity" | "reset", …}`; its `id`
/// is a cursor. With `Last-Event-ID` (or `last_event_id`), everything that matches after it comes first, in order, none
/// twice. A named `heartbeat` comes every 15 seconds.
#[utoipa::path(
    get, path = "/api/admin/activity/stream", tag = "Live",
    params(DateParameters, FilterParameters, StreamParameters),
    responses(
        (status = 200, description = "The stream", content_type = "text/event-stream", body = String),
        (status = 422, description = "A parameter is not right; each is named"),
    )
)]
pub(in crate::http) async fn stream_activities(
    State(app): State<Arc<App>>,
    reader: Result<StreamReader, ApiError>,
    Caller(origin): Caller,
    headers: HeaderMap,
    uri: Uri,
) -> ApiResult<Response> {
    let trouble = |trouble: ApiError| match trouble.is_passing || trouble.status.is_server_error() {
        true => {
            let cause = trouble.cause.as_deref().unwrap_or(&trouble.detail);
            Ok(turn_away(&app, &headers, &uri, cause))
        }
        false => Err(trouble),
    };
    let reader = match reader {
        Ok(reader) => reader,
        Err(error) => return trouble(error),
    };
    let filter = query::stream_filter(&uri, &app, reader.principal(), StreamParameters::is_one)?;
    let Some(permit) = permit(&app.streams, reader.principal()) else {
        return Ok(turn_away(&app, &headers, &uri, "there are as many streams as there may be"));
    };
    if origin.method == Method::HEAD.as_str() {
        // The answer has no body, so it does not open a stream and must not use a ticket up.
        return Ok(event_stream(Body::empty()));
    }
    let principal = match reader.let_in(&app).await {
        Ok(principal) => principal,
        Err(error) => return trouble(error),
    };
    let start = Start::find(&app, StreamParameters::last_event_id(&headers, &uri)).await;
    record_replay(&app, &principal, &origin, &start, (query::pairs(&uri), &filter));
    let opened = Opened {
        first: opening(&app, &start),
        filter: Arc::new(filter),
        position: start.cursor().position,
        viewer: Viewer { app, principal },
        permit,
        span: Span::current(),
    };
    Ok(live_stream(opened))
}

/// Follow the log, at the admin tracker's address
#[utoipa::path(
    get, path = "/api/admin-sessions/activity-stream", tag = "Live",
    params(DateParameters, FilterParameters, StreamParameters),
    responses(
        (status = 200, description = "The stream", content_type = "text/event-stream", body = String),
        (status = 422, description = "A parameter is not right; each is named"),
    )
)]
pub(in crate::http) async fn stream_activities_alias(
    app: State<Arc<App>>,
    reader: Result<StreamReader, ApiError>,
    caller: Caller,
    headers: HeaderMap,
    uri: Uri,
) -> ApiResult<Response> {
    stream_activities(app, reader, caller, headers, uri).await
}

/// The first frames: when to come back, where this begins, and whether the client has to start over.
fn opening(app: &App, start: &Start) -> Bytes {
    let connected = hub::message("connected", json!({"heartbeat_seconds": app.settings.heartbeat.as_secs()}));
    let mut frames = vec![hub::first_frame(jittered(app, COME_BACK), start.cursor(), &connected)];
    if let Start::Reset(cursor, reason) = start {
        frames.push(hub::reset_frame(*cursor, reason));
    }
    frames.concat().into()
}

fn live_stream(opened: Opened) -> Response {
    let opened = TakeOnce::new(opened);
    let mut response = event_stream(Body::from_stream(body::frames(opened.clone())));
    Handoff::Events(opened).attach(&mut response);
    response
}

/// Says in the log why a stream does not begin, and answers the client.
fn turn_away(app: &App, headers: &HeaderMap, uri: &Uri, cause: &str) -> Response {
    if let Some(left_out) = app.log_limit.admit(cause, Instant::now()) {
        tracing::warn!(cause, left_out, "a stream could not begin");
    }
    come_back_later(app, headers, uri)
}

/// An error would stop an EventSource for ever; a stream that ends with `retry:` brings it back, where it is.
pub(in crate::http) fn come_back_later(app: &App, headers: &HeaderMap, uri: &Uri) -> Response {
    let cursor = StreamParameters::last_event_id(headers, uri).and_then(|id| id.parse().ok());
    let mut answer = event_stream(hub::come_back(jittered(app, COME_BACK), cursor).into());
    // Kept alive, such connections would be the ones that all other clients wait for.
    make_last(&mut answer);
    answer
}

fn event_stream(body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform")),
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, body).into_response()
}
