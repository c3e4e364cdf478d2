use super::find;
use crate::{
    app::App,
    http::{
        error::ApiResult,
        extract::{Caller, Decider, Reader},
        json::Json,
        query::PairReader,
    },
    self_audit::Target,
};
use axum::{
    extract::{self, Path},
    http::Uri,
};
use jiff::Timestamp;
use livetrail_store::{Delivery, DeliveryQuery, DeliveryState, MessageKind, Sent};
use livetrail_types::{Filter, actions};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

const MAX_LIMIT: u32 = 200;
const DEFAULT_LIMIT: u32 = 50;
const NAMES: [&str; 2] = ["state", "limit"];

/// How far a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = AlertDeliveryState)]
pub(crate) enum State {
    /// An attempt follows.
    Waiting,
    /// The destination has accepted it.
    Sent,
    /// It is not attempted any more before a replay.
    Parked,
}

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = AlertMessageKind)]
pub(crate) enum Kind {
    /// One alert.
    Raised,
    /// Several alerts since the last message.
    Further,
    /// The rule has raised so many alerts that the channel is not told of them for a day.
    Flood,
}

/// A message to a channel, or an alert that is to become one.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = AlertDelivery)]
pub(crate) struct DeliveryInfo {
    /// The first alert of the message.
    pub(crate) alert: Uuid,
    pub(crate) rule: String,
    pub(crate) state: State,
    /// Null before the first attempt.
    pub(crate) kind: Option<Kind>,
    /// How many alerts the message has.
    pub(crate) alerts: u64,
    pub(crate) attempts: u32,
    /// When the alert was raised.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    /// The next attempt; null if none follows.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) next_attempt_at: Option<Timestamp>,
    /// When it was accepted.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) sent_at: Option<Timestamp>,
    /// Why the last attempt failed.
    pub(crate) failure: Option<String>,
}

/// Messages of a channel.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = AlertDeliveryList)]
pub(crate) struct DeliveryList {
    /// The latest first.
    pub(crate) data: Vec<DeliveryInfo>,
}

/// What a replay has done.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = AlertReplay)]
pub(crate) struct Replayed {
    /// How many messages are attempted again.
    pub(crate) replayed: u64,
}

/// Which messages.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "its fields describe the parameters")]
pub(in crate::http) struct DeliveryParameters {
    #[param(inline)]
    state: Option<State>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

impl From<State> for DeliveryState {
    fn from(state: State) -> Self {
        match state {
            State::Waiting => Self::Waiting,
            State::Sent => Self::Sent,
            State::Parked => Self::Parked,
        }
    }
}

impl From<Sent> for DeliveryInfo {
    fn from(Sent { delivery, alerts }: Sent) -> Self {
        let Delivery { new, next_at, state, message, attempts, sent_at, failure } = delivery;
        let is_waiting = state == DeliveryState::Waiting;
        Self {
            alert: new.alert,
            rule: new.rule,
            state: match state {
                DeliveryState::Waiting => State::Waiting,
                DeliveryState::Sent => State::Sent,
                DeliveryState::Parked => State::Parked,
            },
            kind: message.map(|(kind, _)| match kind {
                MessageKind::Raised => Kind::Raised,
                MessageKind::Further => Kind::Further,
                MessageKind::Flood => Kind::Flood,
            }),
            alerts,
            attempts,
            created_at: new.made_at,
            next_attempt_at: is_waiting.then_some(next_at),
            sent_at,
            failure,
        }
    }
}

/// List the messages of a channel
///
/// Messages that were accepted are kept for 30 days, others until they are.
#[utoipa::path(
    get, path = "/api/admin/alert-channels/{id}/deliveries", tag = "Alerts",
    params(("id" = Uuid, Path, description = "The channel's id"), DeliveryParameters),
    responses(
        (status = 200, description = "The messages, the latest first", body = DeliveryList),
        (status = 404, description = "Not found, or not visible to this credential"),
        (status = 422, description = "A parameter is not right; each is named"),
    )
)]
pub(in crate::http) async fn list_deliveries(
    extract::State(app): extract::State<Arc<App>>,
    Reader(principal): Reader,
    Caller(origin): Caller,
    Path(id): Path<String>,
    uri: Uri,
) -> ApiResult<Json<DeliveryList>> {
    let mut reader = PairReader::of(&uri);
    let (state, limit): (Option<State>, _) = (reader.one_of("state"), reader.number("limit", 1, MAX_LIMIT));
    reader.refuse_unknown(&NAMES);
    reader.end()?;
    let channel = find(&app, &principal, &id).await?.id;
    let (state, limit) = (state.map(Into::into), limit.unwrap_or(DEFAULT_LIMIT));
    let found = app.store.deliveries(DeliveryQuery { channel, state, limit }).await?;
    let details = json!({"list": "alert_deliveries", "results_count": found.len()});
    app.self_audit.viewed(&principal, actions::API_OPERATION, &origin, &Filter::default(), details);
    Ok(Json(DeliveryList { data: found.into_iter().map(Into::into).collect() }))
}

/// Replay parked messages
///
/// They are attempted again with the same key, for up to 24 hours.
#[utoipa::path(
    post, path = "/api/admin/alert-channels/{id}/replay", tag = "Alerts",
    params(("id" = Uuid, Path, description = "The channel's id")),
    responses(
        (status = 200, description = "How many there were", body = Replayed),
        (status = 404, description = "Not found, or not visible to this credential"),
    )
)]
pub(in crate::http) async fn replay_deliveries(
    extract::State(app): extract::State<Arc<App>>,
    Decider(principal, origin): Decider,
    Path(id): Path<String>,
) -> ApiResult<Json<Replayed>> {
    let channel = find(&app, &principal, &id).await?.id;
    let replayed = app.store.replay(channel, app.environment.now()).await?;
    let details = json!({"alert_channel": {"change": "replayed", "messages": replayed}});
    let target = Target::resource(channel);
    app.self_audit.did(&principal, actions::API_OPERATION, &origin, 200, target, details);
    app.delivery.changed.notify_one();
    Ok(Json(Replayed { replayed }))
}
