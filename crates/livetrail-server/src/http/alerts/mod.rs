//! Raised alerts: reading them, and deciding about them.

mod cursor;
mod decide;
mod get;
mod list;

pub(super) use decide::{
    __path_acknowledge_alert, __path_mute_alert, __path_resolve_alert, acknowledge_alert, mute_alert,
    resolve_alert,
};
pub(crate) use decide::{Mute, WithReason};
pub(super) use get::{__path_get_alert, get_alert};
pub(crate) use list::AlertList;
pub(super) use list::{__path_list_alerts, list_alerts};

use super::error::{ApiError, ApiResult};
use crate::{
    access::Principal,
    alerts::{AlertInfo, may_see, rules},
    app::App,
};
use livetrail_store::Alert;
use uuid::Uuid;

/// The alerts as the API shows them now.
async fn shown(app: &App, alerts: Vec<Alert>) -> ApiResult<Vec<AlertInfo>> {
    let (known, _) = rules::known(app.store.alert_rules().await?.rules, &app.filter_context());
    let now = app.environment.now();
    Ok(alerts.into_iter().map(|alert| AlertInfo::of(alert, &known, now)).collect())
}

async fn shown_one(app: &App, alert: Alert) -> ApiResult<AlertInfo> {
    let shown = shown(app, vec![alert]).await?.pop();
    shown.ok_or_else(|| ApiError::internal("an alert was lost"))
}

/// The alert with an id, if the principal may see it.
async fn find(app: &App, principal: &Principal, id: &str) -> ApiResult<Alert> {
    let found = match Uuid::try_parse(id) {
        Ok(id) => app.store.alert(id).await?,
        Err(_) => None,
    };
    found.filter(|alert| may_see(principal, alert.tenant.as_deref())).ok_or_else(not_found)
}

fn not_found() -> ApiError {
    ApiError::not_found("There is no alert with this id")
}
