//! Keeping secrets out of the log: the values of keys that name one, and text that looks like one.
//!
//! What is found becomes [`REDACTED`]. Of a text only the part that is secret is replaced; the value of a key that
//! names a secret is replaced whole, whatever its type, so that nothing of its shape remains either. `null` stays, for
//! it says that there was nothing.
//!
//! Most values hold no secret, so the search is one pass over the bytes that stops only at those that can begin one.

mod card;
mod keys;
mod scan;
#[cfg(test)]
mod tests;
mod token;

use std::borrow::Cow;
use std::ops::Range;

use crate::json::{Object, Value};

use keys::SecretKeys;
use scan::Secrets;

/// What stands in place of a secret.
pub const REDACTED: &str = "[redacted]";

/// What counts as a secret.
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

    /// As [`Redaction::standard`], with further names of keys, in any case and with any separators.
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
    pub fn value(&self, value: &mut Value) {
        if !self.on {
            return;
        }
        // Not recursive: a value that no parser made may be nested deeper than the stack is.
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            match value {
                Value::Object(fields) => {
                    for (key, value) in fields {
                        if self.keys.contain(key) { blot(value) } else { open.push(value) }
                    }
                }
                Value::Array(items) => open.extend(items.iter_mut()),
                other => self.scalar(other),
            }
        }
    }

    /// Redacts changes in place. Of a secret that was changed, both sides are replaced, and stay sides.
    pub fn changes(&self, changes: &mut Object) {
        if !self.on {
            return;
        }
        for (field, change) in changes {
            match change {
                Value::Object(sides) if self.keys.contain(field) => sides.values_mut().for_each(blot),
                other if self.keys.contain(field) => blot(other),
                other => self.value(other),
            }
        }
    }

    /// The text with every part that looks like a secret replaced; borrowed if there is none.
    #[must_use]
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut secrets = Secrets::of(text).peekable();
        if !self.on || secrets.peek().is_none() {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(without(text, secrets))
        }
    }

    fn scalar(&self, value: &mut Value) {
        let found = match value {
            Value::String(text) => match self.text(text) {
                Cow::Owned(clean) => clean,
                Cow::Borrowed(_) => return,
            },
            Value::Number(number) if number.as_u64().is_some_and(card::is_card) => REDACTED.to_owned(),
            _ => return,
        };
        *value = Value::String(found);
    }
}

impl Default for Redaction {
    fn default() -> Self {
        Self::standard()
    }
}

fn blot(value: &mut Value) {
    if !value.is_null() {
        *value = Value::String(REDACTED.to_owned());
    }
}

fn without(text: &str, secrets: impl Iterator<Item = Range<usize>>) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut kept = 0;
    for secret in secrets {
        clean.push_str(&text[kept..secret.start]);
        clean.push_str(REDACTED);
        kept = secret.end;
    }
    clean.push_str(&text[kept..]);
    clean
}
