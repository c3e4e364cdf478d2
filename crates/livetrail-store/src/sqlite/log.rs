//! The log of the embedded database.

use super::{SqliteStore, rows};
use crate::{Appended, Bounds, Log, RangeRead, RemoteChanges, Result, Row};
use async_trait::async_trait;
use livetrail_types::Stamped;
use rusqlite::Connection;
use tokio::sync::watch;
use uuid::Uuid;

#[async_trait]
impl Log for SqliteStore {
    async fn head(&self) -> Result<Bounds> {
        self.writer.check()?;
        self.check_place()?;
        let (floor, head) = self.readers.run(ends).await?;
        Ok(Bounds { epoch: self.epoch, floor, head })
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

    async fn range(&self, after: u64, limit: usize) -> Result<RangeRead> {
        let read = move |connection: &Connection| {
            let rows = rows::after(connection, after, limit)?;
            if RangeRead::is_certain(&rows, after) {
                return Ok(RangeRead::Rows(rows));
            }
            Ok(RangeRead::above(ends(connection)?.0, after, rows))
        };
        self.readers.run(read).await
    }

    async fn rows(&self, positions: &[u64]) -> Result<Vec<Option<Row>>> {
        let positions = positions.to_vec();
        self.readers.run(move |connection| rows::at(connection, &positions)).await
    }

    async fn next(&self, after: u64) -> Result<Option<u64>> {
        self.readers.run(move |connection| rows::next(connection, after)).await
    }

    fn remote_changes(&self) -> watch::Receiver<RemoteChanges> {
        self.remote.subscribe()
    }
}

/// The position before the first activity, and that of the last one; both are 0 in an empty log. SQLite finds either end of the
/// key at once, but scans for both in one aggregate.
fn ends(connection: &Connection) -> Result<(u64, u64)> {
    let sql = "SELECT (SELECT min(position) FROM activities), (SELECT max(position) FROM activities)";
    let ends = connection.prepare_cached(sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (first, last): (Option<u64>, Option<u64>) = ends;
    Ok((first.map_or(0, |first| first.saturating_sub(1)), last.unwrap_or(0)))
}

/// The last position; 0 in an empty log.
pub(super) fn head(connection: &Connection) -> Result<u64> {
    Ok(ends(connection)?.1)
}
