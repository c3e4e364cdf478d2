//! Indexes of sealed partitions, for the SQL of applications and operators. Livetrail itself uses the one on time, for
//! the retention and for lists that SQL answers; its other questions are answered by the index of columns or by
//! position and id.
//!
//! A log that was adopted has more of them: the adoption did not carry the application's own indexes over, because
//! these replace them. In a log that Livetrail has made, no index serves filters by endpoint or target alone.

use super::{Shared, connection::Connector};
use crate::Result;
use std::{sync::Arc, time::Duration};
use tokio::time::{MissedTickBehavior, interval};
use tokio_postgres::{Client, Transaction, error::SqlState};

/// A name, what is indexed, and, in the comment, which question it serves.
const LOOK_UPS: [(&str, &str); 6] = [
    // WHERE user_id = … [ORDER BY timestamp DESC]: recent activity of a user.
    ("user", "(user_id, timestamp DESC)"),
    // WHERE timestamp > …; ORDER BY timestamp DESC: what happened then, and the newest.
    ("time", "(timestamp DESC)"),
    // WHERE action_type = … [AND timestamp > …]: failed logins of a day.
    ("action", "(action_type, timestamp DESC)"),
    // ORDER BY status_code …: a list in that order.
    ("status", "(status_code)"),
    // WHERE success = FALSE …: what failed, and how many. Most rows succeeded, so an index of those finds nothing
    // faster.
    ("failures", "(timestamp DESC) WHERE NOT success"),
    // WHERE is_admin = TRUE AND timestamp > …: what admins did.
    ("admins", "(timestamp DESC) WHERE is_admin"),
];

/// Those that only an adopted log has.
const OF_APPLICATIONS: [(&str, &str); 2] = [
    // WHERE endpoint = …: how an endpoint does.
    ("endpoint", "(endpoint)"),
    // WHERE target_user_id = …: what was done to a user.
    ("target", "(target_user_id) WHERE target_user_id IS NOT NULL"),
];

/// Says that the log was adopted. An adoption notes the zone of the application's timestamps.
const IS_ADOPTED: &str = "SELECT EXISTS (SELECT FROM livetrail_settings WHERE name = 'adoption_zone')";

/// How long a statement may wait for transactions that use the partition. No session waits behind it.
const DROP_TIMEOUT: &str = "SET statement_timeout = '30s'";
/// When to try again after an error.
const RETRY: Duration = Duration::from_secs(60);
/// Only one node drops indexes. The lock ends with the session.
const DROPPING: &str =
    "SELECT pg_try_advisory_lock(hashtext('livetrail look-ups'), hashtext(coalesce(current_schema(), '')))";

/// Makes the look-ups of a partition that is being sealed.
pub(super) async fn make(transaction: &mut Transaction<'_>, partition: &str) -> Result<()> {
    let is_adopted: bool = transaction.query_one(IS_ADOPTED, &[]).await?.get(0);
    let of_applications = OF_APPLICATIONS.into_iter().filter(|_| is_adopted);
    for (look_up, columns) in LOOK_UPS.into_iter().chain(of_applications) {
        let step = transaction.transaction().await?;
        let sql = format!("CREATE INDEX IF NOT EXISTS {partition}_{look_up} ON {partition} {columns}");
        match step.batch_execute(&sql).await {
            Ok(()) => step.commit().await?,
            // An external value may be longer than an index takes.
            Err(error) if error.code() == Some(&SqlState::PROGRAM_LIMIT_EXCEEDED) => {
                step.rollback().await?;
                tracing::warn!(partition, look_up, "has a value too long for this index and goes without");
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Drops the look-ups that an earlier version has made in sealed partitions and that this log does not need, until none
/// is left.
pub(super) async fn drop_surplus(shared: Arc<Shared>) {
    let mut ticks = interval(RETRY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match try_to_drop(&shared.connector).await {
            Ok(true) => return,
            Ok(false) => {} // Another node drops them.
            Err(error) => tracing::debug!(%error, "indexes that are not needed have to wait"),
        }
    }
}

/// Whether none is left.
async fn try_to_drop(connector: &Connector) -> Result<bool> {
    let client = connector.connect().await?;
    if surplus(&client).await?.is_empty() {
        return Ok(true);
    }
    if !client.query_one(DROPPING, &[]).await?.get::<_, bool>(0) {
        return Ok(false);
    }
    client.batch_execute(DROP_TIMEOUT).await?;
    for index in surplus(&client).await? {
        // `DROP INDEX` alone would wait for readers of the partition, while all others wait behind it.
        client.batch_execute(&format!("DROP INDEX CONCURRENTLY IF EXISTS {index}")).await?;
        tracing::info!(index, "dropped: nothing uses it");
    }
    Ok(true)
}

/// The names of indexes that this log does not need. An index that an operator has made on the whole log may have taken
/// one of them as its part in a partition; such an index stays.
async fn surplus(client: &Client) -> Result<Vec<String>> {
    if client.query_one(IS_ADOPTED, &[]).await?.get(0) {
        return Ok(Vec::new());
    }
    let names: Vec<&str> = OF_APPLICATIONS.iter().map(|(name, _)| *name).collect();
    let sql = "SELECT index.relname::text FROM livetrail_partitions
             JOIN pg_class of ON of.oid = to_regclass('activity_logs_from_' || first_position)
             JOIN pg_index ON indrelid = of.oid JOIN pg_class index ON index.oid = indexrelid
         WHERE sealed_at IS NOT NULL AND index.relname IN (SELECT of.relname || '_' || name FROM unnest($1::text[]) name)
           AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = indexrelid)
         ORDER BY first_position, index.relname";
    Ok(client.query(sql, &[&names]).await?.iter().map(|row| row.get(0)).collect())
}
