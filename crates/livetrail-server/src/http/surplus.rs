//! What is said on one connection too many from an address.

use super::{
    caller::Peer,
    error::ApiError,
    live::{STREAMS, come_back_later},
};
use crate::app::App;
use axum::{
    extract::Request,
    http::{HeaderValue, Method, header},
    response::{IntoResponse, Response},
};

/// The only answer to a request on such a connection, which ends with it.
pub(super) fn refusal(app: &App, request: &Request) -> Option<Response> {
    if !request.extensions().get::<Peer>().is_some_and(|peer| peer.is_surplus()) {
        return None;
    }
    // Any client can cause this line as often as it likes.
    tracing::debug!(path = request.uri().path(), "its address has too many connections");
    let is_stream = request.method() == Method::GET && STREAMS.contains(&request.uri().path());
    let mut answer = match is_stream {
        true => come_back_later(app, request.headers(), request.uri()),
        false => ApiError::too_many_connections().into_response(),
    };
    make_last(&mut answer);
    Some(answer)
}

/// Marks an answer after which its connection ends.
#[derive(Clone, Copy)]
pub(super) struct LastAnswer;

/// Ends the connection with this answer, over HTTP/1.1 by a header and over HTTP/2 by the mark.
pub(super) fn make_last(answer: &mut Response) {
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    answer.extensions_mut().insert(LastAnswer);
}
