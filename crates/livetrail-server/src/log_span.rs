//! Spans of the server's own log. A line belongs to a request, with its id, or to a task of the server, with its name.
//!
//! Every filter that shows a line shows its span, too ([`DIRECTIVE`]). A task that a request starts for its own answer
//! keeps the span of the request ([`tracing::Instrument::in_current_span`]).

use tokio::task::JoinHandle;
use tracing::{Instrument, Span, error_span};

/// Lets the spans of the server and of the store through, which have the target `livetrail_span`.
pub(crate) const DIRECTIVE: &str = "livetrail_span=error";

/// The span of a request with this id.
pub(crate) fn request(id: &str) -> Span {
    error_span!(target: "livetrail_span", "request", request_id = id)
}

/// The span of a task of the server's own, whichever request it begins in.
pub(crate) fn task(name: &'static str) -> Span {
    error_span!(target: "livetrail_span", parent: None, "task", task = name)
}

/// Starts a task of the server's own.
pub(crate) fn spawn<T: Send + 'static>(
    name: &'static str,
    work: impl Future<Output = T> + Send + 'static,
) -> JoinHandle<T> {
    tokio::spawn(work.instrument(task(name)))
}

/// Does work on a thread that may block, in the span of the caller.
pub(crate) fn spawn_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    let span = Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work))
}
