use super::{find, shown_one};
use crate::{
    alerts::AlertInfo,
    app::App,
    http::{
        error::ApiResult,
        extract::{Caller, Reader},
        json::Json,
    },
    self_audit::Target,
};
use axum::extract::{Path, State};
use serde_json::json;
use std::sync::Arc;

/// Get one alert
#[utoipa::path(
    get, path = "/api/admin/alerts/{id}", tag = "Alerts",
    params(("id" = Uuid, Path, description = "The alert's id")),
    responses(
        (status = 200, description = "The alert", body = AlertInfo),
        (status = 404, description = "Not found, or not visible to this credential"),
    )
)]
pub(in crate::http) async fn get_alert(
    State(app): State<Arc<App>>,
    Reader(principal): Reader,
    Caller(origin): Caller,
    Path(id): Path<String>,
) -> ApiResult<Json<AlertInfo>> {
    let alert = find(&app, &principal, &id).await?;
    let details = json!({"filters_applied": {"alert": alert.id}, "results_count": 1});
    app.self_audit.looked_up(&principal, &origin, 0, Target::resource(alert.id), details);
    Ok(Json(shown_one(&app, alert).await?))
}
