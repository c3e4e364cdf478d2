//! What clients of a WebSocket say, and how they are answered.

use super::{COME_BACK, Start, Viewer, jittered, record_replay};
use crate::{
    app::App,
    http::{body::FromObject, query},
    hub::Reply,
    self_audit::Origin,
};
use livetrail_types::shorten_quotes;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Where WebSockets are.
const SOCKET: &str = "/api/admin/activity/ws";

/// What a client may say.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Said {
    Subscribe {
        #[serde(default)]
        filter: Map<String, Value>,
        last_event_id: Option<String>,
    },
    Ping {},
}

/// The first messages: where a subscription begins, and whether the client has to start over.
pub(super) fn first_messages(app: &App, start: &Start) -> Vec<String> {
    let (cursor, heartbeat) = (start.cursor().to_string(), app.settings.heartbeat.as_secs());
    let come_back = u64::try_from(jittered(app, COME_BACK).as_millis()).unwrap_or(u64::MAX);
    let connected = json!({
        "type": "connected", "id": cursor, "heartbeat_seconds": heartbeat, "retry_milliseconds": come_back,
    });
    let mut messages = vec![connected.to_string()];
    if let Start::Reset(cursor, reason) = start {
        let reset = json!({"type": "reset", "id": cursor.to_string(), "reason": reason});
        messages.push(reset.to_string());
    }
    messages
}

/// Answers what a client has said.
pub(super) async fn answer(viewer: &Viewer, said: &[u8]) -> Reply {
    match serde_json::from_slice(said) {
        Ok(FromObject(Said::Ping {})) => {
            Reply { messages: vec![json!({"type": "pong"}).to_string()], subscription: None }
        }
        Ok(FromObject(Said::Subscribe { filter, last_event_id })) => {
            subscribe(viewer, filter, last_event_id).await
        }
        Err(error) => refuse(
            &format!(
                "a message is {{\"type\": \"subscribe\", \"filter\": {{…}}, \"last_event_id\": …}} or {{\"type\": \"ping\"}}: \
                 {}",
                shorten_quotes(&error.to_string())
            ),
            &Value::Null,
        ),
    }
}

/// Begins anew with another filter. What is wrong with it changes nothing.
async fn subscribe(viewer: &Viewer, filter: Map<String, Value>, last_event_id: Option<String>) -> Reply {
    let Viewer { app, principal } = viewer;
    let pairs = query::object_pairs(&filter);
    match query::object_filter(filter, app, principal) {
        Ok(filter) => {
            let start = Start::find(app, last_event_id.filter(|id| !id.is_empty())).await;
            // Clients of one credential share a viewer, which therefore knows no address.
            let origin = Origin { endpoint: SOCKET.into(), method: "GET".into(), ..Origin::default() };
            record_replay(app, principal, &origin, &start, (pairs, &filter));
            let subscription = Some((Arc::new(filter), start.cursor().position));
            Reply { messages: first_messages(app, &start), subscription }
        }
        Err(refusal) => {
            let errors = serde_json::to_value(&refusal.errors).unwrap_or_default();
            refuse(&refusal.detail, &errors)
        }
    }
}

fn refuse(detail: &str, errors: &Value) -> Reply {
    let error = json!({"type": "error", "detail": detail, "errors": errors});
    Reply { messages: vec![error.to_string()], subscription: None }
}
