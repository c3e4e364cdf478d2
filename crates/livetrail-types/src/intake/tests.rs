//! What a sender may give, what becomes of it and what is refused, rule by rule.

mod delegate;
mod json;
mod number;
mod property;
mod shape;
mod stamp;
mod text;

use super::*;
use crate::json::Object;
use serde_json::{Map, Value, json};

/// The least that is an activity, and one field more.
fn with(field: &str, value: Value) -> Value {
    let mut object = json!({"user_id": "u-1", "action_type": "user_login"});
    object[field] = value;
    object
}

#[track_caller]
fn accepted(value: Value) -> NewActivity {
    NewActivity::from_json(value).unwrap_or_else(|errors| panic!("should be accepted: {errors:?}"))
}

/// The only thing that is wrong with `value`: its pointer and the hint.
#[track_caller]
fn refused(value: Value) -> (String, String) {
    let mut errors = NewActivity::from_json(value).expect_err("should be refused");
    assert_eq!(errors.len(), 1, "{errors:?}");
    let FieldError { pointer, detail } = errors.remove(0);
    (pointer, detail)
}

/// Checks that a field with this value is refused under its own pointer, with a hint that has `words` in it.
#[track_caller]
fn check_refused(field: &str, value: Value, words: &str) {
    let given = value.to_string().chars().take(60).collect::<String>();
    let (pointer, hint) = refused(with(field, value));
    assert_eq!(pointer, format!("/{field}"), "{given}");
    assert!(hint.contains(words), "{field} = {given}: {hint:?} has no {words:?}");
}

/// An object as the tests write it.
fn written(object: Option<Object>) -> Option<Value> {
    object.map(|object| serde_json::from_str(&crate::json::to_string(&object)).expect("JSON"))
}
