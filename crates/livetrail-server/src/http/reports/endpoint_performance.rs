use super::{ApiResult, Asked, Asking, Cell, Report, ReportParameters, SheetRow};
use crate::http::query::FilterParameters;
use axum::response::Response;
use jiff::SignedDuration;
use livetrail_types::{Group, GroupBy, Scalar, two_decimals};
use serde::Serialize;
use std::cmp::Reverse;
use utoipa::ToSchema;

const WINDOW: SignedDuration = SignedDuration::from_hours(24);

/// What happened at one endpoint.
#[derive(Serialize, ToSchema)]
struct Endpoint {
    /// Null for activities that name none.
    endpoint: Option<String>,
    /// Average duration in milliseconds with two decimals, of those that have one.
    avg_ms: Option<f64>,
    max_ms: Option<i32>,
    requests: u64,
    /// In per cent with two decimals.
    success_rate: f64,
}

impl SheetRow for Endpoint {
    fn heading() -> Vec<&'static str> {
        vec!["endpoint", "avg_ms", "max_ms", "requests", "success_rate"]
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            Cell::maybe_text(self.endpoint.as_deref()),
            self.avg_ms.map_or(Cell::Empty, Cell::Decimal),
            Cell::maybe_whole(self.max_ms),
            Cell::count(self.requests),
            Cell::Decimal(self.success_rate),
        ]
    }
}

/// How quickly endpoints answer
///
/// Within the last 24 hours, if `window` does not say otherwise; the `limit` endpoints with the most requests.
#[utoipa::path(
    get, path = "/api/admin/reports/endpoint_performance", tag = "Reports",
    params(ReportParameters, FilterParameters),
    responses(
        (
            status = 200, description = "The report",
            content((Report<Endpoint> = "application/json"), (String = "text/csv")),
            headers(
                ("livetrail-answered-by", description = "`index`, or `sql` where the database had to answer"),
                ("livetrail-is-complete" = bool, description = "`is_complete`, of a report in CSV"),
            )
        ),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 503, description = "It took too long, and the detail says what to narrow; or the store is away"),
    )
)]
pub(in crate::http) async fn endpoint_performance(asking: Asking) -> ApiResult<Response> {
    let asked = Asked::read(&asking, asking.reader(), Some(WINDOW)).await?;
    let mut groups = asked.groups(asked.filter.clone(), vec![GroupBy::Endpoint], 1).await?;
    // Those without a duration come last.
    groups.sort_by_key(|group| Reverse(group.avg_duration_ms.map(|average| (average * 1_000.0) as i64)));
    let data = groups.iter().map(endpoint).collect();
    asked.answer("endpoint_performance", (data, true))
}

fn endpoint(group: &Group) -> Endpoint {
    Endpoint {
        endpoint: group.keys.first().and_then(Scalar::as_text).map(str::to_owned),
        avg_ms: group.avg_duration_ms.map(two_decimals),
        max_ms: group.max_duration_ms,
        requests: group.count,
        success_rate: two_decimals(group.success_count as f64 * 100.0 / group.count as f64),
    }
}
