//! Makes the table that becomes the log: for good, or to see whether it can be made.

use super::{
    super::{append::LOG, connection::in_words},
    Adoption, AdoptionChoices, Column, Fate, LOCK_TIMEOUT, NEW,
    carried::{Carried, followers, guards, indexes},
    columns,
    copy::Copy,
    literal,
    losses::Loss,
    unusable,
    views::Views,
};
use crate::Result;
use std::collections::HashMap;
use tokio_postgres::{Client, Transaction};

/// A log without rows, only to be looked at.
const OURS: &str = "livetrail_ours";
/// Where the statement begins that makes the first partition. What is done before is done once, not for each partition.
const FIRST_PARTITION: &str = "CREATE TABLE activity_logs_incoming";

/// What came of carrying things over.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) lost: Vec<Loss>,
    /// In words.
    pub(super) carried: Vec<String>,
}

impl Outcome {
    /// Carries each over. What the operator does without is lost, and so is what the database refuses.
    async fn carry(
        &mut self,
        client: &Transaction<'_>,
        each: &[Carried],
        choices: &AdoptionChoices,
    ) -> Result<()> {
        for Carried { name, what, sql } in each {
            if !choices.keeps(name) {
                self.lost.push(Loss::new(name, format!("{what} is not wanted")));
                continue;
            }
            client.batch_execute("SAVEPOINT carried").await?;
            match client.batch_execute(sql).await {
                Ok(()) => self.carried.push(what.clone()),
                Err(refusal) => {
                    client.batch_execute("ROLLBACK TO carried").await?;
                    let reason = format!("{what} cannot be made on the new table: {}", in_words(&refusal));
                    self.lost.push(Loss::new(name, reason));
                }
            }
        }
        Ok(())
    }
}

impl Adoption {
    /// Makes the new table with all that it has from its beginning.
    pub(super) async fn build(&self, client: &Transaction<'_>, log: &str) -> Result<Outcome> {
        let log = log
            .replace("CREATE TABLE activity_logs (", &format!("CREATE TABLE {NEW} ("))
            .replace("PARTITION OF activity_logs ", &format!("PARTITION OF {NEW} "));
        let (table, partition) = log.split_at(log.find(FIRST_PARTITION).unwrap_or(log.len()));
        client.batch_execute(table).await?;
        for (name, column) in &self.columns {
            let fate = self.fates.get(name).unwrap_or(&Fate::Own);
            client.batch_execute(&column.definition(name, self.ours.get(name), fate, &self.zone)).await?;
        }
        let mut outcome = Outcome::default();
        outcome.carry(client, &guards(client, &self.names()).await?, &self.choices).await?;
        client.batch_execute(partition).await?;
        Ok(outcome)
    }

    /// Has the application's next rows noted, and how far the copy has come.
    pub(super) async fn note_what_is_inserted(&self, client: &Transaction<'_>) -> Result<()> {
        let without: Vec<String> = self.choices.without.iter().map(|name| literal(name)).collect();
        let sql = format!(
            "CREATE TABLE livetrail_adoption (last_timestamp TIMESTAMPTZ, last_id UUID, without TEXT[], timezone TEXT);
             -- A publication of all tables refuses changes in a table in which no key tells the rows apart.
             ALTER TABLE livetrail_adoption REPLICA IDENTITY FULL;
             INSERT INTO livetrail_adoption VALUES (NULL, NULL, ARRAY[{}]::TEXT[], {});
             CREATE TABLE livetrail_adoption_late (id UUID PRIMARY KEY, copied BOOLEAN NOT NULL DEFAULT FALSE);
             CREATE FUNCTION livetrail_adoption_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
             SET search_path FROM CURRENT AS
             'BEGIN INSERT INTO livetrail_adoption_late VALUES (NEW.id) ON CONFLICT DO NOTHING; RETURN NULL; END';
             CREATE TRIGGER livetrail_adoption AFTER INSERT ON activity_logs
             FOR EACH ROW EXECUTE FUNCTION livetrail_adoption_note();",
            without.join(", "),
            literal(&self.zone)
        );
        Ok(client.batch_execute(&sql).await?)
    }

    /// Does all that can be done beside the application's table, and undoes it: what is lost, and what is carried over.
    pub(super) async fn try_out(
        &self,
        client: &mut Client,
        log: &str,
        views: &Views,
        reads_rows: bool,
    ) -> Result<Outcome> {
        let transaction = client.transaction().await?;
        transaction.batch_execute(LOCK_TIMEOUT).await?;
        let mut outcome = self.build(&transaction, log).await?;
        if reads_rows {
            self.read_every_row(&transaction).await?;
        }
        for (index, _) in indexes(&transaction, &self.names()).await? {
            outcome.carry(&transaction, &[index], &self.choices).await?;
        }
        outcome.carry(&transaction, &followers(&transaction, NEW).await?, &self.choices).await?;
        if !views.trials.is_empty() {
            // It stands before the real one wherever a name without a schema is looked up.
            transaction.batch_execute(&format!("CREATE TEMPORARY TABLE {LOG} (LIKE {NEW})")).await?;
            outcome.carry(&transaction, &views.trials, &self.choices).await?;
        }
        transaction.rollback().await?;
        Ok(outcome)
    }

    /// Reads what will be copied, as it will be.
    async fn read_every_row(&self, client: &Transaction<'_>) -> Result<()> {
        let reading = Copy::of(client, self).await?.read_all();
        client.batch_execute("SET LOCAL statement_timeout = 0").await?;
        match client.query_one(&reading, &[]).await {
            Ok(_) => Ok(()),
            Err(error) if error.as_db_error().is_some() => {
                Err(unusable(&format!("a row cannot be read: {}", in_words(&error))))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Livetrail's columns, as an empty log has them.
pub(super) async fn ours(client: &mut Client, log: &str) -> Result<HashMap<String, Column>> {
    let table = log.split(FIRST_PARTITION).next().unwrap_or_default();
    let transaction = client.transaction().await?;
    let sql = table.replace("CREATE TABLE activity_logs (", &format!("CREATE TEMPORARY TABLE {OURS} ("));
    transaction.batch_execute(&sql).await?;
    let ours = columns(&transaction, OURS).await?;
    transaction.rollback().await?;
    Ok(ours)
}

/// What was decided for an adoption that was stopped, if one was.
pub(super) async fn begun(client: &Client) -> Result<Option<AdoptionChoices>> {
    if !client.query_one("SELECT to_regclass('livetrail_adoption') IS NOT NULL", &[]).await?.get::<_, bool>(0)
    {
        return Ok(None);
    }
    let sql = "SELECT without, timezone FROM livetrail_adoption";
    let row = client.query_one(sql, &[]).await?;
    Ok(Some(AdoptionChoices { without: row.get(0), timezone: row.get(1) }))
}

/// Leaves the application's table as it was.
pub(super) async fn give_up(client: &Client) -> Result<()> {
    let sql = format!(
        "DROP TRIGGER IF EXISTS livetrail_adoption ON {LOG};
         DROP FUNCTION IF EXISTS livetrail_adoption_note;
         DROP TABLE IF EXISTS {NEW}, livetrail_adoption, livetrail_adoption_late;
         DELETE FROM livetrail_partitions"
    );
    Ok(client.batch_execute(&sql).await?)
}
