//! The evaluation over a real store, piece by piece. Whole servers are killed in `tests/cli/alerts.rs`.

mod kept;
mod unsteady;

use super::{
    backtest::{Backtest, Progress, backtest},
    begin,
    past::{Log, LogWithAlerts},
    work::Work,
};
use crate::{
    access::Principal,
    app::App,
    config::RawConfig,
    environment::{Environment, Manual},
    questions::IndexState,
    until::until,
};
use jiff::{SignedDuration, Timestamp};
use livetrail_alerts::{Alert, Evaluator, Event, Horizon, NoPlaces, Past, PastError, Question, Rule};
use livetrail_store::{
    Alert as Stored, AlertRule, PostgresOptions, PostgresStore, Progress as Kept, SqliteStore, Store,
};
use livetrail_types::{Activity, Epoch, NewActivity, Stamped};
use std::{cell::Cell, collections::HashMap, sync::Arc, time::Duration};
use tempfile::TempDir;
use uuid::Uuid;

const FAILURES: &str = r#"
id = "failures"
title = "Failed sign-ins"
severity = "warning"
group_by = ["user_id"]
timespan = "1d"
[filter]
action_filter = "user_login"
success_filter = false
[condition]
type = "event_count"
gte = 3
"#;

pub(super) const BUSY: &str = r#"
id = "busy"
title = "Much at once"
severity = "info"
group_by = ["ip_address"]
timespan = "3h"
[condition]
type = "value_count"
field = "user_id"
gte = 4
"#;

const NEW_BROWSER: &str = r#"
id = "new-browser"
title = "A new browser"
severity = "info"
group_by = ["user_id"]
timespan = "7d"
[condition]
type = "first_seen"
field = "user_agent"
learning = "1d"
"#;

const SILENT: &str = r#"
id = "silent"
title = "A user who stopped"
severity = "notice"
group_by = ["user_id"]
timespan = "1d"
[condition]
type = "silence"
gte = 5
quiet_for = "6h"
"#;

/// The parts of a server that is not on the network.
pub(super) struct Fixture {
    pub(super) app: Arc<App>,
    environment: Arc<Manual>,
    _folder: TempDir,
    _database: Option<private_postgres::Database>,
}

impl Fixture {
    async fn over(database: Option<private_postgres::Database>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store: Arc<dyn Store> = match &database {
            None => Arc::new(SqliteStore::open(folder.path(), Epoch(1)).expect("a store")),
            Some(database) => {
                let address = database.url().parse().expect("an address");
                let opening = PostgresStore::open(address, PostgresOptions::default(), Epoch(1));
                Arc::new(opening.await.expect("a store"))
            }
        };
        let raw = RawConfig { data_dir: Some(folder.path().to_owned()), ..RawConfig::default() };
        let config = raw.resolve(None).expect("a configuration");
        let environment = Arc::new(Manual::new());
        let app = App::start(&config, store, Arc::clone(&environment) as _, "http://localhost".into());
        let app = app.await.expect("an app");
        Self { app, environment, _folder: folder, _database: database }
    }

    pub(super) async fn new() -> Self {
        Self::over(None).await
    }

    pub(super) fn rule(&self, toml: &str) -> Rule {
        Rule::from_toml(toml, &self.app.filter_context()).expect("a rule")
    }

    /// Appends activities at the given minutes before now, and shows them.
    pub(super) async fn append(&self, made: &[Made]) -> Vec<Activity> {
        let now = self.environment.now();
        let stamped: Vec<Stamped> =
            made.iter().map(|made| made.stamp(now, self.environment.fresh_id())).collect();
        let mut stored = Vec::new();
        for batch in stamped.chunks(2_000) {
            stored.extend(self.app.store.append(batch.to_vec()).await.expect("an append").stored);
        }
        self.app.hub.committed(stored.clone());
        stored
    }

    async fn index(&self) {
        self.app.questions.begin_index();
        until(async || self.app.questions.index_state() == IndexState::Ready).await;
    }

    async fn backtest(&self, rule: &Rule, days: (i64, i64)) -> Backtest {
        let at = |days: i64| self.environment.now() - SignedDuration::from_hours(24 * days);
        let (time, operator) = ((at(days.0), at(days.1)), Principal::operator());
        let last = Cell::new(Progress { read: 0, of: 0 });
        let done = backtest(&self.app, &operator, rule.clone(), time, |progress| last.set(progress)).await;
        assert_eq!(last.get().read, last.get().of, "it looks at everything");
        done.expect("a result")
    }

