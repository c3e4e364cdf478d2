//! Partitions of the log, by position. The one that is written is light: a row costs its place in three indexes, two of
//! which only grow at their end. One that is full is sealed: it gets the indexes that SQL asked by hand needs, in bulk
//! and in the background, which is many times cheaper than row by row.

use super::{look_ups, rights, rows::clamped};
use crate::{Result, StoreError};
use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};
use tokio_postgres::{Client, GenericClient, Row};
use uuid::Uuid;

/// Keeps two nodes from sealing the same partition.
const SEALING: &str =
    "SELECT pg_try_advisory_xact_lock(hashtext('livetrail sealing ' || coalesce(current_schema(), '')))";

/// What is known of the partitions. It may lag behind what other nodes do: then it knows of fewer that are sealed, and
/// a statement looks into one more than it had to.
#[derive(Debug)]
pub(super) struct Partitions {
    /// Positions in each; those that exist already keep theirs.
    size: u64,
    known: Mutex<Vec<Partition>>,
    /// See [`Partitions::drops`].
    drops: AtomicU64,
    /// Whether the log remembers the last position that was given, and its floor; one that is being adopted does not
    /// yet.
    has_bounds: AtomicBool,
}

#[derive(Clone, Debug)]
struct Partition {
    first: u64,
    last: u64,
    /// None while it is not sealed: then anything may be in it.
    ids: Option<Ids>,
}

/// Between which ids those of a partition lie, or those of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Ids {
    /// Those of version 7, which arrive in order, so that a partition has a narrow range of them.
    v7: Option<(Uuid, Uuid)>,
    others: Option<(Uuid, Uuid)>,
}

impl Ids {
    fn of<'a>(ids: impl IntoIterator<Item = &'a Uuid>) -> Self {
        let mut bounds = Self::default();
        for id in ids {
            let range = if id.get_version_num() == 7 { &mut bounds.v7 } else { &mut bounds.others };
            let (first, last) = range.unwrap_or((*id, *id));
            *range = Some((first.min(*id), last.max(*id)));
        }
        bounds
    }

    fn overlap(self, other: Self) -> bool {
        let meet = |one: Option<(Uuid, Uuid)>, two: Option<(Uuid, Uuid)>| {
            one.zip(two).is_some_and(|((a, b), (c, d))| a <= d && c <= b)
        };
        meet(self.v7, other.v7) || meet(self.others, other.others)
    }
}

impl Partitions {
    pub(super) async fn load(client: &Client, size: u64) -> Result<Self> {
        let partitions = Self {
            size,
            known: Mutex::new(Vec::new()),
            drops: AtomicU64::new(0),
            has_bounds: AtomicBool::new(false),
        };
        partitions.refresh(client).await?;
        Ok(partitions)
    }

    /// Positions in each new one.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// How often a partition that was known was found to be gone. A statement that fails because it names such a
    /// partition is worth a second try if this has changed since the statement was made, whichever task has found that
    /// out.
    pub(super) fn drops(&self) -> u64 {
        self.drops.load(Ordering::Acquire)
    }

    /// Reads again which there are, without those that lie below the floor: they are being dropped.
    pub(super) async fn refresh(&self, client: &impl GenericClient) -> Result<()> {
        let has_bounds = "SELECT to_regclass('livetrail_bounds') IS NOT NULL";
        let has_bounds: bool = client.query_one(has_bounds, &[]).await?.get(0);
        let kept = if has_bounds { format!("NOT {BELOW}") } else { "TRUE".to_owned() };
        let sql = format!(
            "SELECT first_position, last_position, sealed_at IS NOT NULL, v7_first, v7_last, other_first, other_last \
             FROM livetrail_partitions WHERE {kept} ORDER BY first_position"
        );
        let found: Vec<Partition> = client.query(&sql, &[]).await?.iter().map(Partition::read).collect();
        self.has_bounds.store(has_bounds, Ordering::Relaxed);
        let before = std::mem::replace(&mut *self.known(), found.clone());
        if before.iter().any(|one| found.iter().all(|other| other.first != one.first)) {
            self.drops.fetch_add(1, Ordering::AcqRel);
        }
        Ok(())
    }

