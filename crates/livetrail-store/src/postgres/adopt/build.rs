//! Makes the table that becomes the log: for good, or to see whether it can be made.

use super::{
    super::{
        append::LOG,
        connection::{in_words, may_pass},
        rights,
    },
    Adoption, AdoptionChoices, Column, Fate, LOCK_TIMEOUT, NEW,
    carried::{Carried, followers, guards, indexes},
    column, columns,
    complete::complete,
    enums,
    functions::{Function, failing},
    literal,
    losses::{Loss, losses},
    operators, search_path, unusable, uuids,
    views::Views,
};
use crate::{Result, StoreError};
use std::collections::HashMap;
use tokio_postgres::{Client, Transaction, error::SqlState};

/// A log without rows, only to be looked at.
const OURS: &str = "livetrail_ours";
/// Where the statement begins that makes the first partition. What is done before is done once, not for each partition.
const FIRST_PARTITION: &str = "CREATE TABLE activity_logs_incoming";

/// The user of Livetrail's own records, where an operator acts.
const OPERATOR: &str = "livetrail-operator";

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
                // The application is using what is referred to; it is tried again.
                Err(busy) if busy.code().is_some_and(may_pass) => return Err(busy.into()),
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
        client.batch_execute(&column::in_their_order(table, &self.columns)).await?;
        client.batch_execute(&rights::keep_to_owner_of(NEW)).await?;
        self.adapt_columns(client).await?;
        let mut outcome = Outcome::default();
        outcome.carry(client, &guards(client, &self.names()).await?, &self.choices).await?;
        client.batch_execute(partition).await?;
        client.batch_execute(&complete(&self.columns, &self.ours)).await?;
        Ok(outcome)
    }

    /// Gives the columns of an empty table what they lack of the old one's, with what compares them.
    async fn adapt_columns(&self, client: &Transaction<'_>) -> Result<()> {
        client.batch_execute(&enums::operators(&self.columns, &self.ours)).await?;
        client.batch_execute(&uuids::operators(&self.columns, &self.ours)).await?;
        for (name, column) in column::in_order(&self.columns) {
            let fate = self.fates.get(name).unwrap_or(&Fate::Own);
            client.batch_execute(&column.changes(name, self.ours.get(name), fate, &self.zone)).await?;
        }
        Ok(())
    }

    /// Has the application's next rows noted, and how far the copy has come.
    pub(super) async fn note_what_is_inserted(&self, client: &Transaction<'_>) -> Result<()> {
        let schema = "SELECT quote_ident(current_schema())";
        let schema: String = client.query_one(schema, &[]).await?.get::<_, String>(0).replace('\'', "''");
        let literals = |names: &mut dyn Iterator<Item = &String>| {
            names.map(|name| literal(name)).collect::<Vec<_>>().join(", ")
        };
        let AdoptionChoices { without, columns, .. } = &self.choices;
        let without = literals(&mut without.iter());
        let columns = literals(&mut columns.iter().flat_map(|(new, old)| [new, old]));
        let sql = format!(
            "CREATE TABLE livetrail_adoption (last_timestamp TIMESTAMPTZ, last_id UUID, without TEXT[], timezone TEXT, shape TEXT, columns TEXT[]);
             -- A publication of all tables refuses changes in a table in which no key tells the rows apart.
             ALTER TABLE livetrail_adoption REPLICA IDENTITY FULL;
             INSERT INTO livetrail_adoption VALUES (NULL, NULL, ARRAY[{without}]::TEXT[], {}, {}, ARRAY[{columns}]::TEXT[]);
             CREATE TABLE livetrail_adoption_late (id UUID PRIMARY KEY, copied BOOLEAN NOT NULL DEFAULT FALSE);
             CREATE FUNCTION livetrail_adoption_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
             SET search_path = pg_catalog, pg_temp AS
             'BEGIN INSERT INTO {schema}.livetrail_adoption_late VALUES (NEW.id) ON CONFLICT DO NOTHING; RETURN NULL; END';
             REVOKE EXECUTE ON FUNCTION livetrail_adoption_note FROM PUBLIC;
             CREATE TRIGGER livetrail_adoption AFTER INSERT ON activity_logs
             FOR EACH ROW EXECUTE FUNCTION livetrail_adoption_note();
             -- Rows that a replication or a restore inserts are noted, too.
             ALTER TABLE activity_logs ENABLE ALWAYS TRIGGER livetrail_adoption; {} {}",
            literal(&self.zone),
            literal(&self.shape),
            rights::keep_to_owner_of("livetrail_adoption"),
            rights::keep_to_owner_of("livetrail_adoption_late"),
        );
        Ok(client.batch_execute(&sql).await?)
    }

    /// Does all that can be done beside the application's table, and undoes it: what is lost, and what is carried over.
    pub(super) async fn try_out(&self, client: &mut Client, log: &str, reads_rows: bool) -> Result<Outcome> {
        let transaction = client.transaction().await?;
        transaction.batch_execute(LOCK_TIMEOUT).await?;
        let functions = Function::working(&transaction).await?;
        transaction.batch_execute(&self.choices.rename(LOG)).await?;
        let views = Views::find(&transaction, &self.choices).await?;
        let mut lost = losses(&transaction, &self.names()).await?;
        lost.extend(views.losses());
        lost.extend(self.choices.triggers_by_old_names(&transaction).await?);
        lost.extend(self.functions_by_old_names(&transaction).await?);
        lost.extend(self.functions_by_old_types(&transaction).await?);
        lost.extend(enums::losses(&transaction, &self.columns, &self.ours).await?);
        lost.extend(search_path::losses(&transaction, &self.columns, &self.ours).await?);
        let mut outcome = self.build(&transaction, log).await?;
        outcome.lost.extend(lost);
        self.store_as_the_api_does(&transaction).await?;
        for (index, _) in indexes(&transaction, &self.names()).await? {
            self.carry_index(&transaction, &mut outcome, index).await?;
        }
        outcome.carry(&transaction, &followers(&transaction, NEW).await?, &self.choices).await?;
        // It stands before the real one wherever a name without a schema is looked up.
        transaction.batch_execute(&format!("CREATE TEMPORARY TABLE {LOG} (LIKE {NEW})")).await?;
        outcome.carry(&transaction, &views.trials, &self.choices).await?;
        let failing = failing(&transaction, &functions, &outcome.lost).await?;
        outcome.lost.extend(failing);
        transaction.rollback().await?;
        if reads_rows {
            outcome.lost.extend(self.copy_every_row(client, log).await?);
        }
        Ok(outcome)
    }

    /// Does all that the adoption does, but for copying rows, and undoes it: while it lasts, a few milliseconds, the
    /// application waits. If the application is using its table just now, nothing is tried.
    pub(super) async fn try_to_swap_nothing(&self, client: &mut Client, log: &str) -> Result<()> {
        match self.swap_nothing(client, log).await {
            Err(StoreError::Unavailable(reason)) if reason.contains(SqlState::LOCK_NOT_AVAILABLE.code()) => {
                Ok(())
            }
            Err(StoreError::Internal(reason)) => {
                Err(unusable(&format!("the new table cannot take its place: {reason}")))
            }
            tried => tried,
        }
    }

    async fn swap_nothing(&self, client: &mut Client, log: &str) -> Result<()> {
        let transaction = client.transaction().await?;
        transaction.batch_execute(LOCK_TIMEOUT).await?;
        transaction.batch_execute("LOCK TABLE activity_logs IN ACCESS EXCLUSIVE MODE").await?;
        transaction.batch_execute(&self.choices.rename(LOG)).await?;
        self.build(&transaction, log).await?;
        self.note_what_is_inserted(&transaction).await?;
        for (index, _) in self.indexes(&transaction).await? {
            transaction.batch_execute(&index.sql).await?;
        }
        let swap = self.swap_sql(&transaction).await?;
        transaction.batch_execute(&swap).await?;
        Ok(transaction.rollback().await?)
    }

    /// Makes an index, unless it would refuse Livetrail's own records, such as that of a new API key.
    async fn carry_index(
        &self,
        client: &Transaction<'_>,
        outcome: &mut Outcome,
        index: Carried,
    ) -> Result<()> {
        client.batch_execute("SAVEPOINT index").await?;
        let name = index.name.clone();
        outcome.carry(client, &[index], &self.choices).await?;
        match client.batch_execute(&self.row_of_the_api(OPERATOR)).await {
            Ok(()) => Ok(()),
            Err(busy) if busy.code().is_none_or(may_pass) => Err(busy.into()),
            Err(refusal) => {
                client.batch_execute("ROLLBACK TO index").await?;
                outcome.carried.pop();
                let reason = format!(
                    "the index would refuse activities of the API and Livetrail's own records, such as those of the user {OPERATOR}: {}",
                    in_words(&refusal)
                );
                outcome.lost.push(Loss::new(name, reason));
                Ok(())
            }
        }
    }

    /// Stores rows with what every activity has and nothing else: the application's columns get their defaults.
    async fn store_as_the_api_does(&self, client: &Transaction<'_>) -> Result<()> {
        let rows = self.row_of_the_api("") + ";" + &self.row_of_the_api(OPERATOR);
        match client.batch_execute(&rows).await {
            Err(refusal) if refusal.as_db_error().is_some() && !refusal.code().is_some_and(may_pass) => {
                Err(unusable(&format!(
                    "what the API stores would be refused, because it knows nothing of the application's columns: {}",
                    in_words(&refusal)
                )))
            }
            stored => Ok(stored?),
        }
    }

    /// The statements that store such a row, and take it back.
    fn row_of_the_api(&self, user: &str) -> String {
        // A number that a sequence gives is not given back.
        let numbered = column::numbered(&self.columns);
        let (names, zeros): (String, String) =
            numbered.iter().map(|name| (format!(", {name}"), ", 0".to_owned())).unzip();
        format!(
            "SAVEPOINT stored; INSERT INTO {NEW} (fingerprint, user_id, action_type, success {names}) VALUES ('', '{user}', '', TRUE {zeros});
             ROLLBACK TO stored"
        )
    }

    pub(super) async fn make_temporary(&self, client: &Transaction<'_>, log: &str) -> Result<()> {
        let table = log.split(FIRST_PARTITION).next().unwrap_or_default();
        let sql = table.replace("CREATE TABLE activity_logs (", &format!("CREATE TEMPORARY TABLE {NEW} ("));
        client.batch_execute(&column::in_their_order(&sql, &self.columns)).await?;
        self.adapt_columns(client).await
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
/// What was begun is given up if the application has given its table another `shape` since.
pub(super) async fn begun(client: &Client, shape: &str) -> Result<Option<AdoptionChoices>> {
    if !client.query_one("SELECT to_regclass('livetrail_adoption') IS NOT NULL", &[]).await?.get::<_, bool>(0)
    {
        return Ok(None);
    }
    // An older version has noted no columns.
    let sql = "SELECT without, timezone, shape, ARRAY(SELECT jsonb_array_elements_text(to_jsonb(begun) -> 'columns'))
               FROM livetrail_adoption begun";
    let row = client.query_one(sql, &[]).await?;
    if row.get::<_, String>(2) != shape {
        tracing::warn!(
            "the table {LOG} was changed while its adoption was stopped; the adoption begins anew"
        );
        give_up(client).await?;
        return Ok(None);
    }
    let columns: Vec<String> = row.get(3);
    let pairs = columns.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone()));
    Ok(Some(AdoptionChoices {
        without: row.get(0),
        timezone: row.get(1),
        columns: pairs.collect(),
        beside: None,
    }))
}

/// Leaves the application's table as it was.
pub(super) async fn give_up(client: &Client) -> Result<()> {
    let sql = format!(
        "DROP TRIGGER IF EXISTS livetrail_adoption ON {LOG};
         DROP FUNCTION IF EXISTS livetrail_adoption_note;
         DROP FUNCTION IF EXISTS livetrail_complete CASCADE;
         DROP TABLE IF EXISTS {NEW}, livetrail_adoption, livetrail_adoption_late;
         DELETE FROM livetrail_partitions; {}",
        operators::DROP
    );
    Ok(client.batch_execute(&sql).await?)
}
