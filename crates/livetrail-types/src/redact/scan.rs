//! The pass over a text that finds where its next secret is.

use std::ops::Range;

use super::{card, token};

/// The first secret that begins at `from` or later, as a range of bytes on the borders of characters.
pub(super) fn next_secret(text: &str, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        let found = match bytes[at] {
            b'0'..=b'9' => match card::in_run(text, at) {
                Ok(card) => Some(card),
                Err(end_of_run) => {
                    at = end_of_run;
                    continue;
                }
            },
            b'e' if bytes[at..].starts_with(b"eyJ") => token::jwt(bytes, at),
            b'b' | b'B' => token::bearer(bytes, at),
            b'-' if bytes[at..].starts_with(b"-----BEGIN ") => token::private_key(text, at),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
        at += 1;
    }
    None
}
