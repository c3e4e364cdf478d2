//! `shape.json`: an SDK makes of the arguments of `record` what the server takes. The server is stricter, since it
//! refuses what an SDK cuts or converts. Where it does take the arguments, it has to make the same of them.

use serde_json::{Map, Value};

use super::{cases, check_all};
use crate::{FieldError, NewActivity, Redaction, json};

/// The fields that the server stores of an activity, after redaction, without those that it adds.
fn taken(given: &Value) -> Result<Value, Vec<FieldError>> {
    let mut activity = NewActivity::from_json(given.clone())?;
    activity.redact(&Redaction::standard());
    activity.cut_long_texts();
    let mut taken: Map<String, Value> = serde_json::from_str(&json::to_string(&activity)).expect("JSON");
    // The server writes `false` for what is not given.
    taken.retain(|name, value| name != "is_admin" || *value == Value::Bool(true));
    Ok(taken.into())
}

/// The fields in which two activities differ. Their texts may have thousands of characters, so they are not shown.
fn differing(one: &Value, other: &Value) -> Vec<String> {
    let none = Map::new();
    let fields = |value: &Value| value.as_object().unwrap_or(&none).clone();
    let (one, other) = (fields(one), fields(other));
    let names = one.keys().chain(other.keys().filter(|name| !one.contains_key(*name)));
    names.filter(|name| one.get(*name) != other.get(*name)).cloned().collect()
}

#[test]
fn the_server_takes_what_an_sdk_sends_and_changes_nothing_in_it() {
    let mut failed = Vec::new();
    for case in cases("shape.json").iter().filter(|case| !case["out"].is_null()) {
        match taken(&case["out"]) {
            Ok(taken) if taken == case["out"] => {}
            Ok(taken) => {
                failed.push(format!("{}: changes {:?}", case["name"], differing(&taken, &case["out"])));
            }
            Err(errors) => failed.push(format!("{}: {errors:?}", case["name"])),
        }
    }
    check_all(&failed);
}

#[test]
fn the_server_makes_the_same_of_the_arguments_or_refuses_what_the_sdk_changed() {
    let mut failed = Vec::new();
    for case in cases("shape.json") {
        let changed = differing(&case["in"], &case["out"]);
        match taken(&case["in"]) {
            Ok(taken) if taken == case["out"] => {}
            Ok(taken) => {
                failed.push(format!("{}: differs in {:?}", case["name"], differing(&taken, &case["out"])));
            }
            Err(errors) => {
                let kept = errors.iter().filter(|error| !changed.contains(&field(error)));
                failed.extend(kept.map(|error| format!("{}: {error:?}", case["name"])));
            }
        }
    }
    check_all(&failed);
}

/// The field that an error is about.
fn field(error: &FieldError) -> String {
    error.pointer.split('/').nth(1).unwrap_or_default().to_owned()
}
