//! JSON web tokens, private keys and the credentials of `Authorization` headers in running text.

use std::ops::Range;

use super::{counts::SecretKind, guess};

/// A scheme of an `Authorization` header, in lower case, and how its credentials are counted.
/// Sources: RFC 6750 (Bearer), RFC 7617 (Basic), RFC 4559 (Negotiate), RFC 9449 (DPoP), and the schemes that
/// Django REST framework (Token) and Elasticsearch (ApiKey) use.
const SCHEMES: [(&[u8], SecretKind); 7] = [
    (b"bearer", SecretKind::Bearer),
    (b"basic", SecretKind::Basic),
    (b"token", SecretKind::Scheme),
    (b"apikey", SecretKind::Scheme),
    (b"negotiate", SecretKind::Scheme),
    (b"ntlm", SecretKind::Scheme),
    (b"dpop", SecretKind::Scheme),
];

/// Words that follow a scheme in prose.
const NO_TOKENS: [&[u8]; 9] = [
    b"token",
    b"tokens",
    b"auth",
    b"authentication",
    b"authorization",
    b"expired",
    b"invalid",
    b"missing",
    b"required",
];

/// The shortest credentials behind a scheme.
const MIN_TOKEN: usize = 5;
/// Longer than words are.
const NO_WORD: usize = 20;
/// The shortest credentials of a scheme whose name is an everyday word.
const MIN_STRONG: usize = 16;
/// The shortest header of a JWT: `{"alg":""}` takes 14 characters, and a few are left to cut tokens.
const MIN_HEADER: usize = 10;
/// The shortest payload with the full stop before it.
const MIN_PAYLOAD: usize = 4;
/// The shortest signature where the payload or the header is missing: 128 bits.
const MIN_SIGNATURE: usize = 22;
/// So many bytes before a scheme are searched for the name of the header.
const MAX_HEADER_NAME: usize = 64;
const BEGIN: &str = "-----BEGIN ";

/// Whether a JSON object in base64url may begin here: `{"` is `eyJ`, and white space after the brace makes `eyA`,
/// `ewo`, `ew0` or `ewk`.
pub(super) fn begins_jwt(bytes: &[u8]) -> bool {
    matches!(bytes, [b'e', b'y', b'J' | b'A', ..] | [b'e', b'w', b'o' | b'0' | b'k', ..])
}

/// A JWT (RFC 7519) at a place that may begin one. It has a header, a payload and a signature, which an unsigned token
/// leaves empty, or the five parts of an encrypted token, whose second may be empty. The payload and signature of a
/// token whose header is cut off count too. It need not begin at a word boundary, because in web addresses an encoded
/// character may precede it (`%22eyJ…`); that text, from `floor` on, is replaced with it.
///
/// Otherwise the end of what would be the header: a beginning before it makes no JWT either.
pub(super) fn jwt(bytes: &[u8], at: usize, floor: usize) -> Result<Range<usize>, usize> {
    let header = run(bytes, at, is_base64url);
    let payload = run(bytes, dot(bytes, header).ok_or(header)?, is_base64url);
    if header - at < MIN_HEADER || (bytes[at + 1] == b'w' && header - at < 2 * MIN_HEADER) {
        return Err(header);
    }
    let end = end_of_jwt(bytes, header, payload).ok_or(header)?;
    let before = bytes[floor..at].iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    Ok(at - before..end)
}

fn end_of_jwt(bytes: &[u8], header: usize, payload: usize) -> Option<usize> {
    let Some(third) = dot(bytes, payload) else {
        let is_signature = payload - header > MIN_SIGNATURE;
        return (is_signature && guess::unexplained(&bytes[header..payload]) >= MIN_SIGNATURE / 2)
            .then_some(payload);
    };
    let mut end = run(bytes, third, is_base64url);
    if payload - header < MIN_PAYLOAD && end - third < MIN_SIGNATURE / 2 {
        return None;
    }
    while let Some(more) = dot(bytes, end).filter(|&more| run(bytes, more, is_base64url) > more) {
        end = run(bytes, more, is_base64url);
    }
    Some(end)
}

