//! Rows of the old table become rows of the new one.

use super::{
    super::append::LOG,
    super::{
        connection::{in_words, may_pass},
        external::{is_writable, resource_type},
        head,
        partitions::Partitions,
        rows::clamped,
    },
    Adoption, Column, Fate, NEW,
    column::{missing, quoted},
    columns, literal, unusable,
};
use crate::{Result, StoreError};
use tokio_postgres::{Client, GenericClient};

/// How a row of the old table becomes one of the new.
pub(super) struct Copy {
    /// Columns of the new table, without its position.
    into: String,
    /// What each of them is, of a row `old`.
    values: String,
    /// What both tables have, as text, of a row `old` and of a row `new`.
    old_text: String,
    new_text: String,
}

impl Copy {
    pub(super) async fn of(client: &impl GenericClient, adoption: &Adoption) -> Result<Self> {
        let new = columns(client, NEW).await?;
        let (mut into, mut values) = (Vec::new(), Vec::new());
        let (mut old_text, mut new_text) = (Vec::new(), Vec::new());
        let zoned = |name: &str| {
            let renamed_from = adoption.columns.get(name).and_then(|column| column.renamed_from.as_deref());
            let column = format!("old.{}", quoted(renamed_from.unwrap_or(name)));
            match adoption.fates.get(name) {
                Some(Fate::Zoned) => format!("{column} AT TIME ZONE {}", literal(&adoption.zone)),
                _ => column,
            }
        };
        let is_copied = |name: &&String| {
            adoption.columns.contains_key(*name) && !matches!(adoption.fates.get(*name), Some(Fate::Lost(_)))
        };
        let writable = is_writable("old.timestamp");
        for name in new.keys().filter(is_copied) {
            let Some(Column { ty, .. }) = new.get(name) else { continue };
            let value = format!("({})::{ty}", zoned(name));
            let value = match (name.as_str(), missing(name)) {
                ("timestamp", _) => format!("CASE WHEN {writable} THEN {value} ELSE now() END"),
                ("resource_type", _) => resource_type(&value),
                (_, Some(instead)) => format!("coalesce({value}, {instead})"),
                (_, None) => value,
            };
            let name = quoted(name);
            values.push(value.clone());
            old_text.push(value);
            new_text.push(format!("new.{name}"));
            into.push(name);
        }
        into.push("timestamp_adjusted".into());
        values.push(format!("NOT {writable}"));
        // Compared is what a value is as the new table writes it: an address or JSON that was kept as text has many
        // ways.
        let text = |columns: Vec<String>| {
            let texts: Vec<String> = columns.into_iter().map(|column| format!("({column})::text")).collect();
            format!("hashtextextended(ROW({})::text, 0)::numeric", texts.join(", "))
        };
        Ok(Self {
            into: into.join(", "),
            values: values.join(", "),
            old_text: text(old_text),
            new_text: text(new_text),
        })
    }

    /// The statement that copies the rows of some pages of the old table, from `first` and before `end`, to see whether
    /// they can be stored.
    pub(super) fn pages(&self, first: &str, end: &str) -> String {
        format!("{} WHERE {}", self.row(), of_pages(first, end))
    }

    /// The same for rows of the old table that a condition names.
    pub(super) fn row(&self) -> String {
        let Self { into, values, .. } = self;
        format!(
            "INSERT INTO {NEW} (position, {into}) OVERRIDING SYSTEM VALUE SELECT 1, {values} FROM {LOG} old"
        )
    }

    /// Copies the next rows in the order of their times; how many.
    pub(super) async fn next(&self, client: &mut Client, partitions: &Partitions, most: i64) -> Result<i64> {
        let transaction = client.transaction().await?;
        let place = "SELECT last_timestamp::text, last_id::text FROM livetrail_adoption";
        let place = transaction.query_one(place, &[]).await?;
        let after = match (place.get::<_, Option<&str>>(0), place.get::<_, Option<&str>>(1)) {
            // The first condition is for an index on time, which such tables have.
            (Some(at), Some(id)) => {
                format!("old.timestamp >= '{at}' AND (old.timestamp, old.id) > ('{at}', '{id}')")
            }
            _ => "TRUE".into(),
        };
        // What was inserted since the beginning comes last, or an application that writes faster would never be
        // overtaken.
        let rows = format!(
            "SELECT old.* FROM activity_logs old WHERE {after} \
             AND NOT EXISTS (SELECT FROM livetrail_adoption_late late WHERE late.id = old.id) \
             ORDER BY old.timestamp, old.id LIMIT {most}"
        );
        let copied = self.copy(&transaction, partitions, &rows).await?;
        if copied > 0 {
            let reached = "UPDATE livetrail_adoption SET (last_timestamp, last_id) = (SELECT last.timestamp, last.id \
                           FROM livetrail_adoption_batch last ORDER BY last.timestamp DESC, last.id DESC LIMIT 1)";
            transaction.execute(reached, &[]).await?;
        }
        transaction.commit().await?;
        Ok(copied)
    }

