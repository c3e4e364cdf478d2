//! The span of a request for OpenTelemetry, with the names of
//! <https://opentelemetry.io/docs/specs/semconv/http/http-spans/>. It is apart from the span of the server's own log,
//! whose lines need an id only.

use axum::{
    extract::{MatchedPath, Request},
    http::StatusCode,
};
use tracing::{Span, field::Empty};

/// The span of a request, below the caller's own (header `traceparent`) if it names one.
pub(super) fn request(request: &Request, request_id: &str) -> Span {
    let method = request.method().as_str();
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let span = tracing::trace_span!(
        target: "livetrail_trace",
        "request",
        otel.name = Empty,
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        livetrail.request_id = request_id,
    );
    if !span.is_disabled() {
        // Addresses without a route are of unlimited number, and a collector groups by the name.
        let name = route.map_or_else(|| method.to_owned(), |route| format!("{method} {route}"));
        span.record("otel.name", name);
        #[cfg(feature = "otlp")]
        crate::traces::continue_trace(&span, &opentelemetry_http::HeaderExtractor(request.headers()));
    }
    span
}

/// Notes how the request of this span was answered.
pub(super) fn answered(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}
