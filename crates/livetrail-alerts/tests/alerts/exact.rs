//! The evaluator says the same as the plain evaluation, whatever arrives late, and wherever it is killed.

use crate::{
    common::{Equator, Log, NOON, activity, at, rule},
    plain::{Plain, Said},
};
use jiff::Timestamp;
use livetrail_alerts::{Evaluator, Event, Horizon, Rule};
use livetrail_types::Activity;
use proptest::{prelude::*, strategy::ValueTree};
use serde_json::json;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// A rule of each condition, with windows that the generated logs fill and overrun.
fn rules() -> Vec<Rule> {
    let conditions = [
        ("count", "1m", "group_by = [\"user_id\"]", "type = \"event_count\"\ngte = 3"),
        ("many", "5m", "", "type = \"event_count\"\ngte = 20"),
        ("one", "1m", "group_by = [\"ip_address\"]", "type = \"event_count\"\ngte = 1"),
        (
            "values",
            "1m",
            "group_by = [\"ip_address\"]",
            "type = \"value_count\"\nfield = \"user_id\"\ngte = 3",
        ),
        ("endpoints", "5m", "", "type = \"value_count\"\nfield = \"endpoint\"\ngte = 4"),
        (
            "temporal",
            "2m",
            "",
            "type = \"temporal\"\nsteps = [{ gte = 3, filter = { success_filter = false } }, { filter = { \
              endpoint = \"/rare\" } }]",
        ),
        (
            "ordered",
            "1m",
            "group_by = [\"user_id\"]",
            "type = \"temporal_ordered\"\nsteps = [{ gte = 3, filter = { success_filter = false } }, { filter = \
              { success_filter = true } }]",
        ),
        (
            "three",
            "5m",
            "",
            "type = \"temporal_ordered\"\nsteps = [{ gte = 2, filter = { success_filter = false } }, { filter = \
              { endpoint = \"/rare\" } }, { gte = 2, filter = { user_id = [\"u-1\", \"u-2\"] } }]",
        ),
        (
            "ratio",
            "1m",
            "group_by = [\"user_id\"]",
            "type = \"ratio\"\npart = { success_filter = false }\ngte = 0.6\nmin_count = 4",
        ),
        (
            "first",
            "5m",
            "group_by = [\"user_id\"]",
            "type = \"first_seen\"\nfield = \"ip_address\"\nlearning = \"1m\"",
        ),
        (
            "hours",
            "2m",
            "group_by = [\"user_id\"]",
            "type = \"outside_hours\"\nweekdays = [\"mon\"]\nfrom = \"13:05\"\nto = \"13:10\"\nzone = \
              \"Europe/Berlin\"\ngte = 2",
        ),
        ("silence", "2m", "group_by = [\"user_id\"]", "type = \"silence\"\ngte = 2\nquiet_for = \"1m\""),
        (
            "travel",
            "5m",
            "group_by = [\"user_id\"]",
            "type = \"impossible_travel\"\nmax_speed = 8000\nmin_distance = 150",
        ),
    ];
    let toml = |(id, timespan, group_by, condition): (&str, &str, &str, &str)| {
        format!(
            "id = \"{id}\"\ntitle = \"A rule\"\nseverity = \"info\"\ntimespan = \
              \"{timespan}\"\n{group_by}\n[condition]\n{condition}"
        )
    };
    conditions.into_iter().map(toml).map(|toml| rule(&toml)).collect()
}

/// What happens to the evaluator after an activity.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Nothing,
    /// What was given is stored.
    Commit,
    /// The same, and the memory is cleaned.
    Settle,
    /// The same, and it is built anew.
    Restart,
    /// It is killed; what was not stored is lost.
    Kill,
}

#[derive(Clone, Debug)]
struct Made {
    pause: i64,
    delay: Option<i64>,
    user: u8,
    ip: u8,
    endpoint: u8,
    success: bool,
    tenant: bool,
    fate: Fate,
}

