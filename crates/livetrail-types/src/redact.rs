//! Keeping secrets out of the log: the values of keys that name one, and text that looks like one.
//!
//! A secret becomes [`REDACTED`]. Of a text only the part that is secret is replaced, in place; everything else stays
//! byte for byte as it was sent. The value of a key that names a secret is replaced whole, so that nothing of its shape
//! remains either; `null`, `true` and `false` stay, because they are not secrets.
//!
//! Most values hold no secret, so the search is one pass over the bytes that stops only at those that can begin one.
//! The SDKs follow the same rules; `sdks/contract/redaction.json` and `ordinary.json` are the cases that all of them
//! replay.

mod card;
mod counts;
mod fields;
mod format;
mod guess;
mod keys;
mod pair;
mod rules;
mod scan;
pub(crate) mod tables;
#[cfg(test)]
mod tests;
mod token;
mod url;
mod value;
mod walk;

use std::borrow::Cow;

use crate::json::{Object, Value};

pub use counts::{RedactionCounts, SecretKind};
pub use guess::looks_like_credential;
pub use rules::{RULES_VERSION, RedactionRules};
pub(crate) use walk::hash_session_ids;

use keys::SecretKeys;
use scan::Found;

/// The replacement of a secret.
pub const REDACTED: &str = "[redacted]";

/// The rules of what is a secret.
#[derive(Debug, Clone)]
pub struct Redaction {
    keys: SecretKeys,
    on: bool,
}

impl Redaction {
    /// The common names of secrets, and everything that looks like one.
    #[must_use]
    pub fn standard() -> Self {
        Self::new([])
    }

    /// As [`Redaction::standard`], with further names of keys, in any case and with any separators. Of these names only
    /// whole keys count, not keys that end with them.
    #[must_use]
    pub fn new(extra_keys: impl IntoIterator<Item = String>) -> Self {
        Self { keys: SecretKeys::new(extra_keys), on: true }
    }

    /// Redacts nothing.
    #[must_use]
    pub fn off() -> Self {
        Self { keys: SecretKeys::default(), on: false }
    }

    /// Whether anything is redacted.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// Redacts in place, at any depth.
    pub fn value(&self, value: &mut Value) -> RedactionCounts {
        let mut counts = RedactionCounts::default();
        if self.on {
            walk::value(self, value, &mut counts);
        }
        counts
    }

    /// Redacts changes in place. Of a secret that was changed, both sides are replaced, and stay sides.
    pub fn changes(&self, changes: &mut Object) -> RedactionCounts {
        let mut counts = RedactionCounts::default();
        if self.on {
            walk::changes(self, changes, &mut counts);
        }
        counts
    }

    /// The text with every part that looks like a secret replaced; borrowed if there is none.
    #[must_use]
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.counted(text, &mut RedactionCounts::default())
    }

    /// As [`Redaction::text`], and counts what was replaced.
    fn counted<'a>(&self, text: &'a str, counts: &mut RedactionCounts) -> Cow<'a, str> {
        if !self.on {
            return Cow::Borrowed(text);
        }
        let secrets = scan::secrets(text, &self.keys);
        if secrets.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(without(text, &secrets, counts)) }
    }
}

impl Default for Redaction {
    fn default() -> Self {
        Self::standard()
    }
}

fn without(text: &str, secrets: &[Found], counts: &mut RedactionCounts) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut kept = 0;
    for Found { range, kind } in secrets {
        clean.push_str(&text[kept..range.start]);
        clean.push_str(REDACTED);
        kept = range.end;
        counts.add(*kind);
    }
    clean.push_str(&text[kept..]);
    clean
}
