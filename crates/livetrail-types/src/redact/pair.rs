//! Keys and values inside a text: JSON (also JSON in a string of JSON), forms, queries, headers, the notation of
//! programming languages.
//!
//! The search starts at a `:` or `=`. It looks back for the key, a bounded number of bytes, and forward for the value.
//! A value is read once: if it is a secret, the search continues after it. Prose uses colons too ("token: expired"), so
//! a value without quotes behind a colon must look like a credential.

use std::ops::Range;

use super::{
    REDACTED,
    keys::{Named, SecretKeys},
    value::{self, Quoted},
};

/// The longest key that is looked for.
const MAX_KEY: usize = 64;
/// The most blanks around a separator.
const MAX_BLANKS: usize = 8;
/// The most backslashes before a quote: four levels of JSON in JSON.
pub(super) const MAX_BACKSLASHES: usize = 16;
/// The first bytes of a value without quotes decide whether it is a secret. In a text of keys alone, checking all bytes
/// would read them again and again.
const MAX_DECIDING: usize = 128;
/// A signature in a query (Azure's `sig`, AWS's `X-Amz-Signature`) of so many characters is one.
const MIN_SIGNATURE: usize = 16;
/// Names that are a secret's only in a query, and their last letters.
const SIGNATURES: [&str; 3] = ["sig", "X-Amz-Signature", "X-Goog-Signature"];

/// `:`, `=`, `%3A` or `%3D`.
#[derive(Clone, Copy)]
pub(super) struct Separator {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) is_colon: bool,
}

/// The key before a separator.
struct Key<'a> {
    name: &'a str,
    start: usize,
    /// Whether it stands in quotes, as keys of JSON do.
    quoted: bool,
}

/// The secret value of the key before the separator. Neither reaches back over `floor`.
pub(super) fn at(text: &str, separator: Separator, floor: usize, keys: &SecretKeys) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    if separator.is_colon
        && (bytes.get(separator.end) == Some(&b':') || bytes[..separator.start].ends_with(b":"))
    {
        return None;
    }
    let key = key_before(text, separator.start, floor, keys)?;
    let (start, spaced) = value_start(bytes, separator);
    let Some(named) = keys.find(key.name) else {
        return signature(bytes, &key, start, separator);
    };
    let range = if let Some(quoted) = Quoted::at(bytes, start) {
        quoted_value(text, &key, separator, &quoted)?
    } else if key.quoted && begins_container(&bytes[start..]) {
        start..value::end_of_container(bytes, start)
    } else if is_cookie_header(&key, separator) && is_cookie(bytes, start) {
        start..start + bytes[start..].iter().take_while(|&&byte| !b"\n\"'".contains(&byte)).count()
    } else {
        bare_value(text, &key, named, separator, start, spaced)?
    };
    (!range.is_empty()).then_some(range)
}

/// The key that ends before `end`, perhaps in quotes, brackets or percent-encoded quotes and brackets.
fn key_before<'a>(text: &'a str, end: usize, floor: usize, keys: &SecretKeys) -> Option<Key<'a>> {
    let bytes = text.as_bytes();
    let mut at = back(bytes, end, floor, MAX_BLANKS, is_blank);
    at = without(bytes, at, floor, &[b"]", b"%5D", b"%5d"]);
    let mut quoted = false;
    let bare = without(bytes, at, floor, &[b"\"", b"'", b"`", b"%22"]);
    if bare < at {
        quoted = true;
        at = back(bytes, bare, floor, MAX_BACKSLASHES, |byte| byte == b'\\');
    }
    // Most colons end here, those of times and addresses for instance.
    if at == floor || !keys.may_end(bytes[at - 1]) && !is_signature_end(bytes[at - 1]) {
        return None;
    }
    let in_key =
        |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte) || (quoted && byte == b' ');
    let mut start = back(bytes, at, floor, MAX_KEY, in_key);
    // The digits of a percent-encoded character are not part of the key.
    let encoded = start > floor && bytes[start - 1] == b'%' && at - start > 2;
    if encoded && bytes[start..start + 2].iter().all(u8::is_ascii_hexdigit) {
        start += 2;
    }
    (start < at).then(|| Key { name: &text[start..at], start, quoted })
}

/// Where the value begins, and whether blanks stand before it. `=>`, `==` and `:=` are separators, too.
fn value_start(bytes: &[u8], separator: Separator) -> (usize, bool) {
    let mut at = separator.end;
    let double: &[u8] = if separator.is_colon { b"=" } else { b">=" };
    if separator.end - separator.start == 1 && bytes.get(at).is_some_and(|byte| double.contains(byte)) {
        at += 1;
    }
    let blanks = bytes[at..].iter().take(MAX_BLANKS).take_while(|&&byte| is_blank(byte)).count();
    (at + blanks, blanks > 0)
}

