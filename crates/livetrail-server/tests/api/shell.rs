//! The page, as far as the server is concerned.

use crate::fixture::Fixture;
use reqwest::Method;

const ADDRESSES: [&str; 3] = ["/", "/admin/activity", "/admin-session-logs"];

#[tokio::test]
async fn the_page_is_at_its_three_addresses_for_anybody() {
    let fixture = Fixture::start().await;
    for path in ADDRESSES {
        let answer = fixture.send(fixture.request(Method::GET, path)).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        let text = answer.body.as_str().expect("text");
        assert!(text.to_lowercase().starts_with("<!doctype html>") && text.contains("Livetrail"), "{path}");
    }
}

#[tokio::test]
async fn the_page_is_not_framed_and_runs_nothing_from_elsewhere() {
    let fixture = Fixture::start().await;
    for path in ADDRESSES {
        let answer = fixture.send(fixture.request(Method::GET, path)).await;
        let policy = answer.header("content-security-policy");
        for directive in ["default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(directive), "{policy}");
        }
        assert!(!policy.contains("unsafe-eval") && !policy.contains("script-src"), "{policy}");
        assert_eq!(answer.header("cache-control"), "no-cache");
    }
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let fixture = Fixture::start().await;
    for path in ["/", "/healthz", "/api/nothing", "/api/admin/activity", "/openapi.json", "/docs"] {
        let answer = fixture.send(fixture.request(Method::GET, path)).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
    }
}

#[tokio::test]
async fn the_reference_page_is_for_anybody() {
    let fixture = Fixture::start().await;
    let answer = fixture.send(fixture.request(Method::GET, "/docs")).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(answer.header("content-security-policy").contains("default-src 'self'"));
}

#[tokio::test]
async fn a_long_address_where_nothing_is_is_not_repeated_whole() {
    let fixture = Fixture::start().await;
    let answer = fixture.send(fixture.request(Method::GET, &format!("/{}", "a".repeat(20_000)))).await;
    answer.is_problem(404);
    assert!(answer.detail().len() < 200, "{answer:?}");
}
