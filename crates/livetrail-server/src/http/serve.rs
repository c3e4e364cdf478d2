//! Accepts connections and serves them until the server is told to stop.
//!
//! hyper reads every request and writes every answer, but for one: a live stream over plain HTTP/1.1 leaves it with its
//! socket, as soon as it is known that it is one, and is pushed to by a reactor.

use super::{
    caller::Peer,
    live::{Accepted, TakeOnce},
    surplus::{self, LastAnswer},
    takeover::{self, Push},
    watch::{Visit, Watch},
};
use crate::{
    connections::{ClientConnection, ConnectionPermit, Connections, Limits, Timeouts},
    tls::Tls,
};
use axum::{Router, body::Body, extract::Request, response::Response};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use ipnet::IpNet;
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
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

/// How long a client that has shown a credential may take until the head of its next request is complete. Clients and proxies keep
/// idle connections for about a minute; one that ends earlier may meet a request half-way.
pub(super) const HEAD_TIMEOUT: Duration = Duration::from_secs(75);
/// How often a connection over HTTP/2 is asked for a sign of life.
const PING_INTERVAL: Duration = Duration::from_secs(15);
/// The largest head of a request over HTTP/1.1, and what is written ahead of the socket. A client without a credential can make the
/// server hold this for each of its connections.
pub(super) const BUFFER_BYTES: usize = 32 * 1024;
/// What a client may send ahead of what is read, on a connection over HTTP/2 and each of its streams.
const WINDOW_BYTES: u32 = 256 * 1024;
/// How long requests that are under way may take to finish once the server stops.
const GRACE: Duration = Duration::from_secs(6);
/// How long to wait after a failure to accept, which most often means too many open files.
const PAUSE: Duration = Duration::from_millis(50);
/// Requests at once on one connection over HTTP/2, and the bytes of each head.
const MOST_STREAMS: u32 = 64;
const LARGEST_HEAD: u32 = 16 * 1024;
/// A peer that does not acknowledge for this long, or takes nothing, is gone.
const DEAD_PEER: Duration = Duration::from_secs(30);
/// Commands that wait to be accepted.
const OPERATOR_BACKLOG: i32 = 128;
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
        let socket = socket2::Socket::new(socket2::Domain::UNIX, socket2::Type::STREAM, None)?;
        socket.bind(&socket2::SockAddr::unix(path)?)?;
        // No client can connect before it listens, and from then on only its owner.
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
        socket.listen(OPERATOR_BACKLOG)?;
        socket.set_nonblocking(true)?;
        let listener = UnixListener::from_std(socket.into())?;
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
    /// Proxies, whose connections carry the requests of many clients and are not limited as those of one.
    pub trusted_proxies: Vec<IpNet>,
    /// How long clients may do nothing.
    pub timeouts: Timeouts,
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
            accepted = accept(&listener, &connections, &service.trusted_proxies) => accepted,
        };
        match accepted {
            Ok((Socket::Network(stream, peer, connection), permit)) => {
                let is_proxy = connection.is_none();
                let watch = Watch::new(service.timeouts, connection);
                if is_proxy {
                    watch.trust();
                }
                tasks.spawn(service.clone().network(stream, peer, watch, permit));
            }
            Ok((Socket::Operator(stream), permit)) => {
                tasks.spawn(service.clone().operator(stream, permit));
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
    Network(TcpStream, Peer, Option<ClientConnection>),
    Operator(UnixStream),
}

async fn accept(
    listener: &Listener,
    connections: &Connections,
    proxies: &[IpNet],
) -> io::Result<(Socket, ConnectionPermit)> {
    let mut permit = connections.permit().await?;
    let socket = match listener {
        Listener::Network(listener) => {
            let (stream, address) = listener.accept().await?;
            stream.set_nodelay(true)?;
            SockRef::from(&stream).set_tcp_user_timeout(Some(DEAD_PEER))?;
            let is_surplus = connections.is_surplus(&mut permit, address.ip());
            let is_proxy = proxies.iter().any(|network| network.contains(&address.ip().to_canonical()));
            let connection = (!is_proxy).then(|| connections.arrives(address.ip()));
            let is_crowded = connection.as_ref().is_some_and(|connection| connection.is_crowded);
            Socket::Network(
                stream,
                Peer::Network { address: address.ip(), is_surplus, is_crowded },
                connection,
            )
        }
        Listener::Operator(listener, _) => Socket::Operator(listener.accept().await?.0),
    };
    Ok((socket, permit))
}

impl Service {
    async fn network(self, stream: TcpStream, peer: Peer, watch: Arc<Watch>, permit: ConnectionPermit) {
        if let Some(tls) = &self.tls {
            let greeting = tokio::select! {
                greeting = tls.acceptor().accept(stream) => greeting,
                why = watch.expired() => Err(io::Error::other(why)),
                () = self.stopping.cancelled() => return,
            };
            match greeting {
                Ok(stream) => self.by_hyper(stream, peer, watch, permit).await,
                Err(error) => tracing::debug!(%error, "a connection was closed: no TLS came"),
            }
            return;
        }
        let version = tokio::select! {
            version = speaks_http2(&stream) => version,
            _ = watch.expired() => Err(io::ErrorKind::TimedOut.into()),
            () = self.stopping.cancelled() => return,
        };
        match (version, &self.push) {
            (Ok(false), Some(push)) => {
                let (push, stopping) = (Arc::clone(push), self.stopping.clone());
                takeover::serve(stream, peer, watch, self.router, push, stopping, permit).await;
            }
            (Ok(_), _) => self.by_hyper(stream, peer, watch, permit).await,
            (Err(_), _) => {
                // What has come is read away, so that the connection ends instead of being reset.
                let _ = stream.try_read(&mut [0; HTTP2.len()]);
                tracing::debug!("a connection was closed: no request came");
            }
        }
    }

    async fn operator(self, stream: UnixStream, permit: ConnectionPermit) {
        let watch = Watch::new(self.timeouts, None);
        watch.trust();
        self.by_hyper(stream, Peer::Operator, watch, permit).await;
    }

    /// Serves a connection with nothing but hyper, whatever it becomes.
    async fn by_hyper<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(
        self,
        stream: S,
        peer: Peer,
        watch: Arc<Watch>,
        _room: ConnectionPermit,
    ) {
        let (router, websockets) = (self.router, TaskTracker::new());
        let (watched, spawning) = (Arc::clone(&watch), websockets.clone());
        let ends = self.stopping.child_token();
        let end = ends.clone();
        let service = hyper::service::service_fn(move |request| {
            let answering =
                answer_or_upgrade(router.clone(), peer, watched.request(), request, spawning.clone());
            let end = end.clone();
            // What answers is much larger than an answer that waits to be taken, of which there may be many on a connection.
            Box::pin(async move {
                let response = answering.await?;
                if response.extensions().get::<LastAnswer>().is_some() {
                    // Over HTTP/2 no header says that this answer is the last one.
                    end.cancel();
                }
                Ok::<_, Infallible>(response)
            })
        });
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(BUFFER_BYTES);
        builder.http2().timer(TokioTimer::new()).keep_alive_interval(Some(PING_INTERVAL));
        builder.http2().max_concurrent_streams(MOST_STREAMS).max_header_list_size(LARGEST_HEAD);
        builder.http2().initial_stream_window_size(WINDOW_BYTES).initial_connection_window_size(WINDOW_BYTES);
        builder.http2().max_send_buf_size(BUFFER_BYTES);
        let mut connection = pin!(builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
        let ended = tokio::select! {
            ended = &mut connection => ended,
            why = watch.expired() => Err(why.into()),
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

/// The answer to a request that may be for a WebSocket.
async fn answer_or_upgrade(
    router: Router,
    peer: Peer,
    visit: Visit,
    mut request: Request<hyper::body::Incoming>,
    websockets: TaskTracker,
) -> Result<Response, Infallible> {
    let upgrade = hyper::upgrade::on(&mut request);
    let mut response = answer(router, peer, visit, request).await?;
    if let Some(accepted) = response.extensions_mut().remove::<TakeOnce<Accepted>>().and_then(|it| it.take())
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
    visit: Visit,
    request: Request<hyper::body::Incoming>,
) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(peer);
    request.extensions_mut().insert(visit.clone());
    let mut response = router.oneshot(request).await?;
    if peer.is_crowded() && visit.credential().is_none() {
        surplus::make_last(&mut response);
    }
    Ok(visit.watch(response))
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