    /// An evaluator that remembers what it has to for the log after a position.
    async fn rebuilt(&self, rules: &[Rule], position: u64, arrived: Timestamp) -> Work {
        let horizon = Horizon::of(rules, arrived);
        let evaluator = Evaluator::new(rules.to_vec(), Arc::new(NoPlaces)).rebuild(horizon, []);
        let past = LogWithAlerts { log: Log::of(&self.app, Principal::operator()), read: Vec::new() };
        let mut work = Some(Work::new(evaluator, past, Vec::new()));
        let wanted = begin::wanted(&self.app, rules, horizon, (0, position)).await;
        begin::recall(&self.app, &mut work, wanted.unwrap_or_else(|_| panic!("a plan")))
            .await
            .unwrap_or_else(|_| panic!("a memory"));
        work.expect("work")
    }
}

/// An activity in the making.
#[derive(Clone, Copy)]
pub(super) struct Made {
    minutes_ago: i64,
    minutes_late: i64,
    number: u64,
}

impl Made {
    fn stamp(self, now: Timestamp, id: Uuid) -> Stamped {
        let mixed = self.number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24;
        let arrived = now - SignedDuration::from_mins(self.minutes_ago);
        let new = NewActivity {
            timestamp: Some(arrived - SignedDuration::from_mins(self.minutes_late)),
            success: Some(!mixed.is_multiple_of(3)),
            ip_address: Some([10, 0, 0, (mixed % 13) as u8].into()),
            user_agent: Some(format!("Mozilla/5.0 (X11; Linux x86_64) Firefox/{}.0", mixed % 400)),
            ..NewActivity::new(
                format!("u-{}", mixed % 11),
                if mixed.is_multiple_of(5) { "user_login" } else { "page_view" },
            )
        };
        let mut stamped = new.stamp(arrived, id, &[0; 32]);
        stamped.activity.created_at = arrived;
        stamped
    }
}

/// So many activities, the last of them now; one in 20 is late by up to two hours.
pub(super) fn made(count: u64, minutes_between: i64) -> Vec<Made> {
    let make = |number: u64| {
        let late = if number.is_multiple_of(20) { (number % 120) as i64 } else { 0 };
        Made { minutes_ago: (count - number) as i64 * minutes_between, minutes_late: late, number }
    };
    (1..=count).map(make).collect()
}

/// A log in memory. Alerts are not asked for, since the evaluator forgets none.
struct InMemory<'a>(&'a [Activity]);

impl Past for InMemory<'_> {
    fn activities(
        &mut self,
        question: &Question<'_>,
        each: &mut dyn FnMut(&Activity),
    ) -> Result<(), PastError> {
        self.0.iter().filter(|activity| activity.position < question.before).for_each(each);
        Ok(())
    }

    fn alerts(&mut self, _: &Question<'_>) -> Result<Vec<Alert>, PastError> {
        Ok(Vec::new())
    }
}

/// How many alerts a rule raises, by the day of what raised them, and how many activities these have.
fn plainly(
    rule: &Rule,
    log: &[Activity],
    (from, to): (Timestamp, Timestamp),
) -> (u64, HashMap<String, u64>, u64) {
    let mut evaluator = Evaluator::new(vec![rule.clone()], Arc::new(NoPlaces));
    let (mut counts, mut days) = (HashMap::<Uuid, u64>::new(), HashMap::<String, u64>::new());
    let since = Horizon::of(std::slice::from_ref(rule), from).since();
    let log: Vec<Activity> = log
        .iter()
        .filter(|activity| since <= activity.timestamp && activity.timestamp <= to)
        .cloned()
        .collect();
    for activity in &log {
        for event in evaluator.step(activity, &mut InMemory(&log)).expect("an answer") {
            match event {
                Event::Raised(alert) if from <= activity.timestamp => {
                    *days.entry(activity.timestamp.to_string()[..10].to_owned()).or_default() += 1;
                    counts.insert(alert.id, alert.count);
                }
                Event::Continued { alert, count, .. } => {
                    counts.entry(alert).and_modify(|known| *known = count);
                }
                _ => {}
            }
        }
    }
    (counts.len() as u64, days, counts.values().sum())
}

