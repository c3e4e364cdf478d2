//! Groups of the activities of a filter: how many have a value in common, how many of them failed, when the first and
//! the last happened, and how long they took.

mod grouped_by;
mod percentile;

pub(super) use grouped_by::network;

use super::{
    asking::{Asking, Counting},
    error::ApiResult,
    query::{DateParameters, FilterParameters, PairReader},
};
use crate::directory::Key;
use axum::response::Response;
use grouped_by::{GroupedBy, Merged};
use jiff::Timestamp;
use livetrail_types::{Grouping, UserProfile};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

const GROUPS: u32 = 50;
const MAX_GROUPS: u32 = 1_000;
/// Groups of which networks are made, and which a percentile is read from. It bounds the memory of an answer.
pub(super) const MAX_PARTS: u32 = 100_000;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
struct GroupParameters {
    /// What the activities of a group have in common; without it, all activities are one group. A network is a /24 of
    /// IPv4 or a /48 of IPv6
    #[param(inline)]
    by: Option<GroupedBy>,
    /// Whether to say how long they took, which takes longer
    #[param(default = false)]
    p95: Option<bool>,
    /// Groups at most
    #[param(minimum = 1, maximum = 1000, default = 50)]
    limit: Option<u32>,
}

impl GroupParameters {
    fn take(reader: &mut PairReader) -> Self {
        Self {
            by: reader.one_of("by"),
            p95: reader.flag("p95"),
            limit: reader.number("limit", 1, MAX_GROUPS),
        }
    }
}

/// Activities that have something in common.
#[derive(Serialize, ToSchema)]
struct ActivityGroup {
    /// What they have in common, as the filter takes it; null for those without a value. In a filter, a comma, a
    /// backslash and a leading `!` need a backslash before them.
    value: Option<String>,
    /// Of a user: the tenant that they acted in.
    tenant_id: Option<String>,
    /// What people call it: a user's name or e-mail address, or the title of an action. Null where it has none.
    label: Option<String>,
    count: u64,
    failed_count: u64,
    #[schema(value_type = String, format = DateTime)]
    first_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_at: Timestamp,
    /// Ninety-five per cent took no longer than this, in milliseconds. Null where none has a duration, with
    /// `p95=false`, and where there are more than 100,000 different durations of values.
    p95_duration_ms: Option<i64>,
}

/// Groups, the largest first.
#[derive(Serialize, ToSchema)]
pub(super) struct ActivityGroups {
    /// Always true; errors are problems.
    success: bool,
    data: Vec<ActivityGroup>,
    /// Whether these are all groups.
    is_complete: bool,
    /// Whether the counts are exact. Those of networks are counted of the 100,000 most frequent addresses.
    is_exact: bool,
    /// Where the log ended when this was read.
    head_cursor: String,
}

/// Group activities
///
/// How many activities of a filter have a value in common, how many of them failed, and when the first and the last of
/// them happened. Without `by`, it is about all activities of the filter.
#[utoipa::path(
    get, path = "/api/admin/activity/groups", tag = "Activities",
    params(GroupParameters, DateParameters, FilterParameters),
    responses(
        (
            status = 200, description = "The groups", body = ActivityGroups,
            headers(("livetrail-answered-by", description = "`index`, or `sql` where the database had to answer"))
        ),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 503, description = "It took too long, and the detail says what to narrow; or the store is away"),
    )
)]
pub(super) async fn get_groups(asking: Asking) -> ApiResult<Response> {
    let mut reader = asking.reader();
    let GroupParameters { by, p95, limit } = GroupParameters::take(&mut reader);
    let counting = asking.count(reader, "groups").await?;
    let mut found = Found::ask(&counting, by, limit.unwrap_or(GROUPS)).await?;
    if p95.unwrap_or_default() {
        percentile::add(&counting, by, &mut found.groups).await?;
    }
    let users = found.groups.iter().filter_map(|group| group.user(by)).collect::<Vec<Key>>();
    let names = asking.app.directory.names(users).await?;
    let title = |key: &str| asking.app.catalogue.get(key).map(|action| action.title.clone());
    let total = found.groups.iter().map(|group| group.count).sum();
    let groups = ActivityGroups {
        success: true,
        data: found.groups.into_iter().map(|group| shown(group, by, &names, title)).collect(),
        is_complete: found.is_complete,
        is_exact: found.is_exact,
        head_cursor: counting.head.to_string(),
    };
    Ok(counting.answer(total, &groups))
}

/// The groups that were found.
struct Found {
    groups: Vec<Merged>,
    is_complete: bool,
    is_exact: bool,
}

impl Found {
    async fn ask(counting: &Counting<'_>, by: Option<GroupedBy>, limit: u32) -> ApiResult<Self> {
        let is_merged = by.is_some_and(GroupedBy::is_merged);
        let grouping = Grouping {
            filter: counting.filter.clone(),
            head: counting.head.position,
            by: by.map(GroupedBy::keys).unwrap_or_default(),
            min_count: 1,
            limit: if is_merged { MAX_PARTS } else { limit + 1 },
        };
        let parts = counting.asker.groups(grouping).await?;
        let is_exact = !is_merged || parts.len() < MAX_PARTS as usize;
        let mut groups = Merged::all(by, parts);
        let is_complete = groups.len() <= limit as usize && is_exact;
        groups.truncate(limit as usize);
        Ok(Self { groups, is_complete, is_exact })
    }
}

fn shown(
    group: Merged,
    by: Option<GroupedBy>,
    names: &HashMap<Key, UserProfile>,
    title: impl Fn(&str) -> Option<String>,
) -> ActivityGroup {
    let label = match by {
        Some(GroupedBy::UserId) => group.user(by).and_then(|user| Some(names.get(&user)?.name().to_owned())),
        Some(GroupedBy::ActionType) => group.value.as_deref().and_then(title),
        _ => None,
    };
    ActivityGroup {
        label,
        value: group.value,
        tenant_id: group.tenant,
        count: group.count,
        failed_count: group.count - group.success_count,
        first_at: group.first,
        last_at: group.last,
        p95_duration_ms: group.p95,
    }
}
