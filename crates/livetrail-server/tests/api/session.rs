//! The page's session: a cookie.

use crate::fixture::{Answer, EventStream, Fixture};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

async fn sign_in(fixture: &Fixture, token: &str) -> Answer {
    fixture.send(fixture.request(Method::POST, "/api/session").json(&json!({"token": token}))).await
}

/// The cookie as a browser sends it back.
fn cookie_of(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().expect("a cookie").to_owned()
}

async fn link_token(fixture: &Fixture) -> String {
    let link = fixture.as_admin(Method::POST, "/api/admin/sign-in-link", None).await;
    assert_eq!(link.status, 201);
    link.body["link"].as_str().expect("a link").split_once("#token=").expect("a token").1.to_owned()
}

/// A call of our own page, as a browser makes it.
fn with_cookie(fixture: &Fixture, method: Method, path: &str, cookie: &str) -> RequestBuilder {
    let request = fixture.request(method, path).header("cookie", format!("theme=dark; {cookie}; lang=en"));
    request.header("sec-fetch-site", "same-origin")
}

#[tokio::test]
async fn a_sign_in_link_opens_the_page_in_its_fragment() {
    let fixture = Fixture::start().await;
    let link = fixture.as_admin(Method::POST, "/api/admin/sign-in-link", None).await;
    let text = link.body["link"].as_str().expect("a link");
    assert!(text.starts_with(&format!("{}/admin/activity#token=", fixture.base_url)), "{text}");
    assert!(link.body["expires_at"].is_string());
    let fixture =
        Fixture::start_with(|config| config.public_url = Some("https://log.example.com/".into())).await;
    let link = fixture.as_admin(Method::POST, "/api/admin/sign-in-link", None).await;
    assert!(
        link.body["link"]
            .as_str()
            .expect("a link")
            .starts_with("https://log.example.com/admin/activity#token=")
    );
}

#[tokio::test]
async fn a_sign_in_link_signs_in_once() {
    let fixture = Fixture::start().await;
    let token = link_token(&fixture).await;
    let first = sign_in(&fixture, &token).await;
    assert_eq!(first.status, 200);
    assert_eq!((&first.body["user_id"], &first.body["role"]), (&json!("livetrail-admin"), &json!("admin")));
    let again = sign_in(&fixture, &token).await;
    assert_eq!((again.status.as_u16(), again.detail()), (401, "Invalid token"));
    assert_eq!(
        fixture.send(with_cookie(&fixture, Method::GET, "/api/session", &cookie_of(&first))).await.status,
        200
    );
}

