use super::*;
use livetrail_types::{Activity, Redaction, RedactionCounts, json};
use std::collections::HashSet;

const ROWS: u64 = 10_000;

fn activities(log: &Log) -> Vec<Activity> {
    (0..log.rows()).map(|index| log.stamped(index).activity).collect()
}

fn share(of: &[Activity], holds: impl Fn(&Activity) -> bool) -> f64 {
    of.iter().filter(|activity| holds(activity)).count() as f64 / of.len() as f64
}

fn distinct<T: Eq + std::hash::Hash>(of: &[Activity], field: impl Fn(&Activity) -> Option<T>) -> usize {
    of.iter().filter_map(field).collect::<HashSet<_>>().len()
}

#[test]
fn the_same_seed_gives_the_same_rows() {
    let mut hasher = blake3::Hasher::new();
    for activity in activities(&Log::new(1, ROWS, 10)) {
        hasher.update(&json::to_vec(&activity));
    }
    // Figures of different versions are comparable only while this stays the same.
    assert_eq!(hasher.finalize().to_hex()[..16], *"5cd1bcd4426449f5");
}

#[test]
fn another_seed_gives_other_rows() {
    assert_ne!(Log::new(1, 100, 10).stamped(7), Log::new(2, 100, 10).stamped(7));
}

#[test]
fn shares_are_those_of_the_description() {
    let all = activities(&Log::new(1, ROWS, 10));
    let near =
        |share: f64, expected: f64| assert!((share / expected - 1.0).abs() < 0.15, "{share} {expected}");
    near(share(&all, Activity::is_anonymous), ANONYMOUS);
    near(share(&all, |activity| !activity.success), 0.04);
    near(share(&all, |activity| activity.delegate_id.is_some()), DELEGATED);
    let lateness = |activity: &Activity| activity.created_at.duration_since(activity.timestamp).as_secs();
    near(share(&all, |activity| lateness(activity) >= 3_600), 0.01);
    assert!(all.iter().all(|activity| (0..=72 * 3_600).contains(&lateness(activity))));
    near(share(&all, |activity| activity.endpoint.is_none()), 0.03);
    assert!(share(&all, |activity| activity.changes.is_some()) > 0.05);
    assert!(share(&all, |activity| activity.details.is_some()) > 0.25);
}

#[test]
fn fields_have_the_values_of_a_real_application() {
    let all = activities(&Log::new(1, ROWS, 10));
    assert_eq!(distinct(&all, |activity| activity.tenant_id.clone()), 10);
    assert!((150..=ENDPOINTS).contains(&distinct(&all, |activity| activity.endpoint.clone())));
    assert!((2_000..=ADDRESSES).contains(&distinct(&all, |activity| activity.ip_address)));
    assert!((2_000..=USERS).contains(&distinct(&all, |activity| Some(activity.user_id.clone()))));
    assert_eq!(distinct(&all, |activity| Some(activity.id)), all.len());
    assert_eq!(distinct(&activities(&Log::new(1, 100, 0)), |activity| activity.tenant_id.clone()), 0);
    for activity in &all {
        assert!(activity.status_code.is_none_or(|status| (status < 400) == activity.success), "{activity:?}");
        assert_eq!(activity.success, activity.error_message.is_none(), "{activity:?}");
    }
}

#[test]
fn the_server_would_take_every_activity_as_it_is() {
    let log = Log::new(1, 200, 10);
    for index in 0..log.rows() {
        let new = log.arriving(index, Timestamp::UNIX_EPOCH);
        let sent = json::parse(&json::to_vec(&new)).unwrap();
        let mut read = NewActivity::from_json(sent).unwrap();
        assert_eq!(read.redact(&Redaction::standard()), RedactionCounts::default(), "{new:?}");
        assert_eq!(read, new);
    }
}

#[test]
fn profiles_are_those_of_users_that_act() {
    let log = Log::new(1, 1_000, 10);
    let profiles = log.profiles();
    assert_eq!(profiles.values().map(Vec::len).sum::<usize>(), USERS);
    for activity in activities(&log).iter().filter(|activity| !activity.is_anonymous()) {
        let of_tenant = &profiles[&activity.tenant_id];
        assert!(of_tenant.iter().any(|profile| profile.user_id == activity.user_id));
    }
}