    fn known(&self) -> MutexGuard<'_, Vec<Partition>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last position that has a partition; 0 if there is none.
    pub(super) fn covered(&self) -> u64 {
        self.known().last().map_or(0, |newest| newest.last)
    }

    /// The partitions, as far as they are known, in which any of the ids may be stored already, by their names.
    pub(super) fn that_may_hold(&self, ids: &[Uuid]) -> Vec<String> {
        let wanted = Ids::of(ids);
        let known = self.known();
        let newest = known.last().map(|newest| newest.first);
        let may_hold = |partition: &&Partition| {
            Some(partition.first) == newest || partition.ids.is_none_or(|ids| ids.overlap(wanted))
        };
        known.iter().filter(may_hold).map(|partition| name(partition.first)).collect()
    }

    /// The statement for the last position, as far as partitions are known: one that is sealed is full, the others are
    /// asked.
    pub(super) fn head(&self) -> String {
        let known = self.known();
        let full =
            known.iter().filter(|partition| partition.ids.is_some()).map(|partition| partition.last).max();
        let others = known.iter().filter(|partition| partition.ids.is_none());
        let others: String = others
            .map(|partition| format!(", (SELECT max(position) FROM {})", name(partition.first)))
            .collect();
        let mark = if self.has_bounds.load(Ordering::Relaxed) {
            ", (SELECT last_value FROM livetrail_head), (SELECT floor FROM livetrail_bounds)"
        } else {
            ""
        };
        format!("SELECT greatest({}::int8{others}{mark})", full.unwrap_or_default())
    }

    /// Whether there is something to do in a log that ends at `head`.
    pub(super) fn want_care(&self, head: u64) -> bool {
        let known = self.known();
        let spare = known.last().map_or(0, |newest| newest.last) >= head.saturating_add(self.size);
        !spare || known.iter().any(|partition| partition.is_full(head) && partition.ids.is_none())
    }

    /// Makes partitions in `client`'s transaction until `position` has one; whether any were missing. `log` is the name
    /// of the table they belong to.
    pub(super) async fn cover(&self, client: &impl GenericClient, log: &str, position: u64) -> Result<bool> {
        // Another node that makes the same partition waits here, and then finds it made.
        let claim = "INSERT INTO livetrail_partitions (first_position, last_position) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        let covered = "SELECT coalesce(max(last_position), 0) FROM livetrail_partitions";
        let mut made = false;
        loop {
            let last: i64 = client.query_one(covered, &[]).await?.get(0);
            if last >= clamped(position) {
                return Ok(made);
            }
            let (first, last) = (last + 1, last + clamped(self.size));
            if client.execute(claim, &[&first, &last]).await? == 1 {
                let storage = storage(client, log, first).await?;
                client.batch_execute(&definition(log, &storage, first, last)).await?;
                made = true;
            }
        }
    }

    /// Makes the partition after the one that is written, and seals those that are full, in a log that ends at `head`.
    pub(super) async fn care(&self, client: &mut Client, log: &str, head: u64) -> Result<()> {
        let transaction = client.transaction().await?;
        self.cover(&transaction, log, head.saturating_add(self.size)).await?;
        transaction.commit().await?;
        self.refresh(client).await?;
        let full: Vec<Partition> = {
            let known = self.known();
            known.iter().filter(|one| one.is_full(head) && one.ids.is_none()).cloned().collect()
        };
        for partition in full {
            if let Err(error) = partition.seal(client).await {
                tracing::warn!(%error, partition = name(partition.first), "could not be sealed; it is tried again");
                return Err(error);
            }
            self.refresh(client).await?;
        }
        Ok(())
    }
}

