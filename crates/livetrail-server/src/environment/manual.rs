use super::Environment;
use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// For tests: a clock that stands still until it is moved, and chance that is the same in every run.
pub(crate) struct Manual {
    micros: AtomicI64,
    drawn: AtomicU64,
}

impl Manual {
    /// It is noon of 1 March 2026, UTC.
    pub(crate) fn new() -> Self {
        Self { micros: AtomicI64::new(1_772_366_400_000_000), drawn: AtomicU64::new(0) }
    }

    pub(crate) fn advance(&self, by: SignedDuration) {
        let micros = i64::try_from(by.as_micros()).expect("a believable duration");
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }
}

impl Environment for Manual {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.micros.load(Ordering::Relaxed)).expect("a believable moment")
    }

    fn random(&self) -> [u8; 32] {
        *blake3::hash(&self.drawn.fetch_add(1, Ordering::Relaxed).to_be_bytes()).as_bytes()
    }
}
