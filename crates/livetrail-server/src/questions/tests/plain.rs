//! Facets and timelines by their definition, over a list of rows.

use super::super::{facets::MAX_VALUES, timeline::Window};
use super::*;
use jiff::Timestamp;
use livetrail_store::Row;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

fn values(rows: &[&Row], value: impl Fn(&Activity) -> Option<String>) -> Values {
    let mut counts = BTreeMap::<String, u64>::new();
    for value in rows.iter().filter_map(|(activity, _)| value(activity)) {
        *counts.entry(value).or_default() += 1;
    }
    let mut values: Values = counts.into_iter().collect();
    values.sort_by_key(|(_, count)| Reverse(*count));
    values.truncate(MAX_VALUES as usize);
    values
}

pub(super) fn facets(rows: &[&Row], catalogue: &Catalogue) -> Facets {
    let counts = FacetCounts {
        total: rows.len() as u64,
        action_type: values(rows, |activity| Some(activity.action_type.clone())),
        category: values(rows, |activity| Some(catalogue.category_of(&activity.action_type).to_owned())),
        status: values(rows, |activity| Some(activity.status_code?.to_string())),
        method: values(rows, |activity| activity.http_method.clone()),
        endpoint: values(rows, |activity| activity.endpoint.clone()),
        resource_type: values(rows, |activity| activity.resource_type.clone()),
        user: values(rows, |activity| Some(activity.user_id.clone())),
        delegate_id: values(rows, |activity| activity.delegate_id.clone()),
        via: values(rows, |activity| activity.via.clone()),
    };
    let users = users_of_one_tenant(rows, &counts.user);
    Facets { counts, users }
}

fn users_of_one_tenant(rows: &[&Row], users: &Values) -> Vec<(Option<String>, String)> {
    let mut tenants = BTreeMap::<&str, BTreeSet<Option<&str>>>::new();
    for (activity, _) in rows {
        tenants.entry(&activity.user_id).or_default().insert(activity.tenant_id.as_deref());
    }
    let of_one = users.iter().filter(|(user, _)| tenants[user.as_str()].len() == 1);
    of_one
        .map(|(user, _)| (tenants[user.as_str()].first().copied().flatten().map(str::to_owned), user.clone()))
        .collect()
}

pub(super) fn timeline(
    rows: &[&Row],
    filter: &Filter,
    now: Timestamp,
    most: u32,
    catalogue: &Catalogue,
) -> Timeline {
    let moments = || rows.iter().map(|(activity, _)| activity.timestamp);
    let Some((first, last)) = moments().min().zip(moments().max()) else { return Timeline::empty() };
    let Window { start, width, buckets } = Window::of(filter, (first, last), now, most);
    let mut found = vec![Bucket::default(); buckets];
    for (n, bucket) in found.iter_mut().enumerate() {
        bucket.start = start + n as i64 * width;
        let seconds = bucket.start..bucket.start + width;
        for (activity, _) in rows {
            if seconds.contains(&activity.timestamp.as_microsecond().div_euclid(1_000_000)) {
                bucket.count += 1;
                bucket.success_count += u64::from(activity.success);
                bucket.failed_count += u64::from(!activity.success);
                let category = catalogue.category_of(&activity.action_type).to_owned();
                *bucket.categories.entry(category).or_default() += 1;
            }
        }
    }
    Timeline { total: rows.len() as u64, bucket_seconds: width, buckets: found }
}
