//! The live stream.

use crate::fixture::{APPLICATION, EventStream, Fixture, PATIENCE, Socket, activity, now};
use crate::until::until;
use futures_util::future::join_all;
use reqwest::{Method, header::HeaderValue};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpSocket,
    time::timeout,
};
use tokio_tungstenite::tungstenite::handshake::client::Request;

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

/// What comes on a connection after a request that is written as it is, to a client that is slow to read, until `enough` says so.
async fn answer_to(fixture: &Fixture, request: &str, enough: impl Fn(&[u8]) -> bool) -> String {
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
    let end = now() + 2;
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
    // A frame without data would be a message to some clients, and one without an id have others forget where they were.
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
