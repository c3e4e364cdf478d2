//! Brings a database up to date: forward only, one transaction a step, safe to run again after a crash.

use crate::{Result, StoreError};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// Says of a file that it is ours (SQLite's `application_id`): "LVTR".
const APPLICATION_ID: i32 = 0x4c56_5452;

/// Gives the log another order of columns. To write the rows of a large log again would keep a server from starting for
/// minutes, so only a log without rows takes this step's SQL. The other steps and all statements name columns, so both
/// orders work.
const NARROW_FIRST: (&str, &str) =
    ("0012_narrow_first", include_str!("../../migrations/sqlite/0012_narrow_first.sql"));

/// The steps, by name and SQL; a database's schema is how many of them it has taken.
const MIGRATIONS: [(&str, &str); 11] = [
    ("0001_log", include_str!("../../migrations/sqlite/0001_log.sql")),
    ("0003_access", include_str!("../../migrations/sqlite/0003_access.sql")),
    ("0004_sessions", include_str!("../../migrations/sqlite/0004_sessions.sql")),
    ("0005_tenant_admins", include_str!("../../migrations/sqlite/0005_tenant_admins.sql")),
    ("0009_delegate", include_str!("../../migrations/sqlite/0009_delegate.sql")),
    ("0010_retention", include_str!("../../migrations/sqlite/0010_retention.sql")),
    NARROW_FIRST,
    ("0013_names", include_str!("../../migrations/sqlite/0013_names.sql")),
    ("0014_alerts", include_str!("../../migrations/sqlite/0014_alerts.sql")),
    ("0015_deliveries", include_str!("../../migrations/sqlite/0015_deliveries.sql")),
    ("0016_views", include_str!("../../migrations/sqlite/0016_views.sql")),
];

/// Refuses a database that is not ours, broken, or newer than this program, before anything writes to it.
pub(super) fn check_untouched(file: &Path) -> Result<()> {
    if !file.exists() || file.metadata().is_ok_and(|meta| meta.len() == 0) {
        return Ok(());
    }
    let damaged = |error| damaged(file, &error);
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(damaged)?;
    check(&connection, file)
}

/// The same for a database that is open and not empty.
pub(super) fn check(connection: &Connection, file: &Path) -> Result<()> {
    let damaged = |error| damaged(file, &error);
    let pragma =
        |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0)).map_err(damaged);
    let (application, schema) = (pragma("application_id")?, pragma("user_version")?);
    if application == 0 && pragma("page_count")? == 1 && has_no_table(connection).map_err(damaged)? {
        // The process that made the file was stopped before the first step.
        return Ok(());
    }
    if application != APPLICATION_ID {
        return Err(StoreError::Damaged {
            path: file.into(),
            reason: "it belongs to another program".into(),
        });
    }
    let (found, known) = (u32::try_from(schema).unwrap_or(0), MIGRATIONS.len() as u32);
    if found > known {
        return Err(StoreError::Newer { path: file.into(), found, known });
    }
    // Reads the newest row whole, where an interrupted disk would show first.
    let newest =
        "SELECT a.*, t.text FROM activities a JOIN terms t ON t.id = a.action ORDER BY position DESC LIMIT 1";
    connection.query_row(newest, [], |_| Ok(())).or_else(|error| match error {
        rusqlite::Error::QueryReturnedNoRows => Ok(()),
        error => Err(damaged(error)),
    })
}

fn is_without_rows(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT NOT EXISTS (SELECT 1 FROM activities)", [], |row| row.get(0))
}

pub(super) fn damaged(file: &Path, error: &rusqlite::Error) -> StoreError {
    StoreError::Damaged { path: file.into(), reason: error.to_string() }
}

fn has_no_table(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))
}

/// The names of the steps that a database lacks.
pub(super) fn pending(file: &Path) -> Result<Vec<&'static str>> {
    check_untouched(file)?;
    let schema = match file.exists() {
        false => 0,
        true => Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?.pragma_query_value(
            None,
            "user_version",
            |row| row.get::<_, usize>(0),
        )?,
    };
    Ok(MIGRATIONS.iter().skip(schema).map(|(name, _)| *name).collect())
}

/// Takes the steps that are missing.
pub(super) fn run(connection: &mut Connection, file: &Path) -> Result<()> {
    let schema: usize = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for (number, (name, step)) in MIGRATIONS.iter().enumerate().skip(schema) {
        let transaction = connection.transaction()?;
        if *name != NARROW_FIRST.0 || is_without_rows(&transaction)? {
            transaction.execute_batch(step)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", number + 1)?;
        transaction.commit()?;
        tracing::info!(database = %file.display(), name, "migrated");
    }
    Ok(())
}
