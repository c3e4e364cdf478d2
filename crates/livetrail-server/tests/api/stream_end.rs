//! Heartbeats, and what ends a live stream.

use crate::fixture::{APPLICATION, EventStream, Fixture, activity, now};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_heartbeat_says_how_far_the_log_and_this_stream_are() {
    let fixture = Fixture::start_with_quick_heartbeat().await;
    let mut stream = fixture.stream("user_id=nobody").await;
    assert_eq!(stream.connected.data["heartbeat_seconds"], 0);
    let stored = fixture.post(activity("u-1", "a")).await;
    let cursor = fixture.cursor_at(stored.body["position"].as_u64().expect("a position")).await;
    let heartbeat = loop {
        let event = stream.next().await.expect("the stream goes on");
        assert_eq!(event.name.as_deref(), Some("heartbeat"), "{event:?}");
        if event.id.as_ref() == Some(&cursor) {
            break event;
        }
    };
    assert_eq!(heartbeat.data, json!({"head": cursor}));
}

#[tokio::test]
async fn a_stream_says_how_often_its_heart_beats() {
    let fixture = Fixture::start().await;
    assert_eq!(fixture.stream("").await.connected.data["heartbeat_seconds"], 15);
}

#[tokio::test]
async fn a_stream_ends_when_its_key_is_revoked() {
    let fixture = Fixture::start_with_quick_heartbeat().await;
    let key = fixture.key_with_id(json!({"role": "viewer", "name": "screen"})).await;
    let request =
        fixture.request(Method::GET, "/api/admin/activity/stream?user_id=nobody").bearer_auth(&key.secret);
    let mut stream = EventStream::open(request).await;
    assert_eq!(stream.next().await.expect("it goes on").name.as_deref(), Some("heartbeat"));
    let revoked = fixture.as_admin(Method::DELETE, &format!("/api/admin/keys/{}", key.id), None).await;
    assert_eq!(revoked.status, 204);
    while let Some(event) = stream.next().await {
        assert_eq!(event.name.as_deref(), Some("heartbeat"));
    }
}

#[tokio::test]
async fn a_stream_ends_when_its_user_is_no_admin_any_more() {
    let fixture = Fixture::start_with_quick_heartbeat().await;
    let token = fixture.admin_token("u-1").await;
    let request =
        fixture.request(Method::GET, &format!("/api/admin/activity/stream?user_id=nobody&token={token}"));
    let mut stream = EventStream::open(request).await;
    assert_eq!(fixture.as_admin(Method::DELETE, "/api/admin/admins/u-1", None).await.status, 204);
    while let Some(event) = stream.next().await {
        assert_eq!(event.name.as_deref(), Some("heartbeat"));
    }
}

#[tokio::test]
async fn a_stream_ends_when_its_token_expires() {
    let fixture = Fixture::start_with_quick_heartbeat().await;
    fixture.admin_token("u-1").await;
    // The stream has to be open before.
    let end = now() + 10;
    let token = Fixture::token(json!({"user_id": "u-1", "exp": end}));
    let request =
        fixture.request(Method::GET, &format!("/api/admin/activity/stream?user_id=nobody&token={token}"));
    let mut stream = EventStream::open(request).await;
    while let Some(event) = stream.next().await {
        assert_eq!(event.name.as_deref(), Some("heartbeat"));
    }
    assert!(now() >= end, "and not before");
}

#[tokio::test]
async fn a_server_that_stops_ends_its_streams_and_tells_them_when_to_come_back() {
    let fixture = Fixture::start().await;
    let request = fixture.request(Method::GET, "/api/admin/activity/stream").bearer_auth(&fixture.admin);
    let mut answer = request.send().await.expect("an answer");
    let mut text = String::new();
    while !text.contains("connected") {
        text.push_str(&String::from_utf8_lossy(&answer.chunk().await.expect("bytes").expect("more")));
    }
    fixture.begin_to_stop();
    while let Some(chunk) = answer.chunk().await.expect("an orderly end") {
        text.push_str(&String::from_utf8_lossy(&chunk));
    }
    let (_, last) = text.trim_end().rsplit_once("\n\n").expect("a frame at the end");
    let lines: Vec<_> = last.lines().collect();
    let wait = lines[0].strip_prefix("retry: ").and_then(|wait| wait.parse::<u64>().ok());
    assert!(wait.is_some_and(|wait| (1_000..=2_000).contains(&wait)), "{last}");
    // A frame without data would be a message to some clients, and one without an id have others forget where they
    // were.
    assert!(
        lines[1] == "event: heartbeat" && lines[2].starts_with("id: ") && lines[3].starts_with("data: {"),
        "{last}"
    );
    fixture.stop().await;
}

#[tokio::test]
async fn a_server_that_stops_answers_what_it_has_taken() {
    let fixture = Fixture::start().await;
    let batch = json!(vec![activity("u-1", "a"); 5_000]);
    let mut stream = fixture.stream(APPLICATION).await;
    let posting = fixture.post(batch);
    let stopping = async {
        // The batch is under way as soon as the stream shows its beginning.
        stream.next_activity().await;
        fixture.begin_to_stop();
    };
    let (answer, ()) = tokio::join!(posting, stopping);
    drop(stream);
    assert_eq!(answer.body["accepted"], 5_000);
    let fixture = Fixture::start_in(fixture.stop().await, |_| {}).await;
    assert_eq!(fixture.list("user_id=u-1").await.body["total"], 5_000);
}

#[tokio::test]
async fn two_streams_of_the_same_second_come_back_at_different_times() {
    let fixture = Fixture::start().await;
    let mut waits = std::collections::HashSet::new();
    for _ in 0..12 {
        let request = fixture.request(Method::GET, "/api/admin/activity/stream").bearer_auth(&fixture.admin);
        let chunk = request.send().await.expect("an answer").chunk().await.expect("bytes").expect("a frame");
        let first = String::from_utf8_lossy(&chunk).lines().next().expect("a line").to_owned();
        assert!(first.starts_with("retry: "), "{first}");
        waits.insert(first);
    }
    assert!(waits.len() > 1, "{waits:?}");
}
