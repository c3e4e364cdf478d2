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
    let cursor = Cursor::after(epoch, activity);
    let data = ActivityView::new(activity, profile, catalogue);
    // Writing to memory does not fail, and our own types always have a JSON form. JSON has no line breaks of its own,
    // so one `data:` line holds it.
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

/// A message, as JSON text, that moves the client to `cursor`. JSON has no line breaks of its own, so one `data:` line
/// holds it.
pub(super) fn text_frame(cursor: Cursor, json: &str) -> Bytes {
    format!("id: {cursor}\ndata: {json}\n\n").into()
}

/// A message that moves the client to `cursor`.
pub fn cursor_frame(cursor: Cursor, data: &impl Serialize) -> Bytes {
    text_frame(cursor, &as_json(data))
}

/// Tells the client that it lacks a part of the log: it has to reload, and then continues after `cursor`.
pub fn reset_frame(cursor: Cursor, reason: &str) -> Bytes {
    cursor_frame(cursor, &message("reset", json!({"reason": reason})))
}

/// A heartbeat. It is a named event, so that a client's `onmessage` never sees it.
pub(super) fn heartbeat_frame(cursor: Cursor, head: Cursor) -> Bytes {
    format!("event: heartbeat\nid: {cursor}\ndata: {}\n\n", json!({"head": head.to_string()})).into()
}

/// The first message of a stream: the delay before a reconnect, and where the stream begins.
pub fn first_frame(wait: Duration, cursor: Cursor, data: &impl Serialize) -> Bytes {
    format!("retry: {}\nid: {cursor}\ndata: {}\n\n", wait.as_millis(), as_json(data)).into()
}

/// The last frame: how long to wait before reconnecting, and where to continue. It is a heartbeat as well, because some
/// clients take a frame without data for a message, or forget their position when a frame has no `id`.
pub(super) fn farewell(wait: Duration, cursor: Cursor, head: Cursor) -> Bytes {
    let heartbeat = heartbeat_frame(cursor, head);
    [format!("retry: {}\n", wait.as_millis()).as_bytes(), &heartbeat].concat().into()
}

/// The same for a client without a valid credential, by the cursor that it sent. It does not say where the log ends,
/// because that is only for clients that may read it.
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
