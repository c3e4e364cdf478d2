//! Runs over a real store, step by step.

use super::{
    outcome::Outcome,
    policy::Swept,
    rules::Rules,
    run::{Interruption, Run},
};
use jiff::{SignedDuration, Timestamp};
use livetrail_store::{
    Advanced, Alert, AlertQuery, AlertState, Decision, Hold, Progress, SqliteStore, Store,
};
use livetrail_types::{Catalogue, Epoch, NewActivity, Severity, actions};
use std::{sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

struct Fixture {
    store: Arc<dyn Store>,
    catalogue: Catalogue,
    _folder: TempDir,
}

fn now() -> Timestamp {
    Timestamp::from_second(1_790_000_000).expect("a time")
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(days * 24)
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Arc::new(SqliteStore::open(folder.path(), Epoch(7)).expect("a store"));
        Self { store, catalogue: Catalogue::builtin(), _folder: folder }
    }

    /// Appends an activity of each tenant, as many days ago.
    async fn append(&self, activities: &[(i64, Option<&str>)]) {
        let stamped = activities.iter().enumerate().map(|(n, (age, tenant))| {
            let new = NewActivity {
                timestamp: Some(now() - days(*age)),
                tenant_id: tenant.map(str::to_owned),
                ..NewActivity::new(format!("u-{n}"), "user_login")
            };
            new.stamp(now(), Uuid::from_u128(n as u128 + 1), &[0; 32])
        });
        self.store.append(stamped.collect()).await.expect("an append");
    }

    async fn run_at(
        &self,
        rules: &Rules,
        now: Timestamp,
        is_dry: bool,
        previous: Option<Swept>,
    ) -> (Outcome, Swept) {
        let (mut outcome, stopping) = (Outcome::default(), CancellationToken::new());
        let (store, catalogue) = (&*self.store, &self.catalogue);
        let run = Run { store, rules, catalogue, now, stopping: &stopping, is_dry };
        let swept = run.run(previous, &mut outcome).await.expect("a run");
        (outcome, swept)
    }

    async fn run(&self, rules: &Rules) -> Outcome {
        self.run_at(rules, now(), false, None).await.0
    }

    async fn floor(&self) -> u64 {
        self.store.head().await.expect("a head").floor
    }

    /// The positions that are kept.
    async fn kept(&self) -> Vec<u64> {
        let rows =
            self.store.range(self.floor().await, 100_000).await.expect("a range").rows().expect("rows");
        rows.iter().map(|(activity, _)| activity.position).collect()
    }

    async fn hold(&self, tenant: &str) -> Uuid {
        let hold = Hold {
            id: Uuid::from_u128(99),
            reason: "a case".into(),
            tenant: Some(tenant.into()),
            created_at: now(),
            ..Hold::default()
        };
        self.store.put_hold(hold).await.expect("a hold");
        Uuid::from_u128(99)
    }
}

fn rules(keep: Option<&str>, rows: Option<u64>, tenants: &[(&str, &str)]) -> Rules {
    let raw = |(tenant, keep): &(&str, &str)| super::RawRule {
        tenant: Some((*tenant).into()),
        category: None,
        keep: (*keep).into(),
    };
    let raw: Vec<_> = tenants.iter().map(raw).collect();
    Rules::read(keep, rows, &raw, &Catalogue::builtin()).expect("rules")
}

#[tokio::test]
async fn the_beginning_is_dropped_and_what_is_due_after_it_is_removed() {
    let fixture = Fixture::new();
    fixture.append(&[(50, None), (45, None), (20, None), (44, None), (1, None)]).await;
    let rules = rules(Some("30d"), None, &[]);
    let (planned, _) = fixture.run_at(&rules, now(), true, None).await;
    assert_eq!((planned.dropped, planned.removed, planned.floor), (2, 1, 2));
    assert_eq!((planned.oldest, planned.newest), (Some(now() - days(50)), Some(now() - days(44))));
    assert_eq!(fixture.kept().await, [1, 2, 3, 4, 5], "a dry run removes nothing");
    assert_eq!(fixture.run(&rules).await, planned);
    assert_eq!((fixture.floor().await, fixture.kept().await), (2, vec![3, 5]));
    assert_eq!(fixture.run(&rules).await.total(), 0);
}

