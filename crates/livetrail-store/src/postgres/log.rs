//! The log in PostgreSQL.

use super::{
    PostgresStore, head,
    removed::Stored,
    rows::{self, clamped},
    timeouts::answered,
};
use crate::{
    Appended, Bounds, Log, PoolUse, RangeRead, RemoteChanges, Result, Row, StoreError,
    internal_tables as sql, log::Extent,
};
use async_trait::async_trait;
use livetrail_types::Stamped;
use std::{collections::HashMap, sync::Arc};
use tokio::sync::watch;
use tracing::Instrument;
use uuid::Uuid;

#[async_trait]
impl Log for PostgresStore {
    async fn head(&self) -> Result<Bounds> {
        let reading = async {
            let (client, partitions) = (self.client().await?, &self.shared.partitions);
            let head = head::read(&**client, partitions).await?;
            // The log may have gone on since, and the floor with it.
            let Stored { floor, removals, is_waiting: has_unnumbered_removals, edition, .. } =
                Stored::read(&**client).await?;
            let (epoch, head) = (self.epoch, head.max(floor));
            Ok::<_, StoreError>(Bounds { epoch, floor, head, removals, has_unnumbered_removals, edition })
        };
        answered(self.shared.connector.timeouts.connect, reading).await
    }

    async fn obstacle(&self) -> Result<Option<&'static str>> {
        let asking = async {
            let client = self.client().await?;
            head::read(&**client, &self.shared.partitions).await?;
            let row = client.query_one("SELECT current_setting('transaction_read_only')::bool", &[]).await?;
            Ok::<bool, StoreError>(row.get(0))
        };
        let is_read_only = answered(self.shared.connector.timeouts.connect, asking).await?;
        let is_stuck = self.shared.remote.borrow().is_stuck;
        Ok(match (is_read_only, is_stuck) {
            (true, _) => Some("the database is read-only"),
            (false, true) => Some("rows that the application has inserted cannot be taken in"),
            (false, false) => None,
        })
    }

    async fn append(&self, batch: Vec<Stamped>) -> Result<Appended> {
        if batch.is_empty() {
            return Ok(Appended::default());
        }
        let (appender, shared) = (Arc::clone(&self.appender), Arc::clone(&self.shared));
        // An append is finished even if its caller is gone.
        let appending = async move {
            let appended = appender.lock().await.append(batch).await?;
            if let Some(newest) = appended.stored.last() {
                shared.appended.send_replace(newest.position);
            }
            Ok(appended)
        };
        tokio::spawn(appending.in_current_span())
            .await
            .map_err(|error| StoreError::Internal(error.to_string()))?
    }

    async fn get(&self, id: Uuid, tenant: Option<String>) -> Result<Option<Row>> {
        let looking = async {
            let client = self.client().await?;
            let found = rows::by_id(&client, self.reads(), id, tenant.as_deref()).await?;
            self.with_profiles(&client, found.into_iter().collect()).await
        };
        Ok(self.answer(looking).await?.pop())
    }

    async fn all_of_id(&self, id: Uuid) -> Result<Vec<Row>> {
        let looking = async {
            let client = self.client().await?;
            let found = rows::all_of_id(&client, self.reads(), id).await?;
            self.with_profiles(&client, found).await
        };
        self.answer(looking).await
    }

    async fn range(&self, after: u64, limit: usize) -> Result<RangeRead> {
        self.answer(self.read_range(after, limit, Extent::Whole)).await
    }

    async fn lean_range(&self, after: u64, limit: usize) -> Result<RangeRead> {
        self.answer(self.read_range(after, limit, Extent::Lean)).await
    }

    async fn rows(&self, positions: &[u64]) -> Result<Vec<Option<Row>>> {
        let looking = async {
            let client = self.client().await?;
            let found = rows::at(&client, self.reads(), positions).await?;
            self.with_profiles(&client, found).await
        };
        let found = self.answer(looking).await?.into_iter().map(|row| (row.0.position, row));
        let found: HashMap<u64, Row> = found.collect();
        Ok(positions.iter().map(|position| found.get(position).cloned()).collect())
    }

    async fn next(&self, after: u64) -> Result<Option<u64>> {
        self.answer(async { rows::next(&*self.client().await?, after).await }).await
    }

    async fn removed(&self, after: u64, limit: usize) -> Result<Vec<(u64, u64)>> {
        let asking = async {
            let values = [clamped(after), clamped(limit as u64)];
            Ok(self.client().await?.query(sql::REMOVED, &[&values[0], &values[1]]).await?)
        };
        let number = |row: &tokio_postgres::Row, index| head::position(row.get(index));
        Ok(self.answer(asking).await?.iter().map(|row| (number(row, 0), number(row, 1))).collect())
    }

    async fn count_removed(&self, after: u64, up_to: u64) -> Result<u64> {
        let asking = async {
            let values = [clamped(after), clamped(up_to)];
            Ok(self.client().await?.query_one(sql::COUNT_REMOVED, &[&values[0], &values[1]]).await?)
        };
        Ok(head::position(self.answer(asking).await?.get(0)))
    }

    fn remote_changes(&self) -> watch::Receiver<RemoteChanges> {
        self.shared.remote.subscribe()
    }

    fn pools(&self) -> [PoolUse; 2] {
        self.pools.in_use()
    }
}

impl PostgresStore {
    async fn read_range(&self, after: u64, limit: usize, extent: Extent) -> Result<RangeRead> {
        let client = self.client().await?;
        let found = rows::after(&client, self.reads(), after, limit, extent).await?;
        let rows = match extent {
            Extent::Whole => self.with_profiles(&client, found).await?,
            Extent::Lean => found.into_iter().map(|activity| (activity, None)).collect(),
        };
        if RangeRead::is_certain(&rows, after) {
            return Ok(RangeRead::Rows(rows));
        }
        Ok(RangeRead::above(Stored::read(&**client).await?.floor, after, rows))
    }
}