    /// Copies rows that were inserted since the beginning; how many were noted.
    pub(super) async fn late(&self, client: &mut Client, partitions: &Partitions, most: i64) -> Result<i64> {
        let transaction = client.transaction().await?;
        let noted = self.late_in(&transaction, partitions, most).await?;
        transaction.commit().await?;
        Ok(noted)
    }

    pub(super) async fn late_in(
        &self,
        client: &impl GenericClient,
        partitions: &Partitions,
        most: i64,
    ) -> Result<i64> {
        client
            .batch_execute(
                "DROP TABLE IF EXISTS pg_temp.livetrail_adoption_noted;
                 CREATE TEMPORARY TABLE livetrail_adoption_noted (id UUID) ON COMMIT DROP",
            )
            .await?;
        // What is copied stays noted: history, read again after a stop, is what was never noted.
        let take = "WITH taken AS (UPDATE livetrail_adoption_late SET copied = TRUE WHERE id = ANY(ARRAY(SELECT id \
                    FROM livetrail_adoption_late WHERE NOT copied LIMIT $1)) RETURNING id) \
                    INSERT INTO livetrail_adoption_noted SELECT id FROM taken";
        let noted = clamped(client.execute(take, &[&most]).await?);
        if noted > 0 {
            let rows = "SELECT old.* FROM activity_logs old JOIN livetrail_adoption_noted USING (id)";
            self.copy(client, partitions, rows).await?;
        }
        Ok(noted)
    }

    /// Copies rows, gives them the next positions in their order, and compares what came out with what went in.
    async fn copy(&self, client: &impl GenericClient, partitions: &Partitions, rows: &str) -> Result<i64> {
        client
            .batch_execute(&format!(
                "DROP TABLE IF EXISTS pg_temp.livetrail_adoption_batch;
                 CREATE TEMPORARY TABLE livetrail_adoption_batch ON COMMIT DROP AS {rows}"
            ))
            .await?;
        let Self { into, values, old_text, new_text } = self;
        partitions.refresh(client).await?;
        let head = clamped(head::read(client, partitions).await?);
        let counted =
            format!("SELECT count(*), coalesce(sum({old_text}), 0)::text FROM livetrail_adoption_batch old");
        let row = client.query_one(&counted, &[]).await?;
        let (count, went_in): (i64, String) = (row.get(0), row.get(1));
        partitions.cover(client, NEW, u64::try_from(head + count).unwrap_or_default()).await?;
        let insert = format!(
            "INSERT INTO {NEW} (position, {into}) OVERRIDING SYSTEM VALUE SELECT $1 + row_number() OVER (ORDER BY old.timestamp, old.id), {values} \
             FROM livetrail_adoption_batch old"
        );
        client.execute(&insert, &[&head]).await.map_err(refused)?;
        let check = format!(
            "SELECT count(*), coalesce(sum({new_text}), 0)::text FROM {NEW} new WHERE new.position > $1"
        );
        let row = client.query_one(&check, &[&head]).await?;
        if (row.get::<_, i64>(0), row.get::<_, String>(1)) != (count, went_in) {
            return Err(unusable(&format!("rows after position {head} did not come out as they went in")));
        }
        Ok(count)
    }
}

/// The condition for rows of the old table in some pages, from `first` and before `end`.
pub(super) fn of_pages(first: &str, end: &str) -> String {
    format!("old.ctid >= format('(%s,0)', {first})::tid AND old.ctid < format('(%s,0)', {end})::tid")
}

/// What is said of a row that the new table does not take.
pub(super) const REFUSED: &str = "a row cannot be copied";

fn refused(error: tokio_postgres::Error) -> StoreError {
    if error.code().is_none_or(may_pass) {
        error.into()
    } else {
        unusable(&format!("{REFUSED}: {}", in_words(&error)))
    }
}

/// The same for what is made over the copied rows.
pub(super) fn refused_by(what: &str, error: tokio_postgres::Error) -> StoreError {
    if error.code().is_none_or(may_pass) {
        error.into()
    } else {
        let reason = in_words(&error);
        unusable(&format!(
            "{REFUSED}, because {what} cannot be made: {reason}. Do without it, by --without NAME"
        ))
    }
}
