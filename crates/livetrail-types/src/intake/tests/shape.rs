use super::*;
use crate::Sender;

#[test]
fn an_activity_is_an_object() {
    for value in [json!(null), json!([]), json!("x"), json!(1), json!(true)] {
        let (pointer, hint) = refused(value);
        assert_eq!(pointer, "");
        assert!(hint.contains("a JSON object with at least user_id and action_type"), "{hint}");
    }
}

#[test]
fn nothing_is_invented_for_what_is_not_given() {
    let least = accepted(json!({"user_id": "u-1", "action_type": "user_login"}));
    assert_eq!(least, NewActivity::new("u-1", "user_login"));
}

#[test]
fn the_admin_trackers_shape_is_understood() {
    let activity = accepted(json!({
        "adminId": "a-1",
        "sessionId": "s-1",
        "action": "user_suspended",
        "entityType": "user",
        "entityId": "u-7",
        "ipAddress": "203.0.113.9",
        "userAgent": "curl/8.5",
        "metadata": {"reason": "spam"},
        "timestamp": "2026-03-01T12:00:00.000Z",
    }));
    let expected = NewActivity {
        is_admin: true,
        session_id: Some("s-1".into()),
        resource_type: Some("user".into()),
        target_resource_id: Some("u-7".into()),
        ip_address: "203.0.113.9".parse().ok(),
        user_agent: Some("curl/8.5".into()),
        details: crate::json::Value::from(json!({"reason": "spam"})).as_object().cloned(),
        timestamp: Timestamp::from_second(1_772_366_400).ok(),
        ..NewActivity::new("a-1", "user_suspended")
    };
    assert_eq!(activity, expected);
}

#[test]
fn an_admin_id_makes_an_admin_unless_the_sender_says_otherwise() {
    assert!(accepted(json!({"adminId": "a-1", "action": "login"})).is_admin);
    assert!(!accepted(json!({"adminId": "a-1", "action": "login", "is_admin": false})).is_admin);
    assert!(!accepted(json!({"user_id": "u-1", "adminId": null, "action": "login"})).is_admin);
}

#[test]
fn camel_case_of_every_field_is_understood() {
    let snake = json!({
        "id": "0198c0de-7a3b-7000-8000-0123456789ab",
        "timestamp": 1_772_366_400,
        "user_id": "u-1",
        "action_type": "user_login",
        "endpoint": "/api/login",
        "http_method": "POST",
        "status_code": 401,
        "success": false,
        "error_message": "no",
        "error_type": "Denied",
        "target_user_id": "u-2",
        "target_resource_id": "r-1",
        "resource_type": "session",
        "details": {"a": 1},
        "changes": {"a": {"from": 1, "to": 2}},
        "duration_ms": 12,
        "db_query_count": 3,
        "ip_address": "203.0.113.9",
        "user_agent": "curl/8.5",
        "is_admin": true,
        "delegate_id": "bot",
        "delegate_type": "agent",
        "via": "mcp",
        "session_id": "s-1",
        "request_id": "q-1",
        "trace_id": "t-1",
        "tenant_id": "acme",
    });
    let camel = |name: &str| {
        let mut words = name.split('_');
        let first = words.next().unwrap_or_default().to_owned();
        words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
    };
    let given = snake.as_object().expect("an object").iter();
    let in_camel_case: Map<_, _> = given.map(|(name, value)| (camel(name), value.clone())).collect();
    assert_eq!(accepted(in_camel_case.into()), accepted(snake));
}

#[test]
fn an_unknown_field_is_refused_and_the_nearest_name_is_offered() {
    for (field, nearest) in [
        ("usr_id", "user_id"),
        ("userid", "user_id"),
        ("ip_adress", "ip_address"),
        ("durationMS", "duration_ms"),
        ("status", "status_code"),
        ("entity_type", "entityType"),
        ("meta_data", "metadata"),
        ("actions", "action"),
        ("delegateid", "delegate_id"),
        ("deligate_type", "delegate_type"),
    ] {
        check_refused(field, json!("x"), &format!("did you mean {nearest}?"));
    }
}

#[test]
fn an_unknown_field_that_is_like_no_other_is_referred_to_details() {
    check_refused("colour", json!("red"), "belongs into details");
}

#[test]
fn fields_that_livetrail_sets_cannot_be_sent() {
    for field in [
        "position",
        "created_at",
        "occurred_at",
        "timestamp_adjusted",
        "user_email",
        "user_display_name",
        "userDisplayName",
        "description",
        "icon",
        "category",
        "severity",
        "device",
    ] {
        check_refused(field, json!("x"), "is set by Livetrail");
    }
}

#[test]
fn every_field_of_an_answer_is_known_to_the_reader() {
    let stamped = NewActivity::new("u-1", "user_login").stamp(Timestamp::UNIX_EPOCH, Uuid::max(), &[0; 32]);
    let catalogue = crate::Catalogue::builtin();
    let view = crate::ActivityView::new(&stamped.activity, None, &catalogue);
    let shown = serde_json::to_value(view).expect("a view has a JSON form");
    for name in shown.as_object().expect("an object").keys() {
        match names::resolve(name) {
            Some(index) => assert_eq!(names::FIELDS[index], name),
            None => assert!(names::hint(name).contains("set by Livetrail"), "{name}"),
        }
    }
}

