//! Reads rows back into activities. Other applications wrote some of them: a value that breaks a limit is shown as far
//! as possible, and secrets are redacted, because such a row never passed the intake.
//!
//! Every row that came through the API has a fingerprint; [`copy`](super::copy) writes an empty one where the server
//! chose the id. No other row has one ([`external`](super::external)), except that an erasure marks such rows by a zero
//! byte. A row of another application is redacted each time it is read. So are rows that a version before that rule
//! appended with an id of the server's own.

use super::value::{Jsonb, Moment};
use crate::{MAX_SAME_ID, Result, log::Extent};
use livetrail_types::{Activity, DelegateType, Redaction};
use tokio_postgres::{Client, Row};
use uuid::Uuid;

/// An external row may have a number that is not a status.
pub(super) const STATUS: &str = "(CASE WHEN a.status_code BETWEEN 0 AND 65535 THEN a.status_code END)";

/// How rows are read.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    /// The log as `a`, or a view of it with columns of Livetrail's types.
    pub(super) log: &'static str,
    /// What is replaced in rows that did not come through the API.
    pub(super) redaction: Redaction,
}

/// A row in full: the columns in the order in which [`read`] takes them.
const COLUMNS: &str = "SELECT a.position, a.id, a.timestamp, a.created_at, a.timestamp_adjusted, a.user_id, \
     a.action_type, a.endpoint, a.http_method, (CASE WHEN a.status_code BETWEEN 0 AND 65535 THEN a.status_code END), \
     a.success, a.error_message, a.error_type, a.target_user_id, a.target_resource_id, a.resource_type, a.details, \
     a.changes, a.duration_ms, a.db_query_count, a.ip_address, a.user_agent, a.is_admin, a.session_id, a.request_id, \
     a.trace_id, a.tenant_id, coalesce(a.fingerprint, '\\x00') <> '\\x00', a.delegate_id, a.delegate_type, a.via";

/// The same without the columns that a lean range does not have.
const LEAN_COLUMNS: &str = "SELECT a.position, a.id, a.timestamp, a.created_at, a.timestamp_adjusted, a.user_id, \
     a.action_type, a.endpoint, a.http_method, (CASE WHEN a.status_code BETWEEN 0 AND 65535 THEN a.status_code END), \
     a.success, NULL::text, NULL::text, a.target_user_id, a.target_resource_id, a.resource_type, NULL::jsonb, \
     NULL::jsonb, a.duration_ms, NULL::int, a.ip_address, NULL::text, a.is_admin, a.session_id, a.request_id, \
     a.trace_id, a.tenant_id, coalesce(a.fingerprint, '\\x00') <> '\\x00', a.delegate_id, a.delegate_type, a.via";

pub(super) async fn by_id(
    client: &Client,
    reader: &Reader,
    id: Uuid,
    tenant: Option<&str>,
) -> Result<Option<Activity>> {
    let sql = format!(
        "{} WHERE a.id = $1 AND a.position >= 1 AND ($2::text IS NULL OR a.tenant_id = $2) \
         ORDER BY a.position LIMIT 1",
        reader.select()
    );
    client.query_opt(&sql, &[&id, &tenant]).await?.map(|row| reader.activity(&row)).transpose()
}

pub(super) async fn all_of_id(client: &Client, reader: &Reader, id: Uuid) -> Result<Vec<Activity>> {
    let select = reader.select();
    let sql = format!("{select} WHERE a.id = $1 AND a.position >= 1 ORDER BY a.position LIMIT {MAX_SAME_ID}");
    client.query(&sql, &[&id]).await?.iter().map(|row| reader.activity(row)).collect()
}

/// Positions have no gaps, so that a number of rows is a range of positions, and no other partition is looked at.
pub(super) async fn after(
    client: &Client,
    reader: &Reader,
    position: u64,
    limit: usize,
    extent: Extent,
) -> Result<Vec<Activity>> {
    let (columns, log) = (extent.columns(), reader.log);
    let sql = format!("{columns} FROM {log} WHERE a.position > $1 AND a.position <= $2 ORDER BY a.position");
    let last = clamped(position.saturating_add(limit as u64));
    let rows = client.query(&sql, &[&clamped(position), &last]).await?;
    rows.iter().map(|row| reader.activity(row)).collect()
}

