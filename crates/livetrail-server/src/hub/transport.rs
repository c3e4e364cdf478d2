//! The transports of live streams, and how a stream is closed on each.

use super::{chunk, frame, websocket};
use bytes::Bytes;
use livetrail_types::Cursor;
use std::time::Duration;
use tungstenite::protocol::frame::coding::CloseCode;

/// How frames reach a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    /// As Server-Sent Events.
    Events,
    /// As Server-Sent Events in the chunks of HTTP/1.1, where no library makes them.
    Chunks,
    /// As messages of a WebSocket.
    WebSocket,
}

/// Why a stream is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseReason {
    /// The client has gone.
    Gone,
    /// The server stops.
    Stopping,
    /// The store failed while it was read for the client.
    StoreAway,
    /// The client's credential has expired or was revoked.
    CredentialEnded,
    /// The client has taken nothing for too long.
    Stalled,
    /// The client does not answer pings.
    Silent,
    /// The client sends more than it may.
    TooMuch,
    /// What the client sends violates the WebSocket protocol.
    Garbage,
}

impl Transport {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::Events, Self::Chunks, Self::WebSocket];

    /// The label of metrics.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Events | Self::Chunks => "sse",
            Self::WebSocket => "websocket",
        }
    }

    /// A heartbeat: the position of the client, and the end of the log.
    pub fn heartbeat(self, cursor: Cursor, head: Cursor) -> Bytes {
        match self {
            Self::Events => frame::heartbeat_frame(cursor, head),
            Self::Chunks => chunk::chunk(&frame::heartbeat_frame(cursor, head)),
            Self::WebSocket => websocket::heartbeat(cursor, head),
        }
    }

    /// The last frame for a client at `cursor`. It tells an `EventSource` when to reconnect, because an error status
    /// would stop it for ever.
    pub fn farewell(self, reason: CloseReason, come_back: Duration, cursor: Cursor, head: Cursor) -> Bytes {
        match (self, reason) {
            (_, CloseReason::Gone) => Bytes::new(),
            (Self::WebSocket, _) => websocket::close_frame(reason.code(), reason.text()),
            (Self::Events, CloseReason::Stopping | CloseReason::StoreAway) => {
                frame::farewell(come_back, cursor, head)
            }
            (Self::Events, _) => Bytes::new(),
            (Self::Chunks, _) => {
                let words = Self::Events.farewell(reason, come_back, cursor, head);
                [&chunk::chunk(&words), chunk::LAST].concat().into()
            }
        }
    }
}

impl CloseReason {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Gone,
        Self::Stopping,
        Self::StoreAway,
        Self::CredentialEnded,
        Self::Stalled,
        Self::Silent,
        Self::TooMuch,
        Self::Garbage,
    ];

    /// The label of metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Stopping => "stopping",
            Self::StoreAway => "store_away",
            Self::CredentialEnded => "credential_ended",
            Self::Stalled => "stalled",
            Self::Silent => "silent",
            Self::TooMuch => "too_much",
            Self::Garbage => "garbage",
        }
    }

    /// As text for the client.
    pub fn text(self) -> &'static str {
        match self {
            Self::Gone => "the client has gone",
            Self::Stopping => "the server restarts",
            Self::StoreAway => "the store is away",
            Self::CredentialEnded => "the credential has ended",
            Self::Stalled => "nothing was taken for too long",
            Self::Silent => "no answer came",
            Self::TooMuch => "this is more than a client may say",
            Self::Garbage => "this is no WebSocket",
        }
    }

    /// RFC 6455, section 7.4, and what IANA has added.
    fn code(self) -> CloseCode {
        match self {
            Self::Stopping => CloseCode::Restart,
            Self::StoreAway | Self::Stalled => CloseCode::Again,
            Self::CredentialEnded => CloseCode::Policy,
            Self::TooMuch => CloseCode::Size,
            Self::Garbage => CloseCode::Protocol,
            Self::Gone | Self::Silent => CloseCode::Away,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use livetrail_types::Epoch;
    use std::collections::HashSet;

    #[test]
    fn each_ending_is_listed_once_and_has_a_name_of_its_own() {
        let names: HashSet<_> = CloseReason::ALL.iter().map(|reason| reason.name()).collect();
        assert_eq!(names.len(), CloseReason::ALL.len());
    }

    #[test]
    fn an_event_stream_is_told_to_come_back_only_where_that_helps() {
        let [cursor, head] = [8, 9].map(|position| Cursor::unchecked(Epoch(7), position));
        let words = |transport: Transport, reason| {
            transport.farewell(reason, Duration::from_millis(1_500), cursor, head)
        };
        for reason in CloseReason::ALL.into_iter().filter(|reason| *reason != CloseReason::Gone) {
            let expected = match reason {
                CloseReason::Stopping | CloseReason::StoreAway => {
                    format!("retry: 1500\nevent: heartbeat\nid: {cursor}\ndata: {{\"head\":\"{head}\"}}\n\n")
                }
                _ => String::new(),
            };
            assert_eq!(words(Transport::Events, reason), expected, "{reason:?}");
            let expected = [&chunk::chunk(expected.as_bytes()), chunk::LAST].concat();
            assert_eq!(words(Transport::Chunks, reason), expected, "{reason:?}");
        }
    }
}
