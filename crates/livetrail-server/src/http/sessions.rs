//! Who is signed in: the list of sessions, and their ends.

use super::{
    error::{ApiError, ApiResult},
    extract::{Administrator, Auditor},
    json::Json,
    query::PairReader,
    session_audit::record_ends,
};
use crate::{
    access::{Backing, Principal, is_name},
    app::App,
};
use axum::{
    extract::{Path, Query, State},
    http::{StatusCode, Uri},
};
use jiff::Timestamp;
use livetrail_store::{Ended, Session, SessionPage, SessionScope};
use livetrail_types::{FieldError, Filter, Role, actions, limits};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{net::IpAddr, sync::Arc};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A user who is signed in.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct SessionInfo {
    /// Names the session; it opens nothing.
    pub(crate) id: Uuid,
    /// Whether it is the session by which this list was asked for.
    pub(crate) current: bool,
    pub(crate) user_id: String,
    pub(crate) role: Role,
    pub(crate) tenant_id: Option<String>,
    /// What ends the session when it is revoked: `key` (an API key), `user` (the user's being an admin) or `built-in`.
    pub(crate) rests_on: String,
    /// The id of that API key.
    pub(crate) key_id: Option<Uuid>,
    /// That admin: the user who is signed in, or who made the sign-in link.
    pub(crate) admin_id: Option<String>,
    /// The issuer of the token that named the admin.
    pub(crate) issuer: Option<String>,
    /// The user who made the sign-in link; null without one.
    pub(crate) made_by: Option<String>,
    #[schema(value_type = Option<String>)]
    pub(crate) ip_address: Option<IpAddr>,
    pub(crate) user_agent: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    /// When it was last used, to about a minute.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) last_seen_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) expires_at: Timestamp,
}

/// A page of the sessions.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct SessionList {
    pub(crate) sessions: Vec<SessionInfo>,
    /// How many sessions there are.
    pub(crate) total: u64,
    /// The page, from 1.
    pub(crate) page: u32,
    /// Sessions a page.
    pub(crate) limit: u32,
    pub(crate) total_pages: u64,
}

/// The page of the list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListParameters {
    /// The page, from 1
    #[param(minimum = 1, default = 1)]
    page: Option<u32>,
    /// Sessions a page
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
}

impl ListParameters {
    fn of(uri: &Uri) -> ApiResult<Self> {
        let mut reader = PairReader::of(uri);
        let page = reader.number("page", 1, u32::MAX);
        let limit = reader.number("limit", 1, limits::PAGE_LIMIT);
        reader.end().map(|()| Self { page, limit })
    }
}

/// Whose sessions end. An unknown parameter is refused, because a misspelled one could end other sessions than were
/// meant.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EndParameters {
    /// The user whose sessions end
    user_id: Option<String>,
    /// With user_id: only sessions that are bound to this tenant end
    tenant_id: Option<String>,
    /// true: every session ends
    all: Option<bool>,
}

impl EndParameters {
    fn scope(uri: &Uri) -> ApiResult<SessionScope> {
        let detail =
            "give either user_id, with or without tenant_id, or all=true; ids have no control characters";
        let given = Query::<Self>::try_from_uri(uri).ok().and_then(|Query(given)| given.meant());
        given.ok_or_else(|| ApiError::invalid(vec![FieldError::new("user_id", detail)]))
    }

    fn meant(self) -> Option<SessionScope> {
        match self {
            Self { user_id: Some(user_id), tenant_id: tenant, all: None } => {
                let are_names = is_name(&user_id, limits::USER_ID)
                    && tenant.as_ref().is_none_or(|tenant| is_name(tenant, limits::TENANT_ID));
                are_names.then_some(SessionScope::OfUser { user_id, tenant })
            }
            Self { user_id: None, tenant_id: None, all: Some(true) } => Some(SessionScope::All),
            _ => None,
        }
    }
}

