//! How many activities there were when: the histogram of a filter.

use super::{
    audit_details,
    error::ApiResult,
    extract::{Caller, Reader},
    json::as_json,
    known_actions::is_in_catalogue,
    query::{DateParameters, FilterParameters, PairReader},
};
use crate::{
    app::App,
    questions::{Answer, Asker},
};
use axum::{extract::State, http::Uri, response::Response};
use jiff::Timestamp;
use livetrail_types::{Catalogue, Condition, Cursor, Filter, Group, GroupBy, Grouping, Scalar};
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};
use utoipa::{IntoParams, ToSchema};

/// What lies on both sides of 1970 is never in one bucket.
const MIN_BUCKETS: u32 = 2;
const MAX_BUCKETS: u32 = 200;
const BUCKETS: u32 = 100;
const DAY: i64 = 86_400;
/// Widths that people read easily, in seconds; longer ones are whole days.
const WIDTHS: [i64; 19] =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 43_200, DAY];

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
struct TimelineParameters {
    /// Buckets at most
    #[param(minimum = 2, maximum = 200, default = 100)]
    buckets: Option<u32>,
}

impl TimelineParameters {
    fn take(reader: &mut PairReader) -> Self {
        Self { buckets: reader.number("buckets", MIN_BUCKETS, MAX_BUCKETS) }
    }
}

/// Counts over time: buckets of equal width, without a gap between them.
#[derive(Serialize, ToSchema)]
pub(super) struct Timeline {
    /// Always true; errors are problems.
    success: bool,
    /// How many activities match.
    total: u64,
    /// How many seconds a bucket spans. Buckets begin at multiples of it, in UTC.
    bucket_seconds: i64,
    /// Oldest first; none when nothing matches.
    buckets: Vec<Bucket>,
    /// Where the log ended when this was read.
    head_cursor: String,
}

/// What happened from `start` until the next bucket begins.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
struct Bucket {
    /// Epoch seconds.
    start: i64,
    count: u64,
    success_count: u64,
    failed_count: u64,
    /// How many of each category that occurs.
    categories: BTreeMap<String, u64>,
}

/// Count over time
///
/// How many activities of a filter there were when, by success and by category. It spans the dates of the filter, or, where
/// those leave it open, from the first activity to the last.
#[utoipa::path(
    get, path = "/api/admin/activity/timeline", tag = "Activities",
    params(TimelineParameters, DateParameters, FilterParameters),
    responses(
        (status = 200, description = "The counts", body = Timeline),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 503, description = "It took too long, and the detail says what to narrow; or the store is away"),
    )
)]
pub(super) async fn get_timeline(
    State(app): State<Arc<App>>,
    Reader(principal): Reader,
    Caller(origin): Caller,
    uri: Uri,
) -> ApiResult<Response> {
    let mut reader = PairReader::of(&uri);
    let TimelineParameters { buckets } = TimelineParameters::take(&mut reader);
    reader.refuse_about_lists("a timeline");
    let filter = reader.filter(&app, &principal)?;
    let timeline =
        timeline(&app, &app.questions.by(&principal), filter.clone(), buckets.unwrap_or(BUCKETS)).await?;
    audit_details::record_counts(&app, &principal, &origin, (&uri, &filter), timeline.total);
    Ok(as_json(&timeline))
}

async fn timeline(app: &App, asker: &Asker<'_>, filter: Filter, most: u32) -> Answer<Timeline> {
    let head = app.hub.cursor_at(app.questions.head().await?.position).await;
    let ask = async |filter: Filter, by: Vec<GroupBy>| {
        let grouping = Grouping { filter, head: head.position, by, at_least: 1, most: u32::MAX };
        asker.groups(grouping).await
    };
    let all = ask(filter.clone(), Vec::new()).await?;
    let Some(all) = all.first() else { return Ok(Timeline::of(head, 0, 1, Vec::new())) };
    let (first, last) = span(&filter, all, app.environment.now());
    let width = width(first, last, most);
    let of_time = GroupBy::Seconds(width);
    let counts = ask(filter.clone(), vec![of_time]).await?;
    let known = ask(filter.and(is_in_catalogue(&app.catalogue)), vec![of_time, GroupBy::ActionType]).await?;
    let mut buckets = Buckets::between(first, last, width);
    counts.iter().for_each(|group| buckets.count(group));
    known.iter().for_each(|group| buckets.count_category(group, &app.catalogue));
    Ok(Timeline::of(head, all.count, width, buckets.finish()))
}

