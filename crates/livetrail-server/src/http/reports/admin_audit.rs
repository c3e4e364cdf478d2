use super::{ApiResult, Asked, Asking, Report, ReportParameters};
use crate::http::query::FilterParameters;
use axum::response::Response;
use jiff::SignedDuration;
use livetrail_types::{ActivityView, Choice, Condition};

const WINDOW: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What admins did
///
/// Within the last seven days, if `window` does not say otherwise.
#[utoipa::path(
    get, path = "/api/admin/reports/admin_audit", tag = "Reports",
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
pub(in crate::http) async fn admin_audit(asking: Asking) -> ApiResult<Response> {
    let mut asked = Asked::read(&asking, asking.reader(), Some(WINDOW)).await?;
    asked.filter = asked.filter.and(Condition::IsAdmin(Choice::any([true])));
    let newest = asked.newest().await?;
    asked.answer("admin_audit", newest.views(&asking.app))
}
