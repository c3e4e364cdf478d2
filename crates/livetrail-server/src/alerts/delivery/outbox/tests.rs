//! The outbox over a real store, with receivers on real sockets. Whole servers are killed in
//! `tests/cli/alert_channels.rs`.

mod fixture;
#[path = "../../../../tests/shared/receiver.rs"]
mod receiver;

use super::Delivering;
use crate::{environment::Environment, until::until};
use fixture::{Fixture, TURN, alert, key};
use jiff::SignedDuration;
use livetrail_store::{Alert, AlertChannel, Backlog, Decision, DeliveryState, Sent};
use livetrail_types::Severity;
use receiver::{HOLD, Receiver};
use uuid::Uuid;

async fn delivered_once_after_an_outage(fixture: Fixture) {
    let receiver = Receiver::start(500).await;
    let channel = fixture.channel(1, &receiver.url).await;
    let _delivering = fixture.deliver();
    fixture.raise(1, "ada").await;
    fixture.until_failed(channel).await;
    fixture.wait(2);
    fixture.until_failed(channel).await;
    assert!(fixture.kept(channel).await.failing_since.is_some());
    receiver.answer(204);
    fixture.wait(5);
    fixture.until_state(channel, DeliveryState::Sent, 1).await;
    assert_eq!(receiver.keys(), vec![key(1, "raised"); 3], "the same key at each attempt");
    assert!(receiver.taken().iter().all(|taken| taken.signatures == 1));
    let kept = fixture.kept(channel).await;
    assert_eq!((kept.failing_since, kept.last_success), (None, Some(fixture.environment.now())));
    assert_eq!(fixture.backlog(channel).await, Backlog::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_repeated_until_the_receiver_takes_it_with_the_same_key() {
    delivered_once_after_an_outage(Fixture::new().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_repeated_until_the_receiver_takes_it_over_postgresql() {
    delivered_once_after_an_outage(Fixture::over(Some(private_postgres::database())).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_is_down_for_a_day_has_its_messages_parked_and_replayed() {
    let fixture = Fixture::new().await;
    let receiver = Receiver::start(503).await;
    let channel = fixture.channel(1, &receiver.url).await;
    let _delivering = fixture.deliver();
    fixture.raise(1, "ada").await;
    loop {
        fixture.until_failed(channel).await;
        if fixture.sent(channel).await[0].delivery.state == DeliveryState::Parked {
            break;
        }
        fixture.wait(61);
    }
    fixture.until_state(channel, DeliveryState::Parked, 1).await;
    let parked = fixture.sent(channel).await.remove(0).delivery;
    let failure = parked.failure.expect("a reason");
    assert!(failure.starts_with("Not accepted within 24 hours"), "{failure}");
    assert!(parked.attempts >= 20, "{} attempts", parked.attempts);
    let before = receiver.keys().len();
    fixture.wait(24 * 60);
    fixture.raise(2, "bob").await;
    fixture.until_failed(channel).await;
    assert_eq!(receiver.keys()[before], key(2, "raised"), "a parked message is not attempted");
    receiver.answer(200);
    assert_eq!(fixture.app.store.replay(channel, fixture.environment.now()).await.expect("a number"), 1);
    fixture.wait(61);
    fixture.until_state(channel, DeliveryState::Sent, 2).await;
    assert!(receiver.keys()[before + 1..].contains(&key(1, "raised")), "the same key");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_destination_that_refuses_or_is_forbidden_has_its_messages_parked_at_once() {
    let fixture = Fixture::new().await;
    let gone = Receiver::start(410).await;
    let refusing = fixture.channel(1, &gone.url).await;
    let forbidden = fixture.channel(2, "http://169.254.169.254/latest/meta-data").await;
    let _delivering = fixture.deliver();
    fixture.raise(1, "ada").await;
    for channel in [refusing, forbidden] {
        fixture.until_state(channel, DeliveryState::Parked, 1).await;
        assert_eq!(fixture.backlog(channel).await.parked, 1);
    }
    for (channel, reason) in [(refusing, "410"), (forbidden, "169.254.169.254")] {
        let failure = fixture.kept(channel).await.failure.expect("a reason");
        assert!(failure.contains(reason), "{failure}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn further_alerts_of_a_group_are_told_in_one_message_after_the_cooldown() {
    let fixture = Fixture::new().await;
    let receiver = Receiver::start(200).await;
    let channel = fixture.channel(1, &receiver.url).await;
    let _delivering = fixture.deliver();
    fixture.raise(1, "ada").await;
    fixture.until_state(channel, DeliveryState::Sent, 1).await;
    for number in 2..=4 {
        fixture.wait(1);
        fixture.raise(number, "ada").await;
    }
    fixture.raise(5, "bob").await;
    fixture.until_state(channel, DeliveryState::Sent, 2).await;
    let now = fixture.environment.now();
    let waits = |sent: &Sent| sent.delivery.state == DeliveryState::Waiting && sent.delivery.next_at > now;
    until(async || fixture.sent(channel).await.iter().filter(|sent| waits(sent)).count() == 3).await;
    assert_eq!(receiver.keys(), [key(1, "raised"), key(5, "raised")]);
    fixture.wait(60);
    fixture.until_state(channel, DeliveryState::Sent, 3).await;
    let last = receiver.taken().pop().expect("a message");
    assert_eq!(last.key, key(2, "further"));
    assert_eq!(last.body["type"], "alert.continued");
    assert_eq!(last.body["further"], 2, "besides the latest: {}", last.body);
    assert_eq!(fixture.backlog(channel).await, Backlog::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_muted_alert_is_told_when_the_mute_has_ended() {
    let fixture = Fixture::new().await;
    let receiver = Receiver::start(200).await;
    let channel = fixture.channel(1, &receiver.url).await;
    fixture.raise(1, "ada").await;
    let end = fixture.environment.now() + SignedDuration::from_mins(90);
    let muted = Decision { muted_until: Some(end), ..Decision::default() };
    fixture.app.store.decide(alert(1, "", &fixture.environment).id, muted).await.expect("an answer");
    let _delivering = fixture.deliver();
    fixture.raise(2, "bob").await;
    fixture.until_state(channel, DeliveryState::Sent, 1).await;
    fixture.wait(89);
    fixture.raise(3, "eve").await;
    fixture.until_state(channel, DeliveryState::Sent, 2).await;
    assert_eq!(receiver.keys(), [key(2, "raised"), key(3, "raised")]);
    fixture.wait(1);
    fixture.until_state(channel, DeliveryState::Sent, 3).await;
    assert_eq!(receiver.keys()[2], key(1, "raised"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_that_floods_is_told_of_in_one_notice_and_in_one_message_a_day_later() {
    let fixture = Fixture::new().await;
    let receiver = Receiver::start(200).await;
    fixture.channel(1, &receiver.url).await;
    let _delivering = fixture.deliver();
    for number in 1..=60 {
        fixture.raise(number, &format!("u-{number}")).await;
        if number <= 51 {
            receiver.until(number.try_into().expect("a small number")).await;
        }
    }
    let other = Alert { rule: "spraying".into(), ..alert(70, "x", &fixture.environment) };
    fixture.raise_like(other).await;
    receiver.until(52).await;
    let keys = receiver.keys();
    assert_eq!(keys[49..], [key(50, "raised"), key(51, "flood"), key(70, "raised")]);
    assert_eq!(receiver.taken()[50].body["type"], "alert.flood");
    fixture.wait(24 * 60 - 1);
    fixture.raise(61, "late").await;
    fixture.raise_like(Alert { rule: "spraying".into(), ..alert(71, "y", &fixture.environment) }).await;
    receiver.until(53).await;
    assert_eq!(receiver.keys()[52], key(71, "raised"), "the other rule goes on");
    fixture.wait(1);
    let last = receiver.until(54).await;
    assert_eq!((last.key, &last.body["further"]), (key(52, "further"), &9.into()));
    fixture.raise(62, "new").await;
    receiver.until(55).await;
    assert_eq!(receiver.keys()[54], key(62, "raised"), "the rule is told of again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_does_not_answer_holds_up_no_other_channel() {
    let fixture = Fixture::new().await;
    let (slow, fast) = (Receiver::start(HOLD).await, Receiver::start(200).await);
    fixture.channel(1, &slow.url).await;
    let channel = fixture.channel(2, &fast.url).await;
    let _delivering = fixture.deliver();
    for number in 1..=5 {
        fixture.raise(number, &format!("u-{number}")).await;
    }
    fixture.until_state(channel, DeliveryState::Sent, 5).await;
    // One attempt at a time.
    slow.until(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_is_told_of_what_it_wants_only() {
    let fixture = Fixture::new().await;
    let receiver = Receiver::start(200).await;
    let url = &receiver.url;
    let acme = || Some("acme".to_owned());
    type Change = fn(AlertChannel) -> AlertChannel;
    let wanted: [(u128, Change); 5] = [
        (1, |channel| AlertChannel { severity: Severity::Critical, ..channel }),
        (2, |channel| AlertChannel { rules: vec!["spraying".into()], ..channel }),
        (3, |channel| AlertChannel { tenant: Some("acme".into()), ..channel }),
        (4, |channel| AlertChannel { enabled: false, ..channel }),
        (5, |channel| channel),
    ];
    for (number, change) in wanted {
        fixture.channel_with(number, url, change).await;
    }
    let plain = |number| alert(number, "ada", &fixture.environment);
    fixture.raise_like(plain(1)).await;
    fixture.raise_like(Alert { severity: Severity::Critical, ..plain(2) }).await;
    fixture.raise_like(Alert { rule: "spraying".into(), ..plain(3) }).await;
    fixture.raise_like(Alert { tenant: acme(), ..plain(4) }).await;
    let mut told = Vec::new();
    for number in 1..=5 {
        let sent = fixture.sent(Uuid::from_u128(number)).await;
        let alerts = sent.iter().map(|sent| sent.delivery.new.alert.as_u128() - 0xa1e7_0000);
        told.push(alerts.rev().collect::<Vec<_>>());
    }
    assert_eq!(told, [vec![2], vec![3], vec![4], vec![], vec![1, 2, 3, 4]]);
}

async fn an_attempt_that_is_cut_off(fixture: Fixture) {
    let receiver = Receiver::start(HOLD).await;
    let channel = fixture.channel(1, &receiver.url).await;
    let first = fixture.deliver();
    fixture.raise(1, "ada").await;
    receiver.until(1).await;
    fixture.raise(2, "ada").await;
    // The turn is lost in the middle: another node goes on, and this one may begin nothing any more.
    fixture.app.store.end_turn(fixture.turn.number).await.expect("an end");
    let next =
        fixture.app.store.take_turn(Uuid::from_u128(2), TURN).await.expect("an answer").expect("a turn");
    receiver.answer(200);
    let second = Delivering::begin(&fixture.app, next.number);
    fixture.until_state(channel, DeliveryState::Sent, 1).await;
    assert_eq!(receiver.keys(), vec![key(1, "raised"); 2], "the same key");
    drop((first, second));
    fixture.wait(61);
    let _former = fixture.deliver();
    let waits = fixture.sent(channel).await;
    assert_eq!(waits[0].delivery.state, DeliveryState::Waiting);
    let _next = Delivering::begin(&fixture.app, next.number);
    fixture.until_state(channel, DeliveryState::Sent, 2).await;
    assert_eq!(receiver.keys()[2..], [key(2, "raised")], "it is sent by the node with the turn alone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attempt_that_is_cut_off_is_repeated_by_the_next_node_with_the_same_key() {
    an_attempt_that_is_cut_off(Fixture::new().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attempt_that_is_cut_off_is_repeated_by_the_next_node_over_postgresql() {
    an_attempt_that_is_cut_off(Fixture::over(Some(private_postgres::database())).await).await;
}
