//! Gives an application its table back as it was before its adoption, with what came since.

use super::{
    super::{
        append::LOG,
        beside,
        connection::Connector,
        internal, later,
        not_returned::{self, NOT_RETURNED},
    },
    Adoption, AdoptionChoices, Attempts, KEPT, LOCK_TIMEOUT, VIEW, build,
    carried::{publications, sequences, statistics},
    column::{columns, literal, missing, quoted},
    defined, enums, renamed,
    views::Views,
};
use crate::{Result, StoreError};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use tokio_postgres::{Client, GenericClient, Transaction, error::SqlState};

/// How long to wait for sessions that are ending.
const ENDING: Duration = Duration::from_secs(2);

/// Rows of one batch that goes back.
const BATCH: u32 = 1_000;

/// What became of the rows that came after the adoption.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// Rows that are in the application's table now.
    pub returned: u64,
    /// Rows that its constraints or types refuse, or that came by the API into a log beside the table. They are in the
    /// table `activity_logs_not_returned`.
    pub refused: u64,
    /// The log was beside the table.
    pub was_beside: bool,
    /// Sentences that name functions of the application that use a column by the name that it had in the log.
    pub functions: Vec<String>,
}

/// What an undo needs to know of the adoption.
pub(super) async fn remember(client: &impl GenericClient, adoption: &Adoption) -> Result<String> {
    let sql = format!(
        "SELECT coalesce(string_agg(format('ALTER TABLE %s ADD CONSTRAINT %I %s NOT VALID;', conrelid::regclass,
           conname, regexp_replace(pg_get_constraintdef(oid), ' NOT VALID$', '')), ' '), '')
         FROM pg_constraint
         WHERE confrelid = '{LOG}'::regclass AND conrelid <> '{LOG}'::regclass AND contype = 'f' AND conparentid = 0"
    );
    let dropped: String = client.query_one(&sql, &[]).await?.get(0);
    let setting = |name: &str, value: &str| {
        format!("INSERT INTO livetrail_settings VALUES ('{name}', convert_to({}, 'UTF8'));", literal(value))
    };
    let Adoption { zone, choices, .. } = adoption;
    Ok([
        setting("adoption_zone", zone),
        setting("adoption_dropped", &dropped),
        setting("adoption_rename", &choices.rename(KEPT)),
        setting("adoption_rename_back", &choices.rename_back(LOG)),
        defined::remember(client).await?,
    ]
    .concat())
}

/// Undoes an adoption. Everything of Livetrail's own in the database is dropped. `log` is the SQL that makes an empty
/// log.
///
/// # Errors
/// [`StoreError::Unusable`] when there is nothing to undo, or a server is running.
pub(in super::super) async fn undo(connector: &Connector, log: &str) -> Result<Undone> {
    let mut client = connector.first().await?;
    client.batch_execute("SET statement_timeout = 0").await?;
    let deadline = Instant::now() + ENDING;
    while let Err(refusal) = refuse_while_in_use(&client).await {
        if Instant::now() > deadline {
            return Err(refusal);
        }
        sleep(Duration::from_millis(50)).await;
    }
    let (mut attempts, mut undone) = (Attempts::default(), Undone::default());
    if beside::is_here(&client).await? {
        let mut attempt = beside::undo(&mut client).await.map(|kept| undone.refused = kept);
        while attempts.asks_again(attempt).await? {
            attempt = beside::undo(&mut client).await.map(|kept| undone.refused = kept);
        }
        return Ok(Undone { was_beside: true, ..undone });
    }
    let mut ours: Vec<String> = build::ours(&mut client, log).await?.into_keys().collect();
    ours.extend(later::names().map(str::to_owned));
    let mut attempt = try_to_undo(&mut client, &ours).await.map(|done| undone = done);
    while attempts.asks_again(attempt).await? {
        attempt = try_to_undo(&mut client, &ours).await.map(|done| undone = done);
    }
    Ok(undone)
}

