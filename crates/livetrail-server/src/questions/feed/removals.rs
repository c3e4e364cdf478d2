//! Rows that were removed from the kept part of the log: by retention, or by SQL.

use super::Feed;
use livetrail_store::{Log, StoreError};
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Mutex;

/// Removals that are read together.
const PIECE: usize = 1_000;

/// How many removals the index has followed.
#[derive(Debug, Default)]
pub(super) struct Removals {
    /// The number of the last one.
    followed: AtomicU64,
    /// One question follows them at a time.
    following: Mutex<()>,
}

impl Removals {
    /// Has all removals followed again.
    pub(super) fn forget(&self) {
        self.followed.store(0, Ordering::Release);
    }
}

impl Feed {
    /// Takes the rows out of the index that were removed from the log, up to the removal of this number. The index has
    /// every position that was given before that removal.
    ///
    /// # Errors
    /// What the store says.
    pub(in crate::questions) async fn follow_removals(
        &self,
        log: &dyn Log,
        up_to: u64,
    ) -> Result<(), StoreError> {
        let Removals { followed, following } = &self.removals;
        if followed.load(Ordering::Acquire) >= up_to {
            return Ok(());
        }
        let _following = following.lock().await;
        loop {
            let after = followed.load(Ordering::Acquire);
            if after >= up_to {
                return Ok(());
            }
            let removed = log.removed(after, PIECE).await?;
            let last = self.take_out(&removed, up_to);
            // Unless all have to be followed again meanwhile.
            let _ = followed.compare_exchange(after, last, Ordering::AcqRel, Ordering::Acquire);
            if last == after {
                return Ok(());
            }
        }
    }

    /// Takes out removed rows, and gives the number of the last removal that is followed. A position that the index has
    /// yet to come to may be appended from what was read before its removal, so that removal is followed later.
    fn take_out(&self, removed: &[(u64, u64)], up_to: u64) -> u64 {
        let mut index = self.lock();
        let known = removed.iter().take_while(|(_, position)| *position <= index.head()).count();
        removed[..known].iter().for_each(|(_, position)| index.remove(*position));
        match (removed.get(..known).and_then(|known| known.last()), removed.first()) {
            (Some((number, _)), _) => *number,
            // Before the first one that is not followed yet.
            (None, Some((number, _))) => number - 1,
            // Those that are missing lie below the floor.
            (None, None) => up_to,
        }
    }
}
