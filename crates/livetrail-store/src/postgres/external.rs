//! Takes in external rows, which other applications insert by SQL: a row without a position gets the next one.
//!
//! It is taken once it is committed, by this transaction and no trigger: a transaction of the application that stays
//! open holds up nothing, and its rows are taken when it ends.

use super::{append::LOG, head, partitions::Partitions, removed, rows::clamped, stray};
use crate::Result;
use livetrail_types::LIVETRAIL;
use std::sync::LazyLock;
use tokio_postgres::Client;
use uuid::Uuid;

/// Rows of one transaction.
pub(super) const BATCH: i64 = 10_000;

/// Whether the time in `column` can be written. Infinity and what lies outside of our years cannot: such a row counts
/// from the moment at which it is taken.
pub(super) fn is_writable(column: &str) -> String {
    format!("(isfinite({column}) AND {column} BETWEEN '0001-01-01 00:00:00Z' AND '9999-12-30 00:00:00Z')")
}

/// The resource type of a row that an application has inserted, whose own is in `column`. What would pass for
/// Livetrail's own record ([`livetrail_types::is_reserved`]) is marked for good.
///
/// The characters to trim are listed, because what a regular expression takes for white space depends on the database's
/// locale. In the collation `C` only ASCII letters have a lower case.
pub(super) fn resource_type(column: &str) -> String {
    let trimmed = format!("btrim({column}, '{}')", *WHITE_SPACE);
    format!(
        "CASE WHEN lower({trimmed} COLLATE \"C\") = '{LIVETRAIL}' THEN 'external:{LIVETRAIL}' ELSE {column} END"
    )
}

/// What [`str::trim`] trims. None of it has a meaning in a literal of SQL.
static WHITE_SPACE: LazyLock<String> =
    LazyLock::new(|| (char::MIN..=char::MAX).filter(|char| char.is_whitespace()).collect());

/// What the watcher reads, in this order: whether there is a row to take in beside those with these ids; the mark of
/// the last change of credentials; the epoch. Then come the floor, whether removed positions wait for their numbers,
/// and the mark of the last erasure.
pub(super) static WAITING: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT EXISTS (SELECT FROM activity_logs_incoming WHERE id <> ALL($1)), \
         (SELECT value FROM livetrail_settings WHERE name = 'credentials_changed'), \
         (SELECT value FROM livetrail_settings WHERE name = 'epoch'), \
         (SELECT floor FROM livetrail_bounds), {}, \
         (SELECT value FROM livetrail_settings WHERE name = 'edition')",
        removed::WAITING
    )
});

/// The row that is taken first, of those without these ids.
pub(super) const NEXT: &str = "SELECT id FROM activity_logs_incoming WHERE id <> ALL($1) ORDER BY timestamp, id LIMIT 1 FOR UPDATE SKIP LOCKED";

/// What became of rows that wait.
pub(super) enum Taken {
    /// They are in the log, which reaches so far now.
    UpTo(u64),
    /// None could be taken now: others are at it.
    None,
    /// The database refused them.
    Refused(tokio_postgres::Error),
}

/// Gives `batch` rows that wait their positions, in the order of their times, without those of the ids `aside`. The log
/// is known to reach to the position `known`.
pub(super) async fn take_in(
    client: &mut Client,
    partitions: &Partitions,
    known: u64,
    batch: i64,
    aside: &[Uuid],
) -> Result<Taken> {
    let columns = columns(client).await?;
    let transaction = client.transaction().await?;
    transaction.query_one(head::LOCK, &[]).await?;
    let head = head::read(&transaction, partitions).await?;
    let head = clamped(stray::settle(&transaction, partitions, known, head).await?);
    // Making partitions holds up the log, so there are only as many as these rows need.
    let waiting = format!("SELECT count(*) FROM (SELECT FROM activity_logs_incoming LIMIT {batch}) waiting");
    let waiting: i64 = transaction.query_one(&waiting, &[]).await?.get(0);
    let room = head::position(head + waiting);
    let made = room > partitions.covered() && partitions.cover(&transaction, LOG, room).await?;
    let (writable, resource_type) = (is_writable("timestamp"), resource_type("resource_type"));
    let sql = format!(
        "WITH taken AS (
           DELETE FROM activity_logs_incoming WHERE ctid = ANY(ARRAY(
             SELECT ctid FROM activity_logs_incoming WHERE id <> ALL($2)
             ORDER BY timestamp, id LIMIT {waiting} FOR UPDATE SKIP LOCKED))
           RETURNING *)
         INSERT INTO activity_logs (position, timestamp, timestamp_adjusted, resource_type, {columns}) OVERRIDING SYSTEM VALUE
         SELECT $1 + row_number() OVER (ORDER BY timestamp, id), CASE WHEN {writable} THEN timestamp ELSE now() END,
           timestamp_adjusted OR NOT {writable}, {resource_type}, {columns}
         FROM taken"
    );
    // What a trigger or a foreign key waits for must not hold the head.
    transaction.batch_execute("SET LOCAL lock_timeout = '250ms'").await?;
    // A trigger that is deferred raises when the transaction ends.
    let done = match transaction.execute(&sql, &[&head, &aside]).await {
        Ok(taken) => transaction.commit().await.map(|()| clamped(taken)),
        Err(refusal) => {
            transaction.rollback().await?;
            Err(refusal)
        }
    };
    let taken = match done {
        Ok(taken) => taken,
        Err(refusal) => return Ok(Taken::Refused(refusal)),
    };
    if made {
        partitions.refresh(client).await?;
    }
    Ok(if taken > 0 { Taken::UpTo(head::position(head + taken)) } else { Taken::None })
}

/// The other columns of the log, those among them that the application has added. A fingerprint says that a row came
/// through the API, so none is taken over.
async fn columns(client: &Client) -> Result<String> {
    let sql = "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute \
               WHERE attrelid = 'activity_logs'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' \
               AND attname NOT IN ('position', 'timestamp', 'timestamp_adjusted', 'resource_type', 'fingerprint')";
    Ok(client.query_one(sql, &[]).await?.get(0))
}