prop_compose! {
    fn made(pause: i64)(
        pause in 0..=pause,
        delay in prop_oneof![
            12 => Just(Some(0)), 4 => (0..8_i64).prop_map(|n| Some(n * 10)), 2 => (0..900_i64).prop_map(Some),
            1 => Just(Some(-300)), 1 => Just(None),
        ],
        user in 1..4_u8, ip in 0..5_u8, endpoint in 0..12_u8, success in any::<bool>(),
        tenant in prop::bool::weighted(0.1),
        fate in prop_oneof![
            20 => Just(Fate::Nothing), 4 => Just(Fate::Commit), 4 => Just(Fate::Settle), 2 => Just(Fate::Restart),
            2 => Just(Fate::Kill),
        ],
    ) -> Made {
        Made { pause, delay, user, ip, endpoint, success, tenant, fate }
    }
}

/// Dense and sparse logs, of few and many kinds of activities.
fn logs() -> impl Strategy<Value = Vec<Made>> {
    let pause = prop_oneof![Just(0_i64), Just(2), Just(10), Just(40)];
    pause.prop_flat_map(|pause| prop::collection::vec(made(pause), 1..250))
}

fn activities(made: &[Made]) -> Vec<Activity> {
    let mut second = 0;
    let make = |(index, made): (usize, &Made)| {
        second += made.pause;
        let endpoint = match made.endpoint {
            11 => json!("/rare"),
            0..3 => json!(null),
            _ => json!(format!("/{}", made.endpoint % 3)),
        };
        let fields = json!({
            "user_id": format!("u-{}", made.user), "success": made.success, "endpoint": endpoint,
            "ip_address": if made.ip == 0 { json!(null) } else { json!(format!("192.0.{}.1", made.ip)) },
            "tenant_id": if made.tenant { json!("acme") } else { json!(null) },
        });
        let mut activity = activity(index as u64 + 1, second, &fields);
        activity.timestamp = match made.delay {
            Some(delay) => at(second - delay),
            // A position that only an application's SQL can insert.
            None => Timestamp::from_second(if made.user == 1 { 253_402_207_200 } else { -NOON })
                .expect("a moment"),
        };
        activity
    };
    made.iter().enumerate().map(make).collect()
}

fn horizon(rules: &[Rule], log: &[Activity], done: usize) -> Horizon {
    let latest = log[..done].iter().map(|activity| activity.created_at).max();
    Horizon::of(rules, latest.unwrap_or(Timestamp::MIN.max(at(0))))
}

fn rebuilt(rules: &[Rule], log: &Log, done: usize) -> Evaluator {
    let horizon = horizon(rules, &log.activities, done);
    let alerts = log.alerts.iter().filter(|alert| {
        let is_silence = alert.rule == "silence";
        alert.last >= horizon.since() || is_silence && !alert.ended
    });
    let mut evaluator = Evaluator::new(rules.to_vec(), Arc::new(Equator)).rebuild(horizon, alerts);
    let is_wanted = |activity: &&Activity| {
        let is_of = |rule: &Rule| activity.timestamp >= horizon.since_of(rule) && rule.matches(activity);
        rules.iter().any(is_of)
    };
    log.activities[..done].iter().filter(is_wanted).for_each(|activity| evaluator.recall(activity));
    evaluator
}

/// Runs the evaluator over the log, through all fates; the time of silence is looked at after each commit.
fn run(rules: &[Rule], made: &[Made]) -> (Vec<Event>, Log) {
    let mut log = Log { activities: activities(made), ..Log::default() };
    let mut evaluator = Evaluator::new(rules.to_vec(), Arc::new(Equator));
    let (mut stored, mut pending, mut committed, mut next) = (Vec::new(), Vec::new(), 0, 0);
    let mut killed = vec![false; made.len()];
    while next < made.len() {
        let activity = log.activities[next].clone();
        pending.extend(evaluator.step(&activity, &mut log).expect("the log answers"));
        let fate = made[next].fate;
        next += 1;
        if matches!(fate, Fate::Kill) && !std::mem::replace(&mut killed[next - 1], true) {
            pending.clear();
            next = committed;
            evaluator = rebuilt(rules, &log, committed);
            continue;
        }
        if matches!(fate, Fate::Commit | Fate::Settle | Fate::Restart) || next == made.len() {
            pending.extend(evaluator.tick(activity.created_at));
            pending.iter().for_each(|event| log.store(event));
            stored.append(&mut pending);
            committed = next;
        }
        match fate {
            Fate::Settle => evaluator.settle(),
            Fate::Restart => evaluator = rebuilt(rules, &log, committed),
            Fate::Nothing | Fate::Commit | Fate::Kill => {}
        }
    }
    (stored, log)
}

