//! What is known of a connection while hyper serves it, and when it has to end: because no credential was shown in time, or because
//! an answer is not taken.
//!
//! hyper polls the body of an answer only when there is room to send more of it, over HTTP/1.1 in the socket and over HTTP/2 in the
//! window that the client grants. So the time since a body was last polled is the time for which the client has taken nothing.

use crate::{
    access::CredentialId,
    connections::{AddressShare, Client, Timeouts},
    shares::Share,
};
use axum::{body::Body, response::Response};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::{
    future::pending,
    pin::Pin,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    task::{Context, Poll, ready},
};
use tokio::time::{Instant, sleep_until};

/// The most that is handed to hyper at once: what it has been handed, it keeps, however little of it the client takes.
const PIECE_BYTES: usize = 32 * 1024;

/// A connection that hyper serves.
pub(super) struct Watch {
    timeouts: Timeouts,
    state: Mutex<State>,
}

struct State {
    /// Whether a request has shown a valid credential.
    is_identified: bool,
    /// A place among the connections of its address that have shown none.
    share: Option<AddressShare>,
    /// Requests whose answers are not sent.
    under_way: usize,
    /// Since when none was.
    idle_since: Instant,
    /// For each answer that waits for the client: since when.
    unread: slab::Slab<Option<Instant>>,
}

impl Watch {
    /// Watches a connection that begins now.
    pub(super) fn new(timeouts: Timeouts, share: Option<AddressShare>) -> Arc<Self> {
        let idle_since = Instant::now();
        let unread = slab::Slab::new();
        let state = State { is_identified: false, share, under_way: 0, idle_since, unread };
        Arc::new(Self { timeouts, state: Mutex::new(state) })
    }

    /// Takes every request for one with a credential.
    pub(super) fn trust(&self) {
        self.lock().is_identified = true;
    }

