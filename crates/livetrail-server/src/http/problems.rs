//! The one place where an error becomes an answer and a line in the server's log.

use super::{
    connection::Visit,
    error::ApiError,
    extract::{self, Identified},
    page::BrokenLink,
    traced,
};
use crate::{app::App, log_span, self_audit::Origin};
use axum::{
    body::Body,
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use livetrail_types::{Problem, json};
use tokio::time::Instant;
use tracing::Span;

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What an error's line in the log says of the call.
pub(super) struct Call {
    request_id: String,
    origin: Origin,
    route: Option<MatchedPath>,
    identified: Identified,
    begun: Instant,
}

impl Call {
    /// Gives the request an id, and notes on it who calls as soon as that is known.
    pub(super) fn of(app: &App, request: &mut Request) -> Self {
        let request_id = app.environment.fresh_id().to_string();
        let origin = extract::origin_of(request);
        let route = request.extensions().get::<MatchedPath>().cloned();
        let identified = Identified::on(request.extensions().get::<Visit>().cloned());
        request.extensions_mut().insert(identified.clone());
        Self { request_id, origin, route, identified, begun: Instant::now() }
    }

    /// What the lines of the log about this call carry.
    pub(super) fn span(&self) -> Span {
        log_span::request(&self.request_id)
    }

    /// The same call for OpenTelemetry.
    pub(super) fn trace(&self, request: &Request) -> Span {
        traced::request(request, &self.request_id)
    }

    /// The path that was called.
    pub(super) fn path(&self) -> &str {
        &self.origin.endpoint
    }

    /// Turns whatever error has come back into problem+json (RFC 9457).
    pub(super) fn finish(self, app: &App, response: Response) -> Response {
        let mut response = match error_of(&response) {
            Some(error) => {
                self.log(app, &error);
                written_down(error, &self.request_id, &response)
            }
            None => response,
        };
        if let Ok(id) = HeaderValue::try_from(self.request_id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        let route = self.route.as_ref().map(MatchedPath::as_str);
        app.requests.answered(route, response.status().as_u16(), self.begun.elapsed());
        traced::answered(&Span::current(), response.status());
        response
    }

    fn log(&self, app: &App, error: &ApiError) {
        let Self { origin, route, identified, .. } = self;
        let (status, path) = (error.status.as_u16(), &origin.endpoint);
        if error.status.is_server_error() {
            let cause = error.cause.as_deref().unwrap_or_default();
            match app.log_limit.admit(cause, Instant::now()) {
                Some(left_out) => tracing::error!(status, path, cause, left_out, "failed"),
                None => tracing::debug!(status, path, cause, "failed"),
            }
        } else {
            tracing::debug!(status, path, detail = error.detail, "refused");
        }
        if matches!(error.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            let call = route.as_ref().map_or(origin.endpoint.as_str(), MatchedPath::as_str);
            app.self_audit.refused(identified.actor(), call, origin, status, &error.detail);
        }
    }
}

/// Our own errors, and those that a layer answered without a body. The page that says that a link is broken is none.
fn error_of(response: &Response) -> Option<ApiError> {
    let is_error = response.status().is_client_error() || response.status().is_server_error();
    let reason = || response.status().canonical_reason().unwrap_or("Error");
    let is_page = response.extensions().get::<BrokenLink>().is_some();
    (is_error && !is_page).then(|| {
        let own = response.extensions().get::<ApiError>().cloned();
        own.unwrap_or_else(|| ApiError::new(response.status(), reason()))
    })
}

fn written_down(error: ApiError, request_id: &str, response: &Response) -> Response {
    let problem = Problem {
        kind: "about:blank".into(),
        title: error.status.canonical_reason().unwrap_or("Error").into(),
        status: error.status.as_u16(),
        detail: error.detail,
        errors: error.errors,
        request_id: Some(request_id.into()),
    };
    let body = json::to_vec(&problem);
    let mut written = (error.status, Body::from(body)).into_response();
    *written.extensions_mut() = response.extensions().clone();
    let headers = written.headers_mut();
    // What was added before has to reach the client with the problem.
    headers.extend(response.headers().iter().map(|(name, value)| (name.clone(), value.clone())));
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = error.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if error.status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    written
}
