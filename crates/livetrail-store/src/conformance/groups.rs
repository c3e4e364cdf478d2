//! Groups of activities, against a plain computation.

use super::{Log, for_all, generate, sample::*, stats::meant, wait};
use crate::Row;
use livetrail_types::{Activity, Condition, Filter, Group, GroupBy, Grouping, NewActivity, Scalar};
use proptest::{collection::vec, prelude::*, sample::select, test_runner::TestCaseError};
use std::collections::HashMap;

fn kinds() -> Vec<GroupBy> {
    let of_time = [1, 3_600, 86_400].map(GroupBy::Seconds);
    [&GroupBy::FIELDS[..], &of_time].concat()
}

fn all(by: impl Into<Vec<GroupBy>>) -> Grouping {
    Grouping { filter: Filter::default(), head: 1_000, by: by.into(), min_count: 1, limit: 1_000 }
}

async fn groups(log: &Log, grouping: Grouping) -> Vec<Group> {
    log.groups(grouping).await.expect("groups")
}

/// The keys of groups of one kind, and how large they are.
fn sizes(groups: &[Group]) -> Vec<(Scalar, u64)> {
    groups.iter().map(|group| (group.keys[0].clone(), group.count)).collect()
}

fn key(activity: &Activity, by: GroupBy) -> Scalar {
    let text = |text: Option<&str>| text.map_or(Scalar::Null, |text| Scalar::Text(text.into()));
    match by {
        GroupBy::ActionType => text(Some(&activity.action_type)),
        GroupBy::UserId => text(Some(&activity.user_id)),
        GroupBy::StatusCode => activity.status_code.map_or(Scalar::Null, |code| Scalar::Number(code.into())),
        GroupBy::HttpMethod => text(activity.http_method.as_deref()),
        GroupBy::Endpoint => text(activity.endpoint.as_deref()),
        GroupBy::ResourceType => text(activity.resource_type.as_deref()),
        GroupBy::IpAddress => text(activity.ip_address.map(|ip| ip.to_string()).as_deref()),
        GroupBy::TenantId => text(activity.tenant_id.as_deref()),
        GroupBy::DelegateId => text(activity.delegate_id.as_deref()),
        GroupBy::Via => text(activity.via.as_deref()),
        GroupBy::DurationMs => activity.duration_ms.map_or(Scalar::Null, |ms| Scalar::Number(ms.into())),
        GroupBy::Seconds(width) => {
            Scalar::Number(activity.timestamp.as_microsecond().div_euclid(width * 1_000_000) * width)
        }
    }
}

fn plain_group(keys: Vec<Scalar>, members: &[&Activity]) -> Group {
    let durations: Vec<i32> = members.iter().filter_map(|activity| activity.duration_ms).collect();
    let sum: f64 = durations.iter().copied().map(f64::from).sum();
    Group {
        keys,
        count: members.len() as u64,
        success_count: members.iter().filter(|activity| activity.success).count() as u64,
        avg_duration_ms: (!durations.is_empty()).then(|| sum / durations.len() as f64),
        max_duration_ms: durations.iter().copied().max(),
        first: members.iter().map(|activity| activity.timestamp).min().expect("a member"),
        last: members.iter().map(|activity| activity.timestamp).max().expect("a member"),
    }
}

/// What the groups are by their definition.
fn plain_groups(rows: &[Row], grouping: &Grouping) -> Vec<Group> {
    let mut members = HashMap::<Vec<Scalar>, Vec<&Activity>>::new();
    for (activity, _) in meant(&rows[..grouping.head as usize], &grouping.filter) {
        let keys = grouping.by.iter().map(|by| key(activity, *by)).collect();
        members.entry(keys).or_default().push(activity);
    }
    let mut groups: Vec<_> = members.into_iter().map(|(keys, members)| plain_group(keys, &members)).collect();
    groups.retain(|group| group.count >= grouping.min_count);
    let null_last = |keys: &[Scalar]| -> Vec<(bool, Scalar)> {
        keys.iter().map(|key| (*key == Scalar::Null, key.clone())).collect()
    };
    groups.sort_by_key(|group| (std::cmp::Reverse(group.count), null_last(&group.keys)));
    groups.truncate(grouping.limit as usize);
    groups
}

