//! Adopts the table that an application has kept its activities in until now.
//!
//! Its rows are copied beside it, batch by batch, in the order of their times, and get their positions on the way. What
//! the application inserts meanwhile is noted by a trigger and copied last. Then, under a lock that is given up whenever
//! the application would have to wait for it, the new table takes the old one's name. The old one stays, under another.
//!
//! Every batch is a transaction that says how far it came, so a migration that is stopped goes on where it was.

mod copy;
mod table;

use super::{append::LOG, connection::in_words, partitions::Partitions, rows::clamped};
use crate::{Result, StoreError};
use copy::Copy;
use std::{collections::HashMap, time::Duration};
use table::{Column, columns, guards, privileges, refuse_what_would_be_left_behind, sequences};
use tokio::time::sleep;
use tokio_postgres::{Client, error::SqlState};

/// The table that becomes the log.
const NEW: &str = "livetrail_adopting";
/// What the old table is called afterwards.
const KEPT: &str = "activity_logs_before_livetrail";
/// Most rows of one transaction.
const BATCH: i64 = 20_000;
/// Most partitions that one transaction makes.
const NEW_PARTITIONS: i64 = 4;
/// So few rows may be left to copy while the application waits.
const FEW: i64 = 500;
/// How long the application may have to wait behind us for the table.
const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '500ms'";
/// How long it has the table for itself before we ask again.
const PAUSE: Duration = Duration::from_secs(2);

/// What the table has to have, and of which type.
const NEEDED: [(&str, &str); 5] =
    [("id", "uuid"), ("timestamp", ""), ("user_id", ""), ("action_type", ""), ("success", "boolean")];

/// A table that can be adopted.
pub(super) struct Adoption {
    columns: HashMap<String, Column>,
    about_rows: i64,
    size: String,
}

impl Adoption {
    /// Looks whether there is a table to adopt.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when there is something of its name that cannot be adopted, with the reason.
    pub(super) async fn find(client: &Client) -> Result<Option<Self>> {
        let sql = "SELECT relkind::text, greatest(reltuples, 0)::bigint, pg_size_pretty(pg_total_relation_size(oid)) \
                   FROM pg_class WHERE oid = to_regclass('activity_logs')";
        let Some(row) = client.query_opt(sql, &[]).await? else { return Ok(None) };
        if row.get::<_, &str>(0) != "r" {
            return Err(unusable("it is no ordinary table"));
        }
        let columns = columns(client, LOG).await?;
        for (name, ty) in NEEDED {
            match columns.get(name) {
                None => return Err(unusable(&format!("it has no column {name}"))),
                Some(column) if !ty.is_empty() && column.ty != ty => {
                    return Err(unusable(&format!("its column {name} is {} and not {ty}", column.ty)));
                }
                Some(_) => {}
            }
        }
        let untimed = "SELECT EXISTS (SELECT FROM activity_logs WHERE timestamp IS NULL)";
        if client.query_one(untimed, &[]).await?.get(0) {
            return Err(unusable("it has rows without a timestamp, which have no place in the order"));
        }
        refuse_what_would_be_left_behind(client).await?;
        Ok(Some(Self { columns, about_rows: row.get(1), size: row.get(2) }))
    }

    /// What would be done, in a sentence.
    pub(super) fn plan(&self) -> String {
        let turned: Vec<&str> = ["user_id", "target_user_id"]
            .into_iter()
            .filter(|name| self.columns.get(*name).is_some_and(|column| column.ty == "uuid"))
            .collect();
        let turned = if turned.is_empty() {
            String::new()
        } else {
            format!(" {} turn from uuid to text.", turned.join(" and "))
        };
        format!(
            "adopt the table {LOG}: about {} rows ({}), copied beside it in the order of their timestamps.{turned} The \
             application goes on meanwhile; the old table stays as {KEPT}",
            self.about_rows, self.size
        )
    }

    /// Adopts the table. `log` is the SQL that makes an empty log; `done` is run in the transaction that completes it.
    pub(super) async fn run(
        &self,
        client: &mut Client,
        partitions: &Partitions,
        log: &str,
        done: &str,
    ) -> Result<()> {
        tracing::info!(rows = self.about_rows, size = self.size, "adopting the table {LOG}");
        self.prepare(client, log).await.map_err(explain)?;
        let copy = Copy::of(client, &self.columns).await?;
        let batch = BATCH.min(NEW_PARTITIONS * clamped(partitions.size()));
        for batches in 1_i64.. {
            if copy.next(client, partitions, batch).await? < batch {
                break;
            }
            if batches % 10 == 0 {
                tracing::info!(copied = batches * batch, "adopting the table {LOG}");
            }
        }
        self.swap(client, partitions, &copy, done).await
    }

