//! The form of destinations.

use super::*;
use serde_json::{Value, json};

fn read(value: Value) -> Result<Destination, String> {
    let read = serde_json::from_value::<Destination>(value).map_err(|error| error.to_string())?;
    read.check().map(|()| read).map_err(|error| error.to_string())
}

fn refusal(value: Value) -> String {
    read(value).expect_err("a refusal")
}

#[test]
fn a_destination_is_read_as_it_is_written() {
    let secret = secret(1).text().to_owned();
    for value in [
        json!({"kind": "webhook", "url": "https://a.example/x?y=1", "secrets": [secret]}),
        json!({"kind": "slack", "url": "https://hooks.slack.com/services/T/B/x"}),
        json!({"kind": "teams", "url": "https://a.example/workflows/1?sig=x"}),
        json!({"kind": "email", "to": ["ops@example.com", "Jürgen@exämple.com"]}),
    ] {
        let destination = read(value.clone()).expect("a destination");
        assert_eq!(destination.kind(), value["kind"]);
        assert_eq!(serde_json::to_value(&destination).expect("JSON"), value);
    }
}

#[test]
fn a_wrong_destination_is_refused_by_its_field() {
    let slack = |url: &str| refusal(json!({"kind": "slack", "url": url}));
    assert_eq!(slack("hooks.slack.com"), "url: is not a URL");
    assert_eq!(slack("ftp://a.example/"), "url: must begin with https:// or http://");
    assert_eq!(slack("file:///etc/passwd"), "url: must begin with https:// or http://");
    assert!(slack("https://user:hunter2@a.example/").starts_with("url: must not hold a user or password"));
    assert_eq!(
        slack(&format!("https://a.example/{}", "x".repeat(2_000))),
        "url: must have at most 2000 bytes"
    );
    let email = |to: Value| refusal(json!({"kind": "email", "to": to}));
    assert_eq!(email(json!([])), "to: must be 1 to 20 addresses");
    assert_eq!(email(json!(vec!["a@example.com"; 21])), "to: must be 1 to 20 addresses");
    for address in [
        "ops",
        "ops@",
        "@example.com",
        "Ops <ops@example.com>",
        "a@b.c, d@e.f",
        "a@b.c\r\nBcc: d@e.f",
        "\"a\r\nRCPT TO:<x@y.z>\"@example.com",
        "\"a\u{7f}\"@example.com",
        "a b@example.com",
    ] {
        let refused = email(json!([address]));
        assert!(refused.starts_with("to: ") && refused.contains("is not an e-mail address"), "{refused}");
    }
    let webhook =
        |secrets: Value| refusal(json!({"kind": "webhook", "url": "https://a.example/", "secrets": secrets}));
    assert_eq!(webhook(json!([])), "secrets: must be 1 to 3 secrets");
    assert_eq!(webhook(json!(vec![secret(1).text(); 4])), "secrets: must be 1 to 3 secrets");
    for secret in
        ["hunter2hunter2hunter2hunter2hunter2", "whsec_aHVudGVyMg==", "whsec_hunter2 hunter2", "whsec_"]
    {
        let refused = webhook(json!([secret]));
        assert!(
            refused.starts_with("secrets: a secret must be whsec_") && !refused.contains("hunter2"),
            "{refused}"
        );
    }
}

#[test]
fn an_unknown_field_or_kind_is_refused() {
    assert!(
        refusal(json!({"kind": "slack", "url": "https://a.example", "to": ["x"]})).contains("unknown field")
    );
    assert!(refusal(json!({"kind": "pager", "url": "https://a.example"})).contains("unknown variant"));
}

#[test]
fn a_destination_prints_without_its_secrets() {
    let url = "https://a.example/secret-path?sig=secret-query";
    for (destination, text) in [
        (webhook(url), "webhook at a.example"),
        (Destination::Slack { url: url.into() }, "slack at a.example"),
        (Destination::Teams { url: url.into() }, "teams at a.example"),
        (Destination::Email { to: vec!["a@b.c".into(), "d@e.f".into()] }, "e-mail to a@b.c, d@e.f"),
    ] {
        assert_eq!((destination.to_string(), format!("{destination:?}")), (text.to_owned(), text.to_owned()));
    }
}
