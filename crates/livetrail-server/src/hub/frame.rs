//! What is written to an event stream (the WHATWG's `text/event-stream`).

use bytes::Bytes;
use livetrail_types::{Activity, ActivityView, Catalogue, Cursor, Epoch, Filter, Subject, UserProfile};
use serde::Serialize;
use serde_json::json;
use std::{sync::Arc, time::Duration};

/// An activity as a client gets it: encoded once, shared by all.
pub struct Frame {
    activity: Activity,
    profile: Option<Arc<UserProfile>>,
    sse: Bytes,
}

impl Frame {
    pub(super) fn encode(
        epoch: Epoch,
        activity: Activity,
        profile: Option<Arc<UserProfile>>,
        catalogue: &Catalogue,
    ) -> Self {
        let view = ActivityView::new(&activity, profile.as_deref(), catalogue);
        let cursor = Cursor { epoch, position: activity.position };
        let sse = cursor_frame(cursor, &Message { kind: "new_activity", data: &view });
        Self { sse, activity, profile }
    }

    /// Its place in the log.
    pub fn position(&self) -> u64 {
        self.activity.position
    }

    /// The bytes of an event stream.
    pub fn sse(&self) -> &Bytes {
        &self.sse
    }

    pub(super) fn len(&self) -> usize {
        self.sse.len()
    }

    pub(super) fn is_meant_by(&self, filter: &Filter) -> bool {
        filter.matches(&Subject { activity: &self.activity, profile: self.profile.as_deref() })
    }
}

#[derive(Serialize)]
struct Message<'a, T> {
    #[serde(rename = "type")]
    kind: &'a str,
    data: &'a T,
}

/// A message that moves the client to `cursor`.
pub fn cursor_frame(cursor: Cursor, data: &impl Serialize) -> Bytes {
    // JSON has no line breaks of its own, so one `data:` line holds it.
    format!("id: {cursor}\ndata: {}\n\n", as_json(data)).into()
}

/// A sign of life. It is named, so that a client's `onmessage` never sees it.
pub fn heartbeat_frame(cursor: Cursor, head: Cursor) -> Bytes {
    format!("event: heartbeat\nid: {cursor}\ndata: {}\n\n", json!({"head": head.to_string()})).into()
}

/// Tells the client how long to wait before it comes back.
pub fn retry(wait: Duration) -> Bytes {
    format!("retry: {}\n\n", wait.as_millis()).into()
}

/// The body of a message without an activity.
pub fn message(kind: &str, more: serde_json::Value) -> serde_json::Value {
    let mut message = json!({"type": kind});
    if let (Some(message), serde_json::Value::Object(more)) = (message.as_object_mut(), more) {
        message.extend(more);
    }
    message
}

fn as_json(data: &impl Serialize) -> String {
    // Our own types always have a JSON form.
    serde_json::to_string(data).unwrap_or_default()
}
