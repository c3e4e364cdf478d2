//! Request bodies: their types, their encodings and their size.

use crate::fixture::{Answer, Fixture, activity};
use async_compression::tokio::bufread::{BrotliEncoder, GzipEncoder, ZstdEncoder};
use bytes::Bytes;
use futures_util::stream;
use reqwest::{Body, Method};
use serde_json::{Value, json};
use std::convert::Infallible;
use tokio::io::{AsyncRead, AsyncReadExt};

const LINE: &str = "{\"user_id\":\"u-1\",\"action_type\":\"a\"}\n";

async fn send(fixture: &Fixture, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    let mut request = fixture.request(Method::POST, "/api/activity").bearer_auth(&fixture.writer);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    fixture.send(request.body(body)).await
}

async fn all(mut encoder: impl AsyncRead + Unpin) -> Vec<u8> {
    let mut bytes = Vec::new();
    encoder.read_to_end(&mut bytes).await.expect("memory does not fail");
    bytes
}

async fn gzip(bytes: &[u8]) -> Vec<u8> {
    all(GzipEncoder::new(bytes)).await
}

#[tokio::test]
async fn gzip_zstd_and_brotli_bodies_are_inflated() {
    let fixture = Fixture::start().await;
    let plain = activity("u-1", "a").to_string();
    let plain = plain.as_bytes();
    for (name, body) in [
        ("gzip", gzip(plain).await),
        ("x-gzip", gzip(plain).await),
        ("GZIP", gzip(plain).await),
        ("zstd", all(ZstdEncoder::new(plain)).await),
        ("br", all(BrotliEncoder::new(plain)).await),
        ("identity", plain.to_vec()),
    ] {
        assert_eq!(send(&fixture, &[("content-encoding", name)], body).await.status, 201, "{name}");
    }
    assert_eq!(fixture.list("user_id=u-1").await.body["total"], 6);
}

#[tokio::test]
async fn every_part_of_a_body_that_was_compressed_in_parts_is_read() {
    let fixture = Fixture::start().await;
    let lines = |encoding| [("content-type", "application/x-ndjson"), ("content-encoding", encoding)];
    let members = gzip(LINE.as_bytes()).await.repeat(3);
    assert_eq!(send(&fixture, &lines("gzip"), members).await.body["accepted"], 3);
    let frames = all(ZstdEncoder::new(LINE.as_bytes())).await.repeat(3);
    assert_eq!(send(&fixture, &lines("zstd"), frames).await.body["accepted"], 3);
}

#[tokio::test]
async fn a_body_that_is_not_what_its_encoding_says_is_a_bad_request() {
    let fixture = Fixture::start().await;
    let mut cut = gzip(LINE.repeat(100).as_bytes()).await;
    cut.truncate(cut.len() / 2);
    send(&fixture, &[("content-encoding", "gzip")], cut).await.is_problem(400);
    for encoding in ["gzip", "zstd", "br"] {
        let answer = send(&fixture, &[("content-encoding", encoding)], LINE).await;
        assert_eq!(answer.status, 400, "{encoding}");
    }
}

#[tokio::test]
async fn an_unknown_encoding_is_refused_with_those_that_are_known() {
    let fixture = Fixture::start().await;
    for encoding in ["deflate", "gzip, br"] {
        let answer = send(&fixture, &[("content-encoding", encoding)], LINE).await;
        answer.is_problem(415);
        assert!(answer.detail().contains("gzip, zstd or br"), "{}", answer.detail());
    }
}

#[tokio::test]
async fn an_unknown_content_type_is_refused_with_those_that_are_known() {
    let fixture = Fixture::start().await;
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/xml"] {
        let answer = send(&fixture, &[("content-type", kind)], LINE).await;
        answer.is_problem(415);
        assert!(answer.detail().contains("application/json or application/x-ndjson"), "{}", answer.detail());
    }
}

