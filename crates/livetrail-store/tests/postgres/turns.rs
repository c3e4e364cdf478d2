//! Which of several nodes evaluates the log.

use super::{open, until::until};
use livetrail_store::{Advanced, AlertRule, Alerts, Log, Progress};
use std::time::Duration;
use uuid::Uuid;

const LONG: Duration = Duration::from_secs(3_600);
const SHORT: Duration = Duration::from_millis(300);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_node_takes_over_when_the_turn_of_the_first_is_over() {
    let log = super::PostgresFixture::new();
    let (one, two) = (open(&log.database.url()).await, open(&log.database.url()).await);
    let (first, second) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let begun = one.take_turn(first, LONG).await.expect("an answer").expect("a turn");
    assert_eq!(two.take_turn(second, LONG).await.expect("an answer"), None);
    let renewed = one.take_turn(first, SHORT).await.expect("an answer").expect("a turn");
    assert_eq!(renewed.number, begun.number);
    let progress = |turn: u64| Progress { turn, position: 5, ..Progress::default() };
    assert_eq!(one.advance(progress(renewed.number)).await.expect("an answer"), Advanced::Kept);
    until(async || two.take_turn(second, LONG).await.expect("an answer").is_some()).await;
    let taken = two.take_turn(second, LONG).await.expect("an answer").expect("a turn");
    assert!(taken.number > renewed.number && taken.position == 5, "{taken:?}");
    assert_eq!(one.take_turn(first, LONG).await.expect("an answer"), None);
    assert_eq!(one.advance(progress(renewed.number)).await.expect("an answer"), Advanced::TurnLost);
}

/// A rule that is put while progress is kept counts from that progress on, or the progress is refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_and_progress_at_once_agree_about_where_the_rule_begins() {
    let log = super::PostgresFixture::new();
    let (one, two) = (open(&log.database.url()).await, open(&log.database.url()).await);
    let node = Uuid::from_u128(1);
    for position in 1..=50 {
        let turn = one.take_turn(node, LONG).await.expect("an answer").expect("a turn");
        let progress = Progress { turn: turn.number, rules: turn.rules, position, ..Progress::default() };
        let rule = AlertRule {
            id: "rule".into(),
            definition: position.to_string(),
            enabled: true,
            tenant: None,
            after: 0,
            changed_by: None,
            changed_at: jiff::Timestamp::UNIX_EPOCH,
        };
        let (kept, put) = tokio::join!(one.advance(progress), two.put_alert_rule(rule));
        put.expect("a change");
        let reached = if kept.expect("an answer") == Advanced::Kept { position } else { turn.position };
        let rules = two.alert_rules().await.expect("rules").rules;
        assert_eq!(rules[0].after, reached);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_of_an_earlier_version_raises_no_alerts_about_what_it_has() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    super::append(&store, 1..=20).await;
    let head = store.head().await.expect("a head").head;
    drop(store);
    log.database.psql(super::BEFORE_RETENTION);
    let store = open(&log.database.url()).await;
    let turn = store.take_turn(Uuid::from_u128(1), LONG).await.expect("an answer").expect("a turn");
    assert_eq!(turn.position, head);
}
