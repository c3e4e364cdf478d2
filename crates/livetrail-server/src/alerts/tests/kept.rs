//! What is kept and what is remembered of alerts.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_version_has_kept_and_this_one_cannot_read_stops_nothing() {
    let fixture = Fixture::new().await;
    let store = &fixture.app.store;
    let rule = |id: &str, definition: &str| AlertRule {
        id: id.into(),
        definition: definition.into(),
        enabled: true,
        tenant: None,
        after: 0,
        changed_by: None,
        changed_at: fixture.environment.now(),
    };
    store.put_alert_rule(rule("later", "id = \"later\"\ncolour = \"red\"")).await.expect("a change");
    store.put_alert_rule(rule("failures", FAILURES)).await.expect("a change");
    let stored = fixture.append(&made(30, 1)).await;
    let node = Uuid::from_u128(1);
    let take =
        async || store.take_turn(node, Duration::from_secs(60)).await.expect("an answer").expect("a turn");
    let turn = take().await;
    let unreadable = Stored {
        id: Uuid::from_u128(7),
        rule: "failures".into(),
        rule_version: "1".into(),
        title: "A title".into(),
        severity: livetrail_types::Severity::Info,
        tenant: None,
        group: "{}".into(),
        position: 1,
        raised_at: stored[0].created_at,
        first_at: stored[0].timestamp,
        last_at: stored[29].timestamp,
        open_ended: true,
        content: r#"{"of_a_later_version": true}"#.into(),
        decision: livetrail_store::Decision::default(),
    };
    let kept = Kept {
        turn: turn.number,
        rules: turn.rules,
        position: 2,
        alerts: vec![unreadable],
        ..Kept::default()
    };
    store.advance(kept).await.expect("an answer");
    let held = crate::alerts::HeldTurn::new(&fixture.app, node, take().await);
    assert!(begin::begin(&fixture.app, held).await.is_ok(), "it begins");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alerts_that_have_ended_leave_memory() {
    let fixture = Fixture::new().await;
    let one = FAILURES.replace("gte = 3", "gte = 1").replace("1d", "1m");
    let rules = [fixture.rule(&one)];
    let mut work = fixture.rebuilt(&rules, 0, Timestamp::UNIX_EPOCH).await;
    let names = HashMap::from([("failures".to_owned(), rules[0].clone())]);
    let now = fixture.environment.now();
    let raised = tokio::task::spawn_blocking(move || {
        let mut raised = 0;
        for number in 0..60_000 {
            let made = Made { minutes_ago: 60_000 - number as i64, minutes_late: 0, number };
            let mut activity = made.stamp(now, Uuid::nil()).activity;
            activity.position = number + 1;
            work.evaluate(&activity).expect("the log answers");
            if number.is_multiple_of(100) {
                raised += work.take_changed(&names).1.len();
                work.settle();
                assert!(work.alerts.len() < 1_200, "{} alerts are remembered", work.alerts.len());
            }
        }
        raised
    });
    assert!(raised.await.expect("an end") > 3_000);
}
