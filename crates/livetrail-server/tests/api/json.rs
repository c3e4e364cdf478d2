//! JSON from outside: no key means anything to a parser, no nesting costs more than its length, and numbers keep their
//! digits.

use crate::fixture::{Fixture, activity};
use reqwest::Method;
use serde_json::json;
use std::process::Command;

const RAW: &str = "$serde_json::private::RawValue";

/// A text that is read anew at each level by a parser to which the key means something.
fn nested(levels: usize, depth: usize) -> String {
    (0..levels).fold("1".to_owned(), |inner, _| {
        let inner = inner.replace('\\', "\\u005c").replace('"', "\\u0022");
        format!("{}{{\"{RAW}\":\"{inner}\"}}{}", "[".repeat(depth), "]".repeat(depth))
    })
}

#[tokio::test]
async fn a_key_of_a_parsers_own_is_stored_as_it_was_sent() {
    let fixture = Fixture::start().await;
    for details in
        [json!({RAW: "{\"a\": 1}"}), json!({RAW: "null"}), json!({RAW: 5}), json!({"a": {RAW: []}})]
    {
        let mut sent = activity("u-1", "a");
        sent["details"] = details.clone();
        let id = fixture.post(sent).await.body["id"].as_str().expect("an id").to_owned();
        let found = fixture.get(&format!("/api/admin/activity/{id}")).await;
        assert_eq!(found.body["details"], details);
    }
}

#[tokio::test]
async fn text_that_is_nested_within_texts_is_refused_or_stored_and_the_server_goes_on() {
    let fixture = Fixture::start().await;
    let deep = nested(6, 120);
    let sign_in = fixture.request(Method::POST, "/api/session").header("content-type", "application/json");
    assert!(fixture.send(sign_in.body(deep.clone())).await.status.is_client_error());
    let body = format!(r#"{{"user_id":"u-1","action_type":"a","details":{{"a":{}}}}}"#, nested(4, 50));
    let stored = fixture.request(Method::POST, "/api/activity").bearer_auth(&fixture.writer).body(body);
    assert_eq!(fixture.send(stored).await.status, 201);
    assert_eq!(fixture.list("user_id=u-1").await.body["total"], 1);
}

#[tokio::test]
async fn a_number_keeps_the_digits_that_were_sent() {
    let fixture = Fixture::start().await;
    let details = r#"{"large":115792089237316195423570985008687907853269984665640564039457584007913129639935,"price":1.50}"#;
    let body = format!(r#"{{"user_id":"u-1","action_type":"a","details":{details}}}"#);
    let request = fixture.request(Method::POST, "/api/activity").bearer_auth(&fixture.writer).body(body);
    assert_eq!(fixture.send(request).await.status, 201);
    let list = fixture.request(Method::GET, "/api/admin/activity").bearer_auth(&fixture.admin);
    let text = list.send().await.expect("an answer").text().await.expect("text");
    assert!(text.contains(&format!("\"details\":{details}")), "{text}");
}

#[tokio::test]
async fn a_number_that_is_none_costs_its_own_item_of_a_batch() {
    let fixture = Fixture::start().await;
    let body =
        r#"[{"user_id":"u-1","action_type":"a","details":{"n":NaN}},{"user_id":"u-2","action_type":"a"}]"#;
    let request = fixture.request(Method::POST, "/api/activity").bearer_auth(&fixture.writer).body(body);
    let answer = fixture.send(request).await;
    assert_eq!((answer.status.as_u16(), &answer.body["accepted"]), (200, &json!(1)));
    assert_eq!(answer.body["rejected"][0]["index"], 0);
}

/// The features of `serde_json` that give keys of the input a meaning, in whatever crate switches them on.
#[test]
fn the_features_that_give_keys_a_meaning_are_not_in_the_tree() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--workspace", "--locked", "--offline", "--prefix", "none", "--format", "{p} {f}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let tree = String::from_utf8(tree.stdout).expect("text");
    let mut parsers = tree.lines().filter(|line| line.starts_with("serde_json v")).peekable();
    assert!(parsers.peek().is_some(), "serde_json is not found under this name");
    for parser in parsers {
        assert!(!parser.contains("raw_value") && !parser.contains("arbitrary_precision"), "{parser}");
    }
}
