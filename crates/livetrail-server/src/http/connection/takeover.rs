//! Connections over plain HTTP/1.1: hyper serves them request by request, until one asks for a live stream or a
//! WebSocket. Then the socket leaves hyper, with the head of the answer still to be written, and belongs to a reactor.

use super::{
    Peer,
    exchange::answer,
    limits::{BUFFER_BYTES, HEAD_TIMEOUT},
    watch::Watch,
};
use crate::{
    connections::ConnectionPermit,
    http::live::{Handoff, Opened, Viewers},
    hub::{self, NewStream, Reactors, WebSocketDecoder},
};
use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, Method, Version, header, response::Parts},
    response::Response,
};
use bytes::Bytes;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};
use std::{
    future::pending,
    io::{self, Write},
    pin::pin,
    sync::Arc,
};
use tokio::{net::TcpStream, sync::mpsc};
use tokio_util::sync::CancellationToken;

/// Where live streams go.
pub struct Push {
    reactors: Arc<Reactors>,
    viewers: Viewers,
}

/// A stream that leaves hyper.
struct Leaving {
    head: Parts,
    handoff: Handoff,
    opened: Opened,
}

/// Serves a connection; a live stream goes on with the reactors after this has ended.
pub(super) async fn serve(
    stream: TcpStream,
    peer: Peer,
    watch: Arc<Watch>,
    router: Router,
    push: Arc<Push>,
    stopping: CancellationToken,
    permit: ConnectionPermit,
) {
    // One connection asks once.
    let (ask, mut asked) = mpsc::channel(1);
    let watched = Arc::clone(&watch);
    let service = service_fn(move |request: Request<Incoming>| {
        let (router, ask, visit) = (router.clone(), ask.clone(), watched.request());
        async move {
            // HTTP/1.0 knows no chunks, and no WebSockets.
            let may_leave = request.method() == Method::GET && request.version() == Version::HTTP_11;
            let mut response = answer(router, peer, visit, request).await?;
            let leaving = if may_leave { Leaving::of(&mut response) } else { None };
            match leaving {
                Some(leaving) => {
                    // hyper reads a request once the answer before it is written: none is cut off.
                    let _ = ask.try_send(leaving);
                    // The connection is taken from under this.
                    pending().await
                }
                None => Ok::<_, std::convert::Infallible>(response),
            }
        }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(BUFFER_BYTES);
    let mut connection = Box::new(builder.serve_connection(TokioIo::new(stream), service));
    let mut stops = pin!(stopping.cancelled());
    let mut is_stopping = false;
    let leaving = loop {
        tokio::select! {
            ended = &mut *connection => {
                // Clients that go away in the middle are everyday life.
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended");
                }
                return;
            }
            Some(leaving) = asked.recv() => break leaving,
            why = watch.expired() => return tracing::debug!(why, "a connection ended"),
            () = &mut stops, if !is_stopping => {
                is_stopping = true;
                std::pin::Pin::new(&mut *connection).graceful_shutdown();
            }
        }
    };
    let http1::Parts { io, read_buf, .. } = connection.into_parts();
    let socket = io.into_inner();
    let begun = push.adopt(socket, leaving, &read_buf, permit);
    if let Err(error) = begun {
        tracing::debug!(%error, "a stream could not begin");
    }
}

impl Leaving {
    /// Takes the stream that a response begins, if it begins one.
    fn of(response: &mut Response) -> Option<Self> {
        let handoff = Handoff::detach(response)?;
        let (Handoff::Events(opened) | Handoff::WebSocket(opened)) = &handoff;
        let opened = opened.take()?;
        let (head, _) = std::mem::take(response).into_parts();
        Some(Self { head, handoff, opened })
    }
}

impl Push {
    /// Pushes by way of these.
    pub fn by(reactors: Arc<Reactors>) -> Self {
        Self { reactors, viewers: Viewers::default() }
    }

    /// Gives a socket to the reactors. `read` is what the client has sent after its request. An event stream has no use
    /// for it, because its connection carries nothing but this stream from now on.
    fn adopt(
        &self,
        socket: TcpStream,
        leaving: Leaving,
        read: &[u8],
        mut permit: ConnectionPermit,
    ) -> io::Result<()> {
        let Leaving { mut head, handoff, opened } = leaving;
        let Opened { first, filter, position, viewer, permit: stream_permit, span: _ } = opened;
        permit.hold(stream_permit);
        let (first, decoder) = match handoff {
            Handoff::WebSocket(_) => (first, Some(WebSocketDecoder::begin(read))),
            Handoff::Events(_) => {
                head.headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
                head.headers.insert(header::TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
                (hub::chunk(&first), None)
            }
        };
        let opening = [write_head(&head, viewer.now())?, first].concat().into();
        let (socket, owner) = (socket.into_std()?, self.viewers.share(viewer));
        self.reactors.adopt(NewStream { socket, opening, filter, position, decoder, owner, permit });
        Ok(())
    }
}

fn write_head(head: &Parts, now: Timestamp) -> io::Result<Bytes> {
    let mut bytes = Vec::with_capacity(512);
    let reason = head.status.canonical_reason().unwrap_or_default();
    write!(bytes, "HTTP/1.1 {} {reason}\r\n", head.status.as_u16())?;
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&now).map_err(io::Error::other)?;
    write!(bytes, "date: {date}\r\n")?;
    for (name, value) in &head.headers {
        write!(bytes, "{name}: ")?;
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    Ok(bytes.into())
}
