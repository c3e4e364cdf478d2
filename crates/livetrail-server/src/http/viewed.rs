//! What is recorded of somebody's reading the log.

use super::query;
use axum::http::Uri;
use livetrail_types::{Choice, Condition, Filter, TextField};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What is about the page or the form of what is read, and not its filter.
const ABOUT_THE_PAGE: [&str; 6] = ["page", "limit", "sort_by", "sort_order", "cursor", "format"];

/// What was asked, by name. A filter that was given several times is written as one, with commas, and a session id as
/// the log keeps it: what somebody looked for may be the key to a session.
pub(super) fn filters_applied(uri: &Uri, filter: &Filter) -> Map<String, Value> {
    let mut applied = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in query::pairs(uri) {
        if !value.is_empty() && !ABOUT_THE_PAGE.contains(&name.as_str()) {
            applied.entry(name).or_default().push(value);
        }
    }
    for condition in filter.conditions() {
        if let Condition::Text(TextField::SessionId, Choice { any, none }) = condition {
            let none = none.iter().map(|unwanted| format!("!{unwanted}"));
            applied.insert("session_id".into(), any.iter().cloned().chain(none).collect());
        }
    }
    applied.into_iter().map(|(name, values)| (name, values.join(",").into())).collect()
}
