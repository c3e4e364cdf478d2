//! Each default rule finds a planted attack once, and nothing in what looks like one.

use crate::common::{Equator, Log, activity, rule};
use livetrail_alerts::{Alert, DEFAULTS, Evaluator, Event};
use livetrail_types::Activity;
use serde_json::{Value, json};
use std::sync::Arc;

/// The alerts of one default rule over activities that happen at these seconds.
#[track_caller]
fn alerts(id: &str, made: &[(i64, Value)]) -> Vec<Alert> {
    let default =
        DEFAULTS.iter().map(|default| rule(default.toml)).find(|rule| rule.id == id).expect("a default");
    let mut log = Log::default();
    let mut evaluator = Evaluator::new(vec![default], Arc::new(Equator));
    for (index, (second, fields)) in made.iter().enumerate() {
        log.activities.push(activity(index as u64 + 1, *second, fields));
    }
    for activity in log.activities.clone() {
        step(&mut evaluator, &mut log, &activity);
    }
    log.alerts
}

fn step(evaluator: &mut Evaluator, log: &mut Log, activity: &Activity) {
    let mut events = evaluator.step(activity, log).expect("the log answers");
    events.extend(evaluator.tick(activity.created_at));
    events.iter().for_each(|event: &Event| log.store(event));
}

#[track_caller]
fn one(id: &str, made: &[(i64, Value)]) -> Alert {
    let mut alerts = alerts(id, made);
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    alerts.remove(0)
}

#[track_caller]
fn none(id: &str, made: &[(i64, Value)]) {
    assert_eq!(alerts(id, made), [], "{id}");
}

/// Sign-ins at a distance of some seconds.
fn sign_ins(count: i64, seconds: i64, fields: impl Fn(i64) -> Value) -> Vec<(i64, Value)> {
    (0..count)
        .map(|n| {
            let mut value = json!({"action_type": "login", "success": false, "ip_address": "192.0.2.9"});
            for (name, given) in fields(n).as_object().expect("an object") {
                value[name] = given.clone();
            }
            (n * seconds, value)
        })
        .collect()
}

fn and(mut made: Vec<(i64, Value)>, second: i64, fields: Value) -> Vec<(i64, Value)> {
    made.push((second, fields));
    made
}

#[test]
fn every_default_is_a_rule_of_its_own() {
    let mut ids: Vec<String> = DEFAULTS.iter().map(|default| rule(default.toml).id).collect();
    let on = DEFAULTS.iter().filter(|default| default.is_on).count();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), on), (16, 9));
}

#[test]
fn ten_failed_sign_ins_of_a_user_in_ten_minutes_raise_one_alert() {
    let alert = one("failed-sign-ins", &sign_ins(40, 60, |_| json!({})));
    assert_eq!((alert.raised_by, alert.count, alert.positions.len()), (10, 40, 40));
    assert_eq!(alert.group.values, ["u-1"]);
    none("failed-sign-ins", &sign_ins(9, 1, |_| json!({})));
    none("failed-sign-ins", &sign_ins(40, 67, |_| json!({})));
    none("failed-sign-ins", &sign_ins(40, 1, |n| json!({"user_id": format!("u-{n}")})));
    none("failed-sign-ins", &sign_ins(40, 1, |_| json!({"success": true})));
    none("failed-sign-ins", &sign_ins(40, 1, |_| json!({"action_type": "chat_message"})));
}

#[test]
fn ten_users_that_fail_from_one_address_raise_one_alert() {
    let spray = |n: i64| json!({"user_id": format!("u-{}", n % 30)});
    let alert = one("password-spraying", &sign_ins(90, 20, spray));
    assert_eq!((alert.raised_by, alert.count), (10, 90));
    assert_eq!(alert.group.values, ["192.0.2.9"]);
    none("password-spraying", &sign_ins(90, 1, |n| json!({"user_id": format!("u-{}", n % 9)})));
    none(
        "password-spraying",
        &sign_ins(90, 1, |n| json!({"user_id": format!("u-{n}"), "ip_address": format!("192.0.2.{n}")})),
    );
    none("password-spraying", &sign_ins(90, 67, spray));
}

#[test]
fn a_success_after_ten_failures_raises_one_alert() {
    let success = json!({"action_type": "login", "success": true});
    let alert = one("guessed-password", &and(sign_ins(12, 30, |_| json!({})), 400, success.clone()));
    assert_eq!((alert.raised_by, alert.count), (13, 13));
    none("guessed-password", &and(sign_ins(9, 30, |_| json!({})), 400, success.clone()));
    none("guessed-password", &and(sign_ins(10, 30, |_| json!({})), 900, success.clone()));
    let mut before = vec![(0, success)];
    before.extend(sign_ins(30, 10, |_| json!({})));
    none("guessed-password", &before);
}

#[test]
fn a_new_admin_raises_one_alert() {
    for action in ["admin_created", "admin_role_changed"] {
        let alert = one("new-admin", &[(0, json!({"action_type": action, "target_user_id": "u-2"}))]);
        assert_eq!(alert.raised_by, 1);
    }
    none(
        "new-admin",
        &[
            (0, json!({"action_type": "admin_created", "success": false})),
            (1, json!({"action_type": "admin_deleted"})),
            (2, json!({"action_type": "user_created"})),
        ],
    );
}

