//! The party that acted in a user's name.

use super::*;

/// An activity with these three fields.
fn delegated(id: Value, kind: Value) -> Value {
    let mut object = with("delegate_id", id);
    object["delegate_type"] = kind;
    object
}

#[test]
fn a_delegate_has_one_of_three_types_or_none() {
    for kind in DelegateType::ALL {
        let activity = accepted(delegated(json!("bot"), json!(kind.name())));
        assert_eq!((activity.delegate_id.as_deref(), activity.delegate_type), (Some("bot"), Some(kind)));
    }
    for absent in [json!(null), json!(""), json!("\u{1}")] {
        assert_eq!(accepted(delegated(json!("bot"), absent)).delegate_type, None);
    }
    for (other, words) in [
        (json!("robot"), "must be one of user, agent, service"),
        (json!("Agent"), "must be one of user, agent, service"),
        (json!("agent\0"), "NUL"),
        (json!(1), "must be text, not a number"),
    ] {
        let (pointer, hint) = refused(delegated(json!("bot"), other));
        assert_eq!(pointer, "/delegate_type");
        assert!(hint.contains(words), "{hint}");
    }
}

#[test]
fn a_type_without_an_id_is_refused_at_the_name_that_was_given() {
    for absent in [json!(null), json!(""), json!("\u{7}")] {
        let (pointer, hint) = refused(delegated(absent, json!("agent")));
        assert_eq!(pointer, "/delegate_type");
        assert_eq!(hint, "needs delegate_id, the id of the party that acted");
    }
    let (pointer, _) = refused(with("delegateType", json!("agent")));
    assert_eq!(pointer, "/delegateType");
}

#[test]
fn an_id_that_is_refused_is_the_only_mistake() {
    for wrong in [json!("x".repeat(256)), json!(7), json!("a\0b")] {
        let (pointer, _) = refused(delegated(wrong, json!("agent")));
        assert_eq!(pointer, "/delegate_id");
    }
}

#[test]
fn what_an_activity_came_through_needs_no_delegate() {
    let activity = accepted(with("via", json!("mcp")));
    assert_eq!((activity.via.as_deref(), activity.delegate_id), (Some("mcp"), None));
}