async fn a_backtest_is_what_an_evaluation_raises(fixture: Fixture) {
    let mut made = made(9_000, 6);
    // All are silent for half a day.
    made.retain(|made| !(14_400..15_120).contains(&made.minutes_ago));
    let log = fixture.append(&made).await;
    let rules = [FAILURES, BUSY].map(|toml| fixture.rule(toml));
    let at = |days: i64| fixture.environment.now() - SignedDuration::from_hours(24 * days);
    let mut before = Vec::new();
    for rule in &rules {
        let (alerts, days, activities) = plainly(rule, &log, (at(30), at(2)));
        assert!(alerts > 3, "{}: the comparison says little: {alerts}", rule.id);
        let found = fixture.backtest(rule, (30, 2)).await;
        assert_eq!(found.alerts, alerts, "{}", rule.id);
        let per_day: HashMap<_, _> =
            found.per_day.iter().map(|(day, count)| (day.to_string(), *count)).collect();
        assert_eq!(per_day, days, "{}", rule.id);
        if alerts <= 20 {
            assert_eq!(
                found.groups.iter().map(|group| group.activities).sum::<u64>(),
                activities,
                "{}",
                rule.id
            );
        }
        assert_eq!((found.saturated_since, found.stopped_at), (None, None));
        before.push(found);
    }
    for toml in [NEW_BROWSER, SILENT] {
        let found = fixture.backtest(&fixture.rule(toml), (30, 2)).await;
        assert!(found.alerts > 0, "{toml}: {found:?}");
        assert!(found.first.iter().all(|alert| !alert.positions.is_empty()), "{found:?}");
        before.push(found);
    }
    fixture.index().await;
    for (toml, before) in [FAILURES, BUSY, NEW_BROWSER, SILENT].into_iter().zip(before) {
        assert_eq!(fixture.backtest(&fixture.rule(toml), (30, 2)).await, before, "by the index");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backtest_is_what_an_evaluation_raises_over_sqlite() {
    a_backtest_is_what_an_evaluation_raises(Fixture::new().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backtest_is_what_an_evaluation_raises_over_postgresql() {
    a_backtest_is_what_an_evaluation_raises(Fixture::over(Some(private_postgres::database())).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuilt_evaluator_is_the_same_by_the_index_and_without() {
    let fixture = Fixture::new().await;
    let log = fixture.append(&made(6_000, 3)).await;
    let rules = [FAILURES, BUSY, NEW_BROWSER].map(|toml| fixture.rule(toml));
    let names: HashMap<_, _> = rules.iter().map(|rule| (rule.id.clone(), rule.clone())).collect();
    let position = 5_000;
    let arrived = log[position - 1].created_at;
    let (mut by_rows, mut results) = (true, Vec::new());
    for _ in 0..2 {
        let mut work = fixture.rebuilt(&rules, position as u64, arrived).await;
        let rest = log[position..].to_vec();
        let names = names.clone();
        let found = tokio::task::spawn_blocking(move || {
            rest.iter().for_each(|activity| work.evaluate(activity).expect("the log answers"));
            let (mut alerts, raised) = work.take_changed(&names);
            alerts.sort_by_key(|alert| (alert.position, alert.id));
            (alerts, raised)
        });
        let (alerts, raised): (Vec<Stored>, Vec<Uuid>) = found.await.expect("a result");
        assert!(raised.len() > 10, "the comparison says little: {}", raised.len());
        results.push(alerts);
        if std::mem::take(&mut by_rows) {
            fixture.index().await;
        }
    }
    assert_eq!(results[0], results[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backtest_that_is_dropped_leaves_nothing_behind() {
    let fixture = Fixture::new().await;
    fixture.append(&made(9_000, 6)).await;
    let (app, rule) = (Arc::clone(&fixture.app), fixture.rule(BUSY));
    let time = (Timestamp::UNIX_EPOCH, fixture.environment.now());
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let begun = Cell::new(Some(begun));
    let operator = Principal::operator();
    let begin = |_| {
        if let Some(begun) = begun.take() {
            begun.send(()).expect("a receiver");
        }
    };
    tokio::select! {
        biased;
        begun = has_begun => begun.expect("a beginning"),
        done = backtest(&app, &operator, rule, time, begin) => panic!("it is not that quick: {done:?}"),
    }
    drop(app);
    until(async || Arc::strong_count(&fixture.app) == 1).await;
}
