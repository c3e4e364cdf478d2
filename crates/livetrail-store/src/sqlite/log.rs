//! The log of the embedded database.

use super::{SqliteStore, rows};
use crate::{Appended, Elsewhere, Log, Result, Row};
use async_trait::async_trait;
use livetrail_types::{Cursor, Stamped};
use rusqlite::{Connection, OptionalExtension};
use tokio::sync::watch;
use uuid::Uuid;

#[async_trait]
impl Log for SqliteStore {
    async fn head(&self) -> Result<Cursor> {
        self.writer.check()?;
        self.check_place()?;
        let position = self.readers.run(head).await?;
        Ok(Cursor { epoch: self.epoch, position })
    }

    async fn obstacle(&self) -> Result<Option<&'static str>> {
        self.head().await?;
        Ok(self.folder.obstacle())
    }

    async fn append(&self, batch: Vec<Stamped>) -> Result<Appended> {
        self.check_place()?;
        self.writer.append(batch).await
    }

    async fn get(&self, id: Uuid, tenant: Option<String>) -> Result<Option<Row>> {
        self.readers.run(move |connection| rows::by_id(connection, id, tenant.as_deref())).await
    }

    async fn all_of_id(&self, id: Uuid) -> Result<Vec<Row>> {
        self.readers.run(move |connection| rows::all_of_id(connection, id)).await
    }

    async fn range(&self, after: u64, limit: usize) -> Result<Vec<Row>> {
        self.readers.run(move |connection| rows::after(connection, after, limit)).await
    }

    async fn next(&self, after: u64) -> Result<Option<u64>> {
        self.readers.run(move |connection| rows::next(connection, after)).await
    }

    fn elsewhere(&self) -> watch::Receiver<Elsewhere> {
        self.elsewhere.subscribe()
    }
}

/// The last position; 0 in an empty log.
pub(super) fn head(connection: &Connection) -> Result<u64> {
    let newest = connection
        .prepare_cached("SELECT max(position) FROM activities")?
        .query_row([], |row| row.get::<_, Option<u64>>(0));
    Ok(newest.optional()?.flatten().unwrap_or(0))
}
