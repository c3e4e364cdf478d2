//! Clients that send or read slowly, or not at all.

use crate::fixture::{Fixture, PATIENCE};
use crate::until::until;
use bytes::Bytes;
use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use http_body::Body as _;
use http_body_util::{BodyExt, Empty, Full};
use hyper::{
    Method, Request,
    client::conn::http2,
    header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use livetrail_server::Timeouts;
use serde_json::json;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};

/// What clients of these tests may do nothing for: longer than a busy machine holds up a client that does something.
const SHORT: Timeouts = Timeouts { unidentified: Duration::from_secs(4), unread: Duration::from_secs(6) };

async fn impatient_world() -> Fixture {
    Fixture::start_with_timeouts(SHORT).await
}

async fn connect(fixture: &Fixture) -> TcpStream {
    let address = fixture.base_url.strip_prefix("http://").expect("an address");
    TcpStream::connect(address).await.expect("a connection")
}

/// How long after `begun` the server ends the connection.
async fn end_of(mut stream: TcpStream, begun: Instant) -> Duration {
    let mut rest = Vec::new();
    let ended = timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
    let _ = ended.expect("the server ends it");
    begun.elapsed()
}

#[tokio::test]
async fn a_client_without_a_credential_that_is_slow_is_cut() {
    let fixture = impatient_world().await;
    let beginnings = [
        "",
        "GET / HTT",
        "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ];
    let ends = beginnings.map(async |beginning| {
        let begun = Instant::now();
        let mut stream = connect(&fixture).await;
        stream.write_all(beginning.as_bytes()).await.expect("it is taken");
        end_of(stream, begun).await
    });
    for (beginning, took) in beginnings.iter().zip(join_all(ends).await) {
        assert!(took >= SHORT.unidentified / 2, "{beginning:?} has a moment: {took:?}");
    }
}

#[tokio::test]
async fn a_connection_that_has_shown_a_credential_may_be_idle() {
    let fixture = impatient_world().await;
    let mut stream = connect(&fixture).await;
    let request = format!(
        "GET /api/admin/catalogue HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n",
        fixture.admin
    );
    stream.write_all(request.as_bytes()).await.expect("it is taken");
    let mut rest = Vec::new();
    let idle = timeout(2 * SHORT.unidentified, stream.read_to_end(&mut rest)).await;
    assert!(idle.is_err() && rest.starts_with(b"HTTP/1.1 200 "), "it is open still");
}

#[tokio::test]
async fn a_connection_of_a_trusted_proxy_may_be_idle() {
    let fixture =
        Fixture::start_with_timeouts_and(SHORT, |config| config.trusted_proxy = vec!["127.0.0.1".into()])
            .await;
    let mut stream = connect(&fixture).await;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("it is taken");
    let mut rest = Vec::new();
    let idle = timeout(2 * SHORT.unidentified, stream.read_to_end(&mut rest)).await;
    assert!(idle.is_err() && rest.starts_with(b"HTTP/1.1 200 "), "it is open still");
}

/// Nothing is cut for the time it takes.
const LONG: Timeouts = Timeouts { unidentified: Duration::from_hours(1), unread: Duration::from_hours(1) };

/// A connection over HTTP/2 whose client grants a window of so many bytes and reads nothing.
async fn http2<B>(fixture: &Fixture, window: u32) -> http2::SendRequest<B>
where
    B: http_body::Body<Data = Bytes, Error: Into<Box<dyn std::error::Error + Send + Sync>>>
        + Send
        + Unpin
        + 'static,
{
    let io = TokioIo::new(connect(fixture).await);
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder.initial_stream_window_size(window);
    let (requests, connection) = builder.handshake(io).await.expect("HTTP/2");
    tokio::spawn(connection);
    requests
}

fn get(fixture: &Fixture, path: &str, credential: Option<&str>) -> Request<Empty<Bytes>> {
    let request = Request::get(format!("{}{path}", fixture.base_url));
    let request = match credential {
        Some(credential) => request.header(AUTHORIZATION, format!("Bearer {credential}")),
        None => request,
    };
    request.body(Empty::new()).expect("a request")
}

#[tokio::test]
async fn an_answer_over_http2_that_is_not_taken_ends_the_connection() {
    let fixture = impatient_world().await;
    let mut requests = http2(&fixture, 0).await;
    let begun = Instant::now();
    let answer = requests.send_request(get(&fixture, "/api/session", None)).await.expect("a head");
    assert_eq!(answer.status(), 401);
    assert!(!answer.body().is_end_stream());
    let body = timeout(PATIENCE, answer.into_body().collect()).await.expect("the server ends it");
    assert!(body.is_err(), "nothing was granted, so nothing came");
    assert!(begun.elapsed() >= SHORT.unidentified / 2, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_client_without_a_credential_leaves_few_answers_untaken_on_a_connection() {
    let fixture = Fixture::start_with_timeouts(LONG).await;
    let mut requests = http2(&fixture, 0).await;
    let mut untaken = Vec::new();
    let ended = loop {
        match requests.send_request(get(&fixture, "/api/session", None)).await {
            Ok(answer) => untaken.push(answer),
            Err(error) => break error,
        }
        assert!(untaken.len() < 30, "they are bounded");
    };
    assert!(untaken.len() >= 16, "{}: {ended}", untaken.len());
    let mut requests = http2(&fixture, 0).await;
    let known: Vec<_> =
        (0..30).map(|_| requests.send_request(get(&fixture, "/api/session", Some(&fixture.admin)))).collect();
    for answer in join_all(known).await {
        assert_eq!(answer.expect("a head").status(), 200, "with a credential there may be more");
    }
}

/// A sign-in whose body says that it is so long, and stops before its end.
fn unfinished_sign_in(fixture: &Fixture, length: usize) -> Request<StreamBody> {
    let begun = stream::iter([Ok(http_body::Frame::data(Bytes::from_static(b"{")))]).chain(stream::pending());
    Request::post(format!("{}/api/session", fixture.base_url))
        .header(CONTENT_TYPE, "application/json")
        .header(CONTENT_LENGTH, length)
        .body(http_body_util::StreamBody::new(begun.boxed()))
        .expect("a request")
}

type StreamBody = http_body_util::StreamBody<
    stream::BoxStream<'static, Result<http_body::Frame<Bytes>, std::convert::Infallible>>,
>;

#[tokio::test]
async fn a_client_without_a_credential_leaves_few_bodies_unfinished_on_a_connection() {
    let fixture = Fixture::start_with_timeouts(LONG).await;
    let mut requests = http2(&fixture, 65_535).await;
    let waiting: Vec<_> =
        (0..3).map(|_| requests.send_request(unfinished_sign_in(&fixture, 16_000))).collect();
    for answer in timeout(PATIENCE, join_all(waiting)).await.expect("in time") {
        assert!(answer.is_err(), "the connection has ended");
    }
    let mut requests = http2(&fixture, 65_535).await;
    let sign_in =
        Request::post(format!("{}/api/session", fixture.base_url)).header(CONTENT_TYPE, "application/json");
    let body = json!({"token": "x".repeat(15_900)}).to_string();
    let answer = requests.send_request(sign_in.body(Full::from(body)).expect("a request")).await;
    assert_eq!(answer.expect("an answer").status(), 401, "one of any permitted size is answered");
}

#[tokio::test]
async fn one_credential_does_not_keep_others_from_connecting() {
    const MAX_CONNECTIONS: u32 = 64;
    let fixture = Fixture::start_with_timeouts_and(Timeouts::default(), |config| {
        config.max_connections = Some(MAX_CONNECTIONS);
    })
    .await;
    let request = format!(
        "GET /api/admin/catalogue HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n",
        fixture.admin
    );
    let mut held = Vec::new();
    for _ in 0..2 * MAX_CONNECTIONS {
        let mut stream = connect(&fixture).await;
        stream.write_all(request.as_bytes()).await.expect("it is taken");
        let answer = timeout(PATIENCE, stream.read(&mut [0; 1024])).await.expect("there is room");
        assert!(answer.expect("an answer") > 0);
        held.push(stream);
    }
    let mut first = held.swap_remove(0);
    let mut rest = Vec::new();
    let _ = timeout(PATIENCE, first.read_to_end(&mut rest))
        .await
        .expect("the one that is idle for longest has left");
}

#[tokio::test]
async fn an_export_that_is_taken_slowly_ends_with_its_credential() {
    let fixture = Fixture::start_with_quick_heartbeat().await;
    for _ in 0..4 {
        let batch: Vec<_> = (0..20)
            .map(|_| json!({"user_id": "u-1", "action_type": "a", "details": {"a": "x".repeat(60_000)}}))
            .collect();
        assert_eq!(fixture.post(batch.into()).await.status, 200);
    }
    let viewer = fixture.key_with_id(json!({"role": "viewer", "name": "v"})).await;
    let mut requests = http2(&fixture, 65_535).await;
    let path = "/api/admin/activity/export?format=ndjson";
    let answer = requests.send_request(get(&fixture, path, Some(&viewer.secret))).await.expect("a head");
    assert_eq!(answer.status(), 200);
    let mut body = answer.into_body();
    assert!(body.frame().await.expect("a frame").is_ok());
    let mut beats = fixture.stream("resource_type=!livetrail").await;
    let path = format!("/api/admin/keys/{}", viewer.id);
    assert_eq!(fixture.as_admin(Method::DELETE, &path, None).await.status, 204);
    // A frame a heartbeat is slow, and there are several hundred of them.
    for _ in 0..20 {
        match body.frame().await {
            Some(Ok(_)) => assert!(beats.next().await.is_some()),
            ended => return assert!(matches!(ended, Some(Err(_))), "it breaks off"),
        }
    }
    panic!("it goes on");
}

#[tokio::test]
async fn a_stream_over_http2_that_is_not_taken_ends_the_connection() {
    let fixture = impatient_world().await;
    let mut requests = http2(&fixture, 0).await;
    let stream = get(&fixture, "/api/admin/activity/stream", Some(&fixture.admin));
    let answer = requests.send_request(stream).await.expect("a head");
    assert_eq!(answer.status(), 200);
    let body = timeout(PATIENCE, answer.into_body().collect()).await.expect("the server ends it");
    assert!(body.is_err());
}

#[tokio::test]
async fn answers_that_one_credential_does_not_take_are_bounded_and_others_are_served() {
    let fixture = Fixture::start().await;
    let large = json!({"a": "x".repeat(60_000)});
    for _ in 0..5 {
        let batch: Vec<_> = (0..20)
            .map(|_| json!({"user_id": "u-1", "action_type": "a", "details": large, "error_message": "m".repeat(8_000)}))
            .collect();
        assert_eq!(fixture.post(batch.into()).await.status, 200);
    }
    let mut requests = http2(&fixture, 0).await;
    let list = "/api/admin/activity?limit=100";
    let mut untaken = Vec::new();
    let refused = loop {
        let answer = requests.send_request(get(&fixture, list, Some(&fixture.admin))).await.expect("a head");
        if answer.status() != 200 {
            break answer;
        }
        untaken.push(answer);
        assert!(untaken.len() <= 10, "they are bounded");
    };
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after") && untaken.len() >= 2, "{}", untaken.len());
    let viewer = fixture.key(json!({"role": "viewer", "name": "v"})).await;
    let other = fixture.request(reqwest::Method::GET, list).bearer_auth(&viewer).send();
    let other = timeout(PATIENCE, other).await.expect("in time").expect("an answer");
    assert_eq!(other.status(), 200);
    drop((untaken, refused, requests));
    // What was held is given back.
    until(async || fixture.list("limit=100").await.status == 200).await;
}
