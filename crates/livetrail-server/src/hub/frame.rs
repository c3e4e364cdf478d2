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

/// The first message of a stream: when to come back once it ends, and where it begins.
pub fn first_frame(wait: Duration, cursor: Cursor, data: &impl Serialize) -> Bytes {
    format!("retry: {}\nid: {cursor}\ndata: {}\n\n", wait.as_millis(), as_json(data)).into()
}

/// Tells the client, in the end, how long to wait before it comes back.
pub fn retry(wait: Duration) -> Bytes {
    format!("retry: {}\n\n", wait.as_millis()).into()
}

/// A message without an activity: its type, and `more` beside it.
pub fn message(kind: &'static str, more: serde_json::Value) -> impl Serialize {
    Notice { kind, more }
}

#[derive(Serialize)]
struct Notice {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    more: serde_json::Value,
}

fn as_json(data: &impl Serialize) -> String {
    // Our own types always have a JSON form.
    serde_json::to_string(data).unwrap_or_default()
}
