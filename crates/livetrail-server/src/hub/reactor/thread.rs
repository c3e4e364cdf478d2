//! The loop of one thread: socket events, messages of other threads, passes, clients that are behind, heartbeats; and
//! how clients come and go.

use super::{
    NewStream,
    classes::Classes,
    client::{Client, Progress},
    inbox::{Inbox, Key, Message},
};
use crate::hub::{CloseReason, Hub, Transport, counts::Counts, replay::Block, watchers::Watcher};
use livetrail_types::Filter;
use mio::{Events, Interest, Poll, Token, Waker, event::Event, net::TcpStream};
use slab::Slab;
use socket2::SockRef;
use std::{
    collections::{HashMap, VecDeque},
    io,
    ops::ControlFlow,
    sync::{Arc, Weak},
    time::{Duration, Instant},
};
use tokio::runtime::Handle;

const WAKER: Token = Token(usize::MAX);
/// Socket events that are handled in one turn of the loop.
const EVENTS: usize = 1024;

/// The send buffer of a socket. It is much larger than a client that keeps up needs.
const SEND_BUFFER: usize = 256 * 1024;
/// Unsent bytes that the system buffers for a socket (`TCP_NOTSENT_LOWAT`): a client that takes nothing must not fill
/// its memory.
const UNSENT: u32 = 64 * 1024;
/// A client that takes nothing for this long is disconnected. It can resume.
const STALLED: Duration = Duration::from_secs(30);

/// The state of one thread.
pub(super) struct Reactor {
    pub(super) hub: Weak<Hub>,
    pub(super) inbox: Arc<Inbox>,
    pub(super) counts: Counts,
    pub(super) poll: Poll,
    pub(super) runtime: Handle,
    heartbeat: Duration,
    generations: u64,
    pub(super) clients: Slab<Client>,
    pub(super) classes: Classes,
    /// The position up to which live clients have everything.
    pub(super) shown: u64,
    /// When the next pass may begin.
    pub(super) next_pass: Instant,
    /// Clients that are behind and whose sockets take more.
    pub(super) behind: VecDeque<Key>,
    /// Clients that begin after activities that are durable and not shown yet.
    pub(super) ahead: Vec<Key>,
    /// Clients that wait for a block of the store.
    pub(super) reading: HashMap<Block, Vec<Key>>,
    /// When each client gets its next heartbeat. All intervals are the same, so this is sorted.
    heartbeats: VecDeque<(Instant, Key)>,
}

impl Reactor {
    pub(super) fn new(hub: &Arc<Hub>, heartbeat: Duration) -> io::Result<(Self, Arc<Inbox>)> {
        let poll = Poll::new()?;
        let inbox = Arc::new(Inbox::new(Waker::new(poll.registry(), WAKER)?));
        let reactor = Self {
            hub: Arc::downgrade(hub),
            inbox: Arc::clone(&inbox),
            counts: hub.counts.clone(),
            poll,
            runtime: Handle::current(),
            heartbeat,
            generations: 0,
            clients: Slab::new(),
            classes: Classes::default(),
            shown: hub.shown(),
            next_pass: Instant::now(),
            behind: VecDeque::new(),
            ahead: Vec::new(),
            reading: HashMap::new(),
            heartbeats: VecDeque::new(),
        };
        Ok((reactor, inbox))
    }

    /// Pushes until it is told to stop, or the hub is gone.
    pub(super) fn run(mut self) {
        let mut events = Events::with_capacity(EVENTS);
        loop {
            if let Err(error) = self.poll.poll(&mut events, self.pause())
                && error.kind() != io::ErrorKind::Interrupted
            {
                tracing::error!(%error, "a thread that pushes cannot go on");
                return;
            }
            self.inbox.sleep();
            for event in events.iter().filter(|event| event.token() != WAKER) {
                self.on_event(event);
            }
            for message in self.inbox.take() {
                if self.on_message(message).is_break() {
                    return self.end();
                }
            }
            let Some(hub) = self.hub.upgrade() else { return };
            self.pass(&hub);
            self.help_behind(&hub);
            self.beat(&hub);
        }
    }

