use super::dialect::{Dialect, parameters};
use crate::{
    Result,
    sql::{Clause, DAY, StatsSql, Totals},
};
use jiff::Timestamp;
use livetrail_types::{Filter, Stats};
use rusqlite::{Connection, OptionalExtension, Row};

pub(super) fn of(connection: &Connection, filter: &Filter, head: u64, now: Timestamp) -> Result<Stats> {
    let clause = Clause::of(&Dialect, filter, head);
    let last_day = Clause::of(&Dialect, &filter.since(now - DAY), head);
    let statements = StatsSql::of(&clause);
    let mut stats =
        one(connection, &statements.totals, &clause, totals)?.map_or_else(Stats::default, Totals::into_stats);
    let users = one(connection, &statements.users, &clause, |row| Ok((row.get(0)?, row.get(1)?)))?;
    (stats.unique_users, stats.anonymous_users) = users.unwrap_or_default();
    stats.p95_duration_ms = one(connection, &statements.percentile, &clause, |row| row.get(0))?;
    stats.top_action = one(connection, &statements.top_action, &clause, |row| row.get(0))?;
    stats.last_24h =
        one(connection, &StatsSql::count(&last_day), &last_day, |row| row.get(0))?.unwrap_or_default();
    Ok(stats)
}

fn totals(row: &Row<'_>) -> rusqlite::Result<Totals> {
    Ok(Totals {
        total: row.get(0)?,
        succeeded: row.get(1)?,
        by_admins: row.get(2)?,
        average_duration: row.get(3)?,
    })
}

/// The one row that a statement answers, if it does.
fn one<T>(
    connection: &Connection,
    sql: &str,
    clause: &Clause<'_>,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>> {
    Ok(connection.prepare_cached(sql)?.query_row(parameters(clause), read).optional()?)
}
