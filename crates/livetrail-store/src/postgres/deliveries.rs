//! Channels in PostgreSQL, and their outbox. A claim and an attempt change a row only as long as it is as it was read,
//! so of two nodes that believe to have the turn one makes the attempt.

use super::{PostgresStore, credentials::bound, head};
use crate::{
    AlertChannel, Backlog, Claim, Deferral, Deliveries, Delivery, DeliveryQuery, MessageId, NewDelivery,
    Outcome, Result, Sent, ThreadHistory,
    internal_rows::{Column, at, read_id},
    internal_tables::deliveries as sql,
};
use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

#[async_trait]
impl Deliveries for PostgresStore {
    async fn alert_channels(&self) -> Result<Vec<AlertChannel>> {
        self.rows_of(sql::CHANNELS, Vec::new()).await?.iter().map(AlertChannel::read).collect()
    }

    async fn put_alert_channel(&self, channel: AlertChannel) -> Result<()> {
        self.changed(sql::PUT_CHANNEL, channel.columns()).await.map(|_| ())
    }

    async fn remove_alert_channel(&self, id: Uuid) -> Result<Option<AlertChannel>> {
        let removing = async {
            let mut client = self.client().await?;
            let transaction = client.transaction().await?;
            let id = id.to_string();
            let former = transaction.query_opt(sql::REMOVE_CHANNEL, &[&id]).await?;
            transaction.execute(sql::REMOVE_OUTBOX, &[&id]).await?;
            transaction.commit().await?;
            former.as_ref().map(AlertChannel::read).transpose()
        };
        self.answer(removing).await
    }

    async fn due_channels(&self, now: Timestamp) -> Result<Vec<Uuid>> {
        self.rows_of(sql::DUE_CHANNELS, vec![at(now)]).await?.iter().map(read_id).collect()
    }

    async fn due_delivery(&self, channel: Uuid, now: Timestamp) -> Result<Option<Delivery>> {
        let values = vec![Column::Text(Some(channel.into())), at(now)];
        self.rows_of(sql::DUE_DELIVERY, values).await?.first().map(Delivery::read).transpose()
    }

    async fn thread_history(
        &self,
        of: NewDelivery,
        since: Timestamp,
        counted: Timestamp,
    ) -> Result<ThreadHistory> {
        let rows = self.rows_of(sql::HISTORY, of.history(since, counted)).await?;
        Ok(rows.first().map(ThreadHistory::read).transpose()?.unwrap_or_default())
    }

    async fn defer(&self, deferral: Deferral) -> Result<()> {
        self.changed(sql::DEFER, deferral.columns()).await.map(|_| ())
    }

    async fn defer_muted(&self, channel: Uuid, now: Timestamp) -> Result<()> {
        let values = vec![Column::Text(Some(channel.into())), at(now)];
        self.changed(sql::DEFER_MUTED, values).await.map(|_| ())
    }

    async fn claim(&self, claim: Claim) -> Result<bool> {
        let claiming = async {
            let mut client = self.client().await?;
            let transaction = client.transaction().await?;
            let is_first = transaction.execute(sql::CLAIM, &bound(&claim.columns())).await? == 1;
            let others = claim.columns_of_others();
            if is_first && transaction.execute(sql::CLAIM_OTHERS, &bound(&others)).await? > 0 {
                transaction.execute(sql::FURTHER, &bound(&claim.message.columns())).await?;
            }
            transaction.commit().await?;
            Ok(is_first)
        };
        self.answer(claiming).await
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
        let count = self.rows_of(sql::MESSAGE_COUNT, message.columns().to_vec()).await?;
        let count = count.first().map_or(0, |row| head::position(row.get(0)));
        let latest = self.rows_of(sql::MESSAGE_LATEST, message.columns().to_vec()).await?;
        Ok(latest.first().map(read_id).transpose()?.map(|latest| (count, latest)))
    }

    async fn finish(&self, message: MessageId, moment: Timestamp, outcome: Outcome) -> Result<()> {
        let finishing = async {
            let mut client = self.client().await?;
            let transaction = client.transaction().await?;
            for (statement, values) in outcome.statements(message, moment) {
                transaction.execute(statement, &bound(&values)).await?;
            }
            Ok(transaction.commit().await?)
        };
        self.answer(finishing).await
    }

    async fn resume_attempts(&self, now: Timestamp) -> Result<()> {
        self.changed(sql::RESUME, vec![at(now)]).await.map(|_| ())
    }

    async fn replay(&self, channel: Uuid, now: Timestamp) -> Result<u64> {
        let id = Column::Text(Some(channel.into()));
        let replaying = async {
            let mut client = self.client().await?;
            let transaction = client.transaction().await?;
            let parked = transaction.query_one(sql::COUNT_PARKED, &[&id]).await?.get(0);
            transaction.execute(sql::REPLAY, &[&at(now), &id]).await?;
            transaction.commit().await?;
            Ok(head::position(parked))
        };
        self.answer(replaying).await
    }

    async fn deliveries(&self, query: DeliveryQuery) -> Result<Vec<Sent>> {
        self.rows_of(sql::DELIVERIES, query.columns()).await?.iter().map(Sent::read).collect()
    }

    async fn backlog(&self) -> Result<Vec<Backlog>> {
        self.rows_of(sql::BACKLOG, Vec::new()).await?.iter().map(Backlog::read).collect()
    }

    async fn forget_deliveries(&self, before: Timestamp, limit: u32) -> Result<u64> {
        self.changed(sql::FORGET, vec![at(before), Column::Number(Some(limit.into()))]).await
    }
}

impl PostgresStore {
    /// Runs a statement; how many rows it has changed.
    pub(super) async fn changed(&self, statement: &'static str, values: Vec<Column>) -> Result<u64> {
        let changing = async { Ok(self.client().await?.execute(statement, &bound(&values)).await?) };
        self.answer(changing).await
    }
}
