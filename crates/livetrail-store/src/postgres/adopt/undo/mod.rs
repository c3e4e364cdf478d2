//! Gives an application its table back as it was before its adoption, with what came since.

mod rows;
mod swap;
mod views;

use super::{
    super::{append::LOG, beside, connection::Connector, internal, later},
    Adoption, Attempts, KEPT, LOCK_TIMEOUT, build,
    column::literal,
    defined,
    functions::{self, Function},
    losses::Loss,
    renamed,
};
use crate::{Result, StoreError};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use tokio_postgres::{Client, GenericClient, Transaction};

/// How long to wait for sessions that are ending.
const ENDING: Duration = Duration::from_secs(2);

/// What became of the rows that came after the adoption.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// Rows that are in the application's table now.
    pub returned: u64,
    /// Rows that its constraints or types refuse, or that came by the API into a log beside the table. They are in the
    /// table `activity_logs_not_returned`.
    pub refused: u64,
    /// Rows of the application's table that were deleted from the log since, or belong to a user who was erased there.
    /// They are in the application's table as they were.
    pub brought_back: u64,
    /// The log was beside the table.
    pub was_beside: bool,
    /// The schema of `activity_logs_not_returned`, if it is not that of the application's table.
    pub kept_in: Option<String>,
}

/// What an undo needs to know of the adoption, which has copied rows to the positions up to `head`.
pub(super) async fn remember(client: &impl GenericClient, adoption: &Adoption, head: i64) -> Result<String> {
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
        setting("adoption_head", &head.to_string()),
        setting("adoption_dropped", &dropped),
        setting("adoption_rename", &choices.rename(KEPT)),
        setting("adoption_rename_back", &choices.rename_back(LOG)),
        defined::remember(client).await?,
        views::remember(client).await?,
    ]
    .concat())
}

/// Undoes an adoption. Everything of Livetrail's own in the database is dropped. `log` is the SQL that makes an empty
/// log. `without` names functions and views of the application that may break.
///
/// # Errors
/// [`StoreError::Unusable`] when there is nothing to undo, a server is running, or something of the application would
/// break that `without` does not name.
pub(in super::super) async fn undo(connector: &Connector, log: &str, without: &[String]) -> Result<Undone> {
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
        refuse_what_is_lost(Vec::new(), without)?;
        let mut attempt = beside::undo(&mut client).await.map(|done| undone = done);
        while attempts.asks_again(attempt).await? {
            attempt = beside::undo(&mut client).await.map(|done| undone = done);
        }
        return Ok(undone);
    }
    let mut ours: Vec<String> = build::ours(&mut client, log).await?.into_keys().collect();
    ours.extend(later::names().map(str::to_owned));
    let mut attempt = try_to_undo(&mut client, &ours, without).await.map(|done| undone = done);
    while attempts.asks_again(attempt).await? {
        attempt = try_to_undo(&mut client, &ours, without).await.map(|done| undone = done);
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

/// Undoes the adoption in one transaction, unless that would break or lose something that is not accepted.
async fn try_to_undo(client: &mut Client, ours: &[String], without: &[String]) -> Result<Undone> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK_TIMEOUT).await?;
    transaction.batch_execute(&format!("LOCK TABLE {LOG}, {KEPT} IN ACCESS EXCLUSIVE MODE")).await?;
    defined::refuse_what_would_be_lost(&transaction).await?;
    let functions = Function::working(&transaction).await?;
    // The old table has the names of the log until all that uses a column is made again.
    let old_names = renamed::by_place(&transaction, KEPT).await?;
    transaction.batch_execute(&setting(&transaction, "adoption_rename").await?).await?;
    let names = renamed::by_place(&transaction, KEPT).await?;
    let undone = rows::give_back(&transaction, ours).await?;
    let mut lost = renamed::functions_by_new_names(&transaction, &names, &old_names).await?;
    lost.extend(swap::swap(&transaction).await?);
    let failing = functions::failing_again(&transaction, &functions, &lost).await?;
    lost.extend(failing);
    refuse_what_is_lost(lost, without)?;
    internal::drop_tables(&transaction).await?;
    transaction.commit().await?;
    Ok(undone)
}

/// Refuses the undo if anything would be broken or lost that was not accepted, and names all of it.
fn refuse_what_is_lost(mut lost: Vec<Loss>, without: &[String]) -> Result<()> {
    let refuse = |reason: String| Err(StoreError::Unusable(reason));
    if let Some(unknown) = without.iter().find(|name| !lost.iter().any(|loss| loss.name == **name)) {
        return refuse(format!("--without {unknown} names nothing that the undo would break"));
    }
    lost.retain(|loss| !loss.is_acceptable || !without.contains(&loss.name));
    if lost.is_empty() {
        return Ok(());
    }
    lost.sort_by(|one, other| one.name.cmp(&other.name));
    let lines: String = lost.iter().map(|loss| format!("\n  {}: {}", loss.name, loss.reason)).collect();
    let way = if lost.iter().any(|loss| loss.is_acceptable) {
        ". A function or view can be accepted as it is, by `livetrail migrate --undo --without NAME`: such a function stays, and such a view is dropped"
    } else {
        ""
    };
    refuse(format!("the undo would break this:{lines}\nNothing was changed{way}"))
}

async fn setting(client: &Transaction<'_>, name: &str) -> Result<String> {
    let sql = "SELECT convert_from(value, 'UTF8') FROM livetrail_settings WHERE name = $1";
    Ok(client.query_opt(sql, &[&name]).await?.map(|row| row.get(0)).unwrap_or_default())
}
