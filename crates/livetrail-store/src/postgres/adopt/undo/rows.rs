//! Rows that came since the adoption go back into the application's table.

use super::{
    super::{
        super::{
            append::LOG,
            not_returned::{self, NOT_RETURNED},
        },
        KEPT,
        column::{columns, literal, missing, quoted},
    },
    Undone, setting,
};
use crate::{Result, StoreError};
use tokio_postgres::Transaction;

/// Rows of one batch.
const BATCH: u32 = 1_000;

/// Inserts what came since the adoption into the old table, with none of its triggers: all at once, or, if that fails,
/// in batches. The rows of a batch that fails are inserted one by one. Rows that the log has lost since are counted.
pub(super) async fn give_back(client: &Transaction<'_>, ours: &[String]) -> Result<Undone> {
    refuse_new_columns(client, ours).await?;
    let (into, values) = columns_of_both(client).await?;
    // A trigger that fires for replicas only is quiet here.
    let triggers = format!(
        "SELECT coalesce(string_agg(format('ALTER TABLE {KEPT} DISABLE TRIGGER %I;', tgname), ' '), ''),
           coalesce(string_agg(format('ALTER TABLE {KEPT} ENABLE %s TRIGGER %I;', CASE tgenabled WHEN 'A' THEN 'ALWAYS' END, tgname), ' '), '')
         FROM pg_trigger WHERE tgrelid = '{KEPT}'::regclass AND NOT tgisinternal AND tgenabled IN ('O', 'A')"
    );
    let triggers = client.query_one(&triggers, &[]).await?;
    let (off, on): (String, String) = (triggers.get(0), triggers.get(1));
    let since = Since::find(client).await?;
    let brought_back = since.lost(client).await?;
    client.batch_execute(&off).await?;
    let insert = format!("INSERT INTO {KEPT} ({into}) OVERRIDING SYSTEM VALUE SELECT {values}");
    client.batch_execute("SAVEPOINT returned").await?;
    let undone = match client.execute(&format!("{insert} {}", since.rows("a")), &[]).await {
        Ok(returned) => Undone { returned, ..Undone::default() },
        Err(_) => {
            client.batch_execute("ROLLBACK TO returned").await?;
            in_batches(client, &insert, &since).await?
        }
    };
    client.batch_execute(&on).await?;
    Ok(Undone { brought_back, ..undone })
}

/// Where the rows end that were copied by the adoption. An older version has not noted it.
struct Since(Option<i64>);

impl Since {
    async fn find(client: &Transaction<'_>) -> Result<Self> {
        Ok(Self(setting(client, "adoption_head").await?.parse().ok()))
    }

    /// What came since the adoption, by the given name. The log may have an id twice, and the old table may have lost
    /// rows that the log has.
    fn rows(&self, row: &str) -> String {
        let is_new = format!("NOT EXISTS (SELECT FROM {KEPT} old WHERE old.id = {row}.id)");
        let came_later = self.0.map(|head| format!("{row}.position NOT BETWEEN 1 AND {head} OR"));
        format!("FROM {LOG} {row} WHERE ({} {is_new})", came_later.unwrap_or_default())
    }

    /// How many rows of the old table were deleted from the log since, or belong to a user who was erased there.
    async fn lost(&self, client: &Transaction<'_>) -> Result<u64> {
        let copied = self.0.map(|head| format!("AND a.position BETWEEN 1 AND {head}")).unwrap_or_default();
        let sql = format!(
            "SELECT count(*) FROM {KEPT} old WHERE NOT EXISTS (SELECT FROM {LOG} a
               WHERE a.id = old.id AND a.user_id::text = coalesce(old.user_id::text, '') {copied})"
        );
        let lost: i64 = client.query_one(&sql, &[]).await?.get(0);
        Ok(u64::try_from(lost).unwrap_or_default())
    }
}

