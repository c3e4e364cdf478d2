use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicI64, Ordering};

/// How far the time of a last use may be behind: it is written no more often than this.
const INTERVAL: SignedDuration = SignedDuration::from_mins(1);
/// Stands for "never": every time is later.
const NEVER: i64 = i64::MIN;

/// When something was last used, to about a minute: a write for every use would cost more than the use.
#[derive(Debug)]
pub(super) struct LastUse(AtomicI64);

impl LastUse {
    pub(super) fn new(at: Option<Timestamp>) -> Self {
        Self(AtomicI64::new(at.map_or(NEVER, Timestamp::as_microsecond)))
    }

    pub(super) fn at(&self) -> Option<Timestamp> {
        match self.0.load(Ordering::Relaxed) {
            NEVER => None,
            micros => Timestamp::from_microsecond(micros).ok(),
        }
    }

    /// Notes a use. Whether it is to be written; of several uses at once, one is told so.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        let (last, now) = (self.0.load(Ordering::Relaxed), now.as_microsecond());
        let interval = i64::try_from(INTERVAL.as_micros()).unwrap_or(i64::MAX);
        now.saturating_sub(last) >= interval
            && self.0.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    #[test]
    fn the_first_use_is_written_and_then_one_a_minute() {
        let last = LastUse::new(None);
        let due: Vec<_> = [0, 1, 59, 60, 61, 119, 120, 500].map(|s| last.is_due(second(s))).to_vec();
        assert_eq!(due, [true, false, false, true, false, false, true, true]);
        assert_eq!(last.at(), Some(second(500)));
    }

    #[test]
    fn a_clock_that_goes_back_writes_nothing() {
        let last = LastUse::new(Some(second(1_000)));
        assert!(!last.is_due(second(10)));
        assert_eq!(last.at(), Some(second(1_000)));
    }
}
