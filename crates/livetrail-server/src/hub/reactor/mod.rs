//! Live push to plain sockets: a thread for each core, which holds any number of clients in a slab and writes to them what
//! the ring holds, without a task, a queue or a buffer for any of them.
//!
//! A client that is caught up is nothing but a socket and an index. One pass over them writes what has been shown since the
//! last pass: however many activities that are, it is one write for each client, so that under load writes become larger
//! and not more. A client that does not take all of it keeps its place in the log and the rest of the frame that was begun,
//! and goes on from there, out of the ring or out of the store, as soon as its socket takes more. A client of a WebSocket is the
//! same with frames of its own, and may say something: it is answered by a task, and read again after that.

mod classes;
mod client;
mod inbox;
mod listen;
mod mailbox;
mod pass;
mod sync;
mod thread;

use super::{Hub, WebSocketDecoder};
use crate::connections::ConnectionPermit;
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

/// Whoever follows the log.
#[async_trait]
pub trait StreamOwner: Send + Sync {
    /// Whether they still may.
    async fn is_authorized(&self) -> bool;

    /// When they are to come back after a stream that ends for no fault of theirs.
    fn retry_after(&self) -> Duration;

    /// What they are answered to what they have said.
    async fn hear(&self, said: &[u8]) -> Reply;
}

/// An answer to a client that has said something.
#[derive(Default)]
pub struct Reply {
    /// What it is told.
    pub messages: Vec<String>,
    /// What it follows from now on, and after which position, if it has asked for something else.
    pub subscription: Option<(Arc<Filter>, u64)>,
}

/// A connection that is to follow the log from now on.
pub struct NewStream {
    /// Of which everything that the client has sent was read.
    pub socket: TcpStream,
    /// What it is sent first, the head of the answer included.
    pub opening: Bytes,
    /// What it wants of the log.
    pub filter: Arc<Filter>,
    /// After which position.
    pub position: u64,
    /// What listens to it, if it is a WebSocket; else it is an event stream.
    pub decoder: Option<WebSocketDecoder>,
    /// Whose it is.
    pub owner: Arc<dyn StreamOwner>,
    /// Its place among the connections of the server.
    pub permit: ConnectionPermit,
}

/// The threads that push.
pub struct Reactors {
    inboxes: Vec<Arc<Inbox>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    next: AtomicUsize,
}

impl Reactors {
    /// Starts some. `heartbeat` is how often a client is shown that its stream is alive, and its credentials are looked at.
    ///
    /// # Errors
    /// What the system says.
    pub fn start(hub: &Arc<Hub>, count: usize, heartbeat: Duration) -> io::Result<Self> {
        let (mut inboxes, mut threads) = (Vec::new(), Vec::new());
        for n in 0..count.max(1) {
            let (reactor, inbox) = Reactor::new(hub, heartbeat)?;
            hub.wake_on_change(&inbox);
            inboxes.push(inbox);
            let thread = std::thread::Builder::new().name(format!("push-{n}"));
            threads.push(thread.spawn(move || reactor.run())?);
        }
        Ok(Self { inboxes, threads: Mutex::new(threads), next: AtomicUsize::new(0) })
    }

    /// Takes a connection. They are spread evenly.
    pub fn adopt(&self, new_stream: NewStream) {
        let n = self.next.fetch_add(1, Ordering::Relaxed) % self.inboxes.len();
        let mut in_turn = self.inboxes.iter().cycle().skip(n).take(self.inboxes.len());
        if let Some(inbox) = in_turn.find(|inbox| !inbox.is_closed()) {
            inbox.send(Message::Adopt(Box::new(new_stream)));
        }
    }

    /// Says farewell to every client and ends. Returns when it is done.
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
