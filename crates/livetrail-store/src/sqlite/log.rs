//! The log of the embedded database.

use super::{SqliteStore, rows};
use crate::{
    Appended, Bounds, Log, PoolUse, RangeRead, RemoteChanges, Result, Row, internal_rows::edition_of,
    internal_tables as sql, log::Extent,
};
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
        let Ends { floor, head, removals, edition, .. } = self.readers.run(Ends::read).await?;
        Ok(Bounds { epoch: self.epoch, floor, head, removals, has_unnumbered_removals: false, edition })
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
        self.readers.run(move |connection| read_range(connection, after, limit, Extent::Whole)).await
    }

    async fn lean_range(&self, after: u64, limit: usize) -> Result<RangeRead> {
        self.readers.run(move |connection| read_range(connection, after, limit, Extent::Lean)).await
    }

    async fn rows(&self, positions: &[u64]) -> Result<Vec<Option<Row>>> {
        let positions = positions.to_vec();
        self.readers.run(move |connection| rows::at(connection, &positions)).await
    }

    async fn next(&self, after: u64) -> Result<Option<u64>> {
        self.readers.run(move |connection| rows::next(connection, after)).await
    }

    async fn removed(&self, after: u64, limit: usize) -> Result<Vec<(u64, u64)>> {
        let read = move |connection: &Connection| {
            let mut statement = connection.prepare_cached(sql::REMOVED)?;
            let found = statement.query_map([rows::clamped(after), rows::clamped(limit as u64)], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        };
        self.readers.run(read).await
    }

    async fn count_removed(&self, after: u64, up_to: u64) -> Result<u64> {
        let within = [after, up_to].map(rows::clamped);
        let read = move |connection: &Connection| {
            Ok(connection.prepare_cached(sql::COUNT_REMOVED)?.query_row(within, |row| row.get(0))?)
        };
        self.readers.run(read).await
    }

    fn remote_changes(&self) -> watch::Receiver<RemoteChanges> {
        self.remote.subscribe()
    }

    fn pools(&self) -> [PoolUse; 2] {
        self.readers.in_use()
    }
}

fn read_range(connection: &Connection, after: u64, limit: usize, extent: Extent) -> Result<RangeRead> {
    let rows = rows::after(connection, after, limit, extent)?;
    if RangeRead::is_certain(&rows, after) {
        return Ok(RangeRead::Rows(rows));
    }
    Ok(RangeRead::above(Ends::read(connection)?.floor, after, rows))
}

/// Where the log begins and ends, and what else is stored beside that.
pub(super) struct Ends {
    pub(super) floor: u64,
    pub(super) head: u64,
    removals: u64,
    pub(super) holds: u64,
    edition: u64,
}

impl Ends {
    /// The newest activities may be removed: then their positions are those of the last removal, or below the floor.
    pub(super) fn read(connection: &Connection) -> Result<Self> {
        let bounds = connection
            .prepare_cached(sql::BOUNDS)?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let (floor, removals, holds, mark): (u64, u64, u64, Option<Vec<u8>>) = bounds;
        let last_of = |table| -> Result<u64> {
            let last = format!("SELECT coalesce(max(position), 0) FROM {table}");
            Ok(connection.prepare_cached(&last)?.query_row([], |row| row.get(0))?)
        };
        let head = floor.max(last_of("activities")?).max(last_of("livetrail_removed")?);
        Ok(Self { floor, head, removals, holds, edition: edition_of(mark.as_deref()) })
    }
}

/// The last position; 0 in a log that never had an activity.
pub(super) fn head(connection: &Connection) -> Result<u64> {
    Ok(Ends::read(connection)?.head)
}
