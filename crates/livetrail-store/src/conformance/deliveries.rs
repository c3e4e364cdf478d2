//! Channels, and the outbox of what they are to be told.

use super::{Log, alerts::alert, sample::*};
use crate::{
    Advanced, Alert, AlertChannel, Backlog, Claim, Decision, Deferral, DeliveryQuery, DeliveryState,
    MessageId, MessageKind, NewDelivery, Outcome, Progress, ThreadHistory, Turn,
};
use jiff::Timestamp;
use livetrail_types::Severity;
use std::time::Duration;
use uuid::Uuid;

/// The id of the channel that most tests have.
const CHANNEL: u64 = 100;

fn channel(n: u64) -> AlertChannel {
    AlertChannel {
        id: id(n),
        name: format!("channel {n}"),
        kind: "webhook".into(),
        destination: "sealed".into(),
        tenant: None,
        severity: Severity::Info,
        rules: Vec::new(),
        cooldown: Duration::from_secs(3_600),
        enabled: true,
        created_by: None,
        created_at: at_micro(n.try_into().expect("a small number")),
        last_success: None,
        last_failure: None,
        failure: None,
        failing_since: None,
    }
}

/// The n-th alert for the channel, made n seconds after noon.
fn new(n: u64) -> NewDelivery {
    NewDelivery {
        channel: id(CHANNEL),
        alert: id(n),
        rule: "failed-sign-ins".into(),
        thread: "ada".into(),
        made_at: seconds(n),
    }
}

fn seconds(n: u64) -> Timestamp {
    at(n.try_into().expect("a small number"))
}

async fn turn(log: &Log) -> Turn {
    log.take_turn(id(1), Duration::from_secs(3_600)).await.expect("an answer").expect("a turn")
}

async fn advance(log: &Log, turn: Turn, deliveries: Vec<NewDelivery>) -> Advanced {
    let alerts = deliveries.iter().map(|new| Alert { id: new.alert, ..alert(7) }).collect();
    let progress = Progress {
        turn: turn.number,
        rules: turn.rules,
        position: 9,
        alerts,
        deliveries,
        ..Progress::default()
    };
    log.advance(progress).await.expect("an answer")
}

/// A log with a channel that is to be told of these alerts.
async fn keep(log: &Log, deliveries: Vec<NewDelivery>) -> u64 {
    log.put_alert_channel(channel(CHANNEL)).await.expect("a change");
    let turn = turn(log).await;
    assert_eq!(advance(log, turn, deliveries).await, Advanced::Kept);
    turn.number
}

/// The number of the alert that is due.
async fn due(log: &Log, now: i64) -> Option<Uuid> {
    let due = log.due_delivery(id(CHANNEL), at(now)).await.expect("an answer");
    due.map(|due| due.new.alert)
}

fn message(n: u64) -> MessageId {
    MessageId { channel: id(CHANNEL), alert: id(n) }
}

/// A claim of the thread of an alert at a minute after noon.
fn claim(turn: u64, n: u64) -> Claim {
    Claim {
        turn,
        message: message(n),
        kind: MessageKind::Raised,
        rule: "failed-sign-ins".into(),
        thread: Some("ada".into()),
        now: at(60),
        next_at: at(90),
    }
}

async fn claimed(log: &Log, claim: Claim) -> bool {
    log.claim(claim).await.expect("an answer")
}

async fn finish(log: &Log, n: u64, seconds: i64, outcome: Outcome) {
    log.finish(message(n), at(seconds), outcome).await.expect("a note");
}

async fn history(log: &Log) -> ThreadHistory {
    log.thread_history(new(1), at(-9), at(-9)).await.expect("a history")
}

/// First alert, state and number of alerts of each message, and of each delivery without one.
async fn listed(log: &Log, state: Option<DeliveryState>) -> Vec<(Uuid, DeliveryState, u64)> {
    let query = DeliveryQuery { channel: id(CHANNEL), state, limit: 9 };
    let sent = log.deliveries(query).await.expect("deliveries");
    sent.iter().map(|sent| (sent.delivery.new.alert, sent.delivery.state, sent.alerts)).collect()
}