    /// Ends when the connection has to; tells why.
    pub(super) async fn expired(&self) -> &'static str {
        let leaves = self.lock().share.as_ref().map(AddressShare::leaves);
        let makes_room = async move {
            match leaves {
                // A client that has shown a credential meanwhile is not meant any more.
                Some(leaves) => leaves.notified().await,
                None => pending().await,
            }
        };
        tokio::select! {
            why = self.out_of_time() => why,
            () = makes_room, if !self.lock().is_identified => "its address has newer connections",
        }
    }

    async fn out_of_time(&self) -> &'static str {
        loop {
            let now = Instant::now();
            match self.deadline() {
                Some((end, why)) if end <= now => return why,
                // What begins to wait from here on waits longer than this.
                Some((end, _)) => sleep_until(end.min(now + self.timeouts.unidentified)).await,
                None => sleep_until(now + self.timeouts.unidentified).await,
            }
        }
    }

    fn deadline(&self) -> Option<(Instant, &'static str)> {
        let state = self.lock();
        let silent = !state.is_identified && state.under_way == 0;
        let silent = silent
            .then(|| (state.idle_since + self.timeouts.unidentified, "no request with a credential came"));
        let longest = state.unread.iter().filter_map(|(_, since)| *since).min();
        let Timeouts { unidentified, unread } = self.timeouts;
        let patience = if state.is_identified { unread } else { unidentified };
        let unread = longest.map(|since| (since + patience, "its answers were not taken"));
        silent.into_iter().chain(unread).min_by_key(|(end, _)| *end)
    }

    /// A request on this connection.
    pub(super) fn request(self: &Arc<Self>) -> Visit {
        self.lock().under_way += 1;
        Visit(Arc::new(Request { watch: Arc::clone(self), credential: OnceLock::new() }))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is under way, until its answer has been sent. It is an extension of the request.
#[derive(Clone)]
pub(super) struct Visit(Arc<Request>);

struct Request {
    watch: Arc<Watch>,
    credential: OnceLock<CredentialId>,
}

impl Visit {
    /// The request has shown a valid credential.
    pub(super) fn identify(&self, credential: CredentialId) {
        self.0.credential.get_or_init(|| credential);
        let mut state = self.0.watch.lock();
        state.is_identified = true;
        state.share = None;
    }

    /// The credential that the request has shown, if any.
    pub(super) fn credential(&self) -> Option<CredentialId> {
        self.0.credential.get().copied()
    }

    /// The answer, watched until the client has taken it.
    pub(super) fn watch(self, response: Response) -> Response {
        let (mut head, body) = response.into_parts();
        let held = head.extensions.remove::<Held>();
        if body.is_end_stream() {
            return Response::from_parts(head, body);
        }
        let key = self.0.watch.lock().unread.insert(Some(Instant::now()));
        let taken = Taken { visit: self, key };
        Response::from_parts(head, Body::new(Answer { body, rest: Bytes::new(), taken, _held: held }))
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        let mut state = self.watch.lock();
        state.under_way -= 1;
        state.idle_since = Instant::now();
    }
}

/// The memory that an answer holds until it is taken, as an extension of the response.
#[derive(Clone)]
pub(super) struct Held(
    #[expect(dead_code, reason = "held until it is dropped")] pub(super) Arc<Share<Client>>,
);

/// The body of an answer.
struct Answer {
    body: Body,
    /// What is left of its last frame.
    rest: Bytes,
    taken: Taken,
    _held: Option<Held>,
}

/// An answer's entry among those that are not taken, until it is dropped.
struct Taken {
    visit: Visit,
    key: usize,
}

impl Taken {
    fn waits_since(&self, since: Option<Instant>) {
        if let Some(entry) = self.visit.0.watch.lock().unread.get_mut(self.key) {
            *entry = since;
        }
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.visit.0.watch.lock().unread.try_remove(self.key);
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            self.taken.waits_since(None);
            match ready!(Pin::new(&mut self.body).poll_frame(cx)).transpose()?.map(Frame::into_data) {
                None => return Poll::Ready(None),
                Some(Err(trailers)) => return Poll::Ready(Some(Ok(trailers))),
                Some(Ok(data)) => self.rest = data,
            }
        }
        let length = self.rest.len().min(PIECE_BYTES);
        let piece = self.rest.split_to(length);
        self.taken.waits_since(Some(Instant::now()));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    /// Never: the end is asked for like any other frame, so that an answer is not taken as long as hyper holds some of it back.
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
    use axum::response::IntoResponse;
    use futures_util::{FutureExt, StreamExt, stream};
    use std::time::Duration;

    const SOMEONE: CredentialId = CredentialId::LIVETRAIL;
    const UNIDENTIFIED: Duration = Duration::from_millis(20);
    const UNREAD: Duration = Duration::from_millis(60);

    fn watch() -> Arc<Watch> {
        Watch::new(Timeouts { unidentified: UNIDENTIFIED, unread: UNREAD }, None)
    }

    #[tokio::test]
    async fn a_connection_without_a_credential_ends_when_it_is_silent_and_one_with_it_stays() {
        let begun = Instant::now();
        let (unidentified, known) = (watch(), watch());
        known.request().identify(SOMEONE);
        unidentified.expired().await;
        assert!(begun.elapsed() >= UNIDENTIFIED);
        assert!(known.expired().now_or_never().is_none());
        assert!(tokio::time::timeout(10 * UNIDENTIFIED, known.expired()).await.is_err());
    }

    #[tokio::test]
    async fn a_request_that_is_under_way_does_not_count_as_silence() {
        let watch = watch();
        let visit = watch.request();
        assert!(tokio::time::timeout(UNIDENTIFIED * 5, watch.expired()).await.is_err());
        drop(visit);
        let idle = Instant::now();
        watch.expired().await;
        assert!(idle.elapsed() >= UNIDENTIFIED);
    }

    #[tokio::test]
    async fn an_answer_that_is_not_taken_ends_the_connection() {
        for identified in [true, false] {
            let watch = watch();
            let visit = watch.request();
            if identified {
                visit.identify(SOMEONE);
            }
            let mut body =
                visit.watch(vec![0; 2 * PIECE_BYTES].into_response()).into_body().into_data_stream();
            assert_eq!(body.next().await.expect("a piece").expect("it is there").len(), PIECE_BYTES);
            let begun = Instant::now();
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
        let mut body = visit.watch(Body::from_stream(endless).into_response()).into_body().into_data_stream();
        assert!(body.next().now_or_never().is_none());
        assert!(tokio::time::timeout(UNREAD * 5, watch.expired()).await.is_err());
    }
}
