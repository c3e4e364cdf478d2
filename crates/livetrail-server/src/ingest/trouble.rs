use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// How long a commit that failed counts. Whoever asks whether the server is ready may keep all activities from it then, so that no
/// commit would ever show that it could be made again.
const COUNTS_FOR: Duration = Duration::from_secs(30);

/// Whether commits fail.
#[derive(Debug, Default)]
pub(super) struct Trouble(Mutex<Option<Instant>>);

impl Trouble {
    /// A commit was made, or failed.
    pub(super) fn note(&self, has_failed: bool) {
        let mut failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *failed = has_failed.then(Instant::now);
    }

    /// Whether the last commit failed, not long ago.
    pub(super) fn is_there(&self) -> bool {
        let failed = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failed.is_some_and(|at| at.elapsed() < COUNTS_FOR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_failure_counts_until_the_next_commit_and_not_for_ever() {
        let trouble = Trouble::default();
        assert!(!trouble.is_there());
        trouble.note(true);
        assert!(trouble.is_there());
        trouble.note(false);
        assert!(!trouble.is_there());
        trouble.note(true);
        tokio::time::advance(COUNTS_FOR).await;
        assert!(!trouble.is_there());
    }
}
