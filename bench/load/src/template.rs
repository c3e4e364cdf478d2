//! The body that is published, compiled once: text with places for the marker, for something unique
//! and for whom it is for.

use crate::marker;
use std::io::Write;

enum Piece {
    Text(Vec<u8>),
    Marker,
    Unique,
    Filter,
}

impl Piece {
    /// The first place in a text that is to be filled in.
    fn find(text: &str) -> Option<(usize, Self)> {
        text.match_indices('{').find_map(|(at, _)| match text.get(at..at + 3)? {
            "{T}" => Some((at, Self::Marker)),
            "{N}" => Some((at, Self::Unique)),
            "{F}" => Some((at, Self::Filter)),
            _ => None,
        })
    }
}

pub(crate) struct Template {
    pieces: Vec<Piece>,
    lines: bool,
    filters: u64,
}

impl Template {
    /// `lines`: several events are written as NDJSON, otherwise as a JSON array. `filters`: how many there are.
    pub(crate) fn new(body: &str, lines: bool, filters: u64) -> Self {
        let mut pieces = Vec::new();
        let mut rest = body;
        while let Some((at, piece)) = Piece::find(rest) {
            pieces.push(Piece::Text(rest[..at].into()));
            pieces.push(piece);
            rest = &rest[at + 3..];
        }
        pieces.push(Piece::Text(rest.into()));
        Self { pieces, lines, filters }
    }

    /// The filter that this event is for, if not for all.
    pub(crate) fn filter_of(&self, sequence: u64) -> Option<usize> {
        let addressed = self.pieces.iter().any(|piece| matches!(piece, Piece::Filter));
        addressed.then_some((sequence % self.filters) as usize)
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
                // Writing into a vector cannot fail.
                Piece::Filter => drop(write!(out, "{}", unique.sequence % self.filters)),
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
        Template::new(body, lines, 2).render(&mut out, count, 5, || {
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
    fn an_event_can_be_for_one_filter() {
        assert_eq!(rendered("{F}{N}", true, 3), "11-2-1\n01-2-2\n11-2-3");
        assert_eq!(Template::new("{F}", true, 2).filter_of(5), Some(1));
        assert_eq!(Template::new("{N}", true, 2).filter_of(5), None);
    }

    #[test]
    fn several_events_are_an_array_or_lines() {
        assert_eq!(rendered("{N}", false, 3), "[1-2-1,1-2-2,1-2-3]");
        assert_eq!(rendered("{N}", true, 2), "1-2-1\n1-2-2");
    }
}
