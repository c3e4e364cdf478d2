//! Reading the value of a field.

use super::{Errors, Node, Place, Table, Value};
use crate::rule::Span;
use livetrail_types::quoted;
use std::ops::RangeInclusive;

/// A field, its value and its path in the document.
pub(crate) struct Field<'a> {
    pub(crate) path: String,
    pub(crate) node: &'a Node,
    pub(super) errors: &'a Errors,
}

impl<'a> Field<'a> {
    pub(crate) fn place(&self) -> Place {
        self.node.place
    }

    /// Reports a fault of this field.
    pub(crate) fn error(&self, detail: impl Into<String>) {
        self.errors.add(self.node.place, self.path.clone(), detail);
    }

    fn wrong<T>(&self, wanted: &str) -> Option<T> {
        self.error(format!("must be {wanted}, not {}", self.node.value.kind()));
        None
    }

    /// A text that is not empty and not longer than `max` characters. Databases and terminals take no control
    /// characters.
    pub(crate) fn text(&self, max: usize) -> Option<String> {
        let Value::Text(text) = &self.node.value else { return self.wrong("a text") };
        match text.chars().count() {
            0 => self.error("is empty: give it a text"),
            length if length > max => {
                self.error(format!("has {length} characters; at most {max} are possible"));
            }
            _ if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) => {
                self.error("has a control character: leave it out");
            }
            _ => return Some(text.clone()),
        }
        None
    }

    /// A text of one line. A title, for example, becomes the subject of an e-mail.
    pub(crate) fn line(&self, max: usize) -> Option<String> {
        let text = self.text(max)?;
        if text.contains(['\n', '\t', '\u{2028}', '\u{2029}']) {
            self.error("has a line break or a tab: write it in one line, with spaces");
            return None;
        }
        Some(text)
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self) -> Option<bool> {
        match self.node.value {
            Value::Flag(flag) => Some(flag),
            _ => self.wrong("true or false"),
        }
    }

    /// A whole number within bounds.
    pub(crate) fn integer(&self, bounds: RangeInclusive<i64>) -> Option<u64> {
        match self.node.value {
            Value::Integer(number) if bounds.contains(&number) => u64::try_from(number).ok(),
            Value::Integer(number) => {
                self.error(format!("must be {} to {}, not {number}", bounds.start(), bounds.end()));
                None
            }
            _ => self.wrong("a whole number"),
        }
    }

    /// A number within bounds.
    pub(crate) fn number(&self, bounds: RangeInclusive<f64>) -> Option<f64> {
        let number = match self.node.value {
            #[expect(clippy::cast_precision_loss, reason = "the bounds are far below")]
            Value::Integer(number) => number as f64,
            Value::Float(number) => number,
            _ => return self.wrong("a number"),
        };
        if !bounds.contains(&number) {
            self.error(format!("must be {} to {}, not {number}", bounds.start(), bounds.end()));
            return None;
        }
        Some(number)
    }

    /// A duration such as `10m`, within bounds.
    pub(crate) fn span(&self, bounds: RangeInclusive<Span>) -> Option<Span> {
        let Value::Text(text) = &self.node.value else { return self.wrong("a duration such as \"10m\"") };
        let Some(span) = Span::parse(text) else {
            self.error(format!(
                "must be a number with s, m, h or d, such as 10m, not {}: 1 h 30 min is 90m",
                quoted(text)
            ));
            return None;
        };
        if !bounds.contains(&span) {
            self.error(format!("must be {} to {}, not {span}", bounds.start(), bounds.end()));
            return None;
        }
        Some(span)
    }

    /// The single values of a list, or one value; each with its field.
    pub(crate) fn items(&self) -> Vec<Field<'a>> {
        let field = |node| Field { path: self.path.clone(), node, errors: self.errors };
        match &self.node.value {
            Value::List(nodes) => nodes.iter().map(field).collect(),
            _ => vec![field(self.node)],
        }
    }

    /// The tables of a list.
    pub(crate) fn tables(&self) -> Option<Vec<Table<'a>>> {
        let Value::List(nodes) = &self.node.value else { return self.wrong("a list") };
        let prefix = |at: usize| format!("{}[{at}].", self.path);
        let table = |(at, node)| Table::within(node, prefix(at), self.errors);
        Some(nodes.iter().enumerate().map(table).collect())
    }

    /// A table.
    pub(crate) fn table(&self) -> Table<'a> {
        Table::within(self.node, format!("{}.", self.path), self.errors)
    }
}
