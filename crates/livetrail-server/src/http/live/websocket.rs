//! The log, as it happens: over a WebSocket (RFC 6455), with the objects of the event stream as text messages.

use super::{COME_BACK, OWN_PARAMETERS, Start, StreamParameters, Takeable, Viewer, jittered, last_event_id};
use crate::{
    app::App,
    http::{
        caller::{SOCKET_PROTOCOL, StreamReader, protocols},
        error::{ApiError, ApiResult},
        query::{self, FilterParameters},
    },
    hub::{Selection, Subscription, Visitor},
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use futures_util::{FutureExt, SinkExt, StreamExt};
use livetrail_types::Filter;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::{ops::ControlFlow, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, MissedTickBehavior, interval_at, timeout},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message, Utf8Bytes,
        handshake::derive_accept_key,
        protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode},
    },
};

/// The largest message that a client may send: a filter.
const LARGEST_MESSAGE: usize = 64 * 1024;
/// What is kept for a client that does not take it at once.
const BUFFER: usize = 16 * 1024;
/// A client that takes nothing for this long is cut; it can resume.
const STALLED: Duration = Duration::from_secs(30);

/// Follow the log over a WebSocket
///
/// Text messages `{"type", "id", …}`, as the event stream has them: `connected`, `new_activity` (its activity in
/// `data`), `heartbeat`, `reset`. The client may send `{"type": "subscribe", "filter": {…}, "last_event_id": …}` at any
/// time, which begins anew with another filter; what is wrong with it is answered by `error`. A page that cannot send
/// headers offers the protocols `livetrail` and its token.
#[utoipa::path(
    get, path = "/api/admin/activity/ws", tag = "Live",
    params(FilterParameters, StreamParameters),
    responses(
        (status = 101, description = "The connection is a WebSocket from here on"),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 426, description = "This is no request for a WebSocket"),
    )
)]
pub(in crate::http) async fn websocket(
    State(app): State<Arc<App>>,
    StreamReader(principal): StreamReader,
    method: Method,
    headers: HeaderMap,
    uri: Uri,
) -> ApiResult<Response> {
    let filter = query::stream_filter(&uri, &app, &principal, &OWN_PARAMETERS)?;
    let accept = accept_key(&method, &headers)?;
    is_allowed(&app, &headers)?;
    if app.hub.watchers() >= app.most_streams {
        return Err(ApiError::full());
    }
    let start = Start::find(&app, last_event_id(&headers, &uri)).await;
    let accepted = Accepted { filter: Arc::new(filter), start, viewer: Viewer { app, principal } };
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    let head = response.headers_mut();
    head.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    head.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    head.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    if protocols(&headers).any(|protocol| protocol == SOCKET_PROTOCOL) {
        head.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SOCKET_PROTOCOL));
    }
    response.extensions_mut().insert(Takeable::new(accepted));
    Ok(response)
}

/// Follow the log over a WebSocket, at the admin tracker's address
#[utoipa::path(
    get, path = "/api/admin-sessions/activity-ws", tag = "Live",
    params(FilterParameters, StreamParameters),
    responses(
        (status = 101, description = "The connection is a WebSocket from here on"),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 426, description = "This is no request for a WebSocket"),
    )
)]
pub(in crate::http) async fn websocket_alias(
    app: State<Arc<App>>,
    reader: StreamReader,
    method: Method,
    headers: HeaderMap,
    uri: Uri,
) -> ApiResult<Response> {
    websocket(app, reader, method, headers, uri).await
}

/// The server's half of the handshake (RFC 6455, section 4.2).
fn accept_key(method: &Method, headers: &HeaderMap) -> ApiResult<HeaderValue> {
    let has = |name, wanted: &str| {
        let values = headers.get_all(name).iter().filter_map(|value: &HeaderValue| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|word| word.trim().eq_ignore_ascii_case(wanted))
    };
    let key = headers.get(header::SEC_WEBSOCKET_KEY);
    let is_handshake = method == Method::GET
        && has(header::CONNECTION, "upgrade")
        && has(header::UPGRADE, "websocket")
        && has(header::SEC_WEBSOCKET_VERSION, "13");
    match key {
        Some(key) if is_handshake => HeaderValue::from_str(&derive_accept_key(key.as_bytes()))
            .map_err(|error| ApiError::internal(error.to_string())),
        _ => Err(ApiError::new(
            StatusCode::UPGRADE_REQUIRED,
            "This address speaks WebSocket, version 13, over HTTP/1.1; for an event stream ask …/stream",
        )),
    }
}

