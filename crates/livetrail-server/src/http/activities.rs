//! Activities in.

use super::{
    body,
    check::{Checked, check},
    error::{ApiError, ApiResult},
    extract::Writer,
    json::Json,
};
use crate::{
    access::Principal,
    app::App,
    ingest::{Batch, BatchResult},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use livetrail_types::{NewActivity, json::Value};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

/// One activity that is stored.
#[derive(Serialize, ToSchema)]
pub(super) struct StoredActivity {
    id: Uuid,
    /// Its place in the log.
    position: u64,
    /// When it happened, in epoch seconds.
    timestamp: i64,
    /// Whether the same activity was stored before.
    duplicate: bool,
}

/// An activity, or an array of them.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(
    dead_code,
    reason = "describes the body, which is read by hand so that every mistake in it is named"
)]
enum Posted {
    One(Box<NewActivity>),
    Many(Vec<NewActivity>),
}

/// Store activities
///
/// One JSON object, an array of them, or one a line (`application/x-ndjson`); at most 10,000 and 10 MB, inflated. The
/// answer comes when they are durable. The `id` is the idempotency key: the same id with the same content is stored
/// once. Of a batch, what is right is stored, whatever else is wrong with it.
#[utoipa::path(
    post, path = "/api/activity", tag = "Activities",
    request_body(
        description = "An activity, an array of them, or one a line",
        content((Posted = "application/json"), (NewActivity = "application/x-ndjson")),
    ),
    responses(
        (status = 201, description = "One activity is stored", body = StoredActivity),
        (status = 200, description = "A batch is stored", body = BatchResult),
        (status = 409, description = "The same id was stored with other content"),
        (status = 413, description = "The body is too large"),
        (status = 415, description = "Unknown content type or encoding"),
        (status = 422, description = "Nothing in it can be stored"),
        (status = 429, description = "More arrives than can be stored: try again after Retry-After"),
        (status = 503, description = "The store is away: try again after Retry-After"),
    )
)]
pub(super) async fn post_activities(
    State(app): State<Arc<App>>,
    Writer(principal): Writer,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Response> {
    let format = body::format(&headers)?;
    let intake = Arc::new(body::intake(&app, &principal, &headers, body).await?);
    let bytes = intake.bytes.len();
    match check(&app, &principal, &format, &intake).await? {
        Checked::One(value) => {
            store_one(&app, &principal, value, bytes).await.map(IntoResponse::into_response)
        }
        Checked::Many(batch) => {
            store_batch(&app, &principal, batch, bytes).await.map(IntoResponse::into_response)
        }
    }
}

async fn store_one(
    app: &App,
    principal: &Principal,
    value: Value,
    bytes: usize,
) -> ApiResult<(StatusCode, Json<StoredActivity>)> {
    let new = app.ingest.read(principal, value)?.map_err(ApiError::invalid)?;
    let stamped = app.ingest.stamp(new);
    let receipts = app.ingest.append(vec![stamped], bytes, principal.share_id()).await?;
    let receipt = receipts.first().ok_or_else(|| ApiError::internal("a receipt is missing"))?;
    match receipt.placed() {
        Ok((position, duplicate)) => {
            let timestamp = epoch_seconds(receipt.timestamp);
            Ok((StatusCode::CREATED, Json(StoredActivity { id: receipt.id, position, timestamp, duplicate })))
        }
        Err(error) if receipt.is_conflict() => {
            let conflict = ApiError::conflict(format!("id {}", error.detail));
            Err(ApiError { errors: vec![error], ..conflict })
        }
        Err(error) => Err(ApiError::invalid(vec![error])),
    }
}

async fn store_batch(
    app: &App,
    principal: &Principal,
    batch: Batch,
    bytes: usize,
) -> ApiResult<Json<BatchResult>> {
    let result = batch.store(&app.ingest, bytes, principal.share_id()).await?;
    if result.is_refusal() { Err(ApiError::invalid(result.into_errors())) } else { Ok(Json(result)) }
}

fn epoch_seconds(moment: Timestamp) -> i64 {
    moment.as_microsecond().div_euclid(1_000_000)
}