fn agree(found: &[Group], expected: &[Group]) -> Result<(), String> {
    let unaveraged = |groups: &[Group]| -> Vec<Group> {
        groups.iter().map(|group| Group { avg_duration_ms: None, ..group.clone() }).collect()
    };
    if unaveraged(found) != unaveraged(expected) {
        return Err(format!("\n   found {found:#?}\nexpected {expected:#?}"));
    }
    let averages = found.iter().zip(expected).map(|(a, b)| (a.avg_duration_ms, b.avg_duration_ms));
    for (found, expected) in averages {
        let close = match (found, expected) {
            (Some(found), Some(expected)) => (found - expected).abs() <= expected.abs() * 1e-9,
            (found, expected) => found == expected,
        };
        if !close {
            return Err(format!("an average of {found:?} and not {expected:?}"));
        }
    }
    Ok(())
}

pub(super) async fn an_empty_log_has_no_groups(log: Log) {
    assert_eq!(groups(&log, all([])).await, []);
    assert_eq!(groups(&log, all([GroupBy::ActionType])).await, []);
}

pub(super) async fn without_anything_in_common_all_are_one_group(log: Log) {
    let rows = generate::fill(&*log, 30).await;
    let found = groups(&log, Grouping { head: 30, ..all([]) }).await;
    agree(&found, &plain_groups(&rows, &Grouping { head: 30, ..all([]) })).expect("one group");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].keys, []);
}

pub(super) async fn the_largest_come_first_and_between_equals_the_smallest_keys_with_null_last(log: Log) {
    let endpoints = [Some("/b"), Some("/a"), Some("/B"), None, Some("/c"), Some("/c")];
    let of = |endpoint: Option<&str>| NewActivity {
        endpoint: endpoint.map(str::to_owned),
        ..NewActivity::new("u-1", "call")
    };
    append_new(&*log, endpoints.map(of).into()).await;
    let text = |text: &str| Scalar::Text(text.into());
    let found = groups(&log, all([GroupBy::Endpoint])).await;
    let expected = [(text("/c"), 2), (text("/B"), 1), (text("/a"), 1), (text("/b"), 1), (Scalar::Null, 1)];
    assert_eq!(sizes(&found), expected);
    let found = groups(&log, Grouping { limit: 2, ..all([GroupBy::Endpoint]) }).await;
    assert_eq!(sizes(&found), expected[..2]);
    let found = groups(&log, Grouping { min_count: 2, ..all([GroupBy::Endpoint]) }).await;
    assert_eq!(sizes(&found), expected[..1]);
}

pub(super) async fn groups_agree_with_a_plain_computation(log: Log) {
    let rows = generate::fill(&*log, 250).await;
    let head = rows.len() as u64;
    let filters = prop_oneof![generate::filter(), generate::query(), Just(Filter::default())];
    let by = vec(select(kinds()), 0..3);
    let groupings = (filters, 0..=head, by, 1_u64..4, 1_u32..20)
        .prop_map(|(filter, head, by, min_count, limit)| Grouping { filter, head, by, min_count, limit });
    for_all(&groupings, |grouping| {
        let found = wait(log.groups(grouping.clone())).expect("groups");
        agree(&found, &plain_groups(&rows, &grouping))
            .map_err(|difference| TestCaseError::fail(format!("{grouping:?}: {difference}")))
    });
}

pub(super) async fn groups_are_of_what_the_filter_means(log: Log) {
    let when = [-200_000, -3_600, -1, 60];
    let activities =
        when.map(|second| NewActivity { timestamp: Some(at(second)), ..NewActivity::new("u", "a") });
    append_new(&*log, activities.into()).await;
    let filter = Filter::of(vec![Condition::From(at(-3_600))]);
    let found = groups(&log, Grouping { filter, ..all([GroupBy::Seconds(3_600)]) }).await;
    let hour = |hours: i64| Scalar::Number(NOON + hours * 3_600);
    assert_eq!(sizes(&found), [(hour(-1), 2), (hour(0), 1)]);
    assert_eq!((found[0].first, found[0].last), (at(-3_600), at(-1)));
}
