//! The pass over a text that finds its secrets.

use std::ops::Range;

use super::{
    card,
    counts::SecretKind,
    format,
    keys::SecretKeys,
    pair::{self, Separator},
    token, url,
};

/// A secret as a range of bytes on the borders of characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) range: Range<usize>,
    pub(super) kind: SecretKind,
}

/// The secrets of a text from left to right.
///
/// Every byte is read a bounded number of times, however the text is made, so that the cost of a text is bounded by its
/// size.
pub(super) fn secrets(text: &str, keys: &SecretKeys) -> Vec<Found> {
    let mut scan = Scan {
        text,
        bytes: text.as_bytes(),
        keys,
        at: 0,
        floor: 0,
        no_jwt_before: 0,
        at_sign: Some(0),
        password: None,
    };
    let mut found = Vec::new();
    let mut has_aws_id = false;
    while let Some(secret) = scan.next() {
        has_aws_id |= format::is_aws_id(&scan.bytes[secret.range.clone()]);
        found.push(secret);
    }
    if has_aws_id { with_aws_secrets(text.as_bytes(), found) } else { found }
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    keys: &'a SecretKeys,
    at: usize,
    /// The end of the last secret, over which none reaches back.
    floor: usize,
    /// Up to here it is known that no JWT begins.
    no_jwt_before: usize,
    /// The first `@` at or after the place that was last asked for; `None` if there is none up to the end.
    at_sign: Option<usize>,
    /// The password of the address that is being looked at. The user before it may be a secret, too.
    password: Option<Range<usize>>,
}

impl Scan<'_> {
    fn next(&mut self) -> Option<Found> {
        while self.at < self.bytes.len() {
            match self.here() {
                Ok((range, kind)) => {
                    self.at = range.end;
                    self.floor = range.end;
                    return Some(Found { range, kind });
                }
                Err(further) => self.at = further,
            }
        }
        None
    }

    /// A secret that is recognised here or, if there is none, the place where the search continues.
    fn here(&mut self) -> Result<(Range<usize>, SecretKind), usize> {
        let (bytes, at) = (self.bytes, self.at);
        if let Some(password) = self.password.take_if(|password| password.start <= at)
            && at < password.end
        {
            return Ok((at..password.end, SecretKind::UrlPassword));
        }
        let found = match bytes[at] {
            b'a'..=b'z' | b'A'..=b'Z' => return self.word(),
            b'0'..=b'9' => return self.digits(),
            b':' => self.colon(),
            b'=' => self.pair(1, false),
            b'%' if bytes[at..].len() > 2 && bytes[at + 1] == b'3' => match bytes[at + 2] {
                b'A' | b'a' => self.pair(3, true),
                b'D' | b'd' => self.pair(3, false),
                _ => None,
            },
            b'-' if bytes[at..].starts_with(b"-----BEGIN ") => {
                token::private_key(self.text, at).map(|range| (range, SecretKind::PrivateKey))
            }
            b'$' => format::password_hash(bytes, at).map(known),
            _ => None,
        };
        found.ok_or(at + 1)
    }

    /// Secrets that begin with a word: a scheme or a well-known format; a JWT may begin inside.
    fn word(&mut self) -> Result<(Range<usize>, SecretKind), usize> {
        let (bytes, start) = (self.bytes, self.at);
        let is_start = start == 0 || !bytes[start - 1].is_ascii_alphanumeric();
        if is_start && let Some(found) = self.at_word_start() {
            return Ok(found);
        }
        let mut end = start;
        while end < bytes.len() && bytes[end].is_ascii_alphanumeric() {
            if bytes[end] == b'e' && end >= self.no_jwt_before && token::begins_jwt(&bytes[end..]) {
                match token::jwt(bytes, end, self.floor) {
                    Ok(range) => return Ok((range, SecretKind::Jwt)),
                    Err(end_of_header) => self.no_jwt_before = end_of_header,
                }
            }
            end += 1;
        }
        Err(end)
    }

    fn at_word_start(&self) -> Option<(Range<usize>, SecretKind)> {
        let (bytes, at) = (self.bytes, self.at);
        if let Some(range) = format::at(bytes, at) {
            return Some(known(range));
        }
        match bytes[at] | 0x20 {
            b'a' | b'b' | b'd' | b'n' | b't' => token::scheme(bytes, at),
            b'p' => token::putty_key(self.text, at).map(|range| (range, SecretKind::PrivateKey)),
            _ => None,
        }
    }

    fn digits(&mut self) -> Result<(Range<usize>, SecretKind), usize> {
        let bytes = self.bytes;
        card::in_run(self.text, self.at).map(|range| (range, SecretKind::Card)).or_else(|end| {
            // The last group may be the first digit of a token of Google's, `1//0…`.
            let last = end - 1;
            let is_begun =
                bytes[last..].starts_with(b"1//0") && !bytes[..last].last().is_some_and(u8::is_ascii_digit);
            is_begun.then(|| format::at(bytes, last)).flatten().map(known).ok_or(end)
        })
    }

    fn colon(&mut self) -> Option<(Range<usize>, SecretKind)> {
        let (bytes, at) = (self.bytes, self.at);
        if bytes[at..].starts_with(b"://") {
            self.password = url::password(bytes, at, |from| self.next_at_sign(from));
            return None;
        }
        let telegram = || format::telegram(bytes, at, self.floor).map(known);
        telegram().or_else(|| self.pair(1, true))
    }

    fn pair(&self, length: usize, is_colon: bool) -> Option<(Range<usize>, SecretKind)> {
        let separator = Separator { start: self.at, end: self.at + length, is_colon };
        pair::at(self.text, separator, self.floor, self.keys).map(|range| (range, SecretKind::Key))
    }

    /// The first `@` from here on. The text is searched once, however often this is asked.
    fn next_at_sign(&mut self, from: usize) -> Option<usize> {
        if self.at_sign? < from || self.bytes.get(self.at_sign?) != Some(&b'@') {
            self.at_sign =
                self.bytes[from..].iter().position(|&byte| byte == b'@').map(|length| from + length);
        }
        self.at_sign
    }
}

fn known(range: Range<usize>) -> (Range<usize>, SecretKind) {
    (range, SecretKind::KnownFormat)
}

/// The secrets with the AWS secret access keys that stand beside an AWS access key id in the same text.
fn with_aws_secrets(bytes: &[u8], found: Vec<Found>) -> Vec<Found> {
    let mut all = Vec::with_capacity(found.len() + 1);
    let mut at = 0;
    for secret in found {
        aws_secrets(&bytes[..secret.range.start], at, &mut all);
        at = secret.range.end;
        all.push(secret);
    }
    aws_secrets(bytes, at, &mut all);
    all
}

fn aws_secrets(bytes: &[u8], mut at: usize, all: &mut Vec<Found>) {
    while at < bytes.len() {
        match format::aws_secret(bytes, at) {
            Ok(range) => {
                at = range.end;
                all.push(Found { range, kind: SecretKind::KnownFormat });
            }
            Err(further) => at = further,
        }
    }
}
