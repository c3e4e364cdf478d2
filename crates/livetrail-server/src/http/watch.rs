//! What is known of a connection while hyper serves it, and when it has to end: because no credential was shown in time, or because
//! an answer is not taken.
//!
//! hyper polls the body of an answer only when there is room to send more of it, over HTTP/1.1 in the socket and over HTTP/2 in the
//! window that the client grants. So the time since a body was last polled is the time for which the client has taken nothing.

use super::{live::TakeOnce, serve::HEAD_TIMEOUT};
use crate::{
    access::{CredentialId, Principal},
    app::App,
    connections::{Client, ClientConnection, Timeouts},
    shares::Share,
};
use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::{
    future::pending,
    pin::Pin,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    task::{Context, Poll, ready},
};
use tokio::{
    sync::Notify,
    time::{Instant, MissedTickBehavior, interval_at, sleep_until},
};

/// The most that is handed to hyper at once: what it has been handed, it keeps, however little of it the client takes.
const PIECE_BYTES: usize = 32 * 1024;
/// What an answer holds beside its bytes until it is taken: over HTTP/2 its stream and the task that writes it.
const ANSWER_BYTES: usize = 1_536;
/// What requests without a credential may hold together on one connection while they wait for its client. A connection over HTTP/2
/// holds about 35 KiB by itself, and no more than 64 KiB are meant to be held in all.
const MOST_WAITING_BYTES: usize = 24 * 1024;

/// A connection that hyper serves.
pub(super) struct Watch {
    timeouts: Timeouts,
    state: Mutex<State>,
    /// Told that a client without a credential makes the server wait for too much.
    is_too_much: Notify,
}

struct State {
    /// Whether a request has shown a valid credential.
    is_identified: bool,
    /// Its place among the connections of its client.
    connection: Option<ClientConnection>,
    /// Requests whose answers are not sent.
    under_way: usize,
    /// What requests hold that wait for the client, in bytes.
    waiting: usize,
    /// Since when none was.
    idle_since: Instant,
    /// For each answer that waits for the client: since when.
    unread: slab::Slab<Option<Instant>>,
}

impl Watch {
    /// Watches a connection that begins now.
    pub(super) fn new(timeouts: Timeouts, connection: Option<ClientConnection>) -> Arc<Self> {
        let (idle_since, unread) = (Instant::now(), slab::Slab::new());
        let state = State { is_identified: false, connection, under_way: 0, waiting: 0, idle_since, unread };
        Arc::new(Self { timeouts, state: Mutex::new(state), is_too_much: Notify::new() })
    }

    /// Takes every request for one with a credential.
    pub(super) fn trust(&self) {
        self.lock().is_identified = true;
    }

    /// Ends when the connection has to; tells why.
    pub(super) async fn expired(&self) -> &'static str {
        let leaves = self.lock().connection.as_ref().map(ClientConnection::leaves);
        let makes_room = async move {
            match leaves {
                Some(leaves) => leaves.await,
                None => pending().await,
            }
        };
        tokio::select! {
            why = self.out_of_time() => why,
            () = makes_room => "its client has newer connections",
            () = self.is_too_much.notified() => "too much waits for a client without a credential",
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
        let (patience, why) = match state.is_identified {
            // hyper has this limit for HTTP/1.1 only.
            true => (HEAD_TIMEOUT, "no further request came"),
            false => (self.timeouts.unidentified, "no request with a credential came"),
        };
        let silent = (state.under_way == 0).then(|| (state.idle_since + patience, why));
        let longest = state.unread.iter().filter_map(|(_, since)| *since).min();
        let Timeouts { unidentified, unread } = self.timeouts;
        let patience = if state.is_identified { unread } else { unidentified };
        let unread = longest.map(|since| (since + patience, "its answers were not taken"));
        silent.into_iter().chain(unread).min_by_key(|(end, _)| *end)
    }

    /// A request on this connection.
    pub(super) fn request(self: &Arc<Self>) -> Visit {
        let mut state = self.lock();
        state.under_way += 1;
        state.connection.iter().for_each(|connection| connection.is_idle(false));
        drop(state);
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
        if !std::mem::replace(&mut state.is_identified, true) {
            state.connection.iter_mut().for_each(|connection| connection.identify(credential));
        }
    }

    /// Counts so many bytes as held while the client is waited for. A connection that has shown no credential ends if its requests
    /// hold too much together.
    pub(super) fn waits(&self, bytes: usize) -> Waits {
        let watch = Arc::clone(&self.0.watch);
        let mut state = watch.lock();
        let is_only_one = state.waiting == 0;
        state.waiting += bytes;
        if !(state.is_identified || is_only_one) && state.waiting > MOST_WAITING_BYTES {
            watch.is_too_much.notify_one();
        }
        drop(state);
        Waits { watch, bytes }
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
        let until = head.extensions.remove::<Until>().and_then(|until| until.0.take());
        let waits = self.waits(ANSWER_BYTES);
        let key = self.0.watch.lock().unread.insert(Some(Instant::now()));
        let taken = Taken { visit: self, key, _waits: waits };
        Response::from_parts(head, Body::new(Answer { body, rest: Bytes::new(), taken, until, _held: held }))
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        let mut state = self.watch.lock();
        state.under_way -= 1;
        state.idle_since = Instant::now();
        if state.under_way == 0 {
            state.connection.iter().for_each(|connection| connection.is_idle(true));
        }
    }
}

/// What is held while a client is waited for, until it is dropped.
pub(super) struct Waits {
    watch: Arc<Watch>,
    bytes: usize,
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.watch.lock().waiting -= self.bytes;
    }
}

/// What an answer is cut by, as an extension of the response: that its credential has ended. A client that reads slowly would
/// otherwise get what it had been given before.
#[derive(Clone)]
pub(super) struct Until(TakeOnce<BoxFuture<'static, ()>>);

impl Until {
    /// The end of the credential of `principal`, found within a heartbeat.
    pub(super) fn ends(app: &Arc<App>, principal: &Principal) -> Self {
        let (app, principal) = (Arc::clone(app), principal.clone());
        let first = Instant::now() + app.heartbeat;
        Self(TakeOnce::new(Box::pin(async move {
            let mut beats = interval_at(first, app.heartbeat);
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
pub(super) struct Held(
    #[expect(dead_code, reason = "held until it is dropped")] pub(super) Arc<Share<Client>>,
);

/// The body of an answer.
struct Answer {
    body: Body,
    /// What is left of its last frame.
    rest: Bytes,
    taken: Taken,
    until: Option<BoxFuture<'static, ()>>,
    _held: Option<Held>,
}

/// An answer's entry among those that are not taken, until it is dropped.
struct Taken {
    visit: Visit,
    key: usize,
    _waits: Waits,
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
        if !self.rest.is_empty() && self.until.as_mut().is_some_and(|until| until.poll_unpin(cx).is_ready()) {
            return Poll::Ready(Some(Err(axum::Error::new("its credential has ended"))));
        }
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
    use futures_util::{StreamExt, stream};
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
