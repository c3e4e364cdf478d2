//! JSON of clients: read strictly, kept as it was sent, written unchanged.
//!
//! `serde_json::Value` is not used for input. Its features `raw_value` and `arbitrary_precision` give some object keys
//! a meaning to the parser, and its numbers lose digits. Here no key has a meaning, and a number keeps its digits.
//! Depth and number of values are bounded for the whole text, without recursion ([`Parser`]).
//!
//! [`Json`] is a text that is already JSON. Both it and a [`Number`] are written verbatim, which needs the serializer
//! of [`to_vec`] and its siblings: `serde_json`'s own functions would write them as arrays of bytes.

mod number;
mod output;
mod parser;
#[cfg(test)]
mod tests;
mod tokens;

pub use number::Number;
pub(crate) use output::to_canonical_writer;
pub use output::{to_line_writer, to_string, to_vec, to_writer};
pub(crate) use parser::parse_stored;
pub use parser::{ParseError, Parser, parse, parse_answer};

use serde::{Serialize, Serializer};
use std::{collections::BTreeMap, fmt};

/// A JSON object. Keys are in the order of their bytes; of a key that is given twice, the last value counts.
pub type Object = BTreeMap<String, Value>;

/// A JSON value.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(missing_docs, reason = "the variants are named after the kinds of JSON values (RFC 8259)")]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Value>),
    Object(Object),
}

impl Value {
    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The flag, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The number, if it is a whole one within the type's range and written without a point.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// The number, to the precision of the type.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number.as_f64()),
            _ => None,
        }
    }

    /// The items, if it is an array.
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The items, if it is an array.
    pub fn as_array_mut(&mut self) -> Option<&mut [Value]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, if it is an object.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The entries, if it is an object.
    pub fn as_object_mut(&mut self) -> Option<&mut Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The value of a key, if it is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_object().and_then(|entries| entries.get(key))
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The kind of value, with its article, for error messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "text",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_unit(),
            Self::Bool(flag) => to.serialize_bool(*flag),
            Self::Number(number) => number.serialize(to),
            Self::String(text) => to.serialize_str(text),
            Self::Array(items) => items.serialize(to),
            Self::Object(entries) => entries.serialize(to),
        }
    }
}

/// The compact JSON text.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_string(self))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

/// For values that the program itself makes, most often with `json!`.
impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value as Made;
        match value {
            Made::Null => Self::Null,
            Made::Bool(flag) => Self::Bool(flag),
            Made::Number(number) => Self::Number(number.into()),
            Made::String(text) => Self::String(text),
            Made::Array(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Made::Object(entries) => Self::Object(object(entries)),
        }
    }
}

/// An object that the program itself has made.
pub fn object(made: serde_json::Map<String, serde_json::Value>) -> Object {
    made.into_iter().map(|(key, value)| (key, value.into())).collect()
}

/// A JSON value as compact text: kept as it will be sent, so that a row is not parsed to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json(Box<str>);

impl Json {
    /// Writes `value` down as compact text.
    pub fn of(value: &impl Serialize) -> Self {
        Self(to_string(value).into())
    }

    /// Takes text that a database kept. `None` when it is not JSON.
    pub fn from_text(text: String) -> Option<Self> {
        // The database got its JSON from this server, so a short check is nearly always enough.
        serde_json::from_str::<serde::de::IgnoredAny>(&text).ok().map(|_| Self(text.into()))
    }

    /// Takes the JSON text of another writer and drops the white space between its tokens. `None` when it is not JSON.
    pub fn compacted(text: &str) -> Option<Self> {
        serde_json::from_str::<serde::de::IgnoredAny>(text).ok().map(|_| Self(output::compact(text).into()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(self.0.as_bytes())
    }
}

/// Values as tests write them.
#[cfg(test)]
pub(crate) mod made {
    macro_rules! json {
        ($($value:tt)*) => { $crate::json::Value::from(serde_json::json!($($value)*)) };
    }
    pub(crate) use json;
}
