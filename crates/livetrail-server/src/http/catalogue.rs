use super::{extract::Reader, json::as_json};
use crate::app::App;
use axum::{extract::State, response::Response};
use livetrail_types::{Action, Category};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// The actions that have a name.
#[derive(Serialize, ToSchema)]
pub(super) struct CatalogueAnswer<'a> {
    /// Groups of actions.
    categories: &'a [Category],
    /// The actions.
    actions: &'a [Action],
}

/// Get the action catalogue
#[utoipa::path(
    get, path = "/api/admin/catalogue", tag = "Catalogue",
    responses((status = 200, description = "The catalogue", body = CatalogueAnswer))
)]
pub(super) async fn get_catalogue(State(app): State<Arc<App>>, _: Reader) -> Response {
    as_json(&CatalogueAnswer { categories: app.catalogue.categories(), actions: app.catalogue.actions() })
}
