use serde::{Serialize, Serializer};
use std::fmt;

/// A JSON number with every digit that was sent.
#[derive(Clone, PartialEq)]
pub struct Number(Form);

#[derive(Clone, PartialEq)]
enum Form {
    /// Nearly all numbers, without an allocation.
    Whole(i64),
    /// As it was written: a fraction, an exponent, or more digits than an `i64` has.
    Text(Box<str>),
}

impl Number {
    /// Takes text that follows the grammar of JSON numbers.
    pub(super) fn from_text(text: &str) -> Self {
        match text.parse() {
            // "-0" is a number of its own.
            Ok(whole) if text != "-0" => Self(Form::Whole(whole)),
            _ => Self(Form::Text(text.into())),
        }
    }

    /// The number, if it is a whole one within the type's range and written without a point.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Form::Whole(whole) => Some(*whole),
            Form::Text(text) => text.parse().ok(),
        }
    }

    /// The number, if it is a whole one within the type's range and written without a point.
    pub fn as_u64(&self) -> Option<u64> {
        match &self.0 {
            Form::Whole(whole) => u64::try_from(*whole).ok(),
            Form::Text(text) => text.parse().ok(),
        }
    }

    /// The number, to the precision of the type.
    pub fn as_f64(&self) -> f64 {
        match &self.0 {
            Form::Whole(whole) => *whole as f64,
            // Every JSON number is one in Rust's grammar, too.
            Form::Text(text) => text.parse().unwrap_or(f64::NAN),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Whole(whole) => whole.fmt(f),
            Form::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<i64> for Number {
    fn from(whole: i64) -> Self {
        Self(Form::Whole(whole))
    }
}

impl From<serde_json::Number> for Number {
    fn from(number: serde_json::Number) -> Self {
        number.as_i64().map_or_else(|| Self(Form::Text(number.to_string().into())), Self::from)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Form::Whole(whole) => to.serialize_i64(*whole),
            Form::Text(text) => to.serialize_bytes(text.as_bytes()),
        }
    }
}
