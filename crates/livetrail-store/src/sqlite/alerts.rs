//! Alerts of the embedded database, whose only process is also the only evaluator.

use super::{
    SqliteStore,
    credentials::{NO_VALUE, all},
    rows::clamped,
};
use crate::{
    Advanced, Alert, AlertGroup, AlertMark, AlertQuery, AlertRule, AlertRuleAdded, AlertRules, Alerts,
    Decision, Progress, Result, Turn,
    internal_rows::{Column, read_count, saturated, saturated_text},
    internal_tables as sql,
};
use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use std::time::Duration;
use uuid::Uuid;

#[async_trait]
impl Alerts for SqliteStore {
    async fn alert_rules(&self) -> Result<AlertRules> {
        let reading = |connection: &mut Connection| {
            // Of one moment: the version is that of these rules.
            let transaction = connection.transaction()?;
            let progress = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, String>(1)?));
            let (version, text) = transaction.query_row(sql::ALERT_RULES_VERSION, [], progress)?;
            let rules = all(&transaction, sql::ALERT_RULES, NO_VALUE, |row| AlertRule::read(row))?;
            Ok(AlertRules { version, rules, saturated: saturated(&text) })
        };
        self.writer.run(reading).await
    }

    async fn put_alert_rule(&self, rule: AlertRule) -> Result<Option<AlertRule>> {
        let putting = move |connection: &mut Connection| {
            let transaction = connection.transaction()?;
            let former = all(&transaction, sql::ALERT_RULE, [&rule.id], |row| AlertRule::read(row))?.pop();
            transaction.execute(sql::PUT_ALERT_RULE, params_from_iter(rule.columns()))?;
            transaction.execute(sql::ALERT_RULES_CHANGE, [])?;
            transaction.commit()?;
            Ok(former)
        };
        self.writer.run(putting).await
    }

    async fn add_alert_rule(&self, rule: AlertRule, max: u64) -> Result<AlertRuleAdded> {
        let adding = move |connection: &mut Connection| {
            let transaction = connection.transaction()?;
            let counted =
                all(&transaction, sql::ALERT_RULES_COUNT, [&rule.id], |row| AlertRuleAdded::read(row, max))?;
            let added = counted.into_iter().next().unwrap_or(AlertRuleAdded::Added);
            if added == AlertRuleAdded::Added {
                transaction.execute(sql::PUT_ALERT_RULE, params_from_iter(rule.columns()))?;
                transaction.execute(sql::ALERT_RULES_CHANGE, [])?;
                transaction.commit()?;
            }
            Ok(added)
        };
        self.writer.run(adding).await
    }

    async fn remove_alert_rule(&self, id: String) -> Result<Option<AlertRule>> {
        let removing = move |connection: &mut Connection| {
            let transaction = connection.transaction()?;
            let former = all(&transaction, sql::REMOVE_ALERT_RULE, [&id], |row| AlertRule::read(row))?.pop();
            transaction.execute(sql::ALERT_RULES_CHANGE, [])?;
            transaction.execute(sql::ALERTS_CHANGE, [])?;
            transaction.execute(sql::END_ALERTS_OF, [&id])?;
            transaction.commit()?;
            Ok(former)
        };
        self.writer.run(removing).await
    }

    async fn take_turn(&self, node: Uuid, _: Duration) -> Result<Option<Turn>> {
        let taking = move |connection: &mut Connection| {
            let turn =
                |row: &Row<'_>| Ok(Turn { number: row.get(0)?, position: row.get(1)?, rules: row.get(2)? });
            let node = node.to_string();
            // It has no end, so renewing it writes nothing: a server at rest leaves the disk alone.
            let held = connection.prepare_cached(sql::TURN_OF)?.query_row([&node], turn).optional()?;
            if held.is_some() {
                return Ok(held);
            }
            // No other process has the folder, so the turn of another one is over.
            let mut statement = connection.prepare_cached(sql::TAKE_TURN)?;
            Ok(statement.query_row(params![node, i64::MAX, i64::MAX], turn).optional()?)
        };
        self.writer.run(taking).await
    }

    async fn end_turn(&self, turn: u64) -> Result<()> {
        self.writer.run(move |connection| Ok(connection.execute(sql::END_TURN, [turn]).map(|_| ())?)).await
    }

    async fn advance(&self, progress: Progress) -> Result<Advanced> {
        self.check_place()?;
        self.writer.run(move |connection| advance(connection, &progress)).await
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
        let noting = move |connection: &mut Connection| {
            let transaction = connection.transaction()?;
            for id in ids {
                transaction.prepare_cached(sql::ALERT_RECORDED)?.execute([id.to_string()])?;
            }
            Ok(transaction.commit()?)
        };
        self.writer.run(noting).await
    }

    async fn alerts(&self, query: AlertQuery) -> Result<Vec<Alert>> {
        self.found(sql::ALERTS, query.columns()).await
    }

    async fn alert(&self, id: Uuid) -> Result<Option<Alert>> {
        Ok(self.found(sql::ALERT, vec![Column::Text(Some(id.into()))]).await?.pop())
    }

    async fn open_alerts(&self, tenant: Option<String>) -> Result<Vec<(String, u64)>> {
        let counting = move |connection: &Connection| {
            all(connection, sql::OPEN_ALERTS, [Column::Text(tenant)], |row| read_count(row))
        };
        self.readers.run(counting).await
    }

    async fn changed_alerts(&self, after: AlertMark, limit: u32) -> Result<Vec<(AlertMark, Alert)>> {
        let asking = move |connection: &Connection| {
            all(connection, sql::CHANGED_ALERTS, after.columns(limit), |row| AlertMark::read(row))
        };
        self.readers.run(asking).await
    }

    async fn last_alert_change(&self) -> Result<AlertMark> {
        let asking = |connection: &Connection| {
            let change = connection.query_row(sql::LAST_ALERT_CHANGE, [], |row| row.get(0))?;
            Ok(AlertMark { change, id: None })
        };
        self.readers.run(asking).await
    }

    async fn decide(&self, id: Uuid, decision: Decision) -> Result<Option<Alert>> {
        let deciding = move |connection: &mut Connection| {
            let transaction = connection.transaction()?;
            transaction.execute(sql::ALERTS_CHANGE, [])?;
            let values = decision.columns().into_iter().chain([Column::Text(Some(id.into()))]);
            let decided = all(&transaction, sql::DECIDE, values, |row| Alert::read(row))?.pop();
            transaction.commit()?;
            Ok(decided)
        };
        self.writer.run(deciding).await
    }
}

impl SqliteStore {
    async fn found(&self, statement: &'static str, values: Vec<Column>) -> Result<Vec<Alert>> {
        self.readers.run(move |connection| all(connection, statement, values, |row| Alert::read(row))).await
    }
}

fn advance(connection: &mut Connection, progress: &Progress) -> Result<Advanced> {
    let transaction = connection.transaction()?;
    let Progress { turn, rules, position, .. } = progress;
    let values =
        params![clamped(*position), saturated_text(&progress.saturated), clamped(*turn), clamped(*rules)];
    if transaction.execute(sql::ADVANCE, values)? == 0 {
        let current: u64 = transaction.query_row(sql::CURRENT_TURN, [], |row| row.get(0))?;
        return Ok(if current == *turn { Advanced::RulesChanged } else { Advanced::TurnLost });
    }
    for alert in &progress.alerts {
        transaction.prepare_cached(sql::PUT_ALERT)?.execute(params_from_iter(alert.columns()))?;
    }
    for delivery in &progress.deliveries {
        transaction
            .prepare_cached(sql::deliveries::PUT_DELIVERY)?
            .execute(params_from_iter(delivery.columns()))?;
    }
    transaction.commit()?;
    Ok(Advanced::Kept)
}
