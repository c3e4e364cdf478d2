use super::*;

/// An object in an object, `levels` deep.
fn nested(levels: usize) -> Value {
    (1..levels).fold(json!({}), |inner, _| json!({ "a": inner }))
}

/// An object of exactly `bytes` as compact JSON.
fn sized(bytes: usize) -> Value {
    json!({ "k": "v".repeat(bytes - r#"{"k":""}"#.len()) })
}

#[test]
fn details_and_changes_have_to_be_objects() {
    for field in ["details", "changes"] {
        for (value, words) in [
            (json!("text"), "not text"),
            (json!([1]), "not an array"),
            (json!(1), "not a number"),
            (json!(true), "not a boolean"),
        ] {
            check_refused(field, value, words);
        }
        check_refused(field, json!(r#"{"written":"as text"}"#), "must be a JSON object");
    }
}

#[test]
fn details_are_kept_as_they_are() {
    let details = json!({"plan": "pro", "seats": 3, "ratio": 0.5, "tags": ["a", null], "empty": {}});
    assert_eq!(written(accepted(with("details", details.clone())).details), Some(details));
}

#[test]
fn an_empty_object_is_kept_and_null_is_absent() {
    assert_eq!(accepted(with("details", json!({}))).details, Some(Object::new()));
    assert_eq!(accepted(with("details", json!(null))).details, None);
    assert_eq!(accepted(with("changes", json!({}))).changes, Some(Object::new()));
}

#[test]
fn sixty_four_kibibytes_of_details_are_kept_and_one_byte_more_is_refused() {
    assert!(accepted(with("details", sized(65_536))).details.is_some());
    check_refused("details", sized(65_537), "has 65537 bytes as JSON; at most 65536");
    check_refused("changes", sized(65_537), "has 65537 bytes as JSON");
}

#[test]
fn sixty_four_levels_are_kept_and_one_more_is_refused_where_it_begins() {
    assert!(accepted(with("details", nested(64))).details.is_some());
    let (pointer, hint) = refused(with("details", nested(65)));
    assert!(pointer.starts_with("/details/a/a/a/"), "{pointer}");
    assert!(hint.contains("deeper than 64 levels"), "{hint}");
}

#[test]
fn arrays_count_as_levels_too() {
    let deep = (0..64).fold(json!(1), |inner, _| json!([inner]));
    let (_, hint) = refused(with("details", json!({ "list": deep })));
    assert!(hint.contains("levels"), "{hint}");
}

#[test]
fn a_nul_at_any_depth_is_refused_with_the_pointer_to_it() {
    for (details, at) in [
        (json!({"a": "\0"}), "/details/a"),
        (json!({"a": {"b": ["x", {"c": "y\0"}]}}), "/details/a/b/1/c"),
        (json!({"a/b": {"~": "\0"}}), "/details/a~1b/~0"),
        (json!({"a": {"k\0": 1}}), "/details/a/k\u{fffd}"),
    ] {
        let (pointer, hint) = refused(with("details", details));
        assert_eq!(pointer, at);
        assert!(hint.contains("NUL"), "{hint}");
    }
}

#[test]
fn control_characters_are_stripped_from_texts_and_keys_at_any_depth() {
    let details = json!({"a\u{7}": [{"b\u{1b}[0m": "x\u{8}y\tz\n"}]});
    let clean = json!({"a": [{"b[0m": "xy\tz\n"}]});
    assert_eq!(written(accepted(with("details", details)).details), Some(clean));
}

#[test]
fn a_change_says_from_what_to_what() {
    let changes = json!({"plan": {"from": "free", "to": "pro"}, "tags": {"from": [], "to": ["a"]}});
    assert_eq!(written(accepted(with("changes", changes.clone())).changes), Some(changes));
}

#[test]
fn a_missing_side_of_a_change_is_null() {
    let changes = json!({"came": {"to": 1}, "went": {"from": 2}});
    let both = json!({"came": {"from": null, "to": 1}, "went": {"from": 2, "to": null}});
    assert_eq!(written(accepted(with("changes", changes)).changes), Some(both));
}

#[test]
fn a_change_of_another_form_is_refused_with_its_field() {
    for change in
        [json!("pro"), json!(null), json!({}), json!(["free", "pro"]), json!({"from": 1, "to": 2, "by": "x"})]
    {
        let (pointer, hint) =
            refused(with("changes", json!({"ok": {"from": 1, "to": 2}, "a/b": change.clone()})));
        assert_eq!(pointer, "/changes/a~1b", "{change}");
        assert!(hint.contains(r#"an object of "from" and "to""#), "{hint}");
    }
}
