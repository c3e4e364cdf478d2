//! Answers that their clients do not take.
//!
//! hyper polls the body of an answer only when there is room to send more of it, over HTTP/1.1 in the socket and over
//! HTTP/2 in the window that the client grants. So the time since a body was last polled is the time for which the
//! client has taken nothing.

use super::watch::{Untaken, Visit};
use crate::{access::Principal, app::App, connections::Client, http::take_once::TakeOnce, shares::Share};
use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

/// The most that is handed to hyper at once: what it has been handed, it keeps, however little of it the client takes.
const PIECE_BYTES: usize = 32 * 1024;

/// The answer to a request, watched until the client has taken it.
pub(super) fn watched(visit: Visit, response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let held = head.extensions.remove::<Held>();
    if body.is_end_stream() {
        return Response::from_parts(head, body);
    }
    let until = head.extensions.remove::<Until>().and_then(|until| until.0.take());
    let answer = Answer { body, rest: Bytes::new(), untaken: visit.untaken(), until, _held: held };
    Response::from_parts(head, Body::new(answer))
}

/// What an answer is cut by, as an extension of the response: that its credential has ended. A client that reads slowly
/// would otherwise get what it had been given before.
#[derive(Clone)]
pub(in crate::http) struct Until(TakeOnce<BoxFuture<'static, ()>>);

impl Until {
    /// The end of the credential of `principal`, found within a heartbeat.
    pub(in crate::http) fn ends(app: &Arc<App>, principal: &Principal) -> Self {
        let (app, principal) = (Arc::clone(app), principal.clone());
        let first = Instant::now() + app.settings.heartbeat;
        Self(TakeOnce::new(Box::pin(async move {
            let mut beats = interval_at(first, app.settings.heartbeat);
            beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                beats.tick().await;
                // A store that does not answer does not end it.
                if matches!(app.access.still_valid(&principal).await, Ok(false)) {
                    return;
                }
            }
        })))
    }
}

/// The memory that an answer holds until it is taken, as an extension of the response.
#[derive(Clone)]
pub(in crate::http) struct Held(
    #[expect(dead_code, reason = "held until it is dropped")] pub(in crate::http) Arc<Share<Client>>,
);

/// The body of an answer.
struct Answer {
    body: Body,
    /// What is left of its last frame.
    rest: Bytes,
    untaken: Untaken,
    until: Option<BoxFuture<'static, ()>>,
    _held: Option<Held>,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if !self.rest.is_empty() && self.until.as_mut().is_some_and(|until| until.poll_unpin(cx).is_ready()) {
            return Poll::Ready(Some(Err(axum::Error::new("its credential has ended"))));
        }
        if self.rest.is_empty() {
            self.untaken.waits_since(None);
            match ready!(Pin::new(&mut self.body).poll_frame(cx)).transpose()?.map(Frame::into_data) {
                None => return Poll::Ready(None),
                Some(Err(trailers)) => return Poll::Ready(Some(Ok(trailers))),
                Some(Ok(data)) => self.rest = data,
            }
        }
        let length = self.rest.len().min(PIECE_BYTES);
        let piece = self.rest.split_to(length);
        self.untaken.waits_since(Some(Instant::now()));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    /// Never: the end is asked for like any other frame, so that an answer is not taken as long as hyper holds some of
    /// it back.
    fn is_end_stream(&self) -> bool {
        false
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, hint) = (self.rest.len() as u64, self.body.size_hint());
        let mut whole = SizeHint::new();
        whole.set_lower(hint.lower() + rest);
        if let Some(upper) = hint.upper() {
            whole.set_upper(upper + rest);
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::connection::watch::tests::{SOMEONE, UNIDENTIFIED, UNREAD, watch};
    use axum::response::IntoResponse;
    use futures_util::{StreamExt, stream};

    #[tokio::test]
    async fn an_answer_that_is_not_taken_ends_the_connection() {
        for identified in [true, false] {
            let watch = watch();
            let visit = watch.request();
            if identified {
                visit.identify(SOMEONE);
            }
            let mut body =
                watched(visit, vec![0; 2 * PIECE_BYTES].into_response()).into_body().into_data_stream();
            let begun = Instant::now();
            assert_eq!(body.next().await.expect("a piece").expect("it is there").len(), PIECE_BYTES);
            watch.expired().await;
            let patience = if identified { UNREAD } else { UNIDENTIFIED };
            assert!(begun.elapsed() >= patience, "{:?}", begun.elapsed());
            assert_eq!(body.next().await.expect("a piece").expect("it is there").len(), PIECE_BYTES);
            assert!(body.next().await.is_none());
        }
    }

    #[tokio::test]
    async fn an_answer_that_has_nothing_to_say_for_now_does_not_wait() {
        let watch = watch();
        let visit = watch.request();
        visit.identify(SOMEONE);
        let endless = stream::pending::<Result<Bytes, axum::Error>>();
        let mut body =
            watched(visit, Body::from_stream(endless).into_response()).into_body().into_data_stream();
        assert!(body.next().now_or_never().is_none());
        assert!(tokio::time::timeout(UNREAD * 5, watch.expired()).await.is_err());
    }
}
