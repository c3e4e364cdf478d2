//! Removal of activities. Partitions that lie below the new floor are detached and dropped whole; in the partition of
//! the floor itself, rows are deleted in short transactions. Neither takes a lock that an append waits for.

use super::{
    PostgresStore,
    credentials::bound,
    head, partitions,
    removed::{self, Stored},
    rows::clamped,
    value::Moment,
};
use crate::{
    Aged, Hold, Holds, Lease, OldAlerts, Result, Retention, Space, Sweep, internal_rows::Column,
    internal_tables as sql,
};
use async_trait::async_trait;
use tokio_postgres::{Client, GenericClient, IsolationLevel, Row, Transaction};
use uuid::Uuid;

/// Rows that one transaction deletes.
const STEP: i64 = 5_000;

/// Held by the session of the node that has the lease.
const LEASE: &str =
    "SELECT pg_try_advisory_lock(hashtext('livetrail retention'), hashtext(coalesce(current_schema(), '')))";

/// How long a detached partition waits for transactions that have used the log. No other session waits for it. Later
/// statements do not see the partition, whether or not the wait ends.
const DETACH_TIMEOUT: &str = "SET statement_timeout = '30s'";

pub(super) const AGED: &str =
    "SELECT a.position, a.timestamp, a.tenant_id, a.user_id, a.target_user_id, a.delegate_id, a.action_type";

#[async_trait]
impl Retention for PostgresStore {
    async fn holds(&self) -> Result<Holds> {
        let asking = async {
            let mut pooled = self.client().await?;
            let client: &mut Client = &mut pooled;
            // Of one moment: the version is that of these holds.
            let transaction = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead);
            let transaction = transaction.read_only(true).start().await?;
            let version = Stored::read(&transaction).await?.holds;
            let holds =
                transaction.query(sql::HOLDS, &[]).await?.iter().map(Hold::read).collect::<Result<_>>()?;
            Ok(Holds { version, holds })
        };
        self.answer(asking).await
    }

    async fn put_hold(&self, hold: Hold) -> Result<()> {
        let putting = async {
            let mut client = self.client().await?;
            let transaction = client.transaction().await?;
            transaction.execute(sql::HOLDS_CHANGE, &[]).await?;
            transaction.execute(sql::PUT_HOLD, &bound(&hold.columns())).await?;
            Ok(transaction.commit().await?)
        };
        self.answer(putting).await
    }

    async fn release_hold(&self, id: Uuid) -> Result<Option<Hold>> {
        let releasing = async {
            let mut client = self.client().await?;
            let transaction = client.transaction().await?;
            transaction.execute(sql::HOLDS_CHANGE, &[]).await?;
            let released = transaction.query_opt(sql::RELEASE_HOLD, &[&id.to_string()]).await?;
            transaction.commit().await?;
            released.as_ref().map(Hold::read).transpose()
        };
        self.answer(releasing).await
    }

    async fn aged(&self, sweep: Sweep, limit: usize) -> Result<Vec<Aged>> {
        let log = self.reads().log;
        let limit = clamped(limit as u64);
        let asking = async {
            let client = self.client().await?;
            let rows = match sweep {
                Sweep::Positions { after, up_to } => {
                    let sql = format!(
                        "{AGED} FROM {log} WHERE a.position > $1 AND a.position <= $2 ORDER BY a.position LIMIT $3"
                    );
                    client.query(&sql, &[&clamped(after), &clamped(up_to), &limit]).await?
                }
                Sweep::Times { after: (time, position), until } => {
                    let sql = format!(
                        "{AGED} FROM {log} WHERE a.timestamp >= $1 AND (a.timestamp, a.position) > ($1, $2) \
                         AND a.timestamp <= $3 AND a.position >= 1 ORDER BY a.timestamp, a.position LIMIT $4"
                    );
                    client.query(&sql, &[&Moment(time), &clamped(position), &Moment(until), &limit]).await?
                }
            };
            rows.iter().map(aged).collect()
        };
        self.answer(asking).await
    }

    async fn drop_before(&self, floor: u64, holds: u64) -> Result<Option<u64>> {
        self.finish_dropping().await?;
        let head = self.reached().await?;
        let dropping = async {
            let mut pooled = self.client().await?;
            let client: &mut Client = &mut pooled;
            head::note(client, head).await?;
            let transaction = client.transaction().await?;
            let Some(step) = Step::plan(&transaction, floor.min(head), holds).await? else { return Ok(None) };
            step.take(&transaction).await?;
            transaction.commit().await?;
            Ok(Some(step.up_to))
        };
        let reached = self.answer(dropping).await?;
        // Without the last partition, the answer would promise too much.
        self.finish_dropping().await?;
        Ok(reached)
    }

    async fn remove(&self, positions: Vec<u64>, holds: u64) -> Result<Option<u64>> {
        let head = self.reached().await?;
        let positions: Vec<i64> = positions.into_iter().filter(|one| *one > 0).map(clamped).collect();
        let removing = async {
            let mut pooled = self.client().await?;
            let client: &mut Client = &mut pooled;
            head::note(client, head).await?;
            let transaction = client.transaction().await?;
            let stored = Stored::lock(&transaction).await?;
            if stored.holds != holds {
                return Ok(None);
            }
            let delete = "DELETE FROM activity_logs WHERE position = ANY($1) AND position > $2";
            let removed = transaction.execute(delete, &[&positions, &clamped(stored.floor)]).await?;
            removed::give_numbers(&transaction, head).await?;
            transaction.commit().await?;
            Ok(Some(removed))
        };
        self.answer(removing).await
    }

    async fn old_alerts(&self, after: (u64, Uuid), old: OldAlerts, limit: u32) -> Result<Vec<(u64, Uuid)>> {
        let values = old.after(after, limit);
        let asking = async {
            let rows = self.client().await?.query(sql::OLD_ALERTS, &bound(&values)).await?;
            rows.iter().map(OldAlerts::read).collect()
        };
        self.answer(asking).await
    }

    async fn remove_alerts(&self, ids: Vec<Uuid>, old: OldAlerts) -> Result<u64> {
        let log = self.reads().log;
        let sql = format!("{}(SELECT FROM {log} WHERE a.id = CAST($3 AS uuid))", sql::REMOVE_ALERT);
        let removing = async {
            let mut client = self.client().await?;
            let (transaction, mut removed) = (client.transaction().await?, 0);
            for id in ids {
                let values = old.with([Column::Text(Some(id.to_string()))]);
                removed += transaction.execute(&sql, &bound(&values)).await?;
            }
            transaction.commit().await?;
            Ok(removed)
        };
        self.answer(removing).await
    }

    async fn give_back_space(&self) -> Result<Space> {
        // A dropped partition's files go at once, and autovacuum frees the rows that were deleted.
        Ok(Space::default())
    }

    async fn lease(&self) -> Result<Option<Lease>> {
        let client = self.shared.connector.connect().await?;
        let is_ours: bool = self.answer(async { Ok(client.query_one(LEASE, &[]).await?) }).await?.get(0);
        Ok(is_ours.then(|| Lease::holding(client)))
    }
}

