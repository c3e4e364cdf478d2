//! An evaluation that is cut off and begun anew, over logs that lose their beginning or their end, and under clocks
//! that step.

use super::*;
use crate::alerts::{stored, watch};
use livetrail_alerts::{Group, MAX_GROUPS};
use livetrail_store::{AlertQuery, Decision};
use livetrail_types::{LIVETRAIL, actions};
use std::collections::BTreeMap;
use tokio::task::JoinHandle;

/// The default rule that ten failed sign-ins of a user within ten minutes raise.
const RULE: &str = "failed-sign-ins";

impl Fixture {
    /// Failed sign-ins of users at this moment.
    async fn fail(&self, users: impl IntoIterator<Item = String>) {
        let now = self.environment.now();
        let failure = |user: String| NewActivity {
            timestamp: Some(now),
            success: Some(false),
            ..NewActivity::new(user, actions::USER_LOGIN)
        };
        let stamped: Vec<Stamped> = users
            .into_iter()
            .map(|user| failure(user).stamp(now, self.environment.fresh_id(), &[0; 32]))
            .collect();
        for batch in stamped.chunks(2_000) {
            let stored = self.app.store.append(batch.to_vec()).await.expect("an append").stored;
            self.app.hub.committed(stored);
        }
    }

    async fn fail_often(&self, user: &str, count: usize) {
        self.fail(vec![user.to_owned(); count]).await;
    }

    /// Evaluates, until the task is cut off.
    fn watch(&self) -> JoinHandle<()> {
        tokio::spawn(watch(Arc::downgrade(&self.app)))
    }

    async fn alerts(&self) -> Vec<Stored> {
        let query = AlertQuery { rule: Some(RULE.into()), limit: 100, ..AlertQuery::default() };
        let mut alerts = self.app.store.alerts(query).await.expect("alerts");
        alerts.reverse();
        alerts
    }

    /// The users of the alerts in the order of the log, as soon as the last one is about `last`. Each alert is one
    /// activity of the log.
    async fn alerts_until(&self, last: &str) -> Vec<String> {
        let users = async || {
            let alerts = self.alerts().await.into_iter();
            alerts
                .map(|alert| stored::read(&alert).expect("an alert").group.values.concat())
                .collect::<Vec<_>>()
        };
        until(async || users().await.last().is_some_and(|user| user == last)).await;
        self.until_recorded().await;
        let recorded = self.recorded().await;
        for alert in self.alerts().await {
            assert_eq!(recorded.get(&alert.id), Some(&1), "{alert:?}");
        }
        users().await
    }

    async fn until_recorded(&self) {
        until(async || self.app.store.unrecorded_alerts(1).await.expect("alerts").is_empty()).await;
    }

    /// How often each alert of the rule is in the log.
    async fn recorded(&self) -> BTreeMap<Uuid, u64> {
        let store = &self.app.store;
        let floor = store.head().await.expect("a head").floor;
        let rows = store.range(floor, 100_000).await.expect("a range").rows().expect("rows");
        let mut times = BTreeMap::new();
        for (activity, _) in rows {
            let is_own = activity.resource_type.as_deref() == Some(LIVETRAIL);
            if is_own && activity.target_resource_id.as_deref() == Some(RULE) {
                *times.entry(activity.id).or_default() += 1;
            }
        }
        times
    }

    async fn drop_all(&self) {
        let store = &self.app.store;
        let (head, holds) =
            (store.head().await.expect("a head").head, store.holds().await.expect("holds").version);
        while store.drop_before(head, holds).await.expect("a step").expect("the same holds") < head {}
    }
}

async fn cut_off(watching: JoinHandle<()>) {
    watching.abort();
    assert!(watching.await.is_err_and(|error| error.is_cancelled()));
}

