//! A filter as the parameters of a query string, which [`Filter::parse`] reads.

use super::{Choice, Condition, Filter, StatusPattern};

impl Condition {
    /// The name of the parameter, and its values. Dates and searches have one value.
    pub(super) fn parameter(&self) -> (&'static str, Choice<String>) {
        match self {
            Self::Text(field, choice) => (field.parameter(), choice.clone()),
            Self::Status(choice) => ("status", written(choice)),
            Self::Address(choice) => ("ip", written(choice)),
            Self::Success(choice) => ("success_filter", written(choice)),
            Self::IsAdmin(choice) => ("is_admin", written(choice)),
            Self::Anonymous(choice) => ("anonymous", written(choice)),
            Self::Delegated(choice) => ("delegated", written(choice)),
            Self::ReadBy(choice) => ("read_by", choice.clone()),
            Self::From(moment) => ("date_from", Choice::any([moment.to_string()])),
            Self::Until(moment) => ("date_to", Choice::any([moment.to_string()])),
            Self::UserSearch(text) => ("user_search", Choice::any([text.clone()])),
            Self::Search(sought) => ("q", Choice::any([sought.typed().to_owned()])),
            Self::Words(text) => ("text", Choice::any([text.clone()])),
        }
    }

    /// Whether its value is taken as it is.
    fn is_taken_whole(&self) -> bool {
        matches!(self, Self::UserSearch(_) | Self::Search(_) | Self::Words(_))
    }
}

impl Filter {
    /// The parameters that are read as this filter: each name with its values, which may be joined with commas.
    ///
    /// A name that two conditions have in common is given twice, which is read as "any of" both. So a filter that was
    /// extended with [`Filter::and`] may be read as a wider one.
    pub fn parameters(&self) -> Vec<(&'static str, Vec<String>)> {
        let written = |condition: &Condition| {
            let (name, choice) = condition.parameter();
            let values = if condition.is_taken_whole() { choice.any } else { values(&choice) };
            (name, values)
        };
        self.conditions.iter().map(written).collect()
    }
}

fn written<T: ToString>(choice: &Choice<T>) -> Choice<String> {
    let texts = |values: &[T]| values.iter().map(ToString::to_string).collect();
    Choice { any: texts(&choice.any), none: texts(&choice.none) }
}

fn values(choice: &Choice<String>) -> Vec<String> {
    let any = choice.any.iter().map(|value| escaped(value));
    any.chain(choice.none.iter().map(|value| format!("!{}", escaped(value)))).collect()
}

/// A value whose characters mean nothing but themselves.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for (at, c) in value.char_indices() {
        if matches!(c, ',' | '\\') || at == 0 && c == '!' {
            text.push('\\');
        }
        text.push(c);
    }
    text
}

impl std::fmt::Display for StatusPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Class(digit) => write!(f, "{digit}xx"),
        }
    }
}
