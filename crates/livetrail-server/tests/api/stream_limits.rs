//! Limits on streams and connections.

use crate::fixture::{Fixture, PATIENCE, Socket, activity};
use crate::{stream::answer_to, until::until};
use reqwest::{Method, header::HeaderValue};
use serde_json::json;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::handshake::client::Request;

/// Opens a stream and reads its first frames, or those of a stream that has to come back.
async fn first_frames(fixture: &Fixture) -> (reqwest::Response, String) {
    first_frames_of(fixture, &fixture.admin).await
}

async fn first_frames_of(fixture: &Fixture, credential: &str) -> (reqwest::Response, String) {
    let request = fixture.request(Method::GET, "/api/admin/activity/stream").bearer_auth(credential);
    let mut answer = request.send().await.expect("an answer");
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (200, &HeaderValue::from_static("text/event-stream"))
    );
    let first = answer.chunk().await.expect("bytes").expect("a frame");
    (answer, String::from_utf8(first.to_vec()).expect("text"))
}

#[tokio::test]
async fn one_connection_too_many_from_an_address_is_told_to_come_back() {
    let fixture = Fixture::start_with(|config| config.max_connections_per_address = Some(8)).await;
    let mut open = Vec::new();
    loop {
        let (answer, text) = first_frames(&fixture).await;
        if !text.contains("connected") {
            assert!(
                text.starts_with("retry: ") && text.ends_with("event: heartbeat\ndata: {}\n\n"),
                "{text}"
            );
            break;
        }
        open.push(answer);
        assert!(open.len() <= 8, "the ninth is too many");
    }
    let get = "GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n";
    let answer = answer_to(&fixture, get, |said| said.ends_with(b"}")).await;
    assert!(answer.starts_with("HTTP/1.1 429 "), "{answer}");
    assert!(
        answer.contains("\r\nretry-after: 2\r\n") && answer.contains("\r\nconnection: close\r\n"),
        "{answer}"
    );

    open.pop();
    until(async || first_frames(&fixture).await.1.contains("connected")).await;
}

#[tokio::test]
async fn one_connection_too_many_ends_over_http2_as_well() {
    let fixture = Fixture::start_with(|config| config.max_connections_per_address = Some(8)).await;
    let mut open = Vec::new();
    while let (answer, text) = first_frames(&fixture).await
        && text.contains("connected")
    {
        open.push(answer);
    }
    let http2 = reqwest::Client::builder().http2_prior_knowledge().build().expect("a client");
    let status = async || {
        let answer = http2.get(format!("{}/healthz", fixture.base_url)).send().await;
        answer.ok().map(|answer| answer.status().as_u16())
    };
    assert_eq!(status().await, Some(429));
    drop(open);
    // A connection that stays would be one too many for ever.
    let there_is_room = async { while status().await != Some(200) {} };
    timeout(PATIENCE, there_is_room).await.expect("another connection");
}

/// Opens streams until one is told to come back; those that are open, and the refusal.
async fn fill(fixture: &Fixture, credential: &str) -> (Vec<reqwest::Response>, reqwest::Response) {
    let mut open = Vec::new();
    loop {
        let (answer, text) = first_frames_of(fixture, credential).await;
        assert!(text.starts_with("retry: "), "{text}");
        if !text.contains("connected") {
            return (open, answer);
        }
        open.push(answer);
    }
}

#[tokio::test]
async fn the_holder_of_most_streams_makes_way_for_others_and_everything_else_goes_on() {
    let fixture = Fixture::start_with(|config| config.max_connections = Some(32)).await;
    let viewer = fixture.key(json!({"role": "viewer", "name": "v"})).await;
    let (mut open, refused) = fill(&fixture, &fixture.admin).await;
    assert_eq!(open.len(), 24, "four fifths of the thirty places");
    assert_eq!(refused.bytes().await.expect("the end"), "");
    let (others, _) = fill(&fixture, &viewer).await;
    assert_eq!(others.len(), 6, "the rest is for others");
    let key = format!("Bearer {viewer}");
    let with_key = |request: &mut Request| {
        request.headers_mut().insert("authorization", key.parse().expect("a header"));
    };
    assert_eq!(Socket::try_open(&fixture, "/api/admin/activity/ws", with_key).await.err(), Some(429));
    assert_eq!(fixture.post(activity("u-1", "a")).await.status, 201);
    open.pop();
    // The server hears of it soon.
    until(async || first_frames_of(&fixture, &viewer).await.1.contains("connected")).await;
}

#[tokio::test]
async fn the_connection_of_a_stream_that_has_to_come_back_ends() {
    let fixture = Fixture::start_with(|config| config.max_connections = Some(32)).await;
    let (_open, _) = fill(&fixture, &fixture.admin).await;
    let stream = format!(
        "GET /api/admin/activity/stream HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {}\r\n\r\n",
        fixture.admin
    );
    let answer = answer_to(&fixture, &stream, |_| false).await;
    assert!(answer.contains("\r\nconnection: close\r\n") && answer.contains("retry: "), "{answer}");
}
