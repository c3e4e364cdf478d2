//! What is answered without a credential: whether the server is alive, whether it is ready, and its version.

use super::{
    error::{ApiError, ApiResult},
    json::Json,
};
use crate::{app::App, questions::IndexState};
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// How a probe went.
#[derive(Serialize, ToSchema)]
pub(super) struct Probe {
    /// Always `ok`; a probe that fails is a problem.
    #[schema(example = "ok")]
    status: &'static str,
}

/// That it is ready, and how far the index is.
#[derive(Serialize, ToSchema)]
pub(super) struct Readiness {
    /// Always `ok`; a probe that fails is a problem.
    #[schema(example = "ok")]
    status: &'static str,
    index: IndexState,
}

/// What this is.
#[derive(Serialize, ToSchema)]
pub(super) struct ServerInfo {
    #[schema(example = "livetrail")]
    name: &'static str,
    version: &'static str,
    /// Whether the page can be signed in to at an issuer.
    single_sign_on: bool,
    /// Whether lists can be searched by words of error messages and details, with `text`.
    text_search: bool,
}

const OK: Probe = Probe { status: "ok" };

/// Is the process alive
#[utoipa::path(get, path = "/healthz", tag = "Probes", security(()), responses((status = 200, description = "Yes", body = Probe)))]
pub(super) async fn health() -> Json<Probe> {
    Json(OK)
}

/// Can it serve
#[utoipa::path(
    get, path = "/readyz", tag = "Probes", security(()),
    responses((status = 200, description = "Yes", body = Readiness), (status = 503, description = "The store is away, or takes nothing"))
)]
pub(super) async fn ready(State(app): State<Arc<App>>) -> ApiResult<Json<Readiness>> {
    let obstacle = app.store.obstacle().await?;
    let failing = || app.ingest.is_failing().then_some("the last commit failed; the server's log says why");
    match obstacle.or_else(failing) {
        None => Ok(Json(Readiness { status: OK.status, index: app.questions.index_state() })),
        Some(obstacle) => {
            let detail = format!("Activities cannot be stored: {obstacle}");
            Err(ApiError { detail, ..ApiError::unavailable(obstacle) })
        }
    }
}

/// What is this
#[utoipa::path(get, path = "/config", tag = "Probes", security(()), responses((status = 200, description = "This", body = ServerInfo)))]
pub(super) async fn config(State(app): State<Arc<App>>) -> Json<ServerInfo> {
    Json(ServerInfo {
        name: "livetrail",
        version: env!("CARGO_PKG_VERSION"),
        single_sign_on: app.oidc.is_some(),
        text_search: app.settings.text_search,
    })
}