#[test]
fn a_field_that_is_given_in_two_spellings_is_refused() {
    for (one, other) in [
        ("ip_address", "ipAddress"),
        ("session_id", "sessionId"),
        ("resource_type", "entityType"),
        ("details", "metadata"),
    ] {
        let mut object = with(one, json!("x"));
        object[other] = json!("x");
        let errors = NewActivity::from_json(object).expect_err("given twice");
        let twice = errors.iter().find(|error| error.detail.contains("is given twice"));
        let twice = twice.unwrap_or_else(|| panic!("{errors:?}"));
        let (given, also) = (twice.pointer.trim_start_matches('/'), &twice.detail);
        assert!([one, other].contains(&given) && (also.ends_with(one) || also.ends_with(other)), "{twice:?}");
    }
    let (pointer, hint) = refused(json!({"user_id": "u-1", "adminId": "a-1", "action_type": "login"}));
    assert_eq!((pointer.as_str(), hint.as_str()), ("/adminId", "is given twice, also as user_id"));
}

#[test]
fn errors_point_at_the_name_that_the_sender_used() {
    for (field, value) in [
        ("action", json!("no spaces")),
        ("action", json!(5)),
        ("sessionId", json!("s ".repeat(200))),
        ("sessionId", json!(5)),
        ("entityId", json!("e".repeat(256))),
        ("metadata", json!([])),
        ("metadata", json!({"deep": {"text": "\0"}})),
    ] {
        let mut object = json!({"user_id": "u-1"});
        if field != "action" {
            object["action_type"] = json!("user_login");
        }
        object[field] = value;
        let (pointer, _) = refused(object);
        assert!(pointer.strip_prefix(&format!("/{field}")).is_some(), "{field}: {pointer}");
    }
    for (field, value) in [("adminId", json!(5)), ("userId", json!("u".repeat(256)))] {
        let (pointer, _) = refused(json!({field: value, "action": "login"}));
        assert_eq!(pointer, format!("/{field}"));
    }
}

#[test]
fn names_with_slashes_and_tildes_are_escaped_in_pointers() {
    let (pointer, _) = refused(with("a/b~c", json!(1)));
    assert_eq!(pointer, "/a~1b~0c");
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let errors = NewActivity::from_json(json!({
        "user_id": 7,
        "status_code": 1000,
        "timestamp": "2026-03-01T12:00:00",
        "ip_address": 7,
        "changes": {"a": 1, "b": 2},
        "colour": "red",
    }))
    .expect_err("hardly anything is right");
    let mut pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
    pointers.sort_unstable();
    let wrong = [
        "/action_type",
        "/changes/a",
        "/changes/b",
        "/colour",
        "/ip_address",
        "/status_code",
        "/timestamp",
        "/user_id",
    ];
    assert_eq!(pointers, wrong);
}

#[test]
fn redaction_reaches_every_free_text() {
    let mut activity = accepted(json!({
        "user_id": "u-1",
        "action_type": "user_login",
        "endpoint": "/reset/eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoxMjN9.c2lnbmF0dXJl",
        "error_message": "card 4111 1111 1111 1111 was declined",
        "details": {"password": "hunter2", "plan": "pro"},
        "changes": {"api_key": {"from": "old", "to": "new"}},
    }));
    activity.redact(&Redaction::standard());
    let kept = crate::json::to_string(&activity);
    for secret in ["eyJ", "4111", "hunter2", "old", "new"] {
        assert!(!kept.contains(secret), "{secret} in {kept}");
    }
    assert!(kept.contains("pro"), "{kept}");
}

#[test]
fn an_activity_of_a_thousand_fields_is_refused_without_looking_at_each() {
    let fields: serde_json::Map<_, _> = (0..1_000).map(|n| (format!("field_{n}"), json!(n))).collect();
    let errors = NewActivity::from_json(Value::from(fields)).expect_err("a refusal");
    assert_eq!(errors[0], FieldError::new("", "has 1000 fields; at most 64 are read"));
    assert!(errors.len() <= limits::FIELDS + 3, "{}", errors.len());
}

#[test]
fn the_resource_type_of_livetrails_own_records_is_refused_however_it_is_written() {
    for reserved in [
        "livetrail",
        "LiveTrail",
        "LIVETRAIL",
        " livetrail",
        "livetrail\n",
        "\tlivetrail \u{a0}",
        "live\u{7}trail",
    ] {
        check_refused("resource_type", json!(reserved), "reserved");
        let (pointer, _) = refused(with("entityType", json!(reserved)));
        assert_eq!(pointer, "/entityType");
    }
    for other in ["livetrail2", "external:livetrail", "live trail", "trail"] {
        assert_eq!(accepted(with("resource_type", json!(other))).resource_type.as_deref(), Some(other));
    }
}

#[test]
fn the_operator_keeps_the_resource_type_of_livetrails_own_records() {
    let record = with("resource_type", json!("livetrail"));
    let kept = NewActivity::from_json_of(Sender::Operator, record).expect("the operator may");
    assert_eq!(kept.resource_type.as_deref(), Some("livetrail"));
    let long = with("resource_type", json!("x".repeat(51)));
    assert!(NewActivity::from_json_of(Sender::Operator, long).is_err());
}
