//! Answers 429 to failing calls from an address that has shown too many credentials that are not valid.
//!
//! The fields are those of draft-ietf-httpapi-ratelimit-headers: the policy, and what is left of it.

use super::{
    connection::Peer,
    error::{ApiError, FailedCredential},
    session_cookie::set_cookie,
};
use crate::{
    access::{ALLOWED_FAILURES, BRAKE_WINDOW, Verdict},
    app::App,
    connections,
};
use axum::{
    http::{HeaderName, HeaderValue, header},
    response::Response,
};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Counts a call that failed by its credential. Every other call passes, a valid credential above all.
pub(super) fn count_failure(app: &App, peer: Option<Peer>, response: &mut Response) {
    let failed = response.extensions().get::<ApiError>().and_then(|error| error.failed);
    if let (Some(failed), Some(Peer::Network { address, .. })) = (failed, peer) {
        let verdict = app.brake.failed(connections::host(address), app.environment.now());
        if failed == FailedCredential::Session {
            forget_session(app, response);
        }
        announce(verdict, response);
    }
}

/// A page that is left open would go on to show its dead session, and each time would count as a failure.
fn forget_session(app: &App, response: &mut Response) {
    if let Ok(gone) = set_cookie(app, "", 0) {
        response.headers_mut().append(header::SET_COOKIE, gone);
    }
}

fn announce(verdict: Verdict, response: &mut Response) {
    let Verdict { is_over, remaining, resets_in } = verdict;
    let window = BRAKE_WINDOW.as_secs();
    let fields = [
        (POLICY, format!("\"failed-credentials\";q={ALLOWED_FAILURES};w={window}")),
        (LIMIT, format!("\"failed-credentials\";r={remaining};t={resets_in}")),
    ];
    for (name, value) in fields {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(name, value);
        }
    }
    if is_over {
        let error = ApiError::too_many_failures(resets_in);
        *response.status_mut() = error.status;
        response.extensions_mut().insert(error);
    }
}
