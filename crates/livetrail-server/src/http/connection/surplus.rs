//! The answer on one connection too many from an address.

use super::Peer;
use crate::{
    app::App,
    http::{
        error::ApiError,
        last_answer::make_last,
        live::{STREAMS, come_back_later},
    },
};
use axum::{
    extract::Request,
    http::Method,
    response::{IntoResponse, Response},
};

/// The only answer to a request on such a connection, which ends with it.
pub(in crate::http) fn refusal(app: &App, request: &Request) -> Option<Response> {
    if !request.extensions().get::<Peer>().is_some_and(|peer| peer.is_surplus()) {
        return None;
    }
    // At the level of debugging, because any client can cause this line as often as it likes.
    tracing::debug!(path = request.uri().path(), "its address has too many connections");
    let is_stream = request.method() == Method::GET && STREAMS.contains(&request.uri().path());
    let mut answer = match is_stream {
        true => come_back_later(app, request.headers(), request.uri()),
        false => ApiError::too_many_connections().into_response(),
    };
    make_last(&mut answer);
    Some(answer)
}
