//! Accepts connections and serves them until the server is told to stop.
//!
//! hyper reads every request and writes every answer, but for one: a live stream over plain HTTP/1.1 leaves it with its
//! socket, as soon as it is known that it is one, and is pushed to by a reactor.

use super::{
    caller::Peer,
    live::{Accepted, Takeable},
    takeover::{self, Push},
};
use crate::{
    connections::{Connections, Limits, Room},
    tls::Tls,
};
use axum::{Router, body::Body, extract::Request, response::Response};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use socket2::SockRef;
use std::{
    convert::Infallible,
    io,
    path::{Path, PathBuf},
    pin::pin,
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream, UnixListener, UnixStream},
    sync::Notify,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

/// How long a client may take to send the head of a request, and to send anything after it has connected.
pub(super) const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// How long requests that are under way may take to finish once the server stops.
const GRACE: Duration = Duration::from_secs(6);
/// How long to wait after a failure to accept, which most often means too many open files.
const PAUSE: Duration = Duration::from_millis(50);
/// Requests at once on one connection over HTTP/2, and the bytes of each head.
const MOST_STREAMS: u32 = 128;
const LARGEST_HEAD: u32 = 64 * 1024;
/// A peer that does not acknowledge for this long, or takes nothing, is gone.
const DEAD_PEER: Duration = Duration::from_secs(30);
/// What connections over HTTP/2 begin with (RFC 9113, section 3.4).
const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

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

/// What serves connections.
#[derive(Clone)]
pub struct Service {
    /// Answers requests.
    pub router: Router,
    /// Pushes to live streams; without it, each stream is a task.
    pub push: Option<Arc<Push>>,
    /// What connections from the network begin with, if they do.
    pub tls: Option<Arc<Tls>>,
    /// How many connections there may be; more wait in the system's queue.
    pub limits: Limits,
    /// Set when the server is to stop.
    pub stopping: CancellationToken,
}