#[tokio::test]
async fn of_many_who_use_a_sign_in_link_at_once_one_gets_in() {
    let fixture = Fixture::start().await;
    let token = link_token(&fixture).await;
    let answers = futures_util::future::join_all((0..10).map(|_| sign_in(&fixture, &token))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_of_other_sites() {
    let fixture = Fixture::start().await;
    let answer = sign_in(&fixture, &fixture.admin).await;
    let cookie = answer.header("set-cookie");
    for attribute in ["; HttpOnly", "; SameSite=Strict", "; Path=/", "; Max-Age=43200"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Secure") && !cookie.contains(&fixture.admin), "{cookie}");
    let fixture =
        Fixture::start_with(|config| config.public_url = Some("https://log.example.com".into())).await;
    let request = fixture.request(Method::POST, "/api/session").header("host", "log.example.com");
    let answer = fixture.send(request.json(&json!({"token": &fixture.admin}))).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-livetrail_session=") && cookie.ends_with("; Secure"), "{cookie}");
}

#[tokio::test]
async fn a_session_reads_lists_and_streams_and_administers() {
    let fixture = Fixture::start().await;
    let cookie = cookie_of(&sign_in(&fixture, &fixture.admin_token("boss").await).await);
    assert_eq!(
        fixture.send(with_cookie(&fixture, Method::GET, "/api/admin/activity", &cookie)).await.status,
        200
    );
    EventStream::open(with_cookie(&fixture, Method::GET, "/api/admin/activity/stream", &cookie)).await;
    let key = with_cookie(&fixture, Method::POST, "/api/admin/keys", &cookie)
        .json(&json!({"name": "n", "role": "viewer"}));
    assert_eq!(fixture.send(key).await.status, 201);
    let session = fixture.send(with_cookie(&fixture, Method::GET, "/api/session", &cookie)).await;
    assert_eq!(session.body["user_id"], "boss");
}

#[tokio::test]
async fn a_cookie_that_was_tampered_with_opens_nothing() {
    let fixture = Fixture::start().await;
    let cookie = cookie_of(&sign_in(&fixture, &fixture.admin).await);
    let forged =
        Fixture::token(json!({"user_id": "x", "role": "admin", "tenant": null, "backing": "builtin"}));
    let cut = &cookie[..cookie.len() - 2];
    for cookie in [cut, "livetrail_session=", "livetrail_session=x", &format!("livetrail_session={forged}")] {
        let answer = fixture.send(with_cookie(&fixture, Method::GET, "/api/session", cookie)).await;
        assert_eq!((answer.status.as_u16(), answer.detail()), (401, "Invalid token"), "{cookie}");
    }
}

#[tokio::test]
async fn a_session_is_no_bearer_token() {
    let fixture = Fixture::start().await;
    let cookie = cookie_of(&sign_in(&fixture, &fixture.admin).await);
    let (_, value) = cookie.split_once('=').expect("a value");
    assert_eq!(fixture.call(Method::GET, "/api/session", value, None).await.status, 401);
}

#[tokio::test]
async fn a_session_ends_with_the_key_it_rests_on() {
    let fixture = Fixture::start().await;
    let key = fixture.key_with_id(json!({"role": "viewer", "name": "screen"})).await;
    let cookie = cookie_of(&sign_in(&fixture, &key.secret).await);
    let read = || fixture.send(with_cookie(&fixture, Method::GET, "/api/session", &cookie));
    assert_eq!(read().await.body["role"], "viewer");
    fixture.as_admin(Method::DELETE, &format!("/api/admin/keys/{}", key.id), None).await;
    assert_eq!(read().await.status, 401);
}

#[tokio::test]
async fn those_who_may_not_read_do_not_sign_in() {
    let fixture = Fixture::start().await;
    for (token, status, detail) in [
        (fixture.writer.clone(), 403, "Admin access required"),
        ("garbage".into(), 401, "Invalid token"),
        (Fixture::token(json!({"user_id": "anon-1"})), 401, "Authentication required"),
        (Fixture::token(json!({"user_id": "u-1"})), 403, "Admin access required"),
    ] {
        let answer = sign_in(&fixture, &token).await;
        assert_eq!((answer.status.as_u16(), answer.detail()), (status, detail));
        assert_eq!(answer.header("set-cookie"), "");
    }
}

#[tokio::test]
async fn signing_out_takes_the_cookie_away() {
    let fixture = Fixture::start().await;
    let answer = fixture.send(fixture.request(Method::DELETE, "/api/session")).await;
    assert_eq!((answer.status.as_u16(), &answer.body), (204, &Value::String(String::new())));
    assert!(answer.header("set-cookie").starts_with("livetrail_session=; Path=/; Max-Age=0"));
}

#[tokio::test]
async fn signing_out_ends_the_session_for_good_and_is_recorded() {
    let fixture = Fixture::start().await;
    let mut own = fixture.stream("action_filter=logout").await;
    let signed_in = sign_in(&fixture, &fixture.admin_token("boss").await).await;
    let (cookie, id) = (cookie_of(&signed_in), signed_in.body["session_id"].clone());
    let answer = fixture.send(with_cookie(&fixture, Method::DELETE, "/api/session", &cookie)).await;
    assert_eq!((answer.status.as_u16(), &answer.body), (204, &Value::String(String::new())));
    let read = fixture.send(with_cookie(&fixture, Method::GET, "/api/admin/activity", &cookie)).await;
    assert_eq!((read.status.as_u16(), read.detail()), (401, "Invalid token"));
    let recorded = own.next_activity().await;
    assert_eq!((&recorded["user_id"], &recorded["details"]["session_id"]), (&json!("boss"), &id));
    let fixture = Fixture::start_in(fixture.stop().await, |_| {}).await;
    assert_eq!(fixture.send(with_cookie(&fixture, Method::GET, "/api/session", &cookie)).await.status, 401);
}

#[tokio::test]
async fn a_session_that_is_in_use_ends_with_the_key_that_made_its_link_even_after_a_restart() {
    let fixture = Fixture::start().await;
    let stolen = fixture.key_with_id(json!({"role": "admin", "name": "stolen"})).await;
    let link = fixture.call(Method::POST, "/api/admin/sign-in-link", &stolen.secret, None).await;
    let token =
        link.body["link"].as_str().expect("a link").split_once("#token=").expect("a token").1.to_owned();
    let cookie = cookie_of(&sign_in(&fixture, &token).await);
    assert_eq!(fixture.send(with_cookie(&fixture, Method::GET, "/api/session", &cookie)).await.status, 200);
    fixture.as_admin(Method::DELETE, &format!("/api/admin/keys/{}", stolen.id), None).await;
    let fixture = Fixture::start_in(fixture.stop().await, |_| {}).await;
    for (method, path) in [
        (Method::GET, "/api/admin/activity"),
        (Method::POST, "/api/admin/keys"),
        (Method::POST, "/api/admin/sign-in-link"),
    ] {
        let request =
            with_cookie(&fixture, method, path, &cookie).json(&json!({"name": "again", "role": "admin"}));
        assert_eq!(fixture.send(request).await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn signing_in_is_recorded_and_the_token_is_not() {
    let fixture = Fixture::start().await;
    let mut own = fixture.stream("action_filter=login").await;
    let token = fixture.admin_token("boss").await;
    sign_in(&fixture, &token).await;
    let recorded = own.next_activity().await;
    assert_eq!((&recorded["user_id"], &recorded["endpoint"]), (&json!("boss"), &json!("/api/session")));
    assert!(!recorded.to_string().contains(&token));
}
