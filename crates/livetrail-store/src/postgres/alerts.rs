//! Alerts in PostgreSQL. The clock that turns end by is the database's, which all nodes share.

use super::{PostgresStore, credentials::bound, head, rows::clamped};
use crate::{
    Advanced, Alert, AlertGroup, AlertMark, AlertQuery, AlertRule, AlertRuleAdded, AlertRules, Alerts,
    Decision, Progress, Result, Turn,
    internal_rows::{Column, read_count, saturated, saturated_text},
    internal_tables as sql,
};
use async_trait::async_trait;
use jiff::Timestamp;
use std::time::Duration;
use tokio_postgres::{Client, IsolationLevel, Row};
use uuid::Uuid;

/// Microseconds.
const NOW: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

#[async_trait]
impl Alerts for PostgresStore {
    async fn alert_rules(&self) -> Result<AlertRules> {
        let asking = async {
            let mut pooled = self.client().await?;
            let client: &mut Client = &mut pooled;
            // Of one moment: the version is that of these rules.
            let transaction = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead);
            let transaction = transaction.read_only(true).start().await?;
            let progress = transaction.query_one(sql::ALERT_RULES_VERSION, &[]).await?;
            let (version, saturated) = (head::position(progress.get(0)), saturated(progress.get(1)));
            let rules = transaction.query(sql::ALERT_RULES, &[]).await?;
            let rules = rules.iter().map(AlertRule::read).collect::<Result<_>>()?;
            Ok(AlertRules { version, rules, saturated })
        };
        self.answer(asking).await
    }

    async fn put_alert_rule(&self, rule: AlertRule) -> Result<Option<AlertRule>> {
        let putting = async {
            let mut client = self.client().await?;
            let transaction = client.transaction().await?;
            // It locks the position that the rule counts from.
            transaction.execute(sql::ALERT_RULES_CHANGE, &[]).await?;
            let former = transaction.query_opt(sql::ALERT_RULE, &[&rule.id]).await?;
            transaction.execute(sql::PUT_ALERT_RULE, &bound(&rule.columns())).await?;
            transaction.commit().await?;
            former.as_ref().map(AlertRule::read).transpose()
        };
        self.answer(putting).await
    }

    async fn add_alert_rule(&self, rule: AlertRule, max: u64) -> Result<AlertRuleAdded> {
        let adding = async {
            let mut client = self.client().await?;
            let transaction = client.transaction().await?;
            // It also locks the rules: another new one of this id waits here.
            transaction.execute(sql::ALERT_RULES_CHANGE, &[]).await?;
            let counted = transaction.query_one(sql::ALERT_RULES_COUNT, &[&rule.id]).await?;
            let added = AlertRuleAdded::read(&counted, max)?;
            if added == AlertRuleAdded::Added {
                transaction.execute(sql::PUT_ALERT_RULE, &bound(&rule.columns())).await?;
                transaction.commit().await?;
            }
            Ok(added)
        };
        self.answer(adding).await
    }

    async fn remove_alert_rule(&self, id: String) -> Result<Option<AlertRule>> {
        let removing = async {
            let mut client = self.client().await?;
            let transaction = client.transaction().await?;
            transaction.execute(sql::ALERT_RULES_CHANGE, &[]).await?;
            transaction.execute(sql::ALERTS_CHANGE, &[]).await?;
            transaction.execute(sql::END_ALERTS_OF, &[&id]).await?;
            let former = transaction.query_opt(sql::REMOVE_ALERT_RULE, &[&id]).await?;
            transaction.commit().await?;
            former.as_ref().map(AlertRule::read).transpose()
        };
        self.answer(removing).await
    }

    async fn take_turn(&self, node: Uuid, time: Duration) -> Result<Option<Turn>> {
        let taking = async {
            let client = self.client().await?;
            let now: i64 = client.query_one(NOW, &[]).await?.get(0);
            let until = now.saturating_add(i64::try_from(time.as_micros()).unwrap_or(i64::MAX));
            let taken = client.query_opt(sql::TAKE_TURN, &[&node.to_string(), &until, &now]).await?;
            let number = |row: &Row, index| head::position(row.get(index));
            Ok(taken.map(|row| Turn {
                number: number(&row, 0),
                position: number(&row, 1),
                rules: number(&row, 2),
            }))
        };
        self.answer(taking).await
    }

    async fn end_turn(&self, turn: u64) -> Result<()> {
        let ending =
            async { Ok(self.client().await?.execute(sql::END_TURN, &[&clamped(turn)]).await.map(|_| ())?) };
        self.answer(ending).await
    }

    async fn advance(&self, progress: Progress) -> Result<Advanced> {
        self.answer(async { advance(&mut *self.client().await?, &progress).await }).await
    }

    async fn alerts_since(&self, since: Timestamp) -> Result<Vec<Alert>> {
        self.found(sql::ALERTS_SINCE, vec![Column::Number(Some(since.as_microsecond()))]).await
    }

    async fn alerts_of(&self, group: AlertGroup) -> Result<Vec<Alert>> {
        self.found(sql::ALERTS_OF_GROUP, group.columns()).await
    }

    async fn unrecorded_alerts(&self, limit: u32) -> Result<Vec<Alert>> {
        self.found(sql::UNRECORDED_ALERTS, vec![Column::Number(Some(limit.into()))]).await
    }

    async fn alerts_are_recorded(&self, ids: Vec<Uuid>) -> Result<()> {
        let noting = async {
            let mut client = self.client().await?;
            let transaction = client.transaction().await?;
            for id in ids {
                transaction.execute(sql::ALERT_RECORDED, &[&id.to_string()]).await?;
            }
            Ok(transaction.commit().await?)
        };
        self.answer(noting).await
    }

    async fn alerts(&self, query: AlertQuery) -> Result<Vec<Alert>> {
        self.found(sql::ALERTS, query.columns()).await
    }

    async fn alert(&self, id: Uuid) -> Result<Option<Alert>> {
        Ok(self.found(sql::ALERT, vec![Column::Text(Some(id.into()))]).await?.pop())
    }

    async fn open_alerts(&self, tenant: Option<String>) -> Result<Vec<(String, u64)>> {
        let rows = self.rows_of(sql::OPEN_ALERTS, vec![Column::Text(tenant)]).await?;
        rows.iter().map(read_count).collect()
    }

    async fn changed_alerts(&self, after: AlertMark, limit: u32) -> Result<Vec<(AlertMark, Alert)>> {
        let rows = self.rows_of(sql::CHANGED_ALERTS, after.columns(limit)).await?;
        rows.iter().map(AlertMark::read).collect()
    }

    async fn last_alert_change(&self) -> Result<AlertMark> {
        let asking = async {
            let change = self.client().await?.query_one(sql::LAST_ALERT_CHANGE, &[]).await?.get(0);
            Ok(AlertMark { change: head::position(change), id: None })
        };
        self.answer(asking).await
    }

    async fn decide(&self, id: Uuid, decision: Decision) -> Result<Option<Alert>> {
        let mut values = decision.columns();
        values.push(Column::Text(Some(id.into())));
        let deciding = async {
            let mut client = self.client().await?;
            let transaction = client.transaction().await?;
            transaction.execute(sql::ALERTS_CHANGE, &[]).await?;
            let decided = transaction.query_opt(sql::DECIDE, &bound(&values)).await?;
            transaction.commit().await?;
            decided.as_ref().map(Alert::read).transpose()
        };
        self.answer(deciding).await
    }
}

