use super::*;

#[test]
fn each_text_parameter_asks_for_its_own_field() {
    for (parameter, field) in [
        ("action_filter", "action_type"),
        ("user_id", "user_id"),
        ("target_user_id", "target_user_id"),
        ("session_id", "session_id"),
        ("request_id", "request_id"),
        ("trace_id", "trace_id"),
        ("resource_type", "resource_type"),
        ("resource_id", "target_resource_id"),
        ("endpoint", "endpoint"),
        ("tenant_id", "tenant_id"),
        ("delegate_id", "delegate_id"),
        ("via", "via"),
    ] {
        check(&format!("{parameter}=x-1"), field, &[json!("x-1")], &[json!("x-2")]);
        check(&format!("{parameter}=!x-1"), field, &[json!("x-2")], &[json!("x-1")]);
    }
}

#[test]
fn what_is_unknown_is_none_of_anything_and_not_one_of_anything() {
    for (parameter, field, value) in [
        ("target_user_id", "target_user_id", "x"),
        ("session_id", "session_id", "x"),
        ("request_id", "request_id", "x"),
        ("trace_id", "trace_id", "x"),
        ("resource_type", "resource_type", "x"),
        ("resource_id", "target_resource_id", "x"),
        ("endpoint", "endpoint", "x"),
        ("method", "http_method", "x"),
        ("tenant_id", "tenant_id", "x"),
        ("delegate_id", "delegate_id", "x"),
        ("via", "via", "x"),
        ("ip", "ip_address", "203.0.113.9"),
        ("status", "status_code", "404"),
    ] {
        check(&format!("{parameter}={value}"), field, &[], &[json!(null)]);
        check(&format!("{parameter}=!{value}"), field, &[json!(null)], &[]);
    }
}

#[test]
fn the_method_may_be_written_in_lower_case() {
    check("method=get,Post", "http_method", &[json!("GET"), json!("post")], &[json!("PUT")]);
}

#[test]
fn a_session_that_is_a_credential_is_found_by_it_and_by_its_hash() {
    let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoidS0xIn0.c2lnbmF0dXJl";
    let stored = activity(json!({ "session_id": jwt }));
    let hash = stored.session_id.clone().expect("a session");
    assert_ne!(hash, jwt);
    for wanted in [jwt, &hash] {
        assert!(matches(&format!("session_id={wanted}"), &stored), "{wanted}");
        assert!(!matches(&format!("session_id=!{wanted}"), &stored), "{wanted}");
    }
}

#[test]
fn success_is_written_in_two_ways() {
    for (query, success) in [
        ("success_filter=true", true),
        ("success_filter=success", true),
        ("success_filter=FAILURE", false),
        ("success_filter=false", false),
        ("success_filter=!true", false),
    ] {
        check(query, "success", &[json!(success)], &[json!(!success)]);
    }
    check("success_filter=true,failure", "success", &[json!(true), json!(false)], &[]);
    check("success_filter=true,!true", "success", &[], &[json!(true), json!(false)]);
}

#[test]
fn admins_and_anonymous_users_can_be_asked_for() {
    check("is_admin=true", "is_admin", &[json!(true)], &[json!(false)]);
    check("is_admin=false", "is_admin", &[json!(false)], &[json!(true)]);
    let (anonymous, known) = (json!("anon-7"), [json!("u-1"), json!("anon"), json!("x-anon-7")]);
    check("anonymous=true", "user_id", std::slice::from_ref(&anonymous), &known);
    check("anonymous=false", "user_id", &known, std::slice::from_ref(&anonymous));
}

#[test]
fn activities_of_a_delegate_can_be_asked_for() {
    let (bot, nobody) = ([json!("bot")], [json!(null), json!("")]);
    check("delegated=true", "delegate_id", &bot, &nobody);
    check("delegated=false", "delegate_id", &nobody, &bot);
    check("delegated=!true", "delegate_id", &nobody, &bot);
    check("delegated=true", "via", &[], &[json!("mcp")]);
    let by_sql = Activity { delegate_id: Some(String::new()), ..activity(json!({})) };
    assert!(!matches("delegated=true", &by_sql) && matches("delegated=false", &by_sql));
}

