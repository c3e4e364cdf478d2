//! The questions by their definition, over a list of activities.

use crate::log::Log;
use jiff::{SignedDuration, Timestamp};
use livetrail_index::{Bucket, Facet, FacetCount};
use livetrail_types::{
    Activity, Catalogue, Filter, Group, GroupBy, Scalar, Sort, SortBy, SortOrder, Stats, Subject,
    two_decimals,
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

/// The activities of a range of positions that a filter means.
pub(crate) fn meant<'a>(log: &'a Log, filter: &Filter, range: &RangeInclusive<u64>) -> Vec<&'a Activity> {
    let is_meant = |activity: &&Activity| {
        range.contains(&activity.position)
            && filter.matches(&Subject { activity, profile: log.profile(activity) })
    };
    log.activities.iter().filter(is_meant).collect()
}

pub(crate) fn positions(activities: &[&Activity]) -> Vec<u64> {
    activities.iter().map(|activity| activity.position).collect()
}

/// The figures; the two that are rounded too.
pub(crate) fn stats(log: &Log, filter: &Filter, range: &RangeInclusive<u64>, now: Timestamp) -> Stats {
    let meant_now = meant(log, filter, range);
    let count =
        |holds: fn(&Activity) -> bool| meant_now.iter().filter(|activity| holds(activity)).count() as u64;
    let users: BTreeSet<_> = meant_now.iter().map(|activity| activity.user_id.as_str()).collect();
    let mut durations: Vec<i32> = meant_now.iter().filter_map(|activity| activity.duration_ms).collect();
    durations.sort_unstable();
    let rank = (durations.len() * 95).div_ceil(100);
    let sum: i64 = durations.iter().copied().map(i64::from).sum();
    let average = sum as f64 / durations.len() as f64;
    let success_count = count(|activity| activity.success);
    let rate = success_count as f64 * 100.0 / meant_now.len().max(1) as f64;
    let since = filter.since(now - SignedDuration::from_hours(24));
    Stats {
        total_logs: meant_now.len() as u64,
        success_rate: two_decimals(rate),
        success_count,
        failed_count: count(|activity| !activity.success),
        unique_users: users.len() as u64,
        anonymous_users: users.iter().filter(|user| user.starts_with("anon-")).count() as u64,
        admin_actions: count(|activity| activity.is_admin),
        avg_duration_ms: (!durations.is_empty()).then(|| two_decimals(average)),
        p95_duration_ms: rank.checked_sub(1).map(|index| durations[index]),
        last_24h: meant(log, &since, range).len() as u64,
        top_action: largest(&meant_now, |activity| text(Some(&activity.action_type)))
            .first()
            .and_then(|top| top.value.as_text().map(str::to_owned)),
    }
}

fn text(text: Option<&str>) -> Scalar {
    text.map_or(Scalar::Null, |text| Scalar::Text(text.into()))
}

/// The values of a facet, the largest counts first, between equals the smallest values; null is left out.
fn largest(activities: &[&Activity], value: impl Fn(&Activity) -> Scalar) -> Vec<FacetCount> {
    let mut counts = BTreeMap::<Scalar, u64>::new();
    activities.iter().for_each(|activity| *counts.entry(value(activity)).or_default() += 1);
    counts.remove(&Scalar::Null);
    let mut values: Vec<_> = counts.into_iter().map(|(value, count)| FacetCount { value, count }).collect();
    values.sort_by_key(|value| Reverse(value.count));
    values
}

pub(crate) fn facet(activities: &[&Activity], facet: Facet, catalogue: &Catalogue) -> Vec<FacetCount> {
    largest(activities, |activity| match facet {
        Facet::Category => text(Some(catalogue.category_of(&activity.action_type))),
        _ => value(facet, activity),
    })
}

/// The value of a facet that needs no catalogue.
fn value(facet: Facet, activity: &Activity) -> Scalar {
    match facet {
        Facet::ActionType | Facet::Category => text(Some(&activity.action_type)),
        Facet::UserId => text(Some(&activity.user_id)),
        Facet::StatusCode => activity.status_code.map_or(Scalar::Null, |code| Scalar::Number(code.into())),
        Facet::HttpMethod => text(activity.http_method.as_deref()),
        Facet::Endpoint => text(activity.endpoint.as_deref()),
        Facet::ResourceType => text(activity.resource_type.as_deref()),
        Facet::IpAddress => text(activity.ip_address.map(|ip| ip.to_string()).as_deref()),
        Facet::TenantId => text(activity.tenant_id.as_deref()),
        Facet::DelegateId => text(activity.delegate_id.as_deref()),
        Facet::Via => text(activity.via.as_deref()),
    }
}

