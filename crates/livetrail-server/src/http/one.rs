use super::{
    caller::Reader,
    error::{ApiError, ApiResult},
    json::as_json,
};
use crate::app::App;
use axum::{
    extract::{Path, State},
    response::Response,
};
use livetrail_types::ActivityView;
use std::sync::Arc;
use uuid::Uuid;

/// Get one activity
#[utoipa::path(
    get, path = "/api/admin/activity/{id}", tag = "Activities",
    params(("id" = Uuid, Path, description = "The activity's id")),
    responses(
        (status = 200, description = "The activity", body = ActivityView),
        (status = 404, description = "There is none of this id"),
    )
)]
pub(super) async fn get_activity(
    State(app): State<Arc<App>>,
    Reader(principal): Reader,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let found = match Uuid::try_parse(&id) {
        Ok(id) => app.store.get(id, principal.tenant).await?,
        Err(_) => None,
    };
    let (activity, profile) = found.ok_or_else(|| ApiError::not_found("There is no activity of this id"))?;
    Ok(as_json(&ActivityView::new(&activity, profile.as_ref(), &app.catalogue)))
}
