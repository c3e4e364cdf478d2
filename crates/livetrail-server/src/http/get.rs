use super::{
    error::{ApiError, ApiResult},
    extract::{Caller, Reader},
    json::as_json,
    query::pairs,
};
use crate::{
    access::{Principal, Refusal},
    app::App,
    self_audit::Target,
};
use axum::{
    extract::{Path, State},
    http::Uri,
    response::Response,
};
use livetrail_store::Row;
use livetrail_types::ActivityView;
use serde_json::json;
use std::sync::Arc;
use utoipa::IntoParams;
use uuid::Uuid;

/// Tenants that a refusal names.
const NAMED_TENANTS: usize = 20;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
struct TenantParameter {
    /// The tenant whose activity it is, where several have one with this id; empty for the activity without a tenant
    tenant_id: Option<String>,
}

impl TenantParameter {
    fn of(uri: &Uri) -> Self {
        let mut tenants = pairs(uri).into_iter().filter(|(name, _)| name == "tenant_id");
        Self { tenant_id: tenants.next_back().map(|(_, tenant)| tenant) }
    }
}

/// Get one activity
///
/// Ids are each tenant's own. Where several tenants have an activity with this id, `tenant_id` says which one is meant.
#[utoipa::path(
    get, path = "/api/admin/activity/{id}", tag = "Activities",
    params(("id" = Uuid, Path, description = "The activity's id"), TenantParameter),
    responses(
        (status = 200, description = "The activity", body = ActivityView),
        (status = 404, description = "Not found"),
        (status = 409, description = "Several tenants have an activity with this id; the answer names them"),
    )
)]
pub(super) async fn get_activity(
    State(app): State<Arc<App>>,
    Reader(principal): Reader,
    Caller(origin): Caller,
    Path(id): Path<String>,
    uri: Uri,
) -> ApiResult<Response> {
    let wanted = wanted_tenant(&uri, &principal)?;
    let found = match Uuid::try_parse(&id) {
        Ok(id) => find(&app, id, wanted).await?,
        Err(_) => None,
    };
    let (activity, profile) =
        found.ok_or_else(|| ApiError::not_found("There is no activity with this id"))?;
    let details = json!({"filters_applied": {"id": activity.id}, "results_count": 1});
    app.self_audit.looked_up(&principal, &origin, 0, Target::resource(activity.id), details);
    Ok(as_json(&ActivityView::new(&activity, profile.as_ref(), &app.catalogue)))
}

/// Which tenant's activity is meant, as far as that is said: by the credential, or by a parameter.
enum Wanted {
    Any,
    Of(Option<String>),
}

fn wanted_tenant(uri: &Uri, principal: &Principal) -> ApiResult<Wanted> {
    let TenantParameter { tenant_id: given } = TenantParameter::of(uri);
    let is_given = given.is_some();
    let named = given.filter(|tenant| !tenant.is_empty());
    match &principal.tenant {
        Some(own) if named.as_ref().is_some_and(|named| named != own) => Err(Refusal::OtherTenant.into()),
        Some(own) => Ok(Wanted::Of(Some(own.clone()))),
        None if is_given => Ok(Wanted::Of(named)),
        None => Ok(Wanted::Any),
    }
}

async fn find(app: &App, id: Uuid, wanted: Wanted) -> ApiResult<Option<Row>> {
    let of_tenant = match wanted {
        Wanted::Of(Some(tenant)) => return Ok(app.store.get(id, Some(tenant)).await?),
        Wanted::Of(None) => true,
        Wanted::Any => false,
    };
    let mut rows = app.store.all_of_id(id).await?;
    if of_tenant {
        return Ok(rows.into_iter().find(|(activity, _)| activity.tenant_id.is_none()));
    }
    if rows.len() > 1 { Err(ambiguous(&rows)) } else { Ok(rows.pop()) }
}

fn ambiguous(rows: &[Row]) -> ApiError {
    let tenants = rows.iter().map(|(activity, _)| match &activity.tenant_id {
        Some(tenant) => format!("tenant_id={tenant}"),
        None => "tenant_id= (without a tenant)".to_owned(),
    });
    let named: Vec<String> = tenants.take(NAMED_TENANTS).collect();
    ApiError::conflict(format!(
        "Several tenants have an activity with this id; add one of {}",
        named.join(", ")
    ))
}
