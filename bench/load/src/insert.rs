//! How many rows a second rusqlite stores, with nothing in its way but SQLite.
//!
//! The rows are those of another log. They are read while the clock stands still, and bound as they were stored, so
//! that nothing is parsed, checked or looked up while it runs.

use crate::args::InsertOptions;
use rusqlite::{Connection, OpenFlags, params_from_iter, types::Value};
use serde::Serialize;
use std::time::{Duration, Instant};

/// What was measured, under the names that a run of batches has for it.
#[derive(Serialize)]
pub(crate) struct Inserted {
    label: String,
    acked: usize,
    acked_per_second: f64,
}

/// Stores the rows of one log in another one that is empty: first the texts that they refer to, then the activities.
///
/// # Errors
/// What SQLite says.
pub(crate) fn run(options: &InsertOptions) -> anyhow::Result<Inserted> {
    let source = Connection::open_with_flags(&options.source, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let begin = Instant::now();
    let mut target = open(options)?;
    let mut took = begin.elapsed();
    let mut acked = 0;
    for table in ["terms", "activities"] {
        let (rows, spent) = copy(&source, &mut target, table, options.rows)?;
        acked = rows;
        took += spent;
    }
    let begin = Instant::now();
    target.close().map_err(|(_, error)| error)?;
    took += begin.elapsed();
    Ok(Inserted { label: options.label.clone(), acked, acked_per_second: acked as f64 / took.as_secs_f64() })
}

/// Opens the database with the settings of Livetrail's writer.
fn open(options: &InsertOptions) -> rusqlite::Result<Connection> {
    let target = Connection::open_with_flags(&options.target, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    target.pragma_update(None, "journal_mode", "wal")?;
    target.pragma_update(None, "synchronous", "full")?;
    target.pragma_update(None, "cache_size", -16_384)?;
    Ok(target)
}

/// Copies a table in transactions of `rows`. Returns the number of rows and how long it took to store them.
fn copy(
    source: &Connection,
    target: &mut Connection,
    table: &str,
    rows: usize,
) -> rusqlite::Result<(usize, Duration)> {
    let mut select = source.prepare(&format!("SELECT * FROM {table} ORDER BY rowid"))?;
    let columns = select.column_count();
    let insert = insert(table, columns);
    let mut found = select.query([])?;
    let (mut copied, mut took) = (0, Duration::ZERO);
    let mut values = Vec::with_capacity(rows * columns);
    loop {
        values.clear();
        while values.len() < rows * columns {
            let Some(row) = found.next()? else { break };
            for column in 0..columns {
                values.push(row.get::<_, Value>(column)?);
            }
        }
        if values.is_empty() {
            return Ok((copied, took));
        }
        let begin = Instant::now();
        store(target, &insert, &values, columns)?;
        took += begin.elapsed();
        copied += values.len() / columns;
    }
}

fn insert(table: &str, columns: usize) -> String {
    let parameters = (1..=columns).map(|number| format!("?{number}")).collect::<Vec<_>>().join(", ");
    format!("INSERT INTO {table} VALUES ({parameters})")
}

fn store(target: &mut Connection, insert: &str, values: &[Value], columns: usize) -> rusqlite::Result<()> {
    let transaction = target.transaction()?;
    let mut statement = transaction.prepare(insert)?;
    for row in values.chunks_exact(columns) {
        statement.execute(params_from_iter(row))?;
    }
    drop(statement);
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str =
        "CREATE TABLE activities (position INTEGER PRIMARY KEY, details TEXT, share REAL, id BLOB);";
    const ROWS: &str =
        "INSERT INTO activities VALUES (1, NULL, 0.5, x'00'), (2, '{}', NULL, NULL), (5, 'é', -1.0, x'01')";

    fn database(rows: &str) -> Connection {
        let database = Connection::open_in_memory().unwrap();
        database.execute_batch(&format!("{SCHEMA} {rows}")).unwrap();
        database
    }

    fn rows(database: &Connection) -> Vec<Vec<Value>> {
        let mut select = database.prepare("SELECT * FROM activities ORDER BY position").unwrap();
        let rows = select.query_map([], |row| (0..4).map(|column| row.get(column)).collect()).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn every_row_is_stored_as_it_was_also_when_the_last_transaction_is_not_full() {
        let (source, mut target) = (database(ROWS), database(""));
        let (copied, _) = copy(&source, &mut target, "activities", 2).unwrap();
        assert_eq!(copied, 3);
        assert_eq!(rows(&target), rows(&source));
    }
}