    /// Makes the new table and the trigger, unless a migration that was stopped has.
    async fn prepare(&self, client: &mut Client, log: &str) -> Result<()> {
        let exists = format!("SELECT to_regclass('{NEW}') IS NOT NULL");
        if client.query_one(&exists, &[]).await?.get(0) {
            tracing::info!("going on with an adoption that was stopped");
            return Ok(());
        }
        let mut sql = log
            .replace("CREATE TABLE activity_logs (", &format!("CREATE TABLE {NEW} ("))
            .replace("PARTITION OF activity_logs ", &format!("PARTITION OF {NEW} "));
        sql.push_str(
            "CREATE TABLE livetrail_adoption (last_timestamp TIMESTAMPTZ, last_id UUID);
             -- A publication of all tables refuses changes in a table in which no key tells the rows apart.
             ALTER TABLE livetrail_adoption REPLICA IDENTITY FULL;
             INSERT INTO livetrail_adoption VALUES (NULL, NULL);
             CREATE TABLE livetrail_adoption_late (id UUID PRIMARY KEY, copied BOOLEAN NOT NULL DEFAULT FALSE);
             CREATE FUNCTION livetrail_adoption_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
             SET search_path FROM CURRENT AS
             'BEGIN INSERT INTO livetrail_adoption_late VALUES (NEW.id) ON CONFLICT DO NOTHING; RETURN NULL; END';
             CREATE TRIGGER livetrail_adoption AFTER INSERT ON activity_logs
             FOR EACH ROW EXECUTE FUNCTION livetrail_adoption_note();",
        );
        let mut patience = Patience::default();
        while patience.asks_again(self.try_to_prepare(client, &sql).await).await? {}
        Ok(())
    }

    async fn try_to_prepare(&self, client: &mut Client, sql: &str) -> Result<()> {
        let transaction = client.transaction().await?;
        transaction.batch_execute(LOCK_TIMEOUT).await?;
        transaction.batch_execute(sql).await?;
        let ours = columns(&transaction, NEW).await?;
        for (name, column) in &self.columns {
            transaction.batch_execute(&column.definition(name, ours.get(name))).await?;
        }
        for (what, sql) in guards(&transaction).await? {
            transaction.batch_execute(&sql).await.map_err(|error| {
                let reason = in_words(&error);
                StoreError::Unusable(format!(
                    "{what} cannot stand on the new table ({reason}); drop it first"
                ))
            })?;
        }
        Ok(transaction.commit().await?)
    }

    /// Gives the new table its name once the last rows are copied.
    async fn swap(
        &self,
        client: &mut Client,
        partitions: &Partitions,
        copy: &Copy,
        done: &str,
    ) -> Result<()> {
        let mut patience = Patience::default();
        loop {
            // Nearly all of what is late is copied while nobody waits, unless it comes faster than it can be copied.
            let (mut before, mut noted) = (i64::MAX, copy.late(client, partitions, BATCH).await?);
            while noted > FEW && (noted == BATCH || noted < before) {
                (before, noted) = (noted, copy.late(client, partitions, BATCH).await?);
            }
            if !patience.asks_again(try_to_swap(client, partitions, copy, done).await).await? {
                break;
            }
        }
        tracing::info!("adopted the table {LOG}; as it was, it is now {KEPT} and may be dropped");
        Ok(())
    }
}

async fn try_to_swap(client: &mut Client, partitions: &Partitions, copy: &Copy, done: &str) -> Result<()> {
    let (grants, sequences) = (privileges(client).await?, sequences(client).await?);
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK_TIMEOUT).await?;
    transaction.batch_execute("LOCK TABLE activity_logs IN ACCESS EXCLUSIVE MODE").await?;
    copy.late_in(&transaction, partitions, i64::MAX).await?;
    let swap = format!(
        "DROP TRIGGER livetrail_adoption ON activity_logs;
         DROP FUNCTION livetrail_adoption_note;
         DROP TABLE livetrail_adoption, livetrail_adoption_late;
         ALTER TABLE activity_logs RENAME TO {KEPT};
         ALTER TABLE {NEW} RENAME TO activity_logs;
         {grants}
         {sequences}
         {done}"
    );
    transaction.batch_execute(&swap).await?;
    Ok(transaction.commit().await?)
}

/// Tries again what needs the old table for itself, as long as the application is using it.
#[derive(Default)]
struct Patience {
    said: bool,
}

impl Patience {
    /// Whether to try again, after a while; it is over when the attempt was successful.
    async fn asks_again(&mut self, attempt: Result<()>) -> Result<bool> {
        match attempt {
            Ok(()) => Ok(false),
            Err(StoreError::Unavailable(reason)) if reason.contains(SqlState::LOCK_NOT_AVAILABLE.code()) => {
                if !std::mem::replace(&mut self.said, true) {
                    tracing::info!("a transaction of the application is using {LOG}; going on when it ends");
                }
                sleep(PAUSE).await;
                Ok(true)
            }
            Err(error) => Err(error),
        }
    }
}

fn unusable(reason: &str) -> StoreError {
    StoreError::Unusable(format!("the table {LOG} cannot be adopted: {reason}"))
}

fn explain(error: StoreError) -> StoreError {
    match error {
        StoreError::Unusable(reason) => unusable(&reason),
        other => other,
    }
}