/// Each try is a subtransaction. Rows that wait for their position have none that tells them apart, so they are a batch
/// of their own.
async fn in_batches(client: &Transaction<'_>, insert: &str, since: &Since) -> Result<Undone> {
    let (of_a, since, of_batch) =
        (since.rows("a"), since.rows("came"), "position BETWEEN batch.first AND batch.last");
    let schema = "SELECT quote_ident(current_schema())";
    let schema: String = client.query_one(schema, &[]).await?.get(0);
    let sql = format!(
        "{}
         DO $$ #variable_conflict use_column
         DECLARE a {LOG}%ROWTYPE; batch RECORD; BEGIN
           FOR batch IN SELECT min(position) AS first, max(position) AS last FROM (SELECT came.position,
               CASE WHEN came.position > 0 THEN row_number() OVER (ORDER BY came.position) / {BATCH} ELSE -1 END AS number
             {since}) numbered GROUP BY number ORDER BY number LOOP
             BEGIN {insert} {of_a} AND a.{of_batch};
             EXCEPTION WHEN OTHERS THEN
               FOR a IN SELECT came.* {since} AND came.{of_batch} ORDER BY came.position LOOP
                 BEGIN {insert}; EXCEPTION WHEN OTHERS THEN INSERT INTO {NOT_RETURNED} SELECT (a).*; END;
               END LOOP;
             END;
           END LOOP;
         END $$;",
        not_returned::make(&schema, &format!("(LIKE {LOG})"), LOG)
    );
    let before = format!("SELECT count(*) {since}");
    let before: i64 = client.query_one(&before, &[]).await?.get(0);
    client.batch_execute(&sql).await?;
    let refused: i64 = client.query_one(&format!("SELECT count(*) FROM {NOT_RETURNED}"), &[]).await?.get(0);
    let count = |number: i64| u64::try_from(number).unwrap_or_default();
    Ok(Undone { returned: count(before - refused), refused: count(refused), ..Undone::default() })
}

/// Columns that the application has added since the adoption would be lost with their values.
async fn refuse_new_columns(client: &Transaction<'_>, ours: &[String]) -> Result<()> {
    let sql = format!(
        "SELECT string_agg(attname, ', ') FROM pg_attribute new WHERE attrelid = '{LOG}'::regclass AND attnum > 0 AND NOT attisdropped
           AND attname <> ALL($1) AND NOT EXISTS (SELECT FROM pg_attribute old
             WHERE old.attrelid = '{KEPT}'::regclass AND NOT old.attisdropped AND old.attname = new.attname)"
    );
    match client.query_one(&sql, &[&ours]).await?.get::<_, Option<String>>(0) {
        None => Ok(()),
        Some(added) => Err(StoreError::Unusable(format!(
            "the columns {added} were added since the adoption, and the old table lacks them: add them to {KEPT}, or drop them"
        ))),
    }
}

/// The columns that both tables have, and their values of a row `a` of the log in the types of the old table.
async fn columns_of_both(client: &Transaction<'_>) -> Result<(String, String)> {
    let (log, old) = (columns(client, LOG).await?, columns(client, KEPT).await?);
    let zone = setting(client, "adoption_zone").await?;
    let zone = literal(if zone.is_empty() { "UTC" } else { &zone });
    let (mut into, mut values) = (Vec::new(), Vec::new());
    for (name, column) in old.iter().filter(|(name, _)| log.contains_key(*name)) {
        let is_empty_for_null = column.is_nullable() && missing(name) == Some("''");
        let (own_name, name) = (name, quoted(name));
        values.push(match column {
            // A column of the application's own has kept its type.
            _ if column.is_naive() && !log[own_name].is_naive() => format!("a.{name} AT TIME ZONE {zone}"),
            // To cast a text to a shorter type cuts it; to assign it fails.
            _ if column.holds_text() => format!("a.{name}::text"),
            // Null is stored as an empty text, which no other type takes.
            _ if is_empty_for_null => format!("nullif(a.{name}::text, '')::{}", column.ty),
            _ => format!("a.{name}::{}", column.ty),
        });
        into.push(name);
    }
    Ok((into.join(", "), values.join(", ")))
}
