//! The marker `~T<19 digits>~`: the nanosecond at which an event was sent, found again at the other end.

use memchr::memmem::Finder;

const START: &[u8] = b"~T";
const DIGITS: usize = 19;
const LENGTH: usize = START.len() + DIGITS + 1;

/// Appends the marker of this moment.
pub(crate) fn write(out: &mut Vec<u8>, ns: u64) {
    out.extend_from_slice(format!("~T{ns:0DIGITS$}~").as_bytes());
}

/// Finds markers in a stream of pieces, also where a piece ends within one.
pub(crate) struct Scanner {
    finder: Finder<'static>,
}

/// What one stream needs to remember between two pieces: the beginning of a marker.
#[derive(Default)]
pub(crate) struct Carry(Vec<u8>);

impl Scanner {
    pub(crate) fn new() -> Self {
        Self { finder: Finder::new(START) }
    }

    /// Calls `found` with the time of each marker that this piece completes.
    pub(crate) fn scan(&self, carry: &mut Carry, piece: &[u8], found: &mut impl FnMut(u64)) {
        if carry.0.is_empty() {
            self.scan_whole(carry, piece, found);
        } else {
            let mut joined = std::mem::take(&mut carry.0);
            joined.extend_from_slice(piece);
            self.scan_whole(carry, &joined, found);
        }
    }

    fn scan_whole(&self, carry: &mut Carry, mut piece: &[u8], found: &mut impl FnMut(u64)) {
        while let Some(at) = self.finder.find(piece) {
            let rest = &piece[at..];
            if rest.len() < LENGTH {
                carry.0.extend_from_slice(rest);
                return;
            }
            match parse(&rest[..LENGTH]) {
                Some(ns) => {
                    found(ns);
                    piece = &rest[LENGTH..];
                }
                None => piece = &rest[START.len()..],
            }
        }
        if piece.last() == Some(&START[0]) {
            carry.0.push(START[0]);
        }
    }
}

fn parse(bytes: &[u8]) -> Option<u64> {
    let digits = bytes.strip_prefix(START)?.strip_suffix(b"~")?;
    if digits.len() != DIGITS {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found_in(pieces: &[&[u8]]) -> Vec<u64> {
        let (scanner, mut carry, mut all) = (Scanner::new(), Carry::default(), Vec::new());
        for piece in pieces {
            scanner.scan(&mut carry, piece, &mut |ns| all.push(ns));
        }
        all
    }

    #[test]
    fn a_marker_is_found_wherever_the_stream_is_cut() {
        let mut text = b"data: {\"a\":\"~x ~T~T~".to_vec();
        write(&mut text, 42);
        text.extend_from_slice(b" and ");
        write(&mut text, 1_234_567_890);
        text.extend_from_slice(b"~\n\n");
        for first in 0..text.len() {
            for second in first..text.len() {
                let pieces = [&text[..first], &text[first..second], &text[second..]];
                assert_eq!(found_in(&pieces), [42, 1_234_567_890], "cut at {first} and {second}");
            }
        }
    }

    #[test]
    fn a_marker_is_found_byte_by_byte() {
        let mut text = Vec::new();
        write(&mut text, 7);
        write(&mut text, 8);
        let pieces: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(found_in(&pieces), [7, 8]);
    }

    #[test]
    fn what_only_begins_like_a_marker_is_none() {
        assert!(found_in(&[b"~T12345~ ~T", b"is no marker at all, nor is ~", b"~"]).is_empty());
    }
}
