//! The canonical text of a filter, independent of the order of its parameters and values.

use super::{Choice, Condition, Filter};
use serde_json::json;

impl Filter {
    /// A line for each condition: the parameter's name, and its values as JSON. A golden file fixes the form. With
    /// another form, cursors of open lists would be refused, and alert rules would have new versions.
    pub fn canonical(&self) -> String {
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
        Condition::From(moment) => format!("date_from {}", moment.as_microsecond()),
        Condition::Until(moment) => format!("date_to {}", moment.as_microsecond()),
        Condition::UserSearch(text) => format!("user_search {}", json!(text)),
        Condition::Search(sought) => format!("q {}", json!(sought.typed())),
        Condition::Words(text) => format!("text {}", json!(text)),
        _ => values(condition.parameter()),
    }
}

fn values((name, choice): (&str, Choice<String>)) -> String {
    let sorted = |mut texts: Vec<String>| {
        texts.sort_unstable();
        texts.dedup();
        texts
    };
    format!("{name} {} !{}", json!(sorted(choice.any)), json!(sorted(choice.none)))
}
