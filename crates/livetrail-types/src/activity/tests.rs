//! The exact JSON of a shown activity: clients, the dashboard and exports rely on names, order and forms.

use super::*;
use crate::NewActivity;
use serde_json::{Value, json};

fn stamped(value: Value) -> Activity {
    let now = Timestamp::from_microsecond(1_772_366_460_250_000).expect("a moment");
    let fresh = Uuid::from_u128(0x0198_c0de_7a3b_7000_8000_0123_4567_89ab);
    let given = NewActivity::from_json(value).expect("an activity");
    Activity { position: 48_213, ..given.stamp(now, fresh, &[0; 32]).activity }
}

fn shown(activity: &Activity, profile: Option<&UserProfile>) -> String {
    let catalogue = Catalogue::builtin();
    let view = ActivityView::new(activity, profile, &catalogue);
    crate::json::to_string(&view)
}

fn on_one_line(json: &str) -> String {
    Json::compacted(json).expect("JSON").as_str().to_owned()
}

#[test]
fn a_full_activity_is_shown_with_every_field_in_order() {
    let activity = stamped(json!({
        "timestamp": 1_772_366_400.123_456,
        "user_id": "u-1042",
        "action_type": "user_login",
        "endpoint": "/api/login",
        "http_method": "POST",
        "status_code": 401,
        "error_message": "wrong password",
        "error_type": "AuthError",
        "target_user_id": "u-7",
        "target_resource_id": "r-1",
        "resource_type": "session",
        "details": {"tries": 3, "plan": "pro"},
        "changes": {"seats": {"from": 1, "to": 2}},
        "duration_ms": 12,
        "db_query_count": 3,
        "ip_address": "2001:DB8::9",
        "user_agent": "curl/8.5.0",
        "is_admin": true,
        "delegate_id": "deploy-bot",
        "delegate_type": "agent",
        "via": "mcp",
        "session_id": "s-1",
        "request_id": "q-1",
        "trace_id": "t-1",
        "tenant_id": "acme",
    }));
    let profile = UserProfile {
        user_id: "u-1042".into(),
        email: Some("ada@example.org".into()),
        display_name: Some("Ada Lovelace".into()),
    };
    let view = ActivityView::new(&activity, Some(&profile), &Catalogue::builtin()).description;
    assert_eq!(
        shown(&activity, Some(&profile)),
        on_one_line(&format!(
            r#"{{
  "id": "0198c0de-7a3b-7000-8000-0123456789ab",
  "position": 48213,
  "timestamp": 1772366400,
  "created_at": "2026-03-01T12:01:00.250000Z",
  "timestamp_adjusted": false,
  "user_id": "u-1042",
  "action_type": "user_login",
  "endpoint": "/api/login",
  "http_method": "POST",
  "status_code": 401,
  "success": false,
  "error_message": "wrong password",
  "error_type": "AuthError",
  "target_user_id": "u-7",
  "target_resource_id": "r-1",
  "resource_type": "session",
  "details": {{"plan":"pro","tries":3}},
  "changes": {{"seats":{{"from":1,"to":2}}}},
  "duration_ms": 12,
  "db_query_count": 3,
  "ip_address": "2001:db8::9",
  "user_agent": "curl/8.5.0",
  "is_admin": true,
  "delegate_id": "deploy-bot",
  "delegate_type": "agent",
  "via": "mcp",
  "session_id": "s-1",
  "request_id": "q-1",
  "trace_id": "t-1",
  "tenant_id": "acme",
  "occurred_at": "2026-03-01T12:00:00.123456Z",
  "user_email": "ada@example.org",
  "user_display_name": "Ada Lovelace",
  "description": "{view}",
  "icon": "log-in",
  "category": "authentication",
  "severity": "info",
  "device": {{
    "browser": "curl 8",
    "os": null,
    "class": "script"
  }}
}}"#
        ))
    );
}

