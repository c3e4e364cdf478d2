use super::{BOUNDS, check_admin, check_kept, checked, info::SavedViewInfo, owner};
use crate::{
    app::App,
    http::{
        body,
        error::ApiResult,
        extract::{Caller, Reader},
        json::Json,
    },
    self_audit::ViewChange,
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use livetrail_store::SavedView;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The view that is wanted.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewSavedView {
    /// What people call it: 1 to 100 characters, no control characters.
    pub(super) name: String,
    /// The query string of the page, at most 4,096 bytes: filters as lists take them, `sort_by`, `sort_order`, `limit`
    /// and `columns`.
    pub(super) query: String,
    /// Whether every reader of the tenant sees it. Only admins may share views.
    #[serde(default)]
    pub(super) shared: bool,
    /// Whether the page opens with it for the caller, in place of the former default.
    #[serde(default)]
    pub(super) is_default: bool,
}

/// Save a view
///
/// A user may have 200 views, and a tenant may share 1,000.
#[utoipa::path(
    post, path = "/api/admin/views", tag = "Views",
    request_body = NewSavedView,
    responses(
        (status = 201, description = "The view", body = SavedViewInfo),
        (status = 403, description = "The view is to be shared, and the caller is not an admin"),
        (status = 409, description = "There are as many views as there may be"),
        (status = 422, description = "The body is not right"),
    )
)]
pub(in crate::http) async fn create_view(
    State(app): State<Arc<App>>,
    Reader(principal): Reader,
    Caller(origin): Caller,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<(StatusCode, Json<SavedViewInfo>)> {
    let NewSavedView { name, query, shared, is_default } = body::json(&headers, body).await?;
    if shared {
        check_admin(&principal)?;
    }
    let now = app.environment.now();
    let view = SavedView {
        id: app.environment.fresh_id(),
        owner: owner(&principal),
        name: checked::name(&name)?,
        query: checked::query(&query, &app, &principal)?,
        shared,
        is_default,
        created_at: now,
        updated_at: now,
    };
    check_kept(app.store.add_view(view.clone(), BOUNDS).await?)?;
    let change = ViewChange { what: "created", before: None, after: Some(&view) };
    app.self_audit.changed_view(&principal, &origin, 201, &change);
    Ok((StatusCode::CREATED, Json(SavedViewInfo::of(view, &principal))))
}
