//! Channels of the embedded database, and their outbox.

use super::{
    SqliteStore,
    credentials::{NO_VALUE, all},
};
use crate::{
    AlertChannel, Backlog, Claim, Deferral, Deliveries, Delivery, DeliveryQuery, MessageId, NewDelivery,
    Outcome, Result, Sent, ThreadHistory,
    internal_rows::{Column, at, read_id},
    internal_tables::deliveries as sql,
};
use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params_from_iter};
use uuid::Uuid;

#[async_trait]
impl Deliveries for SqliteStore {
    async fn alert_channels(&self) -> Result<Vec<AlertChannel>> {
        let reading =
            |connection: &Connection| all(connection, sql::CHANNELS, NO_VALUE, |row| AlertChannel::read(row));
        self.readers.run(reading).await
    }

    async fn put_alert_channel(&self, channel: AlertChannel) -> Result<()> {
        self.changed(sql::PUT_CHANNEL, channel.columns()).await.map(|_| ())
    }

    async fn remove_alert_channel(&self, id: Uuid) -> Result<Option<AlertChannel>> {
        let removing = move |connection: &mut Connection| {
            let transaction = connection.transaction()?;
            let id = id.to_string();
            transaction.execute(sql::REMOVE_OUTBOX, [&id])?;
            let former = all(&transaction, sql::REMOVE_CHANNEL, [&id], |row| AlertChannel::read(row))?.pop();
            transaction.commit()?;
            Ok(former)
        };
        self.writer.run(removing).await
    }

    async fn due_channels(&self, now: Timestamp) -> Result<Vec<Uuid>> {
        let asking =
            move |connection: &Connection| all(connection, sql::DUE_CHANNELS, [at(now)], |row| read_id(row));
        self.readers.run(asking).await
    }

    async fn due_delivery(&self, channel: Uuid, now: Timestamp) -> Result<Option<Delivery>> {
        let values = [Column::Text(Some(channel.into())), at(now)];
        let asking = move |connection: &Connection| {
            Ok(all(connection, sql::DUE_DELIVERY, values, |row| Delivery::read(row))?.pop())
        };
        self.readers.run(asking).await
    }

    async fn thread_history(
        &self,
        of: NewDelivery,
        since: Timestamp,
        counted: Timestamp,
    ) -> Result<ThreadHistory> {
        let asking = move |connection: &Connection| {
            let values = of.history(since, counted);
            Ok(all(connection, sql::HISTORY, values, |row| ThreadHistory::read(row))?.pop())
        };
        Ok(self.readers.run(asking).await?.unwrap_or_default())
    }

    async fn defer(&self, deferral: Deferral) -> Result<()> {
        self.changed(sql::DEFER, deferral.columns()).await.map(|_| ())
    }

    async fn defer_muted(&self, channel: Uuid, now: Timestamp) -> Result<()> {
        let values = vec![Column::Text(Some(channel.into())), at(now)];
        self.changed(sql::DEFER_MUTED, values).await.map(|_| ())
    }

    async fn claim(&self, claim: Claim) -> Result<bool> {
        let claiming = move |connection: &mut Connection| {
            let transaction = connection.transaction()?;
            let is_first = execute(&transaction, sql::CLAIM, claim.columns())? == 1;
            if is_first && execute(&transaction, sql::CLAIM_OTHERS, claim.columns_of_others())? > 0 {
                execute(&transaction, sql::FURTHER, claim.message.columns().to_vec())?;
            }
            transaction.commit()?;
            Ok(is_first)
        };
        self.writer.run(claiming).await
    }

    async fn attempt(
        &self,
        message: MessageId,
        turn: u64,
        attempts: u32,
        next_at: Timestamp,
    ) -> Result<bool> {
        Ok(self.changed(sql::ATTEMPT, message.attempt(turn, attempts, next_at)).await? == 1)
    }

    async fn message_alerts(&self, message: MessageId) -> Result<Option<(u64, Uuid)>> {
        let asking = move |connection: &Connection| {
            let values = || params_from_iter(message.columns());
            let count = connection.query_row(sql::MESSAGE_COUNT, values(), |row| row.get(0))?;
            let latest = all(connection, sql::MESSAGE_LATEST, message.columns(), |row| read_id(row))?.pop();
            Ok(latest.map(|latest| (count, latest)))
        };
        self.readers.run(asking).await
    }

    async fn finish(&self, message: MessageId, moment: Timestamp, outcome: Outcome) -> Result<()> {
        let finishing = move |connection: &mut Connection| {
            let transaction = connection.transaction()?;
            for (statement, values) in outcome.statements(message, moment) {
                execute(&transaction, statement, values)?;
            }
            Ok(transaction.commit()?)
        };
        self.writer.run(finishing).await
    }

    async fn resume_attempts(&self, now: Timestamp) -> Result<()> {
        self.changed(sql::RESUME, vec![at(now)]).await.map(|_| ())
    }

    async fn replay(&self, channel: Uuid, now: Timestamp) -> Result<u64> {
        let replaying = move |connection: &mut Connection| {
            let transaction = connection.transaction()?;
            let id = Column::Text(Some(channel.into()));
            let parked = transaction.query_row(sql::COUNT_PARKED, [&id], |row| row.get(0)).optional()?;
            execute(&transaction, sql::REPLAY, vec![at(now), id])?;
            transaction.commit()?;
            Ok(parked.unwrap_or(0))
        };
        self.writer.run(replaying).await
    }

    async fn deliveries(&self, query: DeliveryQuery) -> Result<Vec<Sent>> {
        let asking = move |connection: &Connection| {
            all(connection, sql::DELIVERIES, query.columns(), |row| Sent::read(row))
        };
        self.readers.run(asking).await
    }

    async fn backlog(&self) -> Result<Vec<Backlog>> {
        let counting =
            |connection: &Connection| all(connection, sql::BACKLOG, NO_VALUE, |row| Backlog::read(row));
        self.readers.run(counting).await
    }

    async fn forget_deliveries(&self, before: Timestamp, limit: u32) -> Result<u64> {
        self.changed(sql::FORGET, vec![at(before), Column::Number(Some(limit.into()))]).await
    }
}

impl SqliteStore {
    /// Runs a statement; how many rows it has changed.
    pub(super) async fn changed(&self, statement: &'static str, values: Vec<Column>) -> Result<u64> {
        let changing = move |connection: &mut Connection| {
            let changed = connection.prepare_cached(statement)?.execute(params_from_iter(values))?;
            Ok(changed as u64)
        };
        self.writer.run(changing).await
    }
}

fn execute(transaction: &Transaction<'_>, statement: &str, values: Vec<Column>) -> Result<usize> {
    Ok(transaction.prepare_cached(statement)?.execute(params_from_iter(values))?)
}