/// Serves what comes in on `listener` until the server is to stop, then finishes what is under way.
pub async fn serve(listener: Listener, service: Service) {
    let connections = Connections::new(service.limits);
    let tasks = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = service.stopping.cancelled() => break,
            accepted = accept(&listener, &connections) => accepted,
        };
        match accepted {
            Ok((Socket::Network(stream, peer), room)) => {
                tasks.spawn(service.clone().network(stream, peer, room));
            }
            Ok((Socket::Operator(stream), room)) => {
                tasks.spawn(service.clone().operator(stream, room));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    tasks.close();
    if tokio::time::timeout(GRACE, tasks.wait()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

enum Socket {
    Network(TcpStream, Peer),
    Operator(UnixStream),
}

async fn accept(listener: &Listener, connections: &Connections) -> io::Result<(Socket, Room)> {
    let mut room = connections.room().await?;
    let socket = match listener {
        Listener::Network(listener) => {
            let (stream, address) = listener.accept().await?;
            stream.set_nodelay(true)?;
            SockRef::from(&stream).set_tcp_user_timeout(Some(DEAD_PEER))?;
            let is_surplus = connections.is_surplus(&mut room, address.ip());
            Socket::Network(stream, Peer::Network { address: address.ip(), is_surplus })
        }
        Listener::Operator(listener, _) => Socket::Operator(listener.accept().await?.0),
    };
    Ok((socket, room))
}

impl Service {
    async fn network(self, stream: TcpStream, peer: Peer, room: Room) {
        if let Some(tls) = &self.tls {
            let greeting = tokio::time::timeout(HEAD_TIMEOUT, tls.acceptor().accept(stream));
            match greeting.await {
                Ok(Ok(stream)) => self.by_hyper(stream, peer).await,
                Ok(Err(error)) => tracing::debug!(%error, "a connection was closed: no TLS came"),
                Err(_) => tracing::debug!("a connection was closed: no TLS came"),
            }
            return drop(room);
        }
        let version = tokio::select! {
            version = tokio::time::timeout(HEAD_TIMEOUT, speaks_http2(&stream)) => version,
            () = self.stopping.cancelled() => return,
        };
        match (version, &self.push) {
            (Ok(Ok(false)), Some(push)) => {
                let (push, stopping) = (Arc::clone(push), self.stopping.clone());
                takeover::serve(stream, peer, self.router, push, stopping, room).await;
            }
            (Ok(Ok(_)), _) => self.by_hyper(stream, peer).await,
            (Ok(Err(_)) | Err(_), _) => {
                // What has come is read away, so that the connection ends instead of being reset.
                let _ = stream.try_read(&mut [0; HTTP2.len()]);
                tracing::debug!("a connection was closed: no request came");
            }
        }
    }

    async fn operator(self, stream: UnixStream, room: Room) {
        self.by_hyper(stream, Peer::Operator).await;
        drop(room);
    }

    /// Serves a connection with nothing but hyper, whatever it becomes.
    async fn by_hyper<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(self, stream: S, peer: Peer) {
        let (router, websockets) = (self.router, TaskTracker::new());
        let first_request = Arc::new(Notify::new());
        let (begun, spawning) = (Arc::clone(&first_request), websockets.clone());
        let ends = self.stopping.child_token();
        let end = ends.clone();
        let service = hyper::service::service_fn(move |request| {
            begun.notify_one();
            if peer.is_surplus() {
                // Over HTTP/2 no header says that this answer is the last one.
                end.cancel();
            }
            answer_or_upgrade(router.clone(), peer, request, spawning.clone())
        });
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
        builder.http2().timer(TokioTimer::new()).keep_alive_interval(Some(HEAD_TIMEOUT));
        builder.http2().max_concurrent_streams(MOST_STREAMS).max_header_list_size(LARGEST_HEAD);
        let mut connection = pin!(builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
        let ended = tokio::select! {
            ended = &mut connection => ended,
            () = silence(&first_request) => Err("no request came".into()),
            () = ends.cancelled() => {
                connection.as_mut().graceful_shutdown();
                let last = tokio::time::timeout(GRACE, connection).await;
                last.unwrap_or_else(|_| Err("the last answers were not taken".into()))
            }
        };
        // Clients that go away in the middle are everyday life.
        if let Err(error) = ended {
            tracing::debug!(error, "a connection ended");
        }
        websockets.close();
        websockets.wait().await;
    }
}

/// Ends when no request has come in time. The timeout for a request's head begins only when it is known which HTTP a
/// client speaks; one that does not say would keep its place for ever.
async fn silence(first_request: &Notify) {
    if tokio::time::timeout(HEAD_TIMEOUT, first_request.notified()).await.is_ok() {
        std::future::pending::<()>().await;
    }
}

/// The answer to a request that may be for a WebSocket.
async fn answer_or_upgrade(
    router: Router,
    peer: Peer,
    mut request: Request<hyper::body::Incoming>,
    websockets: TaskTracker,
) -> Result<Response, Infallible> {
    let upgrade = hyper::upgrade::on(&mut request);
    let mut response = answer(router, peer, request).await?;
    if let Some(accepted) = response.extensions_mut().remove::<Takeable<Accepted>>().and_then(|it| it.take())
    {
        websockets.spawn(async move {
            match upgrade.await {
                Ok(stream) => accepted.speak(TokioIo::new(stream)).await,
                Err(error) => tracing::debug!(%error, "a WebSocket could not begin"),
            }
        });
    }
    Ok(response)
}

/// The answer to a request of somebody's.
pub(super) async fn answer(
    router: Router,
    peer: Peer,
    request: Request<hyper::body::Incoming>,
) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(peer);
    router.oneshot(request).await
}

/// Whether a client begins with what HTTP/2 begins with. Nothing of it is taken from the socket.
async fn speaks_http2(stream: &TcpStream) -> io::Result<bool> {
    let (mut begun, mut pause) = ([0; HTTP2.len()], Duration::from_millis(1));
    loop {
        let read = stream.peek(&mut begun).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if !HTTP2.starts_with(&begun[..read]) {
            return Ok(false);
        }
        if read == HTTP2.len() {
            return Ok(true);
        }
        // What is there stays there, so that the socket remains readable.
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(100));
    }
}
