use livetrail_types::{Activity, Cursor, CursorCheck, Epoch};
use moka::future::Cache;
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// Bits of a check.
const CHECK_BITS: u32 = u16::BITS;
/// Checks that are kept for clients that come back.
const MAX_KEPT: u64 = 10_000;
/// For how long.
const KEPT_FOR: Duration = Duration::from_secs(5);

/// What is known of the checks of cursors without reading the store.
pub(super) struct Checks {
    /// That of the newest activity: the position, and in the lowest bits the check, so that the newest one is the
    /// greatest number. 0 while none is known. Most cursors that carry a position alone are those of live clients,
    /// which have seen this activity.
    newest: AtomicU64,
    /// Those of positions that clients have come back with lately. After a restart or a cut network, many clients come
    /// back at once, mostly with the same few positions: each is read once for all of them.
    recent: Cache<u64, CursorCheck>,
}

impl Checks {
    pub(super) fn new() -> Self {
        let recent = Cache::builder().max_capacity(MAX_KEPT).time_to_live(KEPT_FOR).build();
        Self { newest: AtomicU64::new(0), recent }
    }

    /// Notes an activity of the log, if it is the newest so far.
    pub(super) fn note(&self, activity: &Activity) {
        let CursorCheck(check) = CursorCheck::of(activity);
        // A log would need millennia to reach positions that do not fit; cursors then go without a check.
        if activity.position.leading_zeros() >= CHECK_BITS {
            self.newest.fetch_max(activity.position << CHECK_BITS | u64::from(check), Ordering::AcqRel);
        }
    }

    /// The cursor of a position, with its check if it is that of the newest activity.
    pub(super) fn cursor(&self, epoch: Epoch, position: u64) -> Cursor {
        let newest = self.newest.load(Ordering::Acquire);
        let [.., high, low] = newest.to_be_bytes();
        let is_known = newest >> CHECK_BITS == position && position > 0;
        Cursor { epoch, position, check: is_known.then(|| CursorCheck(u16::from_be_bytes([high, low]))) }
    }

    /// The check of a position that was asked for lately or is being read; otherwise what `reading` finds.
    pub(super) async fn get(
        &self,
        position: u64,
        reading: impl Future<Output = Option<CursorCheck>>,
    ) -> Option<CursorCheck> {
        self.recent.optionally_get_with(position, reading).await
    }

    /// Forgets what was read for clients that came back.
    pub(super) fn clear(&self) {
        self.recent.invalidate_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join_all;
    use tokio::task::yield_now;

    #[tokio::test]
    async fn clients_that_come_back_together_read_a_position_once() {
        let (checks, reads) = (Checks::new(), AtomicU64::new(0));
        let read = || async {
            reads.fetch_add(1, Ordering::Relaxed);
            yield_now().await;
            Some(CursorCheck(5))
        };
        let found = join_all((0..100).map(|_| checks.get(3, read()))).await;
        assert_eq!((found, reads.load(Ordering::Relaxed)), (vec![Some(CursorCheck(5)); 100], 1));
        checks.clear();
        checks.get(3, read()).await;
        assert_eq!(reads.load(Ordering::Relaxed), 2, "what was read is forgotten");
    }

    #[tokio::test]
    async fn a_position_without_an_answer_is_read_again() {
        let checks = Checks::new();
        assert_eq!(checks.get(3, async { None }).await, None);
        assert_eq!(checks.get(3, async { Some(CursorCheck(5)) }).await, Some(CursorCheck(5)));
    }
}
