//! The questions by their definition, over a list of activities.

use crate::log::Log;
use livetrail_types::{Activity, Filter, Subject};
use std::ops::RangeInclusive;

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
