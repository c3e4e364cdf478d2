//! What receivers answer, and what becomes of it.

use super::{
    receiver::{Receiver, status},
    *,
};
use crate::environment::Environment;
use axum::{body::Body, http::Response};
use bytes::Bytes;
use futures_util::stream;
use std::convert::Infallible;
use tokio::net::TcpListener;

/// What becomes of a message whose receiver gives this answer.
async fn outcome(
    answer: impl Fn() -> Response<Body> + Clone + Send + Sync + 'static,
) -> Result<(), SendError> {
    let receiver = Receiver::start("127.0.0.1", None, move |_| answer()).await;
    let result = sender().send(&webhook(receiver.url("secret-path")), KEY, &raised()).await;
    receiver.only();
    if let Err(error) = &result {
        assert!(!error.detail.contains("secret-path"), "{error}");
    }
    result
}

fn retry(after: Option<u64>) -> SendErrorKind {
    SendErrorKind::Retry { after: after.map(Duration::from_secs) }
}

#[tokio::test]
async fn every_success_is_a_delivery() {
    for code in [200, 201, 202, 204] {
        assert_eq!(outcome(move || status(code)).await, Ok(()), "{code}");
    }
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_not_tried_again_and_others_are() {
    for code in [400, 401, 403, 404, 408, 413, 500, 502, 503] {
        let error = outcome(move || status(code)).await.expect_err("a failure");
        assert_eq!(error, SendError { detail: format!("it answered {code}"), kind: retry(None) });
    }
    let error = outcome(|| status(410)).await.expect_err("a failure");
    assert_eq!(error, SendError { detail: "it answered 410".into(), kind: SendErrorKind::Refused });
}

#[tokio::test]
async fn a_receiver_says_when_to_come_again_and_at_most_in_an_hour() {
    let in_a_minute = System.now() + jiff::SignedDuration::from_secs(60);
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&in_a_minute);
    for (text, wait) in [
        ("7".to_owned(), Some(0..=7)),
        (date.expect("a date"), Some(50..=60)),
        ("999999999".to_owned(), Some(3_600..=3_600)),
        ("Wed, 21 Oct 2015 07:28:00 GMT".to_owned(), Some(0..=0)),
        ("soon".to_owned(), None),
        ("-5".to_owned(), None),
    ] {
        let said = text.clone();
        let answer = move || {
            let answer = Response::builder().status(429).header("retry-after", said.as_str());
            answer.body(Body::empty()).expect("an answer")
        };
        let error = outcome(answer).await.expect_err("a failure");
        let SendErrorKind::Retry { after } = error.kind else { panic!("{error:?}") };
        let is_right = match (after, wait) {
            (Some(after), Some(wait)) => wait.contains(&after.as_secs()),
            (after, wait) => after.is_none() && wait.is_none(),
        };
        assert!(is_right, "{text}: {after:?}");
    }
}

#[tokio::test]
async fn what_a_receiver_says_is_shown_in_one_short_line_and_a_page_is_not() {
    let saying = |text: String| {
        move || Response::builder().status(400).body(Body::from(text.clone())).expect("an answer")
    };
    let error = outcome(saying("invalid\r\n\u{202e}blocks".into())).await.expect_err("a failure");
    assert_eq!(error.detail, "it answered 400: invalid⟨U+000D⟩⟨U+000A⟩⟨U+202E⟩blocks");
    let error = outcome(saying("ä".repeat(5_000))).await.expect_err("a failure");
    assert_eq!(error.detail, format!("it answered 400: {}…", "ä".repeat(200)));
    let error =
        outcome(saying("<!doctype html><title>Bad request</title>".into())).await.expect_err("a failure");
    assert_eq!(error.detail, "it answered 400");
}

#[tokio::test]
async fn an_answer_without_an_end_is_not_read_to_its_end() {
    let endless = |status: u16| {
        move || {
            let chunk = Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 10_000]));
            let body = Body::from_stream(stream::repeat(chunk));
            Response::builder().status(status).body(body).expect("an answer")
        }
    };
    assert_eq!(outcome(endless(200)).await, Ok(()));
    let error = outcome(endless(500)).await.expect_err("a failure");
    assert_eq!(error.detail, format!("it answered 500: {}…", "x".repeat(200)));
}

#[tokio::test]
async fn a_receiver_that_never_answers_or_that_is_not_there_is_tried_again() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = silent.local_addr().expect("an address");
    let sender = Conditions { limits: SHORT, ..Conditions::default() }.sender();
    let destination = webhook(format!("http://{address}/secret-path"));
    let error = sender.send(&destination, KEY, &raised()).await.expect_err("a failure");
    assert_eq!(error, SendError { detail: "no answer within 300ms".into(), kind: retry(None) });
    drop(silent);
    let error = super::sender().send(&destination, KEY, &raised()).await.expect_err("a failure");
    assert!(error.detail.starts_with("no connection: Connection refused"), "{error}");
    assert_eq!(error.kind, retry(None));
    let nowhere = webhook("http://no-such-host.invalid/secret-path");
    let error = super::sender().send(&nowhere, KEY, &raised()).await.expect_err("a failure");
    assert!(error.detail.starts_with("the name no-such-host.invalid cannot be resolved"), "{error}");
    assert_eq!(error.kind, retry(None));
}
