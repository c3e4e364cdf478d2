//! Passwords of addresses, and one-time credentials in the paths of endpoints.

use std::ops::Range;

use super::{REDACTED, guess};

/// The longest authority of an address whose password has characters that it may not have.
const MAX_AUTHORITY: usize = 512;
/// The shortest one-time credential in a path.
const MIN_PATH_SECRET: usize = 16;
/// The words of a step of a path behind which a one-time credential stands.
const BEFORE_SECRET: [&str; 12] = [
    "reset",
    "token",
    "verify",
    "verification",
    "confirm",
    "confirmation",
    "activate",
    "activation",
    "invite",
    "magic",
    "password",
    "unsubscribe",
];

/// The password in `scheme://user:password@host` (RFC 3986, 3.2.1) around the colon at `colon`. `at_sign` finds the
/// next `@` from a place on, for passwords with a `/`, `?` or `#`, which connection strings have by mistake.
pub(super) fn password(
    bytes: &[u8],
    colon: usize,
    at_sign: impl FnOnce(usize) -> Option<usize>,
) -> Option<Range<usize>> {
    let start = colon + 3;
    let authority =
        start + bytes[start..].iter().take_while(|&&byte| !ends(byte) && !b"/?#".contains(&byte)).count();
    let user =
        bytes[start..authority].iter().position(|&byte| byte == b':').map(|length| start + length + 1)?;
    let end = match bytes[start..authority].iter().rposition(|&byte| byte == b'@') {
        Some(length) => start + length,
        None => beyond(bytes, colon, user, authority, at_sign)?,
    };
    let found = user < end && &bytes[user..end] != REDACTED.as_bytes();
    found.then_some(user..end)
}

/// The `@` behind what looks like the end of the authority. Not in web addresses, whose paths have such signs, and not
/// behind a port.
fn beyond(
    bytes: &[u8],
    colon: usize,
    user: usize,
    authority: usize,
    at_sign: impl FnOnce(usize) -> Option<usize>,
) -> Option<usize> {
    let is_web = bytes[..colon].ends_with(b"http") || bytes[..colon].ends_with(b"https");
    if is_web || bytes[user..authority].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let end = at_sign(authority).filter(|end| end - authority <= MAX_AUTHORITY)?;
    (!bytes[authority..end].iter().any(|&byte| ends(byte))).then_some(end)
}

fn ends(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"\"'`<>\\".contains(&byte)
}

/// The steps of a path that are one-time credentials: hard to guess, and behind a step that says what they are for
/// (`/reset-password/…`).
pub(super) fn secrets_of_path(path: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut before) = (0, "");
    for step in path.split('/') {
        // Most steps are short.
        if step.len() >= MIN_PATH_SECRET && says_secret(before) && guess::hard_to_guess(step, MIN_PATH_SECRET)
        {
            found.push(start..start + step.len());
        }
        before = step;
        start += step.len() + 1;
    }
    found
}

fn says_secret(step: &str) -> bool {
    let is_known = |word: &str| BEFORE_SECRET.iter().any(|name| name.eq_ignore_ascii_case(word));
    step.split(['-', '_', '.']).any(is_known)
}
