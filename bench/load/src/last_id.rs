//! The id of the last message of an event stream, as an `EventSource` would send it when it comes back.
//!
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation>: a message has been
//! received with the empty line behind it. Of the line ends only `\n` and `\r\n` are known.

/// As much of a line as an id may have.
const LONGEST: usize = 512;

#[derive(Default)]
pub(crate) struct LastId {
    /// The line that has not ended yet; its beginning, if it is long.
    line: Vec<u8>,
    /// The id of the message that has not ended yet.
    begun: Option<String>,
    last: Option<String>,
}

impl LastId {
    pub(crate) fn get(&self) -> Option<&str> {
        self.last.as_deref()
    }

    /// Reads on, in any pieces.
    pub(crate) fn feed(&mut self, piece: &[u8]) {
        let mut lines = piece.split(|&byte| byte == b'\n').peekable();
        while let Some(part) = lines.next() {
            let room = LONGEST.saturating_sub(self.line.len());
            self.line.extend_from_slice(&part[..part.len().min(room)]);
            if lines.peek().is_some() {
                self.end_line();
            }
        }
    }

    fn end_line(&mut self) {
        let line = self.line.strip_suffix(b"\r").unwrap_or(&self.line);
        if line.is_empty() {
            if let Some(id) = self.begun.take() {
                self.last = Some(id);
            }
        } else if let Some(id) = line.strip_prefix(b"id:") {
            let id = id.strip_prefix(b" ").unwrap_or(id);
            self.begun = Some(String::from_utf8_lossy(id).into_owned());
        }
        self.line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_id_is_that_of_the_last_whole_message_wherever_the_stream_is_cut() {
        let text =
            b"retry: 5\nid: one\ndata: id:no\n\n: comment\r\n\r\ndata: x\r\nid:two\r\n\r\nid: three\ndata";
        for first in 0..text.len() {
            for second in first..text.len() {
                let mut last = LastId::default();
                for piece in [&text[..first], &text[first..second], &text[second..]] {
                    last.feed(piece);
                }
                assert_eq!(last.get(), Some("two"), "cut at {first} and {second}");
            }
        }
    }

    #[test]
    fn a_stream_without_ids_has_none() {
        let mut last = LastId::default();
        last.feed(b"data: 1\n\nid: unfinished\n");
        assert_eq!(last.get(), None);
    }

    #[test]
    fn a_long_line_is_not_kept() {
        let mut last = LastId::default();
        last.feed(&[b'x'; 10_000]);
        assert!(last.line.len() <= LONGEST);
        last.feed(b"\nid: 1\n\n");
        assert_eq!(last.get(), Some("1"));
    }
}
