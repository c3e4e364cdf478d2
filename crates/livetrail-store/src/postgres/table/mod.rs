//! The table of an application in a database that stays what it is.

mod form;
mod mapping;
mod row;
mod success;

use super::{
    PostgresAddress, Timeouts,
    adopt::{literal, quoted},
    connection::{Connector, in_words, may_pass},
};
use crate::{Result, StoreError};
pub(super) use form::Form;
use livetrail_types::json::{self, Object};
pub(super) use mapping::Mapping;
pub(super) use row::{FALSE, TRUE};
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
    form: Form,
    /// The statement for the next rows.
    sql: String,
    /// The same for the keys of rows without a time.
    untimed: String,
    /// Time and key of the last row, as text.
    last: Option<(String, String)>,
    /// The key of the last row without a time.
    last_untimed: Option<String>,
    rows: Option<u64>,
}

impl ActivityTable {
    /// Opens the table.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when there is none, it has no columns for what every activity has, or the database
    /// cannot be reached.
    pub async fn open(address: PostgresAddress, options: TableOptions) -> Result<Self> {
        let connector = Connector::new(address, Timeouts::default())?;
        let client = connector.first().await?;
        let form = Form::find(&client, &options).await?;
        let (sql, untimed) = (statement(&options.table, &form), untimed(&options.table, &form));
        refuse_hidden_rows(&client, &options.table).await?;
        let rows = "SELECT reltuples::bigint FROM pg_class WHERE oid::bigint = $1";
        let rows: i64 = client.query_one(rows, &[&form.oid]).await?.get(0);
        let rows = u64::try_from(rows).ok().filter(|rows| *rows > 0);
        Ok(Self { client, form, sql, untimed, last: None, last_untimed: None, rows })
    }

    /// How many rows there are, about, if the database knows.
    pub fn rows(&self) -> Option<u64> {
        self.rows
    }

    /// What is read how, in a sentence, if that is not clear: fields whose columns have other names, and the zone that
    /// times are read in.
    pub fn reading(&self) -> Option<String> {
        let parts = [self.form.reading(), self.form.assumed()];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    /// Why the next rows cannot be activities: those without a time, which [`next`](Self::next) does not give; none at
    /// the end.
    ///
    /// # Errors
    /// What the database says.
    pub async fn next_untimed(&mut self) -> Result<Vec<String>> {
        let rows = self.client.query(&self.untimed, &[&self.last_untimed]).await?;
        if let Some(row) = rows.last() {
            self.last_untimed = row.get(0);
        }
        let column = |field| self.form.mapping.column(field);
        let time = column("timestamp").unwrap_or_default();
        let reason = |row: &Row| match column("id") {
            Some(id) => format!("has no time in {time} ({id} {})", row.get::<_, &str>(0)),
            None => format!("has no time in {time}"),
        };
        Ok(rows.iter().map(reason).collect())
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
            Ok(row::as_activity(value, &self.form.mapping, row.get(3), row.get(4)))
        };
        rows.iter().map(read).collect()
    }
}

/// Refuses a table of which a policy hides rows from this user: what is visible would be taken for the whole table.
async fn refuse_hidden_rows(client: &Client, table: &str) -> Result<()> {
    let sql = format!("SET row_security = off; SELECT FROM {table} LIMIT 0");
    match client.batch_execute(&sql).await {
        Err(refusal) if refusal.as_db_error().is_some() && !refusal.code().is_some_and(may_pass) => {
            Err(StoreError::Unusable(format!(
                "the table {table} cannot be read whole: {}. If policies apply to this user, connect as the owner (unless they are forced on it) or as a role with BYPASSRLS",
                in_words(&refusal)
            )))
        }
        done => Ok(done?),
    }
}

/// The statement for the rows after a time and a key: their time and key as text, the row as JSON, the id, and the
/// moment.
fn statement(table: &str, form: &Form) -> String {
    let column = |name: &str| format!("a.{}", quoted(name));
    let time = column(form.mapping.column("timestamp").unwrap_or_default());
    let key = key(form);
    let (moment, ty) = match &form.zone {
        Some(zone) => (format!("{time}::timestamp AT TIME ZONE {}", literal(zone)), "timestamp"),
        None => (time.clone(), "timestamptz"),
    };
    format!(
        "SELECT {time}::text, {key}, to_jsonb(a.*)::text, {}::text, to_jsonb({moment}) #>> '{{}}' FROM {table} a WHERE {time} IS NOT NULL \
         AND ($1::text IS NULL OR {time} >= $1::text::{ty} AND ({time}, {key}) > ($1::text::{ty}, $2::text)) \
         ORDER BY {time}, {key} LIMIT {BATCH}",
        form.id(&key)
    )
}

/// The statement for the keys after a key of rows without a time.
fn untimed(table: &str, form: &Form) -> String {
    let time = quoted(form.mapping.column("timestamp").unwrap_or_default());
    let key = key(form);
    format!(
        "SELECT {key} FROM {table} a WHERE a.{time} IS NULL AND ($1::text IS NULL OR {key} > $1::text) ORDER BY 1 LIMIT {BATCH}"
    )
}

/// What tells a row from others, as text; never null.
fn key(form: &Form) -> String {
    let id =
        form.mapping.column("id").map(|id| format!("coalesce(a.{}::text, md5((a.*)::text))", quoted(id)));
    id.unwrap_or_else(|| "md5((a.*)::text)".into())
}
