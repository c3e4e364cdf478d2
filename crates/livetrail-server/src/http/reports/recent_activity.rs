use super::{ApiError, ApiResult, Asked, Asking, Report, ReportParameters};
use crate::http::query::FilterParameters;
use axum::response::Response;
use livetrail_types::{ActivityView, FieldError};

/// What one user did last
///
/// `user_id` is required.
#[utoipa::path(
    get, path = "/api/admin/reports/recent_activity", tag = "Reports",
    params(ReportParameters, FilterParameters),
    responses(
        (
            status = 200, description = "The report",
            content((Report<ActivityView> = "application/json"), (String = "text/csv")),
            headers(
                ("livetrail-answered-by", description = "`index`, or `sql` where the database had to answer"),
                ("livetrail-is-complete" = bool, description = "`is_complete`, of a report in CSV"),
            )
        ),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 503, description = "It took too long, and the detail says what to narrow; or the store is away"),
    )
)]
pub(in crate::http) async fn recent_activity(asking: Asking) -> ApiResult<Response> {
    let reader = asking.reader();
    if !reader.has("user_id") {
        let missing = FieldError::new("user_id", "is required: whose activity is it to be?");
        return Err(ApiError::invalid(vec![missing]));
    }
    let asked = Asked::read(&asking, reader, None).await?;
    let newest = asked.newest().await?;
    asked.answer("recent_activity", newest.views(&asking.app))
}