pub(super) fn aged(row: &Row) -> Result<Aged> {
    Ok(Aged {
        position: head::position(row.try_get(0)?),
        timestamp: row.try_get::<_, Moment>(1)?.0,
        tenant_id: row.try_get(2)?,
        user_id: row.try_get(3)?,
        target_user_id: row.try_get(4)?,
        delegate_id: row.try_get(5)?,
        action_type: row.try_get(6)?,
    })
}

/// What one transaction drops.
struct Step {
    after: u64,
    up_to: u64,
    /// Whether a whole partition goes, so that no row has to be deleted.
    is_partition: bool,
}

impl Step {
    /// The first step from the floor to `target`, in a transaction that has the bounds to itself. `None` if the holds
    /// have changed.
    async fn plan(client: &Transaction<'_>, target: u64, holds: u64) -> Result<Option<Self>> {
        let stored = Stored::lock(client).await?;
        if stored.holds != holds {
            return Ok(None);
        }
        let after = stored.floor;
        if target <= after {
            return Ok(Some(Self { after, up_to: after, is_partition: false }));
        }
        let partition = partitions::sealed_with(client, after + 1).await?;
        if let Some(last) = partition.filter(|last| *last <= target) {
            return Ok(Some(Self { after, up_to: last, is_partition: true }));
        }
        let target = partition.map_or(target, |last| last.min(target));
        let up_to = step_end(client, after, target).await?;
        Ok(Some(Self { after, up_to, is_partition: false }))
    }

    async fn take(&self, client: &Transaction<'_>) -> Result<()> {
        let Self { after, up_to, is_partition } = *self;
        if up_to == after {
            return Ok(());
        }
        // The trigger notes what is removed above the floor only.
        client.execute(sql::SET_FLOOR, &[&clamped(up_to)]).await?;
        if !is_partition {
            // Numbers and not parameters: the planner then opens no other partition.
            let within = format!("position > {} AND position <= {}", clamped(after), clamped(up_to));
            client.batch_execute(&format!("DELETE FROM activity_logs WHERE {within}")).await?;
        }
        client.execute(sql::FORGET_REMOVED, &[&clamped(up_to)]).await?;
        Ok(())
    }
}

/// Where a step ends that begins after the position `after`: at `target`, or where it has enough rows to delete.
async fn step_end(client: &impl GenericClient, after: u64, target: u64) -> Result<u64> {
    let within = format!("position > {} AND position <= {}", clamped(after), clamped(target));
    let mut end = target;
    for table in ["activity_logs", "livetrail_removed"] {
        let sql = format!(
            "SELECT position FROM {table} WHERE {within} ORDER BY position LIMIT 1 OFFSET {}",
            STEP - 1
        );
        if let Some(row) = client.query_opt(&sql, &[]).await? {
            end = end.min(head::position(row.get(0)));
        }
    }
    Ok(end)
}

impl PostgresStore {
    /// Drops the partitions that lie below the floor. They have no readers and writers any more, but transactions that
    /// began before may still use them.
    async fn finish_dropping(&self) -> Result<()> {
        let below =
            async || self.answer(async { partitions::below_the_floor(&**self.client().await?).await }).await;
        while let Some(first) = below().await? {
            let mut own = self.shared.connector.connect().await?;
            self.shared.partitions.refresh(&own).await?;
            own.batch_execute(DETACH_TIMEOUT).await?;
            partitions::drop(&mut own, first).await?;
        }
        Ok(())
    }
}
