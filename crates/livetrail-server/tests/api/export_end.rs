//! The end of an export: how a client sees that it has everything, and what happens when the client goes.

use crate::{
    export::{export, text},
    fixture::{APPLICATION, Fixture, activity},
    until::until,
};
use aws_lc_rs::digest::{SHA256, digest};
use http_body_util::BodyExt;
use reqwest::{Client, Response, header::TE};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpSocket,
};

/// Questions that the index has answered.
const QUESTIONS: &str = "livetrail_index_questions_total{by=\"index\"}";

fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn filled(rows: usize) -> Fixture {
    let fixture = Fixture::start().await;
    let many: Vec<_> = (0..rows).map(|_| activity("u-1", "a")).collect();
    assert_eq!(fixture.post(json!(many)).await.status, 200);
    fixture
}

/// Exports with a client that takes trailers.
async fn with_trailers(fixture: &Fixture, client: &Client, query: &str) -> Response {
    let request = client.get(format!("{}/api/admin/activity/export?{APPLICATION}&{query}", fixture.base_url));
    request.bearer_auth(&fixture.admin).header(TE, "trailers").send().await.expect("an answer")
}

#[tokio::test]
async fn trailers_have_the_number_of_rows_and_the_checksum_of_the_body() {
    let fixture = filled(2_500).await;
    let http2 = Client::builder().http2_prior_knowledge().build().expect("a client");
    for client in [&fixture.client, &http2] {
        for query in ["", "bom=true&columns=id", "format=ndjson", "format=ndjson&summary=true"] {
            let answer = with_trailers(&fixture, client, query).await;
            assert_eq!(answer.headers()["trailer"], "livetrail-rows, livetrail-sha256", "{query}");
            let body = reqwest::Body::from(answer).collect().await.expect("a file");
            let trailers = body.trailers().expect("trailers").clone();
            assert_eq!(trailers["livetrail-rows"], "2500", "{query}");
            assert_eq!(trailers["livetrail-sha256"], sha256(&body.to_bytes()), "{query}");
        }
    }
}

#[tokio::test]
async fn a_client_that_does_not_take_trailers_gets_none_and_the_same_body() {
    let fixture = filled(1_500).await;
    let answer = export(&fixture, APPLICATION).await;
    assert!(!answer.headers().contains_key("trailer"));
    let body = reqwest::Body::from(answer).collect().await.expect("a file");
    assert!(body.trailers().is_none());
    let with = with_trailers(&fixture, &fixture.client, "").await.text().await.expect("a file");
    assert_eq!(body.to_bytes(), with);
}

#[tokio::test]
async fn a_last_line_on_request_has_the_number_of_rows_and_the_checksum_of_what_is_before_it() {
    let fixture = filled(1_500).await;
    for (filter, rows) in [(APPLICATION, 1_500), ("user_id=nobody", 0)] {
        let file = text(&fixture, &format!("format=ndjson&summary=true&{filter}")).await;
        let before = file.trim_end().rfind('\n').map_or(0, |end| end + 1);
        let last: Value = serde_json::from_str(&file[before..]).expect("an object");
        let sha256 = sha256(&file.as_bytes()[..before]);
        assert_eq!(last, json!({"livetrail_export": {"rows": rows, "sha256": sha256}}));
        assert_eq!(file[..before].lines().count(), rows);
    }
}

#[tokio::test]
async fn an_export_ends_when_its_client_hangs_up() {
    let fixture = Fixture::start().await;
    let mut large = activity("u-1", "a");
    large["details"] = json!({"text": "x".repeat(60_000)});
    // More than the sockets take, so that the server has to wait for the client.
    for _ in 0..6 {
        assert_eq!(fixture.post(json!(vec![large.clone(); 120])).await.status, 200);
    }
    let (app, asked) = (fixture.app(), fixture.figure(QUESTIONS).await);
    let address = fixture.base_url.strip_prefix("http://").expect("an address").parse().expect("an address");
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(16_384).expect("a socket");
    let mut client = socket.connect(address).await.expect("a connection");
    let before = Arc::strong_count(&app);
    let request = format!(
        "GET /api/admin/activity/export?format=ndjson&{APPLICATION} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n",
        fixture.admin
    );
    client.write_all(request.as_bytes()).await.expect("it is taken");
    let mut head = [0; 1_000];
    client.read_exact(&mut head).await.expect("the beginning of a file");
    assert!(head.starts_with(b"HTTP/1.1 200 "));
    assert!(Arc::strong_count(&app) > before, "the export holds the app while it is under way");
    drop(client);
    until(async || Arc::strong_count(&app) <= before).await;
    let asked = fixture.figure(QUESTIONS).await - asked;
    assert!((2.0..8.0).contains(&asked), "the whole export has more than ten questions; {asked} were asked");
}
