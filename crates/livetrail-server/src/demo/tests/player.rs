use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::demo::{Destination, Plan, PlayError, play};
use crate::environment::Environment;

/// A request that a server received: path, content type, body.
type Received = (String, String, String);

/// A server that writes down what it is sent, if it wants answers every other call with 503, and says when it has had
/// enough.
struct Recorder {
    received: Mutex<Vec<Received>>,
    calls: AtomicUsize,
    troubled: bool,
    enough: usize,
    done: Notify,
}

async fn receive(
    State(recorder): State<Arc<Recorder>>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> impl IntoResponse {
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    if header("authorization") != "Bearer demo-key" {
        return (StatusCode::UNAUTHORIZED, [("retry-after", "0")], "no".to_owned());
    }
    if recorder.calls.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) && recorder.troubled {
        return (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "0")], String::new());
    }
    let mut received = recorder.received.lock().expect("nobody panicked");
    received.push((uri.path().to_owned(), header("content-type"), body));
    if received.len() >= recorder.enough {
        recorder.done.notify_one();
    }
    (StatusCode::OK, [("retry-after", "0")], json!({ "rejected": [] }).to_string())
}

struct Noon;

impl Environment for Noon {
    fn now(&self) -> Timestamp {
        "2026-03-02T12:00:00Z".parse().expect("it is a time")
    }

    fn random(&self) -> [u8; 32] {
        [7; 32]
    }
}

async fn served(troubled: bool, enough: usize) -> (Arc<Recorder>, Destination) {
    let (received, calls) = (Mutex::default(), AtomicUsize::new(0));
    let recorder = Arc::new(Recorder { received, calls, troubled, enough, done: Notify::new() });
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let base_url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let router = Router::new().fallback(receive).with_state(recorder.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (recorder, Destination { client: reqwest::Client::new(), base_url, key: "demo-key".to_owned() })
}

/// The requests, until there are `enough`.
async fn sent(past: usize, troubled: bool, enough: usize) -> Vec<Received> {
    let (recorder, destination) = served(troubled, enough).await;
    let plan = Plan { seed: 1, past, speed: 1_000_000.0 };
    play(&destination, plan, &Noon, recorder.done.notified()).await.expect("nothing is refused");
    recorder.received.lock().expect("nobody panicked")[..enough].to_vec()
}

fn lines(received: &Received) -> Vec<Value> {
    received.2.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect()
}

fn time(activity: &Value) -> Timestamp {
    activity["timestamp"].as_str().and_then(|text| text.parse().ok()).expect("it is a time")
}

#[tokio::test]
async fn the_people_come_first_then_the_past_in_batches_then_life() {
    let sent = sent(2_300, false, 7).await;
    let paths = sent.iter().map(|(path, _, _)| path.as_str()).collect::<Vec<_>>();
    assert_eq!(paths, [&["/api/users"][..], &["/api/activity"; 6]].concat());
    let people: Value = serde_json::from_str(&sent[0].2).expect("it is JSON");
    assert_eq!(
        people[0],
        json!({"id": "usr-1001", "email": "ingrid.solheim@example.com", "display_name": "Ingrid Solheim"})
    );
    assert_eq!(sent[1..].iter().map(|r| lines(r).len()).collect::<Vec<_>>(), [1_000, 1_000, 300, 1, 1, 1]);
    let types = sent.iter().map(|(_, content_type, _)| content_type.as_str()).collect::<Vec<_>>();
    assert_eq!(
        types[1..5],
        ["application/x-ndjson", "application/x-ndjson", "application/x-ndjson", "application/json"]
    );
}

#[tokio::test]
async fn the_past_ends_now_and_life_is_now() {
    let sent = sent(1_200, false, 5).await;
    let past = sent[1..3].iter().flat_map(lines).map(|activity| time(&activity)).collect::<Vec<_>>();
    assert!(past.is_sorted());
    assert!(past[0] < Noon.now());
    assert_eq!(past.last(), Some(&Noon.now()));
    assert_eq!(time(&lines(&sent[3])[0]), Noon.now());
}

#[tokio::test]
async fn every_activity_has_an_id_of_its_own() {
    let sent = sent(1_500, false, 6).await;
    let activities = sent[1..].iter().flat_map(lines).collect::<Vec<_>>();
    let ids = activities.iter().filter_map(|activity| activity["id"].as_str()?.parse::<Uuid>().ok());
    assert_eq!(ids.collect::<HashSet<_>>().len(), activities.len());
}

#[tokio::test]
async fn what_a_server_cannot_take_yet_is_sent_again_and_only_once() {
    let untroubled = sent(10, false, 5).await;
    let troubled = sent(10, true, 5).await;
    let actions =
        |sent: &[Received]| sent.iter().flat_map(lines).map(|a| a["action_type"].clone()).collect::<Vec<_>>();
    assert_eq!(actions(&troubled[1..]), actions(&untroubled[1..]));
}

#[tokio::test]
async fn a_key_that_is_refused_ends_the_demo() {
    let (_, destination) = served(false, usize::MAX).await;
    let destination = Destination { key: "wrong".to_owned(), ..destination };
    let plan = Plan { seed: 1, past: 0, speed: 1.0 };
    let refused = play(&destination, plan, &Noon, std::future::pending::<()>()).await;
    let is_unauthorized =
        |error| matches!(error, PlayError::Refused { status: StatusCode::UNAUTHORIZED, .. });
    assert!(refused.is_err_and(is_unauthorized));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_waited_for_until_the_end() {
    let client = reqwest::Client::new();
    let destination = Destination { client, base_url: "http://127.0.0.1:9".to_owned(), key: String::new() };
    let plan = Plan { seed: 1, past: 0, speed: 1.0 };
    let shutdown = tokio::task::yield_now();
    assert!(play(&destination, plan, &Noon, shutdown).await.is_ok());
}
