use livetrail_types::{Activity, Cursor, CursorCheck, Epoch};
use std::sync::atomic::{AtomicU64, Ordering};

/// Bits of a check.
const CHECK_BITS: u32 = u16::BITS;

/// The newest activity whose check is known. Most cursors that carry a position alone are those of live clients, which
/// have seen this activity: so heartbeats contain the check without reading the store.
#[derive(Default)]
pub(super) struct Newest {
    /// The position, and in the lowest bits the check, so that the newest one is the greatest number. 0 while none is
    /// known.
    packed: AtomicU64,
}

impl Newest {
    /// Notes an activity of the log, if it is the newest so far.
    pub(super) fn note(&self, activity: &Activity) {
        let CursorCheck(check) = CursorCheck::of(activity);
        // A log would need millennia to reach positions that do not fit; cursors then go without a check.
        if activity.position.leading_zeros() >= CHECK_BITS {
            self.packed.fetch_max(activity.position << CHECK_BITS | u64::from(check), Ordering::AcqRel);
        }
    }

    /// The cursor of a position, with its check if that is known.
    pub(super) fn cursor(&self, epoch: Epoch, position: u64) -> Cursor {
        let packed = self.packed.load(Ordering::Acquire);
        let [.., high, low] = packed.to_be_bytes();
        let is_known = packed >> CHECK_BITS == position && position > 0;
        Cursor { epoch, position, check: is_known.then(|| CursorCheck(u16::from_be_bytes([high, low]))) }
    }
}
