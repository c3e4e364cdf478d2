//! The index of lists and figures, for those who run the server.

use super::{
    error::ApiResult,
    extract::{Administrator, Auditor},
    json::Json,
    query::PairReader,
};
use crate::{
    app::App,
    questions::{IndexInfo, IndexVerified},
};
use axum::{
    extract::State,
    http::{StatusCode, Uri},
};
use livetrail_types::{Filter, actions};
use serde_json::json;
use std::sync::Arc;

/// Describe the index
///
/// The index of this node: how far it is, and what it takes. It is made from the log, so nothing is lost with it.
#[utoipa::path(
    get, path = "/api/admin/index", tag = "Operations",
    responses((status = 200, description = "The index of this node", body = IndexInfo))
)]
pub(super) async fn get_index(
    State(app): State<Arc<App>>,
    _: Auditor,
    uri: Uri,
) -> ApiResult<Json<IndexInfo>> {
    PairReader::of(&uri).end()?;
    Ok(Json(app.questions.index_info()))
}

/// Verify the index
///
/// Reads every file of the index of this node, and compares how many activities the index and the database have. A
/// damaged file is made again.
#[utoipa::path(
    post, path = "/api/admin/index/verify", tag = "Operations",
    responses(
        (status = 200, description = "What was found", body = IndexVerified),
        (status = 503, description = "The database did not count the activities in time"),
    )
)]
pub(super) async fn verify_index(
    State(app): State<Arc<App>>,
    Administrator(principal, origin): Administrator,
    uri: Uri,
) -> ApiResult<Json<IndexVerified>> {
    PairReader::of(&uri).end()?;
    let verified = app.questions.verify_index(&principal).await?;
    let details = json!({"index": "verify", "damaged": verified.damaged.len(), "agrees": verified.agrees});
    app.self_audit.viewed(&principal, actions::API_OPERATION, &origin, &Filter::default(), details);
    Ok(Json(verified))
}

/// Rebuild the index
///
/// Makes the index of this node again from the log. Until it is ready, the database answers.
#[utoipa::path(
    post, path = "/api/admin/index/rebuild", tag = "Operations",
    responses((status = 202, description = "It has begun; `GET /api/admin/index` tells how far it is"))
)]
pub(super) async fn rebuild_index(
    State(app): State<Arc<App>>,
    Administrator(principal, origin): Administrator,
    uri: Uri,
) -> ApiResult<StatusCode> {
    PairReader::of(&uri).end()?;
    app.questions.rebuild_index();
    let details = json!({"index": "rebuild"});
    app.self_audit.viewed(&principal, actions::API_OPERATION, &origin, &Filter::default(), details);
    Ok(StatusCode::ACCEPTED)
}
