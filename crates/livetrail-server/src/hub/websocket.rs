//! The frames of WebSockets (RFC 6455), both ways. Nothing here owns a socket, so that reactors and tasks can both use
//! it.

use super::CloseReason;
use bytes::Bytes;
use livetrail_types::{Cursor, limits};
use serde_json::json;
use std::io::{self, Read, Write};
use tungstenite::{
    Error, Message,
    error::ProtocolError,
    protocol::{
        CloseFrame, Role, WebSocketConfig, WebSocketContext,
        frame::{
            Frame,
            coding::{CloseCode, Data, OpCode},
        },
    },
};

/// The largest message that a client may send: a filter.
const MAX_MESSAGE: usize = limits::SMALL_BODY_BYTES;
/// The read buffer of a client. Most clients send nothing but a pong now and then.
const READ_BUFFER: usize = 512;

/// Adds a message to those before it.
pub fn add_message(frames: &mut Vec<u8>, text: String) {
    add(frames, Frame::message(text, OpCode::Data(Data::Text), true));
}

/// Writing to memory does not fail.
fn add(frames: &mut Vec<u8>, frame: Frame) {
    let _ = frame.format(frames);
}

/// A heartbeat, and a ping that the client has to answer.
pub(super) fn heartbeat(cursor: Cursor, head: Cursor) -> Bytes {
    let mut frames = Vec::with_capacity(128);
    let (id, head) = (cursor.to_string(), head.to_string());
    add_message(&mut frames, json!({"type": "heartbeat", "id": id, "head": head}).to_string());
    add(&mut frames, Frame::ping(Bytes::new()));
    frames.into()
}

pub(super) fn close_frame(code: CloseCode, reason: &'static str) -> Bytes {
    let mut frames = Vec::with_capacity(64);
    add(&mut frames, Frame::close(Some(CloseFrame { code, reason: reason.into() })));
    frames.into()
}

/// Adds a frame of an event stream as a message: an object that has its cursor in `id`.
pub(super) fn add_event(frames: &mut Vec<u8>, event: &[u8]) {
    if let Some(message) = std::str::from_utf8(event).ok().and_then(message_of) {
        add_message(frames, message);
    }
}

/// `id: …` and `data: {…}` as one object. [`super::frame`] has made the frame, so its form is known.
fn message_of(frame: &str) -> Option<String> {
    let (id, data) = frame.strip_prefix("id: ")?.split_once("\ndata: {")?;
    Some(format!("{{\"id\":\"{id}\",{}", data.trim_end_matches('\n')))
}

/// Decodes what a client sends.
pub struct WebSocketDecoder(WebSocketContext);

/// What a client has sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Incoming {
    /// Nothing, for now.
    Nothing,
    /// A control frame, such as a pong.
    Sign,
    /// A message.
    Message(Bytes),
}

impl WebSocketDecoder {
    /// Begins after the handshake; `read` is what the client has sent already.
    pub fn begin(read: &[u8]) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .max_message_size(Some(MAX_MESSAGE))
            .max_frame_size(Some(MAX_MESSAGE));
        Self(WebSocketContext::from_partially_read(read.to_vec(), Role::Server, Some(config)))
    }

    /// Reads `input` up to the end of the first frame. What the protocol answers by itself, such as a pong, is added to
    /// `answers`.
    ///
    /// # Errors
    /// Why the stream has to be closed.
    pub fn hear(&mut self, input: &mut impl Read, answers: &mut Vec<u8>) -> Result<Incoming, CloseReason> {
        match self.0.read(&mut Ends { input, answers }) {
            Ok(Message::Text(text)) => Ok(Incoming::Message(text.into())),
            Ok(Message::Binary(bytes)) => Ok(Incoming::Message(bytes)),
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_)) => {
                Ok(Incoming::Sign)
            }
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => Ok(Incoming::Nothing),
            Err(Error::Capacity(_)) => Err(CloseReason::TooMuch),
            Err(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => Err(CloseReason::Gone),
            Err(Error::Protocol(_) | Error::Utf8(_)) => Err(CloseReason::Garbage),
            Err(_) => Err(CloseReason::Gone),
        }
    }
}