pub(super) async fn a_channel_comes_back_exactly_and_keeps_its_history_when_it_changes(mut log: Log) {
    let full = AlertChannel {
        tenant: Some("acme".into()),
        severity: Severity::Critical,
        rules: vec!["a".into(), "b\"".into()],
        created_by: Some("root".into()),
        enabled: false,
        ..channel(2)
    };
    for channel in [full.clone(), channel(CHANNEL)] {
        log.put_alert_channel(channel).await.expect("a change");
    }
    log.reopen().await;
    assert_eq!(log.alert_channels().await.expect("channels"), [full.clone(), channel(CHANNEL)]);
    let turn = keep(&log, vec![new(1)]).await;
    assert!(claimed(&log, claim(turn, 1)).await);
    finish(&log, 1, 61, Outcome::Parked { failure: "gone".into() }).await;
    let renamed = AlertChannel { name: "other".into(), created_at: at(99), ..channel(CHANNEL) };
    log.put_alert_channel(renamed).await.expect("a change");
    let expected = AlertChannel {
        name: "other".into(),
        last_failure: Some(at(61)),
        failure: Some("gone".into()),
        failing_since: Some(at(61)),
        ..channel(CHANNEL)
    };
    assert_eq!(log.alert_channels().await.expect("channels")[1], expected);
    assert_eq!(log.remove_alert_channel(id(CHANNEL)).await.expect("a change"), Some(expected));
    assert_eq!(log.remove_alert_channel(id(CHANNEL)).await.expect("an answer"), None);
    assert_eq!(listed(&log, None).await, [], "its outbox is gone");
}

pub(super) async fn a_delivery_is_kept_with_its_alert_and_only_once(mut log: Log) {
    let turn = turn(&log).await;
    log.put_alert_channel(channel(CHANNEL)).await.expect("a change");
    let of_none = NewDelivery { channel: id(5), ..new(1) };
    assert_eq!(advance(&log, turn, vec![new(1), of_none]).await, Advanced::Kept);
    let again = NewDelivery { made_at: at(50), ..new(1) };
    assert_eq!(advance(&log, turn, vec![again]).await, Advanced::Kept);
    let lost = Turn { number: turn.number + 1, ..turn };
    assert_eq!(advance(&log, lost, vec![new(2)]).await, Advanced::TurnLost);
    log.reopen().await;
    assert_eq!(listed(&log, None).await, [(id(1), DeliveryState::Waiting, 1)]);
    let kept = log.due_delivery(id(CHANNEL), at(9)).await.expect("an answer").expect("a delivery");
    assert_eq!((&kept.new, kept.next_at, kept.attempts), (&new(1), at(1), 0));
    assert_eq!(log.due_delivery(id(5), at(9)).await.expect("an answer"), None);
}

pub(super) async fn the_longest_due_delivery_of_an_enabled_channel_comes_first(log: Log) {
    keep(&log, vec![new(4), new(3)]).await;
    assert_eq!(due(&log, 2).await, None);
    assert_eq!(due(&log, 9).await, Some(id(3)));
    let channels = async |seconds| log.due_channels(at(seconds)).await.expect("channels");
    assert_eq!((channels(2).await, channels(3).await), (Vec::new(), vec![id(CHANNEL)]));
    log.put_alert_channel(AlertChannel { enabled: false, ..channel(CHANNEL) }).await.expect("a change");
    assert_eq!(channels(3).await, Vec::<Uuid>::new());
}

pub(super) async fn a_message_has_the_due_deliveries_of_its_thread(log: Log) {
    let other = NewDelivery { thread: "bob".into(), ..new(3) };
    let turn = keep(&log, vec![new(1), new(2), other, new(70)]).await;
    assert!(!claimed(&log, claim(turn + 1, 1)).await, "the turn of another node");
    assert!(claimed(&log, claim(turn, 1)).await);
    assert!(!claimed(&log, claim(turn, 1)).await, "it was claimed");
    assert_eq!(log.message_alerts(message(1)).await.expect("an answer"), Some((2, id(2))));
    assert_eq!(due(&log, 89).await, Some(id(3)));
    let of_rule = Claim { thread: None, now: at(80), next_at: at(200), ..claim(turn, 3) };
    assert!(claimed(&log, of_rule).await);
    assert_eq!(log.message_alerts(message(3)).await.expect("an answer"), Some((2, id(70))));
    assert_eq!(due(&log, 89).await, None);
    assert_eq!(due(&log, 90).await, Some(id(1)), "without an outcome it is repeated");
    let again = log.due_delivery(id(CHANNEL), at(90)).await.expect("an answer").expect("a delivery");
    assert_eq!(again.message, Some((MessageKind::Further, at(60))));
    let listed = listed(&log, None).await;
    assert_eq!(listed, [(id(3), DeliveryState::Waiting, 2), (id(1), DeliveryState::Waiting, 2)]);
}

