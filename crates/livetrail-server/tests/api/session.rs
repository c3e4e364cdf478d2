//! The page's session: a cookie.

use crate::world::{Answer, EventStream, World};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

async fn sign_in(world: &World, token: &str) -> Answer {
    world.send(world.request(Method::POST, "/api/session").json(&json!({"token": token}))).await
}

/// The cookie as a browser sends it back.
fn cookie_of(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().expect("a cookie").to_owned()
}

async fn link_token(world: &World) -> String {
    let link = world.as_admin(Method::POST, "/api/admin/sign-in-link", None).await;
    assert_eq!(link.status, 201);
    link.body["link"].as_str().expect("a link").split_once("#token=").expect("a token").1.to_owned()
}

/// A call of our own page, as a browser makes it.
fn with_cookie(world: &World, method: Method, path: &str, cookie: &str) -> RequestBuilder {
    let request = world.request(method, path).header("cookie", format!("theme=dark; {cookie}; lang=en"));
    request.header("sec-fetch-site", "same-origin")
}

#[tokio::test]
async fn a_sign_in_link_opens_the_page_in_its_fragment() {
    let world = World::start().await;
    let link = world.as_admin(Method::POST, "/api/admin/sign-in-link", None).await;
    let text = link.body["link"].as_str().expect("a link");
    assert!(text.starts_with(&format!("{}/admin/activity#token=", world.base_url)), "{text}");
    assert!(link.body["expires_at"].is_string());
    let world = World::start_with(|config| config.public_url = Some("https://log.example.com/".into())).await;
    let link = world.as_admin(Method::POST, "/api/admin/sign-in-link", None).await;
    assert!(
        link.body["link"]
            .as_str()
            .expect("a link")
            .starts_with("https://log.example.com/admin/activity#token=")
    );
}

#[tokio::test]
async fn a_sign_in_link_signs_in_once() {
    let world = World::start().await;
    let token = link_token(&world).await;
    let first = sign_in(&world, &token).await;
    assert_eq!(first.status, 200);
    assert_eq!((&first.body["user_id"], &first.body["role"]), (&json!("livetrail-admin"), &json!("admin")));
    let again = sign_in(&world, &token).await;
    assert_eq!((again.status.as_u16(), again.detail()), (401, "Invalid token"));
    assert_eq!(
        world.send(with_cookie(&world, Method::GET, "/api/session", &cookie_of(&first))).await.status,
        200
    );
}

