//! Writes JSON, with what is JSON already written verbatim.
//!
//! A serializer has no way to say "this is JSON", but `serde_json` lets a [`Formatter`] decide how bytes are written. Nothing in
//! the vocabulary is bytes, so bytes are what [`Json`](super::Json) and numbers of many digits go by.

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
/// What `to` says.
pub fn to_writer(to: impl io::Write, value: &impl Serialize) -> io::Result<()> {
    write(to, Verbatim, value)
}

/// Writes the compact JSON of `value`. Two numbers with a fraction or an exponent that are the same `f64` are written alike, if
/// they have few enough digits for it to be exact.
///
/// # Errors
/// What `to` says.
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
