//! Adopts the table that an application has kept its activities in until now.
//!
//! Its rows are copied beside it, batch by batch, in the order of their times, and get their positions on the way. What
//! the application inserts meanwhile is noted by a trigger and copied last. Then, under a lock that is given up
//! whenever the application would have to wait for it, the new table takes the old one's name. The old one stays, under
//! another.
//!
//! Every batch is a transaction that says how far it came, so a migration that is stopped goes on where it was.

mod build;
mod carried;
mod choices;
mod column;
mod comments;
mod complete;
mod copy;
mod defined;
mod dry_run;
mod enums;
mod functions;
mod losses;
mod operators;
mod renamed;
mod rules;
mod search_path;
mod survey;
mod undo;
mod uuids;
mod views;

pub use choices::AdoptionChoices;
pub use undo::Undone;

pub(super) use undo::undo;

use super::{append::LOG, head, later, partitions::Partitions, rows::clamped};
use crate::{Result, StoreError};
use carried::{followers, indexes, privileges, rest, sequences};
use column::{Column, Fate, columns};
pub(super) use column::{literal, quoted};
use copy::Copy;
use losses::Loss;
use std::{collections::HashMap, time::Duration};
use tokio::time::sleep;
use tokio_postgres::{Client, GenericClient, error::SqlState};
use views::Views;

/// The table that becomes the log.
const NEW: &str = "livetrail_adopting";
/// What the old table is called afterwards.
const KEPT: &str = "activity_logs_before_livetrail";
/// Reads the log where columns of the application keep types of their own.
const VIEW: &str = "livetrail_log";
/// Most rows of one transaction.
const BATCH: i64 = 20_000;
/// Most partitions that one transaction makes.
const NEW_PARTITIONS: i64 = 4;
/// So few rows may be left to copy while the application waits.
const FEW: i64 = 500;
const CANNOT_BE_ADOPTED: &str = "the table activity_logs cannot be adopted";
/// How long the application may have to wait behind us for the table.
const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '500ms'";
/// How long it has the table for itself before we ask again.
const PAUSE: Duration = Duration::from_secs(2);

/// A table that can be adopted.
pub(super) struct Adoption {
    columns: HashMap<String, Column>,
    /// Livetrail's columns, as an empty log has them.
    ours: HashMap<String, Column>,
    fates: HashMap<String, Fate>,
    choices: AdoptionChoices,
    /// The zone of timestamps that have none.
    zone: String,
    rows: i64,
    size: String,
    /// What is carried over, and what is different in the new table, for people.
    carried: Vec<String>,
    notices: Vec<String>,
    /// An adoption that was stopped goes on.
    is_begun: bool,
    /// A hash of what the application has defined on its table.
    shape: String,
}

impl Adoption {
    /// Indexes that are carried over.
    async fn indexes(&self, client: &impl GenericClient) -> Result<Vec<(carried::Carried, String)>> {
        let mut found = indexes(client, &self.names()).await?;
        found.retain(|(index, _)| self.choices.keeps(&index.name));
        Ok(found)
    }

    /// The statements that make them, deparsed by the names that columns have in the log.
    async fn index_sql(&self, client: &mut Client) -> Result<Vec<carried::Carried>> {
        let transaction = client.transaction().await?;
        transaction.batch_execute(LOCK_TIMEOUT).await?;
        transaction.batch_execute(&self.choices.rename(LOG)).await?;
        let indexes = self.indexes(&transaction).await?;
        transaction.rollback().await?;
        Ok(indexes.into_iter().map(|(index, _)| index).collect())
    }

    /// The names of Livetrail's columns.
    fn names(&self) -> Vec<&str> {
        self.ours.keys().map(String::as_str).collect()
    }

    /// Adopts the table. `log` is the SQL that makes an empty log; `done` is run in the transaction that completes it.
    ///
    /// # Errors
    /// What the database says. If it is not a failure of the connection, nothing is left behind.
    pub(super) async fn run(
        &self,
        client: &mut Client,
        partitions: &Partitions,
        log: &str,
        done: &str,
    ) -> Result<()> {
        tracing::info!("{}", self.plan());
        let adopted = self.adopt(client, partitions, log, done).await.map_err(explain);
        if let Err(StoreError::Unusable(_) | StoreError::Internal(_)) = &adopted
            && let Err(error) = build::give_up(client).await
        {
            tracing::error!(%error, "what was begun could not be given up: it has to be dropped by hand");
        }
        match &adopted {
            Err(StoreError::Unusable(reason)) if reason.contains(copy::REFUSED) => {
                tracing::info!("{reason}; reading the other rows for more rules that rows break");
                let broken = self.copy_every_row(client, log).await?;
                self.refuse(client, broken).await?;
                adopted
            }
            _ => adopted,
        }
    }

