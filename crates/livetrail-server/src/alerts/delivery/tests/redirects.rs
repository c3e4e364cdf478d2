//! Receivers that redirect.

use super::{
    receiver::{Receiver, redirect, status},
    tls::certificate,
    *,
};
use axum::body::Body;
use axum::http::Response;

/// Redirects `n` to `n-1`, and 0 is the end.
fn countdown(path: &str) -> Response<Body> {
    match path.trim_start_matches('/').parse::<u32>().expect("a number") {
        0 => status(200),
        left => redirect(if left % 2 == 0 { 307 } else { 308 }, &format!("/{}", left - 1)),
    }
}

#[tokio::test]
async fn three_redirects_are_followed_with_the_message_and_a_fourth_is_not() {
    let receiver = Receiver::start("127.0.0.1", None, countdown).await;
    sender().send(&webhook(receiver.url("3")), KEY, &raised()).await.expect("a delivery");
    let received = receiver.received();
    assert_eq!(received.len(), 4);
    for request in &received {
        assert_eq!((request.method.as_str(), &request.body), ("POST", &received[0].body));
        assert_eq!(request.headers["webhook-id"], KEY);
        assert!(!request.headers.contains_key("referer"), "it may hold a secret path");
    }
    let error = sender().send(&webhook(receiver.url("4")), KEY, &raised()).await.expect_err("a failure");
    assert_eq!((error.detail.as_str(), is_refused(&error)), ("it redirects more than 3 times", false));
    assert_eq!(receiver.received().len(), 4 + 4);
}

#[tokio::test]
async fn a_redirect_that_would_lose_the_message_is_a_failure() {
    for code in [301, 302, 303] {
        let receiver = Receiver::start("127.0.0.1", None, move |path| match path {
            "/old" => redirect(code, "/new"),
            _ => status(200),
        });
        let receiver = receiver.await;
        let error =
            sender().send(&webhook(receiver.url("old")), KEY, &raised()).await.expect_err("a failure");
        assert!(error.detail.starts_with(&format!("it answered {code}: only the redirects 307")), "{error}");
        assert!(!is_refused(&error));
        receiver.only();
    }
}

#[tokio::test]
async fn a_redirect_to_an_address_that_is_not_public_is_refused_and_nothing_arrives_there() {
    let inner = Receiver::answering(200).await;
    for target in [
        inner.url("inner"),
        format!("http://localhost:{}/inner", inner.port),
        format!("http://[::ffff:127.0.0.1]:{}/inner", inner.port),
        format!("http://2130706433:{}/inner", inner.port),
        "http://169.254.169.254/latest/meta-data".to_owned(),
    ] {
        let to = target.clone();
        let outer = Receiver::start("127.0.0.2", None, move |_| redirect(307, &to)).await;
        let sender = Conditions { allowed: &["127.0.0.2/32"], ..Conditions::default() }.sender();
        let destination = webhook(format!("http://127.0.0.2:{}/outer", outer.port));
        let error = sender.send(&destination, KEY, &raised()).await.expect_err("a refusal");
        assert!(is_refused(&error) && error.detail.contains("alerts-allow-addresses"), "{target}: {error:?}");
        outer.only();
    }
    assert!(inner.received().is_empty());
}

#[tokio::test]
async fn a_redirect_from_https_to_http_is_refused() {
    let (certificate, acceptor) = certificate();
    let open = Receiver::answering(200).await;
    let to = open.url("open");
    let secure = Receiver::start("127.0.0.1", Some(acceptor), move |path| match path {
        "/redirect" => redirect(308, &to),
        _ => status(200),
    });
    let secure = secure.await;
    let url = |path: &str| format!("https://localhost:{}/{path}", secure.port);
    let sender = Conditions { roots: &[certificate], ..Conditions::default() }.sender();
    sender.send(&webhook(url("here")), KEY, &raised()).await.expect("a delivery by HTTPS");
    let error = sender.send(&webhook(url("redirect")), KEY, &raised()).await.expect_err("a refusal");
    assert_eq!((error.detail.as_str(), is_refused(&error)), ("it redirects from https to http", true));
    assert!(open.received().is_empty());
    let error = super::sender().send(&webhook(url("here")), KEY, &raised()).await.expect_err("a failure");
    assert!(error.detail.contains("certificate") && !is_refused(&error), "{error}");
    assert_eq!(secure.received().len(), 2, "nothing is sent to a receiver that nobody vouches for");
}