#[test]
fn reads_of_the_log_can_be_asked_for_by_who_has_read() {
    let by = |action: &str, user: &str| activity(json!({"action_type": action, "user_id": user}));
    let (ada, bob) = (by("admin_view_activity_logs", "ada"), by("admin_view_activity_logs", "bob"));
    let login = by("user_login", "ada");
    for (query, means) in [
        ("read_by=ada", [true, false, false]),
        ("read_by=ada,bob", [true, true, false]),
        ("read_by=!ada", [false, true, true]),
        ("read_by=!ada,!bob", [false, false, true]),
        ("read_by=bob,!ada", [false, true, false]),
    ] {
        assert_eq!([&ada, &bob, &login].map(|activity| matches(query, activity)), means, "{query}");
    }
}

#[test]
fn bad_flags_are_refused_and_the_hint_says_the_words() {
    let (pointer, hint) = refused("success_filter=yes");
    assert_eq!(pointer, "success_filter");
    assert_eq!(hint, r#"must be one of true, success, false, failure, not "yes""#);
    assert_eq!(refused("is_admin=1").1, r#"must be one of true, false, not "1""#);
    assert_eq!(refused("anonymous=success").0, "anonymous");
    assert_eq!(refused("delegated=bot").1, r#"must be one of true, false, not "bot""#);
    assert_eq!(refused("delegate=bot").1, "is unknown; did you mean delegated?");
}

#[test]
fn a_status_is_a_code_or_a_class() {
    let of = |codes: &[u16]| codes.iter().map(|code| json!(code)).collect::<Vec<_>>();
    for (query, meant, others) in [
        ("status=404", of(&[404]), of(&[400, 403, 405])),
        ("status=4xx", of(&[400, 404, 499]), of(&[399, 500])),
        ("status=5XX,404", of(&[500, 599, 404]), of(&[403, 200])),
        ("status=!4xx,!500", of(&[200, 501]), of(&[400, 500])),
        ("status=4xx,!404", of(&[400, 405]), of(&[404, 200])),
    ] {
        check(query, "status_code", &meant, &others);
    }
}

#[test]
fn what_is_no_status_is_refused() {
    for value in ["99", "600", "0xx", "6xx", "xx", "4x", "40x", "ok", "-404", "404.0", "99999"] {
        let (pointer, hint) = refused(&format!("status={value}"));
        assert_eq!(pointer, "status");
        assert!(hint.contains("such as 404 or a class such as 4xx") && hint.contains(value), "{hint}");
    }
}

#[test]
fn an_address_or_a_network_can_be_asked_for() {
    let of = |addresses: &[&str]| addresses.iter().map(|address| json!(address)).collect::<Vec<_>>();
    for (query, meant, others) in [
        ("ip=192.0.2.7", of(&["192.0.2.7", "::ffff:192.0.2.7"]), of(&["192.0.2.8", "2001:db8::7"])),
        ("ip=192.0.2.0/24", of(&["192.0.2.0", "192.0.2.255"]), of(&["192.0.3.0", "2001:db8::1"])),
        ("ip=192.0.2.77/24", of(&["192.0.2.1"]), of(&["192.0.3.1"])),
        ("ip=2001:db8::/32", of(&["2001:db8::1", "2001:db8:ffff::"]), of(&["2001:db9::", "192.0.2.7"])),
        ("ip=2001:DB8:0:0::1", of(&["2001:db8::1"]), of(&["2001:db8::2"])),
        ("ip=::ffff:192.0.2.7", of(&["192.0.2.7"]), of(&["192.0.2.8"])),
        ("ip=::ffff:192.0.2.0/120", of(&["192.0.2.7"]), of(&["192.0.3.7"])),
        ("ip=0.0.0.0/0", of(&["192.0.2.7"]), of(&["2001:db8::1"])),
        ("ip=::/0", of(&["2001:db8::1"]), of(&["192.0.2.7"])),
        ("ip=!10.0.0.0/8,!::1", of(&["192.0.2.7"]), of(&["10.1.2.3", "::1"])),
    ] {
        check(query, "ip_address", &meant, &others);
    }
}

#[test]
fn what_is_no_network_is_refused() {
    for value in ["localhost", "192.0.2", "192.0.2.0/33", "2001:db8::/129", "192.0.2.*", "192.0.2.7:80"] {
        let (pointer, hint) = refused(&format!("ip={value}"));
        assert_eq!(pointer, "ip");
        assert!(hint.contains("such as 192.0.2.0/24") && hint.contains(value), "{hint}");
    }
}

#[test]
fn a_category_means_the_actions_that_belong_to_it() {
    let (login, upload, own) = (json!("user_login"), json!("document_upload"), json!("parcel_sent"));
    for (query, meant, others) in [
        ("category=authentication", vec![&login], vec![&upload, &own]),
        ("category=authentication,documents", vec![&login, &upload], vec![&own]),
        ("category=other", vec![&own], vec![&login, &upload]),
        ("category=other,documents", vec![&own, &upload], vec![&login]),
        ("category=!authentication", vec![&upload, &own], vec![&login]),
        ("category=!other", vec![&login, &upload], vec![&own]),
        ("category=!other,!documents", vec![&login], vec![&upload, &own]),
        ("category=authentication,!authentication", vec![], vec![&login, &upload, &own]),
        ("category=other,!other", vec![], vec![&login, &upload, &own]),
    ] {
        let of = |values: Vec<&serde_json::Value>| values.into_iter().cloned().collect::<Vec<_>>();
        check(query, "action_type", &of(meant), &of(others));
    }
}

#[test]
fn an_unknown_category_is_refused() {
    assert_eq!(refused("category=colours").1, r#""colours" is no category of the catalogue"#);
    assert_eq!(refused("category=!colours").0, "category");
}

#[test]
fn dates_are_inclusive_and_the_last_second_belongs_to_them_whole() {
    let at = |second: &str| json!(format!("2026-03-01T12:00:{second}Z"));
    let from = [at("05"), at("05.000001"), at("06")];
    for query in
        ["date_from=2026-03-01T12:00:05Z", "date_from=2026-03-01T13:00:05%2B01:00", "date_from=1772366405"]
    {
        check(&query.replace("%2B", "+"), "timestamp", &from, &[at("04.999999")]);
    }
    let until = [at("04"), at("05"), at("05.999999")];
    for query in ["date_to=2026-03-01T12:00:05Z", "date_to=1772366405", "date_to= 1772366405.0 "] {
        check(query, "timestamp", &until, &[at("06")]);
    }
}

#[test]
fn a_date_with_a_fraction_is_taken_at_its_word() {
    check(
        "date_to=2026-03-01T12:00:05.5Z",
        "timestamp",
        &[json!("2026-03-01T12:00:05.5Z")],
        &[json!("2026-03-01T12:00:05.500001Z")],
    );
    check("date_from=1772366405.5", "timestamp", &[json!(1_772_366_405.5)], &[json!(1_772_366_405.25)]);
}

#[test]
fn bad_dates_are_refused_with_what_would_be_right() {
    for (value, words) in [
        ("2026-03-01T12:00:00", "has no UTC offset"),
        ("2026-03-01", "has no UTC offset"),
        ("1772366400000", "divide by 1000"),
        ("yesterday", "must be RFC 3339 with an offset"),
        ("NaN", "must be RFC 3339 with an offset"),
    ] {
        for name in ["date_from", "date_to"] {
            let (pointer, hint) = refused(&format!("{name}={value}"));
            assert_eq!(pointer, name);
            assert!(hint.contains(words), "{hint}");
        }
    }
}

#[test]
fn dates_are_replaced_by_a_beginning_and_everything_else_stays() {
    let moment = Timestamp::from_second(1_772_366_400).expect("a moment");
    let dated = filter("date_from=1&date_to=2&user_id=u-1&q=ada");
    let since = dated.since(moment);
    assert_eq!(since.fingerprint(), filter("date_from=1772366400&user_id=u-1&q=ada").fingerprint());
    assert_eq!(filter("").since(moment), Filter::of(vec![Condition::From(moment)]));
}
