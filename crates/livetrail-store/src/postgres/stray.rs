//! External rows that were inserted with a position. The position is not kept: it would leave a gap before the row, and
//! the log would go on behind it. The row is taken in as if it had no position.

use super::{append::LOG, head, partitions::Partitions, rows::clamped};
use crate::Result;
use tokio_postgres::{Client, GenericClient};

/// The positions after one and up to another that have a row, or had one that was removed: such a gap has a known
/// cause.
const GIVEN: &str = "SELECT position FROM activity_logs WHERE position > $1 AND position <= $2 \
     UNION SELECT position FROM livetrail_removed WHERE position > $1 AND position <= $2 \
     UNION SELECT position FROM livetrail_removed_incoming WHERE position > $1 AND position <= $2";

/// Whether every position after `known` up to `head` was given by Livetrail.
async fn is_whole(client: &impl GenericClient, known: u64, head: u64) -> Result<bool> {
    let count = format!("SELECT count(*) FROM ({GIVEN}) given");
    let count: i64 = client.query_one(&count, &[&clamped(known), &clamped(head)]).await?.get(0);
    Ok(count == clamped(head.saturating_sub(known)))
}

/// The last position of a log that was known to reach to `known`, once rows that were given a position by others have
/// none. The caller's transaction holds the head.
pub(super) async fn settle(
    client: &impl GenericClient,
    partitions: &Partitions,
    known: u64,
    head: u64,
) -> Result<u64> {
    if head <= known || is_whole(client, known, head).await? {
        return Ok(head);
    }
    // What came through the API has a fingerprint. If it stands behind a gap, the rows before it were deleted.
    let first_gap = format!(
        "SELECT min(place) FROM (SELECT position, $1 + row_number() OVER (ORDER BY position) AS place
         FROM ({GIVEN}) given) numbered WHERE position <> place"
    );
    let gap: Option<i64> = client.query_one(&first_gap, &[&clamped(known), &clamped(head)]).await?.get(0);
    let Some(gap) = gap else { return Ok(head) };
    let move_back = format!("UPDATE {LOG} SET position = 0 WHERE position > $1 AND fingerprint IS NULL");
    client.batch_execute("SAVEPOINT stray").await?;
    let moved = match client.execute(&move_back, &[&gap]).await {
        // A trigger of the application keeps rows as they are. Then the log has a gap, which streams pass.
        Err(refusal) if refusal.as_db_error().is_some() => {
            client.batch_execute("ROLLBACK TO stray").await?;
            return Ok(head);
        }
        moved => moved?,
    };
    if moved > 0 {
        tracing::warn!(
            rows = moved,
            "rows were inserted with a position of their own, which only Livetrail gives; they are taken in as all others"
        );
    }
    head::read(client, partitions).await
}

/// The same in a transaction of its own.
pub(super) async fn settle_alone(
    client: &mut Client,
    partitions: &Partitions,
    known: u64,
    head: u64,
) -> Result<u64> {
    if head <= known || is_whole(client, known, head).await? {
        return Ok(head);
    }
    let transaction = client.transaction().await?;
    transaction.query_one(head::LOCK, &[]).await?;
    let head = head::read(&transaction, partitions).await?;
    let settled = settle(&transaction, partitions, known, head).await?;
    transaction.commit().await?;
    Ok(settled)
}