    /// How long to wait for events and messages.
    fn pause(&self) -> Option<Duration> {
        if !self.behind.is_empty() {
            return Some(Duration::ZERO);
        }
        let heartbeat = self.heartbeats.front().map(|(due, _)| *due);
        let pass = self.hub.upgrade().filter(|hub| hub.shown() > self.shown).map(|_| self.next_pass);
        heartbeat.into_iter().chain(pass).min().map(|due| due.saturating_duration_since(Instant::now()))
    }

    fn on_event(&mut self, event: &Event) {
        let Token(index) = event.token();
        let Some(client) = self.clients.get_mut(index) else { return };
        let key = client.key(index);
        if event.is_writable() && matches!(client.progress, Progress::Behind(_)) {
            self.behind.push_back(key);
        }
        if event.is_error() {
            self.remove(key, CloseReason::Gone);
        } else if event.is_readable() {
            self.listen(key);
        }
    }

    fn on_message(&mut self, message: Message) -> ControlFlow<()> {
        match message {
            Message::Adopt(new_stream) => self.adopt(*new_stream),
            Message::Read(block, result) => self.go_on_with(block, result),
            Message::Listen(key) => self.listen(key),
            Message::Answer(key, reply) => self.answer(key, reply),
            Message::Announce(announcement) => self.announce(&announcement),
            Message::Dismiss(keys) => {
                for key in keys {
                    self.end_one(key, CloseReason::CredentialEnded);
                }
            }
            Message::Stop => return ControlFlow::Break(()),
        }
        ControlFlow::Continue(())
    }

    fn adopt(&mut self, new_stream: NewStream) {
        let NewStream { socket, opening, filter, position, decoder, owner, permit } = new_stream;
        let tuned = tune(&socket);
        let mut socket = TcpStream::from_std(socket);
        let entry = self.clients.vacant_entry();
        let index = entry.key();
        let registered = tuned.and_then(|()| {
            let interests = Interest::READABLE | Interest::WRITABLE;
            self.poll.registry().register(&mut socket, Token(index), interests)
        });
        if let Err(error) = registered {
            tracing::warn!(%error, "a client cannot be pushed to");
            return;
        }
        self.generations += 1;
        let transport = if decoder.is_some() { Transport::WebSocket } else { Transport::Chunks };
        // A class refers to a client by its index in the slab, so the client is inserted there first.
        let new_stream = (opening, position, owner, decoder, permit);
        let key = entry.insert(Client::new(socket, self.generations, new_stream)).key(index);
        self.join_class(filter, transport, index);
        if let Some(hub) = self.hub.upgrade() {
            hub.watchers.came(Watcher::Client(transport));
        }
        self.counts.came(transport);
        self.heartbeats.push_back((Instant::now() + self.heartbeat, key));
        self.behind.push_back(key);
        // It may have sent something before it was registered.
        self.listen(key);
    }

    /// Adds a client to the class of its filter.
    pub(super) fn join_class(&mut self, filter: Arc<Filter>, transport: Transport, index: usize) {
        let before = self.classes.len();
        let class = self.classes.join(filter, transport, index);
        self.counts.classes.inc_by(i64::from(self.classes.len() > before));
        self.clients[index].class = class;
    }

    /// Takes a client out of its class.
    pub(super) fn leave_class(&mut self, (class, place): (usize, usize)) {
        let before = self.classes.len();
        let moved = self.classes.leave(class, place);
        if let Some(moved) = moved.and_then(|index| self.clients.get_mut(index)) {
            moved.class.1 = place;
        }
        self.counts.classes.dec_by(i64::from(self.classes.len() < before));
    }

    pub(super) fn client(&mut self, key: Key) -> Option<&mut Client> {
        self.clients.get_mut(key.index).filter(|client| client.generation == key.generation)
    }

    /// Removes a client, which closes its socket.
    pub(super) fn remove(&mut self, key: Key, reason: CloseReason) -> Option<Client> {
        self.client(key)?;
        let client = self.clients.remove(key.index);
        self.leave_class(client.class);
        let transport = client.transport();
        if let Some(hub) = self.hub.upgrade() {
            hub.watchers.went(Watcher::Client(transport));
        }
        self.counts.went(transport, reason);
        tracing::debug!(reason = reason.text(), "a stream ends");
        Some(client)
    }