/// How many sessions have ended.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct SessionsEnded {
    pub(crate) ended: u64,
}

impl SessionInfo {
    fn of(session: Session, by: &Principal) -> Self {
        let (rests_on, key_id, admin_id, issuer) = match session.identity.backing {
            Backing::Key(id) => ("key", Some(id), None, None),
            Backing::User { issuer, user_id } => ("user", None, Some(user_id), issuer),
            Backing::Issued { issuer, user_id } => ("issued", None, Some(user_id), issuer),
            Backing::BuiltIn => ("built-in", None, None, None),
        };
        Self {
            id: session.id,
            current: by.session == Some(session.id),
            user_id: session.identity.user_id,
            role: session.identity.role,
            tenant_id: session.identity.tenant,
            rests_on: rests_on.into(),
            key_id,
            admin_id,
            issuer,
            made_by: session.made_by,
            ip_address: session.address,
            user_agent: session.user_agent,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            expires_at: session.expires_at,
        }
    }
}

/// List sessions
#[utoipa::path(
    get, path = "/api/admin/sessions", tag = "Access",
    params(ListParameters),
    responses(
        (status = 200, description = "The sessions, the one that was seen last first", body = SessionList),
        (status = 422, description = "A parameter is not right; each is named"),
    )
)]
pub(super) async fn list_sessions(
    State(app): State<Arc<App>>,
    Auditor(principal, origin): Auditor,
    uri: Uri,
) -> ApiResult<Json<SessionList>> {
    let ListParameters { page, limit } = ListParameters::of(&uri)?;
    let (page, limit) = (page.unwrap_or(1), limit.unwrap_or(limits::PAGE_DEFAULT));
    let SessionPage { sessions, total } = app.access.list_sessions(page, limit).await?;
    let sessions: Vec<_> = sessions.into_iter().map(|session| SessionInfo::of(session, &principal)).collect();
    let details = json!({"list": "sessions", "page": page, "results_count": sessions.len()});
    app.self_audit.viewed(&principal, actions::API_OPERATION, &origin, &Filter::default(), details);
    Ok(Json(SessionList { sessions, total, page, limit, total_pages: total.div_ceil(limit.into()) }))
}

/// End a session
#[utoipa::path(
    delete, path = "/api/admin/sessions/{id}", tag = "Access",
    params(("id" = Uuid, Path, description = "The session's id")),
    responses(
        (status = 204, description = "It opens nothing any more, on any node"),
        (status = 404, description = "No such session"),
    )
)]
pub(super) async fn end_session(
    State(app): State<Arc<App>>,
    Administrator(principal, origin): Administrator,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let ended = match Uuid::try_parse(&id) {
        Ok(id) => app.access.end_sessions(SessionScope::One(id)).await?,
        Err(_) => Ended::default(),
    };
    if ended.count == 0 {
        return Err(ApiError::not_found("No session has this id"));
    }
    record_ends(&app, &principal, &origin, &ended);
    Ok(StatusCode::NO_CONTENT)
}

/// End the sessions of a user, or all of them
///
/// The session of the administrator who asks is among them. With `user_id`, sessions of sign-in links that this user
/// has made end, too. Sign-in links and tickets for streams that were made by the same user or session and are not used
/// yet open nothing any more.
#[utoipa::path(
    delete, path = "/api/admin/sessions", tag = "Access",
    params(EndParameters),
    responses(
        (status = 200, description = "They open nothing any more, on any node", body = SessionsEnded),
        (status = 422, description = "Neither user_id nor all=true is given, or both are"),
    )
)]
pub(super) async fn end_sessions(
    State(app): State<Arc<App>>,
    Administrator(principal, origin): Administrator,
    uri: Uri,
) -> ApiResult<Json<SessionsEnded>> {
    let ended = app.access.end_sessions(EndParameters::scope(&uri)?).await?;
    record_ends(&app, &principal, &origin, &ended);
    Ok(Json(SessionsEnded { ended: ended.count }))
}
