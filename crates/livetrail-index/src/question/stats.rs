//! The figures of a selection.

use crate::{
    Selection,
    file::Unreadable,
    schema::{Coded, duration_of},
};
use jiff::{SignedDuration, Timestamp};
use livetrail_types::{Stats, two_decimals};

const DAY: SignedDuration = SignedDuration::from_hours(24);

impl Selection<'_> {
    /// The figures. The last 24 hours are those before `now`: for them, the dates of the filter do not count.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn stats(&self, now: Timestamp) -> Result<Stats, Unreadable> {
        let total_logs = self.count();
        let [success_count, admin_actions] = self.flags()?;
        let [users, durations, actions] = self.counts([Coded::User, Coded::Duration, Coded::Action])?;
        let dictionary = self.index.dictionaries.of(Coded::User);
        Ok(Stats {
            total_logs,
            success_rate: rate(success_count, total_logs),
            success_count,
            failed_count: total_logs - success_count,
            unique_users: users.len() as u64,
            anonymous_users: users.iter().filter(|(user, _)| dictionary.is_marked(*user)).count() as u64,
            admin_actions,
            avg_duration_ms: average(&durations),
            p95_duration_ms: percentile(&durations),
            last_24h: self.since(now.saturating_sub(DAY).unwrap_or(Timestamp::MIN))?.count(),
            top_action: self.top_action(&actions),
        })
    }

    /// How many rows worked, and how many were an admin's doing.
    fn flags(&self) -> Result<[u64; 2], Unreadable> {
        let mut sums = [0, 0];
        for part in &self.parts.rows {
            sums[0] += part.weight * part.rows().count_common(&*part.block.success.get()?) as i64;
            sums[1] += part.weight * part.rows().count_common(&*part.block.admin.get()?) as i64;
        }
        for summary in &self.parts.summaries {
            sums[0] += summary.success as i64;
            sums[1] += summary.admin as i64;
        }
        Ok(sums.map(i64::cast_unsigned))
    }

    /// Of actions that occur as often, the first by its bytes.
    fn top_action(&self, counts: &[(u32, u64)]) -> Option<String> {
        let actions = self.index.dictionaries.of(Coded::Action);
        let most = counts.iter().map(|(_, count)| *count).max().unwrap_or_default();
        let top = counts.iter().filter(|(_, count)| *count == most).map(|(code, _)| actions.text(*code));
        top.min().map(str::to_owned)
    }
}

fn rate(part: u64, total: u64) -> f64 {
    if total == 0 { 0.0 } else { two_decimals(part as f64 * 100.0 / total as f64) }
}

fn average(durations: &[(u32, u64)]) -> Option<f64> {
    let (mut sum, mut count) = (0_i128, 0);
    for (code, rows) in durations {
        sum += i128::from(duration_of(*code)) * i128::from(*rows);
        count += rows;
    }
    (count > 0).then(|| two_decimals(sum as f64 / count as f64))
}

/// The shortest duration that at least 95 of 100 do not exceed (nearest rank).
fn percentile(durations: &[(u32, u64)]) -> Option<i32> {
    let total: u64 = durations.iter().map(|(_, rows)| rows).sum();
    let rank = (total * 95).div_ceil(100);
    let mut seen = 0;
    let reaches = |(_, rows): &&(u32, u64)| {
        seen += rows;
        seen >= rank
    };
    durations.iter().find(reaches).map(|(code, _)| duration_of(*code))
}
