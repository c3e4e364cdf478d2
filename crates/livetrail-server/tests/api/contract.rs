//! `sdks/contract`: the answers that the SDKs are tested with have the form of this server's, and it takes the batches
//! that they send.

use std::collections::BTreeSet;

use crate::fixture::{Fixture, activity, id};
use serde_json::{Value, json};

fn cases(file: &str) -> Vec<Value> {
    let path = format!("{}/../../sdks/contract/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The fields of an answer, as JSON pointers. Items of an array have one pointer.
fn fields(answer: &Value) -> BTreeSet<String> {
    let below = |name: &str, value: &Value| -> Vec<String> {
        let inner = fields(value).into_iter().map(|field| format!("/{name}{field}"));
        std::iter::once(format!("/{name}")).chain(inner).collect()
    };
    match answer {
        Value::Object(entries) => entries.iter().flat_map(|(name, value)| below(name, value)).collect(),
        Value::Array(items) => items.iter().flat_map(|item| below("*", item)).collect(),
        _ => BTreeSet::new(),
    }
}

/// The bodies with this status that `retry.json` lets a server answer, and that are Livetrail's.
fn scripted(status: u16) -> Vec<Value> {
    let cases = cases("retry.json");
    let answers = cases.iter().flat_map(|case| case["answers"].as_array().expect("answers"));
    answers.filter(|answer| answer["status"] == status).map(|answer| answer["body"].clone()).collect()
}

#[tokio::test]
async fn the_answers_that_the_sdks_are_tested_with_are_this_servers() {
    let fixture = Fixture::start().await;
    let mut first = activity("u-1", "a");
    first["id"] = json!(id(1));
    let one = fixture.post(first.clone()).await;
    let batch = fixture.post(json!([first, activity("u-2", "a"), {"user_id": 7, "action_type": "a"}])).await;
    let refused = fixture.post(json!({"user_id": "u-1"})).await;
    let statuses = [&one, &batch, &refused].map(|answer| answer.status.as_u16());
    assert_eq!(statuses, [201, 200, 422]);
    for (status, answer, optional) in [(201, one, ""), (200, batch, "/rejected"), (422, refused, "/errors")] {
        let real = fields(&answer.body);
        let bodies = scripted(status).into_iter().filter(Value::is_object);
        for (body, place) in bodies.zip(1..) {
            let scripted = fields(&body);
            assert!(
                scripted.is_subset(&real),
                "answer {place} with {status}: {scripted:?} is not in {real:?}"
            );
            let missing: Vec<_> =
                real.difference(&scripted).filter(|field| is_required(field, optional)).collect();
            assert!(missing.is_empty(), "answer {place} with {status} lacks {missing:?}");
        }
    }
}

/// Whether an SDK may rely on a field. The ids of requests and what stands below an empty list are missing in some
/// answers.
fn is_required(field: &str, optional: &str) -> bool {
    field != "/request_id" && (optional.is_empty() || !field.starts_with(&format!("{optional}/")))
}

#[tokio::test]
async fn the_server_takes_the_batches_that_the_sdks_send() {
    let fixture = Fixture::start().await;
    for case in cases("batching.json") {
        let bytes =
            case["details_bytes"].as_u64().and_then(|bytes| usize::try_from(bytes).ok()).expect("bytes");
        let mut one = activity("u-1", "a");
        one["details"] = json!({"k": "v".repeat(bytes)});
        for size in case["requests"].as_array().expect("requests") {
            let size = size.as_u64().and_then(|size| usize::try_from(size).ok()).expect("a size");
            let body = if size == 1 { one.clone() } else { vec![one.clone(); size].into() };
            let answer = fixture.post(body).await;
            let accepted = if size == 1 { json!(1) } else { answer.body["accepted"].clone() };
            assert!(answer.status.is_success() && accepted == size, "{}: {}", case["name"], answer.status);
        }
    }
}
