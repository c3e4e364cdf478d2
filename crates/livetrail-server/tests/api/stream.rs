//! The live stream.

use crate::fixture::{APPLICATION, EventStream, Fixture, PATIENCE, activity};
use futures_util::future::join_all;
use reqwest::{Method, header::HeaderValue};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpSocket,
    time::timeout,
};

#[tokio::test]
async fn a_stream_is_answered_with_the_headers_that_keep_it_flowing() {
    let fixture = Fixture::start().await;
    let request = fixture.request(Method::GET, "/api/admin/activity/stream").bearer_auth(&fixture.admin);
    let answer = request.header("accept-encoding", "gzip, br, zstd").send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    for (name, value) in [
        ("content-type", Some("text/event-stream")),
        ("cache-control", Some("no-store, no-transform")),
        ("x-accel-buffering", Some("no")),
        ("content-encoding", None),
        ("content-length", None),
    ] {
        assert_eq!(answer.headers().get(name).and_then(|value| value.to_str().ok()), value, "{name}");
    }
}

/// Bytes that a slow client takes at once, and its socket.
const SLOW_READER: u32 = 32 * 1024;

/// What comes on a connection after a request that is written as it is, to a client that is slow to read, until
/// `enough` says so.
pub(crate) async fn answer_to(fixture: &Fixture, request: &str, enough: impl Fn(&[u8]) -> bool) -> String {
    let address = fixture.base_url.strip_prefix("http://").expect("an address");
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(SLOW_READER).expect("a socket");
    let mut connection = socket.connect(address.parse().expect("an address")).await.expect("a connection");
    connection.write_all(request.as_bytes()).await.expect("a connection");
    let mut said = Vec::new();
    let reading = async {
        while !enough(&said) {
            // Others are served meanwhile, so that the server is ahead of this client.
            fixture.get("/healthz").await;
            let mut some = (&mut connection).take(SLOW_READER.into());
            if some.read_buf(&mut said).await.expect("a connection") == 0 {
                break;
            }
        }
    };
    timeout(PATIENCE, reading).await.expect("an answer in time");
    String::from_utf8(said).expect("text")
}

fn is_connected(said: &[u8]) -> bool {
    String::from_utf8_lossy(said).contains("connected")
}

#[tokio::test]
async fn a_stream_is_sent_in_chunks_so_that_no_client_waits_for_its_buffer_to_fill() {
    let fixture = Fixture::start().await;
    let head = |version: &str| {
        format!(
            "GET /api/admin/activity/stream HTTP/{version}\r\nHost: here\r\nAuthorization: Bearer {}\r\n\r\n",
            fixture.admin
        )
    };
    let answer = answer_to(&fixture, &head("1.1"), is_connected).await;
    let (head_of_answer, body) = answer.split_once("\r\n\r\n").expect("a head");
    assert!(head_of_answer.contains("\r\ntransfer-encoding: chunked"), "{head_of_answer}");
    let (length, chunk) = body.split_once("\r\n").expect("a chunk");
    let length = usize::from_str_radix(length, 16).expect("a length");
    assert!(chunk.starts_with("retry: ") && chunk.len() >= length, "{body}");
    // HTTP/1.0 knows no chunks.
    let answer = answer_to(&fixture, &head("1.0"), is_connected).await;
    let (head_of_answer, body) = answer.split_once("\r\n\r\n").expect("a head");
    assert!(!head_of_answer.contains("chunked") && body.starts_with("retry: "), "{answer}");
}

#[tokio::test]
async fn what_was_asked_for_before_on_the_same_connection_is_answered_whole() {
    let fixture = Fixture::start().await;
    let large: Vec<_> = (0..100)
        .map(|_| json!({"user_id": "u-1", "action_type": "a", "details": {"text": "x".repeat(30_000)}}))
        .collect();
    fixture.post(json!(large)).await;
    let get = |path: &str| {
        format!("GET {path} HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {}\r\n\r\n", fixture.admin)
    };
    // More than the sockets take.
    let lists = get("/api/admin/activity?user_id=u-1&limit=100").repeat(2);
    let requests = lists + &get("/api/admin/activity/stream");
    let answers = answer_to(&fixture, &requests, |said| said.ends_with(b"\n\n\r\n")).await;
    assert_eq!(answers.matches("\"total_pages\"").count(), 2, "every list came to its end");
    assert!(answers.contains("connected"));
}

