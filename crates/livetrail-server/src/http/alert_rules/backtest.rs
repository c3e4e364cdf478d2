//! A rule over the past, told while it is under way.

use super::definition::{self, MAX_BODY};
use crate::{
    access::Principal,
    alerts::{AlertInfo, Backtest, BacktestError, LoudGroup, Progress, backtest, rules::Known, stored},
    app::App,
    http::{
        body,
        error::{ApiError, ApiResult},
        extract::Administrator,
    },
    self_audit::Target,
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use jiff::{SignedDuration, Timestamp};
use livetrail_alerts::{Alert, Rule};
use livetrail_types::{FieldError, parse_moment};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::{
    sync::{Semaphore, mpsc},
    time::Instant,
};
use tracing::Instrument;
use utoipa::ToSchema;

/// Each reads much of the log and takes a processor.
static RUNNING: Semaphore = Semaphore::const_new(2);
/// Lines that the client has not taken. More progress is not told meanwhile.
const UNREAD: usize = 8;
/// How often progress is told.
const OFTEN: Duration = Duration::from_millis(200);
/// The time of a back-test that names none.
const USUAL: SignedDuration = SignedDuration::from_hours(30 * 24);
/// What an alert of a back-test does not have: it is not raised, so nobody decides about it.
const NOT_RAISED: [&str; 7] =
    ["raised_at", "ongoing", "state", "decided_by", "decided_at", "reason", "muted_until"];

/// The back-test that is wanted.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BacktestRequest {
    /// The rule in TOML, at most 64 KiB.
    pub(crate) definition: String,
    /// Alerts are told from this time on: RFC 3339; 30 days before the end without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) from: Option<String>,
    /// And up to this time; until now without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) to: Option<String>,
}

