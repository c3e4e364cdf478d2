use super::{Visitor, inbox::Key};
use crate::hub::Selection;
use bytes::{Buf, Bytes};
use mio::net::TcpStream;
use std::{
    io::{self, Read, Write},
    sync::Arc,
    time::Instant,
};
use tokio::sync::OwnedSemaphorePermit;

/// A client that has more than this to say at once, in KiB, would keep the thread from everybody else.
const MOST_READS: usize = 64;

/// A connection that follows the log. What ten thousand of them cost is the size of this.
pub(super) struct Client {
    pub(super) socket: TcpStream,
    pub(super) generation: u64,
    pub(super) place: Place,
    /// What has to be sent before anything else: the rest of a frame that was begun, or the head of the answer.
    unsent: Bytes,
    /// Since when the socket has taken nothing although there was something to send.
    pub(super) stalled: Option<Instant>,
    /// Its class, and its place among the members.
    pub(super) class: (usize, usize),
    pub(super) visitor: Arc<dyn Visitor>,
    _room: OwnedSemaphorePermit,
}

/// How far a client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// As far as the reactor: it has been given everything that is shown.
    Live,
    /// There is more for it than its socket has taken.
    Behind(u64),
    /// The ring has moved on, and the store is being read.
    Reading(u64),
}

impl Client {
    pub(super) fn new(
        socket: TcpStream,
        generation: u64,
        class: (usize, usize),
        newcomer: (Bytes, u64, Arc<dyn Visitor>, OwnedSemaphorePermit),
    ) -> Self {
        let (opening, position, visitor, room) = newcomer;
        let place = Place::Behind(position);
        Self { socket, generation, place, unsent: opening, stalled: None, class, visitor, _room: room }
    }

    pub(super) fn key(&self, index: usize) -> Key {
        Key { index, generation: self.generation }
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

    /// Sends what is not of the log. What the socket does not take is sent before anything else.
    pub(super) fn say(&mut self, bytes: &Bytes, now: Instant) -> io::Result<bool> {
        let written = self.write(bytes, now)?;
        self.unsent = Bytes::copy_from_slice(&bytes[written..]);
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
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
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

    /// Reads what a client sends that has nothing to say; false when it has gone, or says too much.
    pub(super) fn is_there(&mut self) -> bool {
        let mut nothing = [0; 1024];
        for _ in 0..MOST_READS {
            match self.socket.read(&mut nothing) {
                Ok(0) => return false,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return error.kind() == io::ErrorKind::WouldBlock,
            }
        }
        false
    }

    /// Says when to come back, if that does not fall into the middle of a frame.
    pub(super) fn say_farewell(&mut self, now: Instant) {
        if self.unsent.is_empty() {
            let farewell = self.visitor.farewell();
            let _ = self.say(&farewell, now);
        }
        let _ = self.socket.shutdown(std::net::Shutdown::Write);
    }
}
