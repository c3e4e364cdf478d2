//! The 95th percentile of the durations of groups, from how often each duration occurs.

use super::{MAX_PARTS, grouped_by::GroupedBy, grouped_by::Merged};
use crate::http::{asking::Counting, error::ApiResult};
use livetrail_types::{GroupBy, Grouping, Scalar};
use std::collections::HashMap;

/// A value and a tenant.
type Value = (Option<String>, Option<String>);

/// Adds the percentile to each group, unless there are too many different durations.
pub(super) async fn add(
    counting: &Counting<'_>,
    by: Option<GroupedBy>,
    groups: &mut [Merged],
) -> ApiResult<()> {
    let mut keys = by.map(GroupedBy::keys).unwrap_or_default();
    keys.push(GroupBy::DurationMs);
    let grouping = Grouping {
        filter: counting.filter.clone(),
        head: counting.head.position,
        by: keys,
        min_count: 1,
        limit: MAX_PARTS,
    };
    let parts = counting.asker.groups(grouping).await?;
    if parts.len() == MAX_PARTS as usize {
        return Ok(());
    }
    let mut durations = HashMap::<Value, Vec<(i64, u64)>>::new();
    for part in parts {
        if let Some(Scalar::Number(duration)) = part.keys.last() {
            let value = GroupedBy::key_of(by, &part.keys);
            durations.entry(value).or_default().push((*duration, part.count));
        }
    }
    for group in groups {
        let of_group = durations.get_mut(&(group.value.clone(), group.tenant.clone()));
        group.p95 = of_group.and_then(|durations| percentile(durations));
    }
    Ok(())
}

/// The shortest duration that at least 95 of 100 do not exceed (nearest rank).
fn percentile(durations: &mut [(i64, u64)]) -> Option<i64> {
    durations.sort_unstable();
    let total: u64 = durations.iter().map(|(_, count)| count).sum();
    let rank = (total * 95).div_ceil(100);
    let mut seen = 0;
    let reached = durations.iter().find(|(_, count)| {
        seen += count;
        seen >= rank
    });
    reached.map(|(duration, _)| *duration)
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn it_is_the_nearest_rank() {
        assert_eq!(percentile(&mut []), None);
        assert_eq!(percentile(&mut [(7, 1)]), Some(7));
        assert_eq!(percentile(&mut [(900, 1), (10, 19)]), Some(10));
        assert_eq!(percentile(&mut [(900, 2), (10, 19)]), Some(900));
    }
}
