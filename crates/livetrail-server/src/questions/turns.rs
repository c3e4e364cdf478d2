//! Turns to ask, shared fairly between credentials.
//!
//! A credential first takes one of its own places and then, with it, stands in one line for all. It has few places of its own,
//! so it stands in that line a few times at the most, however many questions it has: the next credential comes right after.

use crate::access::CredentialId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// The turns that there are.
pub(super) struct Turns {
    /// First come, first served.
    all: Semaphore,
    /// How many of them one credential has at once.
    share: usize,
    credentials: Mutex<HashMap<CredentialId, Arc<Semaphore>>>,
}

/// A turn, until it is dropped. The fields are dropped in this order, so that the last one finds nothing of its own left.
pub(super) struct Turn<'a> {
    _turn: SemaphorePermit<'a>,
    _place: OwnedSemaphorePermit,
    _places: Places<'a>,
}

/// The places of a credential, for one that waits for a turn or has it.
struct Places<'a> {
    turns: &'a Turns,
    credential: CredentialId,
    free: Arc<Semaphore>,
}

impl Turns {
    /// So many turns at once, of which one credential has at most half.
    pub(super) fn new(count: usize) -> Self {
        Self { all: Semaphore::new(count), share: count.div_ceil(2), credentials: Mutex::default() }
    }

    /// How many turns one credential has at once.
    #[cfg(test)]
    pub(super) fn share(&self) -> usize {
        self.share
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// None in fact: the turns are never closed.
    pub(super) async fn take(&self, credential: &CredentialId) -> Result<Turn<'_>, AcquireError> {
        let places = self.places(credential);
        let place = Arc::clone(&places.free).acquire_owned().await?;
        Ok(Turn { _turn: self.all.acquire().await?, _place: place, _places: places })
    }

    fn places(&self, credential: &CredentialId) -> Places<'_> {
        let mut credentials = self.credentials.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Semaphore::new(self.share));
        let free = Arc::clone(credentials.entry(*credential).or_insert_with(new));
        Places { turns: self, credential: *credential, free }
    }
}

impl Drop for Places<'_> {
    /// The last one of a credential leaves nothing behind.
    fn drop(&mut self) {
        let mut credentials = self.turns.credentials.lock().unwrap_or_else(PoisonError::into_inner);
        // The map's and this one. More are made under the lock only.
        if Arc::strong_count(&self.free) == 2 {
            credentials.remove(&self.credential);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    fn user(name: &str) -> CredentialId {
        CredentialId::of_user(name)
    }

    /// A turn, if there is one at once.
    fn now<'a>(turns: &'a Turns, name: &str) -> Option<Turn<'a>> {
        turns.take(&user(name)).now_or_never().map(|turn| turn.expect("turns are never closed"))
    }

    #[test]
    fn one_credential_has_at_most_half_of_the_turns_and_others_have_the_rest() {
        let turns = Turns::new(4);
        let mine = [now(&turns, "ada"), now(&turns, "ada")];
        assert!(mine.iter().all(Option::is_some));
        assert!(now(&turns, "ada").is_none(), "half of them");
        let others = [now(&turns, "bob"), now(&turns, "eve")];
        assert!(others.iter().all(Option::is_some));
        assert!(now(&turns, "joe").is_none(), "all are taken");
        drop(mine);
        assert!(now(&turns, "ada").is_some());
    }

    #[test]
    fn a_credential_that_asks_once_does_not_wait_behind_all_questions_of_another() {
        let turns = Turns::new(2);
        let (eve, ada) = (user("eve"), user("ada"));
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
        let turns = Turns::new(1);
        let turn = now(&turns, "ada");
        for name in ["ada", "bob", "eve"] {
            assert!(now(&turns, name).is_none());
        }
        drop(turn);
        assert!(turns.credentials.lock().expect("no panic").is_empty());
        assert!(now(&turns, "joe").is_some());
    }
}