/// A value in quotes is a secret if its key is in quotes too, or is where keys are. "Unexpected token: 'x'" is prose.
fn quoted_value(text: &str, key: &Key<'_>, separator: Separator, quoted: &Quoted) -> Option<Range<usize>> {
    let content = &text[quoted.content.clone()];
    let accepted = key.quoted
        || !separator.is_colon
        || begins_entry(text.as_bytes(), key.start)
        || value::is_credential_like(content);
    (accepted && content != REDACTED).then(|| quoted.content.clone())
}

fn bare_value(
    text: &str,
    key: &Key<'_>,
    named: Named,
    separator: Separator,
    start: usize,
    spaced: bool,
) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let encoded = separator.end - separator.start > 1;
    let range = value::bare(bytes, start, encoded, MAX_DECIDING);
    let value = &text[range.clone()];
    let is_redacted = text.get(start..range.end + 1).unwrap_or(value).contains(REDACTED);
    let is_number = value::is_number(value);
    let accepted = if value.is_empty() || value::is_placeholder(value) || is_redacted {
        false
    } else if key.quoted && is_number {
        named == Named::Whole
    } else if is_number && named == Named::Ending && (separator.is_colon || value.len() < 4) {
        false
    } else if separator.is_colon || spaced || key.quoted {
        value::is_credential_like(value) || is_code(key.name, value) || is_line_of_dump(bytes, key, &range)
    } else {
        true
    };
    accepted.then(|| value::bare(bytes, start, encoded, usize::MAX))
}

fn begins_container(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(b'{' | b'[')) && !bytes.starts_with(REDACTED.as_bytes())
}

/// A number under a name whose secrets are short numbers.
fn is_code(key: &str, value: &str) -> bool {
    let is_short = |name: &&str| key.eq_ignore_ascii_case(name);
    value.starts_with(|c: char| c.is_ascii_digit()) && ["cvv", "cvc", "ssn"].iter().any(is_short)
}

/// Whether key and value are one line of several, as in a configuration file.
fn is_line_of_dump(bytes: &[u8], key: &Key<'_>, value: &Range<usize>) -> bool {
    let start = back(bytes, key.start, 0, MAX_BLANKS, is_blank);
    let first = start == 0;
    let begins = first || bytes[start - 1] == b'\n';
    match bytes.get(value.end) {
        Some(b'\n') => begins,
        None => begins && !first,
        _ => false,
    }
}

/// Whether keys stand where this one does: at the beginning of a line, or behind a bracket, comma or other sign.
fn begins_entry(bytes: &[u8], start: usize) -> bool {
    let start = back(bytes, start, 0, MAX_BLANKS, is_blank);
    start == 0 || !(bytes[start - 1].is_ascii_alphanumeric() || b"_-.)".contains(&bytes[start - 1]))
}

/// The value of a signature in a query, which opens what the rest of the query names.
fn signature(bytes: &[u8], key: &Key<'_>, start: usize, separator: Separator) -> Option<Range<usize>> {
    if separator.is_colon || key.quoted || !SIGNATURES.iter().any(|name| name.eq_ignore_ascii_case(key.name))
    {
        return None;
    }
    let range = value::bare(bytes, start, separator.end - separator.start > 1, usize::MAX);
    (range.len() >= MIN_SIGNATURE).then_some(range)
}

fn is_signature_end(byte: u8) -> bool {
    matches!(byte, b'g' | b'e' | b'G' | b'E')
}

fn is_cookie_header(key: &Key<'_>, separator: Separator) -> bool {
    let is = |name: &str| key.name.eq_ignore_ascii_case(name);
    separator.is_colon && !key.quoted && (is("cookie") || is("set-cookie"))
}

/// Whether a `name=value` of a cookie (RFC 6265) begins here.
fn is_cookie(bytes: &[u8], start: usize) -> bool {
    let name =
        bytes[start..].iter().take(MAX_KEY).take_while(|byte| byte.is_ascii_graphic() && **byte != b'=');
    let end = start + name.count();
    end > start && bytes.get(end) == Some(&b'=')
}

/// The start of the run of at most `most` bytes before `end` that the class has.
fn back(bytes: &[u8], end: usize, floor: usize, most: usize, class: impl Fn(u8) -> bool) -> usize {
    end - bytes[floor..end].iter().rev().take(most).take_while(|&&byte| class(byte)).count()
}

/// The end without the first of the endings that stands there.
fn without(bytes: &[u8], end: usize, floor: usize, endings: &[&[u8]]) -> usize {
    let ending = endings.iter().find(|ending| bytes[floor..end].ends_with(ending));
    end - ending.map_or(0, |ending| ending.len())
}

pub(super) fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}
