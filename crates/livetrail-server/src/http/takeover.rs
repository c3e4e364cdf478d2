//! Connections over plain HTTP/1.1: hyper serves them request by request, until one asks for a live stream. Then the socket
//! leaves hyper, with the head of the answer still to be written, and belongs to a reactor, or becomes a WebSocket.

use super::{
    caller::Peer,
    live::{Accepted, Opened, Takeable},
    serve::{HEAD_TIMEOUT, answer},
};
use crate::hub::{Newcomer, Reactors};
use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, Method, header, response::Parts},
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
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::{OwnedSemaphorePermit, mpsc},
};
use tokio_util::sync::CancellationToken;

/// What a connection becomes.
enum Afterlife {
    Events(Parts, Opened),
    WebSocket(Parts, Accepted),
}

/// Serves a connection; a live stream goes on with the reactors after this has ended.
pub(super) async fn serve(
    stream: TcpStream,
    peer: Peer,
    router: Router,
    reactors: Arc<Reactors>,
    stopping: CancellationToken,
    room: OwnedSemaphorePermit,
) {
    // One connection asks once.
    let (ask, mut asked) = mpsc::channel(1);
    let service = service_fn(move |request: Request<Incoming>| {
        let (router, ask) = (router.clone(), ask.clone());
        async move {
            let is_get = request.method() == Method::GET;
            let mut response = answer(router, peer, request).await?;
            let afterlife = if is_get { afterlife_of(&mut response) } else { None };
            match afterlife {
                Some(afterlife) => {
                    let _ = ask.try_send(afterlife);
                    // The connection is taken from under this.
                    pending().await
                }
                None => Ok::<_, std::convert::Infallible>(response),
            }
        }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    let mut connection = Box::new(builder.serve_connection(TokioIo::new(stream), service));
    let mut stops = pin!(stopping.cancelled());
    let mut is_stopping = false;
    let afterlife = loop {
        tokio::select! {
            ended = &mut *connection => {
                // Clients that go away in the middle are everyday life.
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended");
                }
                return;
            }
            Some(afterlife) = asked.recv() => break afterlife,
            () = &mut stops, if !is_stopping => {
                is_stopping = true;
                std::pin::Pin::new(&mut *connection).graceful_shutdown();
            }
        }
    };
    let http1::Parts { io, read_buf, .. } = connection.into_parts();
    let socket = io.into_inner();
    let begun = match afterlife {
        // What a client has sent after its request is of no interest: it will get nothing but this stream.
        Afterlife::Events(head, opened) => push(socket, head, opened, &reactors, room),
        Afterlife::WebSocket(head, accepted) => speak(socket, read_buf, head, accepted).await,
    };
    if let Err(error) = begun {
        tracing::debug!(%error, "a stream could not begin");
    }
}

fn afterlife_of(response: &mut Response) -> Option<Afterlife> {
    let head = |response: &mut Response| {
        let (head, _) = std::mem::take(response).into_parts();
        head
    };
    if let Some(opened) = response.extensions_mut().remove::<Takeable<Opened>>().and_then(|it| it.take()) {
        return Some(Afterlife::Events(head(response), opened));
    }
    let accepted = response.extensions_mut().remove::<Takeable<Accepted>>().and_then(|it| it.take())?;
    Some(Afterlife::WebSocket(head(response), accepted))
}

fn push(
    socket: TcpStream,
    mut head: Parts,
    opened: Opened,
    reactors: &Reactors,
    room: OwnedSemaphorePermit,
) -> io::Result<()> {
    let Opened { first, filter, position, viewer } = opened;
    // The answer ends with its connection (RFC 9112, section 6.3).
    head.headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    let opening = [write_head(&head, viewer.now())?, first].concat().into();
    let socket = socket.into_std()?;
    reactors.adopt(Newcomer { socket, opening, filter, position, visitor: Arc::new(viewer), room });
    Ok(())
}

async fn speak(mut socket: TcpStream, read: Bytes, head: Parts, accepted: Accepted) -> io::Result<()> {
    socket.write_all(&write_head(&head, accepted.now())?).await?;
    // A client that does not wait for the answer has said something already.
    let (input, output) = tokio::io::split(socket);
    accepted.speak(tokio::io::join(io::Cursor::new(read).chain(input), output)).await;
    Ok(())
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
