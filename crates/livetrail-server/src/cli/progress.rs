//! Shows on a terminal how far an import, export or copy is.

use std::{
    io::{IsTerminal, Write},
    num::NonZeroU64,
    time::{Duration, Instant},
};

/// How often the line is written again.
const EVERY: Duration = Duration::from_millis(200);
/// Cells of the bar.
const WIDTH: u64 = 24;

/// What is counted.
#[derive(Clone, Copy)]
pub(super) enum Unit {
    /// Records of a source whose size is in another unit, such as bytes.
    Records,
    /// Rows of a source whose size is a number of rows, too.
    Rows,
    /// Bytes, shown as megabytes.
    Bytes,
}

/// A line with a bar, the part that is done, the rate and the time left.
pub(super) struct Progress {
    unit: Unit,
    begun: Instant,
    shown: Option<Instant>,
    is_for_people: bool,
}

impl Progress {
    /// Shows nothing without a terminal, or if it is not wanted there.
    pub(super) fn begin(unit: Unit, is_wanted: bool) -> Self {
        let is_for_people = is_wanted && std::io::stderr().is_terminal();
        Self { unit, begun: Instant::now(), shown: None, is_for_people }
    }

    /// `records` are done, which is `read` of the source's `size`, if that is known.
    pub(super) fn at(&mut self, records: u64, read: u64, size: Option<u64>) {
        let now = Instant::now();
        if !self.is_for_people || self.shown.is_some_and(|shown| now - shown < EVERY) {
            return;
        }
        self.shown = Some(now);
        eprint!("\r{}\x1b[K", line(self.unit, records, (read, size), now - self.begun));
        let _ = std::io::stderr().flush();
    }

    /// Takes the line away, so that others can be written.
    pub(super) fn clear(&mut self) {
        if self.shown.take().is_some() {
            eprint!("\r\x1b[K");
        }
    }
}

fn line(unit: Unit, records: u64, (read, size): (u64, Option<u64>), took: Duration) -> String {
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX).max(1);
    let rate = records.saturating_mul(1_000) / milliseconds;
    let done = match (unit, size) {
        (Unit::Records, _) => format!("{records} records, {rate}/s"),
        (Unit::Bytes, size) => {
            let [records, rate, size] =
                [records, rate, size.unwrap_or(records)].map(|bytes| bytes / 1_000_000);
            format!("{records} of {size} MB, {rate} MB/s")
        }
        (Unit::Rows, Some(size)) => format!("{records} of {size} rows, {rate}/s"),
        (Unit::Rows, None) => format!("{records} rows, {rate}/s"),
    };
    let Some(size) = size.filter(|size| *size > 0) else { return done };
    let read = read.min(size);
    let part = |of: u64| u64::try_from(u128::from(of) * u128::from(read) / u128::from(size)).unwrap_or(of);
    let cells = usize::try_from(part(WIDTH)).unwrap_or_default();
    let rest = usize::try_from(WIDTH).unwrap_or_default() - cells;
    let left = time_left(milliseconds, read, size).map(|left| format!(", {left} left")).unwrap_or_default();
    format!("[{}{}] {} %  {done}{left}", "#".repeat(cells), "-".repeat(rest), part(100))
}

/// The time for the rest at the average rate so far, as `42 s`, `3 min` or `2 h`.
fn time_left(milliseconds: u64, read: u64, size: u64) -> Option<String> {
    let all = u128::from(milliseconds) * u128::from(size - read) / u128::from(NonZeroU64::new(read)?.get());
    let seconds = all.div_ceil(1_000);
    Some(match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h", seconds.div_ceil(3_600)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_shows_the_part_the_rate_and_the_time_left() {
        let took = Duration::from_secs(2);
        assert_eq!(line(Unit::Records, 3_000, (0, None), took), "3000 records, 1500/s");
        assert_eq!(
            line(Unit::Records, 3_000, (50, Some(100)), took),
            "[############------------] 50 %  3000 records, 1500/s, 2 s left"
        );
        assert_eq!(
            line(Unit::Rows, 3_000, (3_000, Some(9_000)), took),
            "[########----------------] 33 %  3000 of 9000 rows, 1500/s, 4 s left"
        );
        assert_eq!(
            line(Unit::Records, 0, (200, Some(100)), Duration::ZERO),
            "[########################] 100 %  0 records, 0/s, 0 s left"
        );
        assert_eq!(line(Unit::Rows, 0, (0, Some(0)), took), "0 of 0 rows, 0/s");
        assert_eq!(
            line(Unit::Bytes, 50_000_000, (50_000_000, Some(200_000_000)), took),
            "[######------------------] 25 %  50 of 200 MB, 25 MB/s, 6 s left"
        );
    }

    #[test]
    fn a_long_time_left_is_in_minutes_or_hours_and_an_unknown_one_is_left_out() {
        assert_eq!(time_left(60_000, 1, 11).as_deref(), Some("10 min"));
        assert_eq!(time_left(60_000, 1, 181).as_deref(), Some("3 h"));
        assert_eq!(time_left(60_000, 0, 181), None);
    }
}
