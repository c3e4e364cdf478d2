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

/// Reads of one client in one turn, each of a KiB or of a control frame: more would delay the other clients. A
/// WebSocket is read again in its next turn. The client of an event stream has no reason to send anything.
const MAX_READS: usize = 64;
/// Bytes that may wait to be sent beside activities. A client that asks and does not take the answers is disconnected.
const MAX_UNSENT: usize = 256 * 1024;

/// A live stream. Its size is what ten thousand idle clients cost.
pub(super) struct Client {
    pub(super) socket: TcpStream,
    pub(super) generation: u64,
    pub(super) progress: Progress,
    /// Bytes to send before anything else: the rest of a frame that was begun, or the head of the response.
    unsent: Bytes,
    /// Since when the socket has taken nothing although there was something to send.
    pub(super) stalled: Option<Instant>,
    /// Its class, and its index among the members.
    pub(super) class: (usize, usize),
    pub(super) owner: Arc<dyn StreamOwner>,
    /// Of a WebSocket only.
    pub(super) conversation: Option<Box<Conversation>>,
    pub(super) permit: ConnectionPermit,
}

/// The state of a client that can send messages.
pub(super) struct Conversation {
    decoder: WebSocketDecoder,
    /// Whether it waits for an answer; until then nothing more is read.
    pub(super) awaits_answer: bool,
    /// Whether it was pinged and has not answered.
    pub(super) owes_sign: bool,
}

/// How far a client has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// As far as the reactor: it has everything that is shown.
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

    /// Its position in the log; that of live clients is `shown`.
    pub(super) fn position(&self, shown: u64) -> u64 {
        match self.progress {
            Progress::Live => shown,
            Progress::Behind(position) | Progress::Reading(position) => position,
        }
    }

    /// Whether its socket has taken everything so far.
    pub(super) fn is_between_frames(&self) -> bool {
        self.unsent.is_empty() && self.stalled.is_none()
    }

    pub(super) fn transport(&self) -> Transport {
        if self.conversation.is_some() { Transport::WebSocket } else { Transport::Chunks }
    }

    /// Sends the bytes that come first. Returns whether the socket has taken all of them.
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

    /// Sends something other than activities, after the bytes that come first. Returns whether the socket has taken all
    /// of it; the rest is kept to be sent first.
    pub(super) fn say(&mut self, bytes: &[u8], now: Instant) -> io::Result<bool> {
        let written = if self.unsent.is_empty() { self.write(bytes, now)? } else { 0 };
        let rest = &bytes[written..];
        if self.unsent.len() + rest.len() > MAX_UNSENT {
            // A frame was begun, so no other frame can follow, not even the last one.
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

    /// Sends activities to a client at `position`. Returns its new position, and whether the socket has taken all of
    /// them.
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

    /// Writes to the socket. Returns how many bytes it has taken.
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

    /// Reads what the client has sent, up to the first message. [`Incoming::Sign`] means that the turn is over and
    /// there may be more. What the protocol answers is added to `answers`.
    pub(super) fn hear(&mut self, answers: &mut Vec<u8>) -> Result<Incoming, CloseReason> {
        let Self { socket, conversation, .. } = self;
        let Some(conversation) = conversation else { return drain(socket).map(|()| Incoming::Nothing) };
        for _ in 0..MAX_READS {
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

    /// Whether the client waits for the answer to a message.
    pub(super) fn awaits_answer(&self) -> bool {
        self.conversation.as_ref().is_some_and(|conversation| conversation.awaits_answer)
    }

    /// Sends the last frame, unless another frame is only sent in part.
    pub(super) fn say_last_words(&mut self, reason: CloseReason, hub: &Hub, shown: u64, now: Instant) {
        if self.unsent.is_empty() {
            let cursor = hub.cursor(self.position(shown));
            let words = self.transport().farewell(reason, self.owner.retry_after(), cursor, hub.head());
            let _ = self.say(&words, now);
        }
        let _ = self.socket.shutdown(std::net::Shutdown::Write);
    }
}

/// Discards what the client of an event stream sends.
fn drain(socket: &mut TcpStream) -> Result<(), CloseReason> {
    let mut nothing = [0; 1024];
    for _ in 0..MAX_READS {
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
