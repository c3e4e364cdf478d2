//! Connections: how they are accepted, served and ended.
//!
//! - [`listener`] accepts them, as far as there is room.
//! - [`standard`] has hyper serve a connection for its whole life: over TLS, over HTTP/2, and those of the command
//!   line.
//! - [`takeover`] serves plain HTTP/1.1, where a live stream leaves hyper with its socket and is pushed to by a
//!   reactor.
//! - [`exchange`] is one request and its answer, on whichever of them.
//! - [`watch`] decides when a connection has to end, and [`untaken`] whether its client takes its answers.
//! - [`surplus`] is the answer on one connection too many.
//!
//! Connections, the layer around every call and the handlers tell each other more than HTTP says, by extensions. This
//! is the whole list.
//!
//! | of | extension | set by | read by |
//! | --- | --- | --- | --- |
//! | request | [`Peer`] | `exchange` | `forwarded`, extractors, `surplus` |
//! | request | [`Visit`] | `exchange` | extractors, once the credential is known |
//! | request | [`Identified`](super::extract::Identified) | `problems` | extractors set the owner of the credential, which `problems` logs |
//! | request | `HasBody` | `same_site` | extractors, for calls with a cookie |
//! | response | [`ApiError`](super::error::ApiError) | handlers | `problems`: the problem document; `brake`: failed credentials |
//! | response | [`Handoff`](super::live::Handoff) | `live` | `takeover`, `standard`: the stream that begins after this head |
//! | response | [`LastAnswer`](super::last_answer::LastAnswer) | `surplus`, `live` | `standard`: the connection ends with it |
//! | response | [`Until`] | `export` | `untaken`: the answer is cut when its credential ends |
//! | response | [`HoldsBytes`](super::unread::HoldsBytes) | `export`, `page` | `unread`: what the answer holds in memory |
//! | response | [`Held`] | `unread` | `untaken`: freed when the client has taken the answer |

mod exchange;
mod limits;
mod listener;
mod peer;
mod standard;
pub(super) mod surplus;
mod takeover;
mod untaken;
mod watch;

pub use listener::Listener;
pub(super) use peer::Peer;
pub use takeover::Push;
pub(super) use untaken::{Held, Until};
pub(super) use watch::Visit;

use crate::{
    connections::{ConnectionPermit, Connections, Limits, Timeouts},
    tls::Tls,
};
use axum::Router;
use ipnet::IpNet;
use limits::GRACE;
use listener::{Socket, accept};
use std::{io, sync::Arc, time::Duration};
use tokio::net::{TcpStream, UnixStream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument;
use watch::Watch;

/// How long to wait after a failure to accept, which most often means too many open files.
const PAUSE: Duration = Duration::from_millis(50);
/// What connections over HTTP/2 begin with (RFC 9113, section 3.4).
const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

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
                let span = tracing::debug_span!(parent: None, "connection", ?peer);
                tasks.spawn(service.clone().network(stream, peer, watch, permit).instrument(span));
            }
            Ok((Socket::Operator(stream), permit)) => {
                let span = tracing::debug_span!(parent: None, "connection", peer = "operator");
                tasks.spawn(service.clone().operator(stream, permit).instrument(span));
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

impl Service {
    async fn network(self, stream: TcpStream, peer: Peer, watch: Arc<Watch>, permit: ConnectionPermit) {
        if let Some(tls) = &self.tls {
            let greeting = tokio::select! {
                greeting = tls.acceptor().accept(stream) => greeting,
                why = watch.expired() => Err(io::Error::other(why)),
                () = self.stopping.cancelled() => return,
            };
            match greeting {
                Ok(stream) => self.standard(stream, peer, watch, permit).await,
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
            (Ok(_), _) => self.standard(stream, peer, watch, permit).await,
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
        self.standard(stream, Peer::Operator, watch, permit).await;
    }
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
