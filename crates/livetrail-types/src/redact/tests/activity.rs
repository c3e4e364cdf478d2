//! Redaction of whole activities, as they arrive and as they are shown.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Activity, Json, NewActivity, REDACTED, Redaction, SecretKind, limits};

const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoxMjN9.c2lnbmF0dXJl";
const KEY: [u8; 32] = [7; 32];

fn new(fields: &Value) -> NewActivity {
    let mut object = json!({"user_id": "u-1", "action_type": "user_login"});
    for (name, value) in fields.as_object().expect("an object") {
        object[name] = value.clone();
    }
    NewActivity::from_json(object).expect("an activity")
}

fn stored(mut new: NewActivity) -> Activity {
    new.redact(&Redaction::standard());
    new.stamp(Timestamp::UNIX_EPOCH, Uuid::max(), &KEY).activity
}

#[test]
fn every_text_field_is_redacted() {
    for field in [
        "user_id",
        "endpoint",
        "error_message",
        "error_type",
        "target_user_id",
        "target_resource_id",
        "resource_type",
        "user_agent",
        "delegate_id",
        "via",
        "request_id",
    ] {
        let mut activity = new(&json!({field: format!("a {JWT}").get(..50).expect("ASCII")}));
        assert_eq!(activity.redact(&Redaction::standard()).of(SecretKind::Jwt), 1, "{field}");
        let shown: Value = serde_json::from_str(&crate::json::to_string(&activity)).expect("JSON");
        assert_eq!(shown[field], format!("a {REDACTED}"), "{field}");
    }
    let shown = stored(new(&json!({"trace_id": "Bearer S3cr3tCanaryValue", "session_id": "Bearer S3cr3t"})));
    assert_eq!(shown.trace_id.as_deref(), Some(REDACTED));
    assert_eq!(shown.session_id.as_deref(), Some(REDACTED));
}

#[test]
fn a_redacted_field_stays_within_its_length() {
    let short = "password=a&".repeat(limits::RESOURCE_TYPE / 11);
    let shown = stored(new(&json!({"resource_type": short})));
    assert_eq!(shown.resource_type.expect("a type").chars().count(), limits::RESOURCE_TYPE);
}

#[test]
fn one_time_credentials_in_paths_are_redacted_and_ids_stay() {
    let endpoint = |path: &str| stored(new(&json!({"endpoint": path}))).endpoint.expect("a path");
    assert_eq!(endpoint("/password-reset/S3cr3tCanaryValue/form"), "/password-reset/[redacted]/form");
    let kept = "/reset/0198c0de-7a3b-7000-8000-0123456789ab/tokens/507f1f77bcf86cd799439011";
    assert_eq!(endpoint(kept), kept);
}

#[test]
fn identifiers_with_secrets_are_refused_and_the_secrets_are_not_repeated() {
    let redaction = Redaction::standard();
    for (field, value) in
        [("action_type", JWT.get(..50).expect("ASCII")), ("tenant_id", "Bearer S3cr3tCanary")]
    {
        let errors = redaction.check_identifiers(&new(&json!({field: value}))).expect_err("a refusal");
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].pointer, format!("/{field}"));
        assert!(!errors[0].detail.contains(value), "{}", errors[0].detail);
        assert!(Redaction::off().check_identifiers(&new(&json!({field: value}))).is_ok());
    }
    assert!(redaction.check_identifiers(&new(&json!({"tenant_id": "acme"}))).is_ok());
}

#[test]
fn a_session_id_among_the_details_has_the_hash_of_the_field() {
    for id in [JWT, "9f86d081884c7d659a2feaa0c55ad015", "s%3Aa1b2c3d4e5f6a7b8c9d0.sig"] {
        let shown =
            stored(new(&json!({"session_id": id, "details": {"session_id": id, "sessionId": id, "n": 1}})));
        let hash = shown.session_id.expect("a session");
        assert!(hash.starts_with("hashed:"), "{hash}");
        let details: Value = serde_json::from_str(shown.details.expect("details").as_str()).expect("JSON");
        assert_eq!(details, json!({"session_id": hash, "sessionId": hash, "n": 1}));
        // What was hashed already stays, so that an export can be imported.
        assert_eq!(stored(new(&json!({"session_id": hash}))).session_id.as_deref(), Some(hash.as_str()));
    }
}

