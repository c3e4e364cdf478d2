//! The retention: its rules, its last run, and a run at once.

use super::{
    body,
    error::{ApiError, ApiResult},
    extract::{Administrator, Auditor},
    holds::HoldInfo,
    json::Json,
};
use crate::{
    app::App,
    retention::{self, Keep, Refused, Rules, RunInfo},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use jiff::SignedDuration;
use livetrail_store::Bounds;
use livetrail_types::{Filter, actions};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use utoipa::ToSchema;

/// How long activities are kept, and what was removed.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct RetentionInfo {
    /// For how many hours activities are kept that no rule means; null without an end.
    pub(crate) keep_hours: Option<i64>,
    /// How many of the newest positions are kept at least; null for all of them.
    pub(crate) keep_rows: Option<u64>,
    /// For single tenants and categories. The longest time of those that mean an activity counts.
    pub(crate) rules: Vec<RuleInfo>,
    /// The holds, oldest first.
    pub(crate) holds: Vec<HoldInfo>,
    /// The position before the first activity that is kept.
    pub(crate) floor: u64,
    /// How many activities were ever removed above the floor of their time.
    pub(crate) removals: u64,
    /// The last run of this node, or the one under way; null before the first.
    pub(crate) run: Option<RunInfo>,
}

/// How long the activities of a tenant, a category or both are kept.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct RuleInfo {
    pub(crate) tenant_id: Option<String>,
    pub(crate) category: Option<String>,
    /// Null without an end.
    pub(crate) keep_hours: Option<i64>,
}

/// The run that is wanted.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunRequest {
    /// Whether nothing is removed: the outcome is what would be.
    #[serde(default)]
    pub(crate) dry_run: bool,
}

fn hours(keep: Keep) -> Option<i64> {
    match keep {
        Keep::For(time) => Some(SignedDuration::as_hours(&time)),
        Keep::Forever => None,
    }
}

fn rules(rules: &Rules) -> Vec<RuleInfo> {
    let info = |rule: &retention::Rule| RuleInfo {
        tenant_id: rule.tenant.clone(),
        category: rule.category.clone(),
        keep_hours: hours(rule.keep),
    };
    rules.rules.iter().map(info).collect()
}

/// How long activities are kept
///
/// With the legal holds, and the last run of this node.
#[utoipa::path(
    get, path = "/api/admin/retention", tag = "Retention",
    responses((status = 200, description = "The rules, the holds and the last run", body = RetentionInfo))
)]
pub(super) async fn get_retention(
    State(app): State<Arc<App>>,
    Auditor(principal, origin): Auditor,
) -> ApiResult<Json<RetentionInfo>> {
    let Bounds { floor, removals, .. } = app.store.head().await?;
    let holds: Vec<HoldInfo> = app.store.holds().await?.holds.into_iter().map(HoldInfo::from).collect();
    let details = json!({"list": "retention", "results_count": holds.len()});
    app.self_audit.viewed(&principal, actions::API_OPERATION, &origin, &Filter::default(), details);
    let Rules { keep, keep_rows, .. } = *app.retention.rules();
    Ok(Json(RetentionInfo {
        keep_hours: keep.and_then(hours),
        keep_rows,
        rules: rules(app.retention.rules()),
        holds,
        floor,
        removals,
        run: app.retention.last_run(),
    }))
}

/// Remove what is due now
///
/// The answer comes when the run has ended, or after two seconds: then `GET /api/admin/retention` says when it has
/// ended and what it has removed. A dry run removes nothing and counts what would be removed.
#[utoipa::path(
    post, path = "/api/admin/retention/runs", tag = "Retention",
    request_body = RunRequest,
    responses(
        (status = 202, description = "It has begun, and may have ended", body = RunInfo),
        (status = 409, description = "A run is under way, on this node or on another one"),
    )
)]
pub(super) async fn start_retention(
    State(app): State<Arc<App>>,
    Administrator(principal, origin): Administrator,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<(StatusCode, Json<RunInfo>)> {
    let RunRequest { dry_run } = body::json(&headers, body).await?;
    match retention::start(&app, dry_run, (principal, origin)).await {
        Ok(run) => Ok((StatusCode::ACCEPTED, Json(run))),
        Err(Refused::Store(error)) => Err(error.into()),
        Err(refused) => Err(ApiError::conflict(refused.to_string())),
    }
}
