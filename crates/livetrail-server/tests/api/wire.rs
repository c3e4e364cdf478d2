//! The bytes of a stream, as clients in other languages are written against: `wire.sse` beside this file, with what
//! differs from run to run in square brackets. `UPDATE=1 cargo test -p livetrail-server --test api wire` writes it
//! anew.

use crate::fixture::Fixture;
use reqwest::Method;
use serde_json::{Value, json};
use std::path::Path;

/// The whole of what a stream sends until it has sent so many frames.
async fn frames(fixture: &Fixture, path: &str, count: usize) -> String {
    let mut answer =
        fixture.request(Method::GET, path).bearer_auth(&fixture.admin).send().await.expect("an answer");
    let mut bytes = Vec::new();
    while bytes.windows(2).filter(|pair| pair == b"\n\n").count() < count {
        let chunk =
            tokio::time::timeout(crate::fixture::PATIENCE, answer.chunk()).await.expect("bytes in time");
        bytes.extend_from_slice(&chunk.expect("bytes").expect("the stream goes on"));
    }
    String::from_utf8(bytes).expect("UTF-8")
}

fn full() -> Value {
    json!({
        "id": "0198c0de-7a3b-7000-8000-000000000001", "timestamp": 1_772_366_400.25, "user_id": "u-1",
        "action_type": "user_login", "endpoint": "/api/login", "http_method": "POST", "status_code": 401,
        "error_message": "wrong\npassword “ü”", "error_type": "BadCredentials", "target_user_id": "u-1",
        "target_resource_id": "r-1", "resource_type": "session", "details": {"b": 1, "a": [null, true, 2.5]},
        "changes": {"tries": {"from": 1, "to": 2}}, "duration_ms": 12, "db_query_count": 3, "ip_address": "192.0.2.7",
        "user_agent": "curl/8.5.0", "is_admin": false, "delegate_id": "bot",
        "delegate_type": "agent", "via": "mcp", "session_id": "s-1", "request_id": "q-1", "trace_id": "t-1",
        "tenant_id": "acme",
    })
}

fn steady(text: &str, epoch: &str) -> String {
    let mut steady = String::new();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("retry: ") {
            Some(_) => steady.push_str("retry: [milliseconds]\n"),
            None => steady.push_str(line),
        }
    }
    let created = r#""created_at":""#;
    let parts: Vec<&str> = steady.split(created).collect();
    let parts = parts.iter().enumerate().map(|(n, part)| match (n, part.split_once('"')) {
        (1.., Some((_, rest))) => format!("[moment]\"{rest}"),
        _ => (*part).to_owned(),
    });
    parts.collect::<Vec<_>>().join(created).replace(epoch, "[epoch]")
}

#[tokio::test]
async fn the_bytes_of_a_stream_are_those_that_are_committed() {
    let fixture = Fixture::start().await;
    let beginning = fixture.beginning().await;
    let (epoch, _) = beginning.split_once('-').expect("an epoch");
    let second = json!({
        "id": "0198c0de-7a3b-7000-8000-000000000002", "user_id": "anon-1", "action_type": "b",
        "timestamp": 1_772_366_401
    });
    fixture.post(json!([full(), second])).await;
    let path = "/api/admin/activity/stream?resource_type=!livetrail&last_event_id=";
    // First, since a stream that begins in the past is recorded.
    let reset = frames(&fixture, &format!("{path}garbage"), 2).await;
    let resumed = frames(&fixture, &format!("{path}{beginning}"), 3).await;
    let written = steady(&format!("{resumed}{reset}"), epoch);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/wire.sse");
    #[expect(
        clippy::disallowed_methods,
        reason = "whoever changes the wire asks for the file to be written anew"
    )]
    let update = std::env::var("UPDATE").is_ok();
    if update {
        std::fs::write(&file, &written).expect("a file that can be written");
    }
    assert_eq!(std::fs::read_to_string(&file).expect("wire.sse"), written);
}
