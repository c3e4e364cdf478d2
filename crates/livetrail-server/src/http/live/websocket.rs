//! The log, as it happens: how a WebSocket (RFC 6455) begins, and how a task speaks over one where there is no plain
//! socket.

use super::{Handoff, Opened, Start, Viewer, conversation::first_messages, permits::permit, record_replay};
use crate::{
    app::App,
    http::{
        error::{ApiError, ApiResult},
        extract::{Caller, SOCKET_PROTOCOL, StreamReader, protocols},
        query::{self, DateParameters, FilterParameters},
        same_site::{host, is_allowed_origin, is_own_origin},
        stream_parameters::StreamParameters,
        take_once::TakeOnce,
    },
    hub::{
        CloseReason, Incoming, Reply, StreamOwner, Subscription, Transport, WebSocketDecoder, add_message,
    },
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, Version, header},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use std::{
    io::{self, Read},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::{Instant, MissedTickBehavior, interval_at, timeout},
};
use tracing::{Instrument, Span};
use tungstenite::handshake::derive_accept_key;

/// A client that takes nothing for this long is cut; it can resume.
const STALLED: Duration = Duration::from_secs(30);
/// How long a client has to agree that the conversation ends.
const AGREE: Duration = Duration::from_secs(1);

/// Follow the log over a WebSocket
///
/// Text messages `{"type", "id", …}`, as the event stream has them: `connected`, `new_activity` (its activity in
/// `data`), `heartbeat`, `reset`. The client may send `{"type": "subscribe", "filter": {…}, "last_event_id": …}` at any
/// time, which begins anew with another filter; what is wrong with it is answered by `error`. A page that cannot send
/// headers offers the protocols `livetrail` and its token.
#[utoipa::path(
    get, path = "/api/admin/activity/ws", tag = "Live",
    params(DateParameters, FilterParameters, StreamParameters),
    responses(
        (status = 101, description = "The connection is a WebSocket from here on"),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 426, description = "This is no request for a WebSocket"),
    )
)]
pub(in crate::http) async fn websocket(
    State(app): State<Arc<App>>,
    reader: StreamReader,
    Caller(origin): Caller,
    method: Method,
    version: Version,
    headers: HeaderMap,
    uri: Uri,
) -> ApiResult<Response> {
    let filter = query::stream_filter(&uri, &app, reader.principal(), StreamParameters::is_one)?;
    let accept = accept_key(&method, version, &headers)?;
    is_allowed(&app, &uri, &headers)?;
    let permit = permit(&app.streams, reader.principal()).ok_or_else(ApiError::full)?;
    let principal = reader.let_in(&app).await?;
    let start = Start::find(&app, StreamParameters::last_event_id(&headers, &uri)).await;
    record_replay(&app, &principal, &origin, &start, (query::pairs(&uri), &filter));
    let mut first = Vec::new();
    first_messages(&app, &start).into_iter().for_each(|message| add_message(&mut first, message));
    let viewer = Viewer { app, principal };
    let (filter, position) = (Arc::new(filter), start.cursor().position);
    let opened = Opened { first: first.into(), filter, position, viewer, permit, span: Span::current() };
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    let head = response.headers_mut();
    head.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    head.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    head.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    if protocols(&headers).any(|protocol| protocol == SOCKET_PROTOCOL) {
        head.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SOCKET_PROTOCOL));
    }
    Handoff::WebSocket(TakeOnce::new(opened)).attach(&mut response);
    Ok(response)
}

/// Follow the log over a WebSocket, at the admin tracker's address
#[utoipa::path(
    get, path = "/api/admin-sessions/activity-ws", tag = "Live",
    params(DateParameters, FilterParameters, StreamParameters),
    responses(
        (status = 101, description = "The connection is a WebSocket from here on"),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 426, description = "This is no request for a WebSocket"),
    )
)]
pub(in crate::http) async fn websocket_alias(
    app: State<Arc<App>>,
    reader: StreamReader,
    caller: Caller,
    method: Method,
    version: Version,
    headers: HeaderMap,
    uri: Uri,
) -> ApiResult<Response> {
    websocket(app, reader, caller, method, version, headers, uri).await
}

