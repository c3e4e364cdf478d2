//! Tickets: an address that opens one stream.

use crate::fixture::{APPLICATION, EventStream, Fixture, Socket, activity};
use reqwest::Method;
use serde_json::json;

const TICKET: &str = "/api/admin/activity/stream/ticket";

async fn ticket(fixture: &Fixture, credential: &str) -> String {
    let answer = fixture.call(Method::POST, TICKET, credential, None).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.body["expires_in"], 30);
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.body["ticket"].as_str().expect("a ticket").to_owned()
}

fn address(ticket: &str) -> String {
    format!("/api/admin/activity/stream?{APPLICATION}&ticket={ticket}")
}

#[tokio::test]
async fn a_ticket_opens_one_stream() {
    let fixture = Fixture::start().await;
    let address = address(&ticket(&fixture, &fixture.admin).await);
    let mut stream = EventStream::open(fixture.request(Method::GET, &address)).await;
    fixture.post(activity("u-1", "a")).await;
    assert_eq!(stream.next_activity().await["user_id"], "u-1");
    let again = fixture.send(fixture.request(Method::GET, &address)).await;
    again.is_problem(401);
    assert_eq!(again.detail(), "Invalid token");
}

#[tokio::test]
async fn of_many_who_use_a_ticket_at_once_one_is_let_in() {
    let fixture = Fixture::start().await;
    let address = address(&ticket(&fixture, &fixture.admin).await);
    let opened = (0..8).map(|_| fixture.request(Method::GET, &address).send());
    let answers = futures_util::future::join_all(opened).await;
    let let_in = answers.iter().flatten().filter(|answer| answer.status() == 200).count();
    assert_eq!(let_in, 1);
}

#[tokio::test]
async fn a_ticket_opens_a_websocket_too() {
    let fixture = Fixture::start().await;
    let ticket = ticket(&fixture, &fixture.admin).await;
    let path = format!("/api/admin/activity/ws?ticket={ticket}");
    let mut socket = Socket::try_open(&fixture, &path, |_| {}).await.expect("a WebSocket");
    assert_eq!(socket.next().await["type"], "connected");
}

#[tokio::test]
async fn a_ticket_sees_what_whoever_asked_for_it_sees() {
    let fixture = Fixture::start().await;
    let bound = fixture.key(json!({"role": "viewer", "name": "acme", "tenant_id": "acme"})).await;
    let address = address(&ticket(&fixture, &bound).await);
    let mut stream = EventStream::open(fixture.request(Method::GET, &address)).await;
    fixture.post(activity("u-1", "a")).await;
    fixture.post(json!({"user_id": "u-2", "action_type": "a", "tenant_id": "acme"})).await;
    assert_eq!(stream.next_activity().await["user_id"], "u-2");
}

#[tokio::test]
async fn a_ticket_is_not_in_the_list_of_keys() {
    let fixture = Fixture::start().await;
    ticket(&fixture, &fixture.admin).await;
    let keys = fixture.as_admin(Method::GET, "/api/admin/keys", None).await.body;
    let names: Vec<&str> =
        keys["keys"].as_array().expect("keys").iter().filter_map(|key| key["name"].as_str()).collect();
    assert_eq!(names, ["test writer", "test admin"]);
}

#[tokio::test]
async fn an_empty_ticket_is_none() {
    let fixture = Fixture::start().await;
    let request = fixture.request(Method::GET, &address("")).bearer_auth(&fixture.admin);
    assert_eq!(request.send().await.expect("an answer").status(), 200);
    fixture.send(fixture.request(Method::GET, &address(""))).await.is_problem(401);
}

