use super::*;

#[test]
fn no_parameter_means_every_activity() {
    assert!(filter("").conditions().is_empty());
    assert!(matches("", &activity(json!({}))));
}

#[test]
fn empty_values_are_no_condition() {
    let all =
        "action_filter=&success_filter=&user_search= &date_from=&date_to=&ip=&status=&q=&text=&category=";
    assert_eq!(filter(all), Filter::default());
}

#[test]
fn an_empty_value_beside_another_is_ignored() {
    assert_eq!(filter("q=&q=ada"), filter("q=ada"));
    assert_eq!(filter("date_from=&date_from=1772366400"), filter("date_from=1772366400"));
    assert_eq!(filter("user_id=,u-1,,"), filter("user_id=u-1"));
}

#[test]
fn a_list_and_repeated_parameters_both_mean_any_of() {
    let (a, b, c) = (json!("a"), json!("b"), json!("c"));
    for query in ["user_id=a,b", "user_id=a&user_id=b", "user_id= a , b "] {
        check(query, "user_id", &[a.clone(), b.clone()], std::slice::from_ref(&c));
    }
}

#[test]
fn an_exclamation_mark_means_none_of() {
    let (a, b, c) = (json!("a"), json!("b"), json!("c"));
    for query in ["user_id=!a,!b", "user_id=!a&user_id=!b", "user_id=! a, !b"] {
        check(query, "user_id", std::slice::from_ref(&c), &[a.clone(), b.clone()]);
    }
}

#[test]
fn any_of_and_none_of_hold_together() {
    let query = "endpoint=/a,/b,!/b";
    check(query, "endpoint", &[json!("/a")], &[json!("/b"), json!("/c"), json!(null)]);
}

