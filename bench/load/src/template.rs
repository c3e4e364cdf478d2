//! The body that is published, compiled once: text with places for the marker and for something unique.

use crate::marker;
use std::io::Write;

enum Piece {
    Text(Vec<u8>),
    Marker,
    Unique,
}

pub(crate) struct Template {
    pieces: Vec<Piece>,
    lines: bool,
}

impl Template {
    /// `lines`: several events are written as NDJSON, otherwise as a JSON array.
    pub(crate) fn new(body: &str, lines: bool) -> Self {
        let mut pieces = Vec::new();
        let mut rest = body;
        while let Some(at) = rest.find("{T}").into_iter().chain(rest.find("{N}")).min() {
            pieces.push(Piece::Text(rest[..at].into()));
            pieces.push(if rest[at..].starts_with("{T}") { Piece::Marker } else { Piece::Unique });
            rest = &rest[at + 3..];
        }
        pieces.push(Piece::Text(rest.into()));
        Self { pieces, lines }
    }

    /// Replaces what is in `out` by `count` events; `unique` is called for each of them.
    pub(crate) fn render(
        &self,
        out: &mut Vec<u8>,
        count: usize,
        ns: u64,
        mut unique: impl FnMut() -> Unique,
    ) {
        out.clear();
        let array = count > 1 && !self.lines;
        for index in 0..count {
            let before: &[u8] = match (array, index) {
                (true, 0) => b"[",
                (true, _) => b",",
                (false, 0) => b"",
                (false, _) => b"\n",
            };
            out.extend_from_slice(before);
            self.event(out, ns, unique());
        }
        if array {
            out.push(b']');
        }
    }

    fn event(&self, out: &mut Vec<u8>, ns: u64, unique: Unique) {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.extend_from_slice(text),
                Piece::Marker => marker::write(out, ns),
                Piece::Unique => unique.write(out),
            }
        }
    }
}

/// Different for every event of every run on this machine.
#[derive(Clone, Copy)]
pub(crate) struct Unique {
    pub(crate) process: u32,
    pub(crate) publisher: usize,
    pub(crate) sequence: u64,
}

impl Unique {
    fn write(self, out: &mut Vec<u8>) {
        // Writing into a vector cannot fail.
        let _ = write!(out, "{}-{}-{}", self.process, self.publisher, self.sequence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(body: &str, lines: bool, count: usize) -> String {
        let mut sequence = 0;
        let mut out = b"old".to_vec();
        Template::new(body, lines).render(&mut out, count, 5, || {
            sequence += 1;
            Unique { process: 1, publisher: 2, sequence }
        });
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn one_event_is_the_template_filled_in() {
        assert_eq!(rendered("<{N}|{T}|{N}>", false, 1), "<1-2-1|~T0000000000000000005~|1-2-1>");
    }

    #[test]
    fn several_events_are_an_array_or_lines() {
        assert_eq!(rendered("{N}", false, 3), "[1-2-1,1-2-2,1-2-3]");
        assert_eq!(rendered("{N}", true, 2), "1-2-1\n1-2-2");
    }
}
