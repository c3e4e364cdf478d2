//! Questions to the embedded database, each on a reader of its own.

use super::{SqliteStore, groups, list, readers, stats};
use crate::{Questions, Result};
use async_trait::async_trait;
use jiff::Timestamp;
use livetrail_types::{Filter, Group, Grouping, ListQuery, Page, Stats};

#[async_trait]
impl Questions for SqliteStore {
    fn max_questions(&self) -> usize {
        readers::MAX_SCANS
    }

    async fn list(&self, query: ListQuery) -> Result<Page> {
        self.check_place()?;
        let epoch = self.epoch;
        self.readers.scan(move |connection| list::page(connection, &query, epoch)).await
    }

    async fn stats(&self, filter: Filter, head: u64, now: Timestamp) -> Result<Stats> {
        self.check_place()?;
        self.readers.scan(move |connection| stats::of(connection, &filter, head, now)).await
    }

    async fn groups(&self, grouping: Grouping) -> Result<Vec<Group>> {
        self.check_place()?;
        self.readers.scan(move |connection| groups::of(connection, &grouping)).await
    }
}
