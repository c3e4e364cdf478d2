use super::{cursor::AlertCursor, shown};
use crate::{
    access::{Principal, Refusal},
    alerts::{AlertInfo, State},
    app::App,
    http::{
        error::{ApiError, ApiResult},
        extract::{Caller, Reader},
        json::Json,
        query::PairReader,
    },
};
use axum::{extract, http::Uri};
use livetrail_store::AlertQuery;
use livetrail_types::{FieldError, Filter, Severity, actions};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

const MAX_LIMIT: u32 = 200;
const DEFAULT_LIMIT: u32 = 50;
const NAMES: [&str; 6] = ["state", "rule", "severity", "tenant_id", "limit", "cursor"];

/// A page of the alerts.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct AlertList {
    /// The latest first.
    pub(crate) data: Vec<AlertInfo>,
    /// Leads to the next page, if there is one.
    pub(crate) next_cursor: Option<String>,
    /// How many open alerts there are that the credential may see, whatever was asked for.
    pub(crate) open: u64,
}

/// Which alerts, and which page of them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ListParameters {
    #[param(inline)]
    state: Option<State>,
    /// The id of a rule
    rule: Option<String>,
    #[param(inline)]
    severity: Option<Severity>,
    /// The tenant of the alerts' activities
    tenant_id: Option<String>,
    /// Alerts a page
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// `next_cursor` of the page before
    cursor: Option<String>,
}

impl ListParameters {
    fn query(uri: &Uri, principal: &Principal) -> ApiResult<AlertQuery> {
        let mut reader = PairReader::of(uri);
        let Self { state, rule, severity, tenant_id, limit, cursor } = Self {
            state: reader.one_of("state"),
            rule: reader.take("rule"),
            severity: reader.one_of("severity"),
            tenant_id: reader.take("tenant_id"),
            limit: reader.number("limit", 1, MAX_LIMIT),
            cursor: reader.take("cursor"),
        };
        reader.refuse_unknown(&NAMES);
        for (name, text) in [("rule", &rule), ("tenant_id", &tenant_id)] {
            if text.as_ref().is_some_and(|text| text.contains('\0')) {
                reader.refuse(name, &"must not contain NUL");
            }
        }
        let cursor = cursor.map(|text| text.parse::<AlertCursor>());
        if let Some(Err(bad)) = &cursor {
            reader.refuse("cursor", bad);
        }
        reader.end()?;
        let tenant = tenant_of(principal, tenant_id)?;
        let (state, limit) = (state.map(Into::into), limit.unwrap_or(DEFAULT_LIMIT));
        let query = AlertQuery { state, rule, severity, tenant, after: None, limit };
        let after = cursor.and_then(Result::ok).map(|cursor| cursor.of(&query)).transpose();
        let after =
            after.map_err(|bad| ApiError::invalid(vec![FieldError::new("cursor", bad.to_string())]))?;
        Ok(AlertQuery { after, ..query })
    }
}

/// The tenant that is asked for. A principal that is bound to a tenant sees that tenant only.
fn tenant_of(principal: &Principal, named: Option<String>) -> ApiResult<Option<String>> {
    match &principal.tenant {
        Some(own) if named.as_ref().is_some_and(|named| named != own) => Err(Refusal::OtherTenant.into()),
        Some(own) => Ok(Some(own.clone())),
        None => Ok(named),
    }
}

/// List alerts
#[utoipa::path(
    get, path = "/api/admin/alerts", tag = "Alerts",
    params(ListParameters),
    responses(
        (status = 200, description = "A page, the latest first", body = AlertList),
        (status = 422, description = "A parameter is not right; each is named"),
    )
)]
pub(in crate::http) async fn list_alerts(
    extract::State(app): extract::State<Arc<App>>,
    Reader(principal): Reader,
    Caller(origin): Caller,
    uri: Uri,
) -> ApiResult<Json<AlertList>> {
    let query = ListParameters::query(&uri, &principal)?;
    // One more, which says whether there is a next page.
    let mut alerts = app.store.alerts(AlertQuery { limit: query.limit + 1, ..query.clone() }).await?;
    let has_next = alerts.len() > query.limit as usize;
    alerts.truncate(query.limit as usize);
    let last = alerts.last().filter(|_| has_next);
    let next_cursor = last.map(|last| AlertCursor::behind(last.position, last.id, &query).to_string());
    let open = app.store.open_alerts(principal.tenant.clone()).await?;
    let details = json!({"list": "alerts", "results_count": alerts.len()});
    app.self_audit.viewed(&principal, actions::API_OPERATION, &origin, &Filter::default(), details);
    let open = open.into_iter().map(|(_, count)| count).sum();
    Ok(Json(AlertList { data: shown(&app, alerts).await?, next_cursor, open }))
}
