//! Erasure in PostgreSQL. A new version of each row takes the place of the old one; autovacuum removes the old ones.

use super::{
    PostgresStore,
    credentials::bound,
    later, marks,
    removed::Stored,
    retention::{self, AGED},
    rows::clamped,
};
use crate::{
    Aged, Alert, AlertMark, Erasure, Person, Result,
    erasure::{DETAILS, ERASED},
    internal_tables as sql,
};
use async_trait::async_trait;
use livetrail_types::limits;
use std::collections::HashSet;
use tokio_postgres::{Client, GenericClient};
use uuid::Uuid;

/// Other nodes compare it.
const RENEW_EDITION: &str = "INSERT INTO livetrail_settings VALUES ('edition', uuid_send(gen_random_uuid())) \
     ON CONFLICT (name) DO UPDATE SET value = excluded.value";

#[async_trait]
impl Erasure for PostgresStore {
    async fn about(&self, person: Person, after: u64, up_to: u64) -> Result<Vec<Aged>> {
        let sql = format!(
            "{AGED} FROM {} WHERE a.position > $1 AND a.position <= $2 \
             AND (a.user_id = $3 OR a.target_user_id = $3 OR a.delegate_id = $3) \
             AND ($4::text IS NULL OR a.tenant_id = $4) ORDER BY a.position",
            self.reads().log
        );
        let asking = async {
            let client = self.client().await?;
            let Person { user_id, tenant, .. } = &person;
            let rows = client.query(&sql, &[&clamped(after), &clamped(up_to), user_id, tenant]).await?;
            rows.iter().map(retention::aged).collect()
        };
        self.answer(asking).await
    }

    async fn erase(&self, person: Person, positions: Vec<u64>, holds: u64) -> Result<Option<u64>> {
        let positions: Vec<i64> = positions.into_iter().filter(|one| *one > 0).map(clamped).collect();
        let erasing = async {
            let mut pooled = self.client().await?;
            let client: &mut Client = &mut pooled;
            let transaction = client.transaction().await?;
            if Stored::lock(&transaction).await?.holds != holds {
                return Ok(None);
            }
            let update = update(delegate_column(&transaction).await?);
            let Person { user_id, pseudonym, .. } = &person;
            let erased = transaction.execute(&update, &[&positions, user_id, pseudonym]).await?;
            if erased > 0 {
                transaction.execute(RENEW_EDITION, &[]).await?;
                // Erased rows are new versions, which the next start would take for those of a restore.
                marks::set(&transaction, None).await?;
            }
            transaction.commit().await?;
            Ok(Some(erased))
        };
        let erased = self.answer(erasing).await?;
        self.shared.wake.notify_one();
        Ok(erased)
    }

    async fn about_alerts(&self, alerts: Vec<Uuid>, after: u64, up_to: u64) -> Result<Vec<Aged>> {
        let sql = format!(
            "{AGED} FROM {} WHERE a.position > $1 AND a.position <= $2 AND a.resource_type = 'livetrail' \
             AND (a.id = ANY($3) OR a.target_resource_id = ANY($4)) ORDER BY a.position",
            self.reads().log
        );
        let targets: Vec<String> = alerts.iter().map(Uuid::to_string).collect();
        let asking = async {
            let client = self.client().await?;
            let rows = client.query(&sql, &[&clamped(after), &clamped(up_to), &alerts, &targets]).await?;
            rows.iter().map(retention::aged).collect()
        };
        self.answer(asking).await
    }

    async fn erase_from_alerts(&self, alerts: Vec<(AlertMark, Alert)>, holds: u64) -> Result<Option<u64>> {
        let erasing = async {
            let mut pooled = self.client().await?;
            let client: &mut Client = &mut pooled;
            let transaction = client.transaction().await?;
            if Stored::lock(&transaction).await?.holds != holds {
                return Ok(None);
            }
            transaction.execute(sql::ALERT_RULES_CHANGE, &[]).await?;
            transaction.execute(sql::ALERTS_CHANGE, &[]).await?;
            let mut erased = 0;
            for (mark, alert) in &alerts {
                erased += transaction.execute(sql::ERASE_FROM_ALERT, &bound(&mark.erased(alert))).await?;
            }
            transaction.commit().await?;
            Ok(Some(erased))
        };
        self.answer(erasing).await
    }

    async fn erase_profile(&self, person: Person) -> Result<bool> {
        let erasing = async {
            let Person { user_id, tenant, .. } = &person;
            Ok(self.client().await?.execute(sql::ERASE_PROFILE, &[user_id, tenant]).await?)
        };
        let erased = self.answer(erasing).await;
        self.names.forget().await;
        Ok(erased? > 0)
    }

    async fn erase_views(&self, person: Person) -> Result<u64> {
        let erasing = async {
            let mut client = self.client().await?;
            let transaction = client.transaction().await?;
            let Person { user_id, tenant, .. } = &person;
            let removed = transaction.execute(sql::views::ERASE_PERSONAL, &[user_id, tenant]).await?;
            let shared = transaction.execute(sql::views::ERASE_OWNER, &[user_id, tenant]).await?;
            transaction.commit().await?;
            Ok(removed + shared)
        };
        self.answer(erasing).await
    }

    async fn is_admin_of_a_tenant(&self, user_id: String) -> Result<bool> {
        let asking = async { Ok(self.client().await?.query_opt(sql::IS_TENANT_ADMIN, &[&user_id]).await?) };
        Ok(self.answer(asking).await?.is_some())
    }

    async fn purge(&self) -> Result<bool> {
        Ok(true)
    }
}

/// The column of delegates. An adopted table may have another one of that name.
async fn delegate_column(client: &impl GenericClient) -> Result<&'static str> {
    let sql = "SELECT attname::text FROM pg_attribute WHERE attrelid = 'activity_logs'::regclass AND attnum > 0 AND NOT attisdropped";
    let rows = client.query(sql, &[]).await?;
    let names: HashSet<&str> = rows.iter().map(|row| row.get(0)).collect();
    Ok(later::columns(|name| names.contains(name))[0])
}

/// The statement. Columns of an adopted table may be of other types, which take a null or an untyped literal. A row
/// that the application has inserted gets a zero byte as its fingerprint, because the application's own rules for
/// values hold only for rows without one. It stays a row that did not come through the API, so its texts are redacted
/// when it is read.
fn update(delegate: &str) -> String {
    let acts = format!("(user_id = $2 OR {delegate} IS NOT DISTINCT FROM $2)");
    let technical = ["ip_address", "user_agent", "session_id", "request_id", "trace_id"]
        .map(|column| format!("{column} = CASE WHEN {acts} THEN NULL ELSE {column} END"));
    let ids = ["user_id", "target_user_id", "target_resource_id", delegate]
        .map(|column| format!("{column} = CASE WHEN {column} = $2::text THEN $3::text ELSE {column} END"));
    format!(
        "UPDATE activity_logs SET {}, {}, \
         endpoint = left(array_to_string(array_replace(string_to_array(endpoint, '/'), $2::text, $3::text), '/'), {}), \
         error_message = CASE WHEN error_message IS NOT NULL THEN '{ERASED}' END, details = '{DETAILS}', changes = NULL, \
         resource_type = CASE WHEN fingerprint IS NULL AND resource_type = 'livetrail' THEN 'external:livetrail' ELSE resource_type END, \
         fingerprint = coalesce(fingerprint, '\\x00') WHERE position = ANY($1)",
        technical.join(", "),
        ids.join(", "),
        limits::ENDPOINT,
    )
}
