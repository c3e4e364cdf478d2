use super::{info::SavedViewInfo, owner};
use crate::{
    app::App,
    http::{error::ApiResult, extract::Reader, json::Json},
};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// Saved views.
#[derive(Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct SavedViewList {
    /// The oldest first.
    pub(super) data: Vec<SavedViewInfo>,
}

/// List saved views
///
/// The caller's own and those that are shared. A credential that is bound to a tenant has the views of that tenant, and
/// one that is not has those of no tenant.
#[utoipa::path(
    get, path = "/api/admin/views", tag = "Views",
    responses((status = 200, description = "The views", body = SavedViewList))
)]
pub(in crate::http) async fn list_views(
    State(app): State<Arc<App>>,
    Reader(principal): Reader,
) -> ApiResult<Json<SavedViewList>> {
    let views = app.store.views(owner(&principal)).await?;
    let data = views.into_iter().map(|view| SavedViewInfo::of(view, &principal)).collect();
    Ok(Json(SavedViewList { data }))
}