async fn refuse_while_in_use(client: &Client) -> Result<()> {
    let sql = format!(
        "SELECT (to_regclass('{KEPT}') IS NOT NULL OR to_regclass('livetrail_beside') IS NOT NULL)
             AND to_regclass('livetrail_migrations') IS NOT NULL,
           (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'livetrail' AND datname = current_database()
             AND pid <> pg_backend_pid())"
    );
    let row = client.query_one(&sql, &[]).await?;
    let (can_be_undone, others): (bool, i64) = (row.get(0), row.get(1));
    let refuse = |reason: String| Err(StoreError::Unusable(reason));
    match (can_be_undone, others) {
        (false, _) => refuse(format!("there is no adoption to undo: the database has no table {KEPT}")),
        (true, 0) => Ok(()),
        (true, others) => refuse(format!(
            "{others} sessions of Livetrail are open in this database: stop its servers first"
        )),
    }
}

async fn try_to_undo(client: &mut Client, ours: &[String]) -> Result<Undone> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK_TIMEOUT).await?;
    transaction.batch_execute(&format!("LOCK TABLE {LOG}, {KEPT} IN ACCESS EXCLUSIVE MODE")).await?;
    defined::refuse_what_would_be_lost(&transaction).await?;
    // The old table has the names of the log until all that uses a column is made again.
    let old_names = renamed::by_place(&transaction, KEPT).await?;
    transaction.batch_execute(&setting(&transaction, "adoption_rename").await?).await?;
    let names = renamed::by_place(&transaction, KEPT).await?;
    let undone = Undone {
        functions: renamed::functions_by_new_names(&transaction, &names, &old_names).await?,
        ..give_back(&transaction, ours).await?
    };
    let dropped = setting(&transaction, "adoption_dropped").await?;
    let rename_back = setting(&transaction, "adoption_rename_back").await?;
    transaction.batch_execute(&format!("DROP VIEW IF EXISTS {VIEW}")).await.map_err(still_used)?;
    let views = Views::find(&transaction, &AdoptionChoices::default()).await?;
    let again = |carried: &[super::carried::Carried]| {
        carried.iter().map(|one| format!("{};", one.sql)).collect::<String>()
    };
    let statistics = again(&statistics(&transaction, LOG).await?);
    let publications = again(&publications(&transaction, LOG).await?);
    let sequences = sequences(&transaction).await?;
    let swap = format!(
        "{} ALTER TABLE {LOG} RENAME TO livetrail_undone; ALTER TABLE {KEPT} RENAME TO {LOG};
         {sequences} {statistics} {publications} DROP TABLE livetrail_undone; {} {} {dropped} {rename_back}
         DROP FUNCTION IF EXISTS livetrail_address(TEXT), livetrail_json(TEXT), livetrail_complete(); {}",
        views.drop,
        index_names(&transaction).await?,
        again(&views.carried),
        enums::DROP,
    );
    transaction.batch_execute(&swap).await.map_err(still_used)?;
    internal::drop_tables(&transaction).await?;
    transaction.commit().await?;
    Ok(undone)
}

/// Names the objects of the application that use the log and cannot go over to the old table.
fn still_used(error: tokio_postgres::Error) -> StoreError {
    let said = error.as_db_error().filter(|said| *said.code() == SqlState::DEPENDENT_OBJECTS_STILL_EXIST);
    match said.and_then(|said| said.detail()) {
        Some(detail) => StoreError::Unusable(format!(
            "the application uses the log in objects that the undo cannot make again on its table: {}. Drop them first",
            detail.replace("livetrail_undone", LOG).replace('\n', ", ")
        )),
        None => error.into(),
    }
}

async fn setting(client: &Transaction<'_>, name: &str) -> Result<String> {
    let sql = "SELECT convert_from(value, 'UTF8') FROM livetrail_settings WHERE name = $1";
    Ok(client.query_opt(sql, &[&name]).await?.map(|row| row.get(0)).unwrap_or_default())
}

