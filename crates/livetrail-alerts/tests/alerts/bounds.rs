//! What is bounded, and what is said at the bound.

use crate::common::{Equator, Log, activity, rule};
use livetrail_alerts::{Evaluator, Event};
use serde_json::json;
use std::sync::Arc;

const COUNT: &str = r#"
id = "count"
title = "A rule"
severity = "info"
group_by = ["user_id"]
timespan = "1m"
[condition]
type = "event_count"
gte = 3
"#;

fn by(user: &str) -> serde_json::Value {
    json!({ "user_id": user })
}

#[test]
fn groups_beyond_the_bound_are_said_once_and_counted() {
    let mut evaluator = Evaluator::with_max_groups(vec![rule(COUNT)], Arc::new(Equator), 2);
    let mut log = Log::default();
    let mut step = |position, second, user| {
        let mut events = evaluator.step(&activity(position, second, &by(user)), &mut log).expect("an answer");
        evaluator.settle();
        (events.pop(), evaluator.missed().map(|(_, missed)| missed).sum::<u64>())
    };
    assert_eq!(step(1, 0, "a"), (None, 0));
    assert_eq!(step(2, 0, "b"), (None, 0));
    assert_eq!(step(3, 0, "c"), (Some(Event::Saturated { rule: "count".into(), since: 3 }), 1));
    assert_eq!(step(4, 1, "d"), (None, 2));
    assert_eq!(step(5, 1, "a"), (None, 2));
    assert!(matches!(step(6, 1, "a"), (Some(Event::Raised(_)), 2)), "a known group is judged as ever");
    // Groups that are over make room, and the next time is said again.
    assert_eq!(step(7, 1_000, "e"), (None, 2));
    assert_eq!(step(8, 1_000, "f"), (None, 2));
    assert_eq!(step(9, 1_000, "g"), (Some(Event::Saturated { rule: "count".into(), since: 9 }), 3));
}

#[test]
fn an_alert_that_is_not_stored_yet_does_not_make_room() {
    let mut evaluator = Evaluator::with_max_groups(vec![rule(COUNT)], Arc::new(Equator), 2);
    let mut log = Log::default();
    let mut raised = Vec::new();
    let seen = [
        (0, "a"),
        (0, "a"),
        (0, "a"),
        (0, "b"),
        (1_000, "c"),
        (1_000, "d"),
        (60, "a"),
        (30, "a"),
        (1_001, "c"),
        (1_002, "c"),
    ];
    for (position, (second, user)) in (1..).zip(seen) {
        let events = evaluator.step(&activity(position, second, &by(user)), &mut log).expect("an answer");
        raised.extend(events);
    }
    let Some(
        [
            Event::Raised(first),
            Event::Saturated { since: 6, .. },
            Event::Continued { alert, .. },
            Event::Continued { .. },
            Event::Raised(last),
        ],
    ) = raised.first_chunk::<5>()
    else {
        panic!("{raised:?}")
    };
    assert_eq!((*alert, raised.len()), (first.id, 5), "it goes on, although the store does not have it");
    assert_eq!(last.group.values, ["c"]);
}