#[tokio::test]
async fn a_tenant_with_a_shorter_time_leaves_holes_and_the_floor_follows_them() {
    let fixture = Fixture::new();
    let (acme, others) = (Some("acme"), None);
    fixture.append(&[(20, acme), (20, others), (19, acme), (18, others), (17, acme), (1, others)]).await;
    let short = rules(Some("30d"), None, &[("acme", "10d")]);
    let outcome = fixture.run(&short).await;
    assert_eq!((outcome.dropped, outcome.removed), (1, 2));
    assert_eq!(fixture.kept().await, [2, 4, 6]);
    let shorter = rules(Some("19d"), None, &[("acme", "10d")]);
    assert_eq!(fixture.run(&shorter).await.dropped, 1);
    assert_eq!((fixture.floor().await, fixture.kept().await), (3, vec![4, 6]), "over the hole after it");
}

#[tokio::test]
async fn a_number_of_positions_is_kept() {
    let fixture = Fixture::new();
    fixture.append(&[(0, None); 5_000]).await;
    let outcome = fixture.run(&rules(None, Some(50), &[])).await;
    assert_eq!((outcome.dropped, outcome.removed, fixture.floor().await), (4_950, 0, 4_950));
}

#[tokio::test]
async fn a_hold_stops_the_floor_and_its_release_lets_it_go_on() {
    let fixture = Fixture::new();
    fixture.append(&[(50, None), (49, Some("acme")), (48, None), (47, Some("acme")), (1, None)]).await;
    let hold = fixture.hold("acme").await;
    let rules = rules(Some("30d"), None, &[]);
    let (outcome, swept) = fixture.run_at(&rules, now(), false, None).await;
    assert_eq!((outcome.dropped, outcome.removed, outcome.held), (1, 1, 2));
    assert_eq!(fixture.kept().await, [2, 4, 5]);
    fixture.store.release_hold(hold).await.expect("a release");
    // The earlier run has looked at them already, and yet they go.
    let (outcome, _) = fixture.run_at(&rules, now(), false, Some(swept)).await;
    assert_eq!((outcome.dropped, fixture.kept().await), (2, vec![5]));
}

#[tokio::test]
async fn a_later_run_finds_what_has_become_due_and_what_came_late() {
    let fixture = Fixture::new();
    let (acme, others) = (Some("acme"), None);
    fixture.append(&[(1, others), (9, acme), (12, acme), (20, others)]).await;
    let rules = rules(Some("30d"), None, &[("acme", "10d")]);
    let (outcome, swept) = fixture.run_at(&rules, now(), false, None).await;
    assert_eq!((outcome.removed, fixture.kept().await), (1, vec![1, 2, 4]));
    let stamped = NewActivity { timestamp: Some(now() - days(400)), ..NewActivity::new("u-1", "a") };
    self::append_one(&fixture, stamped).await;
    let (outcome, swept) = fixture.run_at(&rules, now() + days(2), false, Some(swept)).await;
    assert_eq!((outcome.removed, fixture.kept().await), (2, vec![1, 4]));
    let (outcome, _) = fixture.run_at(&rules, now() + days(11), false, Some(swept)).await;
    assert_eq!((outcome.removed, fixture.kept().await), (1, vec![1]));
}

async fn append_one(fixture: &Fixture, new: NewActivity) {
    let stamped = new.stamp(now(), Uuid::from_u128(1_000), &[0; 32]);
    fixture.store.append(vec![stamped]).await.expect("an append");
}

