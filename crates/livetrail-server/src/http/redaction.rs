//! What would be stored of an activity: a trial of the redaction.

use super::{
    body::{self, Items},
    error::{ApiError, ApiResult},
    extract::Administrator,
    json::Json,
};
use crate::app::App;
use axum::{body::Body, extract::State, http::HeaderMap};
use livetrail_types::{Change, FieldError, NewActivity, Stamped, json::Value};
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};
use utoipa::ToSchema;

/// What an activity of a trial is, where its body does not say it.
const UNSAID: [&str; 2] = ["user_id", "action_type"];

/// The texts to try, by their names in an activity. Every other field of an activity may be given, too.
#[derive(Serialize, ToSchema)]
struct RedactionTrial {
    details: Option<BTreeMap<String, serde_json::Value>>,
    changes: Option<BTreeMap<String, Change>>,
    error_message: Option<String>,
    endpoint: Option<String>,
    user_agent: Option<String>,
    session_id: Option<String>,
}

/// The texts as they would be stored.
#[derive(Serialize, ToSchema)]
pub(super) struct RedactionTried {
    /// Whether anything is redacted; false with `redact = false`.
    is_on: bool,
    #[schema(value_type = Option<BTreeMap<String, serde_json::Value>>)]
    details: Option<livetrail_types::Json>,
    #[schema(value_type = Option<BTreeMap<String, Change>>)]
    changes: Option<livetrail_types::Json>,
    error_message: Option<String>,
    endpoint: Option<String>,
    user_agent: Option<String>,
    session_id: Option<String>,
    /// How many secrets were replaced, by kind. The names are those of the metric `livetrail_redactions_total`.
    replaced: BTreeMap<&'static str, u32>,
}

/// Try the redaction
///
/// Takes an activity as `POST /api/activity` does, within the same limits, and answers what would be stored of its
/// texts. `user_id` and `action_type` may be left out. Nothing is stored, and no metric counts it.
#[utoipa::path(
    post, path = "/api/admin/redaction/try", tag = "Activities",
    request_body = RedactionTrial,
    responses(
        (status = 200, description = "What would be stored", body = RedactionTried),
        (status = 413, description = "The body is too large"),
        (status = 415, description = "Unknown content type or encoding"),
        (status = 422, description = "No such activity can be stored; each fault is named"),
        (status = 429, description = "Much is being sent: try again after Retry-After"),
    )
)]
pub(super) async fn try_redaction(
    State(app): State<Arc<App>>,
    Administrator(principal, _): Administrator,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Json<RedactionTried>> {
    let format = body::format(&headers)?;
    let intake = body::intake(&app, &principal, &headers, body).await?;
    let Items::One(Value::Object(mut fields)) = Items::of(&format, &intake.bytes)? else {
        return Err(ApiError::invalid(vec![FieldError::new("", "a trial takes one JSON object")]));
    };
    for name in UNSAID {
        fields.entry(name.to_owned()).or_insert_with(|| "trial".into());
    }
    let new = NewActivity::from_json(fields).and_then(|new| app.ingest.check(new));
    let (Stamped { activity, .. }, counts) = app.ingest.try_out(new.map_err(ApiError::invalid)?);
    Ok(Json(RedactionTried {
        is_on: app.settings.redaction.is_on(),
        details: activity.details,
        changes: activity.changes,
        error_message: activity.error_message,
        endpoint: activity.endpoint,
        user_agent: activity.user_agent,
        session_id: activity.session_id,
        replaced: counts.iter().map(|(kind, count)| (kind.name(), count)).collect(),
    }))
}
