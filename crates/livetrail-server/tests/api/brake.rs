//! Credentials that fail are counted by address; the one that is right always passes.

use crate::fixture::{Answer, Fixture};
use reqwest::Method;
use serde_json::json;

const LIST: &str = "/api/admin/activity";

async fn fails(fixture: &Fixture, from: &str) -> Answer {
    let request = fixture.request(Method::GET, LIST).bearer_auth("garbage").header("x-forwarded-for", from);
    fixture.send(request).await
}

#[tokio::test]
async fn ten_failures_are_answered_as_such_and_further_ones_are_told_when_to_come_back() {
    let fixture = Fixture::start().await;
    for failure in 1..=10 {
        let answer = fixture.call(Method::GET, LIST, "garbage", None).await;
        answer.is_problem(401);
        assert_eq!(answer.header("ratelimit-policy"), "\"failed-credentials\";q=10;w=60");
        let left = format!("\"failed-credentials\";r={};t=", 10 - failure);
        assert!(answer.header("ratelimit").starts_with(&left), "{answer:?}");
    }
    for path in [LIST, "/api/admin/activity/stream", "/api/admin/activity/ws", "/api/session"] {
        let answer = fixture.call(Method::GET, path, "garbage", None).await;
        answer.is_problem(429);
        let seconds: u32 = answer.header("retry-after").parse().expect("seconds");
        assert!((1..=60).contains(&seconds), "{answer:?}");
        assert_eq!(answer.header("ratelimit"), format!("\"failed-credentials\";r=0;t={seconds}"));
    }
    assert_eq!(fixture.list("").await.status, 200, "a valid credential passes");
    fixture.send(fixture.request(Method::GET, LIST)).await.is_problem(401);
}

#[tokio::test]
async fn every_kind_of_credential_counts_and_none_at_all_does_not() {
    let fixture = Fixture::start().await;
    let session = || fixture.request(Method::POST, "/api/session").json(&json!({"token": "lt_garbage"}));
    let get = |path: &str| fixture.request(Method::GET, path);
    for _ in 0..12 {
        fixture.send(get(LIST)).await.is_problem(401);
    }
    for _ in 0..2 {
        fixture.send(session()).await.is_problem(401);
        fixture.send(get("/api/admin/activity/stream?ticket=garbage")).await.is_problem(401);
        fixture.send(get("/api/admin/activity/stream?token=garbage")).await.is_problem(401);
        fixture.send(get(LIST).header("cookie", "livetrail_session=garbage")).await.is_problem(401);
        fixture.send(get(LIST).header("authorization", "Basic eDp5")).await.is_problem(401);
    }
    fixture.send(session()).await.is_problem(429);
    fixture.send(get("/api/admin/activity/stream?ticket=garbage")).await.is_problem(429);
    let signed_in = fixture.request(Method::POST, "/api/session").json(&json!({"token": fixture.admin}));
    assert_eq!(fixture.send(signed_in).await.status, 200);
}

#[tokio::test]
async fn a_credential_that_is_valid_and_not_enough_does_not_count() {
    let fixture = Fixture::start().await;
    let no_admin = Fixture::token(json!({"user_id": "u-1"}));
    for _ in 0..12 {
        fixture.call(Method::GET, LIST, &fixture.writer, None).await.is_problem(403);
        fixture.call(Method::GET, LIST, &no_admin, None).await.is_problem(403);
    }
    fixture.call(Method::GET, LIST, "garbage", None).await.is_problem(401);
}

#[tokio::test]
async fn a_session_that_has_ended_is_taken_from_the_browser() {
    let fixture = Fixture::start().await;
    let dead = fixture.request(Method::GET, "/api/session").header("cookie", "livetrail_session=garbage");
    let answer = fixture.send(dead).await;
    answer.is_problem(401);
    assert!(answer.header("set-cookie").starts_with("livetrail_session=; Path=/; Max-Age=0"), "{answer:?}");
    let signed_in = fixture.request(Method::POST, "/api/session").json(&json!({"token": fixture.admin}));
    let signed_in = fixture.send(signed_in).await;
    let alive = signed_in.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    let get = |path: &str| fixture.request(Method::GET, path).header("cookie", &alive);
    for request in [
        get("/api/session").bearer_auth("garbage"),
        get("/api/admin/activity/stream?ticket=garbage"),
        get("/api/admin/activity/stream?token=garbage"),
        fixture
            .request(Method::POST, "/api/session")
            .header("cookie", &alive)
            .header("sec-fetch-site", "same-origin")
            .json(&json!({"token": "garbage"})),
    ] {
        let answer = fixture.send(request).await;
        answer.is_problem(401);
        assert_eq!(answer.header("set-cookie"), "", "another credential failed: {answer:?}");
    }
    assert_eq!(fixture.send(get("/api/session")).await.status, 200);
}

#[tokio::test]
async fn clients_behind_a_trusted_proxy_are_counted_each_and_an_ipv6_network_is_one() {
    let fixture = Fixture::start_with(|config| config.trusted_proxy = vec!["127.0.0.0/8".into()]).await;
    for number in 0..10 {
        fails(&fixture, &format!("2001:db8::{number}")).await.is_problem(401);
    }
    fails(&fixture, "2001:db8::ffff:1").await.is_problem(429);
    fails(&fixture, "2001:db8:0:1::1").await.is_problem(401);
    fails(&fixture, "192.0.2.1").await.is_problem(401);
    fails(&fixture, "2001:db8::5, 192.0.2.2").await.is_problem(401);
}

#[tokio::test]
async fn a_client_without_a_trusted_proxy_does_not_choose_its_address() {
    let fixture = Fixture::start().await;
    for number in 0..10 {
        fails(&fixture, &format!("192.0.2.{number}")).await.is_problem(401);
    }
    fails(&fixture, "192.0.2.200").await.is_problem(429);
}

#[tokio::test]
async fn a_refusal_is_recorded_with_the_clients_address() {
    let fixture = Fixture::start_with(|config| config.trusted_proxy = vec!["127.0.0.1".into()]).await;
    let mut refusals = fixture.stream("action_filter=access_refused").await;
    fails(&fixture, "203.0.113.9, 192.0.2.1").await.is_problem(401);
    assert_eq!(refusals.next_activity().await["ip_address"], "192.0.2.1");
}
