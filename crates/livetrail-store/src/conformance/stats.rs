//! The figures of a filter, against a plain computation.

use super::{Log, for_all, generate, sample::*, wait};
use crate::Row;
use jiff::{SignedDuration, Timestamp};
use livetrail_types::{Choice, Condition, Filter, NewActivity, Stats, Subject, TextField};
use proptest::strategy::Strategy;
use std::collections::{BTreeMap, BTreeSet};

/// The rows that a filter means.
pub fn meant<'a>(rows: &'a [Row], filter: &Filter) -> Vec<&'a Row> {
    let is_meant =
        |(activity, profile): &&Row| filter.matches(&Subject { activity, profile: profile.as_ref() });
    rows.iter().filter(is_meant).collect()
}

/// What the figures are by their definition, without the two that are rounded.
fn plain_figures(rows: &[Row], filter: &Filter, now: Timestamp) -> Stats {
    let matching = meant(rows, filter);
    let count = |holds: fn(&Row) -> bool| matching.iter().filter(|row| holds(row)).count() as u64;
    let users: BTreeSet<_> = matching.iter().map(|(activity, _)| activity.user_id.as_str()).collect();
    let mut actions = BTreeMap::<&str, usize>::new();
    for (activity, _) in &matching {
        *actions.entry(activity.action_type.as_str()).or_default() += 1;
    }
    let mut durations: Vec<i32> = matching.iter().filter_map(|(activity, _)| activity.duration_ms).collect();
    durations.sort_unstable();
    let rank = (durations.len() * 95).div_ceil(100);
    Stats {
        total_logs: matching.len() as u64,
        success_count: count(|(activity, _)| activity.success),
        failed_count: count(|(activity, _)| !activity.success),
        unique_users: users.len() as u64,
        anonymous_users: users.iter().filter(|user| user.starts_with("anon-")).count() as u64,
        admin_actions: count(|(activity, _)| activity.is_admin),
        p95_duration_ms: rank.checked_sub(1).map(|index| durations[index]),
        last_24h: meant(rows, &filter.since(now - SignedDuration::from_hours(24))).len() as u64,
        // Of those that occur as often, the first by name: the largest count, then the smallest key.
        top_action: actions
            .iter()
            .max_by_key(|(action, count)| (**count, std::cmp::Reverse(**action)))
            .map(|(action, _)| (*action).to_owned()),
        ..Stats::default()
    }
}

fn is_rounded(found: f64, exact: f64) -> bool {
    (found - exact).abs() <= 0.005 + 1e-6 && ((found * 100.0) - (found * 100.0).round()).abs() < 1e-4
}

/// Compares figures with those of the definition, the rounded ones to their last decimal.
///
/// # Errors
/// The difference, in words.
pub fn agree(found: &Stats, rows: &[Row], filter: &Filter, now: Timestamp) -> Result<(), String> {
    let expected = plain_figures(rows, filter, now);
    let unrounded = Stats { success_rate: 0.0, avg_duration_ms: None, ..found.clone() };
    if unrounded != expected {
        return Err(format!("{filter:?}:\n   found {unrounded:?}\nexpected {expected:?}"));
    }
    let rate = 100.0 * expected.success_count as f64 / expected.total_logs.max(1) as f64;
    let durations: Vec<f64> =
        meant(rows, filter).iter().filter_map(|(activity, _)| activity.duration_ms.map(f64::from)).collect();
    let average = (!durations.is_empty()).then(|| durations.iter().sum::<f64>() / durations.len() as f64);
    let averages_agree = match (found.avg_duration_ms, average) {
        (Some(found), Some(average)) => is_rounded(found, average),
        (found, average) => found == average,
    };
    if is_rounded(found.success_rate, rate) && averages_agree {
        return Ok(());
    }
    Err(format!("{filter:?}: {found:?}, but the rate is {rate} and the average {average:?}"))
}

async fn figures(log: &Log, filter: &Filter, head: u64) -> Stats {
    log.stats(filter.clone(), head, at(0)).await.expect("figures")
}

fn of_user(user: &str) -> Filter {
    Filter::of(vec![Condition::Text(TextField::UserId, Choice::any([user.to_owned()]))])
}

pub(super) async fn an_empty_log_has_figures_of_nothing(log: Log) {
    for filter in [Filter::default(), of_user("u-1")] {
        assert_eq!(figures(&log, &filter, 0).await, Stats::default());
    }
}

