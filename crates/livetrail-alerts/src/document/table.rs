//! Reading a table field by field. It remembers which names were asked for, so that the rest is unknown.

use super::{Entry, Field, Node, Place, RuleError, Value};
use livetrail_types::{nearest, quoted};
use std::cell::RefCell;

/// The faults that were found so far. Reading goes on after one, so that all are reported together.
#[derive(Debug, Default)]
pub(crate) struct Errors(RefCell<Vec<RuleError>>);

impl Errors {
    pub(crate) fn add(&self, place: Place, field: impl Into<String>, detail: impl Into<String>) {
        self.0.borrow_mut().push(RuleError { place, field: field.into(), detail: detail.into() });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// The faults, in the order of their places.
    pub(crate) fn into_sorted(self) -> Vec<RuleError> {
        let mut errors = self.0.into_inner();
        errors.sort_by_key(|error| error.place);
        errors
    }
}

/// A table that is being read.
pub(crate) struct Table<'a> {
    pub(crate) place: Place,
    /// The path before its fields: empty, or with a dot at its end.
    prefix: String,
    entries: &'a [Entry],
    asked: Vec<&'static str>,
    pub(crate) errors: &'a Errors,
}

impl<'a> Table<'a> {
    /// The table of a whole document; without fields, if it is not a table.
    pub(crate) fn of(node: &'a Node, errors: &'a Errors) -> Self {
        Self::within(node, String::new(), errors)
    }

    pub(super) fn within(node: &'a Node, prefix: String, errors: &'a Errors) -> Self {
        let entries = match &node.value {
            Value::Table(entries) => entries.as_slice(),
            other => {
                let name = prefix.trim_end_matches('.');
                errors.add(node.place, name, format!("must be a table, not {}", other.kind()));
                &[]
            }
        };
        Self { place: node.place, prefix, entries, asked: Vec::new(), errors }
    }

    /// A field, if it is given.
    pub(crate) fn get(&mut self, name: &'static str) -> Option<Field<'a>> {
        if !self.asked.contains(&name) {
            self.asked.push(name);
        }
        let entry = self.entries.iter().find(|entry| entry.name == name)?;
        Some(Field { path: format!("{}{name}", self.prefix), node: &entry.node, errors: self.errors })
    }

    /// A field that has to be given; `hint` says what it is.
    pub(crate) fn need(&mut self, name: &'static str, hint: &str) -> Option<Field<'a>> {
        let field = self.get(name);
        if field.is_none() {
            self.error(name, format!("is missing: {hint}"));
        }
        field
    }

    /// Every field, each with the place of its name. None of them is unknown then.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'a Entry, Field<'a>)> {
        let (prefix, errors) = (self.prefix.clone(), self.errors);
        self.entries.iter().map(move |entry| {
            (entry, Field { path: format!("{prefix}{}", entry.name), node: &entry.node, errors })
        })
    }

    /// A fault of a field that is not there, at the place of the table.
    pub(crate) fn error(&self, name: &str, detail: impl Into<String>) {
        self.errors.add(self.place, format!("{}{name}", self.prefix), detail);
    }

    /// Reports each field that was not asked for.
    pub(crate) fn finish(self) {
        let asked = |entry: &&Entry| !self.asked.contains(&entry.name.as_str());
        for entry in self.entries.iter().filter(asked) {
            let hint = match nearest(&[&entry.name], self.asked.iter().copied()) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("the fields here are {}", self.asked.join(", ")),
            };
            let detail = format!("has an unknown field {}; {hint}", quoted(&entry.name));
            let table = self.prefix.trim_end_matches('.');
            self.errors.add(entry.place, if table.is_empty() { "rule" } else { table }, detail);
        }
    }
}
