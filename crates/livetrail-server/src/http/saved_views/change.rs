use super::{
    BOUNDS, check_admin, check_kept,
    checked::{self, fault},
    find,
    info::SavedViewInfo,
    not_found, owner,
};
use crate::{
    access::Principal,
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
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use livetrail_store::SavedView;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// A change of a view. What is left out stays as it is.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct SavedViewChange {
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    /// The query string of the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) query: Option<String>,
    /// Whether every reader of the tenant sees it. Only an admin may set it, and only the owner may take it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) shared: Option<bool>,
    /// Whether the page opens with it. Only the owner may change that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) is_default: Option<bool>,
}

/// Change a view
#[utoipa::path(
    put, path = "/api/admin/views/{id}", tag = "Views",
    params(("id" = Uuid, Path, description = "The view's id")),
    request_body = SavedViewChange,
    responses(
        (status = 200, description = "The view", body = SavedViewInfo),
        (status = 403, description = "The view is shared, and the caller is not an admin"),
        (status = 404, description = "Not found, or not visible to the caller"),
        (status = 409, description = "There are as many shared views as there may be"),
        (status = 422, description = "The body is not right"),
    )
)]
pub(in crate::http) async fn change_view(
    State(app): State<Arc<App>>,
    Reader(principal): Reader,
    Caller(origin): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Json<SavedViewInfo>> {
    let change: SavedViewChange = body::json(&headers, body).await?;
    let before = find(&app, &principal, &id).await?;
    let mut after = changed(&app, &principal, &before, change)?;
    if after != before {
        after.updated_at = app.environment.now();
        check_kept(app.store.change_view(after.clone(), BOUNDS).await?)?;
        let change = ViewChange { what: "changed", before: Some(&before), after: Some(&after) };
        app.self_audit.changed_view(&principal, &origin, 200, &change);
    }
    Ok(Json(SavedViewInfo::of(after, &principal)))
}

/// A shared view may be changed by admins alone, except that its owner may choose it as the default.
fn changed(
    app: &App,
    principal: &Principal,
    before: &SavedView,
    change: SavedViewChange,
) -> ApiResult<SavedView> {
    let SavedViewChange { name, query, shared, is_default } = change;
    let is_own = before.owner == owner(principal);
    let shared = shared.unwrap_or(before.shared);
    if (before.shared || shared) && (name.is_some() || query.is_some() || shared != before.shared) {
        check_admin(principal)?;
    }
    if !is_own && shared != before.shared {
        return Err(fault("/shared", "is not possible: only the owner may take it back"));
    }
    if !is_own && is_default.is_some() {
        return Err(fault("/is_default", "is not possible: save a view of your own as the default"));
    }
    let name = name.map_or_else(|| Ok(before.name.clone()), |name| checked::name(&name))?;
    let query =
        query.map_or_else(|| Ok(before.query.clone()), |query| checked::query(&query, app, principal))?;
    let is_default = is_default.unwrap_or(before.is_default);
    Ok(SavedView { name, query, shared, is_default, ..before.clone() })
}

/// Remove a view
#[utoipa::path(
    delete, path = "/api/admin/views/{id}", tag = "Views",
    params(("id" = Uuid, Path, description = "The view's id")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 403, description = "The view is shared, and the caller is not an admin"),
        (status = 404, description = "Not found, or not visible to the caller"),
    )
)]
pub(in crate::http) async fn remove_view(
    State(app): State<Arc<App>>,
    Reader(principal): Reader,
    Caller(origin): Caller,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let view = find(&app, &principal, &id).await?;
    if view.shared {
        check_admin(&principal)?;
    }
    if !app.store.remove_view(view.id).await? {
        return Err(not_found());
    }
    let change = ViewChange { what: "removed", before: Some(&view), after: None };
    app.self_audit.changed_view(&principal, &origin, 204, &change);
    Ok(StatusCode::NO_CONTENT)
}