/// Browsers let any page open a WebSocket anywhere, cookies included: only our own, and those of origins that the
/// configuration names, may.
fn is_allowed(app: &App, headers: &HeaderMap) -> ApiResult<()> {
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let host = headers.get(header::HOST).map(HeaderValue::as_bytes);
    let of_origin = origin.as_bytes().split(|byte| *byte == b'/').nth(2);
    if app.cors_origins.contains(origin) || (host.is_some() && of_origin == host) {
        return Ok(());
    }
    Err(ApiError::new(
        StatusCode::FORBIDDEN,
        "Pages of this origin may not connect; --cors-origin names those that may",
    ))
}

/// A WebSocket whose handshake is done but for the answer.
pub(in crate::http) struct Accepted {
    filter: Arc<Filter>,
    start: Start,
    viewer: Viewer,
}

/// What a client may say.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Said {
    Subscribe {
        #[serde(default)]
        filter: Map<String, Value>,
        last_event_id: Option<String>,
    },
    Ping {},
}

impl Accepted {
    pub(in crate::http) fn now(&self) -> jiff::Timestamp {
        self.viewer.now()
    }

    /// Speaks with the client until either has enough of it.
    pub(in crate::http) async fn speak(self, stream: impl AsyncRead + AsyncWrite + Unpin) {
        let config = WebSocketConfig::default()
            .read_buffer_size(4 * 1024)
            .write_buffer_size(BUFFER)
            .max_message_size(Some(LARGEST_MESSAGE))
            .max_frame_size(Some(LARGEST_MESSAGE));
        let socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await;
        let subscription = self.viewer.app.hub.subscribe(self.filter, self.start.cursor().position);
        let conversation = Conversation { socket, subscription, viewer: self.viewer, is_alive: true };
        if let Err(error) = conversation.run(self.start).await {
            tracing::debug!(%error, "a WebSocket ended");
        }
    }
}

struct Conversation<S> {
    socket: WebSocketStream<S>,
    subscription: Subscription,
    viewer: Viewer,
    /// Whether the client has said anything since the last heartbeat.
    is_alive: bool,
}

type Spoken<T = ()> = Result<T, Error>;

/// What a client takes, unless it takes nothing for too long.
async fn in_time(taking: impl Future<Output = Spoken>) -> Spoken {
    timeout(STALLED, taking).await.unwrap_or(Err(Error::ConnectionClosed))
}

