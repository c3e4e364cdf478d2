//! Connections over plain HTTP/1.1: hyper serves them request by request, until one asks for a live stream. Then the socket
//! leaves hyper, with the head of the answer still to be written, and belongs to a reactor.

use super::{
    caller::Peer,
    serve::answer,
    stream::{Opened, Takeable},
};
use crate::hub::{Newcomer, Reactors};
use axum::{
    Router,
    extract::Request,
    http::{Method, header, response::Parts},
};
use bytes::Bytes;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};
use std::{
    future::pending,
    io::{self, Write},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    net::TcpStream,
    sync::{Notify, OwnedSemaphorePermit},
};
use tokio_util::sync::CancellationToken;

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);

/// Where a request leaves the stream that it has asked for.
#[derive(Default)]
struct Asked {
    stream: Mutex<Option<(Parts, Opened)>>,
    is_there: Notify,
}

impl Asked {
    fn leave(&self, parts: Parts, opened: Opened) {
        *self.stream.lock().unwrap_or_else(PoisonError::into_inner) = Some((parts, opened));
        self.is_there.notify_one();
    }

    async fn taken(&self) -> (Parts, Opened) {
        loop {
            self.is_there.notified().await;
            if let Some(stream) = self.stream.lock().unwrap_or_else(PoisonError::into_inner).take() {
                return stream;
            }
        }
    }
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
    let asked = Arc::new(Asked::default());
    let leaving = Arc::clone(&asked);
    let service = service_fn(move |request: Request<Incoming>| {
        let (router, asked) = (router.clone(), Arc::clone(&leaving));
        async move {
            let is_get = request.method() == Method::GET;
            let mut response = answer(router, peer, request).await?;
            let takeable = response.extensions_mut().remove::<Takeable>().filter(|_| is_get);
            match takeable.and_then(|takeable| takeable.take()) {
                Some(opened) => {
                    asked.leave(response.into_parts().0, opened);
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
    let opened = loop {
        tokio::select! {
            ended = &mut *connection => {
                // Clients that go away in the middle are everyday life.
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended");
                }
                return;
            }
            opened = asked.taken() => break opened,
            () = &mut stops, if !is_stopping => {
                is_stopping = true;
                std::pin::Pin::new(&mut *connection).graceful_shutdown();
            }
        }
    };
    // What a client has sent after its request is of no interest: it will get nothing but this stream.
    let socket = connection.into_parts().io.into_inner();
    match hand_over(socket, opened, room) {
        Ok(newcomer) => reactors.adopt(newcomer),
        Err(error) => tracing::warn!(%error, "a stream could not begin"),
    }
}

fn hand_over(
    socket: TcpStream,
    (head, opened): (Parts, Opened),
    room: OwnedSemaphorePermit,
) -> io::Result<Newcomer> {
    let Opened { first, filter, position, viewer } = opened;
    let now = viewer.now();
    let opening = [write_head(head, now)?, first].concat().into();
    Ok(Newcomer { socket: socket.into_std()?, opening, filter, position, visitor: Arc::new(viewer), room })
}

/// The head of an answer that ends with its connection (RFC 9112, section 6.3).
fn write_head(mut head: Parts, now: Timestamp) -> io::Result<Bytes> {
    head.headers.insert(header::CONNECTION, header::HeaderValue::from_static("close"));
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
