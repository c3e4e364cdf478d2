//! The cases in `sdks/contract`, which the SDKs replay too. Where the server and an SDK differ, a case fails on one
//! side.

mod redaction;
mod shape;

use serde_json::Value;

/// The cases of a file of `sdks/contract`.
fn cases(file: &str) -> Vec<Value> {
    let path = format!("{}/../../sdks/contract/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert!(!cases.is_empty(), "{path} has no case");
    cases.into_iter().map(expanded).collect()
}

/// Writes out each `{"$repeat": [text, times, end]}`.
fn expanded(value: Value) -> Value {
    match value {
        Value::Object(entries) => match entries.get("$repeat").and_then(Value::as_array) {
            Some(repeat) => repeated(repeat).into(),
            None => entries.into_iter().map(|(key, entry)| (key, expanded(entry))).collect(),
        },
        Value::Array(items) => items.into_iter().map(expanded).collect(),
        other => other,
    }
}

fn repeated(repeat: &[Value]) -> String {
    let text = |at: usize| repeat.get(at).and_then(Value::as_str).unwrap_or_default();
    let times = repeat[1].as_u64().and_then(|times| usize::try_from(times).ok()).expect("a number of times");
    text(0).repeat(times) + text(2)
}

#[track_caller]
fn check_all(failed: &[String]) {
    assert!(failed.is_empty(), "{} cases:\n{}", failed.len(), failed.join("\n"));
}
