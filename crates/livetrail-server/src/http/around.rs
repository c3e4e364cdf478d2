//! What happens before and after every call. It is one layer, since a router copies for each call all that is inside of
//! a layer.

use super::{
    brake,
    compressed::{self, compressed},
    connection::{Peer, Visit, surplus},
    error::ApiError,
    forwarded, headers,
    problems::Call,
    same_site, unread,
};
use crate::app::App;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use std::{panic::AssertUnwindSafe, sync::Arc};
use tracing::Instrument;

/// Finds out who calls, and makes the answer one that the client may get.
pub(super) async fn around(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    forwarded::find_client(&app.settings.trusted_proxies, &mut request);
    same_site::note_body(&mut request);
    let call = Call::of(&app, &mut request);
    let (span, trace) = (call.span(), call.trace(&request));
    answered(&app, call, request, next).instrument(trace).instrument(span).await
}

async fn answered(app: &Arc<App>, call: Call, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().copied();
    let visit = request.extensions().get::<Visit>().cloned();
    let takes_gzip = compressed::is_taken(request.headers());
    let mut response = match surplus::refusal(app, &request) {
        Some(refusal) => refusal,
        None => handled(next.run(request)).await,
    };
    response = compressed(response, takes_gzip).await;
    headers::add(app, call.path(), &mut response);
    brake::count_failure(app, peer, &mut response);
    let response = unread::account(app, peer, visit.as_ref(), response);
    call.finish(app, response)
}

/// A handler that panics ends its own call and no other.
async fn handled(answering: impl Future<Output = Response>) -> Response {
    let answered = AssertUnwindSafe(answering).catch_unwind().await;
    answered.unwrap_or_else(|_| ApiError::internal("a handler panicked").into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_handler_that_panics_is_answered_500() {
        let answer = handled(async { std::panic::resume_unwind(Box::new("a bug")) }).await;
        assert_eq!(answer.status().as_u16(), 500);
        let error = answer.extensions().get::<ApiError>().expect("an error for the problem document");
        assert_eq!(error.cause.as_deref(), Some("a handler panicked"));
    }
}