impl Timeline {
    fn of(head: Cursor, total: u64, bucket_seconds: i64, buckets: Vec<Bucket>) -> Self {
        Self { success: true, total, bucket_seconds, buckets, head_cursor: head.to_string() }
    }
}

/// The epoch seconds that the timeline begins and ends in. A filter that is open towards the end goes on until now.
fn span(filter: &Filter, all: &Group, now: Timestamp) -> (i64, i64) {
    let (mut from, mut until) = (None::<Timestamp>, None::<Timestamp>);
    for condition in filter.conditions() {
        match condition {
            Condition::From(moment) => from = Some(from.map_or(*moment, |other| other.max(*moment))),
            Condition::Until(moment) => until = Some(until.map_or(*moment, |other| other.min(*moment))),
            _ => {}
        }
    }
    let end = if from.is_some() { all.last.max(now) } else { all.last };
    let (first, last) = (from.unwrap_or(all.first), until.unwrap_or(end));
    (floor_second(first), floor_second(last).max(floor_second(all.last)))
}

fn floor_second(moment: Timestamp) -> i64 {
    moment.as_microsecond().div_euclid(1_000_000)
}

/// A width with which no more than `most` buckets, of which there are at least two, have all of it.
fn width(first: i64, last: i64, most: u32) -> i64 {
    let fits = |width: &i64| last.div_euclid(*width) - first.div_euclid(*width) < i64::from(most);
    // Wherever it begins, it touches no more stretches of this width than there may be.
    let whole_days = ((last - first) / i64::from(most - 1) / DAY + 1) * DAY;
    WIDTHS.into_iter().find(fits).unwrap_or(whole_days)
}

/// The buckets of a timeline, by when they begin.
struct Buckets(BTreeMap<i64, Bucket>);

impl Buckets {
    fn between(first: i64, last: i64, width: i64) -> Self {
        let starts = (first.div_euclid(width)..=last.div_euclid(width)).map(|n| n * width);
        Self(starts.map(|start| (start, Bucket { start, ..Bucket::default() })).collect())
    }

    fn of(&mut self, group: &Group) -> Option<&mut Bucket> {
        match group.keys.first() {
            Some(Scalar::Number(start)) => self.0.get_mut(start),
            _ => None,
        }
    }

    fn count(&mut self, group: &Group) {
        let Some(bucket) = self.of(group) else { return };
        bucket.count = group.count;
        bucket.success_count = group.success_count;
        bucket.failed_count = group.count - group.success_count;
    }

    fn count_category(&mut self, group: &Group, catalogue: &Catalogue) {
        let action = group.keys.get(1).and_then(Scalar::as_text).unwrap_or_default();
        let category = catalogue.category_of(action).to_owned();
        let Some(bucket) = self.of(group) else { return };
        *bucket.categories.entry(category).or_default() += group.count;
    }

    /// What no action of the catalogue has is of another category.
    fn finish(self) -> Vec<Bucket> {
        let finished = self.0.into_values().map(|mut bucket| {
            let others = bucket.count.saturating_sub(bucket.categories.values().sum());
            if others > 0 {
                bucket.categories.insert(Catalogue::OTHER.into(), others);
            }
            bucket
        });
        finished.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn widths_are_those_that_people_read() {
        assert_eq!(width(0, 0, 100), 1);
        assert_eq!(width(0, 3_599, 60), 60);
        assert_eq!(width(0, 86_399, 100), 900);
        assert_eq!(width(1, 86_401, 24), 7_200, "it begins and ends in the middle of an hour");
        assert_eq!(width(0, 86_400 * 365, 100), 86_400 * 4);
        assert_eq!(width(-1, 0, 2), 1);
    }

    proptest! {
        #[test]
        fn there_are_never_more_buckets_than_asked_for(
            first in -377_705_116_800_i64..253_402_207_200, length in 0_i64..631_107_417_600, most in 2_u32..=200,
        ) {
            let last = (first + length).min(253_402_207_200);
            let buckets = Buckets::between(first, last, width(first, last, most)).0;
            prop_assert!(buckets.len() <= most as usize);
            prop_assert!(buckets.first_key_value().is_some_and(|(start, _)| *start <= first));
        }
    }
}
