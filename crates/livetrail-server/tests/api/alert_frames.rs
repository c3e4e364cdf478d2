//! Alerts as live streams tell them.

use crate::{
    alerts::{ALERTS, failures},
    fixture::{EventStream, Fixture, Socket, activity},
};
use reqwest::Method;
use serde_json::{Value, json};

const RULE: &str = "failed-sign-ins";

/// The next alert of failed sign-ins that a stream tells.
async fn next_of_stream(stream: &mut EventStream) -> Value {
    loop {
        let alert = stream.next_alert().await;
        if alert["rule"] == RULE {
            return alert;
        }
    }
}

async fn open_for(fixture: &Fixture, credential: &str) -> EventStream {
    let path = "/api/admin/activity/stream?user_id=nobody";
    EventStream::open(fixture.request(Method::GET, path).bearer_auth(credential)).await
}

#[tokio::test]
async fn a_stream_tells_of_an_alert_when_it_is_raised_and_decided() {
    let fixture = Fixture::start().await;
    let mut stream = open_for(&fixture, &fixture.admin).await;
    fixture.post(failures("bob", 10, None)).await;
    let raised = next_of_stream(&mut stream).await;
    assert_eq!((&raised["group"], &raised["state"]), (&json!({"user_id": "bob"}), &json!("open")));
    let path = format!("{ALERTS}/{}", raised["id"].as_str().expect("an id"));
    assert_eq!(fixture.get(&path).await.body["positions"], raised["positions"]);
    fixture.as_admin(Method::POST, &format!("{path}/resolve"), Some(json!({}))).await;
    let decided = next_of_stream(&mut stream).await;
    assert_eq!((&decided["id"], &decided["state"]), (&raised["id"], &json!("resolved")));
    fixture.post(failures("bob", 2, None)).await;
    let goes_on = next_of_stream(&mut stream).await;
    assert_eq!((&goes_on["id"], &goes_on["count"]), (&raised["id"], &json!(12)));
}

#[tokio::test]
async fn a_websocket_tells_of_an_alert_without_a_cursor() {
    let fixture = Fixture::start().await;
    let mut socket = Socket::open(&fixture, "/api/admin/activity/ws?user_id=nobody").await;
    assert_eq!(socket.next().await["type"], "connected");
    fixture.post(failures("bob", 10, None)).await;
    loop {
        let message = socket.next_alert().await;
        assert_eq!(message.get("id"), None, "{message}");
        if message["data"]["rule"] == RULE {
            break assert_eq!(message["data"]["group"], json!({"user_id": "bob"}));
        }
    }
}

#[tokio::test]
async fn a_client_that_keeps_the_id_of_an_alert_resumes_from_it() {
    let fixture = Fixture::start().await;
    let mut stream = open_for(&fixture, &fixture.admin).await;
    fixture.post(failures("bob", 10, None)).await;
    let event = stream.next_alert_event().await;
    assert_eq!(event.name, None);
    let cursor = event.id.expect("a client that keeps the id of each message has to keep one");
    let path = format!("/api/admin/activity/stream?last_event_id={cursor}");
    let mut resumed =
        EventStream::open(fixture.request(Method::GET, &path).bearer_auth(&fixture.admin)).await;
    assert_eq!(resumed.connected.id.as_deref(), Some(&*cursor));
    fixture.post(json!([activity("eve", "chat_message")])).await;
    // A cursor that the log does not know would be answered with a reset.
    while resumed.next_activity().await["user_id"] != "eve" {}
}

#[tokio::test]
async fn a_tenant_is_told_of_its_own_alerts_only() {
    let fixture = Fixture::start().await;
    let key = fixture.key(json!({"role": "viewer", "name": "v", "tenant_id": "acme"})).await;
    let (mut of_acme, mut of_all) =
        (open_for(&fixture, &key).await, open_for(&fixture, &fixture.admin).await);
    for tenant in [None, Some("globex"), Some("acme")] {
        fixture.post(failures("bob", 10, tenant)).await;
        assert_eq!(next_of_stream(&mut of_all).await["tenant_id"], json!(tenant));
    }
    assert_eq!(of_acme.next_alert().await["tenant_id"], "acme", "it is the first that it is told of");
}
