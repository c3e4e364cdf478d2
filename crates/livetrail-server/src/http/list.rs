//! The log, page by page.

use super::{
    audit_details,
    error::ApiResult,
    extract::{Caller, Reader},
    json::as_json,
    query::{self, DateParameters, FilterParameters, PageParameters, SortParameters},
};
use crate::{access::Principal, app::App, self_audit::Origin};
use axum::{extract::State, http::Uri, response::Response};
use livetrail_types::{ActivityView, Cursor, ListQuery, Page, Stats, actions};
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;
use utoipa::ToSchema;

/// A page of the log, and the figures of its filter.
#[derive(Serialize, ToSchema)]
pub(super) struct ActivityList<'a> {
    /// Always true; errors are problems.
    success: bool,
    data: Vec<ActivityView<'a>>,
    /// How many activities match.
    total: u64,
    /// Whether `total` is exact.
    total_is_exact: bool,
    /// The page, from 1.
    page: u32,
    /// Activities a page.
    limit: u32,
    total_pages: u64,
    /// Leads to the next page, if there is one.
    next_cursor: Option<String>,
    /// Leads to the page before, if there is one.
    prev_cursor: Option<String>,
    /// Where the log ended when this was read: a stream with this `last_event_id` goes on from here.
    head_cursor: String,
    stats: Stats,
}

/// List activities
///
/// Everything that was acknowledged before the request began is in it.
#[utoipa::path(
    get, path = "/api/admin/activity", tag = "Activities",
    params(PageParameters, SortParameters, DateParameters, FilterParameters),
    responses(
        (status = 200, description = "A page", body = ActivityList),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 503, description = "It took too long, and the detail says what to narrow; or the store is away"),
    )
)]
pub(super) async fn list_activities(
    State(app): State<Arc<App>>,
    Reader(principal): Reader,
    Caller(origin): Caller,
    uri: Uri,
) -> ApiResult<Response> {
    let query = query::list_query(&uri, &app, &principal)?;
    let ask = app.questions.by(&principal);
    let page = ask.list(query.clone()).await?;
    let stats = ask.stats(query.filter.clone(), page.head, app.environment.now()).await?;
    record_view(&app, &principal, &origin, &uri, &query, &page);
    let head = app.hub.cursor_at(page.head).await;
    Ok(as_json(&answer(&app, &query, &page, head, stats)))
}

fn answer<'a>(
    app: &'a App,
    query: &ListQuery,
    page: &'a Page,
    head: Cursor,
    stats: Stats,
) -> ActivityList<'a> {
    let rows = page.rows.iter();
    ActivityList {
        success: true,
        data: rows
            .map(|(activity, profile)| ActivityView::new(activity, profile.as_ref(), &app.catalogue))
            .collect(),
        total: stats.total_logs,
        total_is_exact: true,
        page: page.page,
        limit: query.limit,
        total_pages: stats.total_logs.div_ceil(query.limit.into()),
        next_cursor: page.next.as_ref().map(ToString::to_string),
        prev_cursor: page.prev.as_ref().map(ToString::to_string),
        head_cursor: head.to_string(),
        stats,
    }
}

fn record_view(app: &App, by: &Principal, origin: &Origin, uri: &Uri, query: &ListQuery, page: &Page) {
    let details = json!({
        "page": page.page,
        "limit": query.limit,
        "filters_applied": audit_details::filters_applied(uri, &query.filter),
        "results_count": page.rows.len(),
    });
    let action = actions::ADMIN_VIEW_ACTIVITY_LOGS;
    app.self_audit.viewed(by, action, origin, &query.filter, details);
}
