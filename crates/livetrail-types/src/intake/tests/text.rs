use super::*;

const UP_TO: [(&str, usize); 13] = [
    ("user_id", 255),
    ("action_type", 50),
    ("endpoint", 255),
    ("http_method", 10),
    ("error_type", 100),
    ("target_user_id", 255),
    ("target_resource_id", 255),
    ("resource_type", 50),
    ("request_id", 128),
    ("trace_id", 64),
    ("tenant_id", 128),
    ("delegate_id", 255),
    ("via", 50),
];

const TEXTS: [&str; 17] = [
    "user_id",
    "action_type",
    "endpoint",
    "http_method",
    "error_message",
    "error_type",
    "target_user_id",
    "target_resource_id",
    "resource_type",
    "ip_address",
    "user_agent",
    "session_id",
    "request_id",
    "trace_id",
    "tenant_id",
    "delegate_id",
    "via",
];

fn kept(activity: &NewActivity, field: &str) -> Value {
    serde_json::to_value(activity).expect("an activity has a JSON form")[field].clone()
}

#[test]
fn user_id_and_action_type_are_required_and_the_hint_says_what_they_are() {
    for (field, words) in [("user_id", "the user who acted"), ("action_type", "as in user_login")] {
        for absent in [json!(null), json!(""), json!("\u{7}")] {
            check_refused(field, absent, words);
        }
        let mut object = with("is_admin", json!(true));
        object.as_object_mut().expect("an object").remove(field);
        let (pointer, hint) = refused(object);
        assert_eq!(pointer, format!("/{field}"));
        assert!(hint.starts_with("is required"), "{hint}");
    }
}

#[test]
fn every_text_is_kept_up_to_its_limit_and_refused_beyond_it() {
    for (field, most) in UP_TO {
        let longest = "A".repeat(most);
        assert_eq!(kept(&accepted(with(field, json!(longest))), field), json!(longest), "{field}");
        let hint = format!("has {} characters; at most {most} are allowed", most + 1);
        check_refused(field, json!("A".repeat(most + 1)), &hint);
    }
}

#[test]
fn limits_count_characters_and_not_bytes() {
    assert_eq!(accepted(with("user_id", json!("ä".repeat(255)))).user_id, "ä".repeat(255));
    check_refused("user_id", json!("ä".repeat(256)), "has 256 characters");
}

#[test]
fn text_of_another_type_is_refused_and_never_turned_into_text() {
    let others = [
        (json!(7), "not a number"),
        (json!(true), "not a boolean"),
        (json!(["a"]), "not an array"),
        (json!({"a": 1}), "not an object"),
    ];
    for field in TEXTS {
        for (value, words) in &others {
            check_refused(field, value.clone(), words);
        }
    }
}

#[test]
fn a_nul_is_refused_in_every_text() {
    for field in TEXTS {
        check_refused(field, json!("a\0b"), "NUL");
    }
}

#[test]
fn control_characters_other_than_tab_and_newline_are_stripped() {
    for field in TEXTS.into_iter().filter(|field| !["action_type", "ip_address"].contains(field)) {
        let activity = accepted(with(field, json!("A\u{1b}B\u{85}C\rD")));
        assert_eq!(kept(&activity, field), json!("ABCD"), "{field}");
    }
    let message = accepted(with("error_message", json!("a\tb\nc"))).error_message;
    assert_eq!(message.as_deref(), Some("a\tb\nc"));
}

#[test]
fn empty_text_and_null_are_absent() {
    for field in TEXTS.into_iter().filter(|field| !["user_id", "action_type"].contains(field)) {
        for absent in [json!(null), json!(""), json!("\u{1}")] {
            assert_eq!(kept(&accepted(with(field, absent)), field), json!(null), "{field}");
        }
    }
}

#[test]
fn an_action_type_has_letters_digits_and_four_signs_only() {
    let action = "Az09_.:-";
    assert_eq!(accepted(with("action_type", json!(action))).action_type, action);
    for other in ["user login", "a/b", "größe", "a,b", "!a", "a\n"] {
        check_refused("action_type", json!(other), "letters, digits and _ . : -");
    }
}

