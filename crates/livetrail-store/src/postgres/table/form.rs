//! What a table of an application looks like: which of its columns is which field, and how its ids and times are read.

use super::{
    super::{adopt::literal, connection::in_words},
    TableOptions,
    mapping::Mapping,
    success::{Guess, guess},
};
use crate::{Result, StoreError};
use tokio_postgres::Client;

/// A table whose columns are understood.
pub(in super::super) struct Form {
    /// The table's own number in the database.
    pub(in super::super) oid: i64,
    /// The name as it was given, which the ids of its activities depend on.
    name: String,
    /// Which column is which field.
    pub(in super::super) mapping: Mapping,
    /// Whether its ids are UUIDs.
    pub(in super::super) has_uuids: bool,
    /// The zone of its times, if they have none.
    pub(in super::super) zone: Option<String>,
    /// A column that may say whether an action was successful, and does not clearly, with a value of it.
    unsure: Option<(String, Option<String>)>,
}

impl Form {
    /// Looks at a table.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when there is none, or a column that every activity needs cannot be told.
    pub(in super::super) async fn find(client: &Client, options: &TableOptions) -> Result<Self> {
        let table = &options.table;
        let unusable = |reason: String| Err(StoreError::Unusable(reason));
        let found = match client.query_one("SELECT to_regclass($1)::oid::bigint", &[table]).await {
            Ok(row) => row.get::<_, Option<i64>>(0),
            Err(error) if error.as_db_error().is_some() => {
                return unusable(format!("--table {table}: {}", in_words(&error)));
            }
            Err(error) => return Err(error.into()),
        };
        let Some(oid) = found else {
            return unusable(format!("the database has no table named {table}"));
        };
        let columns = "SELECT attname::text, format_type(atttypid, NULL), typcategory::text FROM pg_attribute \
                       JOIN pg_type ON pg_type.oid = atttypid \
                       WHERE attrelid::bigint = $1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum";
        let rows = client.query(columns, &[&oid]).await?;
        let columns: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        let names: Vec<String> = columns.iter().map(|(name, _)| name.clone()).collect();
        let mut mapping = Mapping::of(table, &names, &options.columns)?;
        let mut unsure = None;
        if mapping.column("success").is_none() {
            let categories = rows.iter().map(|row| (row.get::<_, String>(0), row.get::<_, String>(2)));
            let free: Vec<_> = categories.filter(|(name, _)| mapping.field(name).is_none()).collect();
            match guess(client, table, &free).await? {
                Guess::Column(column) => mapping.insert("success", column),
                Guess::Unsure(column, value) => unsure = Some((column, value)),
                Guess::None => {}
            }
        }
        let type_of = |field: &str| {
            let column = mapping.column(field)?;
            columns.iter().find(|(name, _)| name == column).map(|(_, ty)| ty.as_str())
        };
        let zone = match type_of("timestamp") {
            Some("timestamp with time zone") => None,
            Some("timestamp without time zone" | "date") => {
                Some(zone(client, options.timezone.clone()).await?)
            }
            other => {
                let column = mapping.column("timestamp").unwrap_or_default();
                return unusable(format!(
                    "the column {column} of {table} is {} and not a timestamp: name another by --column timestamp=COLUMN",
                    other.unwrap_or_default()
                ));
            }
        };
        let has_uuids = type_of("id") == Some("uuid");
        Ok(Self { oid, name: table.clone(), mapping, has_uuids, zone, unsure })
    }

    /// What is read how, in a sentence, if that is not clear: fields whose columns have other names, and the zone that
    /// times are read in.
    pub(in super::super) fn reading(&self) -> Option<String> {
        let mut parts = self.mapping.renamed();
        parts.extend(self.zone.as_ref().map(|zone| format!("times without a zone are those of {zone}")));
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// What is taken for granted of each row, because no column says it.
    pub(in super::super) fn assumed(&self) -> Option<String> {
        let says = |field| self.mapping.column(field).is_some();
        if says("success") || (says("status_code") && self.unsure.is_none()) {
            return None;
        }
        let unsure = match &self.unsure {
            Some((column, Some(value))) => {
                format!(" ({column} is not taken for it, because it has values such as {value})")
            }
            Some((column, None)) => format!(" ({column} is not taken for it, because it has no values yet)"),
            None => String::new(),
        };
        let otherwise = if says("status_code") { "the status code decides" } else { "each of them was" };
        Some(format!(
            "no column says whether an activity was successful{unsure}, so {otherwise}: name one with --column success=COLUMN"
        ))
    }

    /// SQL for the UUID of a row, given that of its key as text. What is no UUID gets one that is always the same, so
    /// that the row is stored once.
    pub(in super::super) fn id(&self, key: &str) -> String {
        if self.has_uuids {
            format!("({key})::uuid")
        } else {
            format!("md5(format('%s %s', {}, {key}))::uuid", literal(&self.name))
        }
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
