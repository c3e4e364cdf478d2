//! Turns at something that is scarce, shared fairly between clients: credentials, or addresses.
//!
//! A client first takes one of its own places and then, with it, stands in one line for all. It has few places of its
//! own, so it stands in that line a few times at the most, however much it wants: the next client comes right after.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// The turns that there are.
pub(crate) struct Turns<K> {
    /// First come, first served.
    all: Arc<Semaphore>,
    /// How many of them one client has at once.
    share: usize,
    clients: Clients<K>,
}

type Clients<K> = Arc<Mutex<HashMap<K, Arc<Semaphore>>>>;

/// A turn, until it is dropped. It borrows nothing, so that work on another thread can hold it.
///
/// The fields are dropped in this order, so that the last one finds nothing of its own left.
pub(crate) struct Turn<K: Eq + Hash + Copy> {
    _turn: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
    _places: Places<K>,
}

/// The places of a client, for one that waits for a turn or has it.
struct Places<K: Eq + Hash + Copy> {
    clients: Clients<K>,
    client: K,
    free: Arc<Semaphore>,
}

impl<K: Eq + Hash + Copy> Turns<K> {
    /// So many turns at once, of which one client has at most `share`.
    pub(crate) fn new(count: usize, share: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(count)), share, clients: Clients::default() }
    }

    /// How many turns one client has at once.
    #[cfg(test)]
    pub(crate) fn share(&self) -> usize {
        self.share
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// None in fact: the turns are never closed.
    pub(crate) async fn take(&self, client: &K) -> Result<Turn<K>, AcquireError> {
        let places = self.places(client);
        let place = Arc::clone(&places.free).acquire_owned().await?;
        Ok(Turn { _turn: Arc::clone(&self.all).acquire_owned().await?, _place: place, _places: places })
    }

    fn places(&self, client: &K) -> Places<K> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Semaphore::new(self.share));
        let free = Arc::clone(clients.entry(*client).or_insert_with(new));
        Places { clients: Arc::clone(&self.clients), client: *client, free }
    }
}

impl<K: Eq + Hash + Copy> Drop for Places<K> {
    /// The last one of a client leaves nothing behind.
    fn drop(&mut self) {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        // The map's and this one. More are made under the lock only.
        if Arc::strong_count(&self.free) == 2 {
            clients.remove(&self.client);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    /// A turn, if there is one at once.
    fn now(turns: &Turns<&'static str>, name: &'static str) -> Option<Turn<&'static str>> {
        turns.take(&name).now_or_never().map(|turn| turn.expect("turns are never closed"))
    }

    #[test]
    fn one_client_has_at_most_its_share_of_the_turns_and_others_have_the_rest() {
        let turns = Turns::new(4, 2);
        let mine = [now(&turns, "ada"), now(&turns, "ada")];
        assert!(mine.iter().all(Option::is_some));
        assert!(now(&turns, "ada").is_none(), "its share");
        let others = [now(&turns, "bob"), now(&turns, "eve")];
        assert!(others.iter().all(Option::is_some));
        assert!(now(&turns, "joe").is_none(), "all are taken");
        drop(mine);
        assert!(now(&turns, "ada").is_some());
    }

    #[test]
    fn a_client_that_asks_once_does_not_wait_behind_all_that_another_wants() {
        let turns = Turns::new(2, 1);
        let (eve, ada) = ("eve", "ada");
        let mut under_way = vec![now(&turns, "eve").expect("a turn"), now(&turns, "joe").expect("a turn")];
        let mut many: Vec<_> = (0..100).map(|_| Box::pin(turns.take(&eve))).collect();
        assert!(many.iter_mut().all(|turn| turn.now_or_never().is_none()), "all of them wait");
        let mut one = Box::pin(turns.take(&ada));
        assert!((&mut one).now_or_never().is_none(), "so does this one");
        under_way.clear();
        assert!((&mut one).now_or_never().is_some(), "it comes before nearly all of the others");
    }

    #[test]
    fn who_gives_up_waiting_leaves_nothing_behind() {
        let turns = Turns::new(1, 1);
        let turn = now(&turns, "ada");
        for name in ["ada", "bob", "eve"] {
            assert!(now(&turns, name).is_none());
        }
        drop(turn);
        assert!(turns.clients.lock().expect("no panic").is_empty());
        assert!(now(&turns, "joe").is_some());
    }
}