impl<S: AsyncRead + AsyncWrite + Unpin> Conversation<S> {
    async fn run(mut self, start: Start) -> Spoken {
        let app = Arc::clone(&self.viewer.app);
        let mut heartbeat = interval_at(Instant::now() + app.heartbeat, app.heartbeat);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Skip);
        self.begin(&start).await?;
        loop {
            tokio::select! {
                biased;
                () = app.stopping.cancelled() => {
                    return self.end(CloseCode::Restart, "the server restarts").await;
                }
                _ = heartbeat.tick() => {
                    // What the client has said meanwhile counts.
                    if let Some(message) = self.socket.next().now_or_never()
                        && self.take(message).await?.is_break()
                    {
                        return Ok(());
                    }
                    if !std::mem::take(&mut self.is_alive) {
                        return Ok(());
                    }
                    if !self.viewer.may_stay().await {
                        return self.end(CloseCode::Policy, "the credential has ended").await;
                    }
                    self.beat().await?;
                }
                message = self.socket.next() => {
                    if self.take(message).await?.is_break() {
                        return Ok(());
                    }
                }
                selection = self.subscription.next() => match selection {
                    Ok(selection) => self.show(&selection).await?,
                    Err(error) => {
                        tracing::warn!(%error, "a stream could not be read from the store");
                        return self.end(CloseCode::Again, "the store is away").await;
                    }
                },
            }
        }
    }

    /// The first messages: where this begins, and whether the client has to start over.
    async fn begin(&mut self, start: &Start) -> Spoken {
        let app = &self.viewer.app;
        let (cursor, heartbeat) = (start.cursor().to_string(), app.heartbeat.as_secs());
        let come_back = jittered(app, COME_BACK).as_millis();
        let connected = json!({
            "type": "connected", "id": cursor, "heartbeat_seconds": heartbeat,
            "retry_milliseconds": u64::try_from(come_back).unwrap_or(u64::MAX),
        });
        self.say(&connected).await?;
        match start {
            Start::Reset(cursor, reason) => {
                self.say(&json!({"type": "reset", "id": cursor.to_string(), "reason": reason})).await
            }
            _ => Ok(()),
        }
    }

    async fn beat(&mut self) -> Spoken {
        let (cursor, head) = (self.subscription.cursor().to_string(), self.viewer.app.hub.head().to_string());
        self.say(&json!({"type": "heartbeat", "id": cursor, "head": head})).await?;
        self.send(Message::Ping(Vec::new().into())).await
    }

    async fn take(&mut self, message: Option<Spoken<Message>>) -> Spoken<ControlFlow<()>> {
        let Some(message) = message else { return Ok(ControlFlow::Break(())) };
        self.is_alive = true;
        self.hear(message?).await
    }

    async fn hear(&mut self, message: Message) -> Spoken<ControlFlow<()>> {
        match message {
            Message::Text(text) => self.answer(&text).await?,
            Message::Binary(_) => self.object("a message is text: a JSON object", &Value::Null).await?,
            Message::Close(_) => {
                // The protocol agrees, and this sends it.
                in_time(self.socket.flush()).await?;
                return Ok(ControlFlow::Break(()));
            }
            // Pings are answered by the protocol.
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
        Ok(ControlFlow::Continue(()))
    }

    async fn answer(&mut self, text: &str) -> Spoken {
        match serde_json::from_str(text) {
            Ok(Said::Ping {}) => self.say(&json!({"type": "pong"})).await,
            Ok(Said::Subscribe { filter, last_event_id }) => self.subscribe(filter, last_event_id).await,
            Err(error) => {
                let detail = format!(
                    "a message is {{\"type\": \"subscribe\", \"filter\": {{…}}, \"last_event_id\": …}} or {{\"type\": \
                     \"ping\"}}: {error}"
                );
                self.object(&detail, &Value::Null).await
            }
        }
    }

    /// Begins anew with another filter. What is wrong with it changes nothing.
    async fn subscribe(&mut self, filter: Map<String, Value>, last_event_id: Option<String>) -> Spoken {
        let Viewer { app, principal } = &self.viewer;
        match query::object_filter(filter, app, principal) {
            Ok(filter) => {
                let start = Start::find(app, last_event_id.filter(|id| !id.is_empty())).await;
                self.subscription = app.hub.subscribe(Arc::new(filter), start.cursor().position);
                self.begin(&start).await
            }
            Err(refusal) => {
                let errors = serde_json::to_value(&refusal.errors).unwrap_or_default();
                self.object(&refusal.detail, &errors).await
            }
        }
    }

    async fn object(&mut self, detail: &str, errors: &Value) -> Spoken {
        self.say(&json!({"type": "error", "detail": detail, "errors": errors})).await
    }

    async fn show(&mut self, selection: &Selection) -> Spoken {
        for message in selection.messages() {
            in_time(self.socket.feed(Message::Text(Utf8Bytes::from(message)))).await?;
        }
        in_time(self.socket.flush()).await
    }

    async fn say(&mut self, message: &Value) -> Spoken {
        self.send(Message::Text(message.to_string().into())).await
    }

    async fn send(&mut self, message: Message) -> Spoken {
        in_time(self.socket.send(message)).await
    }

    /// Says why this ends, and leaves the client a moment to agree.
    async fn end(mut self, code: CloseCode, reason: &'static str) -> Spoken {
        self.send(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await?;
        let agreed = async { while let Some(Ok(_)) = self.socket.next().await {} };
        let _ = timeout(Duration::from_secs(1), agreed).await;
        Ok(())
    }
}
