use super::*;

const KEY: [u8; 32] = [7; 32];
const FRESH: Uuid = Uuid::from_u128(0x0198_c0de_7a3b_7000_8000_0000_0000_00ff);
const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoidS0xIn0.c2lnbmF0dXJl";

/// 2026-03-01T12:00:00Z and a little more than a microsecond.
fn now() -> Timestamp {
    Timestamp::new(1_772_366_400, 1_500).expect("a moment")
}

fn stamped(value: Value) -> Stamped {
    accepted(value).stamp(now(), FRESH, &KEY)
}

#[test]
fn an_id_that_the_sender_chose_is_kept_and_has_a_fingerprint() {
    let given = "0198c0de-7a3b-7000-8000-0123456789ab";
    let stamped = stamped(with("id", json!(given)));
    assert_eq!(stamped.activity.id.to_string(), given);
    assert!(stamped.fingerprint.is_some());
}

#[test]
fn without_an_id_the_fresh_one_is_taken_and_there_is_no_fingerprint() {
    let stamped = stamped(with("is_admin", json!(true)));
    assert_eq!((stamped.activity.id, stamped.fingerprint), (FRESH, None));
}

#[test]
fn the_position_is_left_to_the_store() {
    assert_eq!(stamped(with("is_admin", json!(true))).activity.position, 0);
}

#[test]
fn without_a_timestamp_it_happened_now_to_the_microsecond() {
    let activity = stamped(with("is_admin", json!(true))).activity;
    assert_eq!(activity.timestamp.as_microsecond(), 1_772_366_400_000_001);
    assert_eq!(activity.timestamp.subsec_nanosecond(), 1_000);
    assert_eq!(activity.created_at, activity.timestamp);
    assert!(!activity.timestamp_adjusted);
}

#[test]
fn a_believable_timestamp_is_kept_and_any_other_is_replaced_and_marked() {
    for (second, adjusted) in [
        (946_684_800, false),
        (946_684_799, true),
        (-1, true),
        (1_772_366_400, false),
        (1_772_366_400 + 600, false),
        (1_772_366_400 + 601, true),
        (32_503_680_000, true),
    ] {
        let activity = stamped(with("timestamp", json!(second))).activity;
        assert_eq!(activity.timestamp_adjusted, adjusted, "{second}");
        let expected = if adjusted { activity.created_at.as_second() } else { second };
        assert_eq!(activity.timestamp.as_second(), expected, "{second}");
    }
}

#[test]
fn ten_minutes_ahead_are_believed_to_the_microsecond() {
    for (moment, adjusted) in [("2026-03-01T12:10:00.000001Z", false), ("2026-03-01T12:10:00.000002Z", true)]
    {
        let activity = stamped(with("timestamp", json!(moment))).activity;
        assert_eq!(activity.timestamp_adjusted, adjusted, "{moment}");
    }
}

#[test]
fn success_follows_the_status_unless_it_is_given() {
    for (status, given, success) in [
        (json!(null), json!(null), true),
        (json!(200), json!(null), true),
        (json!(399), json!(null), true),
        (json!(400), json!(null), false),
        (json!(500), json!(null), false),
        (json!(500), json!(true), true),
        (json!(200), json!(false), false),
        (json!(null), json!(false), false),
    ] {
        let mut object = with("status_code", status.clone());
        object["success"] = given.clone();
        assert_eq!(stamped(object).activity.success, success, "{status} {given}");
    }
}

#[test]
fn every_field_arrives_in_the_activity() {
    let mut object = with("details", json!({"b": 1, "a": "ü"}));
    for (field, value) in [
        ("endpoint", json!("/api")),
        ("http_method", json!("PUT")),
        ("status_code", json!(204)),
        ("error_message", json!("m")),
        ("error_type", json!("t")),
        ("target_user_id", json!("u-2")),
        ("target_resource_id", json!("r-1")),
        ("resource_type", json!("document")),
        ("changes", json!({"a": {"from": 1, "to": 2}})),
        ("duration_ms", json!(12)),
        ("db_query_count", json!(3)),
        ("ip_address", json!("2001:db8::1")),
        ("user_agent", json!("curl/8.5")),
        ("is_admin", json!(true)),
        ("delegate_id", json!("bot")),
        ("delegate_type", json!("agent")),
        ("via", json!("mcp")),
        ("session_id", json!("s-1")),
        ("request_id", json!("q-1")),
        ("trace_id", json!("t-1")),
        ("tenant_id", json!("acme")),
    ] {
        object[field] = value;
    }
    let shown = serde_json::from_str::<Value>(&crate::json::to_string(&stamped(object.clone()).activity))
        .expect("JSON");
    for (field, value) in object.as_object().expect("an object") {
        assert_eq!(&shown[field], value, "{field}");
    }
}