pub(super) async fn the_figures_of_a_few_activities_are_right(log: Log) {
    let day = 86_400;
    let activity = |user: &str, action: &str, second: i64, status: u16, duration: Option<i32>| NewActivity {
        timestamp: Some(at(second)),
        status_code: Some(status),
        duration_ms: duration,
        is_admin: user == "boss",
        ..NewActivity::new(user, action)
    };
    let few = vec![
        activity("u-1", "login", -2 * day, 200, Some(10)),
        activity("u-1", "login", -60, 401, Some(21)),
        activity("anon-1", "login", -50, 200, None),
        activity("boss", "purge", -40, 204, Some(30)),
        activity("boss", "purge", -day, 500, Some(1_000)),
        activity("u-2", "logout", -day - 1, 200, None),
    ];
    append_new(&*log, few).await;
    let expected = Stats {
        total_logs: 6,
        success_rate: 66.67,
        success_count: 4,
        failed_count: 2,
        unique_users: 4,
        anonymous_users: 1,
        admin_actions: 2,
        avg_duration_ms: Some(265.25),
        p95_duration_ms: Some(1_000),
        last_24h: 4,
        top_action: Some("login".into()),
    };
    assert_eq!(figures(&log, &Filter::default(), 6).await, expected);
    let expected = Stats {
        total_logs: 2,
        success_rate: 50.0,
        success_count: 1,
        failed_count: 1,
        unique_users: 1,
        avg_duration_ms: Some(15.5),
        p95_duration_ms: Some(21),
        last_24h: 1,
        top_action: Some("login".into()),
        ..Stats::default()
    };
    assert_eq!(figures(&log, &of_user("u-1"), 6).await, expected);
    assert_eq!(figures(&log, &of_user("nobody"), 6).await, Stats::default());
}

pub(super) async fn figures_stop_at_the_head_they_are_asked_for(log: Log) {
    let rows = generate::fill(&*log, 40).await;
    for head in [0, 1, 25, 40] {
        let found = figures(&log, &Filter::default(), head).await;
        agree(&found, &rows[..head as usize], &Filter::default(), at(0)).expect("the same figures");
    }
}

pub(super) async fn the_last_day_replaces_the_dates_of_the_filter(log: Log) {
    let when = [-200_000, -86_401, -86_400, -1, 60];
    let activities =
        when.map(|second| NewActivity { timestamp: Some(at(second)), ..NewActivity::new("u", "a") });
    append_new(&*log, activities.into()).await;
    let long_ago = of_user("u").and(Condition::Until(at(-100_000)));
    let found = figures(&log, &long_ago, 5).await;
    assert_eq!((found.total_logs, found.last_24h), (1, 3));
}

pub(super) async fn users_are_counted_once(log: Log) {
    let users = ["u-1", "u-1", "U-1", "anon-1", "anon-1", "anon", "xanon-1"];
    append_new(&*log, users.map(|user| NewActivity::new(user, "a")).into()).await;
    let found = figures(&log, &Filter::default(), 7).await;
    assert_eq!((found.unique_users, found.anonymous_users), (5, 1));
}

pub(super) async fn nineteen_of_twenty_durations_are_no_longer_than_the_percentile(log: Log) {
    for (count, expected) in [(1, 1), (2, 2), (19, 19), (20, 19), (21, 20), (40, 38)] {
        let before = head(&*log).await;
        let user = format!("timed-{count}");
        // Longest first, and two without a duration, which do not count.
        let durations = (1..=count).rev().map(Some).chain([None, None]);
        let timed = durations
            .zip(before + 1..)
            .map(|(duration_ms, n)| stamp(NewActivity { duration_ms, ..NewActivity::new(&user, "a") }, n));
        append(&*log, timed.collect()).await;
        let found = figures(&log, &of_user(&user), 1_000).await;
        assert_eq!(found.p95_duration_ms, Some(expected), "of {count}");
    }
}

pub(super) async fn of_actions_that_occur_as_often_the_first_by_name_is_on_top(log: Log) {
    let actions = ["zip", "b", "a", "b", "zip", "B", "a"];
    append_new(&*log, actions.map(|action| NewActivity::new("u", action)).into()).await;
    assert_eq!(figures(&log, &Filter::default(), 7).await.top_action.as_deref(), Some("a"));
}

pub(super) async fn figures_agree_with_a_plain_computation(log: Log) {
    let rows = generate::fill(&*log, 250).await;
    let head = rows.len() as u64;
    let filters = proptest::prop_oneof![generate::filter(), generate::query()];
    for_all(&(filters, 0..=head, -90_000_i64..90_000).prop_map(|case| case), |(filter, head, now)| {
        let found = wait(log.stats(filter.clone(), head, at(now))).expect("figures");
        agree(&found, &rows[..head as usize], &filter, at(now))
            .map_err(proptest::test_runner::TestCaseError::fail)
    });
}
