//! A live stream on its way from the handler that has opened it to whatever writes it: a reactor, or the task of its
//! connection.

use super::{StreamPermit, Viewer};
use crate::http::take_once::TakeOnce;
use axum::response::Response;
use bytes::Bytes;
use livetrail_types::Filter;
use std::sync::Arc;
use tracing::Span;

/// A stream that was opened and that nothing is written to yet.
pub(in crate::http) struct Opened {
    /// What it is sent first.
    pub(in crate::http) first: Bytes,
    pub(in crate::http) filter: Arc<Filter>,
    /// The position after which it goes on.
    pub(in crate::http) position: u64,
    pub(in crate::http) viewer: Viewer,
    pub(in crate::http) permit: StreamPermit,
    /// That of the request, which is answered before the stream begins.
    pub(in crate::http) span: Span,
}

/// What becomes of the connection after this response's head, as an extension of the response.
#[derive(Clone)]
pub(in crate::http) enum Handoff {
    /// An event stream. If it stays here, the response's body takes the stream and writes it.
    Events(TakeOnce<Opened>),
    /// A WebSocket, once the connection is upgraded.
    WebSocket(TakeOnce<Opened>),
}

impl Handoff {
    pub(super) fn attach(self, response: &mut Response) {
        response.extensions_mut().insert(self);
    }

    /// Removes it from a response that has one.
    pub(in crate::http) fn detach(response: &mut Response) -> Option<Self> {
        response.extensions_mut().remove()
    }
}