    /// Sends the heartbeats that are due, closes streams whose clients are dead, and has credentials checked.
    fn beat(&mut self, hub: &Hub) {
        let now = Instant::now();
        let (cursor, head) = (hub.cursor(self.shown), hub.head());
        let mut owners = HashMap::new();
        let mut frames = HashMap::new();
        while let Some((_, key)) = self.heartbeats.pop_front_if(|(due, _)| *due <= now) {
            let Some(client) = self.client(key) else { continue };
            if client.stalled.is_some_and(|since| now.duration_since(since) >= STALLED) {
                self.end_one(key, CloseReason::Stalled);
                continue;
            }
            if client.conversation.as_ref().is_some_and(|it| it.owes_sign && !it.awaits_answer) {
                self.end_one(key, CloseReason::Silent);
                continue;
            }
            let shared = Arc::as_ptr(&client.owner).addr();
            let owner = || (Arc::clone(&client.owner), Vec::new());
            owners.entry(shared).or_insert_with(owner).1.push(key);
            let reached = client.position(cursor.position);
            let transport = client.transport();
            let heartbeat = match client.progress {
                Progress::Live => {
                    Some(frames.entry(transport).or_insert_with(|| transport.heartbeat(cursor, head)).clone())
                }
                // Its filter may match little. The heartbeat moves the position from which it would resume.
                _ if client.is_between_frames() => Some(transport.heartbeat(hub.cursor(reached), head)),
                // The frames on their way to it are a sign of life as well.
                _ => None,
            };
            if let Some(heartbeat) = heartbeat {
                self.say(key, &heartbeat);
                self.await_sign(key);
            }
            self.counts.behind_by(cursor.position.saturating_sub(reached));
            self.heartbeats.push_back((now + self.heartbeat, key));
        }
        if !owners.is_empty() {
            self.check(owners.into_values().collect());
        }
    }

    /// Notes that a client was pinged and has to answer before the next heartbeat.
    fn await_sign(&mut self, key: Key) {
        let asked = self.client(key).filter(|client| client.is_between_frames());
        if let Some(conversation) = asked.and_then(|client| client.conversation.as_mut()) {
            conversation.owes_sign = true;
        }
    }

    /// Checks credentials in a task, which tells this thread whose streams to close.
    fn check(&self, owners: Vec<(Arc<dyn super::StreamOwner>, Vec<Key>)>) {
        let inbox = Arc::clone(&self.inbox);
        self.runtime.spawn(async move {
            let mut gone = Vec::new();
            for (owner, keys) in owners {
                if !owner.is_authorized().await {
                    gone.extend(keys);
                }
            }
            if !gone.is_empty() {
                inbox.send(Message::Dismiss(gone));
            }
        });
    }

    /// Reads a block of the store for the clients that wait for it.
    pub(super) fn read(&mut self, hub: &Arc<Hub>, block: Block, key: Key, transport: Transport) {
        let waiting = self.reading.entry(block).or_default();
        waiting.push(key);
        if waiting.len() > 1 {
            return;
        }
        let (hub, inbox) = (Arc::clone(hub), Arc::clone(&self.inbox));
        self.runtime.spawn(async move {
            let read = hub.replay(block, transport).await;
            drop(hub);
            inbox.send(Message::Read(block, read));
        });
    }

    /// Closes every stream, and tells its client when to reconnect.
    fn end(&mut self) {
        let now = Instant::now();
        let Some(hub) = self.hub.upgrade() else { return };
        self.pass_at(&hub, now);
        for (_, client) in &mut self.clients {
            client.say_last_words(CloseReason::Stopping, &hub, self.shown, now);
        }
    }
}

impl Drop for Reactor {
    /// Closes the inbox, also after a panic, so that later connections go to another thread.
    fn drop(&mut self) {
        self.inbox.close();
        let hub = self.hub.upgrade();
        for client in self.clients.drain() {
            let transport = client.transport();
            self.counts.went(transport, CloseReason::Stopping);
            hub.iter().for_each(|hub| hub.watchers.went(Watcher::Client(transport)));
        }
    }
}

/// Sets the buffers of a stream's socket.
fn tune(socket: &std::net::TcpStream) -> io::Result<()> {
    let socket = SockRef::from(socket);
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.set_tcp_notsent_lowat(UNSENT)
}
