//! The log over a WebSocket.

use crate::fixture::{ANSWERABLE_HEARTBEAT, APPLICATION, Fixture, PATIENCE, Socket, activity};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_tungstenite::tungstenite::{
    Message, handshake::client::Request, protocol::frame::coding::CloseCode,
};

const PATH: &str = "/api/admin/activity/ws";

fn header(name: &'static str, value: &str) -> impl FnOnce(&mut Request) + use<> {
    let value = value.parse().expect("a header");
    move |request| {
        request.headers_mut().insert(name, value);
    }
}

/// The positions of the next activities.
async fn positions(socket: &mut Socket, count: usize) -> Vec<Value> {
    let mut positions = Vec::new();
    while positions.len() < count {
        let next = socket.next_but_heartbeats().await;
        assert_eq!(next["type"], "new_activity", "{next}");
        positions.push(next["data"]["position"].clone());
    }
    positions
}

#[tokio::test]
async fn messages_are_the_objects_of_the_event_stream_with_their_cursor() {
    let fixture = Fixture::start().await;
    for path in [PATH, "/api/admin-sessions/activity-ws"] {
        let mut socket = Socket::open(&fixture, &format!("{path}?{APPLICATION}&user_id=u-1")).await;
        let connected = socket.next().await;
        assert_eq!((&connected["type"], &connected["heartbeat_seconds"]), (&json!("connected"), &json!(15)));
        let stored = fixture.post(json!([activity("u-2", "a"), activity("u-1", "a")])).await;
        let position = stored.body["results"][1]["position"].as_u64().expect("a position");
        let message = socket.next().await;
        assert_eq!(message["type"], "new_activity");
        assert_eq!(message["id"], fixture.cursor_at(position).await);
        assert_eq!(message["data"], fixture.list("user_id=u-1").await.body["data"][0]);
    }
}

#[tokio::test]
async fn a_client_may_begin_anew_with_another_filter_and_where_it_left_off() {
    let fixture = Fixture::start().await;
    let mut socket = Socket::open(&fixture, &format!("{PATH}?user_id=nobody")).await;
    let start = socket.next().await["id"].clone();
    let batch: Vec<_> = (0..600).map(|n| activity(&format!("u-{}", n % 3), "a")).collect();
    let stored = fixture.post(json!(batch)).await;
    let first = stored.body["results"][0]["position"].as_u64().expect("a position");
    let filter = json!({"user_id": ["u-1", "u-2"], "is_admin": false});
    socket.say(json!({"type": "subscribe", "filter": filter, "last_event_id": start})).await;
    let connected = socket.next_but_heartbeats().await;
    assert_eq!((&connected["type"], &connected["id"]), (&json!("connected"), &start));
    let expected: Vec<_> = (0..600).filter(|n| n % 3 > 0).map(|n| json!(first + n)).collect();
    assert_eq!(positions(&mut socket, 400).await, expected);
    // Without a cursor it begins now.
    socket.say(json!({"type": "subscribe", "filter": {"user_id": "u-9"}})).await;
    assert_eq!(socket.next_but_heartbeats().await["type"], "connected");
    let later = fixture.post(json!([activity("u-1", "a"), activity("u-9", "a")])).await;
    assert_eq!(positions(&mut socket, 1).await, [later.body["results"][1]["position"].clone()]);
}

#[tokio::test]
async fn what_is_wrong_with_a_message_is_answered_and_changes_nothing() {
    let fixture = Fixture::start().await;
    let mut socket = Socket::open(&fixture, &format!("{PATH}?user_id=u-1")).await;
    socket.next().await;
    let subscribe = |filter: Value| json!({"type": "subscribe", "filter": filter});
    for (filter, pointers) in [
        (json!({"colour": "red", "status": "x"}), json!(["colour", "status"])),
        (json!({"user_id": {"a": 1}}), json!(["user_id"])),
        (json!({"page": 2}), json!(["page"])),
    ] {
        socket.say(subscribe(filter)).await;
        let answer = socket.next_but_heartbeats().await;
        assert_eq!(answer["type"], "error");
        let named: Vec<_> =
            answer["errors"].as_array().expect("errors").iter().map(|e| e["pointer"].clone()).collect();
        assert_eq!(json!(named), pointers, "{answer}");
    }
    let (long_type, long_field) = (
        json!({"type": "x".repeat(15_000)}).to_string(),
        json!({"type": "ping", "x".repeat(15_000): 1}).to_string(),
    );
    let garbage = [
        "",
        "[]",
        "[\"ping\"]",
        "[\"subscribe\",{},null]",
        "nonsense",
        "{\"type\":\"dance\"}",
        "{\"type\":\"subscribe\",\"filters\":{}}",
        &long_type,
        &long_field,
    ];
    for text in garbage {
        socket.send(Message::Text(text.into())).await;
        let answer = socket.next_but_heartbeats().await;
        assert_eq!(answer["type"], "error", "{text}");
        assert!(answer.to_string().len() < 1_000, "the answer does not repeat all of it: {answer}");
    }
    socket.send(Message::Binary(vec![0, 159, 146, 150].into())).await;
    assert_eq!(socket.next_but_heartbeats().await["type"], "error");
    let stored = fixture.post(activity("u-1", "a")).await;
    assert_eq!(positions(&mut socket, 1).await, [stored.body["position"].clone()]);
}