/// Test a rule on the past
///
/// It says what the rule would have raised, and raises nothing. The answer is a JSON object a line, as they come:
/// `{"type": "progress", "read", "of"}`, and at last one of two. `{"type": "result", "activities", "alerts", "per_day":
/// [{"day", "alerts"}], "groups": [{"group", "tenant_id", "alerts", "activities"}], "first": [alert],
/// "saturated_since", "stopped_at"}` has the loudest groups and the first alerts, at most 20 of each; `stopped_at` says
/// where a rule that raises too many alerts was stopped. Or `{"type": "failed", "detail"}`. A client that closes the
/// connection cancels it.
#[utoipa::path(
    post, path = "/api/admin/alert-rules/backtest", tag = "Alerts",
    request_body = BacktestRequest,
    responses(
        (status = 200, description = "Progress, then the result", content_type = "application/x-ndjson", body = String),
        (status = 429, description = "Two back-tests are under way on this node"),
    )
)]
pub(in crate::http) async fn backtest_rule(
    State(app): State<Arc<App>>,
    Administrator(principal, origin): Administrator,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Response> {
    let request: BacktestRequest = body::json_up_to(MAX_BODY, &headers, body).await?;
    let time = time(&request, app.environment.now())?;
    let rule = definition::read(&app, &request.definition)?;
    definition::check_places(&app, &rule)?;
    let details = json!({"filters_applied": {"backtest": rule.id, "from": time.0, "to": time.1}});
    app.self_audit.looked_up(&principal, &origin, 0, Target::default(), details);
    let permit = RUNNING.try_acquire().map_err(|_| busy())?;
    let (lines, receiver) = mpsc::channel(UNREAD);
    let testing = async move {
        let _permit = permit;
        let cancelled = lines.clone();
        tokio::select! {
            () = run(&app, &principal, rule, time, lines) => {}
            () = cancelled.closed() => {}
        }
    };
    tokio::spawn(testing.in_current_span());
    Ok(as_lines(receiver))
}

fn busy() -> ApiError {
    let detail = "Two back-tests are under way; try again when one of them has ended";
    ApiError { retry_after: Some(5), ..ApiError::new(StatusCode::TOO_MANY_REQUESTS, detail) }
}

/// From when to when.
fn time(request: &BacktestRequest, now: Timestamp) -> ApiResult<(Timestamp, Timestamp)> {
    let mut errors = Vec::new();
    let mut read = |pointer: &str, text: &Option<String>| {
        let moment = text.as_deref().map(parse_moment).transpose();
        moment.map_err(|detail| errors.push(FieldError::new(pointer, detail))).ok().flatten()
    };
    let (from, to) = (read("/from", &request.from), read("/to", &request.to));
    let to = to.unwrap_or(now);
    let from = from.or_else(|| to.checked_sub(USUAL).ok()).unwrap_or(to);
    if errors.is_empty() && from > to {
        errors.push(FieldError::new("/from", "must not be after the end, which is now without `to`"));
    }
    if errors.is_empty() { Ok((from, to)) } else { Err(ApiError::invalid(errors)) }
}

/// Tests the rule, and tells of it.
async fn run(
    app: &Arc<App>,
    principal: &Principal,
    rule: Rule,
    time: (Timestamp, Timestamp),
    lines: mpsc::Sender<Value>,
) {
    let told = std::sync::Mutex::new(None::<Instant>);
    let progress = |Progress { read, of }| {
        let mut told = told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if told.is_none_or(|told| told.elapsed() >= OFTEN) {
            *told = Some(Instant::now());
            // A client that does not take it gets later progress.
            let _ = lines.try_send(json!({"type": "progress", "read": read, "of": of}));
        }
    };
    let last = match backtest(app, principal, rule.clone(), time, progress).await {
        Ok(found) => result(found, rule),
        Err(error) => {
            tracing::warn!(%error, "a back-test has failed");
            json!({"type": "failed", "detail": as_seen(error).detail})
        }
    };
    let _ = lines.send(last).await;
}

/// The error as a client may see it.
fn as_seen(error: BacktestError) -> ApiError {
    match error {
        BacktestError::Question(error) => error.into(),
        BacktestError::Evaluation(cause) => ApiError::internal(cause),
    }
}

fn result(found: Backtest, rule: Rule) -> Value {
    let Backtest { activities, alerts, per_day, groups, first, saturated_since, stopped_at } = found;
    let per_day: Vec<Value> =
        per_day.into_iter().map(|(day, alerts)| json!({"day": day.to_string(), "alerts": alerts})).collect();
    let known = [Known { definition: String::new(), enabled: true, kept: None, rule }];
    let first: Vec<Value> = first.into_iter().filter_map(|alert| shown(&alert, &known)).collect();
    json!({
        "type": "result", "activities": activities, "alerts": alerts, "per_day": per_day,
        "groups": groups.into_iter().map(group).collect::<Vec<_>>(), "first": first,
        "saturated_since": saturated_since, "stopped_at": stopped_at,
    })
}

fn group(loud: LoudGroup) -> Value {
    let LoudGroup { group, tenant, alerts, activities } = loud;
    let group: Map<String, Value> =
        group.into_iter().map(|(field, value)| (field.name().to_owned(), value.into())).collect();
    json!({"group": group, "tenant_id": tenant, "alerts": alerts, "activities": activities})
}

/// An alert as the list would show it, without what comes with raising it.
fn shown(alert: &Alert, known: &[Known; 1]) -> Option<Value> {
    let stored = stored::stored(alert, &known[0].rule, alert.last);
    let mut shown = serde_json::to_value(AlertInfo::of(stored, known, alert.last)).ok()?;
    let fields = shown.as_object_mut()?;
    NOT_RAISED.iter().for_each(|name| drop(fields.remove(*name)));
    Some(shown)
}

fn as_lines(receiver: mpsc::Receiver<Value>) -> Response {
    let lines = stream::unfold(receiver, |mut receiver| async move {
        let line = receiver.recv().await?;
        Some((Ok::<_, Infallible>(Bytes::from(format!("{line}\n"))), receiver))
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform")),
    ];
    (headers, Body::from_stream(lines)).into_response()
}