/// The rows at positions, in any order.
pub(super) async fn at(client: &Client, reader: &Reader, positions: &[u64]) -> Result<Vec<Activity>> {
    // Rows that wait for their position have 0.
    let positions: Vec<i64> =
        positions.iter().filter(|&&position| position > 0).map(|&position| clamped(position)).collect();
    let sql = format!("{} WHERE a.position = ANY($1)", reader.select());
    client.query(&sql, &[&positions]).await?.iter().map(|row| reader.activity(row)).collect()
}

/// The position of the first row after a position.
pub(super) async fn next(client: &Client, position: u64) -> Result<Option<u64>> {
    let sql = "SELECT position FROM activity_logs WHERE position > $1 ORDER BY position LIMIT 1";
    let row = client.query_opt(sql, &[&clamped(position)]).await?;
    Ok(row.map(|row| super::head::position(row.get(0))))
}

/// A position as the database holds it.
pub(super) fn clamped(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

impl Extent {
    fn columns(self) -> &'static str {
        match self {
            Self::Whole => COLUMNS,
            Self::Lean => LEAN_COLUMNS,
        }
    }
}

impl Reader {
    pub(super) async fn find(client: &Client, redaction: Redaction) -> Result<Self> {
        let sql = "SELECT to_regclass('livetrail_log') IS NOT NULL";
        let has_view = client.query_one(sql, &[]).await?.get(0);
        Ok(Self { log: if has_view { "livetrail_log a" } else { "activity_logs a" }, redaction })
    }

    /// The statement that reads rows, up to `WHERE`.
    pub(super) fn select(&self) -> String {
        format!("{COLUMNS} FROM {}", self.log)
    }

    /// The activity of a row as it may leave the store.
    pub(super) fn activity(&self, row: &Row) -> Result<Activity> {
        let mut activity = read(row)?;
        let came_through_the_api: bool = row.try_get(27)?;
        if !came_through_the_api {
            self.redaction.activity(&mut activity);
        }
        Ok(activity)
    }
}

fn read(row: &Row) -> Result<Activity, tokio_postgres::Error> {
    let position: i64 = row.try_get(0)?;
    let status: Option<i32> = row.try_get(9)?;
    let (delegate_id, delegate_type): (Option<String>, Option<&str>) = (row.try_get(28)?, row.try_get(29)?);
    Ok(Activity {
        position: u64::try_from(position).unwrap_or_default(),
        id: row.try_get(1)?,
        timestamp: row.try_get::<_, Moment>(2)?.0,
        created_at: row.try_get::<_, Moment>(3)?.0,
        timestamp_adjusted: row.try_get(4)?,
        user_id: row.try_get(5)?,
        action_type: row.try_get(6)?,
        endpoint: row.try_get(7)?,
        http_method: row.try_get(8)?,
        status_code: status.and_then(|status| u16::try_from(status).ok()),
        success: row.try_get(10)?,
        error_message: row.try_get(11)?,
        error_type: row.try_get(12)?,
        target_user_id: row.try_get(13)?,
        target_resource_id: row.try_get(14)?,
        resource_type: row.try_get(15)?,
        details: row.try_get::<_, Option<Jsonb>>(16)?.map(|json| json.0),
        changes: row.try_get::<_, Option<Jsonb>>(17)?.map(|json| json.0),
        duration_ms: row.try_get(18)?,
        db_query_count: row.try_get(19)?,
        ip_address: row.try_get(20)?,
        user_agent: row.try_get(21)?,
        is_admin: row.try_get(22)?,
        delegate_type: DelegateType::of_row(delegate_type, delegate_id.as_deref()),
        delegate_id,
        via: row.try_get(30)?,
        session_id: row.try_get(23)?,
        request_id: row.try_get(24)?,
        trace_id: row.try_get(25)?,
        tenant_id: row.try_get(26)?,
    })
}
