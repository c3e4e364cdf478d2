//! Removed positions get their numbers here. A DELETE only notes the positions. Numbers that it took would become
//! visible when its transaction ends, out of order; and an open transaction of an operator would delay all that follow.
//! A transaction that gives numbers is short, and holds the row of `livetrail_bounds`, so numbers become visible in
//! order.

use super::rows::clamped;
use crate::{Result, internal_rows::edition_of, internal_tables as sql};
use tokio_postgres::{Client, GenericClient};

/// Whether positions wait for their numbers.
pub(super) const WAITING: &str = "EXISTS (SELECT FROM livetrail_removed_incoming)";

/// Positions of one transaction.
const BATCH: i64 = 10_000;

/// The stored bounds, as [`sql::BOUNDS`] reads them.
pub(super) struct Stored {
    pub(super) floor: u64,
    pub(super) removals: u64,
    pub(super) holds: u64,
    pub(super) edition: u64,
    /// Whether positions wait for their numbers.
    pub(super) is_waiting: bool,
}

impl Stored {
    pub(super) async fn read(client: &impl GenericClient) -> Result<Self> {
        let sql = format!("SELECT own.*, {WAITING} FROM ({}) own", sql::BOUNDS);
        let row = client.query_one(&sql, &[]).await?;
        let number = |index| super::head::position(row.get(index));
        Ok(Self {
            floor: number(0),
            removals: number(1),
            holds: number(2),
            edition: edition_of(row.get(3)),
            is_waiting: row.get(4),
        })
    }

    /// The same. The row is the caller's until its transaction ends: neither the floor nor the holds change meanwhile,
    /// and no other transaction gives numbers.
    pub(super) async fn lock(client: &impl GenericClient) -> Result<Self> {
        client.execute("SELECT FROM livetrail_bounds FOR UPDATE", &[]).await?;
        Self::read(client).await
    }
}

/// Gives numbers to positions that wait, in a transaction that has locked the bounds of a log that ends at `head`. A
/// position that has an activity is not removed: the log was restored after its removal, and has given it again. That
/// is looked up position by position, because a join may read the whole log.
pub(super) async fn give_numbers(client: &impl GenericClient, head: u64) -> Result<()> {
    let give = format!(
        "WITH taken AS (
           DELETE FROM livetrail_removed_incoming WHERE ctid = ANY(ARRAY(
             SELECT ctid FROM livetrail_removed_incoming LIMIT {BATCH} FOR UPDATE SKIP LOCKED))
           RETURNING position
         ), numbered AS (
           INSERT INTO livetrail_removed (number, position)
           SELECT removals + row_number() OVER (ORDER BY position), position
           FROM (SELECT DISTINCT position FROM taken) removed, livetrail_bounds
           WHERE position > floor AND position <= $1
             AND (SELECT TRUE FROM activity_logs log WHERE log.position = removed.position LIMIT 1) IS NULL
           ON CONFLICT (position) DO NOTHING RETURNING number
         )
         UPDATE livetrail_bounds SET removals = (SELECT max(number) FROM numbered) WHERE EXISTS (SELECT FROM numbered)"
    );
    client.execute(&give, &[&clamped(head)]).await?;
    Ok(())
}

/// The same in a transaction of its own.
pub(super) async fn give_numbers_alone(client: &mut Client, head: u64) -> Result<()> {
    let transaction = client.transaction().await?;
    Stored::lock(&transaction).await?;
    give_numbers(&transaction, head).await?;
    Ok(transaction.commit().await?)
}

/// Forgets removals above the head of a log that was restored: their positions will be given again.
pub(super) async fn forget_above(client: &impl GenericClient, head: u64) -> Result<()> {
    let forget = format!(
        "DELETE FROM livetrail_removed WHERE position > {head}; DELETE FROM livetrail_removed_incoming WHERE position > {head}"
    );
    Ok(client.batch_execute(&forget).await?)
}