pub(crate) fn timeline(
    activities: &[&Activity],
    start: i64,
    seconds: i64,
    buckets: usize,
    catalogue: &Catalogue,
) -> Vec<Bucket> {
    let mut found: Vec<Bucket> =
        (0..buckets as i64).map(|n| Bucket { start: start + n * seconds, ..Bucket::default() }).collect();
    for activity in activities {
        let second = activity.timestamp.as_microsecond().div_euclid(1_000_000);
        let index = usize::try_from((second - start).div_euclid(seconds));
        let Some(bucket) = index.ok().and_then(|index| found.get_mut(index)) else { continue };
        bucket.count += 1;
        bucket.success_count += u64::from(activity.success);
        *bucket.categories.entry(catalogue.category_of(&activity.action_type).to_owned()).or_default() += 1;
    }
    found
}

/// What a list is sorted by.
pub(crate) fn key(by: SortBy, activity: &Activity) -> Scalar {
    let number = |n: Option<i64>| n.map_or(Scalar::Null, Scalar::Number);
    match by {
        SortBy::Timestamp => Scalar::Number(activity.timestamp.as_microsecond()),
        SortBy::ActionType => Scalar::Text(activity.action_type.clone()),
        SortBy::DurationMs => number(activity.duration_ms.map(i64::from)),
        SortBy::StatusCode => number(activity.status_code.map(i64::from)),
    }
}

/// By key, null last in both orders, by position between equals.
pub(crate) fn sorted(mut activities: Vec<&Activity>, sort: Sort) -> Vec<&Activity> {
    let is_ascending = sort.order == SortOrder::Asc;
    activities.sort_by_cached_key(|activity| (key(sort.by, activity), activity.position));
    if !is_ascending {
        activities.reverse();
    }
    activities.sort_by_cached_key(|activity| key(sort.by, activity) == Scalar::Null);
    activities
}

fn group_key(by: GroupBy, activity: &Activity) -> Scalar {
    match by {
        GroupBy::ActionType => value(Facet::ActionType, activity),
        GroupBy::UserId => value(Facet::UserId, activity),
        GroupBy::StatusCode => value(Facet::StatusCode, activity),
        GroupBy::HttpMethod => value(Facet::HttpMethod, activity),
        GroupBy::Endpoint => value(Facet::Endpoint, activity),
        GroupBy::ResourceType => value(Facet::ResourceType, activity),
        GroupBy::IpAddress => value(Facet::IpAddress, activity),
        GroupBy::TenantId => value(Facet::TenantId, activity),
        GroupBy::DelegateId => value(Facet::DelegateId, activity),
        GroupBy::Via => value(Facet::Via, activity),
        GroupBy::DurationMs => key(SortBy::DurationMs, activity),
        GroupBy::Seconds(seconds) => {
            let second = activity.timestamp.as_microsecond().div_euclid(1_000_000);
            Scalar::Number(second.div_euclid(seconds) * seconds)
        }
    }
}

pub(crate) fn groups(activities: &[&Activity], by: &[GroupBy], min_count: u64, limit: usize) -> Vec<Group> {
    let mut members = BTreeMap::<Vec<(bool, Scalar)>, Vec<&Activity>>::new();
    for activity in activities {
        let keys =
            by.iter().map(|by| group_key(*by, activity)).map(|key| (key == Scalar::Null, key)).collect();
        members.entry(keys).or_default().push(activity);
    }
    let mut groups: Vec<Group> = members.into_iter().map(|(keys, members)| group(keys, &members)).collect();
    groups.retain(|group| group.count >= min_count);
    groups.sort_by_key(|group| Reverse(group.count));
    groups.truncate(limit);
    groups
}

fn group(keys: Vec<(bool, Scalar)>, members: &[&Activity]) -> Group {
    let durations: Vec<i64> = members.iter().filter_map(|member| member.duration_ms).map(i64::from).collect();
    let moments = || members.iter().map(|member| member.timestamp);
    Group {
        keys: keys.into_iter().map(|(_, key)| key).collect(),
        count: members.len() as u64,
        success_count: members.iter().filter(|member| member.success).count() as u64,
        avg_duration_ms: (!durations.is_empty())
            .then(|| durations.iter().sum::<i64>() as f64 / durations.len() as f64),
        max_duration_ms: durations.iter().max().map(|most| *most as i32),
        first: moments().min().unwrap_or_default(),
        last: moments().max().unwrap_or_default(),
    }
}
