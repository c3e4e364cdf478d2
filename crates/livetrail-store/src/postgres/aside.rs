//! Rows of an application that cannot be taken in: a trigger of its own raises, say. They are set aside for a while, so
//! that they hold up neither the rows behind them nor anything else that this node hears.

use super::external;
use crate::{Result, StoreError};
use std::time::Duration;
use tokio::time::Instant;
use tokio_postgres::{Client, error::SqlState};
use uuid::Uuid;

/// When those that were set aside are tried again.
const AGAIN: Duration = Duration::from_secs(60);
/// As many rows are set aside one by one; more of them have a cause that is not theirs.
const MAX_ASIDE: usize = 100;
/// By how much a batch shrinks that failed, and grows again.
const STEP: i64 = 10;

/// What is set aside, and how much is tried at once.
pub(super) struct Aside {
    ids: Vec<Uuid>,
    batch: i64,
    since: Instant,
}

impl Aside {
    pub(super) fn new() -> Self {
        Self { ids: Vec::new(), batch: external::BATCH, since: Instant::now() }
    }

    /// The ids of the rows that are not to be tried.
    pub(super) fn ids(&self) -> &[Uuid] {
        &self.ids
    }

    /// How many rows are tried at once.
    pub(super) fn batch(&self) -> i64 {
        self.batch
    }

    /// Whether nothing is tried for now.
    pub(super) fn is_over_full(&self) -> bool {
        self.ids.len() >= MAX_ASIDE
    }

    /// Forgets what was set aside for long enough: its cause may have gone.
    pub(super) fn expire(&mut self) {
        if !self.ids.is_empty() && self.since.elapsed() >= AGAIN {
            *self = Self::new();
        }
    }

    /// A batch was taken in.
    pub(super) fn took(&mut self) {
        self.batch = (self.batch * STEP).min(external::BATCH);
    }

    /// A batch was refused by the database: fewer rows are tried next, and one that was alone is set aside.
    ///
    /// # Errors
    /// The failure, if the rows are not its cause: the server goes away, say, or is out of disk space.
    pub(super) async fn refused(&mut self, client: &Client, failure: tokio_postgres::Error) -> Result<()> {
        // Nothing but a trigger or a foreign key of the rows waits for a lock then.
        let is_locked = failure.code().is_some_and(|code| {
            [SqlState::LOCK_NOT_AVAILABLE, SqlState::T_R_DEADLOCK_DETECTED].contains(code)
        });
        let failure = StoreError::from(failure);
        if client.is_closed() || (matches!(failure, StoreError::Unavailable(_)) && !is_locked) {
            return Err(failure);
        }
        if self.batch > 1 {
            self.batch /= STEP;
            return Ok(());
        }
        let Some(row) = client.query_opt(external::NEXT, &[&self.ids]).await? else { return Ok(()) };
        let id: Uuid = row.get(0);
        if self.ids.is_empty() {
            self.since = Instant::now();
        }
        self.ids.push(id);
        if self.is_over_full() {
            tracing::warn!(%id, %failure, "{MAX_ASIDE} rows of the application cannot be taken in: no more are tried for a minute");
        } else {
            tracing::warn!(%id, %failure, "a row of the application cannot be taken in; it is tried again in a minute");
        }
        Ok(())
    }
}
