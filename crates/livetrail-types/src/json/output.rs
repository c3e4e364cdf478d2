//! Writes JSON, with what is JSON already written verbatim.
//!
//! A serializer has no way to say "this is JSON", but `serde_json` lets a [`Formatter`] decide how bytes are written.
//! Nothing in the vocabulary is bytes, so bytes are what [`Json`](super::Json) and numbers of many digits go by.

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io;

/// The compact JSON of `value`.
pub fn to_vec(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    // Memory takes every byte, and everything in the vocabulary has a JSON form.
    let _ = to_writer(&mut bytes, value);
    bytes
}

/// The compact JSON of `value`.
pub fn to_string(value: &impl Serialize) -> String {
    String::from_utf8(to_vec(value)).unwrap_or_default()
}

/// Writes the compact JSON of `value`.
///
/// # Errors
/// An error of `to`.
pub fn to_writer(to: impl io::Write, value: &impl Serialize) -> io::Result<()> {
    write(to, Verbatim, value)
}

/// Writes the compact JSON of `value` as one line, also for readers that use Unicode's line ends (Python's
/// `splitlines`, and clients built on it). Those characters are written as escapes, which is equivalent JSON.
///
/// # Errors
/// An error of `to`.
pub fn to_line_writer(to: impl io::Write, value: &impl Serialize) -> io::Result<()> {
    write(to, OneLine, value)
}

/// Writes the compact JSON of `value`. Two numbers with a fraction or an exponent that are the same `f64` are written
/// alike, if they have few enough digits for an exact comparison.
///
/// # Errors
/// An error of `to`.
pub(crate) fn to_canonical_writer(to: impl io::Write, value: &impl Serialize) -> io::Result<()> {
    write(to, Canonical, value)
}

fn write(to: impl io::Write, formatter: impl Formatter, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(to, formatter)).map_err(Into::into)
}

/// Bytes are JSON.
struct Verbatim;

impl Formatter for Verbatim {
    fn write_byte_array<W: ?Sized + io::Write>(&mut self, to: &mut W, json: &[u8]) -> io::Result<()> {
        to.write_all(json)
    }
}

/// Bytes are JSON; Unicode's line ends are escaped.
struct OneLine;

impl Formatter for OneLine {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, to: &mut W, text: &str) -> io::Result<()> {
        write_escaped(to, text.as_bytes())
    }

    fn write_byte_array<W: ?Sized + io::Write>(&mut self, to: &mut W, json: &[u8]) -> io::Result<()> {
        // Outside of its texts, JSON has none of these signs.
        write_escaped(to, json)
    }
}

/// The signs beyond ASCII that end a line in Unicode, in UTF-8, and how JSON can write them: next line, line and
/// paragraph separator.
const LINE_ENDS: [(&[u8], &[u8]); 3] =
    [(b"\xc2\x85", b"\\u0085"), (b"\xe2\x80\xa8", b"\\u2028"), (b"\xe2\x80\xa9", b"\\u2029")];

fn write_escaped(to: &mut (impl io::Write + ?Sized), text: &[u8]) -> io::Result<()> {
    // Of every byte, without an end in between: that is a few instructions for many of them.
    if !text.iter().fold(false, |found, &byte| found | (byte == 0xc2) | (byte == 0xe2)) {
        return to.write_all(text);
    }
    let (mut written, mut at) = (0, 0);
    while at < text.len() {
        let found = LINE_ENDS.iter().find(|(end, _)| text[at..].starts_with(end));
        if let Some((end, escape)) = found {
            to.write_all(&text[written..at])?;
            to.write_all(escape)?;
            at += end.len();
            written = at;
        } else {
            at += 1;
        }
    }
    to.write_all(&text[written..])
}

/// Bytes are JSON; numbers of so few digits that `f64` holds them exactly are written in its shortest form.
struct Canonical;

impl Formatter for Canonical {
    fn write_byte_array<W: ?Sized + io::Write>(&mut self, to: &mut W, json: &[u8]) -> io::Result<()> {
        match short_number(json) {
            Some(number) => self.write_f64(to, number),
            None => to.write_all(json),
        }
    }
}

fn short_number(json: &[u8]) -> Option<f64> {
    let mantissa = json.split(|byte| matches!(byte, b'e' | b'E')).next().unwrap_or_default();
    let digits = mantissa.iter().filter(|byte| byte.is_ascii_digit()).count();
    (digits <= f64::DIGITS as usize).then(|| std::str::from_utf8(json).ok()?.parse().ok()).flatten()
}

/// JSON without the white space between its tokens.
pub(super) fn compact(json: &str) -> String {
    let (mut in_text, mut is_escaped) = (false, false);
    let is_kept = |c: &char| {
        if !in_text {
            in_text = *c == '"';
            return !matches!(c, ' ' | '\t' | '\n' | '\r');
        }
        if is_escaped {
            is_escaped = false;
        } else if *c == '\\' {
            is_escaped = true;
        } else if *c == '"' {
            in_text = false;
        }
        true
    };
    json.chars().filter(is_kept).collect()
}