#[tokio::test]
async fn whoever_asks_for_the_head_of_a_stream_gets_it() {
    let fixture = Fixture::start().await;
    let request = fixture.request(Method::HEAD, "/api/admin/activity/stream").bearer_auth(&fixture.admin);
    let answer = request.send().await.expect("an answer");
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (200, &HeaderValue::from_static("text/event-stream"))
    );
    assert!(answer.headers().contains_key("x-request-id"));
}

#[tokio::test]
async fn a_stream_begins_after_everything_that_was_acknowledged_before_it() {
    let fixture = Fixture::start().await;
    for n in 0..50 {
        let before = fixture.post(activity("before", "a")).await;
        let mut stream = fixture.stream(APPLICATION).await;
        let expected = fixture.cursor_at(before.body["position"].as_u64().expect("a position")).await;
        assert_eq!(stream.connected.id, Some(expected), "in round {n}");
        let after = fixture.post(activity("after", "a")).await;
        assert_eq!(stream.next_activity().await["position"], after.body["position"], "in round {n}");
    }
}

#[tokio::test]
async fn what_is_pushed_is_what_a_list_shows() {
    let fixture = Fixture::start().await;
    let mut stream = fixture.stream(APPLICATION).await;
    fixture.call(Method::PUT, "/api/users/u-1", &fixture.writer, Some(json!({"display_name": "Ada"}))).await;
    fixture
        .post(json!({"user_id": "u-1", "action_type": "user_login", "details": {"b": 1, "a": [2.50]}}))
        .await;
    let pushed = stream.next_activity().await;
    assert_eq!(pushed["user_display_name"], "Ada");
    assert_eq!(pushed, fixture.list("user_id=u-1").await.body["data"][0]);
}

#[tokio::test]
async fn each_event_carries_the_cursor_after_it() {
    let fixture = Fixture::start().await;
    let mut stream = fixture.stream(APPLICATION).await;
    let stored = fixture.post(json!([activity("u-1", "a"), activity("u-2", "a")])).await;
    for result in stored.body["results"].as_array().expect("results") {
        let event = stream.next().await.expect("an event");
        let cursor = fixture.cursor_at(result["position"].as_u64().expect("a position")).await;
        assert_eq!(event.id, Some(cursor));
        assert_eq!(event.name, None);
    }
}

/// Clients that are built on Python's `splitlines` end a line there.
#[tokio::test]
async fn no_frame_or_exported_line_has_a_sign_that_ends_a_line_in_unicode() {
    let fixture = Fixture::start().await;
    let text = "line\u{2028}paragraph\u{2029}end \u{20ac}\u{a9}";
    let cursor = fixture.beginning().await;
    fixture
        .post(json!({"user_id": "u-1", "action_type": "a", "error_message": text, "details": {text: text}}))
        .await;
    let request = |path: &str| {
        format!("GET {path} HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {}\r\n\r\n", fixture.admin)
    };
    let has_it =
        |said: &[u8]| String::from_utf8_lossy(said).contains("paragraph") && said.ends_with(b"\n\r\n");
    let stream = format!("/api/admin/activity/stream?{APPLICATION}&last_event_id={cursor}");
    let streamed = answer_to(&fixture, &request(&stream), has_it).await;
    let export = format!("/api/admin/activity/export?format=ndjson&{APPLICATION}");
    let exported = answer_to(&fixture, &request(&export), has_it).await;
    for answer in [streamed, exported] {
        assert!(!answer.contains(['\u{85}', '\u{2028}', '\u{2029}']), "{answer}");
        let line = answer.lines().find(|line| line.contains("paragraph")).expect("the activity");
        let sent: Value = serde_json::from_str(line.trim_start_matches("data: ")).expect("JSON");
        let activity = if sent["data"].is_null() { &sent } else { &sent["data"] };
        assert_eq!(activity["error_message"], text);
        assert_eq!(activity["details"], json!({text: text}));
    }
}

