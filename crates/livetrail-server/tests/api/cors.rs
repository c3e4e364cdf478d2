//! Pages of other origins.

use crate::fixture::{Answer, Fixture};
use reqwest::Method;

const APP: &str = "https://app.example.com";

async fn open_to_app() -> Fixture {
    Fixture::start_with(|config| config.cors_origin = vec![APP.into(), "http://localhost:3000".into()]).await
}

/// What clients send, with the headers that libraries for tracing and polyfills add by themselves.
const ASKED: [&str; 8] = [
    "authorization",
    "content-type",
    "content-encoding",
    "last-event-id",
    "cache-control",
    "baggage",
    "sentry-trace",
    "traceparent",
];

async fn preflight(fixture: &Fixture, origin: &str, method: &str) -> Answer {
    let request = fixture.request(Method::OPTIONS, "/api/admin/keys").header("origin", origin);
    let request = request.header("access-control-request-method", method);
    fixture.send(request.header("access-control-request-headers", ASKED.join(","))).await
}

#[tokio::test]
async fn without_a_named_origin_no_page_of_another_one_may_read_anything() {
    let fixture = Fixture::start().await;
    let preflighted = preflight(&fixture, APP, "POST").await;
    let read =
        fixture.request(Method::GET, "/api/admin/activity").header("origin", APP).bearer_auth(&fixture.admin);
    for answer in [preflighted, fixture.send(read).await] {
        let granted = answer.headers.keys().find(|name| name.as_str().starts_with("access-control-allow"));
        assert_eq!(granted, None, "{answer:?}");
    }
}

#[tokio::test]
async fn a_named_origin_may_call_with_credentials() {
    let fixture = open_to_app().await;
    for origin in [APP, "http://localhost:3000"] {
        for method in ["GET", "POST", "PUT", "DELETE"] {
            let answer = preflight(&fixture, origin, method).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("access-control-allow-origin"), origin);
            assert_eq!(answer.header("access-control-allow-credentials"), "true");
            assert!(answer.header("access-control-allow-methods").contains(method), "{answer:?}");
            let headers = answer.header("access-control-allow-headers");
            for name in ASKED {
                assert!(headers.contains(name), "{headers}");
            }
        }
    }
}

#[tokio::test]
async fn every_answer_to_a_named_origin_can_be_read_a_refusal_too() {
    let fixture = open_to_app().await;
    for (path, status) in [
        ("/api/admin/activity", 401),
        ("/api/admin/activity/stream", 401),
        ("/api/nothing", 404),
        ("/healthz", 200),
    ] {
        let answer = fixture.send(fixture.request(Method::GET, path).header("origin", APP)).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), APP, "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), "true", "{path}");
        assert!(answer.header("access-control-expose-headers").contains("retry-after"), "{path}");
        assert!(answer.header("vary").to_lowercase().contains("origin"), "{path}: {answer:?}");
    }
    let stream = fixture
        .request(Method::GET, "/api/admin/activity/stream")
        .bearer_auth(&fixture.admin)
        .header("origin", APP);
    let stream = stream.send().await.expect("an answer");
    assert_eq!(stream.headers()["access-control-allow-origin"], APP);
}

#[tokio::test]
async fn an_origin_that_is_not_named_is_granted_nothing() {
    let fixture = open_to_app().await;
    for origin in
        ["https://evil.example.com", "https://app.example.com.evil.com", "http://app.example.com", "null"]
    {
        let answer = preflight(&fixture, origin, "POST").await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
    }
}
