//! The settings that the server runs with.

use super::{extract::Auditor, json::as_json};
use crate::{
    app::App,
    config::{InForce, SetBy, reference},
};
use axum::{extract::State, response::Response};
use livetrail_types::{Filter, actions};
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;
use utoipa::ToSchema;

/// Where a setting was set.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SettingSource {
    /// By a flag, or a variable of the environment.
    CommandLine,
    /// In the configuration file.
    File,
    /// Nowhere: it has its default, or no value.
    Default,
}

/// A setting as it is in force.
#[derive(Serialize, ToSchema)]
struct SettingInfo {
    /// Its key in the configuration file.
    #[schema(example = "question-timeout")]
    key: String,
    /// Its name in the environment.
    environment: String,
    /// What it is for.
    help: String,
    /// Its value as the configuration file has it; null for a secret, and for a setting without a value.
    #[schema(example = "10")]
    value: Option<String>,
    /// What is said beside the value, or in its place.
    note: Option<String>,
    source: SettingSource,
}

/// The settings of the node that answers.
#[derive(Serialize, ToSchema)]
pub(super) struct SettingList {
    settings: Vec<SettingInfo>,
}

/// List the settings
///
/// As `livetrail config print` shows them: what the node that answers runs with, secrets left out, and where each was
/// set.
#[utoipa::path(
    get, path = "/api/admin/settings", tag = "Operations",
    responses((status = 200, description = "The settings, in the order of the documentation", body = SettingList))
)]
pub(super) async fn list_settings(
    State(app): State<Arc<App>>,
    Auditor(principal, origin): Auditor,
) -> Response {
    let known = reference::settings();
    let info = |setting: &InForce| {
        let reference = known.iter().find(|known| known.key == setting.key)?;
        Some(SettingInfo {
            key: setting.key.clone(),
            environment: reference.environment.clone(),
            help: reference.help.clone(),
            value: setting.value.clone(),
            note: setting.note.clone(),
            source: match setting.by {
                SetBy::CommandLine => SettingSource::CommandLine,
                SetBy::File => SettingSource::File,
                SetBy::Default => SettingSource::Default,
            },
        })
    };
    let settings: Vec<SettingInfo> = app.settings.in_force.iter().filter_map(info).collect();
    let details = json!({"list": "settings", "results_count": settings.len()});
    app.self_audit.viewed(&principal, actions::API_OPERATION, &origin, &Filter::default(), details);
    as_json(&SettingList { settings })
}