#[tokio::test]
async fn a_stream_has_what_its_filter_means_and_nothing_else() {
    let fixture = Fixture::start().await;
    let mut failures = fixture.stream("success_filter=failure&category=other").await;
    let mut others = fixture.stream("user_id=!u-1&resource_type=!livetrail").await;
    let failed = |user: &str| json!({"user_id": user, "action_type": "a", "success": false});
    fixture.post(json!([activity("u-1", "a"), failed("u-1"), activity("u-2", "a"), failed("u-3")])).await;
    assert_eq!(failures.next_activity().await["user_id"], "u-1");
    assert_eq!(failures.next_activity().await["user_id"], "u-3");
    assert_eq!(others.next_activity().await["user_id"], "u-2");
    assert_eq!(others.next_activity().await["user_id"], "u-3");
}

#[tokio::test]
async fn what_has_no_meaning_for_a_stream_is_refused_before_it_begins() {
    let fixture = Fixture::start_with(|config| config.text_search = Some(true)).await;
    for path in ["/api/admin/activity/stream", "/api/admin-sessions/activity-stream"] {
        for name in ["page", "limit", "sort_by", "sort_order", "cursor", "text"] {
            let answer = fixture.get(&format!("{path}?{name}=1")).await;
            answer.is_problem(422);
            assert_eq!(answer.pointers(), [name]);
        }
        let answer = fixture.get(&format!("{path}?colour=red&status=x&limit=5")).await;
        assert_eq!(answer.pointers(), ["limit", "colour", "status"]);
    }
}

#[tokio::test]
async fn the_admin_trackers_address_is_the_same_stream() {
    let fixture = Fixture::start().await;
    let path = "/api/admin-sessions/activity-stream?user_id=u-2";
    let mut stream = EventStream::open(fixture.request(Method::GET, path).bearer_auth(&fixture.admin)).await;
    let stored = fixture.post(json!([activity("u-1", "a"), activity("u-2", "a")])).await;
    assert_eq!(stream.next_activity().await["id"], stored.body["results"][1]["id"]);
}

#[tokio::test]
async fn fifty_streams_get_the_same_sequence_whatever_four_writers_do() {
    const WRITERS: usize = 4;
    const BATCHES: usize = 25;
    const SIZE: usize = 5;
    let fixture = Fixture::start().await;
    let mut streams = Vec::new();
    for _ in 0..50 {
        streams.push(fixture.stream(APPLICATION).await);
    }
    let write = |writer: usize| {
        let fixture = &fixture;
        async move {
            for n in 0..BATCHES {
                let batch: Vec<_> = (0..SIZE).map(|_| activity(&format!("u-{writer}-{n}"), "a")).collect();
                assert_eq!(fixture.post(json!(batch)).await.status, 200);
            }
        }
    };
    let writing = join_all((0..WRITERS).map(write));
    let reading = join_all(streams.iter_mut().map(|stream| stream.positions(WRITERS * BATCHES * SIZE)));
    let (_, sequences) = tokio::join!(writing, reading);
    let first = sequences[0][0];
    let gapless: Vec<u64> = (first..).take(WRITERS * BATCHES * SIZE).collect();
    assert!(sequences.iter().all(|sequence| *sequence == gapless));
}

#[tokio::test]
async fn a_name_that_the_directory_learns_is_on_the_next_event() {
    let fixture = Fixture::start().await;
    let mut stream = fixture.stream(APPLICATION).await;
    fixture.post(activity("u-1", "a")).await;
    assert_eq!(stream.next_activity().await["user_display_name"], Value::Null);
    fixture.call(Method::PUT, "/api/users/u-1", &fixture.writer, Some(json!({"display_name": "Ada"}))).await;
    fixture.post(activity("u-1", "a")).await;
    assert_eq!(stream.next_activity().await["user_display_name"], "Ada");
}
