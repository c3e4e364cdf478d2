//! What follows for a delivery that is due and has no message yet.

use jiff::{SignedDuration, Timestamp};
use livetrail_store::{MessageKind, NewDelivery, ThreadHistory};
use std::time::Duration;

/// So many messages about a rule within [`FLOOD_WINDOW`] are a flood.
pub(super) const FLOOD: u64 = 50;
/// How far back messages about a rule count. The channel is then told nothing of the rule for as long.
pub(super) const FLOOD_WINDOW: SignedDuration = SignedDuration::from_hours(24);
/// How far back a thread's history counts: the longest cooldown, after a message that took as long as one may take.
pub(super) const HISTORY: SignedDuration = SignedDuration::from_hours(49);
/// How long alerts wait at least for a message of their thread that is not accepted yet.
const UNSENT: SignedDuration = SignedDuration::from_secs(30);

/// What follows, for the delivery's thread or for all of its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Wait { until: Timestamp, whole_rule: bool },
    Tell { kind: MessageKind, whole_rule: bool },
}

pub(super) fn plan(
    delivery: &NewDelivery,
    history: &ThreadHistory,
    cooldown: Duration,
    now: Timestamp,
) -> Step {
    if let Some(end) = history.flood.map(|notice| after(notice, FLOOD_WINDOW)) {
        if now < end {
            return Step::Wait { until: end, whole_rule: true };
        }
        if delivery.made_at < end {
            // What was not told in the meantime is told in one message.
            return Step::Tell { kind: MessageKind::Raised, whole_rule: true };
        }
    }
    if let Some(next_attempt) = history.waits_until {
        return Step::Wait { until: next_attempt.max(after(now, UNSENT)), whole_rule: false };
    }
    let cooldown = SignedDuration::try_from(cooldown).unwrap_or(SignedDuration::MAX);
    match history.sent_at.map(|sent| after(sent, cooldown)) {
        Some(end) if now < end => Step::Wait { until: end, whole_rule: false },
        _ if history.messages >= FLOOD => Step::Tell { kind: MessageKind::Flood, whole_rule: true },
        _ => Step::Tell { kind: MessageKind::Raised, whole_rule: false },
    }
}

pub(super) fn after(moment: Timestamp, time: SignedDuration) -> Timestamp {
    moment.checked_add(time).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const HOUR: Duration = Duration::from_secs(3_600);

    fn minute(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    /// What follows 5,000 minutes after the epoch for a delivery of then.
    fn step(history: ThreadHistory) -> Step {
        step_of(minute(5_000), history)
    }

    fn step_of(made_at: Timestamp, history: ThreadHistory) -> Step {
        let (channel, alert) = (Uuid::nil(), Uuid::nil());
        let delivery = NewDelivery { channel, alert, rule: "r".into(), thread: "t".into(), made_at };
        plan(&delivery, &history, HOUR, minute(5_000))
    }

    fn told(kind: MessageKind, whole_rule: bool) -> Step {
        Step::Tell { kind, whole_rule }
    }

    #[test]
    fn the_first_alert_of_a_group_is_told_at_once_and_further_ones_after_the_cooldown() {
        let none = ThreadHistory::default();
        assert_eq!(step(none), told(MessageKind::Raised, false));
        let sent = |at| ThreadHistory { sent_at: Some(minute(at)), messages: 1, ..none };
        assert_eq!(step(sent(4_941)), Step::Wait { until: minute(5_001), whole_rule: false });
        assert_eq!(step(sent(4_940)), told(MessageKind::Raised, false));
    }

    #[test]
    fn alerts_wait_for_a_message_of_their_group_that_is_not_accepted_yet() {
        let waits = |at| ThreadHistory { waits_until: Some(minute(at)), ..ThreadHistory::default() };
        assert_eq!(step(waits(5_020)), Step::Wait { until: minute(5_020), whole_rule: false });
        let soon = minute(5_000) + UNSENT;
        assert_eq!(step(waits(4_000)), Step::Wait { until: soon, whole_rule: false });
    }

    #[test]
    fn a_rule_that_floods_is_told_of_once_and_then_not_for_a_day() {
        let many = |messages| ThreadHistory { messages, ..ThreadHistory::default() };
        assert_eq!(step(many(FLOOD - 1)), told(MessageKind::Raised, false));
        assert_eq!(step(many(FLOOD)), told(MessageKind::Flood, true));
        let flood = |at| ThreadHistory { flood: Some(minute(at)), ..many(FLOOD) };
        let day = 24 * 60;
        assert_eq!(
            step(flood(4_000)),
            Step::Wait { until: minute(4_000 + day), whole_rule: true },
            "whatever the thread is"
        );
        let quiet = ThreadHistory { messages: 0, ..flood(5_000 - day) };
        assert_eq!(step_of(minute(4_999), quiet), told(MessageKind::Raised, true), "from the silent time");
        assert_eq!(step(quiet), told(MessageKind::Raised, false));
    }
}