/// Inserts what came since the adoption into the old table, with none of its triggers: all at once, or, if that fails,
/// in batches. The rows of a batch that fails are inserted one by one.
async fn give_back(client: &Transaction<'_>, ours: &[String]) -> Result<Undone> {
    refuse_new_columns(client, ours).await?;
    let (into, values) = columns_of_both(client).await?;
    let switch = |on: &str| {
        format!(
            "SELECT coalesce(string_agg(format('ALTER TABLE {KEPT} {on} TRIGGER %I;', tgname), ' '), '') FROM pg_trigger
             WHERE tgrelid = '{KEPT}'::regclass AND NOT tgisinternal AND tgenabled = 'O'"
        )
    };
    let on: String = client.query_one(&switch("ENABLE"), &[]).await?.get(0);
    let off: String = client.query_one(&switch("DISABLE"), &[]).await?.get(0);
    client.batch_execute(&off).await?;
    let insert = format!("INSERT INTO {KEPT} ({into}) OVERRIDING SYSTEM VALUE SELECT {values}");
    client.batch_execute("SAVEPOINT returned").await?;
    let undone = match client.execute(&format!("{insert} {}", since("a")), &[]).await {
        Ok(returned) => Undone { returned, ..Undone::default() },
        Err(_) => {
            client.batch_execute("ROLLBACK TO returned").await?;
            in_batches(client, &insert).await?
        }
    };
    client.batch_execute(&on).await?;
    Ok(undone)
}

/// What came since the adoption, by the given name.
fn since(row: &str) -> String {
    format!("FROM {LOG} {row} WHERE NOT EXISTS (SELECT FROM {KEPT} old WHERE old.id = {row}.id)")
}

/// Each try is a subtransaction. Rows that wait for their position have none that tells them apart, so they are a batch
/// of their own.
async fn in_batches(client: &Transaction<'_>, insert: &str) -> Result<Undone> {
    let (since, of_batch) = (since("came"), "position BETWEEN batch.first AND batch.last");
    let schema = "SELECT quote_ident(current_schema())";
    let schema: String = client.query_one(schema, &[]).await?.get(0);
    let sql = format!(
        "{}
         DO $$ #variable_conflict use_column
         DECLARE a {LOG}%ROWTYPE; batch RECORD; BEGIN
           FOR batch IN SELECT min(position) AS first, max(position) AS last FROM (SELECT came.position,
               CASE WHEN came.position > 0 THEN row_number() OVER (ORDER BY came.position) / {BATCH} ELSE -1 END AS number
             {since}) numbered GROUP BY number ORDER BY number LOOP
             BEGIN {insert} {} AND a.{of_batch};
             EXCEPTION WHEN OTHERS THEN
               FOR a IN SELECT came.* {since} AND came.{of_batch} ORDER BY came.position LOOP
                 BEGIN {insert}; EXCEPTION WHEN OTHERS THEN INSERT INTO {NOT_RETURNED} SELECT (a).*; END;
               END LOOP;
             END;
           END LOOP;
         END $$;",
        not_returned::make(&schema, &format!("(LIKE {LOG})"), LOG),
        self::since("a")
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
        let name = quoted(name);
        values.push(match column {
            _ if column.is_naive() => format!("a.{name} AT TIME ZONE {zone}"),
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

/// The statements that give the old table's indexes their names again.
async fn index_names(client: &Transaction<'_>) -> Result<String> {
    let sql = format!(
        "SELECT coalesce(string_agg(format('ALTER INDEX %I RENAME TO %I; COMMENT ON INDEX %I IS NULL;', relname,
           obj_description(indexrelid, 'pg_class'), obj_description(indexrelid, 'pg_class')), ' '), '')
         FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
         WHERE indrelid = '{KEPT}'::regclass AND relname LIKE 'livetrail\\_old\\_%' AND obj_description(indexrelid, 'pg_class') IS NOT NULL"
    );
    Ok(client.query_one(&sql, &[]).await?.get(0))
}
