//! When an attempt is repeated.

use super::plan::after;
use crate::{alerts::delivery::SendErrorKind, environment::Environment};
use jiff::{SignedDuration, Timestamp};
use livetrail_store::Outcome;
use std::time::Duration;

/// The pause after the first attempt.
const FIRST: SignedDuration = SignedDuration::from_secs(30);
/// The longest pause.
const LAST: SignedDuration = SignedDuration::from_hours(1);
/// A message is parked when the next attempt would be later than this after the first one.
pub(super) const PATIENCE: SignedDuration = SignedDuration::from_hours(24);

/// The pause after so many attempts: it doubles, and up to half of it is added by chance, so that the messages of a
/// receiver that was down do not come all at once.
pub(super) fn pause(attempts: u32, environment: &dyn Environment) -> SignedDuration {
    let base = FIRST.saturating_mul(1 << attempts.saturating_sub(1).min(10)).min(LAST);
    let [chance, ..] = environment.random();
    let jitter = base.saturating_mul(i32::from(chance)) / (2 * 255);
    base.saturating_add(jitter).min(LAST)
}

/// The times that decide whether an attempt is repeated.
#[derive(Clone, Copy)]
pub(super) struct Times {
    /// Of the first attempt.
    pub(super) begun_at: Timestamp,
    pub(super) now: Timestamp,
    /// Of the channel.
    pub(super) cooldown: Duration,
}

/// What becomes of a failed attempt. The receiver may ask for a longer pause.
///
/// Further alerts of the group wait for a message that is attempted. So where some recipients have it already, it is
/// attempted for the others only as long as these alerts would wait anyway: for the cooldown.
pub(super) fn failed(detail: String, kind: SendErrorKind, pause: SignedDuration, times: Times) -> Outcome {
    let Times { begun_at, now, cooldown } = times;
    let asked = match kind {
        SendErrorKind::Retry { after } => after.unwrap_or(Duration::ZERO),
        SendErrorKind::SomeLeft => {
            let cooldown = SignedDuration::try_from(cooldown).unwrap_or(PATIENCE);
            let next_at = after(now, pause);
            return match next_at <= after(begun_at, cooldown) {
                true => Outcome::Retried { next_at, failure: detail },
                false => Outcome::SentToSome { failure: detail },
            };
        }
        SendErrorKind::SomeRefused => return Outcome::SentToSome { failure: detail },
        SendErrorKind::Refused => return Outcome::Parked { failure: detail },
    };
    let asked = SignedDuration::try_from(asked).unwrap_or(LAST);
    let next_at = after(now, pause.max(asked));
    if next_at > after(begun_at, PATIENCE) {
        return Outcome::Parked {
            failure: format!("Not accepted within 24 hours. The last attempt: {detail}"),
        };
    }
    Outcome::Retried { next_at, failure: detail }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Manual;

    #[test]
    fn pauses_grow_from_half_a_minute_to_an_hour() {
        let environment = Manual::new();
        for (attempts, seconds) in [(0, 30), (1, 30), (2, 60), (5, 480), (8, 3_600), (u32::MAX, 3_600)] {
            let base = SignedDuration::from_secs(seconds);
            let pauses: Vec<_> = (0..200).map(|_| pause(attempts, &environment)).collect();
            let (least, most) = (pauses.iter().min().expect("some"), pauses.iter().max().expect("some"));
            assert!(*least >= base && *most <= (base + base / 2).min(LAST), "{attempts}: {least:?} {most:?}");
            assert!(base == LAST || *most - *least > base / 4, "{attempts}: chance has a part in it");
        }
    }

    #[test]
    fn a_message_is_parked_after_a_day_or_when_it_is_refused() {
        let begun = Timestamp::UNIX_EPOCH;
        let minute = SignedDuration::from_mins(1);
        let retry = |after| SendErrorKind::Retry { after };
        let times = |now| Times { begun_at: begun, now, cooldown: Duration::ZERO };
        let outcome = |kind, now| failed("no".into(), kind, minute, times(now));
        let retried = |next_at| Outcome::Retried { next_at, failure: "no".into() };
        assert_eq!(outcome(retry(None), begun), retried(begun + minute));
        assert_eq!(outcome(retry(Some(Duration::from_secs(90))), begun), retried(begun + minute * 3 / 2));
        assert_eq!(outcome(retry(None), begun + PATIENCE - minute), retried(begun + PATIENCE));
        let late = outcome(retry(None), begun + PATIENCE);
        assert!(matches!(late, Outcome::Parked { failure } if failure.ends_with(": no")));
        assert_eq!(outcome(SendErrorKind::Refused, begun), Outcome::Parked { failure: "no".into() });
    }

    #[test]
    fn where_some_recipients_have_a_message_it_is_attempted_for_the_others_until_the_cooldown_ends() {
        let begun = Timestamp::UNIX_EPOCH;
        let minute = SignedDuration::from_mins(1);
        let outcome = |kind, minutes: i32| {
            let times =
                Times { begun_at: begun, now: begun + minute * minutes, cooldown: Duration::from_mins(10) };
            failed("no".into(), kind, minute, times)
        };
        let sent = Outcome::SentToSome { failure: "no".into() };
        let last = Outcome::Retried { next_at: begun + minute * 10, failure: "no".into() };
        assert_eq!(outcome(SendErrorKind::SomeLeft, 9), last);
        assert_eq!(outcome(SendErrorKind::SomeLeft, 10), sent);
        assert_eq!(outcome(SendErrorKind::SomeRefused, 0), sent);
    }
}
