//! Questions that read more of the log than their answer holds: pages, figures and groups.

use crate::Result;
use async_trait::async_trait;
use jiff::Timestamp;
use livetrail_types::{Filter, Group, Grouping, ListQuery, Page, Stats};

/// The part of a [`Store`](crate::Store) that answers questions.
#[async_trait]
pub trait Questions: Send + Sync + 'static {
    /// How many questions (lists, figures and groups) are answered at once; more of them wait. Other reads do not wait
    /// for them.
    fn max_questions(&self) -> usize;

    /// A page of the log.
    ///
    /// # Errors
    /// [`StoreError::CursorMismatch`] when the query's cursor is of another log, filter or order.
    async fn list(&self, query: ListQuery) -> Result<Page>;

    /// The figures of `filter` up to and with the position `head`; `now` says what the last 24 hours are.
    async fn stats(&self, filter: Filter, head: u64, now: Timestamp) -> Result<Stats>;

    /// Groups of activities, the largest first.
    async fn groups(&self, grouping: Grouping) -> Result<Vec<Group>>;
}
