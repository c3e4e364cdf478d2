//! The page, as far as the server is concerned.

use crate::fixture::Fixture;
use reqwest::Method;

const ADDRESSES: [&str; 10] = [
    "/",
    "/admin",
    "/admin/activity",
    "/admin-session-logs",
    "/admin/people/ada%2Flovelace",
    "/admin/networks/203.0.113.0/24",
    "/admin/networks/2001:db8::%2F32",
    "/admin/resources",
    "/admin/resources/document/a/b.pdf",
    "/alerts/rules",
];

#[tokio::test]
async fn the_page_is_at_its_addresses_for_anybody() {
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
async fn a_broken_link_is_answered_by_the_page_and_a_program_by_a_problem() {
    let fixture = Fixture::start().await;
    for path in ["/admin/peeple", "/nothing"] {
        let link = fixture.request(Method::GET, path).header("accept", "text/html,*/*;q=0.8");
        let answer = fixture.send(link).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (404, "text/html; charset=utf-8")
        );
        assert!(answer.header("content-security-policy").contains("default-src 'self'"), "{path}");
        fixture.send(fixture.request(Method::GET, path)).await.is_problem(404);
    }
    let call = fixture.request(Method::GET, "/api/nothing").header("accept", "text/html");
    fixture.send(call).await.is_problem(404);
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
