//! Traces of requests, as a collector of OpenTelemetry gets them from the real binary.

use crate::program::{Answer, Fixture, Process, Serving, activity};
use axum::{Router, extract::State, http::header, response::IntoResponse, routing};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

type Spans = Arc<Mutex<Vec<Value>>>;

/// A collector that takes spans as JSON, and its address.
async fn collector() -> (Spans, String) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let spans = Spans::default();
    let router = Router::new().route("/v1/traces", routing::post(take)).with_state(Arc::clone(&spans));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (spans, url)
}

async fn take(State(spans): State<Spans>, body: String) -> impl IntoResponse {
    let body: Value = serde_json::from_str(&body).expect("JSON");
    for resource in body["resourceSpans"].as_array().expect("resources") {
        let name = attribute(&resource["resource"], "service.name");
        assert_eq!(name["stringValue"], "livetrail", "{resource}");
        for scope in resource["scopeSpans"].as_array().expect("scopes") {
            let new = scope["spans"].as_array().expect("spans").iter().cloned();
            spans.lock().expect("no panic").extend(new);
        }
    }
    ([(header::CONTENT_TYPE, "application/json")], "{}")
}

fn attribute<'a>(of: &'a Value, key: &str) -> &'a Value {
    let attributes = of["attributes"].as_array().into_iter().flatten();
    attributes.into_iter().find(|each| each["key"] == key).map_or(&Value::Null, |found| &found["value"])
}

fn serve(fixture: &Fixture, collector: &str) -> Serving {
    let mut command = fixture.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", collector).env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json");
    Serving::start(command)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_a_span_below_that_of_its_caller_and_its_steps_are_below_it() {
    let (spans, url) = collector().await;
    let fixture = Fixture::new().begin();
    let (writer, viewer) = (fixture.key("writer"), fixture.key("viewer"));
    let server = serve(&fixture, &url);
    let request = server.request(Method::POST, "/api/activity").bearer_auth(&writer);
    let request = request.header("traceparent", format!("00-{TRACE}-{CALLER}-01"));
    let stored = Answer::to(request.json(&activity("u-1", "login"))).await.expect("an answer");
    assert_eq!(stored.status, 201, "{stored:?}");
    assert_eq!(server.get(&viewer, "/api/admin/activity?limit=1").await.status, 200);
    // The last spans are sent before it ends.
    let log = server.stop().stderr;
    assert!(!log.contains("otel."), "the server's own log has ids only: {log}");

    let spans = spans.lock().expect("no panic").clone();
    let named = |name: &str| {
        spans.iter().find(|span| span["name"] == name).unwrap_or_else(|| panic!("{name}: {spans:#?}"))
    };
    let posted = named("POST /api/activity");
    assert_eq!((&posted["traceId"], &posted["parentSpanId"]), (&json!(TRACE), &json!(CALLER)));
    assert_eq!(attribute(posted, "http.response.status_code")["intValue"], "201", "{posted}");
    assert_eq!(attribute(posted, "livetrail.request_id")["stringValue"], stored.header("x-request-id"));
    let commit = named("commit");
    assert_eq!((&commit["traceId"], &commit["parentSpanId"]), (&json!(TRACE), &posted["spanId"]));
    let listed = named("GET /api/admin/activity");
    assert_ne!(listed["traceId"], TRACE);
    let asked = spans.iter().filter(|span| span["parentSpanId"] == listed["spanId"]);
    assert!(asked.count() > 0, "{spans:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_not_there_holds_up_neither_requests_nor_the_end() {
    let nobody = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let url = format!("http://{}", nobody.local_addr().expect("an address"));
    let fixture = Fixture::new().begin();
    let writer = fixture.key("writer");
    let server = serve(&fixture, &url);
    assert_eq!(server.post(&writer, &activity("u-1", "login")).await.status, 201);
    let log = server.stop().stderr;
    assert!(log.contains("stopped"), "{log}");
}

#[test]
fn a_collector_without_a_sensible_address_is_refused_at_the_start() {
    let fixture = Fixture::new();
    let mut command = fixture.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", "not an address");
    let finished = Process::start(command).finish();
    assert_eq!(finished.code, Some(2), "{}", finished.stderr);
    assert!(finished.stderr.contains("OTEL_EXPORTER_OTLP_ENDPOINT"), "{}", finished.stderr);
}
