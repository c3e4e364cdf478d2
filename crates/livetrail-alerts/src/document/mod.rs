//! A document of TOML or YAML as one kind of tree, in which each value knows its place. So one reader serves
//! both, and each error names its line and column.

mod table;
mod toml;
mod value;
mod yaml;

pub(crate) use table::{Errors, Table};
pub(crate) use toml::from_toml;
pub(crate) use value::Field;
pub(crate) use yaml::from_yaml;

use std::fmt;

/// A place in a document; lines and columns count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// A fault of a rule, and a correct form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct RuleError {
    /// Where it is written.
    pub place: Place,
    /// The path of the field, such as `condition.gte`; empty for the document as a whole.
    pub field: String,
    /// The fault, and what would be right.
    pub detail: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: ", self.place.line, self.place.column)?;
        if !self.field.is_empty() {
            write!(f, "`{}` ", self.field)?;
        }
        f.write_str(&self.detail)
    }
}

/// A value and its place.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) value: Value,
}

#[derive(Debug)]
pub(crate) enum Value {
    Null,
    Flag(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Table(Vec<Entry>),
    /// Something that no rule needs, such as a date.
    Other(String),
}

/// A name in a table and its value.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) node: Node,
}

impl Value {
    /// The type, as an error calls it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Flag(_) => "a boolean",
            Self::Integer(_) => "an integer",
            Self::Float(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other(_) => "a date",
        }
    }

    /// The value as a filter's parameter is written in a query string; `None` if it is not a single value.
    pub(crate) fn as_parameter(&self) -> Option<String> {
        match self {
            Self::Flag(flag) => Some(flag.to_string()),
            Self::Integer(number) => Some(number.to_string()),
            Self::Text(text) | Self::Other(text) => Some(text.clone()),
            Self::Null | Self::Float(_) | Self::List(_) | Self::Table(_) => None,
        }
    }
}
