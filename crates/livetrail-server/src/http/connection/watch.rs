//! The state of a connection while hyper serves it, and when it has to end. It ends without a credential in time, with
//! an answer that the client does not read, or to make room.

use super::limits::HEAD_TIMEOUT;
use crate::{
    access::CredentialId,
    connections::{ClientConnection, Timeouts},
};
use std::{
    future::pending,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

/// What an answer holds beside its bytes until it is taken: over HTTP/2 its stream and the task that writes it.
const ANSWER_BYTES: usize = 1_536;
/// What requests without a credential may hold together on one connection while they wait for its client. A connection
/// over HTTP/2 holds about 35 KiB by itself, and no more than 64 KiB are meant to be held in all.
const MAX_WAITING_BYTES: usize = 24 * 1024;

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
pub(in crate::http) struct Visit(Arc<Request>);

struct Request {
    watch: Arc<Watch>,
    credential: OnceLock<CredentialId>,
}

impl Visit {
    /// The request has shown a valid credential.
    pub(in crate::http) fn identify(&self, credential: CredentialId) {
        self.0.credential.get_or_init(|| credential);
        let mut state = self.0.watch.lock();
        if !std::mem::replace(&mut state.is_identified, true) {
            state.connection.iter_mut().for_each(|connection| connection.identify(credential));
        }
    }

    /// Counts so many bytes as held while the client is waited for. A connection that has shown no credential ends if
    /// its requests hold too much together.
    pub(in crate::http) fn waits(&self, bytes: usize) -> Waits {
        let watch = Arc::clone(&self.0.watch);
        let mut state = watch.lock();
        let is_only_one = state.waiting == 0;
        state.waiting += bytes;
        if !(state.is_identified || is_only_one) && state.waiting > MAX_WAITING_BYTES {
            watch.is_too_much.notify_one();
        }
        drop(state);
        Waits { watch, bytes }
    }

    /// Counts its answer as one that waits for the client from now on.
    pub(super) fn untaken(self) -> Untaken {
        let waits = self.waits(ANSWER_BYTES);
        let key = self.0.watch.lock().unread.insert(Some(Instant::now()));
        Untaken { visit: self, key, _waits: waits }
    }

    /// The credential that the request has shown, if any.
    pub(in crate::http) fn credential(&self) -> Option<CredentialId> {
        self.0.credential.get().copied()
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
pub(in crate::http) struct Waits {
    watch: Arc<Watch>,
    bytes: usize,
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.watch.lock().waiting -= self.bytes;
    }
}

/// An answer that waits for its client, until it is dropped.
pub(super) struct Untaken {
    visit: Visit,
    key: usize,
    _waits: Waits,
}

impl Untaken {
    /// Since when the client has taken nothing of it; `None` while there is nothing to take.
    pub(super) fn waits_since(&self, since: Option<Instant>) {
        if let Some(entry) = self.visit.0.watch.lock().unread.get_mut(self.key) {
            *entry = since;
        }
    }
}

impl Drop for Untaken {
    fn drop(&mut self) {
        self.visit.0.watch.lock().unread.try_remove(self.key);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::time::Duration;

    pub(in crate::http::connection) const SOMEONE: CredentialId = CredentialId::LIVETRAIL;
    pub(in crate::http::connection) const UNIDENTIFIED: Duration = Duration::from_millis(20);
    pub(in crate::http::connection) const UNREAD: Duration = Duration::from_millis(60);

    pub(in crate::http::connection) fn watch() -> Arc<Watch> {
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
        let idle = Instant::now();
        drop(visit);
        watch.expired().await;
        assert!(idle.elapsed() >= UNIDENTIFIED);
    }
}
