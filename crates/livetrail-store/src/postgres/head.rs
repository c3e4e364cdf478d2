//! Where the log begins and ends, and which writer may go on from there.
//!
//! A sequence would not do: it gives numbers before the commit, so that 2 may be visible while 1 is not. Here a writer
//! locks the log before it reads the last position, and holds the lock until its transaction has ended. So transactions
//! become visible in the order of their positions, however many nodes append.
//!
//! The last position is read from the rows themselves, by the index of the partition that is written, and the lock is
//! an advisory one. A row with the number would serve as well, until a transaction stays open for an hour: PostgreSQL
//! keeps all dead tuples of the row meanwhile, and every append would scan them.

use super::partitions::Partitions;
use crate::Result;
use tokio_postgres::{GenericClient, error::SqlState};

/// Waits for the log, and holds it until the transaction ends. Statements after this one see what was committed before.
/// The number is `live` in ASCII; logs in other schemas have locks of their own.
pub(super) const LOCK: &str =
    "SELECT pg_advisory_xact_lock(x'6c697665'::int, hashtext(coalesce(current_schema(), '')))";

/// Ends sessions that hold the log, wait for their client and began so many seconds ago (`$1`) that no batch takes so
/// long. The client is a process that was stopped in the middle of a batch. Its machine is well, so neither the
/// connection nor a timeout of the session ends it. The transaction is rolled back.
pub(super) const TAKE_FROM_SILENT: &str =
    "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND granted AND objsubid = 2
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND classid = x'6c697665'::int::oid
       AND objid = (hashtext(coalesce(current_schema(), ''))::bigint & x'ffffffff'::bigint)::oid
       AND wait_event = 'ClientRead' AND query_start < now() - make_interval(secs => $1)";

/// The last position that was given, as far as it was noted: at most a moment behind the log, and never ahead of it.
pub(super) const MARK: &str = "SELECT last_value FROM livetrail_head";

/// The last position; 0 in an empty log.
pub(super) async fn read(client: &impl GenericClient, partitions: &Partitions) -> Result<u64> {
    loop {
        let (covered, drops) = (partitions.covered(), partitions.drops());
        let head = match client.query_one(&partitions.head(), &[]).await {
            // Another node has dropped a partition that was not known here as full.
            Err(error) if is_gone(&error) => {
                partitions.refresh(client).await?;
                if partitions.drops() == drops {
                    return Err(error.into());
                }
                continue;
            }
            answer => position(answer?.get(0)),
        };
        if head < covered {
            return Ok(head);
        }
        // All that are known are full: other nodes may have made more of them.
        partitions.refresh(client).await?;
        if partitions.covered() == covered {
            return Ok(head);
        }
    }
}

/// Whether a statement failed because a table that it names was dropped.
fn is_gone(error: &tokio_postgres::Error) -> bool {
    error.code() == Some(&SqlState::UNDEFINED_TABLE)
}

/// Notes the last position that was given, so that it is not given again when the newest activities are removed.
pub(super) async fn note(client: &impl GenericClient, head: u64) -> Result<()> {
    let note = format!("SELECT setval('livetrail_head', greatest({head}, last_value)) FROM livetrail_head");
    Ok(client.batch_execute(&note).await?)
}

/// A position as the database has it.
pub(super) fn position(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}