impl PostgresStore {
    async fn found(&self, statement: &'static str, values: Vec<Column>) -> Result<Vec<Alert>> {
        self.rows_of(statement, values).await?.iter().map(Alert::read).collect()
    }

    pub(super) async fn rows_of(&self, statement: &'static str, values: Vec<Column>) -> Result<Vec<Row>> {
        let asking = async { Ok(self.client().await?.query(statement, &bound(&values)).await?) };
        self.answer(asking).await
    }
}

async fn advance(client: &mut Client, progress: &Progress) -> Result<Advanced> {
    let transaction = client.transaction().await?;
    let Progress { turn, rules, position, .. } = progress;
    let values = [position, turn, rules].map(|number| clamped(*number));
    let ([position, number, rules], saturated) = (&values, saturated_text(&progress.saturated));
    if transaction.execute(sql::ADVANCE, &[position, &saturated, number, rules]).await? == 0 {
        let current = head::position(transaction.query_one(sql::CURRENT_TURN, &[]).await?.get(0));
        return Ok(if current == *turn { Advanced::RulesChanged } else { Advanced::TurnLost });
    }
    for alert in &progress.alerts {
        transaction.execute(sql::PUT_ALERT, &bound(&alert.columns())).await?;
    }
    for delivery in &progress.deliveries {
        transaction.execute(sql::deliveries::PUT_DELIVERY, &bound(&delivery.columns())).await?;
    }
    transaction.commit().await?;
    Ok(Advanced::Kept)
}
