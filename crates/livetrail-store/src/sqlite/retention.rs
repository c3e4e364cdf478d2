//! Removal of activities from the embedded database, in transactions that are short enough for an append to wait for.

use super::{
    SqliteStore,
    credentials::{NO_VALUE, all},
    log::Ends,
    rows::{clamped, moment},
};
use crate::{
    Aged, Hold, Holds, Lease, OldAlerts, Result, Retention, Space, Sweep, internal_rows::Column,
    internal_tables as sql,
};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params, params_from_iter};
use uuid::Uuid;

/// Activities of one transaction: some 20 ms.
const STEP: u64 = 2_000;
/// Pages that one step gives back: 4 MB.
const PAGES: u64 = 1_000;

pub(super) const AGED: &str = "SELECT a.position, a.occurred, tenant.text, user.text, a.target_user_id, delegate.text, action.text \
     FROM activities a JOIN terms user ON user.id = a.user JOIN terms action ON action.id = a.action \
     LEFT JOIN terms tenant ON tenant.id = a.tenant LEFT JOIN terms delegate ON delegate.id = a.delegate";

#[async_trait]
impl Retention for SqliteStore {
    async fn holds(&self) -> Result<Holds> {
        self.readers.run(holds).await
    }

    async fn put_hold(&self, hold: Hold) -> Result<()> {
        let put = move |connection: &mut Connection| {
            let transaction = connection.transaction()?;
            transaction.execute(sql::PUT_HOLD, params_from_iter(hold.columns()))?;
            transaction.execute(sql::HOLDS_CHANGE, [])?;
            Ok(transaction.commit()?)
        };
        self.writer.run(put).await
    }

    async fn release_hold(&self, id: Uuid) -> Result<Option<Hold>> {
        let release = move |connection: &mut Connection| {
            let transaction = connection.transaction()?;
            let released =
                all(&transaction, sql::RELEASE_HOLD, [id.to_string()], |row| Hold::read(row))?.pop();
            transaction.execute(sql::HOLDS_CHANGE, [])?;
            transaction.commit()?;
            Ok(released)
        };
        self.writer.run(release).await
    }

    async fn aged(&self, sweep: Sweep, limit: usize) -> Result<Vec<Aged>> {
        self.readers.run(move |connection| aged(connection, sweep, limit)).await
    }

    async fn drop_before(&self, floor: u64, holds: u64) -> Result<Option<u64>> {
        self.check_place()?;
        self.writer.run(move |connection| drop_before(connection, floor, holds)).await
    }

    async fn remove(&self, positions: Vec<u64>, holds: u64) -> Result<Option<u64>> {
        self.check_place()?;
        self.writer.run(move |connection| remove(connection, &positions, holds)).await
    }

    async fn old_alerts(&self, after: (u64, Uuid), old: OldAlerts, limit: u32) -> Result<Vec<(u64, Uuid)>> {
        let values = old.after(after, limit);
        self.readers
            .run(move |connection| all(connection, sql::OLD_ALERTS, values, |row| OldAlerts::read(row)))
            .await
    }

    async fn remove_alerts(&self, ids: Vec<Uuid>, old: OldAlerts) -> Result<u64> {
        self.check_place()?;
        self.writer.run(move |connection| remove_alerts(connection, &ids, old)).await
    }

    async fn give_back_space(&self) -> Result<Space> {
        self.writer.run(|connection| give_back(connection)).await
    }

    async fn lease(&self) -> Result<Option<Lease>> {
        // No other process has the folder.
        Ok(Some(Lease::holding(())))
    }
}

fn holds(connection: &Connection) -> Result<Holds> {
    let version = Ends::read(connection)?.holds;
    let holds = all(connection, sql::HOLDS, NO_VALUE, |row| Hold::read(row))?;
    Ok(Holds { version, holds })
}

