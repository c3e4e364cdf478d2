use super::info::{self, AlertRuleInfo};
use crate::{
    app::App,
    http::{
        error::ApiResult,
        extract::{Caller, Reader},
        json::Json,
    },
};
use axum::extract::State;
use livetrail_types::{Filter, actions};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use utoipa::ToSchema;

/// The rules for alerts.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct AlertRuleList {
    /// In the order of their ids.
    pub(crate) data: Vec<AlertRuleInfo>,
}

/// List rules for alerts
///
/// A credential that is bound to a tenant sees the rules for every tenant, and its own.
#[utoipa::path(
    get, path = "/api/admin/alert-rules", tag = "Alerts",
    responses((status = 200, description = "The rules", body = AlertRuleList))
)]
pub(in crate::http) async fn list_rules(
    State(app): State<Arc<App>>,
    Reader(principal): Reader,
    Caller(origin): Caller,
) -> ApiResult<Json<AlertRuleList>> {
    let data = info::all(&app, &principal).await?;
    let details = json!({"list": "alert_rules", "results_count": data.len()});
    app.self_audit.viewed(&principal, actions::API_OPERATION, &origin, &Filter::default(), details);
    Ok(Json(AlertRuleList { data }))
}