/// The name of a scheme and its credentials, together. Prose uses these words as well, so the following text must look
/// like credentials. The exceptions are an `Authorization` header, and a text that is only `Bearer …`.
pub(super) fn scheme(bytes: &[u8], at: usize) -> Option<(Range<usize>, SecretKind)> {
    let rest = &bytes[at..];
    let is_here = |name: &&[u8]| rest.len() > name.len() && rest[..name.len()].eq_ignore_ascii_case(name);
    let (name, kind) = SCHEMES.iter().find(|(name, _)| is_here(name))?;
    let start = gap(bytes, at + name.len(), *kind == SecretKind::Bearer)?;
    let end = start + trimmed(&bytes[start..run(bytes, start, is_token68)]).len();
    let token = &bytes[start..end];
    if token.len() < MIN_TOKEN || NO_TOKENS.iter().any(|label| token.eq_ignore_ascii_case(label)) {
        return None;
    }
    let sure = is_header(&bytes[at.saturating_sub(MAX_HEADER_NAME)..at]);
    let found = sure
        || match kind {
            SecretKind::Bearer => looks_random(token) || (blank(&bytes[end..]) && blank(&bytes[..at])),
            SecretKind::Basic => is_user_and_password(token),
            _ => token.len() >= MIN_STRONG && guess::hard_to_guess(as_text(token), MIN_STRONG),
        };
    found.then_some((at..end, *kind))
}

/// A private key of any kind in PEM (RFC 7468), OpenSSH's or OpenPGP's form, up to its end line. If that line is cut
/// off, up to the end of the text.
pub(super) fn private_key(text: &str, at: usize) -> Option<Range<usize>> {
    let begin = text[at..].strip_prefix(BEGIN)?;
    let label = &begin[..begin.find("-----")?];
    if !label.contains("PRIVATE KEY") {
        return None;
    }
    let end_line = format!("-----END {label}-----");
    let end = text[at..].find(&end_line).map_or(text.len(), |end| at + end + end_line.len());
    Some(at..end)
}

/// A private key in PuTTY's form: all that follows its first line, as its parts have no end line.
pub(super) fn putty_key(text: &str, at: usize) -> Option<Range<usize>> {
    text[at..].starts_with("PuTTY-User-Key-File-").then_some(at..text.len())
}

/// `user:password` in base64 (RFC 7617): without control characters and with a colon.
fn is_user_and_password(token: &[u8]) -> bool {
    let mut decoded = Vec::with_capacity(token.len());
    let (mut bits, mut count) = (0_u32, 0);
    for &byte in token.iter().take_while(|&&byte| byte != b'=') {
        let Some(value) = sextet(byte) else { return false };
        bits = bits << 6 | value;
        count += 6;
        if count >= 8 {
            count -= 8;
            decoded.push((bits >> count & 0xff) as u8);
        }
    }
    token.len() >= MIN_TOKEN + 3
        && decoded.contains(&b':')
        && decoded.iter().all(|&byte| byte >= b' ' && byte != 127)
}

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(value.into())
}

/// The end of the run of bytes from `at` on that the class has.
pub(super) fn run(bytes: &[u8], at: usize, class: fn(u8) -> bool) -> usize {
    at + bytes[at..].iter().take_while(|&&byte| class(byte)).count()
}

fn dot(bytes: &[u8], at: usize) -> Option<usize> {
    (bytes.get(at) == Some(&b'.')).then_some(at + 1)
}

/// The end of the text between a scheme and its credentials: blanks, or a separator of key and value where the scheme
/// is not a common name of a key.
fn gap(bytes: &[u8], at: usize, signs: bool) -> Option<usize> {
    if bytes[at..].starts_with(b"%20") {
        return Some(at + 3);
    }
    let in_gap = |byte: &&u8| matches!(byte, b' ' | b'\t') || (signs && b":=\"'".contains(byte));
    let end = at + bytes[at..].iter().take_while(in_gap).count();
    (end > at).then_some(end)
}

pub(super) fn is_base64url(byte: u8) -> bool {
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

/// Bytes that are known to be ASCII, as text.
fn as_text(ascii: &[u8]) -> &str {
    std::str::from_utf8(ascii).unwrap_or_default()
}
