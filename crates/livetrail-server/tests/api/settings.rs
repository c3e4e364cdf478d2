//! The settings that the server runs with.

use crate::fixture::Fixture;
use reqwest::Method;
use serde_json::{Value, json};

const SETTINGS: &str = "/api/admin/settings";

async fn setting(fixture: &Fixture, key: &str) -> Value {
    let answer = fixture.get(SETTINGS).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let settings = answer.body["settings"].as_array().expect("settings").clone();
    settings.into_iter().find(|setting| setting["key"] == key).expect("the setting")
}

#[tokio::test]
async fn a_setting_says_its_value_and_where_it_was_set() {
    let fixture = Fixture::start_with(|config| config.question_timeout = Some(7)).await;
    let given = setting(&fixture, "question-timeout").await;
    assert_eq!((&given["value"], &given["source"]), (&json!("7"), &json!("command_line")));
    assert_eq!(given["environment"], "LIVETRAIL_QUESTION_TIMEOUT");
    assert!(given["help"].as_str().is_some_and(|help| help.starts_with("Seconds")), "{given}");
    let default = setting(&fixture, "redact").await;
    assert_eq!((&default["value"], &default["source"]), (&json!("true"), &json!("default")));
    let empty = setting(&fixture, "jwt-issuer").await;
    assert_eq!((&empty["value"], &empty["source"]), (&json!("[]"), &json!("default")));
    let absent = setting(&fixture, "public-url").await;
    assert_eq!((&absent["value"], &absent["note"]), (&Value::Null, &json!("not set")));
}

#[tokio::test]
async fn no_secret_is_among_the_settings() {
    let fixture = Fixture::start_with(|config| {
        config.smtp_from = Some("log@mail.example".into());
        config.smtp_url = Some("smtp://ada:hunter2@mail.example:587".into());
    })
    .await;
    let answer = fixture.get(SETTINGS).await;
    assert!(!answer.body.to_string().contains("hunter2"), "{answer:?}");
    assert_eq!(setting(&fixture, "jwt-secret-key").await["value"], Value::Null);
}

#[tokio::test]
async fn a_viewer_does_not_read_the_settings() {
    let fixture = Fixture::start().await;
    let viewer = fixture.key(json!({"role": "viewer", "name": "v"})).await;
    fixture.call(Method::GET, SETTINGS, &viewer, None).await.is_problem(403);
}
