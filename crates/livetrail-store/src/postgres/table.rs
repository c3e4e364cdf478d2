use super::{Patience, PostgresAddress, connection::Connector};
use crate::{Result, StoreError};
use livetrail_types::{
    field_name,
    json::{self, Object, ParseError, Value},
    limits,
};
use tokio_postgres::{Client, Row};

/// Rows that are read at once.
const BATCH: i64 = 1_000;

/// The table `activity_logs` of an application in a database that stays what it is: read in the order of its times, as
/// activities that a server takes.
pub struct ActivityTable {
    client: Client,
    /// Time and id of the last row, as text.
    last: Option<(String, String)>,
}

impl ActivityTable {
    /// Opens the table.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when there is none, or the database cannot be reached.
    pub async fn open(address: PostgresAddress) -> Result<Self> {
        let connector = Connector::new(address, Patience::default())?;
        let client = connector.connect().await?;
        let exists = "SELECT to_regclass('activity_logs') IS NOT NULL";
        if !client.query_one(exists, &[]).await?.get::<_, bool>(0) {
            let place = connector.address();
            return Err(StoreError::Unusable(format!("{place} has no table named activity_logs")));
        }
        Ok(Self { client, last: None })
    }

    /// The next rows, as JSON objects; none at the end.
    ///
    /// # Errors
    /// What the database says.
    pub async fn next(&mut self) -> Result<Vec<Object>> {
        let (at, id) = self.last.clone().unzip();
        let sql = format!(
            "SELECT timestamp::text, id::text, to_jsonb(a)::text FROM activity_logs a WHERE timestamp IS NOT NULL \
             AND ($1::text IS NULL OR timestamp >= $1::text::timestamptz \
                  AND (timestamp, id::text) > ($1::text::timestamptz, $2::text)) \
             ORDER BY timestamp, id::text LIMIT {BATCH}"
        );
        let rows = self.client.query(&sql, &[&at, &id]).await?;
        if let Some(row) = rows.last() {
            self.last = Some((row.get(0), row.get(1)));
        }
        let unreadable = |error: ParseError| StoreError::Internal(error.to_string());
        let read =
            |row: &Row| json::parse(row.get::<_, &str>(2).as_bytes()).map(as_activity).map_err(unreadable);
        rows.iter().map(read).collect()
    }
}

/// A row as an activity: what breaks a limit is shortened or left out, and a column of the application's own goes into the
/// details.
fn as_activity(row: Value) -> Object {
    let (mut activity, mut others) = (Object::new(), Object::new());
    let Value::Object(row) = row else { return activity };
    for (name, value) in row.into_iter().filter(|(_, value)| !value.is_null()) {
        match (field_name(&name), name.as_str()) {
            (_, "position" | "created_at" | "timestamp_adjusted" | "fingerprint") => {}
            (Some(field), _) => {
                activity.extend(within_limits(field, value).map(|value| (field.to_owned(), value)));
            }
            (None, _) => drop(others.insert(name, value)),
        }
    }
    if !others.is_empty() {
        let details = activity.entry("details".to_owned()).or_insert_with(|| Object::new().into());
        if let Value::Object(details) = details {
            for (name, value) in others {
                details.entry(name).or_insert(value);
            }
        }
    }
    activity
}

fn within_limits(field: &str, value: Value) -> Option<Value> {
    let cut = |most: usize| value.as_str().map(|text| text.chars().take(most).collect::<String>().into());
    match field {
        "user_id" | "target_user_id" => cut(limits::USER_ID),
        "action_type" => cut(limits::ACTION_TYPE).and_then(|text| Some(allowed_signs(text.as_str()?))),
        "endpoint" => cut(limits::ENDPOINT),
        "http_method" => cut(limits::HTTP_METHOD),
        "error_type" => cut(limits::ERROR_TYPE),
        "target_resource_id" => cut(limits::TARGET_ID),
        "resource_type" => cut(limits::RESOURCE_TYPE),
        "ip_address" => value.as_str().map(|text| text.split('/').next().unwrap_or_default().into()),
        "status_code" => value.as_i64().filter(|status| (100..600).contains(status)).map(Value::from),
        "duration_ms" | "db_query_count" => value.as_i64().filter(|number| *number >= 0).map(Value::from),
        "details" | "changes" if value.as_object().is_none() => {
            Some(Object::from([("value".to_owned(), value)]).into())
        }
        _ => Some(value),
    }
}

fn allowed_signs(action: &str) -> Value {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || "_.:-".contains(c) { c } else { '_' };
    action.chars().map(allowed).collect::<String>().into()
}
