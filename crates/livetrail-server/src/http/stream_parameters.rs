use super::query;
use axum::http::{HeaderMap, Uri};
use utoipa::IntoParams;

/// How a stream is opened, beside its filter. `Last-Event-ID` as a header wins over the parameter.
#[derive(Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct StreamParameters {
    /// A token, for an `EventSource`, which cannot send headers
    pub(super) token: Option<String>,
    /// A ticket in its stead, which works once
    pub(super) ticket: Option<String>,
    /// The cursor to go on from; also as `lastEventId`, `lastEventID` or `Last-Event-ID`. The last one given counts
    last_event_id: Option<String>,
}

/// Polyfills of `EventSource` add this one only to keep caches from answering.
const CACHE_BUSTER: &str = "_";

impl StreamParameters {
    pub(super) fn of(uri: &Uri) -> Self {
        let mut parameters = Self::default();
        for (name, value) in query::pairs(uri) {
            match name.as_str() {
                // An empty token is a bad one, and not none.
                "token" => _ = parameters.token.get_or_insert(value),
                _ if value.is_empty() => {}
                "ticket" => _ = parameters.ticket.get_or_insert(value),
                // A polyfill appends its own to those that are there already.
                name if is_last_event_id(name) => parameters.last_event_id = Some(value),
                _ => {}
            }
        }
        parameters
    }

    /// Whether `name` is about the stream itself and not its filter.
    pub(super) fn is_one(name: &str) -> bool {
        matches!(name, "token" | "ticket" | CACHE_BUSTER) || is_last_event_id(name)
    }

    /// The cursor from which a client goes on.
    pub(super) fn last_event_id(headers: &HeaderMap, uri: &Uri) -> Option<String> {
        let header = headers.get("last-event-id").and_then(|value| value.to_str().ok());
        let header = header.filter(|id| !id.is_empty()).map(str::to_owned);
        header.or_else(|| Self::of(uri).last_event_id)
    }
}

/// The names under which polyfills of `EventSource` put the cursor into the address when they come back:
/// `last_event_id`, `lastEventId`, `lastEventID`, `Last-Event-ID`.
fn is_last_event_id(name: &str) -> bool {
    name.replace(['_', '-'], "").eq_ignore_ascii_case("lasteventid")
}
