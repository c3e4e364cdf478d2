//! What a filter's parameters mean, parameter by parameter.

mod canonical;
mod compiled;
mod contradiction;
mod grammar;
mod parameter;
mod property;
mod search;
mod written;

use super::*;
use crate::{Activity, Catalogue, NewActivity, UserProfile};
use jiff::Timestamp;
use serde_json::json;
use std::sync::LazyLock;
use uuid::Uuid;

const KEY: [u8; 32] = [7; 32];
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::builtin);

fn context() -> FilterContext<'static> {
    FilterContext { catalogue: &CATALOGUE, session_key: &KEY, text_search: true }
}

/// A query string, written as it would be before it is encoded: `a=1&b=2`.
fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

#[track_caller]
fn filter(query: &str) -> Filter {
    Filter::parse(pairs(query), &context()).unwrap_or_else(|errors| panic!("{query}: {errors:?}"))
}

/// The only thing that is wrong with the query: the parameter and the hint.
#[track_caller]
fn refused(query: &str) -> (String, String) {
    let mut errors = Filter::parse(pairs(query), &context()).expect_err("should be refused");
    assert_eq!(errors.len(), 1, "{errors:?}");
    let FieldError { pointer, detail } = errors.remove(0);
    (pointer, detail)
}

/// An activity of these fields, at 2026-03-01T12:00:00Z unless they say otherwise.
fn activity(fields: serde_json::Value) -> Activity {
    let mut object = json!({"user_id": "u-1", "action_type": "user_login", "timestamp": 1_772_366_400});
    let serde_json::Value::Object(fields) = fields else { panic!("{fields} is no object") };
    for (name, value) in fields {
        object[name] = value;
    }
    let given = NewActivity::from_json(object).expect("an activity");
    given.stamp(Timestamp::from_second(1_772_366_400).expect("a moment"), Uuid::max(), &KEY).activity
}

fn matches(query: &str, activity: &Activity) -> bool {
    filter(query).matches(&Subject { activity, profile: None })
}

/// Checks which of some activities, each of one field's value, a query means.
#[track_caller]
fn check(query: &str, field: &str, meant: &[serde_json::Value], others: &[serde_json::Value]) {
    let of = |value: &serde_json::Value| activity(json!({ field: value }));
    for value in meant {
        assert!(matches(query, &of(value)), "{query} should mean {field} = {value}");
    }
    for value in others {
        assert!(!matches(query, &of(value)), "{query} should not mean {field} = {value}");
    }
}