#[tokio::test]
async fn of_many_who_use_a_sign_in_link_at_once_one_gets_in() {
    let world = World::start().await;
    let token = link_token(&world).await;
    let answers = futures_util::future::join_all((0..10).map(|_| sign_in(&world, &token))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_of_other_sites() {
    let world = World::start().await;
    let answer = sign_in(&world, &world.admin).await;
    let cookie = answer.header("set-cookie");
    for attribute in ["; HttpOnly", "; SameSite=Strict", "; Path=/", "; Max-Age=43200"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Secure") && !cookie.contains(&world.admin), "{cookie}");
    let world = World::start_with(|config| config.public_url = Some("https://log.example.com".into())).await;
    let request = world.request(Method::POST, "/api/session").header("host", "log.example.com");
    let answer = world.send(request.json(&json!({"token": &world.admin}))).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-livetrail_session=") && cookie.ends_with("; Secure"), "{cookie}");
}

#[tokio::test]
async fn a_session_reads_lists_and_streams_and_administers() {
    let world = World::start().await;
    let cookie = cookie_of(&sign_in(&world, &world.admin_token("boss").await).await);
    assert_eq!(
        world.send(with_cookie(&world, Method::GET, "/api/admin/activity", &cookie)).await.status,
        200
    );
    EventStream::open(with_cookie(&world, Method::GET, "/api/admin/activity/stream", &cookie)).await;
    let key = with_cookie(&world, Method::POST, "/api/admin/keys", &cookie)
        .json(&json!({"name": "n", "role": "viewer"}));
    assert_eq!(world.send(key).await.status, 201);
    let session = world.send(with_cookie(&world, Method::GET, "/api/session", &cookie)).await;
    assert_eq!(session.body["user_id"], "boss");
}

#[tokio::test]
async fn a_cookie_that_was_tampered_with_opens_nothing() {
    let world = World::start().await;
    let cookie = cookie_of(&sign_in(&world, &world.admin).await);
    let forged = World::token(json!({"user_id": "x", "role": "admin", "tenant": null, "backing": "builtin"}));
    let cut = &cookie[..cookie.len() - 2];
    for cookie in [cut, "livetrail_session=", "livetrail_session=x", &format!("livetrail_session={forged}")] {
        let answer = world.send(with_cookie(&world, Method::GET, "/api/session", cookie)).await;
        assert_eq!((answer.status.as_u16(), answer.detail()), (401, "Invalid token"), "{cookie}");
    }
}

#[tokio::test]
async fn a_session_is_no_bearer_token() {
    let world = World::start().await;
    let cookie = cookie_of(&sign_in(&world, &world.admin).await);
    let (_, value) = cookie.split_once('=').expect("a value");
    assert_eq!(world.call(Method::GET, "/api/session", value, None).await.status, 401);
}

#[tokio::test]
async fn a_session_ends_with_the_key_it_rests_on() {
    let world = World::start().await;
    let key = world.key_with_id(json!({"role": "viewer", "name": "screen"})).await;
    let cookie = cookie_of(&sign_in(&world, &key.secret).await);
    let read = || world.send(with_cookie(&world, Method::GET, "/api/session", &cookie));
    assert_eq!(read().await.body["role"], "viewer");
    world.as_admin(Method::DELETE, &format!("/api/admin/keys/{}", key.id), None).await;
    assert_eq!(read().await.status, 401);
}

#[tokio::test]
async fn those_who_may_not_read_do_not_sign_in() {
    let world = World::start().await;
    for (token, status, detail) in [
        (world.writer.clone(), 403, "Admin access required"),
        ("garbage".into(), 401, "Invalid token"),
        (World::token(json!({"user_id": "anon-1"})), 401, "Authentication required"),
        (World::token(json!({"user_id": "u-1"})), 403, "Admin access required"),
    ] {
        let answer = sign_in(&world, &token).await;
        assert_eq!((answer.status.as_u16(), answer.detail()), (status, detail));
        assert_eq!(answer.header("set-cookie"), "");
    }
}

#[tokio::test]
async fn signing_out_takes_the_cookie_away() {
    let world = World::start().await;
    let answer = world.send(world.request(Method::DELETE, "/api/session")).await;
    assert_eq!((answer.status.as_u16(), &answer.body), (204, &Value::String(String::new())));
    assert!(answer.header("set-cookie").starts_with("livetrail_session=; Path=/; Max-Age=0"));
}

#[tokio::test]
async fn signing_out_ends_the_session_for_good_and_is_recorded() {
    let world = World::start().await;
    let mut own = world.stream("action_filter=logout").await;
    let signed_in = sign_in(&world, &world.admin_token("boss").await).await;
    let (cookie, id) = (cookie_of(&signed_in), signed_in.body["session_id"].clone());
    let answer = world.send(with_cookie(&world, Method::DELETE, "/api/session", &cookie)).await;
    assert_eq!((answer.status.as_u16(), &answer.body), (204, &Value::String(String::new())));
    let read = world.send(with_cookie(&world, Method::GET, "/api/admin/activity", &cookie)).await;
    assert_eq!((read.status.as_u16(), read.detail()), (401, "Invalid token"));
    let recorded = own.next_activity().await;
    assert_eq!((&recorded["user_id"], &recorded["details"]["session_id"]), (&json!("boss"), &id));
    let world = World::start_in(world.stop().await, |_| {}).await;
    assert_eq!(world.send(with_cookie(&world, Method::GET, "/api/session", &cookie)).await.status, 401);
}

#[tokio::test]
async fn a_session_that_is_in_use_ends_with_the_key_that_made_its_link_even_after_a_restart() {
    let world = World::start().await;
    let stolen = world.key_with_id(json!({"role": "admin", "name": "stolen"})).await;
    let link = world.call(Method::POST, "/api/admin/sign-in-link", &stolen.secret, None).await;
    let token =
        link.body["link"].as_str().expect("a link").split_once("#token=").expect("a token").1.to_owned();
    let cookie = cookie_of(&sign_in(&world, &token).await);
    assert_eq!(world.send(with_cookie(&world, Method::GET, "/api/session", &cookie)).await.status, 200);
    world.as_admin(Method::DELETE, &format!("/api/admin/keys/{}", stolen.id), None).await;
    let world = World::start_in(world.stop().await, |_| {}).await;
    for (method, path) in [
        (Method::GET, "/api/admin/activity"),
        (Method::POST, "/api/admin/keys"),
        (Method::POST, "/api/admin/sign-in-link"),
    ] {
        let request =
            with_cookie(&world, method, path, &cookie).json(&json!({"name": "again", "role": "admin"}));
        assert_eq!(world.send(request).await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn signing_in_is_recorded_and_the_token_is_not() {
    let world = World::start().await;
    let mut own = world.stream("action_filter=login").await;
    let token = world.admin_token("boss").await;
    sign_in(&world, &token).await;
    let recorded = own.next_activity().await;
    assert_eq!((&recorded["user_id"], &recorded["endpoint"]), (&json!("boss"), &json!("/api/session")));
    assert!(!recorded.to_string().contains(&token));
}
