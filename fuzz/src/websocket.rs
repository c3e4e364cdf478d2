//! What a client sends after a WebSocket's handshake.

use livetrail_server::hub::{CloseReason, Incoming, WebSocketDecoder};
use std::io::{self, Read};

/// The largest message that a client may send.
const MAX_MESSAGE: usize = 64 * 1024;

/// The same is heard whether the bytes come at once, one by one, or with the handshake, and nothing larger than a
/// filter.
pub fn check(bytes: &[u8]) {
    let at_once = hear(&[], bytes, usize::MAX);
    assert_eq!(at_once, hear(&[], bytes, 1));
    let (first, rest) = bytes.split_at(bytes.len().min(7));
    assert_eq!(at_once, hear(first, rest, usize::MAX));
    let (heard, _, answers) = at_once;
    assert!(heard.len() <= bytes.len() && answers.len() <= 2 * bytes.len() + 256);
    for message in heard {
        assert!(!matches!(message, Incoming::Message(message) if message.len() > MAX_MESSAGE));
    }
}

fn hear(first: &[u8], rest: &[u8], piece: usize) -> (Vec<Incoming>, Option<CloseReason>, Vec<u8>) {
    let (mut talk, mut input) = (WebSocketDecoder::begin(first), Pieces { rest, piece });
    let (mut heard, mut answers) = (Vec::new(), Vec::new());
    loop {
        match talk.hear(&mut input, &mut answers) {
            Ok(Incoming::Nothing) if input.rest.is_empty() => return (heard, None, answers),
            Ok(Incoming::Nothing) => {}
            Ok(something) => heard.push(something),
            Err(ending) => return (heard, Some(ending), answers),
        }
    }
}

/// What has arrived, in pieces; then nothing for now.
struct Pieces<'a> {
    rest: &'a [u8],
    piece: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.rest.len().min(buffer.len()).min(self.piece);
        if length == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let (piece, rest) = self.rest.split_at(length);
        buffer[..length].copy_from_slice(piece);
        self.rest = rest;
        Ok(length)
    }
}
