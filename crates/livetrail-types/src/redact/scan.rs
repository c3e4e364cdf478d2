//! The pass over a text that finds its secrets.

use std::ops::Range;

use super::{card, token};

/// The secrets of a text from left to right, as ranges of bytes on the borders of characters.
///
/// Every byte is looked at a bounded number of times, however the text is made: what is sent must not cost more than
/// its size.
pub(super) struct Secrets<'a> {
    text: &'a str,
    at: usize,
    /// Up to here it is known that no JWT begins.
    no_jwt_before: usize,
}

impl<'a> Secrets<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, at: 0, no_jwt_before: 0 }
    }

    /// A secret that begins here or, where the place cannot begin one, the place to go on from.
    fn here(&mut self) -> Result<Range<usize>, usize> {
        let (bytes, at) = (self.text.as_bytes(), self.at);
        let found = match bytes[at] {
            b'0'..=b'9' => return card::in_run(self.text, at),
            b'e' if bytes[at..].starts_with(b"eyJ") => self.jwt(),
            b'b' | b'B' => token::bearer(bytes, at),
            b'-' if bytes[at..].starts_with(b"-----BEGIN ") => token::private_key(self.text, at),
            _ => None,
        };
        found.ok_or(at + 1)
    }

    fn jwt(&mut self) -> Option<Range<usize>> {
        if self.at < self.no_jwt_before {
            return None;
        }
        let found = token::jwt(self.text.as_bytes(), self.at);
        found.map_err(|end_of_header| self.no_jwt_before = end_of_header).ok()
    }
}

impl Iterator for Secrets<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        while self.at < self.text.len() {
            match self.here() {
                Ok(secret) => {
                    self.at = secret.end;
                    return Some(secret);
                }
                Err(further) => self.at = further,
            }
        }
        None
    }
}
