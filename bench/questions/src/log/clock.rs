//! When activities arrive and when they happened.

use super::chance::Chance;
use jiff::{SignedDuration, Timestamp};
use std::f64::consts::TAU;

/// 2026-11-01T00:00:00Z: the end of every generated log, in epoch seconds.
pub const END: i64 = 1_793_491_200;
/// How long a generated log is.
pub const DAYS: i64 = 90;

const DAY: f64 = 86_400.0 * 1e6;
const HOUR: f64 = 3_600.0 * 1e6;
/// At noon arrive four times as many activities as at midnight: 1 / (1 - 0.6) to 1 / (1 + 0.6).
const SWING: f64 = 0.6;
const LATE: f64 = 0.01;
/// Late activities happened an hour to three days before they arrived.
const MAX_LATE_HOURS: f64 = 72.0;

/// When the activity `index` of `rows` arrives. A later index arrives later.
pub(super) fn arrival(index: u64, rows: u64, chance: &mut Chance) -> Timestamp {
    let days = DAYS as f64 * (1.0 - ((index as f64 + chance.part()) / rows as f64).min(1.0));
    let hours = days.fract();
    let before_end = days.trunc() + hours + SWING / TAU * (TAU * hours).sin();
    moment(END as f64 * 1e6 - before_end * DAY)
}

/// When it happened: within a second before it arrived, or long before.
pub(super) fn happened(arrived: Timestamp, chance: &mut Chance) -> Timestamp {
    let before = match chance.is(LATE) {
        true => HOUR * MAX_LATE_HOURS.powf(chance.part()),
        false => chance.part() * 1e6,
    };
    arrived - SignedDuration::from_micros(before as i64)
}

fn moment(microseconds: f64) -> Timestamp {
    Timestamp::from_microsecond(microseconds as i64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_90_days_long_and_busy_at_noon() {
        let arrivals: Vec<_> = (0..9_000).map(|n| arrival(n, 9_000, &mut Chance::of(1, n))).collect();
        assert!(arrivals.is_sorted());
        let (first, last) = (arrivals[0].as_second(), arrivals[8_999].as_second());
        assert!((END - DAYS * 86_400..END - DAYS * 86_400 + 3_600).contains(&first), "{first}");
        assert!((END - 3_600..=END).contains(&last), "{last}");
        let at = |hour: i64| arrivals.iter().filter(|at| at.as_second() % 86_400 / 3_600 == hour).count();
        assert!(at(12) > 3 * at(0), "{} at noon, {} at midnight", at(12), at(0));
    }
}