#[test]
fn a_session_id_that_is_a_credential_is_stored_as_a_hash_that_shows_nothing_of_it() {
    let random = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6";
    for secret in [JWT, random] {
        let stored = stamped(with("session_id", json!(secret))).activity.session_id.expect("a session");
        assert!(stored.starts_with("hashed:") && stored.len() == 39, "{stored}");
        assert!(!stored.contains(&secret[..10]), "{stored}");
    }
}

#[test]
fn the_same_credential_is_the_same_session_under_one_key_and_another_under_another() {
    let under = |key| accepted(with("session_id", json!(JWT))).stamp(now(), FRESH, &key).activity.session_id;
    assert_eq!(under(KEY), under(KEY));
    assert_ne!(under(KEY), under([8; 32]));
}

#[test]
fn a_plain_session_id_and_one_that_is_hashed_already_stay_as_they_are() {
    let hashed = hash_if_credential(JWT.into(), &KEY);
    for plain in ["s-1", "0198c0de-7a3b-7000-8000-0123456789ab", &hashed] {
        let stored = stamped(with("session_id", json!(plain))).activity.session_id;
        assert_eq!(stored.as_deref(), Some(plain));
    }
}

fn fingerprint(change: impl FnOnce(&mut Value)) -> Fingerprint {
    let mut object = with("id", json!("0198c0de-7a3b-7000-8000-0123456789ab"));
    object["details"] = json!({"a": 1, "b": [1, 2]});
    change(&mut object);
    stamped(object).fingerprint.expect("an id was given")
}

#[test]
fn the_same_content_has_the_same_fingerprint_whatever_its_spelling() {
    let first = fingerprint(|_| {});
    assert_eq!(fingerprint(|_| {}), first);
    assert_eq!(fingerprint(|object| object["endpoint"] = json!(null)), first);
    assert_eq!(fingerprint(|object| object["is_admin"] = json!(false)), first);
    let in_another_order = serde_json::from_str::<Value>(r#"{"b":[1, 2],"a":1}"#).expect("JSON");
    assert_eq!(fingerprint(|object| object["details"] = in_another_order), first);
}

#[test]
fn a_retry_at_another_time_has_the_same_fingerprint() {
    let object = with("id", json!("0198c0de-7a3b-7000-8000-0123456789ab"));
    let later = Timestamp::from_second(1_772_366_460).expect("a moment");
    let again = accepted(object.clone()).stamp(later, Uuid::max(), &KEY);
    assert_eq!(again.fingerprint, stamped(object).fingerprint);
}

#[test]
fn any_other_content_has_another_fingerprint() {
    let first = fingerprint(|_| {});
    for (field, value) in [
        ("user_id", json!("u-2")),
        ("action_type", json!("user_logout")),
        ("timestamp", json!(1_772_366_400)),
        ("success", json!(false)),
        ("status_code", json!(200)),
        ("details", json!({"a": 1, "b": [2, 1]})),
        ("details", json!({"a": "1", "b": [1, 2]})),
        ("tenant_id", json!("acme")),
        ("session_id", json!(JWT)),
        ("ip_address", json!("203.0.113.9")),
        ("delegate_id", json!("bot")),
        ("via", json!("mcp")),
    ] {
        assert_ne!(fingerprint(|object| object[field] = value.clone()), first, "{field} {value}");
    }
}

/// Fingerprints are stored: one that changes turns every retry across an upgrade into a conflict.
#[test]
fn the_fingerprint_of_an_activity_is_the_same_in_every_version() {
    let fingerprint = fingerprint(|_| {});
    let written: String = fingerprint.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(written, "7bc714d96bbdb5a769ae1f1ceb3f9424");
}