#[tokio::test]
async fn an_activity_as_large_as_may_be_passes() {
    let fixture = Fixture::start().await;
    let mut socket = Socket::open(&fixture, &format!("{PATH}?user_id=u-1")).await;
    socket.next().await;
    let large = json!({
        "user_id": "u-1", "action_type": "a", "details": {"text": "x".repeat(65_000)},
        "changes": {"text": {"from": "y".repeat(32_000), "to": "z".repeat(32_000)}}, "error_message": "é".repeat(8_000),
    });
    let stored = fixture.post(json!([large, large, activity("u-1", "a")])).await;
    let expected = stored.body["results"].as_array().expect("results");
    let expected: Vec<_> = expected.iter().map(|result| result["position"].clone()).collect();
    assert_eq!(positions(&mut socket, 3).await, expected);
}

#[tokio::test]
async fn a_cursor_of_another_log_is_answered_with_a_reset() {
    let fixture = Fixture::start().await;
    for cursor in ["garbage", "00000000-1", &fixture.cursor_at(999_999).await] {
        let mut socket = Socket::open(&fixture, &format!("{PATH}?last_event_id={cursor}")).await;
        assert_eq!(socket.next().await["type"], "connected");
        let reset = socket.next().await;
        assert_eq!(reset["type"], "reset");
        assert!(reset["reason"].is_string() && reset["id"].is_string(), "{reset}");
    }
}

#[tokio::test]
async fn it_takes_a_credential_that_may_read() {
    let fixture = Fixture::start().await;
    let refused =
        async |change: Box<dyn FnOnce(&mut Request)>| Socket::try_open(&fixture, PATH, change).await.err();
    assert_eq!(refused(Box::new(|_| {})).await, Some(401));
    assert_eq!(refused(Box::new(header("authorization", "Bearer wrong"))).await, Some(401));
    assert_eq!(
        refused(Box::new(header("authorization", &format!("Bearer {}", fixture.writer)))).await,
        Some(403)
    );
    assert_eq!(refused(Box::new(header("sec-websocket-protocol", "livetrail, wrong"))).await, Some(401));
    assert_eq!(refused(Box::new(header("sec-websocket-protocol", "livetrail"))).await, Some(401));
}

#[tokio::test]
async fn a_page_that_cannot_send_headers_offers_its_token_as_a_protocol() {
    let fixture = Fixture::start().await;
    let token = fixture.admin_token("u-7").await;
    for credential in [fixture.admin.as_str(), &token] {
        let offer = header("sec-websocket-protocol", &format!("livetrail, {credential}"));
        let mut socket = Socket::try_open(&fixture, PATH, offer).await.expect("a WebSocket");
        assert_eq!(socket.answer.headers()["sec-websocket-protocol"], "livetrail");
        assert_eq!(socket.next().await["type"], "connected");
    }
}

#[tokio::test]
async fn pages_of_other_origins_may_not_connect_unless_they_are_named() {
    let named = "https://app.example.com";
    let fixture = Fixture::start_with(|config| config.cors_origin = vec![named.into()]).await;
    let from = async |origin: &str| {
        let key = format!("Bearer {}", fixture.admin);
        let change = |request: &mut Request| {
            header("origin", origin)(request);
            header("authorization", &key)(request);
        };
        Socket::try_open(&fixture, PATH, change).await.err()
    };
    assert_eq!(from("https://evil.example").await, Some(403));
    assert_eq!(from("null").await, Some(403));
    assert_eq!(from(named).await, None);
    assert_eq!(from(&fixture.base_url).await, None);
}

