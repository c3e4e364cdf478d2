//! The text form of the secrets that Livetrail issues: API keys, sign-in links, sessions and tickets.
//!
//! A text is a prefix that names its kind, then URL-safe base64 of three parts: the row's id (16 bytes), the secret (32
//! random bytes) and a checksum (6 bytes). The checksum tells a mistyped secret from one that has ended without a
//! look-up. The secret is kept as a plain hash only, because 256 random bits cannot be guessed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::fmt;
use uuid::Uuid;

/// The use of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// It is shown with every call.
    Key,
    /// It signs in once.
    Link,
    /// It is the page's cookie.
    Session,
    /// It opens one stream.
    Ticket,
}

/// The longest prefixes first, because each of them begins with the shortest one.
const KINDS: [SecretKind; 4] = [SecretKind::Session, SecretKind::Ticket, SecretKind::Link, SecretKind::Key];
/// Separates this checksum from every other use of the hash.
const CHECKSUM_CONTEXT: &str = "livetrail 2026-11-28 checksum of an issued secret";
const CHECKSUM_BYTES: usize = 6;

/// A secret that Livetrail has issued, or that has the form of one.
#[derive(Clone, PartialEq, Eq)]
pub struct IssuedSecret {
    /// Its use.
    pub kind: SecretKind,
    /// The row that it belongs to.
    pub id: Uuid,
    secret: [u8; 32],
}

/// The kinds of texts.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Reading {
    /// A secret in the right form.
    Secret(IssuedSecret),
    /// It has the form of our secrets, with a character wrong or missing.
    Mistyped,
    /// Something else.
    Other,
}

impl SecretKind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Key => "lt_",
            Self::Link => "lt_link_",
            Self::Session => "lt_session_",
            Self::Ticket => "lt_ticket_",
        }
    }
}

impl IssuedSecret {
    pub(super) fn new(kind: SecretKind, id: Uuid, secret: [u8; 32]) -> Self {
        Self { kind, id, secret }
    }

    /// Reads a text that a client shows. Keys of versions without checksums have none.
    pub(super) fn read(text: &str) -> Reading {
        let named = KINDS.into_iter().find_map(|kind| Some((kind, text.strip_prefix(kind.prefix())?)));
        let Some((kind, encoded)) = named else { return Reading::Other };
        Self::decode(kind, encoded).map_or(Reading::Mistyped, Reading::Secret)
    }

    /// Reads a secret of one kind.
    pub(super) fn of_kind(kind: SecretKind, text: &str) -> Option<Self> {
        match Self::read(text) {
            Reading::Secret(secret) if secret.kind == kind => Some(secret),
            _ => None,
        }
    }

    fn decode(kind: SecretKind, encoded: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(encoded).ok()?;
        let (id, rest) = bytes.split_at_checked(16)?;
        let (secret, checksum) = rest.split_at_checked(32)?;
        let read = Self { kind, id: Uuid::from_slice(id).ok()?, secret: secret.try_into().ok()? };
        let has_old_form = checksum.is_empty() && kind == SecretKind::Key;
        (has_old_form || checksum == read.checksum()).then_some(read)
    }

    fn checksum(&self) -> [u8; CHECKSUM_BYTES] {
        let mut hasher = blake3::Hasher::new_derive_key(CHECKSUM_CONTEXT);
        hasher.update(self.kind.prefix().as_bytes()).update(self.id.as_bytes()).update(&self.secret);
        let mut checksum = [0; CHECKSUM_BYTES];
        hasher.finalize_xof().fill(&mut checksum);
        checksum
    }

    pub(super) fn hash(&self) -> [u8; 32] {
        *blake3::hash(&self.secret).as_bytes()
    }

    /// Whether a kept hash is this secret's. The time that it takes does not depend on where the difference is.
    pub(super) fn has_hash(&self, kept: [u8; 32]) -> bool {
        blake3::hash(&self.secret) == blake3::Hash::from_bytes(kept)
    }
}

impl fmt::Display for IssuedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.id.as_bytes().as_slice(), &self.secret, &self.checksum()].concat();
        write!(f, "{}{}", self.kind.prefix(), URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl fmt::Debug for IssuedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[secret of {}]", self.kind.prefix(), self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issued(kind: SecretKind) -> IssuedSecret {
        IssuedSecret::new(kind, Uuid::from_u128(7), [9; 32])
    }

    #[test]
    fn a_secret_of_each_kind_reads_back_as_itself_and_as_no_other_kind() {
        for kind in KINDS {
            let text = issued(kind).to_string();
            assert_eq!(IssuedSecret::read(&text), Reading::Secret(issued(kind)));
            let read_as = KINDS.into_iter().filter(|other| IssuedSecret::of_kind(*other, &text).is_some());
            assert_eq!(read_as.collect::<Vec<_>>(), [kind]);
        }
    }

    #[test]
    fn every_single_wrong_or_missing_character_is_a_typo() {
        let text = issued(SecretKind::Key).to_string();
        for place in 3..text.len() {
            let other = if &text[place..=place] == "A" { "B" } else { "A" };
            let mistyped = format!("{}{other}{}", &text[..place], &text[place + 1..]);
            assert_eq!(IssuedSecret::read(&mistyped), Reading::Mistyped, "{mistyped}");
            let shorter = format!("{}{}", &text[..place], &text[place + 1..]);
            assert_eq!(IssuedSecret::read(&shorter), Reading::Mistyped, "{shorter}");
        }
        assert_eq!(IssuedSecret::read(&format!("{text}A")), Reading::Mistyped);
    }

    #[test]
    fn a_key_of_the_form_without_a_checksum_is_still_read() {
        let bytes = [Uuid::from_u128(7).as_bytes().as_slice(), &[9; 32]].concat();
        let text = format!("lt_{}", URL_SAFE_NO_PAD.encode(&bytes));
        assert_eq!(IssuedSecret::read(&text), Reading::Secret(issued(SecretKind::Key)));
        let link = format!("lt_link_{}", URL_SAFE_NO_PAD.encode(&bytes));
        assert_eq!(IssuedSecret::read(&link), Reading::Mistyped, "links never have that form");
    }

    #[test]
    fn what_does_not_begin_as_ours_is_something_else() {
        for text in ["", "garbage", "LT_abc", "eyJhbGciOiJIUzI1NiJ9.e30.x"] {
            assert_eq!(IssuedSecret::read(text), Reading::Other, "{text}");
        }
    }
}
