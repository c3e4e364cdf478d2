//! Shows on a terminal how far an import is.

use std::{
    io::{IsTerminal, Write},
    time::{Duration, Instant},
};

/// How often the line is written again.
const EVERY: Duration = Duration::from_millis(200);
/// Cells of the bar.
const WIDTH: u64 = 24;

/// A line with a bar, the part that is read, and the rate.
pub(super) struct Progress {
    begun: Instant,
    shown: Option<Instant>,
    is_for_people: bool,
}

impl Progress {
    pub(super) fn begin() -> Self {
        Self { begun: Instant::now(), shown: None, is_for_people: std::io::stderr().is_terminal() }
    }

    /// `records` are done, and `read` of `size` bytes are read, if the size is known.
    pub(super) fn at(&mut self, records: u64, read: u64, size: Option<u64>) {
        let now = Instant::now();
        if !self.is_for_people || self.shown.is_some_and(|shown| now - shown < EVERY) {
            return;
        }
        self.shown = Some(now);
        eprint!("\r{}\x1b[K", line(records, read, size, now - self.begun));
        let _ = std::io::stderr().flush();
    }

    /// Takes the line away, so that others can be written.
    pub(super) fn clear(&mut self) {
        if self.shown.take().is_some() {
            eprint!("\r\x1b[K");
        }
    }
}

fn line(records: u64, read: u64, size: Option<u64>, took: Duration) -> String {
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX).max(1);
    let rate = records.saturating_mul(1_000) / milliseconds;
    let Some(size) = size.filter(|size| *size > 0) else { return format!("{records} records, {rate}/s") };
    let read = read.min(size);
    let cells = usize::try_from(WIDTH * read / size).unwrap_or_default();
    let rest = usize::try_from(WIDTH).unwrap_or_default() - cells;
    format!(
        "[{}{}] {} %  {records} records, {rate}/s",
        "#".repeat(cells),
        "-".repeat(rest),
        100 * read / size
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_shows_the_part_and_the_rate() {
        let took = Duration::from_secs(2);
        assert_eq!(line(3_000, 0, None, took), "3000 records, 1500/s");
        assert_eq!(line(3_000, 50, Some(100), took), "[############------------] 50 %  3000 records, 1500/s");
        assert_eq!(
            line(0, 200, Some(100), Duration::ZERO),
            "[########################] 100 %  0 records, 0/s"
        );
    }
}
