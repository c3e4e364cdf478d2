//! Whether a text is hard to guess, and so may be a credential rather than a name.

use std::ops::Range;

/// A session id of so many characters may be a credential.
const MIN_SESSION: usize = 20;
/// So many characters that no word or number explains carry more than 48 bits in every alphabet in use.
const MIN_UNEXPLAINED: usize = 12;
/// Longer runs of letters are not words.
const MAX_WORD: usize = 19;
/// Longer runs of digits after a word are not counters; longer runs alone are not moments.
const MAX_COUNTER: usize = 10;
const MAX_MOMENT: usize = 17;
const UUID: usize = 36;
const HASH_PREFIX: &str = "hashed:";
const HASH_DIGITS: usize = 32;

/// Whether a session id could be a live credential: a JWT, or at least 20 characters that are hard to guess. Any
/// framework's form counts (hex, base64, Express's `s:…`, percent-encoded). Hyphenated UUIDs and the keyed hash that
/// Livetrail itself stores (`hashed:…`) are not. A text with white space is not an id.
#[must_use]
pub fn looks_like_credential(text: &str) -> bool {
    if is_hashed(text) || text.chars().any(char::is_whitespace) {
        return false;
    }
    is_jwt(text) || hard_to_guess(text, MIN_SESSION)
}

/// Whether `text` has the form of a session id's keyed hash.
pub(crate) fn is_hashed(text: &str) -> bool {
    let digits = text.strip_prefix(HASH_PREFIX).unwrap_or_default().as_bytes();
    digits.len() == HASH_DIGITS && digits.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_jwt(text: &str) -> bool {
    let part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'=');
    text.starts_with("eyJ")
        && text.bytes().filter(|&byte| byte == b'.').count() == 2
        && text.bytes().all(part)
}

/// Whether a text of at least `least` bytes has enough characters that neither words nor numbers explain. Hyphenated
/// UUIDs do not count: they are what applications name things by.
pub(super) fn hard_to_guess(text: &str, least: usize) -> bool {
    text.len() >= least && unexplained(text.as_bytes()) >= MIN_UNEXPLAINED
}

/// The characters of those runs of letters and digits that are not a word, a number, a word with a number, or a UUID.
pub(super) fn unexplained(bytes: &[u8]) -> usize {
    let (mut total, mut at) = (0, 0);
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphanumeric() {
            at += 1;
        } else if is_uuid(&bytes[at..]) {
            at += UUID;
        } else {
            let run = run_at(bytes, at);
            at = run.end;
            total += if is_explained(&bytes[run.clone()]) { 0 } else { run.len() };
        }
    }
    total
}

fn run_at(bytes: &[u8], at: usize) -> Range<usize> {
    at..at + bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count()
}

/// A hyphenated UUID that no further letter or digit follows.
fn is_uuid(bytes: &[u8]) -> bool {
    let fits = |place: usize| match place {
        8 | 13 | 18 | 23 => bytes[place] == b'-',
        _ => bytes[place].is_ascii_hexdigit(),
    };
    bytes.len() >= UUID
        && bytes[8] == b'-'
        && (0..UUID).all(fits)
        && !bytes.get(UUID).is_some_and(u8::is_ascii_alphanumeric)
}

/// A word, a number, or a word with a number after it.
fn is_explained(run: &[u8]) -> bool {
    let letters = run.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let digits = run[letters..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if letters + digits < run.len() {
        return false;
    }
    if letters == 0 {
        return digits <= MAX_MOMENT;
    }
    digits <= MAX_COUNTER && are_words(&run[..letters])
}

/// Whether letters are a word or a few in camel case. Random letters change between small and capital ones more often,
/// and no word is longer than [`MAX_WORD`].
fn are_words(letters: &[u8]) -> bool {
    let (mut humps, mut longest, mut start) = (0, 0, 0);
    for at in 1..letters.len() {
        if letters[at - 1].is_ascii_lowercase() && letters[at].is_ascii_uppercase() {
            humps += 1;
            longest = longest.max(at - start);
            start = at;
        }
    }
    let least = if letters.len() <= MAX_WORD { 3 } else { 5 };
    longest.max(letters.len() - start) <= MAX_WORD && humps * least <= letters.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn session_ids_of_all_frameworks_look_like_credentials() {
        for id in [
            "9f86d081884c7d659a2feaa0c55ad015",
            "q2tk9vd0mjm4oo3hbnk4vvp3d5",
            "lit3py55t21z5v55vlm25s55",
            "V1StGXR8_Z5jdHi6B-myT",
            "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6",
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "s:a1a1a1a1a1a1a1a1a1a1a1a1.sig",
            "s%3Aa1b2c3d4e5f6a7b8c9d0e1f2.x",
            "abcdefghijklmnopqrst",
            "12345678901234567890",
            "s:0198c0de-7a3b-7000-8000-0123456789ab.k3J9x0Qw8LmN2pR5tV7y",
            "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoxfQ.c2ln",
            &"a1".repeat(20),
        ] {
            assert!(looks_like_credential(id), "{id}");
        }
    }

    #[test]
    fn names_uuids_and_hashes_do_not_look_like_credentials() {
        for id in [
            "s-1",
            "0198c0de-7a3b-7000-8000-0123456789ab",
            "0198C0DE-7A3B-7000-8000-0123456789AB",
            "sess_0198c0de-7a3b-7000-8000-0123456789ab",
            "checkout-session-2026-11-28-0007",
            "a session with a long name and 9f86d081884c7d659a2f in it",
            "myLongSessionNameForTests",
            "hashed:9f86d081884c7d659a2feaa0c55ad015",
            "20261128101112",
            "user42.browser7.window12.tab3",
            "9f86d081884c",
            "",
        ] {
            assert!(!looks_like_credential(id), "{id}");
        }
    }

    #[test]
    fn only_the_exact_form_of_a_hash_is_one() {
        assert!(looks_like_credential("hashed:9f86d081884c7d659a2feaa0c55ad0159"));
        assert!(looks_like_credential("hashed:9F86D081884C7D659A2FEAA0C55AD015"));
    }
}
