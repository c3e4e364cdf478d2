//! The log, as it happens: what an event stream and a WebSocket have in common.

mod body;
mod conversation;
mod events;
mod handoff;
mod permits;
mod viewers;
mod websocket;

pub(super) use events::{
    __path_stream_activities, __path_stream_activities_alias, STREAMS, come_back_later, stream_activities,
    stream_activities_alias,
};
pub(super) use handoff::{Handoff, Opened};
use permits::StreamPermit;
pub(super) use viewers::Viewers;
pub(super) use websocket::{__path_websocket, __path_websocket_alias, speak, websocket, websocket_alias};

use super::{audit_details, stream_parameters::StreamParameters};
use crate::{
    access::Principal,
    app::App,
    hub::{Reply, StreamOwner},
    self_audit::{Origin, Target},
};
use async_trait::async_trait;
use livetrail_types::{Cursor, Filter};
use serde_json::json;
use std::{sync::Arc, time::Duration};

/// Clients come back after this long and up to as much again, so that they do not come back all at once.
const COME_BACK: Duration = Duration::from_secs(1);

/// Where a stream begins.
enum Start {
    /// Now.
    Live(Cursor),
    /// Where the client left off.
    Resumed(Cursor),
    /// Now, since what the client has is not of this log.
    Reset(Cursor, &'static str),
}

impl Start {
    async fn find(app: &App, last_event_id: Option<String>) -> Self {
        let head = app.hub.head();
        let Some(text) = last_event_id else { return Self::Live(head) };
        match text.parse::<Cursor>() {
            Ok(cursor) if cursor.epoch != head.epoch => Self::Reset(head, "the cursor is of another log"),
            Ok(cursor) if is_ahead(app, cursor, head).await => {
                Self::Reset(head, "the cursor is ahead of the log")
            }
            Ok(cursor) if app.hub.differs_at(cursor).await => {
                Self::Reset(head, "the log has another activity at the cursor")
            }
            Ok(cursor) => Self::Resumed(cursor),
            Err(_) => Self::Reset(head, "the cursor cannot be read"),
        }
    }

    fn cursor(&self) -> Cursor {
        match self {
            Self::Live(cursor) | Self::Resumed(cursor) | Self::Reset(cursor, _) => *cursor,
        }
    }
}

/// A stream that begins in the past reads the log; one that only follows it does not.
fn record_replay(
    app: &App,
    by: &Principal,
    origin: &Origin,
    start: &Start,
    (pairs, filter): (Vec<(String, String)>, &Filter),
) {
    let head = app.hub.head().position;
    let Start::Resumed(Cursor { position, .. }) = start else { return };
    if *position < head {
        let filters = audit_details::filters_of(pairs, StreamParameters::is_one, filter);
        let details = json!({"filters_applied": filters, "after": position, "head": head});
        app.self_audit.looked_up(by, origin, filter.fingerprint(), Target::default(), details);
    }
}

/// A list may have read what is durable and not yet shown, so a cursor ahead of the hub need not be ahead of the log.
async fn is_ahead(app: &App, cursor: Cursor, shown: Cursor) -> bool {
    cursor.position > shown.position && app.store.head().await.is_ok_and(|head| cursor.position > head.head)
}

fn jittered(app: &App, least: Duration) -> Duration {
    let [byte, ..] = app.environment.random();
    least + least.mul_f64(f64::from(byte) / 255.0)
}

/// A client that follows the log, by its credential.
pub(super) struct Viewer {
    app: Arc<App>,
    principal: Principal,
}

impl Viewer {
    pub(super) fn now(&self) -> jiff::Timestamp {
        self.app.environment.now()
    }
}

#[async_trait]
impl StreamOwner for Viewer {
    /// A store that does not answer does not end it.
    async fn is_authorized(&self) -> bool {
        !matches!(self.app.access.still_valid(&self.principal).await, Ok(false))
    }

    fn tenant(&self) -> Option<&str> {
        self.principal.tenant.as_deref()
    }

    fn retry_after(&self) -> Duration {
        jittered(&self.app, COME_BACK)
    }

    async fn hear(&self, said: &[u8]) -> Reply {
        conversation::answer(self, said).await
    }
}
