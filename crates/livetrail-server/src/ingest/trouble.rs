use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// How long a failed commit counts. A load balancer sends nothing to a server that is not ready. Without this limit, no
/// commit would ever show that the disk has room again.
const COUNTS_FOR: Duration = Duration::from_secs(30);

/// Whether commits fail.
#[derive(Debug, Default)]
pub(super) struct Trouble(Mutex<Option<Instant>>);

impl Trouble {
    /// A commit was made, or failed.
    pub(super) fn note(&self, has_failed: bool, now: Instant) {
        let mut failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *failed = has_failed.then_some(now);
    }

    /// Whether the last commit failed, not long ago.
    pub(super) fn is_there(&self, now: Instant) -> bool {
        let failed = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failed.is_some_and(|at| now.duration_since(at) < COUNTS_FOR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_counts_until_the_next_commit_and_not_for_ever() {
        let (trouble, now) = (Trouble::default(), Instant::now());
        assert!(!trouble.is_there(now));
        trouble.note(true, now);
        assert!(trouble.is_there(now) && trouble.is_there(now + COUNTS_FOR / 2));
        assert!(!trouble.is_there(now + COUNTS_FOR));
        trouble.note(false, now);
        assert!(!trouble.is_there(now));
    }
}
