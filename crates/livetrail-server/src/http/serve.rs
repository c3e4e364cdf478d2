//! Accepts connections and serves them until the server is told to stop.

use super::caller::Peer;
use axum::{Router, body::Body, extract::Request};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, UnixListener},
    sync::{Notify, Semaphore},
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// Connections at once; more wait in the system's queue.
const MOST_CONNECTIONS: usize = 20_000;
/// How long a client may take to send the head of a request, and to send anything after it has connected.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// How long requests that are under way may take to finish once the server stops.
const GRACE: Duration = Duration::from_secs(6);
/// How long to wait after a failure to accept, which most often means too many open files.
const PAUSE: Duration = Duration::from_millis(50);

/// Where connections come in.
pub enum Listener {
    /// From the network.
    Network(TcpListener),
    /// From whoever can open a socket in the data folder.
    Operator(UnixListener, RemovedOnDrop),
}

/// A socket's file, which outlives its listener otherwise.
pub struct RemovedOnDrop(PathBuf);

impl Drop for RemovedOnDrop {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Listener {
    /// A socket that only this user can open. One that a killed server left behind is replaced.
    ///
    /// # Errors
    /// What the system says, or that somebody is listening there: a server whose database is in another folder.
    pub fn operator(path: &Path) -> io::Result<Self> {
        use std::os::unix::{fs::PermissionsExt, net::UnixStream};
        if UnixStream::connect(path).is_ok() {
            return Err(io::Error::new(io::ErrorKind::AddrInUse, "another livetrail is listening there"));
        }
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(path)?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
        Ok(Self::Operator(listener, RemovedOnDrop(path.to_owned())))
    }
}

/// Serves `router` on `listener` until `stopping`, then finishes what is under way.
pub async fn serve(listener: Listener, router: Router, stopping: CancellationToken) {
    let connections = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            () = stopping.cancelled() => break,
            accepted = accept(&listener, &connections) => accepted,
        };
        match accepted {
            Ok((Socket::Network(stream), peer, room)) => {
                spawn(TokioIo::new(stream), peer, &router, &graceful, room);
            }
            Ok((Socket::Operator(stream), peer, room)) => {
                spawn(TokioIo::new(stream), peer, &router, &graceful, room);
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

enum Socket {
    Network(tokio::net::TcpStream),
    Operator(tokio::net::UnixStream),
}

type Room = tokio::sync::OwnedSemaphorePermit;

async fn accept(listener: &Listener, connections: &Arc<Semaphore>) -> io::Result<(Socket, Peer, Room)> {
    let room = Arc::clone(connections).acquire_owned().await.map_err(io::Error::other)?;
    match listener {
        Listener::Network(listener) => {
            let (stream, address) = listener.accept().await?;
            stream.set_nodelay(true)?;
            Ok((Socket::Network(stream), Peer::Network(address.ip()), room))
        }
        Listener::Operator(listener, _) => {
            Ok((Socket::Operator(listener.accept().await?.0), Peer::Operator, room))
        }
    }
}

fn spawn<S>(io: TokioIo<S>, peer: Peer, router: &Router, graceful: &GracefulShutdown, room: Room)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let router = router.clone();
    let first_request = Arc::new(Notify::new());
    let begun = Arc::clone(&first_request);
    let service = hyper::service::service_fn(move |request: Request<hyper::body::Incoming>| {
        begun.notify_one();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request)
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(Some(HEAD_TIMEOUT));
    let connection = builder.serve_connection_with_upgrades(io, service).into_owned();
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        tokio::select! {
            // Clients that go away in the middle are everyday life.
            ended = connection => if let Err(error) = ended {
                tracing::debug!(%error, "a connection ended");
            },
            () = silence(&first_request) => tracing::debug!("a connection was closed: no request came"),
        }
        drop(room);
    });
}

/// Ends when no request has come in time. The timeout for a request's head begins only when it is known which HTTP a
/// client speaks; one that does not say would keep its place for ever.
async fn silence(first_request: &Notify) {
    if tokio::time::timeout(HEAD_TIMEOUT, first_request.notified()).await.is_ok() {
        std::future::pending::<()>().await;
    }
}
