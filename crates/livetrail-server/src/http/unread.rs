//! How many bytes of answers wait for their clients.

use super::{
    connection::{Held, Peer, Visit},
    error::ApiError,
};
use crate::{app::App, connections::Client};
use axum::{
    body::HttpBody,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

/// What an answer holds that is written while it is read, in bytes: its handler puts this into the response.
#[derive(Clone, Copy)]
pub(super) struct HoldsBytes(pub(super) usize);

/// Counts the bytes of an answer, until it is taken or its connection ends. A client that leaves too many untaken is
/// answered 429.
pub(super) fn account(
    app: &App,
    peer: Option<Peer>,
    visit: Option<&Visit>,
    mut response: Response,
) -> Response {
    let declared = response.extensions().get::<HoldsBytes>().map(|holds| holds.0);
    let exact = || response.body().size_hint().exact().and_then(|bytes| usize::try_from(bytes).ok());
    let bytes = declared.or_else(exact).unwrap_or_default();
    let Some(holder) = holder(peer, visit).filter(|_| bytes > 0) else { return response };
    let mut share = app.unread.share(holder);
    if !share.grow(bytes) {
        return ApiError::too_much_unread().into_response();
    }
    response.extensions_mut().insert(Held(Arc::new(share)));
    response
}

/// The operator's commands are not counted.
fn holder(peer: Option<Peer>, visit: Option<&Visit>) -> Option<Client> {
    let address = || match peer {
        Some(Peer::Network { address, .. }) => Some(Client::Address(address)),
        _ => None,
    };
    visit.and_then(Visit::credential).map(Client::Credential).or_else(address)
}
