//! Something of which there is so much, shared out: memory, places, bytes that are under way. A client that holds much
//! cannot take what the others need, since one holder has at most a part of it.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

/// What is shared out among holders of the kind `K`.
pub(crate) struct Shares<K> {
    most: usize,
    most_of_one: usize,
    held: Mutex<Held<K>>,
}

struct Held<K> {
    in_all: usize,
    by: HashMap<K, usize>,
}

/// What one holder has, until it is dropped.
pub(crate) struct Share<K: Eq + Hash + Copy> {
    shares: Arc<Shares<K>>,
    holder: K,
    amount: usize,
}

impl<K: Eq + Hash + Copy> Shares<K> {
    /// Shares out `most`, of which one holder may have `most_of_one`.
    pub(crate) fn new(most: usize, most_of_one: usize) -> Arc<Self> {
        Arc::new(Self { most, most_of_one, held: Mutex::new(Held { in_all: 0, by: HashMap::new() }) })
    }

    /// A share of nothing yet.
    pub(crate) fn share(self: &Arc<Self>, holder: K) -> Share<K> {
        Share { shares: Arc::clone(self), holder, amount: 0 }
    }

    #[cfg(test)]
    /// How much is held in all.
    pub(crate) fn held(&self) -> usize {
        self.lock().in_all
    }

    /// How much there is.
    pub(crate) fn most(&self) -> usize {
        self.most
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Held<K>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash + Copy> Share<K> {
    /// Takes so much more, or nothing where there is not as much left.
    #[must_use]
    pub(crate) fn grow(&mut self, by: usize) -> bool {
        self.grow_if(by, |_, _| true)
    }

    /// The same, if `admits` what is held in all and by this holder.
    #[must_use]
    pub(crate) fn grow_if(&mut self, by: usize, admits: impl FnOnce(usize, usize) -> bool) -> bool {
        let mut held = self.shares.lock();
        let of_holder = held.by.get(&self.holder).copied().unwrap_or_default();
        let is_too_much = held.in_all + by > self.shares.most || of_holder + by > self.shares.most_of_one;
        if is_too_much || !admits(held.in_all, of_holder) {
            return false;
        }
        held.in_all += by;
        held.by.insert(self.holder, of_holder + by);
        self.amount += by;
        true
    }
}

impl<K: Eq + Hash + Copy> Drop for Share<K> {
    fn drop(&mut self) {
        if self.amount == 0 {
            return;
        }
        let mut held = self.shares.lock();
        held.in_all -= self.amount;
        if let Entry::Occupied(mut of_holder) = held.by.entry(self.holder) {
            *of_holder.get_mut() -= self.amount;
            if *of_holder.get() == 0 {
                of_holder.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holder_has_at_most_a_part_and_all_together_no_more_than_there_is() {
        let shares = Shares::new(10, 6);
        let mut first = shares.share("a");
        assert!(first.grow(4) && first.grow(2) && !first.grow(1));
        let mut again = shares.share("a");
        assert!(!again.grow(1), "all shares of a holder count together");
        let mut other = shares.share("b");
        assert!(other.grow(4) && !other.grow(1), "nothing is left");
        drop(first);
        assert!(again.grow(6) && !other.grow(1));
        drop((again, other));
        assert_eq!(shares.held(), 0);
        assert!(shares.lock().by.is_empty(), "nothing is kept of holders that have gone");
    }
}