pub(super) async fn an_attempt_is_made_by_one_node(log: Log) {
    let turn = keep(&log, vec![new(1)]).await;
    let attempt =
        async |turn, attempts| log.attempt(message(1), turn, attempts, at(200)).await.expect("an answer");
    assert!(!attempt(turn, 0).await, "it has no message yet");
    assert!(claimed(&log, claim(turn, 1)).await);
    assert!(!attempt(turn + 1, 1).await, "the turn of another node");
    assert!(attempt(turn, 1).await);
    assert!(!attempt(turn, 1).await, "another node has made it");
    assert_eq!((due(&log, 199).await, due(&log, 200).await), (None, Some(id(1))));
    log.resume_attempts(at(100)).await.expect("a change");
    assert_eq!(due(&log, 100).await, Some(id(1)), "it has no outcome");
    finish(&log, 1, 101, Outcome::Retried { next_at: at(300), failure: "refused".into() }).await;
    log.resume_attempts(at(110)).await.expect("a change");
    assert_eq!((due(&log, 299).await, due(&log, 300).await), (None, Some(id(1))));
}

pub(super) async fn outcomes_are_kept_and_noted_at_the_channel(log: Log) {
    let turn = keep(&log, vec![new(1), new(2)]).await;
    assert!(claimed(&log, claim(turn, 1)).await);
    finish(&log, 1, 61, Outcome::Retried { next_at: at(70), failure: "refused".into() }).await;
    let waiting = log.due_delivery(id(CHANNEL), at(70)).await.expect("an answer").expect("a delivery");
    assert_eq!((waiting.attempts, waiting.failure.as_deref()), (1, Some("refused")));
    assert_eq!(waiting.message, Some((MessageKind::Further, at(60))));
    finish(&log, 1, 65, Outcome::Retried { next_at: at(70), failure: "refused".into() }).await;
    let failing = &log.alert_channels().await.expect("channels")[0];
    assert_eq!((failing.failing_since, failing.last_failure), (Some(at(61)), Some(at(65))));
    finish(&log, 1, 71, Outcome::Sent).await;
    let found = &log.alert_channels().await.expect("channels")[0];
    assert_eq!((found.last_success, found.failing_since), (Some(at(71)), None));
    assert_eq!(found.failure.as_deref(), Some("refused"));
    assert_eq!(listed(&log, Some(DeliveryState::Sent)).await, [(id(1), DeliveryState::Sent, 2)]);
    finish(&log, 1, 80, Outcome::Parked { failure: "late".into() }).await;
    assert_eq!(listed(&log, Some(DeliveryState::Parked)).await, [], "what was sent stays so");
    assert_eq!(due(&log, 9_999).await, None);
}

pub(super) async fn a_message_that_some_recipients_have_is_sent_and_its_channel_fails(log: Log) {
    let turn = keep(&log, vec![new(1), new(2)]).await;
    assert!(claimed(&log, claim(turn, 1)).await);
    finish(&log, 1, 61, Outcome::SentToSome { failure: "no such user".into() }).await;
    assert_eq!(listed(&log, Some(DeliveryState::Sent)).await, [(id(1), DeliveryState::Sent, 2)]);
    let query = DeliveryQuery { channel: id(CHANNEL), state: None, limit: 1 };
    let sent = log.deliveries(query).await.expect("messages").remove(0).delivery;
    assert_eq!((sent.sent_at, sent.failure.as_deref()), (Some(at(61)), Some("no such user")));
    let found = &log.alert_channels().await.expect("channels")[0];
    assert_eq!((found.last_success, found.failing_since), (None, Some(at(61))));
    assert_eq!((found.last_failure, found.failure.as_deref()), (Some(at(61)), Some("no such user")));
    assert_eq!((log.replay(id(CHANNEL), at(70)).await.expect("a number"), due(&log, 9_999).await), (0, None));
}

