//! The log, page by page.

use super::{
    asking::{Asking, answered},
    audit_details,
    error::ApiResult,
    query::{self, DateParameters, FilterParameters, PageParameters, PairReader, SortParameters},
};
use crate::app::App;
use axum::response::Response;
use livetrail_types::{ActivityView, Cursor, ListQuery, Page, Stats, actions};
use serde::Serialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

/// A page of the log, and the figures of its filter.
#[derive(Serialize, ToSchema)]
pub(super) struct ActivityList<'a> {
    /// Always true; errors are problems.
    success: bool,
    data: Vec<ActivityView<'a>>,
    /// How many activities match; null with `stats=false`.
    total: Option<u64>,
    /// Whether `total` is exact; false with `stats=false`.
    total_is_exact: bool,
    /// The page, from 1.
    page: u32,
    /// Activities a page.
    limit: u32,
    /// Null with `stats=false`.
    total_pages: Option<u64>,
    /// Leads to the next page, if there is one.
    next_cursor: Option<String>,
    /// Leads to the page before, if there is one.
    prev_cursor: Option<String>,
    /// Where the log ended when this was read: a stream with this `last_event_id` goes on from here.
    head_cursor: String,
    /// The figures of the filter; null with `stats=false`.
    stats: Option<Stats>,
}

/// What a list has beside its page.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
struct ListParameters {
    /// Whether the answer has the figures and totals of the filter, which take longer than the page. `GET …/stats` has
    /// them alone
    #[param(default = true)]
    stats: Option<bool>,
}

impl ListParameters {
    fn take(reader: &mut PairReader) -> Self {
        Self { stats: reader.flag("stats") }
    }
}

/// List activities
///
/// Everything that was acknowledged before the request began is in it.
#[utoipa::path(
    get, path = "/api/admin/activity", tag = "Activities",
    params(ListParameters, PageParameters, SortParameters, DateParameters, FilterParameters),
    responses(
        (
            status = 200, description = "A page", body = ActivityList,
            headers(("livetrail-answered-by", description = "`index`, or `sql` where the database had to answer"))
        ),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 503, description = "It took too long, and the detail says what to narrow; or the store is away"),
    )
)]
pub(super) async fn list_activities(asking: Asking) -> ApiResult<Response> {
    let (app, mut reader) = (&asking.app, asking.reader());
    let has_stats = ListParameters::take(&mut reader).stats.unwrap_or(true);
    let query = query::list_query(reader, app, &asking.principal)?;
    let asker = asking.asker();
    let page = asker.list(query.clone()).await?;
    let stats = match has_stats {
        true => Some(asker.stats(&query.filter, page.head, app.environment.now()).await?),
        false => None,
    };
    record_view(&asking, &query, &page);
    let head = app.hub.cursor_at(page.head).await;
    Ok(answered(&asker, &answer(app, &query, &page, head, stats)))
}

fn answer<'a>(
    app: &'a App,
    query: &ListQuery,
    page: &'a Page,
    head: Cursor,
    stats: Option<Stats>,
) -> ActivityList<'a> {
    let rows = page.rows.iter();
    let total = stats.as_ref().map(|stats| stats.total_logs);
    ActivityList {
        success: true,
        data: rows
            .map(|(activity, profile)| ActivityView::new(activity, profile.as_ref(), &app.catalogue))
            .collect(),
        total,
        total_is_exact: total.is_some(),
        page: page.page,
        limit: query.limit,
        total_pages: total.map(|total| total.div_ceil(query.limit.into())),
        next_cursor: page.next.as_ref().map(ToString::to_string),
        prev_cursor: page.prev.as_ref().map(ToString::to_string),
        head_cursor: head.to_string(),
        stats,
    }
}

fn record_view(asking: &Asking, query: &ListQuery, page: &Page) {
    let Asking { app, principal, origin, uri } = asking;
    let details = json!({
        "page": page.page,
        "limit": query.limit,
        "filters_applied": audit_details::filters_applied(uri, &query.filter),
        "results_count": page.rows.len(),
    });
    let action = actions::ADMIN_VIEW_ACTIVITY_LOGS;
    app.self_audit.viewed(principal, action, origin, &query.filter, details);
}