#[tokio::test]
async fn whoever_is_bound_to_a_tenant_sees_that_tenant_only_whatever_they_subscribe_to() {
    let fixture = Fixture::start().await;
    let key = fixture.key(json!({"role": "viewer", "name": "acme", "tenant_id": "acme"})).await;
    let bearer = header("authorization", &format!("Bearer {key}"));
    let mut socket = Socket::try_open(&fixture, PATH, bearer).await.expect("a WebSocket");
    socket.next().await;
    socket.say(json!({"type": "subscribe", "filter": {"tenant_id": "other"}})).await;
    assert_eq!(socket.next_but_heartbeats().await["type"], "error");
    socket.say(json!({"type": "subscribe", "filter": {"user_id": "u-1"}})).await;
    socket.next_but_heartbeats().await;
    let of = |tenant: &str| json!({"user_id": "u-1", "action_type": "a", "tenant_id": tenant});
    let stored = fixture.post(json!([of("other"), of("acme"), activity("u-1", "a")])).await;
    assert_eq!(positions(&mut socket, 1).await, [stored.body["results"][1]["position"].clone()]);
}

#[tokio::test]
async fn what_is_no_handshake_is_told_so() {
    let fixture = Fixture::start().await;
    fixture.get(PATH).await.is_problem(426);
    let answer = fixture.get(&format!("{PATH}?colour=red")).await;
    assert_eq!((answer.status.as_u16(), answer.pointers()), (422, vec!["colour"]));
}

#[tokio::test]
async fn a_heartbeat_says_how_far_the_log_is_and_pings_are_answered() {
    let fixture = Fixture::start_with_heartbeat(ANSWERABLE_HEARTBEAT).await;
    let mut socket = Socket::open(&fixture, &format!("{PATH}?user_id=nobody")).await;
    assert_eq!(socket.next().await["type"], "connected");
    let stored = fixture.post(activity("u-1", "a")).await;
    let end = stored.body["position"].as_u64().expect("a position");
    let position = |cursor: &Value| -> u64 {
        let position = cursor.as_str().and_then(|cursor| cursor.split('-').nth(1)).expect("a position");
        position.parse().expect("a number")
    };
    // The server may record something of its own meanwhile.
    let beat = loop {
        let next = socket.next().await;
        assert_eq!(next["type"], "heartbeat", "{next}");
        if position(&next["id"]) >= end {
            break next;
        }
    };
    let (reached, head) = (position(&beat["id"]), position(&beat["head"]));
    assert!(head >= reached, "{beat}");
    assert_eq!(beat["id"], fixture.cursor_at(reached).await);
    assert_eq!(beat["head"], fixture.cursor_at(head).await);
    socket.say(json!({"type": "ping"})).await;
    assert_eq!(socket.next_but_heartbeats().await["type"], "pong");
    socket.send(Message::Ping(b"hello".as_slice().into())).await;
    loop {
        if let Message::Pong(payload) = socket.receive().await.expect("the conversation goes on") {
            assert_eq!(&payload[..], b"hello");
            break;
        }
    }
}

/// The code with which the server ends the conversation.
async fn close_code(socket: &mut Socket) -> CloseCode {
    loop {
        if let Message::Close(frame) = socket.receive().await.expect("a farewell") {
            return frame.expect("a reason").code;
        }
    }
}

#[tokio::test]
async fn a_client_that_gives_no_sign_of_life_is_told_so_and_cut() {
    let fixture = Fixture::start_with_quick_heartbeat().await;
    let mut socket = Socket::open(&fixture, PATH).await;
    // A client that does not read answers no ping.
    let name = "livetrail_stream_ends_total{transport=\"websocket\",reason=\"silent\"}";
    fixture.until_figure(name, |count| count == 1.0).await;
    assert_eq!(close_code(&mut socket).await, CloseCode::Away);
}

#[tokio::test]
async fn what_is_no_websocket_or_too_large_ends_it_with_a_reason() {
    let fixture = Fixture::start().await;
    let large = [&[0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0][..], &[b'x'; 65_537]].concat();
    for (bytes, code) in [
        (&b"GET / HTTP/1.1\r\n\r\n"[..], CloseCode::Protocol),
        // Text that is not masked, and text that is none.
        (b"\x81\x02{}", CloseCode::Protocol),
        (b"\x81\x82\0\0\0\0\xff\xff", CloseCode::Protocol),
        (&large, CloseCode::Size),
    ] {
        let mut socket = Socket::open(&fixture, PATH).await;
        socket.send_raw(bytes).await;
        assert_eq!(close_code(&mut socket).await, code, "{:?}", &bytes[..8]);
    }
}