#[test]
fn a_minimal_activity_is_shown_with_null_for_everything_unknown() {
    let activity = stamped(json!({"user_id": "anon-1", "action_type": "parcel_sent"}));
    assert_eq!(
        shown(&activity, None),
        on_one_line(
            r#"{
  "id": "0198c0de-7a3b-7000-8000-0123456789ab",
  "position": 48213,
  "timestamp": 1772366460,
  "created_at": "2026-03-01T12:01:00.250000Z",
  "timestamp_adjusted": false,
  "user_id": "anon-1",
  "action_type": "parcel_sent",
  "endpoint": null,
  "http_method": null,
  "status_code": null,
  "success": true,
  "error_message": null,
  "error_type": null,
  "target_user_id": null,
  "target_resource_id": null,
  "resource_type": null,
  "details": null,
  "changes": null,
  "duration_ms": null,
  "db_query_count": null,
  "ip_address": null,
  "user_agent": null,
  "is_admin": false,
  "delegate_id": null,
  "delegate_type": null,
  "via": null,
  "session_id": null,
  "request_id": null,
  "trace_id": null,
  "tenant_id": null,
  "occurred_at": "2026-03-01T12:01:00.250000Z",
  "user_email": null,
  "user_display_name": null,
  "description": "anon-1: parcel sent",
  "icon": "activity",
  "category": "other",
  "severity": "info",
  "device": null
}"#
        )
    );
}

#[test]
fn the_sentence_names_the_user_as_well_as_the_directory_can() {
    let activity = stamped(json!({"user_id": "u-1", "action_type": "user_login"}));
    let catalogue = Catalogue::builtin();
    let named = |email: Option<&str>, name: Option<&str>| {
        let profile = UserProfile {
            user_id: "u-1".into(),
            email: email.map(str::to_owned),
            display_name: name.map(str::to_owned),
        };
        ActivityView::new(&activity, Some(&profile), &catalogue).description
    };
    assert!(named(Some("ada@example.org"), Some("Ada")).starts_with("Ada "));
    assert!(named(Some("ada@example.org"), None).starts_with("ada@example.org "));
    assert!(named(None, None).starts_with("u-1 "));
    assert!(ActivityView::new(&activity, None, &catalogue).description.starts_with("u-1 "));
}

#[test]
fn the_sentence_says_who_acted_in_the_users_name() {
    let catalogue = Catalogue::builtin();
    let described = |more: Value| {
        let mut given = json!({"user_id": "u-1", "action_type": "user_login"});
        given.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        ActivityView::new(&stamped(given), None, &catalogue).description
    };
    let by_agent = json!({"delegate_id": "deploy-bot", "delegate_type": "agent"});
    assert_eq!(described(by_agent), "u-1 (through agent deploy-bot) signed in");
    assert_eq!(described(json!({"via": "mcp"})), "u-1 signed in");
    let by_sql = Activity {
        delegate_id: Some(String::new()),
        ..stamped(json!({"user_id": "u-1", "action_type": "a"}))
    };
    assert_eq!(ActivityView::new(&by_sql, None, &catalogue).description, "u-1: a");
}

#[test]
fn activities_say_the_same_whatever_the_server_has_given_them() {
    let at = |json: &str| Json::from_text(json.into());
    let now = Timestamp::from_second(1_772_366_400).expect("a moment");
    let one = NewActivity::new("u-1", "user_login").stamp(now, uuid::Uuid::nil(), &[7; 32]).activity;
    let one = Activity { details: at(r#"{"a":1.50,"b":[1e2]}"#), position: 7, ..one };
    let other = Activity {
        details: at(r#"{"b": [100.0], "a": 1.5}"#),
        position: 0,
        created_at: Timestamp::UNIX_EPOCH,
        timestamp_adjusted: true,
        ..one.clone()
    };
    assert!(one.has_same_content(&other));
    for different in [
        Activity { details: at(r#"{"a":1.51,"b":[1e2]}"#), ..one.clone() },
        Activity { details: None, ..one.clone() },
        Activity { changes: at("{}"), ..one.clone() },
        Activity { timestamp: Timestamp::UNIX_EPOCH, ..one.clone() },
        Activity { user_agent: Some("x".into()), ..one.clone() },
        Activity { delegate_id: Some("x".into()), ..one.clone() },
        Activity { via: Some("x".into()), ..one.clone() },
    ] {
        assert!(!one.has_same_content(&different), "{different:?}");
    }
}