impl Partition {
    fn read(row: &Row) -> Self {
        let position = |index| u64::try_from(row.get::<_, i64>(index)).unwrap_or_default();
        let range = |index| row.get::<_, Option<Uuid>>(index).zip(row.get::<_, Option<Uuid>>(index + 1));
        let sealed: bool = row.get(2);
        Self {
            first: position(0),
            last: position(1),
            ids: sealed.then(|| Ids { v7: range(3), others: range(5) }),
        }
    }

    fn is_full(&self, head: u64) -> bool {
        self.last <= head
    }

    /// Gives a full partition its indexes and remembers between which ids its own lie. It takes no more rows, so no
    /// writer waits.
    async fn seal(&self, client: &mut Client) -> Result<()> {
        let name = name(self.first);
        let mut transaction = client.transaction().await?;
        if !transaction.query_one(SEALING, &[]).await?.get::<_, bool>(0) {
            return Ok(()); // Another node seals.
        }
        let last = format!(
            "SELECT greatest((SELECT max(position) FROM {name}), (SELECT last_value FROM livetrail_head))"
        );
        if transaction.query_one(&last, &[]).await?.get::<_, i64>(0) < clamped(self.last) {
            // What is sealed counts as full, so it had better be.
            return Err(StoreError::Internal(format!("{name} is not full")));
        }
        transaction
            .batch_execute("SET LOCAL statement_timeout = 0; SET LOCAL maintenance_work_mem = '256MB'")
            .await?;
        look_ups::make(&mut transaction, &name).await?;
        transaction.batch_execute(&format!("ANALYZE {name}")).await?;
        let bound = |version: &str, order: &str| {
            format!(
                "(SELECT id FROM {name} WHERE substr(id::text, 15, 1) {version} ORDER BY id {order} LIMIT 1)"
            )
        };
        let seal = format!(
            "UPDATE livetrail_partitions SET sealed_at = now(), v7_first = {}, v7_last = {}, other_first = {}, \
             other_last = {} WHERE first_position = $1",
            bound("= '7'", "ASC"),
            bound("= '7'", "DESC"),
            bound("<> '7'", "ASC"),
            bound("<> '7'", "DESC"),
        );
        transaction.execute(&seal, &[&clamped(self.first)]).await?;
        transaction.commit().await?;
        tracing::info!(partition = name, "sealed");
        Ok(())
    }
}

/// Whether a partition lies below the floor. The newest one stays: the next one follows it.
const BELOW: &str = "(last_position <= (SELECT floor FROM livetrail_bounds) \
     AND last_position < (SELECT max(last_position) FROM livetrail_partitions))";

/// The first position of a partition below the floor, if there is one.
pub(super) async fn below_the_floor(client: &impl GenericClient) -> Result<Option<i64>> {
    let sql = format!("SELECT first_position FROM livetrail_partitions WHERE {BELOW} ORDER BY 1 LIMIT 1");
    Ok(client.query_opt(&sql, &[]).await?.map(|row| row.get(0)))
}

/// The last position of the sealed partition that has `position`, unless it is the newest one.
pub(super) async fn sealed_with(client: &impl GenericClient, position: u64) -> Result<Option<u64>> {
    let sql = "SELECT last_position FROM livetrail_partitions WHERE $1 BETWEEN first_position AND last_position \
               AND sealed_at IS NOT NULL AND last_position < (SELECT max(last_position) FROM livetrail_partitions)";
    let found = client.query_opt(sql, &[&clamped(position)]).await?;
    Ok(found.and_then(|row| u64::try_from(row.get::<_, i64>(0)).ok()))
}

