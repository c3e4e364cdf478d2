//! JSON web tokens, bearer tokens and private keys in running text.

use std::ops::Range;

/// What an `Authorization` header says before the token.
const BEARER: &[u8] = b"bearer";

/// What people write behind "Bearer" when they talk about it.
const NO_TOKENS: [&[u8]; 5] = [b"token", b"tokens", b"auth", b"authentication", b"authorization"];

/// The shortest bearer token that is taken for one.
const SHORTEST: usize = 5;

/// Longer than words are.
const NO_WORD: usize = 20;

/// A JWT (RFC 7519) at a place that has `eyJ`, the start of every JSON object in base64url: header, payload, signature,
/// which an unsigned token leaves empty, or the five parts of an encrypted one. No border of a word is asked for before
/// it, because in web addresses an encoded character may stand there (`%22eyJ…`); what stands there goes with it.
///
/// Otherwise the end of what would be the header: an `eyJ` before it makes no JWT either.
pub(super) fn jwt(bytes: &[u8], at: usize) -> Result<Range<usize>, usize> {
    let header = run(bytes, at, is_base64url);
    let payload = run(bytes, dot(bytes, header).ok_or(header)?, is_base64url);
    let mut end = run(bytes, dot(bytes, payload).ok_or(header)?, is_base64url);
    if header - at < 10 || payload - header < 4 {
        return Err(header);
    }
    while let Some(more) = dot(bytes, end).filter(|&more| run(bytes, more, is_base64url) > more) {
        end = run(bytes, more, is_base64url);
    }
    let before = bytes[..at].iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    Ok(at - before..end)
}

/// `Bearer` and its token (RFC 6750), together. Prose speaks of bearers as well, so what follows must look random,
/// unless it is all that the text or an `Authorization` header says.
pub(super) fn bearer(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let word = bytes.get(at..at + BEARER.len())?;
    let begins = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
    if !begins || !word.eq_ignore_ascii_case(BEARER) {
        return None;
    }
    let start = gap(bytes, at + BEARER.len())?;
    let end = start + trimmed(&bytes[start..run(bytes, start, is_token68)]).len();
    let token = &bytes[start..end];
    let sure = is_header(&bytes[..at]) || (blank(&bytes[..at]) && blank(&bytes[end..]));
    (token.len() >= SHORTEST && !is_label(token) && (sure || looks_random(token))).then_some(at..end)
}

/// A PEM private key (RFC 7468) of any kind, up to its end line or, if that is cut off, the end of the text.
pub(super) fn private_key(text: &str, at: usize) -> Option<Range<usize>> {
    let begin = text[at..].strip_prefix("-----BEGIN ")?;
    let label = &begin[..begin.find("-----")?];
    if !label.contains("PRIVATE KEY") {
        return None;
    }
    let end_line = format!("-----END {label}-----");
    let end = text[at..].find(&end_line).map_or(text.len(), |end| at + end + end_line.len());
    Some(at..end)
}

/// The end of the run of bytes from `at` on that the class has.
fn run(bytes: &[u8], at: usize, class: fn(u8) -> bool) -> usize {
    at + bytes[at..].iter().take_while(|&&byte| class(byte)).count()
}

fn dot(bytes: &[u8], at: usize) -> Option<usize> {
    (bytes.get(at) == Some(&b'.')).then_some(at + 1)
}

/// The end of what stands between "Bearer" and its token, which must be something.
fn gap(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes[at..].starts_with(b"%20") {
        return Some(at + 3);
    }
    let end = run(bytes, at, |byte| matches!(byte, b' ' | b'\t' | b':' | b'=' | b'"' | b'\''));
    (end > at).then_some(end)
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

fn is_token68(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)
}

/// Without the full stops that end a sentence.
fn trimmed(token: &[u8]) -> &[u8] {
    let ends = token.iter().rev().take_while(|&&byte| byte == b'.').count();
    &token[..token.len() - ends]
}

fn is_label(token: &[u8]) -> bool {
    NO_TOKENS.iter().any(|label| token.eq_ignore_ascii_case(label))
}

fn is_header(before: &[u8]) -> bool {
    let ends = before.iter().rev().take_while(|byte| b" \t:=\"'".contains(byte)).count();
    let name = &before[..before.len() - ends];
    name.len().checked_sub(13).is_some_and(|start| name[start..].eq_ignore_ascii_case(b"authorization"))
}

fn blank(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}

/// Words have no digits, no capitals inside and few letters.
fn looks_random(token: &[u8]) -> bool {
    token.len() >= NO_WORD
        || token.iter().any(|byte| byte.is_ascii_digit() || b"_~+=".contains(byte))
        || token.windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
}