    /// Whether nothing of an adoption is left: what was begun can go on.
    pub(super) async fn is_given_up(client: &Client) -> Result<bool> {
        Ok(client.query_one("SELECT to_regclass('livetrail_adoption') IS NULL", &[]).await?.get(0))
    }

    async fn adopt(&self, client: &mut Client, partitions: &Partitions, log: &str, done: &str) -> Result<()> {
        self.prepare(client, log).await?;
        let copy = Copy::of(client, self).await?;
        let batch = BATCH.min(NEW_PARTITIONS * clamped(partitions.size()));
        for batches in 1_i64.. {
            if copy.next(client, partitions, batch).await? < batch {
                break;
            }
            if batches % 10 == 0 {
                tracing::info!(copied = batches * batch, of = self.rows, "adopting the table {LOG}");
            }
        }
        let (mut attempts, mut indexes) = (Attempts::default(), Vec::new());
        while attempts.asks_again(self.index_sql(client).await.map(|found| indexes = found)).await? {}
        for index in indexes {
            client.batch_execute(&index.sql).await.map_err(|error| copy::refused_by(&index.what, error))?;
        }
        self.swap(client, partitions, &copy, done).await
    }

    /// Makes the new table and the trigger, unless a migration that was stopped has.
    async fn prepare(&self, client: &mut Client, log: &str) -> Result<()> {
        if self.is_begun {
            tracing::info!("going on with an adoption that was stopped");
            return Ok(());
        }
        let mut attempts = Attempts::default();
        while attempts.asks_again(self.try_to_prepare(client, log).await).await? {}
        Ok(())
    }

    async fn try_to_prepare(&self, client: &mut Client, log: &str) -> Result<()> {
        let transaction = client.transaction().await?;
        transaction.batch_execute(LOCK_TIMEOUT).await?;
        transaction.batch_execute(&self.choices.rename(LOG)).await?;
        let lost = self.build(&transaction, log).await?.lost;
        transaction.batch_execute(&self.choices.rename_back(LOG)).await?;
        if let Some(Loss { name, reason, .. }) = lost.iter().find(|loss| self.choices.keeps(&loss.name)) {
            return Err(unusable(&format!("{name}: {reason}")));
        }
        self.note_what_is_inserted(&transaction).await?;
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
        let (mut attempts, mut copied) = (Attempts::default(), 0);
        loop {
            // Nearly all of what is late is copied while no session waits, unless it comes faster than it can be
            // copied.
            let (mut before, mut noted) = (i64::MAX, copy.late(client, partitions, BATCH).await?);
            while noted > FEW && (noted == BATCH || noted < before) {
                (before, noted) = (noted, copy.late(client, partitions, BATCH).await?);
            }
            let swapped = self.try_to_swap(client, partitions, copy, done).await;
            if !attempts.asks_again(swapped.map(|rows| copied = rows)).await? {
                break;
            }
        }
        tracing::info!("adopted the table {LOG}; as it was, it is now {KEPT} and may be dropped");
        count_again(client, copied).await
    }

    async fn try_to_swap(
        &self,
        client: &mut Client,
        partitions: &Partitions,
        copy: &Copy,
        done: &str,
    ) -> Result<i64> {
        let transaction = client.transaction().await?;
        transaction.batch_execute(LOCK_TIMEOUT).await?;
        transaction.batch_execute("LOCK TABLE activity_logs IN ACCESS EXCLUSIVE MODE").await?;
        if shape(&transaction).await? != self.shape {
            return Err(unusable("it was changed during its adoption; begin again"));
        }
        copy.late_in(&transaction, partitions, i64::MAX).await?;
        let copied = clamped(head::read(&transaction, partitions).await?);
        transaction.batch_execute(&self.choices.rename(LOG)).await?;
        let (swap, undo) =
            (self.swap_sql(&transaction).await?, undo::remember(&transaction, self, copied).await?);
        transaction.batch_execute(&format!("{swap} {undo} {done}")).await?;
        transaction.commit().await?;
        Ok(copied)
    }