async fn what_the_retention_has_removed_is_not_waited_for(fixture: Fixture) {
    let watching = fixture.watch();
    fixture.fail_often("ada", 9).await;
    fixture.fail_often("bob", 10).await;
    assert_eq!(fixture.alerts_until("bob").await, ["bob"]);
    cut_off(watching).await;
    // Not evaluated yet, and removed before it is.
    fixture.fail_often("joe", 10).await;
    fixture.drop_all().await;
    fixture.fail_often("ada", 1).await;
    fixture.fail_often("bob", 3).await;
    let watching = fixture.watch();
    fixture.fail_often("eve", 10).await;
    until(async || fixture.alerts().await.len() == 2).await;
    let counts: Vec<u64> =
        fixture.alerts().await.iter().map(|alert| stored::read(alert).expect("an alert").count).collect();
    assert_eq!(counts, [13, 10], "what goes on goes on, and what is gone is not counted");
    fixture.fail_often("ada", 9).await;
    until(async || fixture.alerts().await.len() == 3).await;
    fixture.until_recorded().await;
    cut_off(watching).await;
    // The activities of alerts may be removed while they go on.
    fixture.drop_all().await;
    let watching = fixture.watch();
    for user in ["ada", "bob", "eve"] {
        fixture.fail_often(user, 10).await;
    }
    fixture.fail_often("zoe", 10).await;
    until(async || fixture.alerts().await.len() == 4).await;
    fixture.until_recorded().await;
    let raised = fixture.recorded().await;
    assert_eq!(raised.len(), 1, "no alert is in the log again: {raised:?}");
    drop(watching);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_retention_has_removed_is_not_waited_for_over_sqlite() {
    what_the_retention_has_removed_is_not_waited_for(Fixture::new().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_retention_has_removed_is_not_waited_for_over_postgresql() {
    let fixture = Fixture::over(Some(private_postgres::database())).await;
    what_the_retention_has_removed_is_not_waited_for(fixture).await;
}

/// A log that has lost its end (a replica took over, for example) beside an alert about what it has lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alert_about_what_the_log_has_lost_does_not_go_on() {
    let fixture = Fixture::new().await;
    fixture.fail_often("ada", 3).await;
    let default =
        livetrail_alerts::DEFAULTS.iter().find(|default| default.toml.contains("\"failed-sign-ins\""));
    let rule = fixture.rule(default.expect("a rule").toml);
    let now = fixture.environment.now();
    let group = Group { tenant: None, values: vec!["ada".into()] };
    let lost = Alert {
        id: Uuid::from_u128(7),
        rule: rule.id.clone(),
        version: rule.version(),
        group,
        group_by: rule.group_by.clone(),
        value: None,
        raised_by: 1_000,
        first: now,
        last: now,
        count: 10,
        of: None,
        positions: vec![1_000],
        late: false,
        ended: false,
    };
    let store = &fixture.app.store;
    let turn =
        store.take_turn(Uuid::nil(), Duration::from_secs(1)).await.expect("an answer").expect("a turn");
    let alerts = vec![Stored { decision: Decision::default(), ..stored::stored(&lost, &rule, now) }];
    let kept = Kept { turn: turn.number, rules: turn.rules, position: 1_000, alerts, ..Kept::default() };
    store.advance(kept).await.expect("an answer");
    store.end_turn(turn.number).await.expect("an end");
    let watching = fixture.watch();
    fixture.until_recorded().await;
    fixture.fail_often("ada", 7).await;
    until(async || fixture.alerts().await.len() == 2).await;
    let alerts = fixture.alerts().await;
    let positions: Vec<u64> = alerts.iter().map(|alert| alert.position).collect();
    assert!(positions[0] < 20 && positions[1] == 1_000, "{positions:?}");
    assert_eq!(stored::read(&alerts[0]).expect("an alert").count, 10);
    assert_eq!(stored::read(&alerts[1]).expect("an alert").count, 10, "it did not go on");
    drop(watching);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_of_the_clock_hide_and_double_nothing() {
    let fixture = Fixture::new().await;
    let year = SignedDuration::from_hours(24 * 365);
    let mut watching = fixture.watch();
    fixture.fail_often("ada", 5).await;
    fixture.environment.advance(year);
    fixture.fail_often("ada", 5).await;
    fixture.fail_often("bob", 10).await;
    assert_eq!(fixture.alerts_until("bob").await, ["bob"], "five and five in different years");
    for _ in 0..2 {
        fixture.environment.advance(-year);
        fixture.fail_often("ada", 1).await;
        fixture.environment.advance(year);
        fixture.fail_often("bob", 1).await;
        cut_off(watching).await;
        watching = fixture.watch();
    }
    fixture.environment.advance(-year);
    fixture.fail_often("ada", 3).await;
    assert_eq!(fixture.alerts_until("ada").await, ["bob", "ada"]);
    fixture.fail_often("ada", 1).await;
    fixture.fail_often("eve", 10).await;
    assert_eq!(fixture.alerts_until("eve").await, ["bob", "ada", "eve"]);
    let counts: Vec<u64> =
        fixture.alerts().await.iter().map(|alert| stored::read(alert).expect("an alert").count).collect();
    assert_eq!(counts, [12, 11, 10]);
    drop(watching);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_beyond_the_bound_are_told_and_the_others_go_on() {
    let fixture = Fixture::new().await;
    fixture.fail((0..=MAX_GROUPS).map(|number| format!("u-{number}"))).await;
    for round in 0..2 {
        let watching = fixture.watch();
        let last = format!("u-{MAX_GROUPS}");
        fixture.fail_often(&last, 10).await;
        let known = format!("u-{}", 7 + round);
        fixture.fail_often(&known, 9).await;
        let alerts = fixture.alerts_until(&known).await;
        assert!(!alerts.contains(&last), "{alerts:?}");
        let saturated = fixture.app.store.alert_rules().await.expect("rules").saturated;
        assert_eq!(saturated.get(RULE), Some(&(MAX_GROUPS as u64 + 1)));
        cut_off(watching).await;
    }
    // Their time is over, so there is room again.
    fixture.environment.advance(SignedDuration::from_hours(1));
    let watching = fixture.watch();
    fixture.fail_often("late", 10).await;
    fixture.fail_often("later", 10).await;
    let alerts = fixture.alerts_until("later").await;
    assert_eq!(alerts, ["u-7", "u-8", "late", "later"]);
    assert_eq!(fixture.app.store.alert_rules().await.expect("rules").saturated.get(RULE), None);
    drop(watching);
}
