//! The table of an application in a database that stays what it is.

mod mapping;
mod row;

use super::{
    Patience, PostgresAddress,
    connection::{Connector, in_words},
};
use crate::{Result, StoreError};
use livetrail_types::json::{self, Object};
use mapping::Mapping;
use tokio_postgres::{Client, Row};

/// Rows that are read at once.
const BATCH: i64 = 1_000;

/// Which table is read, and how.
#[derive(Clone, Debug)]
pub struct TableOptions {
    /// The table's name, with its schema if need be; quoted as in SQL.
    pub table: String,
    /// Fields of an activity and the columns that hold them, where the names do not tell.
    pub columns: Vec<(String, String)>,
    /// The zone of timestamps without one, by a name that PostgreSQL knows. Without it, that of the database's
    /// sessions.
    pub timezone: Option<String>,
}

impl Default for TableOptions {
    /// The table `activity_logs`.
    fn default() -> Self {
        Self { table: "activity_logs".into(), columns: Vec::new(), timezone: None }
    }
}

/// The table of an application, read in the order of its times, as activities that a server takes.
pub struct ActivityTable {
    client: Client,
    mapping: Mapping,
    /// The statement for the next rows.
    sql: String,
    /// Time and key of the last row, as text.
    last: Option<(String, String)>,
    zone: Option<String>,
    rows: Option<u64>,
}

impl ActivityTable {
    /// Opens the table.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when there is none, it has no columns for what every activity has, or the database
    /// cannot be reached.
    pub async fn open(address: PostgresAddress, options: TableOptions) -> Result<Self> {
        let connector = Connector::new(address, Patience::default())?;
        let client = connector.first().await?;
        let unusable = |reason: String| Err(StoreError::Unusable(reason));
        let named = "SELECT to_regclass($1)::oid::bigint";
        let found = match client.query_one(named, &[&options.table]).await {
            Ok(row) => row.get::<_, Option<i64>>(0),
            Err(error) if error.as_db_error().is_some() => {
                return unusable(format!("--table {}: {}", options.table, in_words(&error)));
            }
            Err(error) => return Err(error.into()),
        };
        let Some(oid) = found else {
            return unusable(format!("{} has no table named {}", connector.address(), options.table));
        };
        let columns = "SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute \
                       WHERE attrelid::bigint = $1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum";
        let columns: Vec<(String, String)> =
            client.query(columns, &[&oid]).await?.iter().map(|row| (row.get(0), row.get(1))).collect();
        let names: Vec<String> = columns.iter().map(|(name, _)| name.clone()).collect();
        let mapping = Mapping::of(&options.table, &names, &options.columns)?;
        let type_of = |field: &str| {
            let column = mapping.column(field)?;
            columns.iter().find(|(name, _)| name == column).map(|(_, ty)| ty.as_str())
        };
        let zone = match type_of("timestamp") {
            Some("timestamp with time zone") => None,
            Some("timestamp without time zone" | "date") => Some(zone(&client, options.timezone).await?),
            other => {
                let column = mapping.column("timestamp").unwrap_or_default();
                return unusable(format!(
                    "the column {column} of {} is {} and not a timestamp: name another by --column timestamp=COLUMN",
                    options.table,
                    other.unwrap_or_default()
                ));
            }
        };
        let sql = statement(&options.table, &mapping, type_of("id"), zone.as_deref());
        let rows = "SELECT reltuples::bigint FROM pg_class WHERE oid::bigint = $1";
        let rows: i64 = client.query_one(rows, &[&oid]).await?.get(0);
        let rows = u64::try_from(rows).ok().filter(|rows| *rows > 0);
        Ok(Self { client, mapping, sql, last: None, zone, rows })
    }

    /// How many rows there are, about, if the database knows.
    pub fn rows(&self) -> Option<u64> {
        self.rows
    }

    /// What is read how, in a sentence, if that is not clear: fields whose columns have other names, and the zone that
    /// times are read in.
    pub fn reading(&self) -> Option<String> {
        let mut parts = self.mapping.renamed();
        parts.extend(self.zone.as_ref().map(|zone| format!("times without a zone are those of {zone}")));
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// The next rows, as JSON objects; none at the end.
    ///
    /// # Errors
    /// What the database says.
    pub async fn next(&mut self) -> Result<Vec<Object>> {
        let (at, key) = self.last.clone().unzip();
        let rows = self.client.query(&self.sql, &[&at, &key]).await?;
        if let Some(row) = rows.last() {
            self.last = Some((row.get(0), row.get(1)));
        }
        let read = |row: &Row| {
            let value = json::parse(row.get::<_, &str>(2).as_bytes())
                .map_err(|error| StoreError::Internal(error.to_string()))?;
            Ok(row::as_activity(value, &self.mapping, row.get(3), row.get(4)))
        };
        rows.iter().map(read).collect()
    }
}

/// The zone of times that have none.
async fn zone(client: &Client, chosen: Option<String>) -> Result<String> {
    let Some(chosen) = chosen else {
        let of_sessions = "SELECT reset_val FROM pg_settings WHERE name = 'TimeZone'";
        return Ok(client.query_one(of_sessions, &[]).await?.get(0));
    };
    match client.query_one("SELECT now() AT TIME ZONE $1", &[&chosen]).await {
        Ok(_) => Ok(chosen),
        Err(error) if error.as_db_error().is_some() => {
            Err(StoreError::Unusable(format!("--timezone {chosen}: {}", in_words(&error))))
        }
        Err(error) => Err(error.into()),
    }
}

/// The statement for the rows after a time and a key: their time and key as text, the row as JSON, the id, and the
/// moment. An id that is not a UUID, and a row without one, gets a UUID that is always the same, so that it is imported
/// once.
fn statement(table: &str, mapping: &Mapping, id_type: Option<&str>, zone: Option<&str>) -> String {
    let column = |name: &str| format!("a.\"{}\"", name.replace('"', "\"\""));
    let time = column(mapping.column("timestamp").unwrap_or_default());
    let key =
        mapping.column("id").map_or_else(|| "md5(a::text)".into(), |id| format!("{}::text", column(id)));
    let id = match id_type {
        Some("uuid") => key.clone(),
        _ => format!("md5(format('%s %s', {}, {key}))::uuid::text", super::adopt::literal(table)),
    };
    let moment = match zone {
        Some(zone) => format!("{time}::timestamp AT TIME ZONE {}", super::adopt::literal(zone)),
        None => time.clone(),
    };
    let ty = if zone.is_some() { "timestamp" } else { "timestamptz" };
    format!(
        "SELECT {time}::text, {key}, to_jsonb(a)::text, {id}, to_jsonb({moment}) #>> '{{}}' FROM {table} a WHERE {time} IS NOT NULL \
         AND ($1::text IS NULL OR {time} >= $1::text::{ty} AND ({time}, {key}) > ($1::text::{ty}, $2::text)) \
         ORDER BY {time}, {key} LIMIT {BATCH}"
    )
}
