//! The values of keys inside a text: where they end, and whether they look like credentials.

use std::ops::Range;

use super::{guess, pair::MAX_BACKSLASHES};

/// The shortest credential that is recognised by its characters.
const MIN_CREDENTIAL: usize = 5;
/// The longest name after a comma or semicolon that shows that a list continues.
const MAX_NAME: usize = 40;
/// A percent-encoded character that ends a value in a percent-encoded query: `&`, `"`, a blank, a line break.
const ENCODED_ENDS: [&[u8]; 6] = [b"%26", b"%22", b"%20", b"%0A", b"%0a", b"%0D"];

/// A value in quotes, which may be escaped any number of times (JSON in a string of JSON).
pub(super) struct Quoted {
    /// The text between the quotes.
    pub(super) content: Range<usize>,
    /// Behind the closing quote.
    pub(super) end: usize,
}

impl Quoted {
    /// The value at `start`, if a quote begins it, also a percent-encoded one or one with a prefix (`b'…'`, as Python
    /// writes bytes). It ends at the quote that is escaped as often as the first, at the end of the line or of the
    /// text.
    pub(super) fn at(bytes: &[u8], start: usize) -> Option<Self> {
        if bytes[start..].starts_with(b"%22") {
            let content = start + 3;
            let end = find(&bytes[content..], b"%22").map_or(bytes.len(), |length| content + length);
            return Some(Self { content: content..end, end: (end + 3).min(bytes.len()) });
        }
        let prefixed = matches!(bytes[start..], [b'b' | b'B' | b'r' | b'u' | b'f', b'"' | b'\'', ..]);
        let start = start + usize::from(prefixed);
        let escapes = bytes[start..].iter().take(MAX_BACKSLASHES).take_while(|&&byte| byte == b'\\').count();
        let quote = *bytes.get(start + escapes).filter(|byte| b"\"'`".contains(byte))?;
        let content = start + escapes + 1;
        let mut backslashes = 0;
        for (at, &byte) in bytes.iter().enumerate().skip(content) {
            // Of each level of JSON, an escaped quote has twice the backslashes of its level, and one.
            let closes = backslashes < escapes || backslashes % (2 * (escapes + 1)) == escapes;
            if byte == b'\n' || (byte == quote && closes) {
                let length = if byte == quote { backslashes.min(escapes) } else { 0 };
                return Some(Self { content: content..at - length, end: at + 1 });
            }
            backslashes = if byte == b'\\' { backslashes + 1 } else { 0 };
        }
        Some(Self { content: content..bytes.len(), end: bytes.len() })
    }
}

/// The end of the object or array that begins at `start`: its closing bracket or, if that is cut off, the end of the
/// text.
pub(super) fn end_of_container(bytes: &[u8], start: usize) -> usize {
    let (mut depth, mut at) = (0_usize, start);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b'"' | b'\'' | b'\\' => {
                if let Some(quoted) = Quoted::at(bytes, at) {
                    at = quoted.end;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}

/// A value without quotes. It ends at a blank, at a character that cannot be in it, or at the end of a list's entry; of
/// a long value, `most` bytes.
pub(super) fn bare(bytes: &[u8], start: usize, encoded: bool, most: usize) -> Range<usize> {
    let mut end = start;
    while let Some(&byte) = bytes.get(end).filter(|_| end - start < most) {
        let ends = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'&' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\' => true,
            b',' | b';' | b')' | b']' | b'}' => ends_entry(bytes, end + 1),
            b'%' => encoded && ENCODED_ENDS.iter().any(|end_| bytes[end..].starts_with(end_)),
            _ => false,
        };
        if ends {
            break;
        }
        end += 1;
    }
    // The cut may be in the middle of a character.
    while end > start && bytes.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) {
        end -= 1;
    }
    let stops = bytes[start..end].iter().rev().take_while(|&&byte| byte == b'.').count();
    start..end - stops
}

/// Whether the text after a comma, semicolon or bracket shows that the value ended there: a blank, another sign, the
/// end, or the name of the next entry.
fn ends_entry(bytes: &[u8], at: usize) -> bool {
    let name = bytes[at..]
        .iter()
        .take(MAX_NAME)
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte));
    match (name.count(), bytes.get(at)) {
        (_, None) => true,
        (0, Some(byte)) => byte.is_ascii_whitespace() || b"\"'`<>\\,;)]}".contains(byte),
        (length, _) => bytes.get(at + length).is_some_and(|byte| b"=:".contains(byte)),
    }
}

/// A placeholder for a value: nothing, a boolean, a parameter of a statement or template, asterisks.
pub(super) fn is_placeholder(value: &str) -> bool {
    let is = |word: &&str| value.eq_ignore_ascii_case(word);
    let words = ["null", "none", "nil", "undefined", "true", "false", "?", "%s"];
    let first = value.as_bytes().first().copied().unwrap_or_default();
    let second = value.as_bytes().get(1).copied().unwrap_or_default();
    words.iter().any(is)
        || first == b'{'
        || (first == b'$' && (second == b'{' || value[1..].bytes().all(|byte| byte.is_ascii_digit())))
        || (first == b':' && value[1..].bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_'))
        || (first == b'%' && (second == b'(' || second == b'{'))
        || value.bytes().all(|byte| byte == b'*')
}

pub(super) fn is_number(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Whether a value in running text is a credential and not a word. It has digits among letters, signs that words do not
/// have, or is hard to guess. An address is not one.
pub(super) fn is_credential_like(value: &str) -> bool {
    if value.starts_with("http://") || value.starts_with("https://") {
        return false;
    }
    let has = |class: fn(&u8) -> bool| value.as_bytes().iter().any(class);
    let mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let signs = has(|byte| b"!@#$%^*+=~".contains(byte)) && has(u8::is_ascii_alphabetic);
    (value.len() >= MIN_CREDENTIAL && value.is_ascii() && (mixed || digits || signs))
        || guess::unexplained(value.as_bytes()) >= 12
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}
