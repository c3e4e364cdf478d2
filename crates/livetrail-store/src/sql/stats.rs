//! The figures of a filter, as statements. Each answers one row at the most.

use super::Clause;
use jiff::SignedDuration;
use livetrail_types::{Stats, two_decimals};

/// What the last 24 hours are.
pub(crate) const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The statements; all of them take the clause's values.
pub(crate) struct StatsSql {
    /// How many rows, how many that worked, how many of admins, and the average duration.
    pub(crate) totals: String,
    /// How many users, and how many anonymous ones.
    pub(crate) users: String,
    /// The smallest duration that at least 95 of 100 do not exceed (nearest rank).
    pub(crate) percentile: String,
    /// The action that occurs most.
    pub(crate) top_action: String,
}

impl StatsSql {
    pub(crate) fn of(clause: &Clause<'_>) -> Self {
        let (dialect, condition) = (clause.dialect(), clause.sql());
        let log = dialect.log();
        let timed = format!("FROM {log} WHERE {condition} AND a.duration_ms IS NOT NULL");
        Self {
            totals: format!(
                "SELECT count(*), count(CASE WHEN a.success THEN 1 END), count(CASE WHEN a.is_admin THEN 1 END), \
                 CAST(avg(a.duration_ms) AS DOUBLE PRECISION) FROM {log} WHERE {condition}"
            ),
            users: dialect.users(condition),
            percentile: format!(
                "SELECT a.duration_ms {timed} ORDER BY a.duration_ms LIMIT 1 \
                 OFFSET (SELECT CASE WHEN count(*) = 0 THEN 0 ELSE (count(*) * 95 + 99) / 100 - 1 END {timed})"
            ),
            top_action: dialect.top_action(condition),
        }
    }

    /// How many rows.
    pub(crate) fn count(clause: &Clause<'_>) -> String {
        format!("SELECT count(*) FROM {} WHERE {}", clause.dialect().log(), clause.sql())
    }
}

/// What [`StatsSql::totals`] answers.
pub(crate) struct Totals {
    pub(crate) total: u64,
    pub(crate) succeeded: u64,
    pub(crate) by_admins: u64,
    pub(crate) average_duration: Option<f64>,
}

impl Totals {
    /// The figures as far as the totals say them.
    pub(crate) fn into_stats(self) -> Stats {
        let rate = if self.total == 0 { 0.0 } else { self.succeeded as f64 * 100.0 / self.total as f64 };
        Stats {
            total_logs: self.total,
            success_rate: two_decimals(rate),
            success_count: self.succeeded,
            failed_count: self.total - self.succeeded,
            admin_actions: self.by_admins,
            avg_duration_ms: self.average_duration.map(two_decimals),
            ..Stats::default()
        }
    }
}