#[test]
fn a_step_that_repeats_for_long_is_counted_in_full() {
    let toml = COUNT.replace(
        "type = \"event_count\"\ngte = 3",
        "type = \"temporal\"\nsteps = [{ filter = { success_filter = false } }, { filter = { success_filter = \
          true } }]",
    );
    let mut evaluator = Evaluator::new(vec![rule(&toml)], Arc::new(Equator));
    let mut log = Log::default();
    for position in 1..=500 {
        log.activities.push(activity(position, position as i64 / 10, &json!({"success": position == 500})));
    }
    let mut events = Vec::new();
    for activity in log.activities.clone() {
        events.extend(evaluator.step(&activity, &mut log).expect("an answer"));
    }
    let [Event::Raised(alert)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((alert.count, alert.positions.len(), log.questions), (500, 100, 1));
    assert_eq!((alert.positions[0], alert.positions[99]), (1, 100));
}

#[test]
fn the_log_is_not_asked_for_activities_that_come_in_time() {
    let mut evaluator = Evaluator::new(vec![rule(COUNT)], Arc::new(Equator));
    let mut log = Log::default();
    for position in 1..=2_000 {
        let second = position as i64 * 7;
        let events = evaluator.step(&activity(position, second, &by("a")), &mut log).expect("an answer");
        events.iter().for_each(|event| log.store(event));
        evaluator.settle();
    }
    assert_eq!((log.alerts.len(), log.alerts[0].count, log.questions), (1, 2_000, 0));
}

#[test]
fn alerts_of_tenants_are_apart_and_a_rule_may_be_a_tenants_own() {
    let own = COUNT.replace("title", "tenant = \"acme\"\ntitle").replace("\"count\"", "\"own\"");
    let mut evaluator = Evaluator::new(vec![rule(COUNT), rule(&own)], Arc::new(Equator));
    let mut log = Log::default();
    for (position, tenant) in (1..).zip(["acme", "acme", "other", "other", "acme", "other"]) {
        let activity = activity(position, 0, &json!({ "tenant_id": tenant }));
        let events = evaluator.step(&activity, &mut log).expect("an answer");
        events.iter().for_each(|event| log.store(event));
    }
    let raised: Vec<(&str, Option<&str>, u64)> = log
        .alerts
        .iter()
        .map(|alert| (alert.rule.as_str(), alert.group.tenant.as_deref(), alert.raised_by))
        .collect();
    assert_eq!(raised, [("count", Some("acme"), 5), ("own", Some("acme"), 5), ("count", Some("other"), 6)]);
    assert_ne!(log.alerts[0].id, log.alerts[1].id);
}

/// The id of the alert of an activity at position 1 that happened so many seconds later.
fn id_of_alert_at(seconds: i64) -> String {
    let mut evaluator = Evaluator::new(vec![rule(&COUNT.replace("gte = 3", "gte = 1"))], Arc::new(Equator));
    let events = evaluator.step(&activity(1, seconds, &by("a")), &mut Log::default()).expect("an answer");
    let [Event::Raised(alert)] = events.as_slice() else { panic!("{events:?}") };
    alert.id.to_string()
}

#[test]
fn the_id_of_an_alert_stays_what_it_is() {
    assert_eq!(id_of_alert_at(0), "e8ded0cf-627f-89a3-bba0-cb8a530d309f");
}

/// A restored log gives positions again, and receivers know a message by the id of its alert.
#[test]
fn alerts_at_one_position_of_two_logs_have_two_ids() {
    assert_ne!(id_of_alert_at(0), id_of_alert_at(1));
}

#[test]
fn a_value_that_memory_had_to_drop_is_asked_from_the_log() {
    let toml = COUNT.replace("group_by = [\"user_id\"]", "").replace("1m", "30d").replace(
        "type = \"event_count\"\ngte = 3",
        "type = \"first_seen\"\nfield = \"user_id\"\nlearning = \"1d\"",
    );
    let mut evaluator = Evaluator::new(vec![rule(&toml)], Arc::new(Equator));
    let template = activity(1, 0, &by("u-0"));
    let made = |position: u64, second, user: u64| livetrail_types::Activity {
        position,
        user_id: format!("u-{user}"),
        timestamp: crate::common::at(second),
        created_at: crate::common::at(second),
        ..template.clone()
    };
    let mut log = Log { activities: (1..=40_100).map(|n| made(n, n as i64, n)).collect(), ..Log::default() };
    log.activities.push(made(40_101, 200_000, 3));
    log.activities.push(made(40_102, 200_001, 40_099));
    log.activities.push(made(40_103, 200_002, 40_101));
    let mut raised = Vec::new();
    for activity in log.activities.clone() {
        // What comes while the group is learning is told apart without the log.
        raised.extend(evaluator.step(&activity, &mut log).expect("an answer"));
        if activity.position == 40_000 {
            assert_eq!(log.questions, 0);
        }
    }
    let [Event::Raised(alert)] = raised.as_slice() else { panic!("{raised:?}") };
    assert_eq!((alert.raised_by, alert.value.as_deref()), (40_103, Some("u-40101")));
}