#[test]
fn a_second_factor_that_is_switched_off_raises_one_alert() {
    one("second-factor-off", &[(0, json!({"action_type": "two_factor_disabled"}))]);
    none(
        "second-factor-off",
        &[
            (0, json!({"action_type": "two_factor_enabled"})),
            (1, json!({"action_type": "two_factor_disabled", "success": false})),
        ],
    );
}

#[test]
fn the_password_of_another_user_raises_one_alert() {
    one("password-of-another", &[(0, json!({"action_type": "password_changed", "target_user_id": "u-2"}))]);
    none(
        "password-of-another",
        &[
            (0, json!({"action_type": "password_changed", "target_user_id": "u-1"})),
            (1, json!({"action_type": "password_changed"})),
            (2, json!({"action_type": "user_updated", "target_user_id": "u-2"})),
        ],
    );
}

#[test]
fn a_change_of_livetrail_raises_one_alert() {
    let own = |action: &str, endpoint: Option<&str>| {
        let mut made = activity(1, 0, &json!({"action_type": action, "endpoint": endpoint}));
        made.resource_type = Some("livetrail".into());
        made
    };
    for (action, endpoint, count) in [
        ("api_key_created", None, 1),
        ("api_key_created", Some("/api/admin/keys"), 1),
        ("api_key_created", Some("/api/admin/sign-in-link"), 0),
        ("bulk_action_performed", Some("/api/admin/erasures"), 1),
        ("bulk_action_performed", None, 1),
        ("bulk_action_performed", Some("/api/users"), 0),
        ("admin_created", None, 1),
        ("settings_updated", None, 1),
        ("login", None, 0),
    ] {
        let default =
            DEFAULTS.iter().map(|default| rule(default.toml)).find(|rule| rule.id == "livetrail-changed");
        let mut evaluator = Evaluator::new(vec![default.expect("a default")], Arc::new(Equator));
        let mut log = Log::default();
        step(&mut evaluator, &mut log, &own(action, endpoint));
        assert_eq!(log.alerts.len(), count, "{action} {endpoint:?}");
    }
    let mut run = own("bulk_action_performed", None);
    run.target_resource_id = Some("retention".into());
    let default =
        DEFAULTS.iter().map(|default| rule(default.toml)).find(|rule| rule.id == "livetrail-changed");
    assert!(!default.expect("a default").matches(&run), "the server runs the retention every hour");
    none("livetrail-changed", &[(0, json!({"action_type": "api_key_created"}))]);
}

#[test]
fn a_large_export_raises_one_alert() {
    let export =
        |count: Value| json!({"action_type": "export_generated", "details": {"results_count": count}});
    let counts =
        [(json!(10_000), 1), (json!(9_999), 0), (json!("10000"), 0), (json!(1e9), 1), (json!(null), 0)];
    for (count, expected) in counts {
        let mut made = activity(1, 0, &export(count.clone()));
        made.resource_type = Some("livetrail".into());
        let default =
            DEFAULTS.iter().map(|default| rule(default.toml)).find(|rule| rule.id == "large-export");
        let mut evaluator = Evaluator::new(vec![default.expect("a default")], Arc::new(Equator));
        let mut log = Log::default();
        step(&mut evaluator, &mut log, &made);
        assert_eq!(log.alerts.len(), expected, "{count}");
    }
    none("large-export", &[(0, export(json!(10_000)))]);
}

#[test]
fn three_failures_of_a_day_by_user_and_address_raise_one_alert() {
    let alert = one("failed-sign-ins-of-a-day", &sign_ins(3, 40_000, |_| json!({})));
    assert_eq!(alert.group.values, ["u-1", "192.0.2.9"]);
    none("failed-sign-ins-of-a-day", &sign_ins(3, 43_201, |_| json!({})));
    none("failed-sign-ins-of-a-day", &sign_ins(3, 1, |n| json!({"ip_address": format!("192.0.2.{n}")})));
}

#[test]
fn rules_that_are_off_find_what_they_are_named_after() {
    one("mass-delete", &sign_ins(50, 2, |_| json!({"action_type": "document_delete", "success": true})));
    one("mass-export", &sign_ins(10, 60, |_| json!({"action_type": "export_generated", "success": true})));
    one(
        "refusals-of-a-user",
        &sign_ins(40, 5, |n| json!({"status_code": if n % 2 == 0 { 403 } else { 200 }})),
    );
    one(
        "impossible-travel",
        &sign_ins(2, 600, |n| json!({"success": true, "ip_address": format!("192.0.{}.1", n * 90)})),
    );
    let admin = |n: i64| json!({"is_admin": true, "ip_address": format!("192.0.{}.1", n / 9)});
    let alert = one("admin-from-new-network", &sign_ins(10, 86_400, admin));
    assert_eq!(alert.value.as_deref(), Some("192.0.1.0/24"));
    let night = |_| json!({"is_admin": true, "http_method": "POST"});
    let alert = one("admin-outside-hours", &sign_ins(9, 3_600, night));
    assert_eq!(alert.raised_by, 8, "it is 20:00 in Berlin");
    let mut speaks = sign_ins(100, 30, |_| json!({"endpoint": "/a"}));
    speaks.push((3_571, json!({"endpoint": "/b"})));
    let alert = one("silence", &speaks);
    assert_eq!((alert.raised_by, alert.count), (100, 100));
}