/// Drops the partition that begins at `first`. `DROP TABLE` alone would lock the log against its readers and writers.
/// Detaching it first waits for transactions that use it, and holds up none. Each of these steps may have been done
/// before.
pub(super) async fn drop(client: &mut Client, first: i64) -> Result<()> {
    let name = name(first);
    let state = "SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = to_regclass($1::text)";
    let how = client.query_opt(state, &[&name]).await?.map(|row| row.get::<_, bool>(0));
    if let Some(is_pending) = how {
        let how = if is_pending { "FINALIZE" } else { "CONCURRENTLY" };
        let log = super::append::LOG;
        client.batch_execute(&format!("ALTER TABLE {log} DETACH PARTITION {name} {how}")).await?;
    }
    let transaction = client.transaction().await?;
    transaction.batch_execute(&format!("DROP TABLE IF EXISTS {name}")).await?;
    transaction.execute("DELETE FROM livetrail_partitions WHERE first_position = $1", &[&first]).await?;
    transaction.commit().await?;
    tracing::info!(partition = name, "dropped");
    Ok(())
}

fn name(first: impl std::fmt::Display) -> String {
    format!("activity_logs_from_{first}")
}

/// The storage parameters of a new partition of `log` that begins at `first`: those of the partition before it, so that
/// what an operator sets goes on. The first one takes those of the application's table, which has the log's name while
/// it is adopted. The tablespace is that of the log.
async fn storage(client: &impl GenericClient, log: &str, first: i64) -> Result<String> {
    let sql = "SELECT coalesce('WITH (' || string_agg(format('%s=%L', split_part(option, '=', 1),
                 substr(option, strpos(option, '=') + 1)), ', ') || ')', '')
               FROM pg_class owner LEFT JOIN pg_class toast ON toast.oid = owner.reltoastrelid,
                 LATERAL (SELECT unnest(owner.reloptions) UNION ALL SELECT 'toast.' || unnest(toast.reloptions)) all_of (option)
               WHERE owner.oid = coalesce((SELECT to_regclass('activity_logs_from_' || first_position) FROM livetrail_partitions
                 WHERE first_position < $1 ORDER BY first_position DESC LIMIT 1), to_regclass('activity_logs'))";
    let parameters: String = client.query_one(sql, &[&first]).await?.get(0);
    let tablespace = "SELECT format(' TABLESPACE %I', spcname) FROM pg_class JOIN pg_tablespace ON pg_tablespace.oid = reltablespace
                      WHERE pg_class.oid = to_regclass($1)";
    let tablespace = client.query_opt(tablespace, &[&log]).await?;
    Ok(parameters + &tablespace.map(|row| row.get::<_, String>(0)).unwrap_or_default())
}

/// A partition as it is written. A partition that was made apart is attached without a lock against readers and writers
/// of the log.
fn definition(log: &str, storage: &str, first: i64, last: i64) -> String {
    let name = name(first);
    format!(
        "CREATE TABLE {name} (LIKE {log} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE) {storage};
         CREATE UNIQUE INDEX {name}_position ON {name} (position);
         ALTER TABLE {name} REPLICA IDENTITY USING INDEX {name}_position;
         CREATE INDEX {name}_id ON {name} (id);
         CREATE INDEX {name}_brin ON {name} USING brin (timestamp);
         DO $triggers$ BEGIN
           -- A log that is being adopted gets these triggers when its migrations have gone so far.
           IF to_regproc('livetrail_note_removed') IS NOT NULL THEN
             CREATE TRIGGER livetrail_removed AFTER DELETE ON {name} REFERENCING OLD TABLE AS gone
               FOR EACH STATEMENT EXECUTE FUNCTION livetrail_note_removed();
           END IF;
           IF to_regproc('livetrail_watch_positions') IS NOT NULL THEN
             PERFORM livetrail_watch_positions('{name}');
           END IF;
         END $triggers$;
         {}
         ALTER TABLE {log} ATTACH PARTITION {name} FOR VALUES FROM ({first}) TO ({});
         {}",
        rights::keep_to_owner_of(&name),
        last + 1,
        rights::give_partitions_to_owner_of(log)
    )
}