#[test]
fn kinds_of_secrets_are_counted() {
    let mut activity = new(&json!({
        "details": {"password": "x", "note": format!("{JWT} and 4111 1111 1111 1111")},
        "error_message": "Bearer abc123def, postgres://u:p@h/db, ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    }));
    let counts = activity.redact(&Redaction::standard());
    let all: Vec<_> = counts.iter().map(|(kind, number)| (kind.name(), number)).collect();
    let expected =
        [("key", 1), ("jwt", 1), ("bearer", 1), ("card", 1), ("known_format", 1), ("url_password", 1)];
    assert_eq!(all, expected);
    assert_eq!(counts.total(), 6);
    assert_eq!(activity.redact(&Redaction::standard()).total(), 0);
}

#[test]
fn a_row_of_another_application_is_redacted_on_its_way_out() {
    let mut row = stored(new(&json!({})));
    row.error_message = Some(format!("failed with {JWT}"));
    row.session_id = Some(JWT.to_owned());
    (row.delegate_id, row.via) = (Some(JWT.to_owned()), Some(JWT.to_owned()));
    row.details = Json::from_text(format!(r#"{{"b": 1.0, "password": "x", "session_id": "{JWT}"}}"#));
    row.changes = Json::from_text(r#"{"api_key": {"from": "a", "to": null}}"#.to_owned());
    assert_eq!(Redaction::standard().activity(&mut row).total(), 7);
    assert_eq!(row.error_message.as_deref(), Some("failed with [redacted]"));
    for text in [&row.session_id, &row.delegate_id, &row.via] {
        assert_eq!(text.as_deref(), Some(REDACTED));
    }
    let details = row.details.as_ref().map(Json::as_str);
    assert_eq!(details, Some(r#"{"b":1.0,"password":"[redacted]","session_id":"[redacted]"}"#));
    assert_eq!(
        row.changes.as_ref().map(Json::as_str),
        Some(r#"{"api_key":{"from":"[redacted]","to":null}}"#)
    );
}

#[test]
fn a_row_without_secrets_stays_byte_for_byte() {
    let mut row =
        stored(new(&json!({"session_id": "9f86d081884c7d659a2feaa0c55ad015", "user_agent": "curl/8.5"})));
    row.details = Json::from_text(r#"{"b": 1.50, "a": [1e3]}"#.to_owned());
    let before = row.clone();
    assert_eq!(Redaction::standard().activity(&mut row).total(), 0);
    assert_eq!(row, before);
}

#[test]
fn json_of_a_row_that_cannot_be_searched_is_redacted_as_a_whole() {
    let beside = |other: String| Json::from_text(format!(r#"{{"password": "x", "z": {other}}}"#));
    for other in [
        format!("{}{}", "[".repeat(limits::STORED_JSON_DEPTH + 1), "]".repeat(limits::STORED_JSON_DEPTH + 1)),
        format!("[{}0]", "0,".repeat(limits::STORED_JSON_VALUES)),
    ] {
        let mut row = stored(new(&json!({})));
        (row.details, row.changes) = (beside(other.clone()), beside(other));
        assert_eq!(Redaction::standard().activity(&mut row).total(), 2);
        for shown in [row.details, row.changes] {
            assert_eq!(shown.as_ref().map(Json::as_str), Some("\"[redacted]\""));
        }
    }
}

#[test]
fn json_of_a_row_that_is_no_object_is_searched() {
    for (given, expected) in [
        (r#"[{"password": "x"}]"#, r#"[{"password":"[redacted]"}]"#),
        (r#"[["token", "x"]]"#, r#"[["token","[redacted]"]]"#),
        (
            r#"[{"field": "password", "from": "x", "to": "y"}]"#,
            r#"[{"field":"password","from":"[redacted]","to":"[redacted]"}]"#,
        ),
        (r#""password=S3cr3tCanaryValue""#, r#""password=[redacted]""#),
        ("4111111111111111", r#""[redacted]""#),
    ] {
        let mut row = stored(new(&json!({})));
        let json = Json::from_text(given.to_owned());
        (row.details, row.changes) = (json.clone(), json);
        Redaction::standard().activity(&mut row);
        for shown in [row.details, row.changes] {
            assert_eq!(shown.as_ref().map(Json::as_str), Some(expected));
        }
    }
}
