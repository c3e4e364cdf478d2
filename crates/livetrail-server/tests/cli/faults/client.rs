use crate::program::{Fixture, PATIENCE, Serving, activity};
use serde_json::json;
use std::{
    io::{ErrorKind, Read, Write},
    net::{Shutdown, TcpStream},
    time::Duration,
};

const TIME_TO_STOP: Duration = Duration::from_secs(10);

/// A stream of this server by a client that has asked for it and reads no more than the head of the answer.
fn stopped_client(server: &Serving, key: &str) -> TcpStream {
    let mut connection = server.connect();
    let request = format!(
        "GET /api/admin/activity/stream HTTP/1.1\r\nHost: livetrail\r\nAuthorization: Bearer {key}\r\n\r\n"
    );
    connection.write_all(request.as_bytes()).expect("a connection");
    let mut head = [0; "HTTP/1.1 200 OK".len()];
    connection.read_exact(&mut head).expect("an answer");
    assert_eq!(&head, b"HTTP/1.1 200 OK");
    connection
}

/// Stores more than any socket takes, and returns the last position.
async fn store_much(server: &Serving, writer: &str) -> u64 {
    let large =
        json!({"user_id": "u-1", "action_type": "chat_message", "details": {"text": "x".repeat(50_000)}});
    let batch: Vec<_> = (0..100).map(|_| large.clone()).collect();
    let mut last = 0;
    for _ in 0..4 {
        let answer = server.post(writer, &json!(batch)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        last = answer.body["results"][99]["position"].as_u64().expect("a position");
    }
    last
}

#[tokio::test]
async fn a_client_that_stops_reading_stops_neither_writers_nor_other_readers() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let (writer, viewer) = (fixture.key("writer"), fixture.key("viewer"));
    let stopped: Vec<_> = (0..5).map(|_| stopped_client(&server, &viewer)).collect();
    let mut other = server.stream(&viewer, None).await;
    let last = store_much(&server, &writer).await;
    while other.next_activity().await["position"] != last {}
    assert_eq!(server.get(&viewer, "/api/admin/activity").await.status, 200);
    drop(stopped);
}

#[tokio::test]
async fn a_client_that_stops_reading_does_not_keep_a_server_from_stopping_in_time() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let (writer, viewer) = (fixture.key("writer"), fixture.key("viewer"));
    let _stopped = stopped_client(&server, &viewer);
    store_much(&server, &writer).await;
    server.process.signal(rustix::process::Signal::TERM);
    assert_eq!(server.process.finish_within(TIME_TO_STOP).code, Some(0));
}

#[tokio::test]
async fn a_client_that_stopped_for_a_while_gets_everything_in_order() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let (writer, viewer) = (fixture.key("writer"), fixture.key("viewer"));
    let mut stream = server.stream(&viewer, None).await;
    let first = server.post(&writer, &activity("u-1", "chat_message")).await.position();
    let last = store_much(&server, &writer).await;
    let mut seen = Vec::new();
    while seen.last() != Some(&last) {
        seen.push(stream.next_activity().await["position"].as_u64().expect("a position"));
    }
    seen.retain(|position| *position >= first);
    assert_eq!(seen, (first..=last).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_client_that_does_not_stop_talking_is_cut_and_keeps_nobody_from_their_stream() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let (writer, viewer) = (fixture.key("writer"), fixture.key("viewer"));
    let mut talker = stopped_client(&server, &viewer);
    let talking = tokio::task::spawn_blocking(move || while talker.write_all(&[b'x'; 65_536]).is_ok() {});
    let mut stream = server.stream(&viewer, None).await;
    let position = server.post(&writer, &activity("u-1", "chat_message")).await.position();
    while stream.next_activity().await["position"] != position {}
    tokio::time::timeout(PATIENCE, talking).await.expect("it is cut in time").expect("no panic");
}

/// What is sent and answered on a connection that is then closed from this side; none if the server cut it off.
fn answer_to(server: &Serving, sent: &[u8]) -> Option<String> {
    let mut connection = server.connect();
    // The server may close before it has read everything.
    let _ = connection.write_all(sent);
    let _ = connection.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    match connection.read_to_end(&mut answer) {
        Ok(_) => Some(String::from_utf8_lossy(&answer).into_owned()),
        Err(error) if error.kind() == ErrorKind::ConnectionReset => None,
        Err(error) => panic!("the server neither answers nor closes: {error}"),
    }
}

#[tokio::test]
async fn whatever_comes_on_a_connection_the_server_goes_on_for_others() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let long_line = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(1_000_000));
    let many_headers = format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{}\r\n", "X-Y: z\r\n".repeat(5_000));
    for sent in [
        &b""[..],
        b"\0\xff\xfe\x80 garbage \x1b[2J\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n",
        b"POST /api/activity HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
        b"POST /api/activity HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/activity HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /api/activity HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff0\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        long_line.as_bytes(),
        many_headers.as_bytes(),
    ] {
        let answer = answer_to(&server, sent);
        let shown = String::from_utf8_lossy(&sent[..sent.len().min(60)]);
        assert!(
            !answer.is_some_and(|answer| answer.starts_with("HTTP/1.1 5")),
            "{shown:?} is no fault of the server"
        );
        assert!(server.is_alive().await, "after {shown:?}");
    }
}

#[tokio::test]
async fn heads_that_are_too_large_are_refused_with_a_4xx() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let header = format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Large: {}\r\n\r\n", "a".repeat(1_000_000));
    if let Some(answer) = answer_to(&server, header.as_bytes()) {
        assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    assert!(server.is_alive().await);
}

#[tokio::test]
async fn connections_on_which_no_request_comes_are_closed() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let begun = |sent: &&[u8]| {
        let mut connection = server.connect();
        connection.write_all(sent).expect("a connection");
        connection
    };
    let silent: Vec<_> = [&b""[..], b"G", b"PRI", b"PRI * HTTP/2.0\r\n", b"GET /healthz HTTP/1.1\r\nHost: "]
        .iter()
        .map(begun)
        .collect();
    for mut connection in silent {
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).expect("the server closes it in time");
        assert!(!answer.starts_with(b"HTTP/1.1 2"), "{answer:?}");
    }
}

#[tokio::test]
async fn many_clients_that_never_finish_their_request_do_not_keep_others_out() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let slow: Vec<_> = (0..200)
        .map(|_| {
            let mut connection = server.connect();
            connection.write_all(b"GET /healthz HTTP/1.1\r\nHost: ").expect("a connection");
            connection
        })
        .collect();
    for _ in 0..20 {
        assert!(server.is_alive().await);
    }
    drop(slow);
}
