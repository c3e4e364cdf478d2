use super::*;

fn ada() -> UserProfile {
    UserProfile {
        user_id: "u-1042".into(),
        email: Some("Ada@Example.org".into()),
        display_name: Some("Ada Lovelace-Ünal".into()),
    }
}

/// Whether the query means a sign-in of Ada's.
fn finds(query: &str) -> bool {
    let fields = json!({"user_id": "u-1042", "action_type": "login_failed", "ip_address": "203.0.113.9"});
    let (activity, profile) = (activity(fields), ada());
    filter(query).matches(&Subject { activity: &activity, profile: Some(&profile) })
}

#[test]
fn a_user_search_finds_part_of_id_address_and_name_in_any_case() {
    for part in ["1042", "U-10", "ada@", "EXAMPLE", "lovelace", "ada l", "ÜNAL", "  Ada "] {
        assert!(finds(&format!("user_search={part}")), "{part}");
        assert!(finds(&format!("q={part}")), "{part}");
    }
    for part in ["grace", "ada  lovelace", "%", "a_a", "*"] {
        assert!(!finds(&format!("user_search={part}")), "{part}");
        assert!(!finds(&format!("q={part}")), "{part}");
    }
}

#[test]
fn a_search_finds_part_of_the_action_and_of_the_address_too() {
    for part in ["login", "LOGIN_F", "login failed", "203.0.113", "0.113.9"] {
        assert!(finds(&format!("q={part}")), "{part}");
        assert!(!finds(&format!("user_search={part}")), "{part}");
    }
}

#[test]
fn a_search_finds_part_of_an_endpoint_a_resource_and_a_target_user() {
    let activity = activity(json!({
        "endpoint": "/api/Documents/7", "target_resource_id": "Quarterly Report.pdf", "target_user_id": "u-77",
    }));
    for part in ["documents/7", "report.PDF", "quarterly r", "u-77", "77"] {
        assert!(matches(&format!("q={part}"), &activity), "{part}");
    }
    assert!(!matches("q=documents/8", &activity));
}

#[test]
fn a_long_hexadecimal_id_of_a_resource_is_found_as_a_whole() {
    let of = |id: &str| activity(json!({"target_resource_id": id, "user_id": "u-1"}));
    for (id, typed, is_found) in [
        ("0198c0de-0000-7000-8000-00000000abcd", "0198C0DE-0000-7000-8000-00000000abcd", true),
        ("507f1f77bcf86cd799439011", "507f1f77bcf86cd799439011", true),
        ("507f1f77bcf86cd799439ada", "ada", false),
        ("507f1f77bcf86cd799439011", "507f1f77", false),
        ("507f1f77-ada", "ada", true),
        ("507F1F77BCF86CD799439ADA", "ada", true),
    ] {
        assert_eq!(matches(&format!("q={typed}"), &of(id)), is_found, "{typed} in {id}");
    }
}

#[test]
fn a_search_for_an_id_finds_exactly_it() {
    let activity = activity(json!({
        "id": "0198c0de-0000-7000-8000-00000000abcd", "session_id": "S-1042", "request_id": "Req-77",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
    }));
    for id in
        ["0198C0DE-0000-7000-8000-00000000ABCD", "S-1042", " Req-77 ", "4bf92f3577b34da6a3ce929d0e0e4736"]
    {
        assert!(matches(&format!("q={id}"), &activity), "{id}");
    }
    for part in ["0198c0de", "0198c0de00007000800000000000abcd", "s-1042", "Req-7", "4bf92f35"] {
        assert!(!matches(&format!("q={part}"), &activity), "{part}");
    }
}

#[test]
fn a_search_for_a_network_finds_the_addresses_in_it() {
    for (network, is_in) in [
        ("203.0.113.0/24", true),
        ("203.0.113.77/24", true),
        ("203.0.112.0/24", false),
        ("2001:db8::/32", false),
        ("203.0.113.0/33", false),
    ] {
        assert_eq!(finds(&format!("q={network}")), is_in, "{network}");
    }
}

#[test]
fn a_search_does_not_look_into_messages_and_details() {
    let fields = json!({"error_message": "needle", "details": {"needle": 1}, "user_agent": "needle"});
    assert!(!matches("q=needle", &activity(fields)));
}

#[test]
fn without_a_profile_the_user_id_is_all_there_is() {
    let activity = activity(json!({"user_id": "u-1042"}));
    assert!(matches("user_search=1042", &activity));
    assert!(!matches("user_search=ada", &activity));
}

#[test]
fn only_the_searches_for_people_need_the_directory() {
    for (query, needs) in [
        ("q=ada", true),
        ("user_search=ada", true),
        ("text=ada", false),
        ("user_id=ada&anonymous=true&status=4xx", false),
        ("user_id=ada&q=x", true),
        ("", false),
    ] {
        assert_eq!(filter(query).needs_profile(), needs, "{query}");
    }
}

#[test]
fn a_text_search_wants_every_word_whole_in_messages_or_details() {
    let fields = json!({"error_message": "Connection refused", "details": {"host": "db-1", "Tries": [3]}});
    let activity = activity(fields);
    for words in ["refused", "CONNECTION refused", "refused db", "host db-1", "tries 3"] {
        assert!(matches(&format!("text={words}"), &activity), "{words}");
    }
    for words in ["refuse", "connect", "refused again", "db-2", "login"] {
        assert!(!matches(&format!("text={words}"), &activity), "{words}");
    }
}

#[test]
fn a_text_search_that_is_switched_off_is_refused_unless_it_is_empty() {
    let context = FilterContext { text_search: false, ..context() };
    let errors = Filter::parse([("text", "refused")], &context).expect_err("switched off");
    assert_eq!(errors[0].pointer, "text");
    assert!(errors[0].detail.contains("switched off"), "{errors:?}");
    assert_eq!(Filter::parse([("text", "")], &context), Ok(Filter::default()));
}
