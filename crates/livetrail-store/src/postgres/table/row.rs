//! A row as an activity.

use super::mapping::Mapping;
use livetrail_types::{
    DelegateType,
    json::{self, Object, Value},
    limits,
};

/// The activity of a row: what breaks a limit is shortened or left out, and a column of the application's own goes into
/// the details.
/// `id` is the activity's, and `moment` when it happened.
pub(super) fn as_activity(row: Value, mapping: &Mapping, id: String, moment: Option<String>) -> Object {
    let (mut activity, mut others) = (Object::new(), Object::new());
    let Value::Object(row) = row else { return activity };
    for (name, value) in row.into_iter().filter(|(_, value)| !value.is_null()) {
        match (mapping.field(&name), name.as_str()) {
            (Some("timestamp"), _)
            | (None, "position" | "created_at" | "timestamp_adjusted" | "fingerprint") => {}
            (Some("id"), _) if value.as_str() == Some(&id) => {}
            (Some(field), _) if field != "id" => {
                activity.extend(within_limits(field, value).map(|value| (field.to_owned(), value)));
            }
            _ => drop(others.insert(name, value)),
        }
    }
    // The intake refuses a type without an id.
    if activity.get("delegate_id").and_then(Value::as_str).is_none_or(str::is_empty) {
        activity.remove("delegate_type");
    }
    activity.insert("id".into(), id.into());
    activity.extend(moment.map(|moment| ("timestamp".to_owned(), moment.into())));
    if !others.is_empty() {
        let details = activity.entry("details".to_owned()).or_insert_with(|| Object::new().into());
        if let Value::Object(details) = details {
            for (name, value) in others {
                details.entry(name).or_insert(value);
            }
        }
    }
    activity
}

/// Texts that say that something was successful, and that it was not.
pub(in super::super) const TRUE: [&str; 10] =
    ["true", "t", "1", "yes", "y", "on", "success", "succeeded", "successful", "ok"];
pub(in super::super) const FALSE: [&str; 9] =
    ["false", "f", "0", "no", "n", "off", "failure", "failed", "error"];

fn within_limits(field: &str, value: Value) -> Option<Value> {
    let text = match &value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    };
    let cut = |most: usize| text.as_ref().map(|text| text.chars().take(most).collect::<String>().into());
    match field {
        "user_id" | "target_user_id" => cut(limits::USER_ID),
        "action_type" => cut(limits::ACTION_TYPE).and_then(|text| Some(allowed_signs(text.as_str()?))),
        "endpoint" => cut(limits::ENDPOINT),
        "http_method" => cut(limits::HTTP_METHOD),
        "error_type" => cut(limits::ERROR_TYPE),
        "target_resource_id" => cut(limits::TARGET_ID),
        "resource_type" => cut(limits::RESOURCE_TYPE),
        "delegate_id" => cut(limits::DELEGATE_ID),
        "delegate_type" => value.as_str().and_then(DelegateType::of_name).map(|kind| kind.name().into()),
        "via" => cut(limits::VIA),
        "ip_address" => value.as_str().map(|text| text.split('/').next().unwrap_or_default().into()),
        "status_code" => number(&text?).filter(|status| (100..600).contains(status)).map(Value::from),
        "duration_ms" | "db_query_count" => {
            number(&text?).filter(|number| (0..=i64::from(i32::MAX)).contains(number)).map(Value::from)
        }
        "success" | "is_admin" => flag(&text?).map(Value::from),
        "error_message" | "user_agent" | "session_id" | "request_id" | "trace_id" | "tenant_id" => {
            text.map(Value::from)
        }
        "details" | "changes" => Some(object(value)),
        _ => Some(value),
    }
}

/// The value if it is an object, or the object that a text holds; any other becomes an object's only value.
fn object(value: Value) -> Value {
    let held = value.as_str().and_then(|text| json::parse(text.as_bytes()).ok());
    match held.unwrap_or(value) {
        object @ Value::Object(_) => object,
        other => Object::from([("value".to_owned(), other)]).into(),
    }
}

/// The whole number that is nearest to a text's.
fn number(text: &str) -> Option<i64> {
    let number = (text.parse::<f64>().ok()? + 0.5).floor();
    (number.abs() < 1e15).then_some(number as i64)
}

fn flag(text: &str) -> Option<bool> {
    let text = text.trim().to_ascii_lowercase();
    TRUE.contains(&text.as_str()).then_some(true).or_else(|| FALSE.contains(&text.as_str()).then_some(false))
}

fn allowed_signs(action: &str) -> Value {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || "_.:-".contains(c) { c } else { '_' };
    action.chars().map(allowed).collect::<String>().into()
}
