use super::{
    find,
    info::{self, AlertChannelInfo},
    not_found,
};
use crate::{
    alerts::may_see,
    app::App,
    http::{
        error::ApiResult,
        extract::{Caller, Reader},
        json::Json,
    },
};
use axum::extract::{Path, State};
use livetrail_types::{Filter, actions};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use utoipa::ToSchema;

/// The channels.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct AlertChannelList {
    /// The oldest first.
    pub(crate) data: Vec<AlertChannelInfo>,
}

/// List channels
///
/// A credential that is bound to a tenant sees the channels of that tenant.
#[utoipa::path(
    get, path = "/api/admin/alert-channels", tag = "Alerts",
    responses((status = 200, description = "The channels, without secrets", body = AlertChannelList))
)]
pub(in crate::http) async fn list_channels(
    State(app): State<Arc<App>>,
    Reader(principal): Reader,
    Caller(origin): Caller,
) -> ApiResult<Json<AlertChannelList>> {
    let mut channels = app.store.alert_channels().await?;
    channels.retain(|channel| may_see(&principal, channel.tenant.as_deref()));
    let details = json!({"list": "alert_channels", "results_count": channels.len()});
    app.self_audit.viewed(&principal, actions::API_OPERATION, &origin, &Filter::default(), details);
    Ok(Json(AlertChannelList { data: info::shown(&app, channels).await? }))
}

/// Get one channel
#[utoipa::path(
    get, path = "/api/admin/alert-channels/{id}", tag = "Alerts",
    params(("id" = Uuid, Path, description = "The channel's id")),
    responses(
        (status = 200, description = "The channel, without secrets", body = AlertChannelInfo),
        (status = 404, description = "Not found, or not visible to this credential"),
    )
)]
pub(in crate::http) async fn get_channel(
    State(app): State<Arc<App>>,
    Reader(principal): Reader,
    Caller(origin): Caller,
    Path(id): Path<String>,
) -> ApiResult<Json<AlertChannelInfo>> {
    let channel = find(&app, &principal, &id).await?;
    let details = json!({"list": "alert_channels", "results_count": 1});
    app.self_audit.viewed(&principal, actions::API_OPERATION, &origin, &Filter::default(), details);
    info::shown(&app, vec![channel]).await?.pop().map(Json).ok_or_else(not_found)
}
