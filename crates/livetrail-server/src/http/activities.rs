//! Activities in.

use super::{
    body::{self, Items, Many},
    caller::Writer,
    error::{ApiError, ApiResult},
    json::Json,
};
use crate::{
    access::{Principal, Refusal},
    app::App,
    ingest::Receipt,
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use livetrail_store::Placement;
use livetrail_types::{FieldError, NewActivity, Sender, json::Value, limits};
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

/// What became of a batch.
#[derive(Serialize, ToSchema)]
pub(super) struct BatchResult {
    /// Activities that are new in the log.
    accepted: usize,
    /// Activities that were stored before.
    duplicates: usize,
    /// Activities that were refused; nothing of them is stored.
    rejected: Vec<Rejected>,
    /// Activities that are in the log.
    results: Vec<Accepted>,
}

/// An activity of a batch that is in the log.
#[derive(Serialize, ToSchema)]
pub(super) struct Accepted {
    /// Its place in the batch, from 0.
    index: usize,
    id: Uuid,
    position: u64,
    duplicate: bool,
}

/// An activity of a batch that was refused.
#[derive(Serialize, ToSchema)]
pub(super) struct Rejected {
    /// Its place in the batch, from 0.
    index: usize,
    errors: Vec<FieldError>,
}

/// Store activities
///
/// One JSON object, an array of them, or one a line (`application/x-ndjson`); at most 10,000 and 10 MB, inflated. The
/// answer comes when they are durable. The `id` is the idempotency key: the same id with the same content is stored once.
/// Of a batch, what is right is stored, whatever else is wrong with it.
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
    let intake = body::intake(&app, &principal, &headers, body).await?;
    match Items::of(&format, &intake.bytes)? {
        Items::One(value) => {
            store_one(&app, &principal, value, intake.bytes.len()).await.map(IntoResponse::into_response)
        }
        Items::Many(items) => {
            store_batch(&app, &principal, items, intake.bytes.len()).await.map(IntoResponse::into_response)
        }
    }
}

async fn store_one(
    app: &App,
    principal: &Principal,
    value: Value,
    bytes: usize,
) -> ApiResult<(StatusCode, Json<StoredActivity>)> {
    let new = NewActivity::from_json_of(sender(principal), value).and_then(|new| app.ingest.check(new));
    let stamped = app.ingest.stamp(within_tenant(principal, new.map_err(ApiError::invalid)?)?);
    let receipts = app.ingest.append(vec![stamped], bytes, principal.share_id()).await?;
    let receipt = receipts.first().ok_or_else(|| ApiError::internal("a receipt is missing"))?;
    match placed(receipt) {
        Some((position, duplicate)) => {
            let timestamp = epoch_seconds(receipt.timestamp);
            Ok((StatusCode::CREATED, Json(StoredActivity { id: receipt.id, position, timestamp, duplicate })))
        }
        None => Err(ApiError {
            errors: vec![conflict()],
            ..ApiError::conflict(format!("id {}", conflict().detail))
        }),
    }
}

/// Items that are read before others may have their turn on this thread.
const ITEMS_AT_ONCE: usize = 64;

/// Each item is ready to be stored before the next one is read, so that a batch takes little more memory than its text.
async fn store_batch(
    app: &App,
    principal: &Principal,
    mut items: Many<'_>,
    bytes: usize,
) -> ApiResult<Json<BatchResult>> {
    let (mut batch, mut indexes, mut rejections) = (Vec::new(), Vec::new(), Rejections::default());
    let mut index = 0;
    while let Some(item) = items.next()? {
        let read = item
            .map_err(|detail| vec![FieldError::new("", detail)])
            .and_then(|value| NewActivity::from_json_of(sender(principal), value))
            .and_then(|new| app.ingest.check(new));
        match read {
            Ok(new) => {
                batch.push(app.ingest.stamp(within_tenant(principal, new)?));
                indexes.push(index);
            }
            Err(errors) => rejections.add(index, errors),
        }
        index += 1;
        if index % ITEMS_AT_ONCE == 0 {
            tokio::task::yield_now().await;
        }
    }
    let receipts = if batch.is_empty() {
        Vec::new()
    } else {
        app.ingest.append(batch, bytes, principal.share_id()).await?
    };
    let result = BatchResult::of(indexes.into_iter().zip(receipts), rejections.items);
    if result.results.is_empty() && index > 0 { Err(result.nothing_stored()) } else { Ok(Json(result)) }
}

/// Items that were refused. Of an item whose turn comes after very many mistakes only the first one is kept, so that the answer is
/// not much larger than the batch.
#[derive(Default)]
struct Rejections {
    items: Vec<Rejected>,
    errors: usize,
}

impl Rejections {
    fn add(&mut self, index: usize, mut errors: Vec<FieldError>) {
        if self.errors >= limits::BATCH_ERRORS {
            errors.truncate(1);
        }
        self.errors += errors.len();
        self.items.push(Rejected { index, errors });
    }
}

impl BatchResult {
    fn of(receipts: impl Iterator<Item = (usize, Receipt)>, mut rejected: Vec<Rejected>) -> Self {
        let mut results = Vec::new();
        for (index, receipt) in receipts {
            match placed(&receipt) {
                Some((position, duplicate)) => {
                    results.push(Accepted { index, id: receipt.id, position, duplicate });
                }
                None => rejected.push(Rejected { index, errors: vec![conflict()] }),
            }
        }
        rejected.sort_by_key(|rejected| rejected.index);
        let duplicates = results.iter().filter(|accepted| accepted.duplicate).count();
        Self { accepted: results.len() - duplicates, duplicates, rejected, results }
    }

    fn nothing_stored(self) -> ApiError {
        let all = self.rejected.into_iter().flat_map(|Rejected { index, errors }| {
            errors.into_iter().map(move |e| FieldError::new(format!("/{index}{}", e.pointer), e.detail))
        });
        ApiError::invalid(all.collect())
    }
}

fn placed(receipt: &Receipt) -> Option<(u64, bool)> {
    match receipt.placement {
        Placement::New(position) => Some((position, false)),
        Placement::Duplicate { position, .. } => Some((position, true)),
        Placement::Conflict => None,
    }
}

fn conflict() -> FieldError {
    FieldError::new(
        "/id",
        "was stored before with other content: an activity never changes; give a new one a new id",
    )
}

fn epoch_seconds(moment: Timestamp) -> i64 {
    moment.as_microsecond().div_euclid(1_000_000)
}

fn sender(principal: &Principal) -> Sender {
    if principal.is_operator() { Sender::Operator } else { Sender::Application }
}

/// A credential that is bound to a tenant writes into that tenant, and into no other.
fn within_tenant(principal: &Principal, new: NewActivity) -> ApiResult<NewActivity> {
    match (&principal.tenant, &new.tenant_id) {
        (Some(own), Some(named)) if own != named => Err(Refusal::OtherTenant.into()),
        (Some(own), _) => Ok(NewActivity { tenant_id: Some(own.clone()), ..new }),
        (None, _) => Ok(new),
    }
}
