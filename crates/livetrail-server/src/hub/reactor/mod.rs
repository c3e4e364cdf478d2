//! Live push to plain sockets. Each core has a thread that holds any number of clients in a slab and writes the ring's
//! contents to them, without a task, a queue or a buffer for any client.
//!
//! A live client stores no position of its own: it is a socket and an index. A pass writes everything that was shown
//! since the last pass, with one write for each client, so that load makes writes larger and not more frequent. If a
//! socket does not take all of it, its client keeps a position and the rest of the frame that was begun. It continues
//! from there, from the ring or the store, as soon as its socket takes more. A WebSocket has frames of its own, and its
//! client may send messages: a task answers each, and the client is read again after that.

mod classes;
mod client;
mod inbox;
mod listen;
mod mailbox;
mod pass;
mod sync;
mod thread;

use super::{Hub, WebSocketDecoder};
use crate::{connections::ConnectionPermit, log_span};
use async_trait::async_trait;
use bytes::Bytes;
pub(super) use inbox::Inbox;
use inbox::Message;
use livetrail_types::Filter;
use std::{
    io,
    net::TcpStream,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};
use thread::Reactor;

/// The client of a stream, as the HTTP side knows it.
#[async_trait]
pub trait StreamOwner: Send + Sync {
    /// Whether its credential is still valid.
    async fn is_authorized(&self) -> bool;

    /// The only tenant that it sees, if there is one.
    fn tenant(&self) -> Option<&str>;

    /// The delay before it reconnects, after a stream that is closed for no fault of its own.
    fn retry_after(&self) -> Duration;

    /// The answer to a message of the client.
    async fn hear(&self, said: &[u8]) -> Reply;
}

/// The answer to a message of a client.
#[derive(Default)]
pub struct Reply {
    /// Messages to the client.
    pub messages: Vec<String>,
    /// The filter and position of a new subscription, if the client has asked for one.
    pub subscription: Option<(Arc<Filter>, u64)>,
}

/// A connection that becomes a live stream.
pub struct NewStream {
    /// Everything that the client has sent was read from it.
    pub socket: TcpStream,
    /// The first bytes to send, which include the head of the response.
    pub opening: Bytes,
    /// Which activities it gets.
    pub filter: Arc<Filter>,
    /// The position after which it begins.
    pub position: u64,
    /// Decodes what the client sends, if it is a WebSocket; otherwise it is an event stream.
    pub decoder: Option<WebSocketDecoder>,
    /// The client that it belongs to.
    pub owner: Arc<dyn StreamOwner>,
    /// Counts it among the connections of the server.
    pub permit: ConnectionPermit,
}

/// The threads that push.
pub struct Reactors {
    inboxes: Vec<Arc<Inbox>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    next: AtomicUsize,
}

impl Reactors {
    /// Starts `count` threads. At each `heartbeat`, a client gets a heartbeat frame and its credential is checked.
    ///
    /// # Errors
    /// That the system gives no thread or no poll instance.
    pub fn start(hub: &Arc<Hub>, count: usize, heartbeat: Duration) -> io::Result<Self> {
        let (mut inboxes, mut threads) = (Vec::new(), Vec::new());
        for n in 0..count.max(1) {
            let (reactor, inbox) = Reactor::new(hub, heartbeat)?;
            hub.wake_on_change(&inbox);
            inboxes.push(inbox);
            let thread = std::thread::Builder::new().name(format!("push-{n}"));
            threads.push(thread.spawn(move || log_span::task("push").in_scope(|| reactor.run()))?);
        }
        Ok(Self { inboxes, threads: Mutex::new(threads), next: AtomicUsize::new(0) })
    }

    /// Takes over a connection. Connections are spread evenly over the threads.
    pub fn adopt(&self, new_stream: NewStream) {
        let n = self.next.fetch_add(1, Ordering::Relaxed) % self.inboxes.len();
        let mut in_turn = self.inboxes.iter().cycle().skip(n).take(self.inboxes.len());
        if let Some(inbox) = in_turn.find(|inbox| !inbox.is_closed()) {
            inbox.send(Message::Adopt(Box::new(new_stream)));
        }
    }

    /// Closes every stream and ends the threads. Returns when they have ended.
    pub fn stop(&self) {
        self.inboxes.iter().for_each(|inbox| inbox.send(Message::Stop));
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            let _ = thread.join();
        }
    }
}

impl Drop for Reactors {
    fn drop(&mut self) {
        self.inboxes.iter().for_each(|inbox| inbox.send(Message::Stop));
    }
}
