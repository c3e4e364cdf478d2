use crate::{Result, StoreError};
use std::time::Duration;
use tokio::time::timeout;

/// How long to wait for a server that may never answer: one that stands still, or a network that has forgotten a
/// connection. A server that is only slow gives up by itself first.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For a connection, and for where the log ends.
    pub connect: Duration,
    /// For the answer to any question.
    pub statement: Duration,
    /// For a batch to be taken.
    pub batch: Duration,
    /// For the end of a commit.
    pub commit: Duration,
    /// For what became of a commit whose answer was lost. The server ends a transaction that lost its client after ten
    /// seconds.
    pub outcome: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            connect: seconds(5),
            statement: seconds(65),
            batch: seconds(90),
            commit: seconds(20),
            outcome: seconds(15),
        }
    }
}

/// What a server answers, unless it takes longer than `limit`.
pub(super) async fn answered<T, E: Into<StoreError>>(
    limit: Duration,
    asking: impl Future<Output = Result<T, E>>,
) -> Result<T> {
    timeout(limit, asking).await.map_err(|_| is_silent())?.map_err(Into::into)
}

pub(super) fn is_silent() -> StoreError {
    StoreError::Unavailable("PostgreSQL does not answer".into())
}
