//! What has to hold for every input there is.

use super::*;
use crate::limits;
use proptest::{collection, option, prelude::*, sample};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[0-9.:T+-]{0,30}".prop_map(Value::from),
        Just(json!("eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoxfQ.c2ln")),
        Just(json!("2026-03-01T12:00:00Z")),
        Just(json!("203.0.113.9")),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn field_name() -> impl Strategy<Value = String> {
    let known = sample::select(names::FIELDS.to_vec()).prop_map(str::to_owned);
    let alias =
        sample::select(vec!["action", "entityType", "entityId", "ipAddress", "sessionId", "userAgent"]);
    prop_oneof![8 => known, 4 => alias.prop_map(str::to_owned), 1 => any::<String>()]
}

/// Objects of fields as they are named, with values that are mostly of no use.
fn any_fields() -> impl Strategy<Value = Value> {
    collection::vec((field_name(), any_json()), 0..12)
        .prop_map(|fields| Value::Object(fields.into_iter().collect()))
}

fn long_text() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<String>().prop_map(Value::from),
        ("[a-zäß\u{1}\u{9b}\t?]", 0_usize..9_000).prop_map(|(text, times)| json!(text.repeat(times))),
    ]
}

/// Activities that are often acceptable: every field of the right type, its content arbitrary.
fn likely_activity() -> impl Strategy<Value = Value> {
    let texts = [
        "endpoint",
        "http_method",
        "error_message",
        "error_type",
        "target_user_id",
        "target_resource_id",
        "resource_type",
        "user_agent",
        "delegate_id",
        "via",
        "session_id",
        "request_id",
        "trace_id",
        "tenant_id",
    ];
    let text = (sample::select(texts.to_vec()), long_text());
    let object = option::of(collection::vec((any::<String>(), any_json()), 0..4));
    let moment = prop_oneof![
        (-1e10..1e11).prop_map(Value::from),
        (-10_000_000_000_i64..100_000_000_000).prop_map(Value::from),
        Just(json!("2026-03-01T13:00:00.123456789+01:00")),
    ];
    (
        "[ -~]{1,300}",
        "[a-z_.:-]{1,60}",
        collection::vec(text, 0..2),
        object,
        option::of(any::<i32>()),
        option::of(moment),
        option::of(sample::select(vec!["user", "agent", "service"])),
    )
        .prop_map(|(user, action, texts, details, duration, timestamp, delegate_type)| {
            let mut object = json!({"user_id": user, "action_type": action});
            for (field, text) in texts {
                object[field] = text;
            }
            if let Some(delegate_type) = delegate_type {
                object["delegate_id"] = json!("bot");
                object["delegate_type"] = json!(delegate_type);
            }
            object["details"] = details.map_or(Value::Null, |d| Value::Object(d.into_iter().collect()));
            object["duration_ms"] = json!(duration);
            object["timestamp"] = timestamp.unwrap_or_default();
            object
        })
}

fn within(text: Option<&str>, most: usize) -> bool {
    text.is_none_or(|text| {
        let stays = |c: char| !c.is_control() || c == '\t' || c == '\n';
        (1..=most).contains(&text.chars().count()) && text.chars().all(stays)
    })
}

fn check_limits(value: Value) -> Result<(), TestCaseError> {
    let Ok(activity) = NewActivity::from_json(value) else { return Ok(()) };
    let now = Timestamp::from_second(1_772_366_400).expect("a moment");
    let a = activity.stamp(now, Uuid::max(), &[0; 32]).activity;
    for (name, text, most) in [
        ("user_id", Some(a.user_id.as_str()), limits::USER_ID),
        ("action_type", Some(a.action_type.as_str()), limits::ACTION_TYPE),
        ("endpoint", a.endpoint.as_deref(), limits::ENDPOINT),
        ("http_method", a.http_method.as_deref(), limits::HTTP_METHOD),
        ("error_message", a.error_message.as_deref(), limits::ERROR_MESSAGE),
        ("error_type", a.error_type.as_deref(), limits::ERROR_TYPE),
        ("target_user_id", a.target_user_id.as_deref(), limits::TARGET_ID),
        ("target_resource_id", a.target_resource_id.as_deref(), limits::TARGET_ID),
        ("resource_type", a.resource_type.as_deref(), limits::RESOURCE_TYPE),
        ("user_agent", a.user_agent.as_deref(), limits::USER_AGENT),
        ("delegate_id", a.delegate_id.as_deref(), limits::DELEGATE_ID),
        ("via", a.via.as_deref(), limits::VIA),
        ("session_id", a.session_id.as_deref(), limits::SESSION_ID),
        ("request_id", a.request_id.as_deref(), limits::REQUEST_ID),
        ("trace_id", a.trace_id.as_deref(), limits::TRACE_ID),
        ("tenant_id", a.tenant_id.as_deref(), limits::TENANT_ID),
    ] {
        prop_assert!(within(text, most), "{name}: {text:?}");
    }
    for object in [&a.details, &a.changes].into_iter().flatten() {
        prop_assert!(object.as_str().len() <= limits::JSON_BYTES);
        prop_assert!(!object.as_str().contains("\\u00"), "a control character in {object:?}");
    }
    prop_assert!(a.delegate_type.is_none() || a.delegate_id.is_some());
    prop_assert!(a.status_code.is_none_or(|status| (100..=599).contains(&status)));
    prop_assert!(a.duration_ms.is_none_or(|ms| ms >= 0) && a.db_query_count.is_none_or(|n| n >= 0));
    prop_assert!(a.timestamp.as_second() >= limits::EARLIEST_SECOND);
    prop_assert!(a.timestamp.duration_since(now).as_secs() <= limits::CLOCK_AHEAD_SECONDS);
    prop_assert_eq!(a.timestamp.subsec_nanosecond() % 1_000, 0);
    Ok(())
}

proptest! {
    #[test]
    fn no_value_makes_it_panic(value in prop_oneof![any_json(), any_fields()]) {
        if let Err(errors) = NewActivity::from_json(value) {
            prop_assert!(!errors.is_empty());
            for error in errors {
                prop_assert!(error.pointer.is_empty() || error.pointer.starts_with('/'), "{error:?}");
                prop_assert!(!error.detail.is_empty());
            }
        }
    }

    #[test]
    fn what_is_accepted_is_within_every_limit(value in prop_oneof![likely_activity(), any_fields()]) {
        check_limits(value)?;
    }

    #[test]
    fn what_was_accepted_is_accepted_again_as_it_is(value in likely_activity()) {
        if let Ok(activity) = NewActivity::from_json(value) {
            let again = crate::json::parse(&crate::json::to_vec(&activity)).expect("an activity has a JSON form");
            prop_assert_eq!(NewActivity::from_json(again), Ok(activity));
        }
    }
}
