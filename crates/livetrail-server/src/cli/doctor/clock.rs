//! The clock of this machine, against those of others.

use super::finding::Finding;
use jiff::SignedDuration;

const CHECK: &str = "clock";
/// What the resolution of the other clock and the way to it explain.
const CLOSE: SignedDuration = SignedDuration::from_millis(2_500);
/// Tokens that were just issued are refused, or expired ones accepted.
const FAR: SignedDuration = SignedDuration::from_mins(1);

/// What it means that the clock of `other` is ahead of this one by so much, or behind it.
pub(super) fn compared(other: &str, ahead: SignedDuration) -> Finding {
    let off = ahead.abs();
    let direction = if ahead.is_negative() { "behind" } else { "ahead of" };
    let message = format!("the clock of {other} is {:.1} s {direction} this machine's", off.as_secs_f64());
    let advice = "synchronise both machines by NTP (chrony, systemd-timesyncd): the times of activities and the expiry \
        of tokens depend on it";
    match off {
        off if off <= CLOSE => Finding::ok(CHECK, format!("the clock of {other} agrees with this machine's")),
        off if off <= FAR => Finding::warning(CHECK, message, advice),
        _ => Finding::failure(CHECK, message, advice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::finding::Level;

    #[test]
    fn a_clock_may_be_some_seconds_off_and_no_minutes() {
        for (millis, level, word) in [
            (900, Level::Ok, "agrees"),
            (-900, Level::Ok, "agrees"),
            (10_000, Level::Warning, "10.0 s ahead of"),
            (-10_000, Level::Warning, "10.0 s behind"),
            (3_600_000, Level::Failure, "3600.0 s ahead of"),
        ] {
            let found = compared("the database", SignedDuration::from_millis(millis));
            assert_eq!(found.level, level, "{found:?}");
            assert!(found.message.contains(word), "{found:?}");
        }
    }
}
