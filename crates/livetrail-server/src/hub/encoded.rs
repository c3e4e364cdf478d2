use super::{Transport, chunk, websocket};
use bytes::Bytes;

/// Frames of one transport in one buffer, one after the other.
pub(super) struct Encoded {
    pub(super) bytes: Bytes,
    /// Where each of them ends.
    pub(super) ends: Vec<usize>,
}

impl Encoded {
    /// Encodes SSE frames for `transport`. `write` appends the n-th of `count` frames to the buffer that it is given.
    pub(super) fn of(transport: Transport, count: usize, mut write: impl FnMut(usize, &mut Vec<u8>)) -> Self {
        let (mut bytes, mut ends) = (Vec::with_capacity(count * 1024), Vec::with_capacity(count));
        let mut event = Vec::new();
        for n in 0..count {
            event.clear();
            write(n, &mut event);
            match transport {
                // An entry without a frame. An empty chunk would end the stream.
                _ if event.is_empty() => {}
                Transport::Events => bytes.extend_from_slice(&event),
                Transport::Chunks => chunk::add_chunk(&mut bytes, &event),
                Transport::WebSocket => websocket::add_event(&mut bytes, &event),
            }
            ends.push(bytes.len());
        }
        Self { bytes: bytes.into(), ends }
    }

    /// These frames and those that follow them.
    pub(super) fn with(&self, next: &Self) -> Self {
        let bytes = [&self.bytes[..], &next.bytes].concat().into();
        let ends = self.ends.iter().copied().chain(next.ends.iter().map(|end| self.bytes.len() + end));
        Self { bytes, ends: ends.collect() }
    }

    /// Where the n-th frame starts, or where the last one ends.
    pub(super) fn start(&self, n: usize) -> usize {
        n.checked_sub(1).map_or(0, |before| self.ends[before])
    }

    /// The n-th frame.
    pub(super) fn frame(&self, n: usize) -> &[u8] {
        &self.bytes[self.start(n)..self.ends[n]]
    }
}
