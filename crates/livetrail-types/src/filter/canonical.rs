//! The canonical text of a filter, independent of the order of its parameters and values.

use super::{Choice, Condition, Filter, StatusPattern};
use serde_json::json;

impl Filter {
    /// A line for each condition: the parameter's name, and its values as JSON. A golden file fixes the form. With
    /// another form, cursors of open lists would be refused.
    pub(super) fn canonical(&self) -> String {
        let mut lines: Vec<String> = self.conditions.iter().map(line).collect();
        lines.sort_unstable();
        lines.join("\n")
    }

    /// The same for filters of the same conditions, in whatever order they came.
    pub fn fingerprint(&self) -> u64 {
        let hash = blake3::hash(self.canonical().as_bytes());
        hash.as_bytes().iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
    }
}

fn line(condition: &Condition) -> String {
    match condition {
        Condition::Text(field, choice) => values(field.parameter(), choice, String::clone),
        Condition::Status(choice) => values("status", choice, |pattern| match pattern {
            StatusPattern::Code(code) => code.to_string(),
            StatusPattern::Class(digit) => format!("{digit}xx"),
        }),
        Condition::Address(choice) => values("ip", choice, ToString::to_string),
        Condition::Success(choice) => values("success_filter", choice, ToString::to_string),
        Condition::IsAdmin(choice) => values("is_admin", choice, ToString::to_string),
        Condition::Anonymous(choice) => values("anonymous", choice, ToString::to_string),
        Condition::Delegated(choice) => values("delegated", choice, ToString::to_string),
        Condition::From(moment) => format!("date_from {}", moment.as_microsecond()),
        Condition::Until(moment) => format!("date_to {}", moment.as_microsecond()),
        Condition::UserSearch(text) => format!("user_search {}", json!(text)),
        Condition::Search(sought) => format!("q {}", json!(sought.typed())),
        Condition::Words(text) => format!("text {}", json!(text)),
    }
}

fn values<T>(name: &str, choice: &Choice<T>, write: impl Fn(&T) -> String) -> String {
    let sorted = |values: &[T]| {
        let mut texts: Vec<String> = values.iter().map(&write).collect();
        texts.sort_unstable();
        texts.dedup();
        texts
    };
    format!("{name} {} !{}", json!(sorted(&choice.any)), json!(sorted(&choice.none)))
}