fn aged(connection: &Connection, sweep: Sweep, limit: usize) -> Result<Vec<Aged>> {
    let (condition, values) = match sweep {
        Sweep::Positions { after, up_to } => {
            ("a.position > ?2 AND a.position <= ?3 ORDER BY a.position", vec![clamped(after), clamped(up_to)])
        }
        Sweep::Times { after: (time, position), until } => (
            "a.occurred >= ?2 AND (a.occurred, a.position) > (?2, ?3) AND a.occurred <= ?4 \
             ORDER BY a.occurred, a.position",
            vec![time.as_microsecond(), clamped(position), until.as_microsecond()],
        ),
    };
    let mut statement = connection.prepare_cached(&format!("{AGED} WHERE {condition} LIMIT ?1"))?;
    let values = std::iter::once(clamped(limit as u64)).chain(values);
    let found = statement.query_map(params_from_iter(values), read_aged)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// A row of [`AGED`].
pub(super) fn read_aged(row: &rusqlite::Row<'_>) -> rusqlite::Result<Aged> {
    Ok(Aged {
        position: row.get(0)?,
        timestamp: moment(row, 1)?,
        tenant_id: row.get(2)?,
        user_id: row.get(3)?,
        target_user_id: row.get(4)?,
        delegate_id: row.get(5)?,
        action_type: row.get(6)?,
    })
}

/// A transaction that removes or erases, unless the holds have changed.
pub(super) fn begin(connection: &mut Connection, holds: u64) -> Result<Option<(Transaction<'_>, Ends)>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let ends = Ends::read(&transaction)?;
    Ok((ends.holds == holds).then_some((transaction, ends)))
}

fn drop_before(connection: &mut Connection, floor: u64, holds: u64) -> Result<Option<u64>> {
    let Some((transaction, ends)) = begin(connection, holds)? else { return Ok(None) };
    if floor <= ends.floor {
        return Ok(Some(ends.floor));
    }
    let reached = step_end(&transaction, ends.floor, floor.min(ends.head))?;
    // The trigger records what is removed above the floor only.
    transaction.execute(sql::SET_FLOOR, [reached])?;
    transaction.execute("DELETE FROM activities WHERE position <= ?1", [reached])?;
    transaction.execute(sql::FORGET_REMOVED, [reached])?;
    transaction.commit()?;
    Ok(Some(reached))
}

/// Where a step ends that begins after the position `floor`: at `target`, or where it has enough rows to delete.
fn step_end(connection: &Connection, floor: u64, target: u64) -> Result<u64> {
    let last_of = |table: &str| {
        let sql =
            format!("SELECT position FROM {table} WHERE position > ?1 ORDER BY position LIMIT 1 OFFSET ?2");
        connection.query_row(&sql, [floor, STEP - 1], |row| row.get::<_, u64>(0)).optional()
    };
    let ends = [last_of("activities")?, last_of("livetrail_removed")?];
    Ok(ends.into_iter().flatten().fold(target, u64::min))
}

fn remove(connection: &mut Connection, positions: &[u64], holds: u64) -> Result<Option<u64>> {
    let Some((transaction, ends)) = begin(connection, holds)? else { return Ok(None) };
    let mut removed = 0;
    {
        let mut delete = transaction.prepare_cached("DELETE FROM activities WHERE position = ?1")?;
        for position in positions.iter().filter(|position| **position > ends.floor) {
            removed += delete.execute([clamped(*position)])? as u64;
        }
    }
    transaction.commit()?;
    Ok(Some(removed))
}

fn remove_alerts(connection: &mut Connection, ids: &[Uuid], old: OldAlerts) -> Result<u64> {
    let transaction = connection.transaction()?;
    let sql = format!("{}(SELECT 1 FROM activities WHERE activities.id = unhex(?3, '-'))", sql::REMOVE_ALERT);
    let mut removed = 0;
    for id in ids {
        let values = old.with([Column::Text(Some(id.to_string()))]);
        removed += transaction.prepare_cached(&sql)?.execute(params_from_iter(values))? as u64;
    }
    transaction.commit()?;
    Ok(removed)
}

fn give_back(connection: &Connection) -> Result<Space> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, u64>(0));
    // 2 is `INCREMENTAL`.
    if pragma("auto_vacuum")? == 2 && pragma("freelist_count")? > 0 {
        let mut vacuum = connection.prepare(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
        // Each row of the answer is a page that was given back.
        let mut pages = vacuum.query([])?;
        while pages.next()?.is_some() {}
        if pragma("freelist_count")? == 0 {
            // The file gets shorter when the write-ahead log is folded into it.
            connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", params![], |_| Ok(()))?;
        }
    }
    let free = pragma("freelist_count")? * pragma("page_size")?;
    Ok(Space { free, shrinks: free > 0 && pragma("auto_vacuum")? == 2 })
}
