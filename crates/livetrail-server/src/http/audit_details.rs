//! What is recorded of reading the log.

use super::query;
use crate::{
    access::Principal,
    app::App,
    self_audit::{Origin, Target},
};
use axum::http::Uri;
use livetrail_types::{Choice, Condition, Filter, TextField};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What is about the page or the form of what is read, and not its filter.
const ABOUT_THE_PAGE: [&str; 13] = [
    "page",
    "limit",
    "sort_by",
    "sort_order",
    "cursor",
    "format",
    "buckets",
    "stats",
    "columns",
    "bom",
    "summary",
    "by",
    "p95",
];

/// What was asked, by name. A filter that was given several times is written as one, with commas. A session id is
/// written as the log keeps it, hashed, because it may open a session.
pub(super) fn filters_applied(uri: &Uri, filter: &Filter) -> Map<String, Value> {
    filters_of(query::pairs(uri), |name| ABOUT_THE_PAGE.contains(&name), filter)
}

/// The same of any pairs, without those that are about something else.
pub(super) fn filters_of(
    pairs: impl IntoIterator<Item = (String, String)>,
    is_other: impl Fn(&str) -> bool,
    filter: &Filter,
) -> Map<String, Value> {
    let mut applied = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in pairs {
        if !value.is_empty() && !is_other(&name) {
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

/// Records that the counts of a filter were read: `count` activities matched.
pub(super) fn record_counts(
    app: &App,
    by: &Principal,
    origin: &Origin,
    (uri, filter): (&Uri, &Filter),
    count: u64,
) {
    let details = json!({"filters_applied": filters_applied(uri, filter), "results_count": count});
    app.self_audit.looked_up(by, origin, filter.fingerprint(), Target::default(), details);
}