pub(super) async fn parked_messages_are_replayed_whole(log: Log) {
    let turn = keep(&log, vec![new(1), new(2), new(80)]).await;
    assert!(claimed(&log, claim(turn, 1)).await);
    finish(&log, 1, 61, Outcome::Parked { failure: "gone".into() }).await;
    assert_eq!(
        log.backlog().await.expect("counts"),
        [Backlog { channel: id(CHANNEL), waiting: 1, parked: 2 }]
    );
    assert_eq!(log.replay(id(CHANNEL), at(70)).await.expect("a number"), 1);
    assert_eq!(log.replay(id(CHANNEL), at(70)).await.expect("a number"), 0);
    let again = log.due_delivery(id(CHANNEL), at(70)).await.expect("an answer").expect("a delivery");
    assert_eq!((again.new.alert, again.attempts), (id(1), 0));
    assert_eq!(again.message, Some((MessageKind::Further, at(70))), "its time begins anew");
    assert!(log.attempt(message(1), turn, 0, at(75)).await.expect("an answer"));
    finish(&log, 1, 71, Outcome::Sent).await;
    assert_eq!(listed(&log, Some(DeliveryState::Sent)).await, [(id(1), DeliveryState::Sent, 2)]);
}

pub(super) async fn what_a_thread_was_told_is_known(log: Log) {
    let other = NewDelivery { thread: "bob".into(), ..new(3) };
    let turn = keep(&log, vec![new(1), new(2), other, new(70)]).await;
    assert_eq!(history(&log).await, ThreadHistory::default());
    assert!(claimed(&log, claim(turn, 1)).await);
    let waits = ThreadHistory { waits_until: Some(at(90)), messages: 1, ..ThreadHistory::default() };
    assert_eq!(history(&log).await, waits);
    finish(&log, 1, 65, Outcome::Sent).await;
    let flood = Claim { kind: MessageKind::Flood, thread: Some("bob".into()), ..claim(turn, 3) };
    assert!(claimed(&log, flood).await);
    let expected =
        ThreadHistory { sent_at: Some(at(65)), messages: 1, flood: Some(at(60)), waits_until: None };
    assert_eq!(history(&log).await, expected);
    let later = log.thread_history(new(1), at(-9), at(60)).await.expect("a history");
    assert_eq!(later.messages, 0, "messages before are not counted");
}

pub(super) async fn deliveries_wait_for_a_cooldown_and_for_the_end_of_a_mute(log: Log) {
    let other = NewDelivery { thread: "bob".into(), ..new(3) };
    keep(&log, vec![new(1), new(2), other]).await;
    let deferral = Deferral {
        channel: id(CHANNEL),
        rule: "failed-sign-ins".into(),
        thread: Some("ada".into()),
        until: at(100),
    };
    log.defer(deferral.clone()).await.expect("a change");
    assert_eq!(due(&log, 99).await, Some(id(3)));
    let muted = Decision { muted_until: Some(at(150)), ..Decision::default() };
    log.decide(id(3), muted.clone()).await.expect("an answer");
    log.decide(id(1), muted).await.expect("an answer");
    log.defer_muted(id(CHANNEL), at(99)).await.expect("a change");
    assert_eq!(due(&log, 99).await, None);
    log.defer_muted(id(CHANNEL), at(100)).await.expect("a change");
    assert_eq!(due(&log, 100).await, Some(id(2)));
    log.defer(Deferral { thread: None, until: at(120), ..deferral }).await.expect("a change");
    assert_eq!((due(&log, 119).await, due(&log, 120).await), (None, Some(id(2))));
    log.defer_muted(id(CHANNEL), at(150)).await.expect("a change");
    assert!(claimed(&log, Claim { now: at(150), ..claim(turn(&log).await.number, 2) }).await);
    assert_eq!(due(&log, 151).await, Some(id(2)), "a mute that is over holds nothing");
    assert_eq!(listed(&log, None).await.len(), 2, "the muted alert is in the message");
}

pub(super) async fn deliveries_that_were_sent_long_ago_are_removed(log: Log) {
    let other = NewDelivery { thread: "bob".into(), ..new(3) };
    let turn = keep(&log, vec![new(1), new(2), other]).await;
    assert!(claimed(&log, claim(turn, 1)).await);
    finish(&log, 1, 65, Outcome::Sent).await;
    let forget = async |seconds, limit| log.forget_deliveries(at(seconds), limit).await.expect("a number");
    assert_eq!(forget(65, 9).await, 0);
    assert_eq!(forget(66, 1).await, 1);
    assert_eq!(forget(66, 9).await, 1);
    assert_eq!(listed(&log, None).await, [(id(3), DeliveryState::Waiting, 1)]);
}