fn expected(rules: &[Rule], made: &[Made]) -> Vec<Said> {
    let log = activities(made);
    let mut plains: Vec<Plain<'_>> = rules.iter().map(Plain::new).collect();
    let mut said = Vec::new();
    for (index, made) in made.iter().enumerate() {
        let before = &log[..=index];
        said.extend(plains.iter_mut().filter_map(|plain| plain.step(before)));
        if matches!(made.fate, Fate::Commit | Fate::Settle | Fate::Restart) || index + 1 == log.len() {
            let now = log[index].created_at.as_microsecond();
            said.extend(plains.iter_mut().flat_map(|plain| plain.tick(before, now)));
        }
    }
    said
}

fn said(events: &[Event]) -> Vec<Said> {
    let mut raised: HashMap<Uuid, (String, u64)> = HashMap::new();
    let say = |event: &Event| match event {
        Event::Raised(alert) => {
            let before = raised.insert(alert.id, (alert.rule.clone(), alert.raised_by));
            assert_eq!(before, None, "raised twice");
            let mut group = vec![format!("{:?}", alert.group.tenant)];
            group.extend(alert.group.values.clone());
            Said::Raised {
                rule: alert.rule.clone(),
                by: alert.raised_by,
                group,
                first: alert.first.as_microsecond(),
                last: alert.last.as_microsecond(),
                count: alert.count,
                of: alert.of,
                positions: alert.positions.clone(),
                late: alert.late,
            }
        }
        Event::Continued { alert, position, first, last, count } => {
            let (rule, by) = raised[alert].clone();
            let (first, last) = (first.as_microsecond(), last.as_microsecond());
            Said::Continued { rule, by, position: *position, first, last, count: *count }
        }
        Event::Ended { alert, position } => {
            let (rule, by) = raised[alert].clone();
            Said::Ended { rule, by, position: *position }
        }
        Event::Saturated { .. } => panic!("{event:?}"),
    };
    events.iter().map(say).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None, max_shrink_iters: 2_000, ..ProptestConfig::default()
    })]

    #[test]
    fn the_evaluator_says_what_the_plain_evaluation_says(made in logs()) {
        let rules = rules();
        let (events, _) = run(&rules, &made);
        let (got_all, expected_all) = (said(&events), expected(&rules, &made));
        for rule in &rules {
            let of_rule = |said: &&Said| match said {
                Said::Raised { rule: id, .. } | Said::Continued { rule: id, .. }
                | Said::Ended { rule: id, .. } => *id == rule.id,
            };
            let got: Vec<&Said> = got_all.iter().filter(of_rule).collect();
            let expected: Vec<&Said> = expected_all.iter().filter(of_rule).collect();
            prop_assert_eq!(got, expected, "{}", rule.id);
        }
    }
}

/// Each condition raises alerts in these logs, or the comparison would say little.
#[test]
fn the_generated_logs_raise_alerts_of_each_rule() {
    let rules = rules();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut raised: HashMap<String, usize> = HashMap::new();
    let (mut late, mut questions) = (0, 0);
    for _ in 0..40 {
        let made = logs().new_tree(&mut runner).expect("a log").current();
        let (events, log) = run(&rules, &made);
        questions += log.questions;
        for event in events {
            if let Event::Raised(alert) = event {
                late += usize::from(alert.late);
                *raised.entry(alert.rule).or_default() += 1;
            }
        }
    }
    for rule in &rules {
        assert!(raised.get(&rule.id).is_some_and(|count| *count >= 5), "{}: {raised:?}", rule.id);
    }
    assert!(late > 50 && questions > 50, "{late} late, {questions} questions");
}