#[test]
fn a_query_string_and_a_fragment_are_cut_off_the_endpoint_before_it_is_measured() {
    let query = format!("/api/x?token={}", "t".repeat(300));
    for (given, path) in [("/api/x?a=1", "/api/x"), ("/api/x#top", "/api/x"), (query.as_str(), "/api/x")] {
        assert_eq!(accepted(with("endpoint", json!(given))).endpoint.as_deref(), Some(path), "{given}");
    }
    assert_eq!(accepted(with("endpoint", json!("?a=1"))).endpoint, None);
}

#[test]
fn the_http_method_is_stored_in_upper_case() {
    assert_eq!(accepted(with("http_method", json!("delete"))).http_method.as_deref(), Some("DELETE"));
}

#[test]
fn a_long_error_message_is_cut_and_marked() {
    let cut = |text: &str| {
        let mut activity = accepted(with("error_message", json!(text)));
        activity.cut_long_texts();
        activity.error_message.expect("a message")
    };
    assert_eq!(cut(&"é".repeat(8_000)), "é".repeat(8_000));
    assert_eq!(cut(&"é".repeat(8_001)), "é".repeat(7_999) + "…");
}

#[test]
fn a_long_user_agent_is_cut() {
    let mut activity = accepted(with("user_agent", json!("m".repeat(1_025))));
    activity.cut_long_texts();
    assert_eq!(activity.user_agent, Some("m".repeat(1_024)));
}

#[test]
fn a_text_of_any_length_is_searched_for_secrets_up_to_a_limit_and_then_cut() {
    let mut activity = accepted(with("error_message", json!("x".repeat(limits::SEARCHED_TEXT + 1))));
    assert_eq!(activity.error_message.as_ref().map(String::len), Some(limits::SEARCHED_TEXT));
    activity.error_message = Some("x ".repeat(3_990) + "Bearer s3cr3t-that-crosses-the-limit");
    activity.redact(&Redaction::standard());
    activity.cut_long_texts();
    assert!(activity.error_message.is_some_and(|text| text.ends_with("x [redacted]")), "a part is left");
}

#[test]
fn an_address_may_have_a_port_brackets_or_a_list_behind_it() {
    for (given, address) in [
        ("203.0.113.9", "203.0.113.9"),
        ("203.0.113.9:51234", "203.0.113.9"),
        ("[2001:db8::9]:443", "2001:db8::9"),
        ("2001:DB8::9", "2001:db8::9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 10.0.0.1", "203.0.113.9"),
    ] {
        let read = accepted(with("ip_address", json!(given))).ip_address;
        assert_eq!(read.map(|ip| ip.to_string()).as_deref(), Some(address), "{given}");
    }
}

#[test]
fn no_activity_is_lost_for_a_header_that_names_no_address() {
    for given in ["unknown", "localhost", "203.0.113", "203.0.113.256", "2001:db8:::1", "_hidden, unknown"] {
        assert_eq!(accepted(with("ip_address", json!(given))).ip_address, None, "{given}");
    }
    check_refused("ip_address", json!(7), "must be text");
}

#[test]
fn a_session_id_is_kept_up_to_its_limit_and_a_token_up_to_a_larger_one() {
    let spaced = |most: usize| "s ".repeat(most.div_ceil(2))[..most].to_owned();
    let jwt = |length: usize| format!("eyJhbGciOiJIUzI1NiJ9.{}.c2ln", "p".repeat(length - 26));
    for allowed in [spaced(255), jwt(8_192), "r".repeat(8_192)] {
        assert_eq!(accepted(with("session_id", json!(allowed))).session_id, Some(allowed));
    }
    check_refused("session_id", json!(spaced(256)), "has 256 characters; at most 255");
    check_refused("session_id", json!(jwt(8_193)), "has 8193 characters; at most 8192");
}