#[tokio::test]
async fn a_body_is_json_if_nothing_else_is_said() {
    let fixture = Fixture::start().await;
    assert_eq!(send(&fixture, &[], LINE).await.status, 201);
    for kind in ["application/json", "Application/JSON; charset=utf-8", "application/vnd.livetrail+json"] {
        assert_eq!(send(&fixture, &[("content-type", kind)], LINE).await.status, 201, "{kind}");
    }
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped() {
    let fixture = Fixture::start().await;
    let marked = format!("\u{feff}{LINE}");
    assert_eq!(send(&fixture, &[], marked.clone()).await.status, 201);
    let lines = [("content-type", "application/x-ndjson")];
    assert_eq!(send(&fixture, &lines, marked).await.body["accepted"], 1);
}

#[tokio::test]
async fn what_an_answer_repeats_of_the_input_is_cut() {
    let fixture = Fixture::start().await;
    let long = "x".repeat(100_000);
    let mut fields = activity("u-1", "a");
    for n in 0..40 {
        fields[format!("{n}{long}")] = json!(1);
    }
    let answer = fixture.post(fields).await;
    answer.is_problem(422);
    assert_eq!(answer.body["errors"].as_array().map(Vec::len), Some(20));
    assert!(answer.body.to_string().len() < 8_000);
    let key = json!({"name": "n", "role": long, "tenant": long});
    let answer = fixture
        .send(fixture.request(Method::POST, "/api/admin/keys").bearer_auth(&fixture.admin).json(&key))
        .await;
    answer.is_problem(413);
    let key = json!({"name": "n", "role": &long[..10_000]});
    let answer = fixture
        .send(fixture.request(Method::POST, "/api/admin/keys").bearer_auth(&fixture.admin).json(&key))
        .await;
    answer.is_problem(422);
    assert!(answer.body.to_string().len() < 1_000, "{}", answer.body);
    let answer = fixture.list(&format!("status={0}&ip={0}&sort_by={0}&limit={0}", &long[..5_000])).await;
    answer.is_problem(422);
    assert!(answer.body.to_string().len() < 3_000, "{}", answer.body);
}

#[tokio::test]
async fn a_call_that_is_not_intake_takes_a_small_body_also_inflated() {
    let fixture = Fixture::start().await;
    let padded = |length: usize| format!("{}{{}}", " ".repeat(length - 2));
    for body in [padded(16_385).into_bytes(), padded(10_000_000).into_bytes()] {
        for encoding in ["identity", "gzip"] {
            let body = if encoding == "gzip" { gzip(&body).await } else { body.clone() };
            let request = fixture
                .request(Method::POST, "/api/session")
                .header("content-type", "application/json")
                .header("content-encoding", encoding);
            fixture.send(request.body(body)).await.is_problem(413);
        }
    }
    let fits = fixture.request(Method::POST, "/api/session").header("content-type", "application/json");
    fixture.send(fits.body(padded(16_384))).await.is_problem(422);
}

#[tokio::test]
async fn lines_are_known_by_each_of_their_names() {
    let fixture = Fixture::start().await;
    for kind in ["application/x-ndjson", "application/ndjson; charset=utf-8", "application/jsonl"] {
        let answer = send(&fixture, &[("content-type", kind)], LINE.repeat(2)).await;
        assert_eq!((answer.status.as_u16(), &answer.body["accepted"]), (200, &json!(2)), "{kind}");
    }
}

#[tokio::test]
async fn what_is_not_json_is_a_bad_request_that_says_where() {
    let fixture = Fixture::start().await;
    for body in ["", "{", "{'user_id': 1}", "nonsense", "{} {}"] {
        let answer = send(&fixture, &[], body).await;
        answer.is_problem(400);
        assert!(answer.detail().contains("line 1"), "{}", answer.detail());
    }
    send(&fixture, &[], vec![b'"', 0xff, b'"']).await.is_problem(400);
    send(&fixture, &[], "[".repeat(100_000)).await.is_problem(400);
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_taken_and_one_byte_more_is_not() {
    let fixture = Fixture::start().await;
    let padded = |length: usize| {
        let mut body = activity("u-1", "a").to_string();
        body.push_str(&" ".repeat(length - body.len()));
        body
    };
    assert_eq!(send(&fixture, &[], padded(10_000_000)).await.status, 201);
    send(&fixture, &[], padded(10_000_001)).await.is_problem(413);
}

#[tokio::test]
async fn the_refusal_of_a_body_that_is_much_too_large_can_be_read() {
    let fixture = Fixture::start().await;
    let answer = send(&fixture, &[], " ".repeat(30_000_000)).await;
    answer.is_problem(413);
    assert!(answer.detail().contains("10 MB"), "{}", answer.detail());
    let chunks = stream::iter((0..300).map(|_| Ok::<_, Infallible>(Bytes::from(vec![b' '; 100_000]))));
    send(&fixture, &[], Body::wrap_stream(chunks)).await.is_problem(413);
}

#[tokio::test]
async fn a_body_that_inflates_without_end_is_refused_at_the_limit() {
    let fixture = Fixture::start().await;
    // A gigabyte of zeros: one member of ten megabytes, over and over.
    let bomb = gzip(&vec![0; 10_000_000]).await.repeat(107);
    assert!(bomb.len() < 2_000_000);
    let memory_before = resident_bytes();
    send(&fixture, &[("content-encoding", "gzip")], bomb).await.is_problem(413);
    let grown = resident_bytes().saturating_sub(memory_before);
    assert!(grown < 500_000_000, "{grown} bytes more than before");
    let zeros = vec![0; 11_000_000];
    for (name, bomb) in
        [("zstd", all(ZstdEncoder::new(&zeros[..])).await), ("br", all(BrotliEncoder::new(&zeros[..])).await)]
    {
        send(&fixture, &[("content-encoding", name)], bomb).await.is_problem(413);
    }
}

/// What this process, the server in it, holds of the machine's memory.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) * 1024
}

#[tokio::test]
async fn a_batch_has_ten_thousand_items_at_most() {
    let fixture = Fixture::start().await;
    let lines = [("content-type", "application/x-ndjson")];
    assert_eq!(send(&fixture, &lines, LINE.repeat(10_000)).await.body["accepted"], 10_000);
    let answer = send(&fixture, &lines, LINE.repeat(10_001)).await;
    answer.is_problem(413);
    assert!(answer.detail().contains("10000"), "{}", answer.detail());
    let array = Value::Array(vec![activity("u-1", "a"); 10_001]);
    fixture.post(array).await.is_problem(413);
}

#[tokio::test]
async fn a_connection_goes_on_after_a_refusal() {
    let fixture = Fixture::start().await;
    send(&fixture, &[], " ".repeat(11_000_000)).await.is_problem(413);
    assert_eq!(send(&fixture, &[], LINE).await.status, 201);
}

#[tokio::test]
async fn an_array_is_not_read_as_an_object_by_the_order_of_its_fields() {
    let fixture = Fixture::start().await;
    for (method, path, body) in [
        (Method::POST, "/api/admin/keys", json!(["n", "viewer", null, null])),
        (Method::PUT, "/api/users/u-1", json!(["ada@example.com", "Ada"])),
        (Method::POST, "/api/session", json!([&fixture.admin])),
        (Method::POST, "/api/users", json!([["u-1", "ada@example.com", "Ada"]])),
    ] {
        fixture.as_admin(method.clone(), path, Some(body.clone())).await.is_problem(422);
        let marked = fixture
            .request(method, path)
            .bearer_auth(&fixture.admin)
            .header("content-type", "application/json");
        fixture.send(marked.body(format!("\u{feff}{body}"))).await.is_problem(422);
    }
    let batch =
        fixture.call(Method::POST, "/api/activity", &fixture.writer, Some(json!([["u-1", "a"]]))).await;
    batch.is_problem(422);
}