#[test]
fn a_backslash_takes_the_next_character_as_it_is() {
    for (query, user) in [
        (r"user_id=a\,b", "a,b"),
        (r"user_id=\!a", "!a"),
        (r"user_id=a\\b", r"a\b"),
        (r"user_id=a\b", "ab"),
        (r"user_id=a\", "a"),
        ("user_id=a!b", "a!b"),
    ] {
        check(query, "user_id", &[json!(user)], &[json!("other")]);
    }
    check(r"user_id=!\!a", "user_id", &[json!("a")], &[json!("!a")]);
}

#[test]
fn different_parameters_all_have_to_hold() {
    let query = "user_id=u-1&success_filter=false";
    check(query, "success", &[json!(false)], &[json!(true)]);
    check(query, "user_id", &[], &[json!("u-1"), json!("u-2")]);
}

#[test]
fn values_are_compared_as_a_whole_and_with_their_case() {
    check("user_id=ada", "user_id", &[json!("ada")], &[json!("Ada"), json!("adam"), json!("a")]);
}

#[test]
fn searches_are_taken_whole() {
    for name in ["q", "user_search"] {
        let query = format!("{name}=!a,b\\c");
        check(&query, "user_id", &[json!(r"x!a,b\c")], &[json!("a"), json!("b"), json!("c"), json!("z")]);
    }
}

#[test]
fn what_can_be_given_once_only_is_refused_twice() {
    for name in ["date_from", "date_to", "q", "user_search", "text"] {
        let (pointer, hint) = refused(&format!("{name}=1772366400&{name}=1772366401"));
        assert_eq!((pointer.as_str(), hint.as_str()), (name, "is given more than once"));
    }
}

#[test]
fn an_unknown_parameter_is_refused_and_the_nearest_is_offered() {
    for (name, nearest) in [
        ("action_fliter", "action_filter"),
        ("actionfilter", "action_filter"),
        ("userid", "user_id"),
        ("date_form", "date_from"),
        ("tenant", "tenant_id"),
        ("statuses", "status"),
    ] {
        let (pointer, hint) = refused(&format!("{name}=x"));
        assert_eq!(pointer, name);
        assert_eq!(hint, format!("is unknown; did you mean {nearest}?"));
    }
}

#[test]
fn an_unknown_parameter_is_refused_even_when_it_is_empty() {
    assert_eq!(refused("colour=").0, "colour");
}

#[test]
fn a_parameter_that_is_like_no_other_is_answered_with_all_of_them() {
    let (_, hint) = refused("colour=red");
    assert!(hint.contains("the filters are action_filter, success_filter,"), "{hint}");
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let errors = Filter::parse(pairs("colour=red&status=9&ip=x&success_filter=true"), &context());
    let errors = errors.expect_err("should be refused");
    let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(pointers, ["colour", "ip", "status"]);
}

#[test]
fn two_hundred_values_are_taken_and_one_more_is_refused() {
    let list = |count: usize| format!("user_id={}", vec!["u"; count].join(","));
    assert_eq!(filter(&list(200)).conditions().len(), 1);
    assert_eq!(refused(&list(201)).1, "has more than 200 values");
}

#[test]
fn fifty_networks_are_taken_and_one_more_is_refused() {
    let list = |count: usize| {
        let networks: Vec<String> = (0..count).map(|n| format!("!10.{n}.0.0/16")).collect();
        format!("ip={}", networks.join(","))
    };
    assert_eq!(filter(&list(50)).conditions().len(), 1);
    assert_eq!(refused(&list(51)), ("ip".into(), "has more than 50 addresses and networks".into()));
}

#[test]
fn a_search_by_words_has_at_most_sixteen_of_them_and_repeated_ones_count_once() {
    let list = |count: usize| {
        let words: Vec<String> = (0..count).map(|n| format!("w{n}")).collect();
        format!("text={0} {0}", words.join(" "))
    };
    assert_eq!(filter(&list(16)).conditions().len(), 1);
    assert_eq!(refused(&list(17)), ("text".into(), "has more than 16 different words".into()));
}

#[test]
fn a_search_has_at_most_two_hundred_characters() {
    for name in ["q", "user_search", "text"] {
        assert_eq!(filter(&format!("{name}={}", "ä".repeat(200))).conditions().len(), 1);
        assert_eq!(refused(&format!("{name}={}", "ä".repeat(201))).1, "has more than 200 characters");
    }
}

#[test]
fn the_fingerprint_is_the_same_in_any_order_and_differs_for_other_conditions() {
    let query = ["user_id=a,b", "success_filter=true", "date_from=1772366400", "q=ada"];
    let first = filter(&query.join("&")).fingerprint();
    assert_eq!(filter("q=ada&date_from=1772366400&success_filter=true&user_id=a,b").fingerprint(), first);
    for left_out in 0..query.len() {
        let mut fewer = query.to_vec();
        fewer.remove(left_out);
        assert_ne!(filter(&fewer.join("&")).fingerprint(), first, "without {}", query[left_out]);
    }
    let of = |query| filter(query).fingerprint();
    assert_ne!(of("user_id=a"), of("user_id=!a"));
    assert_ne!(of("user_id=a"), of("target_user_id=a"));
    assert_ne!(of("user_id=a"), of("user_id=b"));
}

#[test]
fn conditions_built_by_hand_have_the_fingerprint_of_the_same_query() {
    let one = Condition::Text(TextField::UserId, Choice::any(["a".to_owned()]));
    let other = Condition::Success(Choice::any([true]));
    let built = Filter::of(vec![other.clone()]).and(one.clone());
    assert_eq!(built.fingerprint(), Filter::of(vec![one, other]).fingerprint());
    assert_eq!(built.fingerprint(), filter("user_id=a&success_filter=true").fingerprint());
}

#[test]
fn a_value_with_a_nul_is_refused_since_no_database_could_be_asked_for_it() {
    for query in ["user_id=a\0b", "text=a\0b", "session_id=\0"] {
        assert!(refused(query).1.starts_with("must not contain NUL"), "{query:?}");
    }
}
