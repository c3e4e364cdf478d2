//! The application's table takes the place of the log, with all that hangs on the log.

use super::{
    super::{
        super::{
            append::LOG,
            connection::{in_words, may_pass},
        },
        AdoptionChoices, KEPT, VIEW,
        carried::{Carried, publications, sequences, statistics},
        losses::Loss,
        operators,
        views::Views,
    },
    setting, views,
};
use crate::Result;
use tokio_postgres::{Error, Transaction, error::SqlState};

/// Swaps the tables; what of the application cannot go over to the old one.
pub(super) async fn swap(client: &Transaction<'_>) -> Result<Vec<Loss>> {
    let dropped = setting(client, "adoption_dropped").await?;
    let rename_back = setting(client, "adoption_rename_back").await?;
    let mut lost = Vec::new();
    attempt(client, &format!("DROP VIEW IF EXISTS {VIEW}"), still_used, &mut lost).await?;
    let unchanged = views::unchanged(client).await?;
    let views = Views::find_with(client, &AdoptionChoices::default(), &unchanged).await?;
    let again = |carried: &[Carried]| carried.iter().map(|one| format!("{};", one.sql)).collect::<String>();
    let statistics = again(&statistics(client, LOG).await?);
    let publications = again(&publications(client, LOG).await?);
    let (sequences, index_names) = (sequences(client).await?, index_names(client).await?);
    let swap = format!(
        "{} ALTER TABLE {LOG} RENAME TO livetrail_undone; ALTER TABLE {KEPT} RENAME TO {LOG};
         {sequences} {statistics} {publications}",
        views.drop
    );
    client.batch_execute(&swap).await?;
    attempt(client, "DROP TABLE livetrail_undone", still_used, &mut lost).await?;
    client.batch_execute(&index_names).await?;
    for Carried { name, sql, .. } in &views.carried {
        let refused = |error: &Error| {
            let error = in_words(error);
            Loss::new(
                name,
                format!(
                    "this view cannot be made again on the table as it was: {error}. Change or drop it first"
                ),
            )
        };
        attempt(client, sql, refused, &mut lost).await?;
    }
    client.batch_execute(&format!("{dropped} {rename_back}")).await?;
    let functions =
        "DROP FUNCTION IF EXISTS livetrail_address(TEXT), livetrail_json(TEXT), livetrail_complete();";
    attempt(client, &format!("{functions} {}", operators::DROP), still_used, &mut lost).await?;
    Ok(lost)
}

/// Runs a statement. If the database refuses it, the statement is undone and the refusal noted.
async fn attempt(
    client: &Transaction<'_>,
    sql: &str,
    refused: impl Fn(&Error) -> Loss,
    lost: &mut Vec<Loss>,
) -> Result<()> {
    client.batch_execute("SAVEPOINT attempt").await?;
    match client.batch_execute(sql).await {
        Ok(()) => Ok(client.batch_execute("RELEASE attempt").await?),
        Err(error) if error.code().is_none_or(may_pass) => Err(error.into()),
        Err(error) => {
            lost.push(refused(&error));
            Ok(client.batch_execute("ROLLBACK TO attempt; RELEASE attempt").await?)
        }
    }
}

/// Names the objects of the application that use the log and cannot go over to the old table.
fn still_used(error: &Error) -> Loss {
    let said = error.as_db_error().filter(|said| *said.code() == SqlState::DEPENDENT_OBJECTS_STILL_EXIST);
    let objects = said.and_then(|said| said.detail()).map_or_else(
        || in_words(error),
        |detail| detail.replace("livetrail_undone", LOG).replace('\n', ", "),
    );
    let reason = format!(
        "the application uses the log in objects that the undo cannot make again on its table: {objects}. Drop them first"
    );
    Loss::unacceptable(LOG, reason)
}

/// The statements that give the old table's indexes their names and comments again.
async fn index_names(client: &Transaction<'_>) -> Result<String> {
    let sql = format!(
        "SELECT coalesce(string_agg(format('ALTER INDEX %I RENAME TO %I; COMMENT ON INDEX %I IS %L;', relname, old_name, old_name,
           (SELECT obj_description(pg_class.oid, 'pg_class') FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
            WHERE indrelid = '{LOG}'::regclass AND relname = old_name)), ' '), '')
         FROM (SELECT relname, obj_description(indexrelid, 'pg_class') AS old_name FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
           WHERE indrelid = '{KEPT}'::regclass AND relname LIKE 'livetrail\\_old\\_%') named
         WHERE old_name IS NOT NULL"
    );
    Ok(client.query_one(&sql, &[]).await?.get(0))
}
