//! The first so many of many places, in little memory.

use super::order::Place;

/// Places are gathered until there are twice as many as wanted; then the larger half goes, and what remains says which
/// places are worth gathering. So each place costs a comparison, and now and then a part of a selection.
pub(super) struct Smallest {
    count: usize,
    edge: Option<Place>,
    /// No place from here on is wanted.
    limit: Option<Place>,
    places: Vec<Place>,
}

impl Smallest {
    /// The first `count` places beyond an edge.
    pub(super) fn of(count: usize, edge: Option<Place>) -> Self {
        Self { count, edge, limit: None, places: Vec::new() }
    }

    /// Whether a place with a key from `best` to `worst` may be wanted.
    pub(super) fn may_take(&self, best: u64, worst: u64) -> bool {
        self.count > 0
            && self.limit.is_none_or(|limit| best <= limit.key)
            && self.edge.is_none_or(|edge| edge.key <= worst)
    }

    /// No place with a larger key is wanted, once enough were found.
    pub(super) fn worst_key(&self) -> Option<u64> {
        self.limit.map(|limit| limit.key)
    }

    pub(super) fn take(&mut self, place: Place) {
        let is_wanted =
            self.edge.is_none_or(|edge| edge < place) && self.limit.is_none_or(|limit| place < limit);
        if is_wanted {
            self.places.push(place);
            if self.places.len() >= 2 * self.count {
                self.drop_larger();
            }
        }
    }

    fn drop_larger(&mut self) {
        let (_, last, _) = self.places.select_nth_unstable(self.count - 1);
        self.limit = Some(*last);
        self.places.truncate(self.count);
    }

    pub(super) fn finish(mut self) -> Vec<Place> {
        self.places.sort_unstable();
        self.places.truncate(self.count);
        self.places
    }
}
