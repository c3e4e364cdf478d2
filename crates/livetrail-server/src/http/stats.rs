//! The figures of a filter alone, so that a page of the list need not wait for them.

use super::{
    audit_details,
    error::ApiResult,
    extract::{Caller, Reader},
    json::as_json,
    query::{DateParameters, FilterParameters, PairReader},
};
use crate::app::App;
use axum::{extract::State, http::Uri, response::Response};
use livetrail_types::Stats;
use serde::Serialize;
use std::sync::Arc;
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
        (status = 200, description = "The figures", body = ActivityStats),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 503, description = "It took too long, and the detail says what to narrow; or the store is away"),
    )
)]
pub(super) async fn get_stats(
    State(app): State<Arc<App>>,
    Reader(principal): Reader,
    Caller(origin): Caller,
    uri: Uri,
) -> ApiResult<Response> {
    let mut reader = PairReader::of(&uri);
    reader.refuse_about_lists("figures");
    let filter = reader.filter(&app, &principal)?;
    let head = app.hub.cursor_at(app.questions.head().await?.position).await;
    let asker = app.questions.by(&principal);
    let stats = asker.stats(filter.clone(), head.position, app.environment.now()).await?;
    audit_details::record_counts(&app, &principal, &origin, (&uri, &filter), stats.total_logs);
    Ok(as_json(&ActivityStats { success: true, stats, head_cursor: head.to_string() }))
}