    /// The statements that make the new table the log.
    async fn swap_sql(&self, client: &impl GenericClient) -> Result<String> {
        let (grants, sequences, rest) = (
            privileges(client, LOG, NEW).await?,
            sequences(client).await?,
            rest(client, &self.choices.without).await?,
        );
        let views = Views::find(client, &self.choices).await?;
        let mut followers = followers(client, LOG).await?;
        followers.retain(|one| self.choices.keeps(&one.name));
        let of = |carried: &[carried::Carried]| {
            let kept = carried.iter().filter(|one| self.choices.keeps(&one.name));
            kept.map(|one| format!("{};", one.sql)).collect::<String>()
        };
        let owned = super::rights::give_partitions_to_owner_of(LOG);
        let (indexes, renamed): (Vec<_>, Vec<_>) = self.indexes(client).await?.into_iter().unzip();
        let (renamed, comments) = (renamed.concat(), comments::comments(client, &indexes, &followers).await?);
        Ok(format!(
            "DROP TRIGGER livetrail_adoption ON activity_logs;
             DROP FUNCTION livetrail_adoption_note;
             DROP TABLE livetrail_adoption, livetrail_adoption_late;
             {}
             ALTER TABLE activity_logs RENAME TO {KEPT};
             ALTER TABLE {NEW} RENAME TO activity_logs;
             {renamed} {grants} {owned} {sequences} {} {} {rest} {comments} {} {}",
            views.drop,
            column::view(&self.ours, &self.fates).unwrap_or_default(),
            of(&followers),
            of(&views.carried),
            self.choices.rename_back(KEPT),
        ))
    }
}

/// Tries again what needs the old table for itself, as long as the application is using it.
#[derive(Default)]
pub(super) struct Attempts {
    said: bool,
}

impl Attempts {
    /// Whether to try again, after a while; it is over when the attempt was successful.
    pub(super) async fn asks_again(&mut self, attempt: Result<()>) -> Result<bool> {
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
    StoreError::Unusable(format!("{CANNOT_BE_ADOPTED}: {reason}"))
}

fn explain(error: StoreError) -> StoreError {
    match error {
        StoreError::Unusable(reason) if !reason.starts_with(CANNOT_BE_ADOPTED) => unusable(&reason),
        other => other,
    }
}

/// Makes the view by which the log is read, if a column needs it. An application may have dropped it to change a type,
/// and an older version made it with fewer fields.
pub(super) async fn make_view(client: &mut Client, log: &str) -> Result<()> {
    let shown = format!(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass('{VIEW}') AND attnum > 0 ORDER BY attnum"
    );
    let shown: Vec<String> = client.query(&shown, &[]).await?.iter().map(|row| row.get(0)).collect();
    let is_shown = |field: &str| shown.iter().any(|name| name == field);
    if later::FIELDS.into_iter().all(is_shown) {
        return Ok(());
    }
    let (ours, columns) = (build::ours(client, log).await?, columns(client, LOG).await?);
    let (fates, later) = (fates(&columns, &ours), later::columns(|name| columns.contains_key(name)));
    if shown.is_empty() && !column::is_kept(&fates) && later == later::FIELDS {
        return Ok(());
    }
    let mut fields: Vec<&str> = ours.keys().map(String::as_str).collect();
    fields.sort_unstable();
    fields.extend(later::FIELDS);
    // A view can be replaced by one with more fields at its end, and whatever reads it stays.
    fields.sort_by_key(|field| shown.iter().position(|name| name == field).unwrap_or(usize::MAX));
    let column =
        |field| later::FIELDS.iter().position(|later| *later == field).map_or(field, |index| later[index]);
    let fields: Vec<_> = fields.into_iter().map(|field| (field, column(field))).collect();
    Ok(client.batch_execute(&column::view_of(&fields, &fates)).await?)
}

/// Compares the number of copied rows with that of the old table. No lock is held meanwhile.
async fn count_again(client: &Client, copied: i64) -> Result<()> {
    let count: i64 = client.query_one(&format!("SELECT count(*) FROM {KEPT}"), &[]).await?.get(0);
    if count != copied {
        tracing::error!(
            count,
            copied,
            "not as many rows were copied as {KEPT} has: keep it, and see what differs"
        );
    }
    Ok(())
}

/// A hash of what the application has defined on its table.
async fn shape(client: &impl GenericClient) -> Result<String> {
    let sql = "SELECT md5(concat(
           (SELECT string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
              pg_get_expr(adbin, adrelid)), ',' ORDER BY attnum) FROM pg_attribute
            LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
            WHERE attrelid = 'activity_logs'::regclass AND attnum > 0 AND NOT attisdropped),
           (SELECT string_agg(conname || pg_get_constraintdef(oid), ',' ORDER BY conname) FROM pg_constraint
            WHERE conrelid = 'activity_logs'::regclass),
           (SELECT string_agg(concat_ws(' ', polname, polcmd, polroles, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)),
              ',' ORDER BY polname) FROM pg_policy WHERE polrelid = 'activity_logs'::regclass),
           (SELECT concat_ws(' ', relrowsecurity, relforcerowsecurity) FROM pg_class WHERE oid = 'activity_logs'::regclass)))";
    Ok(client.query_one(sql, &[]).await?.get(0))
}

fn fates(columns: &HashMap<String, Column>, ours: &HashMap<String, Column>) -> HashMap<String, Fate> {
    columns.iter().map(|(name, column)| (name.clone(), column.fate(name, ours.get(name)))).collect()
}