#[tokio::test]
async fn a_run_that_is_told_to_stop_says_what_it_has_done() {
    let fixture = Fixture::new();
    fixture.append(&[(50, None); 10]).await;
    let (rules, stopping, mut outcome) =
        (rules(Some("30d"), None, &[]), CancellationToken::new(), Outcome::default());
    stopping.cancel();
    let run = Run {
        store: &*fixture.store,
        rules: &rules,
        catalogue: &fixture.catalogue,
        now: now(),
        stopping: &stopping,
        is_dry: false,
    };
    let ended = run.run(None, &mut outcome).await;
    assert!(matches!(ended, Err(Interruption::Stopping)), "{ended:?}");
    assert_eq!((outcome.total(), fixture.floor().await), (0, 0));
}

/// An alert whose last activity happened so many days ago, and its activity.
async fn raise(fixture: &Fixture, n: u128, age: i64, state: AlertState) {
    let (store, id, at) = (&fixture.store, Uuid::from_u128(n), now() - days(age));
    let alert = Alert {
        id,
        rule: "r".into(),
        rule_version: "1".into(),
        title: "R".into(),
        severity: Severity::Info,
        tenant: None,
        group: "{}".into(),
        position: n as u64,
        raised_at: at,
        first_at: at,
        last_at: at,
        open_ended: false,
        content: "{}".into(),
        decision: Decision::default(),
    };
    let turn =
        store.take_turn(Uuid::nil(), Duration::from_secs(9)).await.expect("an answer").expect("a turn");
    let progress =
        Progress { turn: turn.number, rules: turn.rules, alerts: vec![alert], ..Progress::default() };
    assert_eq!(store.advance(progress).await.expect("an answer"), Advanced::Kept);
    store.decide(id, Decision { state, ..Decision::default() }).await.expect("an answer").expect("an alert");
    let raised =
        NewActivity { timestamp: Some(at), ..NewActivity::new("livetrail-operator", actions::ALERT_RAISED) };
    store.append(vec![raised.stamp(now(), id, &[0; 32])]).await.expect("an append");
    store.alerts_are_recorded(vec![id]).await.expect("a note");
}

#[tokio::test]
async fn alerts_go_with_their_activities_and_those_that_nobody_has_resolved_later() {
    use AlertState::{Acknowledged, Open, Resolved};
    let fixture = Fixture::new();
    let alerts = [(91, Open), (89, Open), (41, Resolved), (41, Acknowledged), (39, Resolved), (20, Resolved)];
    for (n, (age, state)) in (1..).zip(alerts) {
        raise(&fixture, n, age, state).await;
    }
    let left = async || {
        let alerts =
            fixture.store.alerts(AlertQuery { limit: 9, ..AlertQuery::default() }).await.expect("alerts");
        alerts.iter().rev().map(|alert| alert.position).collect::<Vec<_>>()
    };
    let forever = fixture.run(&rules(None, Some(1_000), &[])).await;
    assert_eq!((forever.alerts, left().await), (0, vec![1, 2, 3, 4, 5, 6]));
    let month = rules(Some("30d"), None, &[]);
    assert_eq!(fixture.run_at(&month, now(), true, None).await.0.alerts, 0);
    let outcome = fixture.run(&month).await;
    assert_eq!((outcome.total(), outcome.alerts), (5, 2));
    assert_eq!(left().await, [2, 4, 5, 6]);
    let (later, _) = fixture.run_at(&month, now() + days(60), false, None).await;
    assert_eq!((later.total(), later.alerts, left().await), (1, 4, vec![]));
}

#[tokio::test]
async fn an_alert_whose_activity_a_hold_keeps_stays() {
    let fixture = Fixture::new();
    raise(&fixture, 1, 100, AlertState::Resolved).await;
    let hold =
        Hold { id: Uuid::from_u128(99), reason: "a case".into(), created_at: now(), ..Hold::default() };
    fixture.store.put_hold(hold).await.expect("a hold");
    let month = rules(Some("30d"), None, &[]);
    assert_eq!((fixture.run(&month).await.alerts, fixture.kept().await), (0, vec![1]));
    fixture.store.release_hold(Uuid::from_u128(99)).await.expect("an end");
    assert_eq!((fixture.run(&month).await.alerts, fixture.floor().await), (1, 1));
}
