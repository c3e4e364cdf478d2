use super::filter::Clause;
use crate::Result;
use jiff::{SignedDuration, Timestamp};
use livetrail_types::{Filter, Stats};
use rusqlite::{Connection, OptionalExtension};

const DAY: SignedDuration = SignedDuration::from_hours(24);

pub(super) fn of(connection: &Connection, filter: &Filter, head: u64, now: Timestamp) -> Result<Stats> {
    let clause = Clause::of(filter, head);
    let mut stats = totals(connection, &clause)?;
    (stats.unique_users, stats.anonymous_users) = users(connection, &clause)?;
    stats.p95_duration_ms = percentile(connection, &clause)?;
    stats.top_action = top_action(connection, &clause)?;
    stats.last_24h = count(connection, &Clause::of(&filter.since(now - DAY), head))?;
    Ok(stats)
}

fn totals(connection: &Connection, clause: &Clause) -> Result<Stats> {
    let sql = format!(
        "SELECT count(*), total(a.success), total(a.is_admin), avg(a.duration_ms) FROM activities a WHERE {}",
        clause.sql()
    );
    let totals = connection.prepare_cached(&sql)?.query_row(clause.parameters(), |row| {
        let (total, succeeded) = (row.get::<_, u64>(0)?, row.get::<_, f64>(1)? as u64);
        Ok(Stats {
            total_logs: total,
            success_rate: if total == 0 {
                0.0
            } else {
                two_decimals(succeeded as f64 * 100.0 / total as f64)
            },
            success_count: succeeded,
            failed_count: total - succeeded,
            admin_actions: row.get::<_, f64>(2)? as u64,
            avg_duration_ms: row.get::<_, Option<f64>>(3)?.map(two_decimals),
            ..Stats::default()
        })
    });
    Ok(totals?)
}

fn two_decimals(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// How many different users there are, and how many of them are anonymous.
fn users(connection: &Connection, clause: &Clause) -> Result<(u64, u64)> {
    let sql = format!(
        "SELECT count(*), total(substr(text, 1, 5) = 'anon-') FROM terms \
         WHERE id IN (SELECT a.user FROM activities a WHERE {})",
        clause.sql()
    );
    let counts = connection
        .prepare_cached(&sql)?
        .query_row(clause.parameters(), |row| Ok((row.get(0)?, row.get::<_, f64>(1)? as u64)));
    Ok(counts?)
}

/// The smallest duration that at least 95 of 100 do not exceed (nearest rank).
fn percentile(connection: &Connection, clause: &Clause) -> Result<Option<i32>> {
    let timed = format!("FROM activities a WHERE {} AND a.duration_ms IS NOT NULL", clause.sql());
    let sql = format!(
        "SELECT a.duration_ms {timed} ORDER BY a.duration_ms \
         LIMIT 1 OFFSET (SELECT max(0, (count(*) * 95 + 99) / 100 - 1) {timed})"
    );
    Ok(connection.prepare_cached(&sql)?.query_row(clause.parameters(), |row| row.get(0)).optional()?)
}

fn top_action(connection: &Connection, clause: &Clause) -> Result<Option<String>> {
    let sql = format!(
        "SELECT text FROM (SELECT a.action, count(*) AS often FROM activities a WHERE {} GROUP BY a.action) \
         JOIN terms ON terms.id = action ORDER BY often DESC, text LIMIT 1",
        clause.sql()
    );
    Ok(connection.prepare_cached(&sql)?.query_row(clause.parameters(), |row| row.get(0)).optional()?)
}

fn count(connection: &Connection, clause: &Clause) -> Result<u64> {
    let sql = format!("SELECT count(*) FROM activities a WHERE {}", clause.sql());
    Ok(connection.prepare_cached(&sql)?.query_row(clause.parameters(), |row| row.get(0))?)
}
