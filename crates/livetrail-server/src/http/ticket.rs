use super::{error::ApiResult, extract::Reader, json::as_json};
use crate::{access::TICKET_LIFE, app::App};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// A ticket for one stream.
#[derive(Serialize, ToSchema)]
pub(super) struct StreamTicket {
    /// For `?ticket=` in the address of an event stream or a WebSocket.
    ticket: String,
    /// Seconds until it works no more.
    #[schema(example = 30)]
    expires_in: i64,
}

/// Get a ticket for a stream
///
/// The address of an `EventSource` ends up in logs and histories, so it should not contain a token. A ticket opens one
/// stream within 30 seconds, with the rights of the client that asked for it. A client that connects again asks for
/// another ticket. A request that is refused for another reason does not use it up.
#[utoipa::path(
    post, path = "/api/admin/activity/stream/ticket", tag = "Live",
    responses((status = 201, description = "The ticket", body = StreamTicket))
)]
pub(super) async fn create_ticket(
    State(app): State<Arc<App>>,
    Reader(principal): Reader,
) -> ApiResult<Response> {
    let ticket = app.access.create_ticket(principal).await?.to_string();
    let answer = StreamTicket { ticket, expires_in: TICKET_LIFE.as_secs() };
    Ok((StatusCode::CREATED, as_json(&answer)).into_response())
}
