//! The user directory.

use crate::fixture::{Fixture, activity};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_user_that_is_named_is_answered_and_shown() {
    let fixture = Fixture::start().await;
    let names = json!({"email": "ada@example.com", "displayName": "Ada"});
    let answer = fixture.call(Method::PUT, "/api/users/u%2F1", &fixture.writer, Some(names)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, json!({"user_id": "u/1", "email": "ada@example.com", "display_name": "Ada"}));
    fixture.post(activity("u/1", "a")).await;
    assert_eq!(fixture.list("user_id=u/1").await.each("user_display_name"), ["Ada"]);
}

#[tokio::test]
async fn a_user_who_is_named_again_has_the_new_names_only() {
    let fixture = Fixture::start().await;
    let put = |names| fixture.call(Method::PUT, "/api/users/u-1", &fixture.writer, Some(names));
    put(json!({"email": "ada@example.com", "display_name": "Ada"})).await;
    put(json!({"display_name": "Ada Lovelace"})).await;
    fixture.post(activity("u-1", "a")).await;
    let listed = fixture.list("user_id=u-1").await;
    assert_eq!(listed.each("user_display_name"), ["Ada Lovelace"]);
    assert_eq!(listed.each("user_email"), [Value::Null]);
}

#[tokio::test]
async fn many_users_are_named_at_once() {
    let fixture = Fixture::start().await;
    let users: Vec<_> =
        (0..500).map(|n| json!({"id": format!("u-{n}"), "display_name": format!("User {n}")})).collect();
    let answer = fixture.call(Method::POST, "/api/users", &fixture.writer, Some(json!(users))).await;
    assert_eq!((answer.status.as_u16(), &answer.body), (200, &json!({"stored": 500})));
    fixture.post(json!([activity("u-0", "a"), activity("u-499", "a")])).await;
    assert_eq!(fixture.list("action_filter=a").await.each("user_display_name"), ["User 499", "User 0"]);
}

#[tokio::test]
async fn names_that_are_not_right_are_refused_each_by_its_place_and_none_is_stored() {
    let fixture = Fixture::start().await;
    let users = json!([
        {"id": "u-1", "display_name": "Ada"},
        {"id": "", "email": "x"},
        {"id": "u-3", "email": "x".repeat(321)},
        {"id": "u-4", "display_name": "a\nb"},
    ]);
    let answer = fixture.call(Method::POST, "/api/users", &fixture.writer, Some(users)).await;
    answer.is_problem(422);
    assert_eq!(answer.pointers(), ["/1/id", "/2/email", "/3/display_name"]);
    fixture.post(activity("u-1", "a")).await;
    assert_eq!(fixture.list("user_id=u-1").await.each("user_display_name"), [Value::Null]);
}

#[tokio::test]
async fn unknown_fields_and_wrong_types_are_refused() {
    let fixture = Fixture::start().await;
    for names in [json!({"name": "Ada"}), json!({"email": 5}), json!([]), json!("Ada")] {
        fixture.call(Method::PUT, "/api/users/u-1", &fixture.writer, Some(names)).await.is_problem(422);
    }
    let many = json!(vec![json!({"id": "u-1"}); 10_001]);
    fixture.call(Method::POST, "/api/users", &fixture.writer, Some(many)).await.is_problem(413);
}
