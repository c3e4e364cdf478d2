//! What is written to an event stream (the WHATWG's `text/event-stream`).

use bytes::Bytes;
use livetrail_types::{Activity, ActivityView, Catalogue, Cursor, Epoch, UserProfile, json};
use serde::Serialize;
use serde_json::json;
use std::{io::Write, time::Duration};

/// Adds an activity's frame to those before it.
pub(super) fn activity_frame(
    frames: &mut Vec<u8>,
    epoch: Epoch,
    activity: &Activity,
    profile: Option<&UserProfile>,
    catalogue: &Catalogue,
) {
    let cursor = Cursor { epoch, position: activity.position };
    let data = ActivityView::new(activity, profile, catalogue);
    // Writing to memory does not fail, and our own types always have a JSON form. JSON has no line breaks of its own, so one
    // `data:` line holds it.
    let _ = write!(frames, "id: {cursor}\ndata: ");
    let _ = json::to_line_writer(&mut *frames, &Message { kind: "new_activity", data: &data });
    frames.extend_from_slice(b"\n\n");
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

/// Tells the client that what it has is not what the log has: it reads the log again, and goes on after `cursor`.
pub fn reset_frame(cursor: Cursor, reason: &str) -> Bytes {
    cursor_frame(cursor, &message("reset", json!({"reason": reason})))
}

/// A sign of life. It is named, so that a client's `onmessage` never sees it.
pub(super) fn heartbeat_frame(cursor: Cursor, head: Cursor) -> Bytes {
    format!("event: heartbeat\nid: {cursor}\ndata: {}\n\n", json!({"head": head.to_string()})).into()
}

/// The first message of a stream: when to come back once it ends, and where it begins.
pub fn first_frame(wait: Duration, cursor: Cursor, data: &impl Serialize) -> Bytes {
    format!("retry: {}\nid: {cursor}\ndata: {}\n\n", wait.as_millis(), as_json(data)).into()
}

/// Tells the client, in the end, how long to wait before it comes back and where it goes on. There are
/// clients that take a frame without data for a message, or forget where they were when one has no `id`, so this is a
/// heartbeat as well.
pub(super) fn farewell(wait: Duration, cursor: Cursor, head: Cursor) -> Bytes {
    let heartbeat = heartbeat_frame(cursor, head);
    [format!("retry: {}\n", wait.as_millis()).as_bytes(), &heartbeat].concat().into()
}

/// The same to somebody of whom nothing is known but where they say that they are: how far the log is, is not for everybody.
pub fn come_back(wait: Duration, cursor: Option<Cursor>) -> Bytes {
    let id = cursor.map(|cursor| format!("id: {cursor}\n")).unwrap_or_default();
    format!("retry: {}\nevent: heartbeat\n{id}data: {{}}\n\n", wait.as_millis()).into()
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
    json::to_string(data)
}
