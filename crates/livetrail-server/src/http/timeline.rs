//! How many activities there were when: the histogram of a filter.

use super::{
    asking::Asking,
    error::ApiResult,
    query::{DateParameters, FilterParameters, PairReader},
};
use crate::questions::{self, Bucket};
use axum::response::Response;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

/// What lies on both sides of 1970 is never in one bucket.
const MIN_BUCKETS: u32 = 2;
const MAX_BUCKETS: u32 = 200;
const BUCKETS: u32 = 100;

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

/// Count over time
///
/// How many activities of a filter there were when, by success and by category. It spans the dates of the filter, or,
/// where those leave it open, from the first activity to the last.
#[utoipa::path(
    get, path = "/api/admin/activity/timeline", tag = "Activities",
    params(TimelineParameters, DateParameters, FilterParameters),
    responses(
        (
            status = 200, description = "The counts", body = Timeline,
            headers(("livetrail-answered-by", description = "`index`, or `sql` where the database had to answer"))
        ),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 503, description = "It took too long, and the detail says what to narrow; or the store is away"),
    )
)]
pub(super) async fn get_timeline(asking: Asking) -> ApiResult<Response> {
    let mut reader = asking.reader();
    let most = TimelineParameters::take(&mut reader).buckets.unwrap_or(BUCKETS);
    let counting = asking.count(reader, "a timeline").await?;
    let (head, now) = (counting.head.position, asking.app.environment.now());
    let questions::Timeline { total, bucket_seconds, buckets } =
        counting.asker.timeline(&counting.filter, head, now, most).await?;
    let head_cursor = counting.head.to_string();
    Ok(counting.answer(total, &Timeline { success: true, total, bucket_seconds, buckets, head_cursor }))
}
