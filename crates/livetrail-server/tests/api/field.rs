//! What is refused, field by field, as a sender sees it.

use crate::fixture::{Fixture, activity};
use serde_json::{Value, json};

/// A field, a value that it does not take, and words of the hint.
fn refusals() -> Vec<(&'static str, Value, &'static str)> {
    let long = |length: usize| json!("x".repeat(length));
    vec![
        ("id", json!("17"), "UUID"),
        ("id", json!(17), "UUID"),
        ("timestamp", json!("2026-03-01T12:00:00"), "offset"),
        ("timestamp", json!(1_772_366_400_000_i64), "milliseconds"),
        ("timestamp", json!("yesterday"), "RFC 3339"),
        ("timestamp", json!(true), "RFC 3339"),
        ("user_id", json!(42), "must be text, not a number"),
        ("user_id", long(256), "at most 255"),
        ("user_id", json!(""), "is required"),
        ("user_id", json!("a\0b"), "NUL"),
        ("action_type", long(51), "at most 50"),
        ("action_type", json!("signed in"), "letters, digits"),
        ("action_type", json!(["a"]), "not an array"),
        ("endpoint", long(256), "at most 255"),
        ("http_method", long(11), "at most 10"),
        ("status_code", json!(99), "100 to 599"),
        ("status_code", json!(600), "100 to 599"),
        ("status_code", json!("200"), "whole number"),
        ("success", json!("true"), "true or false"),
        ("error_message", json!({}), "must be text"),
        ("error_type", long(101), "at most 100"),
        ("target_user_id", long(256), "at most 255"),
        ("target_resource_id", json!(9), "must be text"),
        ("resource_type", long(51), "at most 50"),
        ("details", json!("text"), "JSON object"),
        ("details", json!({"x": "y".repeat(65_536)}), "at most 65536"),
        ("changes", json!([]), "JSON object"),
        ("duration_ms", json!(-1), "0 to 2147483647"),
        ("duration_ms", json!(1.5), "whole number"),
        ("db_query_count", json!(2_147_483_648_i64), "0 to 2147483647"),
        ("ip_address", json!(7), "must be text"),
        ("is_admin", json!(1), "true or false"),
        ("session_id", json!("x y ".repeat(64)), "at most 255"),
        ("session_id", long(8_193), "at most 8192"),
        ("request_id", long(129), "at most 128"),
        ("trace_id", long(65), "at most 64"),
        ("tenant_id", long(129), "at most 128"),
        ("delegate_id", long(256), "at most 255"),
        ("delegate_type", json!("robot"), "one of user, agent, service"),
        ("delegate_type", json!("agent"), "needs delegate_id"),
        ("via", long(51), "at most 50"),
        ("via", json!(1), "must be text"),
        ("usr_name", json!("x"), "is unknown"),
        ("durationms", json!(1), "did you mean duration_ms"),
        ("position", json!(1), "set by Livetrail"),
        ("user_email", json!("ada@example.com"), "set by Livetrail"),
    ]
}

fn with(field: &str, value: &Value) -> Value {
    let mut activity = activity("u-1", "a");
    activity[field] = value.clone();
    activity
}

#[tokio::test]
async fn a_field_that_is_not_right_is_named_with_what_would_be() {
    let fixture = Fixture::start().await;
    for (field, value, hint) in refusals() {
        let answer = fixture.post(with(field, &value)).await;
        let about = format!("{field} = {value:.60}: {:.300}", answer.body);
        assert_eq!(answer.status, 422, "{about}");
        assert_eq!(answer.pointers(), [format!("/{field}")], "{about}");
        assert!(
            answer.body["errors"][0]["detail"].as_str().is_some_and(|text| text.contains(hint)),
            "{about}"
        );
        assert!(answer.detail().contains(field), "{about}");
    }
    assert_eq!(fixture.list("user_id=u-1").await.body["total"], 0);
}

#[tokio::test]
async fn a_batch_is_stored_without_its_bad_fields_activities() {
    let fixture = Fixture::start().await;
    let mut batch = Vec::new();
    for (field, value, _) in refusals() {
        batch.extend([with(field, &value), activity("u-2", "b")]);
    }
    let answer = fixture.post(json!(batch)).await;
    let count = refusals().len();
    assert_eq!(answer.body["accepted"], count);
    let rejected = answer.body["rejected"].as_array().expect("a list");
    assert_eq!(rejected.len(), count);
    for (place, (refused, (field, ..))) in rejected.iter().zip(refusals()).enumerate() {
        assert_eq!(refused["index"], place * 2);
        assert_eq!(refused["errors"][0]["pointer"], format!("/{field}"));
    }
    assert_eq!(fixture.list("user_id=u-2").await.body["total"], count);
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once() {
    let fixture = Fixture::start().await;
    let answer = fixture.post(json!({"user_id": 1, "status_code": 7, "colour": "red"})).await;
    let mut pointers = answer.pointers();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/action_type", "/colour", "/status_code", "/user_id"]);
    assert!(answer.detail().contains("3 more"), "{}", answer.detail());
}

#[tokio::test]
async fn a_mistake_inside_details_and_changes_is_pointed_at() {
    let fixture = Fixture::start().await;
    for (field, value, pointer) in [
        ("details", json!({"a": {"b/c": ["x", "y\0"]}}), "/details/a/b~1c/1"),
        ("changes", json!({"name": "b"}), "/changes/name"),
        ("changes", json!({"name": {"before": "a"}}), "/changes/name"),
    ] {
        assert_eq!(fixture.post(with(field, &value)).await.pointers(), [pointer]);
    }
}

#[tokio::test]
async fn a_field_that_is_given_under_two_names_is_refused() {
    let fixture = Fixture::start().await;
    let answer = fixture.post(json!({"user_id": "u-1", "userId": "u-2", "action_type": "a"})).await;
    assert_eq!(answer.status, 422);
    assert!(answer.detail().contains("twice"), "{}", answer.detail());
}

#[tokio::test]
async fn control_characters_are_stripped_and_empty_text_is_none() {
    let fixture = Fixture::start().await;
    let sent = json!({
        "user_id": "u\u{7}-1", "action_type": "a", "error_message": "a\tb\nc\u{1b}[31m", "request_id": "",
        "ip_address": "", "details": {"a\u{1}": "b\u{2}"},
    });
    assert_eq!(fixture.post(sent).await.status, 201);
    let listed = fixture.list("user_id=u-1").await;
    let shown = &listed.body["data"][0];
    assert_eq!(shown["error_message"], "a\tb\nc[31m");
    assert_eq!(shown["details"], json!({"a": "b"}));
    assert_eq!((&shown["request_id"], &shown["ip_address"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn what_is_no_object_is_no_activity() {
    let fixture = Fixture::start().await;
    for body in [json!("text"), json!(7), json!(null), json!(true)] {
        let answer = fixture.post(body).await;
        answer.is_problem(422);
        assert!(answer.detail().contains("JSON object"), "{}", answer.detail());
    }
}
