//! New rules, changes of rules, and their removal.

use super::{
    definition::{self, MAX_BODY},
    info::{self, AlertRuleInfo, built_in},
};
use crate::{
    access::Principal,
    app::App,
    http::{
        body,
        error::{ApiError, ApiResult},
        extract::Administrator,
        json::Json,
    },
    self_audit::{self, Origin},
};
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use livetrail_store::{AlertRule, AlertRuleAdded};
use livetrail_types::{FieldError, quoted};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// Each activity is compared with all of them.
const MAX_RULES: u64 = 200;

/// The rule that is wanted.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAlertRule {
    /// The rule in TOML, at most 64 KiB.
    pub(crate) definition: String,
    /// Whether it is evaluated.
    #[serde(default = "yes")]
    pub(crate) enabled: bool,
    /// The only tenant whose activities count; every tenant's without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tenant_id: Option<String>,
}

fn yes() -> bool {
    true
}

/// A change of a rule. What is left out stays as it is.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AlertRuleChange)]
pub(crate) struct RuleChange {
    /// The rule in TOML, at most 64 KiB, with the same id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) definition: Option<String>,
    /// Whether it is evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) enabled: Option<bool>,
}

/// Create a rule for alerts
///
/// It counts from the activity on that is evaluated next. For the past, there is the back-test.
#[utoipa::path(
    post, path = "/api/admin/alert-rules", tag = "Alerts",
    request_body = NewAlertRule,
    responses(
        (status = 201, description = "The rule", body = AlertRuleInfo),
        (status = 409, description = "A rule has this id already, or the number of rules is at its limit"),
    )
)]
pub(in crate::http) async fn create_rule(
    State(app): State<Arc<App>>,
    Administrator(principal, origin): Administrator,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<(StatusCode, Json<AlertRuleInfo>)> {
    let NewAlertRule { definition, enabled, tenant_id: tenant } =
        body::json_up_to(MAX_BODY, &headers, body).await?;
    let rule = definition::read(&app, &definition)?;
    definition::check_tenant(tenant.as_ref(), &rule)?;
    if built_in(&app.filter_context()).contains_key(&rule.id) {
        return Err(is_taken(&rule.id));
    }
    let wanted = Wanted { id: rule.id, definition, enabled, tenant };
    let info = keep(&app, (&principal, &origin), wanted, None).await?;
    Ok((StatusCode::CREATED, Json(info)))
}

/// Change a rule for alerts
///
/// A built-in rule is changed in a copy; DELETE puts it back into its first form. The changed rule counts from the
/// activity on that is evaluated next.
#[utoipa::path(
    put, path = "/api/admin/alert-rules/{id}", tag = "Alerts",
    params(("id" = String, Path, description = "The rule's id")),
    request_body = RuleChange,
    responses(
        (status = 200, description = "The rule", body = AlertRuleInfo),
        (status = 404, description = "No such rule"),
    )
)]
pub(in crate::http) async fn change_rule(
    State(app): State<Arc<App>>,
    Administrator(principal, origin): Administrator,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Json<AlertRuleInfo>> {
    let RuleChange { definition, enabled } = body::json_up_to(MAX_BODY, &headers, body).await?;
    if definition.is_none() && enabled.is_none() {
        let detail = "give definition, enabled or both";
        return Err(ApiError::invalid(vec![FieldError::new("", detail)]));
    }
    let before = find(&app, &id).await?;
    if let Some(definition) = &definition {
        let rule = definition::read(&app, definition)?;
        if rule.id != id {
            let detail = format!("has the id {}, but a rule keeps its id, {}", quoted(&rule.id), quoted(&id));
            return Err(definition::fault(detail));
        }
        definition::check_tenant(before.tenant.as_ref(), &rule)?;
    }
    let wanted = Wanted {
        id,
        definition: definition.unwrap_or_else(|| before.definition.clone()),
        enabled: enabled.unwrap_or(before.enabled),
        tenant: before.tenant.clone(),
    };
    keep(&app, (&principal, &origin), wanted, Some(before)).await.map(Json)
}

/// Remove a rule for alerts
///
/// Its alerts stay. A built-in rule goes back into its first form.
#[utoipa::path(
    delete, path = "/api/admin/alert-rules/{id}", tag = "Alerts",
    params(("id" = String, Path, description = "The rule's id")),
    responses(
        (status = 204, description = "It is not evaluated any more, or a built-in rule is in its first form"),
        (status = 404, description = "No such rule"),
    )
)]
pub(in crate::http) async fn remove_rule(
    State(app): State<Arc<App>>,
    Administrator(principal, origin): Administrator,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let before = find(&app, &id).await?;
    if app.store.remove_alert_rule(id.clone()).await?.is_some() {
        let first_form = find(&app, &id).await.ok();
        let what = if first_form.is_some() { "reset" } else { "removed" };
        let change =
            self_audit::RuleChange { what, id: &id, before: Some(&before), after: first_form.as_ref() };
        app.self_audit.changed_rule(&principal, &origin, 204, &change);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// A rule as it shall be.
struct Wanted {
    id: String,
    definition: String,
    enabled: bool,
    tenant: Option<String>,
}

/// Keeps and records a rule, unless it is so already.
async fn keep(
    app: &App,
    (principal, origin): (&Principal, &Origin),
    wanted: Wanted,
    before: Option<AlertRule>,
) -> ApiResult<AlertRuleInfo> {
    let Wanted { id, definition, enabled, tenant } = wanted;
    if enabled && let Ok(rule) = definition::read(app, &definition) {
        definition::check_places(app, &rule)?;
    }
    let after = AlertRule {
        id: id.clone(),
        definition,
        enabled,
        tenant,
        after: 0,
        changed_by: Some(principal.user_id.clone()),
        changed_at: app.environment.now(),
    };
    let is_so = |before: &AlertRule| before.definition == after.definition && before.enabled == after.enabled;
    if !before.as_ref().is_some_and(is_so) {
        match &before {
            Some(_) => _ = app.store.put_alert_rule(after.clone()).await?,
            None => add(app, after.clone()).await?,
        }
        let (what, status) = if before.is_some() { ("changed", 200) } else { ("created", 201) };
        let change = self_audit::RuleChange { what, id: &id, before: before.as_ref(), after: Some(&after) };
        app.self_audit.changed_rule(principal, origin, status, &change);
    }
    let shown = info::all(app, principal).await?.into_iter().find(|rule| rule.id == id);
    shown.ok_or_else(not_found)
}

/// Keeps a new rule.
async fn add(app: &App, rule: AlertRule) -> ApiResult<()> {
    let id = rule.id.clone();
    match app.store.add_alert_rule(rule, MAX_RULES).await? {
        AlertRuleAdded::Added => Ok(()),
        AlertRuleAdded::IdTaken => Err(is_taken(&id)),
        AlertRuleAdded::Full => {
            Err(ApiError::conflict(format!("There are {MAX_RULES} rules; remove some of them")))
        }
    }
}

fn is_taken(id: &str) -> ApiError {
    ApiError::conflict(format!("There is a rule with the id {id}: change it with PUT, or choose another id"))
}

/// A rule as it is kept, or as Livetrail comes with it.
async fn find(app: &App, id: &str) -> ApiResult<AlertRule> {
    if let Some(kept) = app.store.alert_rules().await?.rules.into_iter().find(|kept| kept.id == id) {
        return Ok(kept);
    }
    let default = built_in(&app.filter_context()).remove(id).ok_or_else(not_found)?;
    Ok(AlertRule {
        id: id.to_owned(),
        definition: default.toml.to_owned(),
        enabled: default.is_on,
        tenant: None,
        after: 0,
        changed_by: None,
        changed_at: app.environment.now(),
    })
}

fn not_found() -> ApiError {
    ApiError::not_found("There is no rule with this id")
}
