//! The metrics of the server, for Prometheus.

use super::{
    error::{ApiError, ApiResult},
    extract::Reader,
};
use crate::app::App;
use axum::{
    Router,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use std::sync::Arc;

/// Metrics of the server
///
/// In OpenMetrics' text format, which Prometheus reads. They are about all tenants, so a credential that is bound to
/// one does not read them.
#[utoipa::path(
    get, path = "/metrics", tag = "Probes",
    responses((status = 200, description = "The metrics", content_type = "application/openmetrics-text", body = String))
)]
pub(super) async fn metrics(State(app): State<Arc<App>>, Reader(principal): Reader) -> ApiResult<Response> {
    principal.may_see_all_tenants()?;
    exposition(&app)
}

/// The metrics alone, for every client that can reach the listener.
pub fn metrics_router(app: &Arc<App>) -> Router {
    let open = async |State(app): State<Arc<App>>| exposition(&app);
    Router::new().route("/metrics", get(open)).with_state(Arc::clone(app))
}

fn exposition(app: &App) -> ApiResult<Response> {
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &app.metrics)
        .map_err(|error| ApiError::internal(error.to_string()))?;
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
