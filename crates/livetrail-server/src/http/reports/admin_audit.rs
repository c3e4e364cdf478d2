use super::{ApiResult, Asked, Caller, PairReader, Reader, Report, ReportParameters};
use crate::{app::App, http::query::FilterParameters};
use axum::{extract::State, http::Uri, response::Response};
use jiff::SignedDuration;
use livetrail_types::{ActivityView, Choice, Condition};
use std::sync::Arc;

const WINDOW: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What admins did
///
/// Within the last seven days, if `window` does not say otherwise.
#[utoipa::path(
    get, path = "/api/admin/reports/admin_audit", tag = "Reports",
    params(ReportParameters, FilterParameters),
    responses(
        (status = 200, description = "The report", body = Report<ActivityView>),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 503, description = "It took too long, and the detail says what to narrow; or the store is away"),
    )
)]
pub(in crate::http) async fn admin_audit(
    State(app): State<Arc<App>>,
    Reader(principal): Reader,
    Caller(origin): Caller,
    uri: Uri,
) -> ApiResult<Response> {
    let mut asked = Asked::read(PairReader::of(&uri), &app, &principal, Some(WINDOW)).await?;
    asked.filter = asked.filter.and(Condition::IsAdmin(Choice::any([true])));
    let newest = asked.newest(&app, &principal).await?;
    Ok(asked.answer("admin_audit", &app, (&principal, &origin, &uri), newest.views(&app)))
}
