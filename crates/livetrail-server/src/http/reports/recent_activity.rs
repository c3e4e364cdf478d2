use super::{ApiError, ApiResult, Asked, Caller, PairReader, Reader, Report, ReportParameters};
use crate::{app::App, http::query::FilterParameters};
use axum::{extract::State, http::Uri, response::Response};
use livetrail_types::{ActivityView, FieldError};
use std::sync::Arc;

/// What one user did last
///
/// `user_id` is required.
#[utoipa::path(
    get, path = "/api/admin/reports/recent_activity", tag = "Reports",
    params(ReportParameters, FilterParameters),
    responses(
        (status = 200, description = "The report", body = Report<ActivityView>),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 503, description = "It took too long, and the detail says what to narrow; or the store is away"),
    )
)]
pub(in crate::http) async fn recent_activity(
    State(app): State<Arc<App>>,
    Reader(principal): Reader,
    Caller(origin): Caller,
    uri: Uri,
) -> ApiResult<Response> {
    let reader = PairReader::of(&uri);
    if !reader.has("user_id") {
        let missing = FieldError::new("user_id", "is required: whose activity is it to be?");
        return Err(ApiError::invalid(vec![missing]));
    }
    let asked = Asked::read(reader, &app, &principal, None).await?;
    let newest = asked.newest(&app, &principal).await?;
    Ok(asked.answer("recent_activity", &app, (&principal, &origin, &uri), newest.views(&app)))
}