/// The input and output that the library wants as one.
struct Ends<'a, R> {
    input: &'a mut R,
    answers: &'a mut Vec<u8>,
}

impl<R: Read> Read for Ends<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.input.read(buffer)
    }
}

impl<R> Write for Ends<'_, R> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.answers.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tungstenite::protocol::WebSocket;

    /// What is there, and then nothing for now.
    struct Some(io::Cursor<Vec<u8>>);

    impl Read for Some {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(io::ErrorKind::WouldBlock.into()),
                read => Ok(read),
            }
        }
    }

    /// What a client sends.
    fn said(messages: impl IntoIterator<Item = Message>) -> Vec<u8> {
        let mut client = WebSocket::from_raw_socket(io::Cursor::new(Vec::new()), Role::Client, None);
        for message in messages {
            client.send(message).expect("memory");
        }
        client.into_inner().into_inner()
    }

    fn hear_all(bytes: Vec<u8>) -> (Vec<Incoming>, Option<CloseReason>, Vec<u8>) {
        let (mut decoder, mut input) = (WebSocketDecoder::begin(&[]), Some(io::Cursor::new(bytes)));
        let (mut incoming, mut answers) = (Vec::new(), Vec::new());
        loop {
            match decoder.hear(&mut input, &mut answers) {
                Ok(Incoming::Nothing) => return (incoming, None, answers),
                Ok(something) => incoming.push(something),
                Err(reason) => return (incoming, std::option::Option::Some(reason), answers),
            }
        }
    }

    #[test]
    fn messages_and_signs_of_life_are_heard_and_pings_answered() {
        let all = said([Message::Ping("x".into()), Message::Text("{}".into()), Message::Binary("[]".into())]);
        let (incoming, reason, answers) = hear_all(all);
        let message = |text: &'static str| Incoming::Message(Bytes::from(text));
        assert_eq!(incoming, [Incoming::Sign, message("{}"), message("[]")]);
        assert_eq!((reason, answers), (None, b"\x8a\x01x".to_vec()));
    }

    #[test]
    fn a_close_is_agreed_to_and_ends_it() {
        let (incoming, reason, answers) = hear_all(said([Message::Close(None)]));
        assert_eq!((incoming, reason), (vec![Incoming::Sign], std::option::Option::Some(CloseReason::Gone)));
        assert_eq!(answers, b"\x88\x00");
    }

    #[test]
    fn what_is_too_large_or_no_websocket_ends_it() {
        let large = said([Message::Text("x".repeat(MAX_MESSAGE + 1).into())]);
        assert_eq!(hear_all(large).1, std::option::Option::Some(CloseReason::TooMuch));
        for garbage in [&b"GET / HTTP/1.1\r\n\r\n"[..], b"\x81\x02no"] {
            assert_eq!(
                hear_all(garbage.to_vec()).1,
                std::option::Option::Some(CloseReason::Garbage),
                "{garbage:?}"
            );
        }
    }

    #[test]
    fn messages_have_the_cursor_of_their_frame() {
        for (event, expected) in [
            ("id: a-1\ndata: {\"type\":\"x\"}\n\n", r#"{"id":"a-1","type":"x"}"#),
            ("id: a-2\ndata: {\"data\":{\"n\":\"\\n\"}}\n\n", r#"{"id":"a-2","data":{"n":"\n"}}"#),
        ] {
            let mut message = Vec::new();
            add_event(&mut message, event.as_bytes());
            let head = [0x81, u8::try_from(expected.len()).expect("short")];
            assert_eq!(message, [&head, expected.as_bytes()].concat());
        }
    }
}