#[tokio::test]
async fn a_client_that_pings_all_the_time_is_answered_and_keeps_nobody_waiting() {
    const PINGS: usize = 20_000;
    let fixture = Fixture::start().await;
    let mut socket = Socket::open(&fixture, PATH).await;
    let mut stream = fixture.stream(APPLICATION).await;
    let ping = b"\x89\x80\0\0\0\0";
    socket.send_raw(&ping.repeat(PINGS)).await;
    let stored = fixture.post(activity("u-1", "a")).await;
    assert_eq!(stream.next_activity().await["position"], stored.body["position"]);
    let mut pongs = 0;
    while pongs < PINGS {
        let message = socket.receive().await.expect("the conversation goes on");
        pongs += usize::from(matches!(message, Message::Pong(_)));
    }
}

/// Asks for a WebSocket as it is written, says a ping before the answer can have come, and reads up to `end`.
async fn say_at_once(fixture: &Fixture, version: &str, end: &[u8]) -> Vec<u8> {
    let address = fixture.base_url.strip_prefix("http://").expect("an address");
    let mut connection = TcpStream::connect(address).await.expect("a connection");
    let request = format!(
        "GET {PATH} HTTP/{version}\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer {}\r\n\r\n",
        fixture.admin
    );
    let ping = [&b"\x81\x8f\0\0\0\0"[..], b"{\"type\":\"ping\"}"].concat();
    connection.write_all(&[request.as_bytes(), &ping].concat()).await.expect("a connection");
    let mut said = Vec::new();
    let reading = async {
        while !said.windows(end.len()).any(|said| said == end) {
            assert_ne!(connection.read_buf(&mut said).await.expect("a connection"), 0);
        }
    };
    timeout(PATIENCE, reading).await.expect("an answer in time");
    said
}

#[tokio::test]
async fn a_client_need_not_wait_for_the_handshake_before_it_says_something() {
    let fixture = Fixture::start().await;
    let said = say_at_once(&fixture, "1.1", b"{\"type\":\"pong\"}").await;
    assert!(said.starts_with(b"HTTP/1.1 101 "));
}

#[tokio::test]
async fn a_proxy_that_speaks_http_1_0_is_told_that_it_cannot_pass_a_websocket_on() {
    let fixture = Fixture::start().await;
    let said = String::from_utf8(say_at_once(&fixture, "1.0", b"over HTTP/1.1").await).expect("text");
    assert!(said.split_once(' ').is_some_and(|(_, rest)| rest.starts_with("426 ")), "{said}");
}

#[tokio::test]
async fn a_client_that_begins_anew_again_and_again_gets_what_it_asked_for_last() {
    let fixture = Fixture::start().await;
    let beginning = fixture.beginning().await;
    let batch: Vec<_> = (0..2_000).map(|n| activity(&format!("u-{}", n % 3), "a")).collect();
    let stored = fixture.post(json!(batch)).await;
    let first = stored.body["results"][0]["position"].as_u64().expect("a position");
    let mut socket = Socket::open(&fixture, &format!("{PATH}?last_event_id={beginning}")).await;
    for round in 0..30 {
        let filter = json!({"user_id": format!("u-{}", round % 3)});
        socket.say(json!({"type": "subscribe", "filter": filter, "last_event_id": beginning})).await;
        // The first subscription was told of its beginning as well.
        for _ in 0..if round == 0 { 2 } else { 1 } {
            while socket.next().await["type"] != "connected" {}
        }
        let count = if round == 29 { 666 } else { 10 };
        let expected: Vec<_> = (0..count).map(|n| json!(first + n * 3 + round % 3)).collect();
        assert_eq!(positions(&mut socket, expected.len()).await, expected, "in round {round}");
    }
}

#[tokio::test]
async fn it_ends_when_its_key_is_revoked() {
    let fixture = Fixture::start_with_heartbeat(ANSWERABLE_HEARTBEAT).await;
    let key = fixture.key_with_id(json!({"role": "viewer", "name": "short"})).await;
    let bearer = header("authorization", &format!("Bearer {}", key.secret));
    let mut socket = Socket::try_open(&fixture, PATH, bearer).await.expect("a WebSocket");
    fixture.as_admin(Method::DELETE, &format!("/api/admin/keys/{}", key.id), None).await;
    assert_eq!(close_code(&mut socket).await, CloseCode::Policy);
}

#[tokio::test]
async fn a_server_that_stops_says_so() {
    let fixture = Fixture::start().await;
    let mut socket = Socket::open(&fixture, PATH).await;
    fixture.begin_to_stop();
    assert_eq!(close_code(&mut socket).await, CloseCode::Restart);
}
