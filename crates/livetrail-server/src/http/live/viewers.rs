use super::Viewer;
use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, PoisonError, Weak},
};

/// Streams with the same credential share one viewer. Most streams of a large audience belong to few users, so whether
/// they may stay is checked once for each user.
#[derive(Default)]
pub(in crate::http) struct Viewers {
    /// By the hash of their principal. Where two of them have the same, the former is not shared any more.
    known: Mutex<HashMap<u64, Weak<Viewer>>>,
    hashes: RandomState,
}

impl Viewers {
    /// The viewer that is known already for this principal, or this one.
    pub(in crate::http) fn share(&self, viewer: Viewer) -> Arc<Viewer> {
        let hash = self.hashes.hash_one(&viewer.principal);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let same = known.get(&hash).and_then(Weak::upgrade);
        if let Some(same) = same.filter(|same| same.principal == viewer.principal) {
            return same;
        }
        // Instead of growing, it forgets those who have gone.
        if known.len() == known.capacity() {
            known.retain(|_, viewer| viewer.strong_count() > 0);
        }
        let viewer = Arc::new(viewer);
        known.insert(hash, Arc::downgrade(&viewer));
        viewer
    }
}
