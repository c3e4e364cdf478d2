//! What the server counts of itself.

use crate::fixture::{ANSWERABLE_HEARTBEAT, APPLICATION, EventStream, Fixture, Socket, activity};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn figures_are_in_the_text_format_of_openmetrics() {
    let fixture = Fixture::start().await;
    let request = fixture.request(Method::GET, "/metrics").bearer_auth(&fixture.admin);
    let answer = request.send().await.expect("an answer");
    assert_eq!(
        answer.headers()["content-type"],
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
    );
    let text = answer.text().await.expect("text");
    assert!(text.contains("# TYPE livetrail_stream_clients gauge\n"), "{text}");
    assert!(text.ends_with("# EOF\n"), "{text}");
}

#[tokio::test]
async fn figures_are_about_all_tenants_and_nothing_for_one_of_them() {
    let fixture = Fixture::start().await;
    for role in ["viewer", "admin"] {
        let key = fixture.key(json!({"role": role, "name": "acme", "tenant_id": "acme"})).await;
        let request = fixture.request(Method::GET, "/metrics").bearer_auth(key);
        fixture.send(request).await.is_problem(403);
    }
}

#[tokio::test]
async fn clients_are_counted_while_they_are_there_and_by_how_they_end() {
    let fixture = Fixture::start().await;
    let clients = |transport: &str| format!("livetrail_stream_clients{{transport=\"{transport}\"}}");
    let ends = |transport: &str, reason: &str| {
        format!("livetrail_stream_ends_total{{transport=\"{transport}\",reason=\"{reason}\"}}")
    };
    let mut before = Vec::new();
    for transport in ["sse", "websocket"] {
        fixture.until_figure(&clients(transport), |count| count == 0.0).await;
        before.push(fixture.figure(&ends(transport, "gone")).await);
    }
    let stream = fixture.stream(APPLICATION).await;
    let mut socket = Socket::open(&fixture, "/api/admin/activity/ws").await;
    socket.next().await;
    for transport in ["sse", "websocket"] {
        fixture.until_figure(&clients(transport), |count| count == 1.0).await;
    }
    drop((stream, socket));
    for (transport, before) in ["sse", "websocket"].into_iter().zip(before) {
        fixture.until_figure(&clients(transport), |count| count == 0.0).await;
        assert_eq!(fixture.figure(&ends(transport, "gone")).await, before + 1.0);
    }

    let fixture = Fixture::start_with_quick_heartbeat().await;
    let key = fixture.key_with_id(json!({"role": "viewer", "name": "short"})).await;
    let request = fixture.request(Method::GET, "/api/admin/activity/stream").bearer_auth(&key.secret);
    let _stream = EventStream::open(request).await;
    fixture.as_admin(Method::DELETE, &format!("/api/admin/keys/{}", key.id), None).await;
    fixture.until_figure(&ends("sse", "credential_ended"), |count| count == 1.0).await;
}

#[tokio::test]
async fn the_head_of_the_log_is_the_position_that_was_acknowledged_last() {
    let fixture = Fixture::start().await;
    for _ in 0..3 {
        let position =
            fixture.post(activity("u-1", "login")).await.body["position"].as_f64().expect("a position");
        // The server may have recorded a call of its own meanwhile.
        assert!(fixture.figure("livetrail_log_head").await >= position);
    }
    let head = fixture.get("/api/admin/activity?limit=1").await.body["data"][0]["position"].clone();
    let head = head.as_f64().expect("a position");
    fixture.until_figure("livetrail_log_head", |shown| shown >= head).await;
    fixture.until_figure("livetrail_index_head", |indexed| indexed >= head).await;
}

#[tokio::test]
async fn what_is_pushed_is_counted_in_activities_bytes_and_writes() {
    let fixture = Fixture::start_with_heartbeat(ANSWERABLE_HEARTBEAT).await;
    let mut streams = [fixture.stream(APPLICATION).await, fixture.stream(APPLICATION).await];
    let mut socket = Socket::open(&fixture, &format!("/api/admin/activity/ws?{APPLICATION}")).await;
    socket.next().await;
    let before = fixture.figure("livetrail_stream_frames_total").await;
    fixture.post(json!([activity("u-1", "a"), activity("u-2", "a")])).await;
    for stream in &mut streams {
        stream.positions(2).await;
    }
    socket.next_but_heartbeats().await;
    socket.next_but_heartbeats().await;
    fixture.until_figure("livetrail_stream_frames_total", |count| count == before + 6.0).await;
    let (writes, bytes) = (
        fixture.figure("livetrail_stream_writes_total").await,
        fixture.figure("livetrail_stream_bytes_total").await,
    );
    assert!(writes >= 3.0 && bytes > 6.0 * 200.0, "{writes} writes of {bytes} bytes");
    // The heartbeats of all streams, each of which has reached the head.
    fixture.until_figure("livetrail_stream_lag_activities_bucket{le=\"10.0\"}", |count| count >= 3.0).await;
}

#[tokio::test]
async fn a_past_that_many_read_at_once_is_read_from_the_store_once() {
    let fixture = Fixture::start().await;
    let beginning = fixture.beginning().await;
    let batch: Vec<_> = (0..200).map(|_| activity("u-1", "a")).collect();
    fixture.post(json!(batch)).await;
    // A server that has just started has nothing of the past at hand.
    let fixture = Fixture::start_in(fixture.stop().await, |_| {}).await;
    let opened = (0..20).map(|_| fixture.stream_after(APPLICATION, Some(&beginning)));
    for mut stream in futures_util::future::join_all(opened).await {
        assert_eq!(stream.positions(200).await.len(), 200);
    }
    let reads = fixture.figure("livetrail_stream_store_reads_total").await;
    // A block ends where the log does, which moves while the test's own keys are recorded.
    assert!((1.0..=6.0).contains(&reads), "{reads} reads");
}

#[tokio::test]
async fn alerts_are_counted_by_severity_and_the_evaluation_keeps_up() {
    let fixture = Fixture::start().await;
    fixture.until_figure("livetrail_alerts_evaluating", |shown| shown == 1.0).await;
    let raised = "livetrail_alerts_raised_total{severity=\"warning\"}";
    let before = fixture.figure(raised).await;
    let mut failure = activity("u-1", "user_login");
    failure["success"] = json!(false);
    let stored = fixture.post(json!(vec![failure; 10])).await;
    assert_eq!(stored.status, 200, "{stored:?}");
    fixture.until_figure(raised, |count| count > before).await;
    fixture.until_figure("livetrail_alerts_lag_activities", |lag| lag == 0.0).await;
    let (position, head) =
        (fixture.figure("livetrail_alerts_position").await, fixture.figure("livetrail_log_head").await);
    assert!(position > 0.0 && position <= head, "{position} of {head}");
    assert_eq!(fixture.figure("livetrail_alerts_saturated_rules").await, 0.0);
}
