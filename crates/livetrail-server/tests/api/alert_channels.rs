//! Channels that are notified of alerts: their settings, secrets and messages.

use crate::{
    alerts::failures,
    fixture::{Answer, Fixture},
    receiver::Receiver,
    until::until,
};
use reqwest::Method;
use serde_json::{Value, json};

const CHANNELS: &str = "/api/admin/alert-channels";
const URL: &str = "https://hooks.example.com/a/secret-path";

/// A server that may deliver to this machine.
async fn start() -> Fixture {
    Fixture::start_with(|raw| raw.alerts_allow_addresses = vec!["127.0.0.0/8".into()]).await
}

async fn create(fixture: &Fixture, body: Value) -> Answer {
    fixture.as_admin(Method::POST, CHANNELS, Some(body)).await
}

fn webhook(url: &str) -> Value {
    json!({"name": "on-call", "kind": "webhook", "url": url, "rules": ["failed-sign-ins"]})
}

/// A path of a channel.
fn of(channel: &Answer, what: &str) -> String {
    format!("{CHANNELS}/{}{what}", channel.body["id"].as_str().expect("an id"))
}

async fn post(fixture: &Fixture, channel: &Answer, what: &str) -> Value {
    let answer = fixture.as_admin(Method::POST, &of(channel, what), Some(json!({}))).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

async fn shown(fixture: &Fixture, channel: &Answer) -> Value {
    fixture.get(&of(channel, "")).await.body
}

/// The names of the channels that a credential sees.
async fn seen(fixture: &Fixture, credential: &str) -> Vec<String> {
    let answer = fixture.call(Method::GET, CHANNELS, credential, None).await;
    let channels = answer.body["data"].as_array().expect("channels").clone();
    channels.iter().map(|channel| channel["name"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn a_secret_is_shown_when_the_channel_is_created_and_when_it_is_rotated_and_never_again() {
    let fixture = start().await;
    let made = create(&fixture, webhook(URL)).await;
    assert_eq!(made.status, 201, "{made:?}");
    let secret = made.body["secret"].as_str().expect("a secret").to_owned();
    assert!(secret.starts_with("whsec_"), "{secret}");
    for (field, expected) in [
        ("destination", json!("webhook at hooks.example.com")),
        ("cooldown_minutes", json!(60)),
        ("severity", json!("info")),
        ("enabled", json!(true)),
        ("created_by", json!("key:test admin")),
        ("failing_since", Value::Null),
        ("waiting", json!(0)),
        ("parked", json!(0)),
    ] {
        assert_eq!(made.body[field], expected, "{field}");
    }
    let rotated = post(&fixture, &made, "/rotate-secret").await;
    assert_ne!(rotated["secret"], json!(secret));
    let viewer = fixture.key(json!({"role": "viewer", "name": "v"})).await;
    for path in [CHANNELS.to_owned(), of(&made, "")] {
        let text = fixture.call(Method::GET, &path, &viewer, None).await.body.to_string();
        assert!(text.contains("on-call"), "{text}");
        assert!(!text.contains("whsec_") && !text.contains("secret-path"), "{text}");
    }
    let own = format!("whsec_{}", "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB");
    let given = create(&fixture, json!({"name": "b", "kind": "webhook", "url": URL, "secret": own})).await;
    assert_eq!(given.body["secret"], json!(own));
    let slack = create(&fixture, json!({"name": "c", "kind": "slack", "url": URL})).await;
    assert_eq!(slack.body["secret"], Value::Null);
    let refused = fixture.as_admin(Method::POST, &of(&slack, "/rotate-secret"), Some(json!({}))).await;
    refused.is_problem(422);
}

#[tokio::test]
async fn an_alert_is_told_and_its_message_is_listed() {
    let fixture = start().await;
    let receiver = Receiver::start(200).await;
    let made = create(&fixture, webhook(&receiver.url)).await;
    fixture.post(failures("bob", 12, None)).await;
    let first = receiver.until(1).await;
    assert_eq!((&first.body["type"], first.signatures), (&json!("alert.raised"), 1));
    assert_eq!(first.body["data"]["group"], json!({"user_id": "bob"}));
    let list = of(&made, "/deliveries?state=sent");
    until(async || !fixture.get(&list).await.body["data"].as_array().expect("messages").is_empty()).await;
    let message = &fixture.get(&list).await.body["data"][0];
    assert_eq!(message["alert"], first.body["data"]["id"]);
    let facts = ["state", "kind", "alerts", "attempts", "next_attempt_at"].map(|name| &message[name]);
    assert_eq!(facts, [&json!("sent"), &json!("raised"), &json!(1), &json!(1), &Value::Null]);
    assert_ne!(shown(&fixture, &made).await["last_success_at"], Value::Null);
    post(&fixture, &made, "/rotate-secret").await;
    fixture.post(failures("eve", 12, None)).await;
    assert_eq!(receiver.until(2).await.signatures, 2, "the old secret signs for a day");
    fixture.get(&of(&made, "/deliveries?state=lost")).await.is_problem(422);
}

#[tokio::test]
async fn a_channel_that_refuses_is_shown_with_the_reason_and_its_messages_are_replayed() {
    let fixture = start().await;
    let receiver = Receiver::start(410).await;
    let made = create(&fixture, webhook(&receiver.url)).await;
    fixture.post(failures("bob", 12, None)).await;
    until(async || shown(&fixture, &made).await["parked"] == 1).await;
    let failing = shown(&fixture, &made).await;
    assert!(failing["last_failure"].as_str().is_some_and(|reason| reason.contains("410")), "{failing}");
    assert_ne!(failing["failing_since"], Value::Null);
    receiver.answer(200);
    assert_eq!(post(&fixture, &made, "/replay").await["replayed"], 1);
    until(async || shown(&fixture, &made).await["parked"] == 0).await;
    receiver.until(2).await;
    let keys = receiver.keys();
    assert_eq!(keys[0], keys[1], "the same key");
    until(async || shown(&fixture, &made).await["failing_since"] == Value::Null).await;
    assert_eq!(post(&fixture, &made, "/replay").await["replayed"], 0);
    let metric = "livetrail_alert_deliveries_total{outcome=\"parked\"}";
    assert_eq!(fixture.figure(metric).await, 1.0);
    fixture.until_figure("livetrail_alert_outbox_parked", |count| count == 0.0).await;
}

#[tokio::test]
async fn a_test_says_whether_the_destination_has_accepted_it() {
    let fixture = start().await;
    let receiver = Receiver::start(204).await;
    let made = create(&fixture, webhook(&receiver.url)).await;
    let outcome = post(&fixture, &made, "/test").await;
    assert_eq!(outcome["accepted"], true, "{outcome}");
    assert_eq!(receiver.until(1).await.body["type"], "alert.test");
    receiver.answer(500);
    let outcome = post(&fixture, &made, "/test").await;
    assert_eq!((&outcome["accepted"], &outcome["may_succeed_later"]), (&json!(false), &json!(true)));
    assert!(outcome["detail"].as_str().is_some_and(|detail| detail.contains("500")), "{outcome}");
    assert_eq!(shown(&fixture, &made).await["last_failure"], outcome["detail"]);
    assert_eq!(fixture.get(&of(&made, "/deliveries")).await.body["data"], json!([]));
}

#[tokio::test]
async fn what_is_not_right_is_named() {
    let fixture = Fixture::start().await;
    let base = webhook(URL);
    for (change, pointer) in [
        (json!({"name": " "}), "/name"),
        (json!({"url": "ftp://example.com"}), "/url"),
        (json!({"url": "http://127.0.0.1/x"}), "/url"),
        (json!({"url": "http://169.254.169.254/latest"}), "/url"),
        (json!({"url": null}), "/url"),
        (json!({"to": ["a@example.com"]}), "/to"),
        (json!({"secret": "short"}), "/secret"),
        (json!({"rules": ["no-such-rule"]}), "/rules"),
        (json!({"cooldown_minutes": 1_441}), "/cooldown_minutes"),
        (json!({"tenant_id": ""}), "/tenant_id"),
        (json!({"kind": "email"}), "/url"),
        (json!({"kind": "email", "url": null}), "/to"),
        (json!({"kind": "slack", "secret": "whsec_x"}), "/secret"),
    ] {
        let mut body = base.clone();
        let fields = change.as_object().expect("fields").clone();
        body.as_object_mut().expect("an object").extend(fields);
        let answer = create(&fixture, body).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.body["errors"][0]["pointer"]),
            (422, &json!(pointer)),
            "{change}"
        );
    }
    let made = create(&fixture, base).await;
    let change = json!({"to": ["a@example.com"]});
    fixture.as_admin(Method::PUT, &of(&made, ""), Some(change)).await.is_problem(422);
    fixture.get(&format!("{CHANNELS}/0198c0de-7a3b-7000-8000-000000000001")).await.is_problem(404);
    fixture.get(&format!("{CHANNELS}/x")).await.is_problem(404);
}

#[tokio::test]
async fn each_change_is_an_activity_without_the_destination() {
    let fixture = start().await;
    let mut recorded = fixture.stream("action_filter=settings_updated").await;
    let made = create(&fixture, webhook(URL)).await;
    let record = recorded.next_activity().await;
    let details = &record["details"]["alert_channel"];
    assert_eq!((&record["target_resource_id"], &details["change"]), (&made.body["id"], &json!("created")));
    assert_eq!(details["changes"]["rules"], json!({"from": null, "to": ["failed-sign-ins"]}));
    let change =
        json!({"url": "https://other.example.com/secret-path", "enabled": false, "severity": "critical"});
    let changed = fixture.as_admin(Method::PUT, &of(&made, ""), Some(change)).await;
    assert_eq!(changed.body["destination"], "webhook at other.example.com");
    let record = recorded.next_activity().await;
    assert_eq!(
        record["details"]["alert_channel"],
        json!({"change": "changed", "name": "on-call", "destination_changed": true, "changes": {
            "enabled": {"from": true, "to": false}, "severity": {"from": "info", "to": "critical"},
        }})
    );
    assert!(!record.to_string().contains("secret-path"), "{record}");
    post(&fixture, &made, "/rotate-secret").await;
    assert_eq!(recorded.next_activity().await["details"]["alert_channel"]["change"], "secret rotated");
    assert_eq!(fixture.as_admin(Method::DELETE, &of(&made, ""), None).await.status, 204);
    assert_eq!(recorded.next_activity().await["details"]["alert_channel"]["change"], "removed");
    fixture.as_admin(Method::DELETE, &of(&made, ""), None).await.is_problem(404);
}

#[tokio::test]
async fn an_admin_of_one_tenant_looks_after_the_channels_of_that_tenant() {
    let fixture = start().await;
    let receiver = Receiver::start(200).await;
    let acme = fixture.key(json!({"role": "admin", "name": "a", "tenant_id": "acme"})).await;
    let call = async |method, path: &str, body| fixture.call(method, path, &acme, body).await;
    let of_all = create(&fixture, webhook(URL)).await;
    let own = call(Method::POST, CHANNELS, Some(webhook(&receiver.url))).await;
    assert_eq!((own.status.as_u16(), &own.body["tenant_id"]), (201, &json!("acme")));
    let mut other = webhook(URL);
    other["tenant_id"] = json!("globex");
    call(Method::POST, CHANNELS, Some(other)).await.is_problem(403);
    assert_eq!((seen(&fixture, &acme).await.len(), seen(&fixture, &fixture.admin).await.len()), (1, 2));
    for (method, what, body) in [
        (Method::GET, "", None),
        (Method::GET, "/deliveries", None),
        (Method::PUT, "", Some(json!({"enabled": false}))),
        (Method::POST, "/test", None),
        (Method::POST, "/replay", None),
        (Method::POST, "/rotate-secret", Some(json!({}))),
        (Method::DELETE, "", None),
    ] {
        call(method, &of(&of_all, what), body).await.is_problem(404);
    }
    fixture.post(failures("bob", 12, Some("globex"))).await;
    fixture.post(failures("eve", 12, Some("acme"))).await;
    let told = receiver.until(1).await;
    assert_eq!(told.body["data"]["group"], json!({"user_id": "eve"}));
    assert_eq!(call(Method::DELETE, &of(&own, ""), None).await.status, 204);
}