#[tokio::test]
async fn a_ticket_is_not_used_up_by_a_stream_for_which_there_is_no_room() {
    let fixture = Fixture::start_with(|raw| raw.max_connections = Some(16)).await;
    let address = address(&ticket(&fixture, &fixture.admin).await);
    let mut others = Vec::new();
    let viewer = fixture.key(json!({"role": "viewer", "name": "v"})).await;
    for n in 0..15 {
        let credential = if n < 12 { &fixture.admin } else { &viewer };
        let request = fixture.request(Method::GET, "/api/admin/activity/stream").bearer_auth(credential);
        others.push(EventStream::open(request).await);
    }
    let refused = fixture.request(Method::GET, &address).send().await.expect("an answer");
    assert_eq!(refused.status(), 200);
    let text = refused.text().await.expect("a stream that ends");
    assert!(text.contains("retry:") && !text.contains("connected"), "{text}");
    drop(others);
    fixture.until_figure("livetrail_stream_clients{transport=\"sse\"}", |count| count == 0.0).await;
    let mut stream = EventStream::open(fixture.request(Method::GET, &address)).await;
    fixture.post(activity("u-1", "a")).await;
    assert_eq!(stream.next_activity().await["user_id"], "u-1");
}

#[tokio::test]
async fn a_ticket_is_not_used_up_by_a_request_that_is_refused_for_another_reason() {
    let fixture = Fixture::start().await;
    let ticket = ticket(&fixture, &fixture.admin).await;
    let refused = [
        (format!("/api/admin/activity/stream?status=nonsense&ticket={ticket}"), 422),
        (format!("/api/admin/activity/ws?status=nonsense&ticket={ticket}"), 422),
        (format!("/api/admin/activity/ws?ticket={ticket}"), 426),
    ];
    for (path, status) in refused {
        fixture.send(fixture.request(Method::GET, &path)).await.is_problem(status);
    }
    let path = format!("/api/admin/activity/ws?ticket={ticket}");
    let from_elsewhere = Socket::try_open(&fixture, &path, |request| {
        request.headers_mut().insert("origin", "https://evil.example".parse().expect("a header"));
    });
    assert_eq!(from_elsewhere.await.err(), Some(403));
    let mut socket = Socket::try_open(&fixture, &path, |_| {}).await.expect("a WebSocket");
    assert_eq!(socket.next().await["type"], "connected");
    assert_eq!(Socket::try_open(&fixture, &path, |_| {}).await.err(), Some(401), "and only once");
}

#[tokio::test]
async fn a_head_of_a_stream_uses_no_ticket_up_and_opens_no_stream() {
    let fixture = Fixture::start().await;
    let address = address(&ticket(&fixture, &fixture.admin).await);
    let head = fixture.request(Method::HEAD, &address).send().await.expect("an answer");
    assert_eq!(
        (head.status().as_u16(), &head.headers()["content-type"]),
        (200, &"text/event-stream".parse().expect("a value"))
    );
    assert_eq!(head.text().await.expect("an answer that ends"), "");
    fixture.until_figure("livetrail_stream_clients{transport=\"sse\"}", |count| count == 0.0).await;
    let mut stream = EventStream::open(fixture.request(Method::GET, &address)).await;
    fixture.post(activity("u-1", "a")).await;
    assert_eq!(stream.next_activity().await["user_id"], "u-1");
}

#[tokio::test]
async fn a_ticket_of_a_session_opens_nothing_once_the_session_has_ended() {
    let fixture = Fixture::start().await;
    let signing_in = fixture.request(Method::POST, "/api/session").json(&json!({"token": fixture.admin}));
    let answer = fixture.send(signing_in).await;
    let cookie = answer.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    let asking = fixture
        .request(Method::POST, TICKET)
        .header("cookie", &cookie)
        .header("sec-fetch-site", "same-origin");
    let ticket = fixture.send(asking).await.body["ticket"].as_str().expect("a ticket").to_owned();
    let sign_out = fixture.request(Method::DELETE, "/api/session").header("cookie", &cookie);
    fixture.send(sign_out.header("sec-fetch-site", "same-origin")).await;
    fixture.send(fixture.request(Method::GET, &address(&ticket))).await.is_problem(401);
}
