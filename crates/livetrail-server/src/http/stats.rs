//! The figures of a filter alone, so that a page of the list need not wait for them.

use super::{
    asking::Asking,
    error::ApiResult,
    query::{DateParameters, FilterParameters},
};
use axum::response::Response;
use livetrail_types::Stats;
use serde::Serialize;
use utoipa::ToSchema;

/// The figures of a filter.
#[derive(Serialize, ToSchema)]
pub(super) struct ActivityStats {
    /// Always true; errors are problems.
    success: bool,
    stats: Stats,
    /// Where the log ended when this was read.
    head_cursor: String,
}

/// Count activities
///
/// The figures that the list has for the same filter, without its page.
#[utoipa::path(
    get, path = "/api/admin/activity/stats", tag = "Activities",
    params(DateParameters, FilterParameters),
    responses(
        (
            status = 200, description = "The figures", body = ActivityStats,
            headers(("livetrail-answered-by", description = "`index`, or `sql` where the database had to answer"))
        ),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 503, description = "It took too long, and the detail says what to narrow; or the store is away"),
    )
)]
pub(super) async fn get_stats(asking: Asking) -> ApiResult<Response> {
    let counting = asking.count(asking.reader(), "figures").await?;
    let now = asking.app.environment.now();
    let stats = counting.asker.stats(&counting.filter, counting.head.position, now).await?;
    let (total, head_cursor) = (stats.total_logs, counting.head.to_string());
    Ok(counting.answer(total, &ActivityStats { success: true, stats, head_cursor }))
}