/// The server's half of the handshake (RFC 6455, section 4.2).
fn accept_key(method: &Method, version: Version, headers: &HeaderMap) -> ApiResult<HeaderValue> {
    let has = |name, wanted: &str| {
        let values = headers.get_all(name).iter().filter_map(|value: &HeaderValue| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|word| word.trim().eq_ignore_ascii_case(wanted))
    };
    let key = headers.get(header::SEC_WEBSOCKET_KEY);
    let is_handshake = method == Method::GET
        && version == Version::HTTP_11
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
fn is_allowed(app: &App, uri: &Uri, headers: &HeaderMap) -> ApiResult<()> {
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    if is_allowed_origin(origin, app) || is_own_origin(origin, host(uri, headers), app) {
        return Ok(());
    }
    Err(ApiError::new(
        StatusCode::FORBIDDEN,
        "Pages of this origin may not connect; --cors-origin names those that may",
    ))
}

/// Speaks with the client until one of the two ends the conversation.
pub(in crate::http) async fn speak(opened: Opened, stream: impl AsyncRead + AsyncWrite + Unpin) {
    let Opened { first, filter, position, viewer, permit: _permit, span } = opened;
    let subscription = viewer.app.hub.subscribe(filter, Transport::WebSocket, position);
    let subscription = subscription.with_announcements(viewer.principal.tenant.clone());
    let decoder = WebSocketDecoder::begin(&[]);
    let checked = Instant::now();
    let mut conversation =
        Conversation { stream, decoder, subscription, viewer, owes_sign: false, checked, is_cut: false };
    let speaking = async {
        let Err(reason) = conversation.run(&first).await;
        conversation.end(reason).await;
    };
    speaking.instrument(span).await;
}

struct Conversation<S> {
    stream: S,
    decoder: WebSocketDecoder,
    subscription: Subscription,
    viewer: Viewer,
    /// Whether the client was asked for a sign of life, and has given none.
    owes_sign: bool,
    /// When its credential was last found to stand.
    checked: Instant,
    /// Whether it ends in the middle of a frame, where words would be no words.
    is_cut: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Conversation<S> {
    async fn run(&mut self, first: &[u8]) -> Result<std::convert::Infallible, CloseReason> {
        let app = Arc::clone(&self.viewer.app);
        let mut heartbeat = interval_at(Instant::now() + app.settings.heartbeat, app.settings.heartbeat);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut said = [0; 1024];
        self.write(first).await?;
        loop {
            tokio::select! {
                biased;
                () = app.stopping.cancelled() => return Err(CloseReason::Stopping),
                _ = heartbeat.tick() => {
                    // What the client has said meanwhile counts.
                    if let Some(read) = self.stream.read(&mut said).now_or_never() {
                        self.hear(&said, read).await?;
                    }
                    self.beat().await?;
                }
                read = self.stream.read(&mut said) => self.hear(&said, read).await?,
                selection = self.subscription.next() => match selection {
                    Ok(selection) => self.write(&selection.bytes).await?,
                    Err(error) => {
                        tracing::warn!(%error, "a stream could not be read from the store");
                        return Err(CloseReason::StoreAway);
                    }
                },
            }
        }
    }

    async fn beat(&mut self) -> Result<(), CloseReason> {
        if std::mem::replace(&mut self.owes_sign, true) {
            return Err(CloseReason::Silent);
        }
        self.check().await?;
        let heartbeat = self.subscription.heartbeat();
        self.write(&heartbeat).await
    }

    async fn check(&mut self) -> Result<(), CloseReason> {
        self.checked = Instant::now();
        if self.viewer.is_authorized().await { Ok(()) } else { Err(CloseReason::CredentialEnded) }
    }

    async fn hear(&mut self, said: &[u8], read: io::Result<usize>) -> Result<(), CloseReason> {
        let mut said = match read {
            Ok(read @ 1..) => Chunk(&said[..read]),
            _ => return Err(CloseReason::Gone),
        };
        loop {
            let mut answers = Vec::new();
            let incoming = self.decoder.hear(&mut said, &mut answers);
            self.write(&answers).await?;
            match incoming? {
                Incoming::Nothing => return Ok(()),
                Incoming::Sign => self.owes_sign = false,
                Incoming::Message(message) => {
                    self.owes_sign = false;
                    self.answer(&message).await?;
                }
            }
        }
    }

    async fn answer(&mut self, message: &[u8]) -> Result<(), CloseReason> {
        let Reply { messages, subscription } = self.viewer.hear(message).await;
        let mut answers = Vec::new();
        messages.into_iter().for_each(|message| add_message(&mut answers, message));
        if let Some((filter, position)) = subscription {
            self.subscription.restart(filter, position);
        }
        self.write(&answers).await
    }

    /// Writes to a client that takes something now and then, for as long as its credential stands.
    async fn write(&mut self, bytes: &[u8]) -> Result<(), CloseReason> {
        let written = self.write_all(bytes).await;
        self.is_cut |= written.is_err();
        written
    }

    async fn write_all(&mut self, mut bytes: &[u8]) -> Result<(), CloseReason> {
        while !bytes.is_empty() {
            if self.checked.elapsed() > self.viewer.app.settings.heartbeat * 2 {
                self.check().await?;
            }
            match timeout(STALLED, self.stream.write(bytes)).await {
                Ok(Ok(written @ 1..)) => bytes = &bytes[written..],
                Ok(_) => return Err(CloseReason::Gone),
                Err(_) => return Err(CloseReason::Stalled),
            }
        }
        match timeout(STALLED, self.stream.flush()).await {
            Ok(flushed) => flushed.map_err(|_| CloseReason::Gone),
            Err(_) => Err(CloseReason::Stalled),
        }
    }

    /// Says why this ends, and leaves the client a moment to agree.
    async fn end(mut self, reason: CloseReason) {
        let words = self.subscription.farewell(reason, self.viewer.retry_after());
        if !self.is_cut {
            let _ = self.write(&words).await;
        }
        let mut nothing = [0; 1024];
        let agreed = async { while matches!(self.stream.read(&mut nothing).await, Ok(1..)) {} };
        let _ = timeout(AGREE, agreed).await;
    }
}

/// What has been read, and then nothing for now.
struct Chunk<'a>(&'a [u8]);

impl Read for Chunk<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Read::read(&mut self.0, buffer)
    }
}
