use super::{StreamOwner, inbox::Key};
use crate::connections::ConnectionPermit;
use crate::hub::{CloseReason, Hub, Incoming, Selection, Transport, WebSocketDecoder};
use bytes::{Buf, Bytes};
use mio::net::TcpStream;
use std::{
    io::{self, Read, Write},
    sync::Arc,
    time::Instant,
};

/// A client that has more than this to say at once, in KiB or in signs of life, would keep the thread from everybody else.
/// A WebSocket's client is read again in its next turn; that of an event stream has nothing to say at all.
const MOST_READS: usize = 64;
/// What may wait to be sent beside frames of the log. A client that asks and does not take the answers is cut.
const MOST_UNSENT: usize = 256 * 1024;

/// A connection that follows the log. What ten thousand of them cost is the size of this.
pub(super) struct Client {
    pub(super) socket: TcpStream,
    pub(super) generation: u64,
    pub(super) progress: Progress,
    /// What has to be sent before anything else: the rest of a frame that was begun, or the head of the answer.
    unsent: Bytes,
    /// Since when the socket has taken nothing although there was something to send.
    pub(super) stalled: Option<Instant>,
    /// Its class, and its place among the members.
    pub(super) class: (usize, usize),
    pub(super) owner: Arc<dyn StreamOwner>,
    /// Of a WebSocket.
    pub(super) conversation: Option<Box<Conversation>>,
    pub(super) permit: ConnectionPermit,
}

/// What is known of a client that can speak.
pub(super) struct Conversation {
    decoder: WebSocketDecoder,
    /// Whether it waits for an answer; until then nothing more is read.
    pub(super) awaits_answer: bool,
    /// Whether it was asked for a sign of life, and has given none.
    pub(super) owes_sign: bool,
}

/// How far a client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// As far as the reactor: it has been given everything that is shown.
    Live,
    /// There is more for it than its socket has taken.
    Behind(u64),
    /// The ring has moved on, and the store is being read.
    Reading(u64),
}

impl Conversation {
    pub(super) fn begin(decoder: WebSocketDecoder) -> Box<Self> {
        Box::new(Self { decoder, awaits_answer: false, owes_sign: false })
    }
}

impl Client {
    pub(super) fn new(
        socket: TcpStream,
        generation: u64,
        new_stream: (Bytes, u64, Arc<dyn StreamOwner>, Option<WebSocketDecoder>, ConnectionPermit),
    ) -> Self {
        let (unsent, position, owner, decoder, permit) = new_stream;
        let progress = Progress::Behind(position);
        let conversation = decoder.map(Conversation::begin);
        Self {
            socket,
            generation,
            progress,
            unsent,
            stalled: None,
            class: (0, 0),
            owner,
            conversation,
            permit,
        }
    }

    pub(super) fn key(&self, index: usize) -> Key {
        Key { index, generation: self.generation }
    }

    /// How far it is in the log, of which `shown` is what the reactor has given to those who are live.
    pub(super) fn position(&self, shown: u64) -> u64 {
        match self.progress {
            Progress::Live => shown,
            Progress::Behind(position) | Progress::Reading(position) => position,
        }
    }

    /// Whether its socket has taken all that it was given.
    pub(super) fn is_between_frames(&self) -> bool {
        self.unsent.is_empty() && self.stalled.is_none()
    }

    pub(super) fn transport(&self) -> Transport {
        if self.conversation.is_some() { Transport::WebSocket } else { Transport::Chunks }
    }

    /// Sends what has to be sent first; whether it has been.
    pub(super) fn flush(&mut self, now: Instant) -> io::Result<bool> {
        while !self.unsent.is_empty() {
            let written = self.write(&self.unsent.clone(), now)?;
            if written == 0 {
                return Ok(false);
            }
            self.unsent.advance(written);
        }
        self.unsent = Bytes::new();
        Ok(true)
    }

    /// Sends what is not of the log, after what has to be sent first. What the socket does not take is sent before anything
    /// else; then it is false.
    pub(super) fn say(&mut self, bytes: &[u8], now: Instant) -> io::Result<bool> {
        let written = if self.unsent.is_empty() { self.write(bytes, now)? } else { 0 };
        let rest = &bytes[written..];
        if self.unsent.len() + rest.len() > MOST_UNSENT {
            // What was begun is not over, so nothing can be said after it.
            if written > 0 {
                self.unsent = Bytes::copy_from_slice(&rest[..1]);
            }
            return Err(io::ErrorKind::WouldBlock.into());
        }
        if !rest.is_empty() {
            self.unsent = [&self.unsent, rest].concat().into();
        }
        Ok(self.unsent.is_empty())
    }

    /// Sends frames of the log; the position it has come to, and whether all of them were taken. `position` is where it is.
    pub(super) fn send(
        &mut self,
        selection: &Selection,
        position: u64,
        now: Instant,
    ) -> io::Result<(u64, bool)> {
        let written = self.write(&selection.bytes, now)?;
        if written == selection.bytes.len() {
            return Ok((position, true));
        }
        let rest = selection.rest_after(written);
        self.unsent = rest.bytes;
        Ok((rest.position.unwrap_or(position), false))
    }

    /// How much the socket takes.
    fn write(&mut self, bytes: &[u8], now: Instant) -> io::Result<usize> {
        let written = loop {
            match self.socket.write(bytes) {
                Ok(0) if !bytes.is_empty() => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => break written,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break 0,
                Err(error) => return Err(error),
            }
        };
        if written > 0 {
            self.stalled = None;
        } else {
            self.stalled.get_or_insert(now);
        }
        Ok(written)
    }

    /// Listens to what the client says, up to the first message, for one turn: then the last thing read was a control frame. What
    /// the protocol answers is added to `answers`.
    pub(super) fn hear(&mut self, answers: &mut Vec<u8>) -> Result<Incoming, CloseReason> {
        let Self { socket, conversation, .. } = self;
        let Some(conversation) = conversation else { return drain(socket).map(|()| Incoming::Nothing) };
        for _ in 0..MOST_READS {
            let incoming = conversation.decoder.hear(socket, answers)?;
            if incoming == Incoming::Nothing {
                return Ok(incoming);
            }
            conversation.owes_sign = false;
            if matches!(incoming, Incoming::Message(_)) {
                conversation.awaits_answer = true;
                return Ok(incoming);
            }
        }
        Ok(Incoming::Sign)
    }

    /// Whether the client waits for an answer to what it has said.
    pub(super) fn awaits_answer(&self) -> bool {
        self.conversation.as_ref().is_some_and(|conversation| conversation.awaits_answer)
    }

    /// Says why this ends, if that does not fall into the middle of a frame.
    pub(super) fn say_last_words(&mut self, reason: CloseReason, hub: &Hub, shown: u64, now: Instant) {
        if self.unsent.is_empty() {
            let cursor = hub.cursor(self.position(shown));
            let words = self.transport().farewell(reason, self.owner.retry_after(), cursor, hub.head());
            let _ = self.say(&words, now);
        }
        let _ = self.socket.shutdown(std::net::Shutdown::Write);
    }
}

/// Reads away what a client says that has nothing to say.
fn drain(socket: &mut TcpStream) -> Result<(), CloseReason> {
    let mut nothing = [0; 1024];
    for _ in 0..MOST_READS {
        match socket.read(&mut nothing) {
            Ok(0) => return Err(CloseReason::Gone),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(_) => return Err(CloseReason::Gone),
        }
    }
    Err(CloseReason::TooMuch)
}
