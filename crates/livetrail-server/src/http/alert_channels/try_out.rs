use super::find;
use crate::{
    alerts::delivery::{Message, SendError, SendErrorKind},
    app::App,
    http::{error::ApiResult, extract::Decider, json::Json},
    self_audit::Target,
};
use axum::extract::{Path, State};
use livetrail_store::{MessageId, Outcome};
use livetrail_types::actions;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

/// What has become of a test message.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct TestOutcome {
    /// Whether the destination, each recipient of an e-mail, has accepted it.
    pub(crate) accepted: bool,
    /// Why it has not.
    pub(crate) detail: Option<String>,
    /// Whether the same attempt could succeed later. Otherwise, the destination has to be changed.
    pub(crate) may_succeed_later: bool,
}

/// Send a test message
///
/// It is attempted once, and the answer has the outcome.
#[utoipa::path(
    post, path = "/api/admin/alert-channels/{id}/test", tag = "Alerts",
    params(("id" = Uuid, Path, description = "The channel's id")),
    responses(
        (status = 200, description = "What has become of it", body = TestOutcome),
        (status = 404, description = "Not found, or not visible to this credential"),
    )
)]
pub(in crate::http) async fn test_channel(
    State(app): State<Arc<App>>,
    Decider(principal, origin): Decider,
    Path(id): Path<String>,
) -> ApiResult<Json<TestOutcome>> {
    let channel = find(&app, &principal, &id).await?;
    let now = app.environment.now();
    let destination = app.delivery.seal.open(channel.id, &channel.destination)?.at(now);
    let message = Message::test(channel.tenant.clone(), now);
    let key = format!("{}-test", app.environment.fresh_id());
    let (outcome, kept) = match app.delivery.send(&destination, &key, &message).await {
        Ok(()) => (TestOutcome { accepted: true, detail: None, may_succeed_later: true }, Outcome::Sent),
        Err(error) => {
            let SendError { detail, kind } = error;
            let may_succeed_later = matches!(kind, SendErrorKind::Retry { .. } | SendErrorKind::SomeLeft);
            let kept = Outcome::Parked { failure: detail.clone() };
            (TestOutcome { accepted: false, detail: Some(detail), may_succeed_later }, kept)
        }
    };
    // There is no such message, so only the channel is changed.
    let message = MessageId { channel: channel.id, alert: Uuid::nil() };
    app.store.finish(message, app.environment.now(), kept).await?;
    let details = json!({"alert_channel": {"change": "tested", "accepted": outcome.accepted}});
    let target = Target::resource(channel.id);
    app.self_audit.did(&principal, actions::API_OPERATION, &origin, 200, target, details);
    Ok(Json(outcome))
}
