//! The sessions of the log. Those of the dashboard itself are in `sessions.rs`.

use super::{
    asking::Asking,
    error::ApiResult,
    query::{DateParameters, FilterParameters, PairReader},
};
use crate::questions;
use axum::response::Response;
use jiff::Timestamp;
use livetrail_types::{Device, PageCursor};
use serde::Serialize;
use std::net::IpAddr;
use utoipa::{IntoParams, ToSchema};

const SESSIONS: u32 = 20;
const MAX_SESSIONS: u32 = 50;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
struct LogSessionParameters {
    /// Sessions at most
    #[param(minimum = 1, maximum = 50, default = 20)]
    limit: Option<u32>,
    /// `next_cursor` of an answer that was read before
    cursor: Option<String>,
}

impl LogSessionParameters {
    fn take(reader: &mut PairReader) -> Self {
        Self { limit: reader.number("limit", 1, MAX_SESSIONS), cursor: reader.take("cursor") }
    }
}

/// A session of the application: activities with the same `session_id`.
#[derive(Serialize, ToSchema)]
struct LogSession<'a> {
    session_id: &'a str,
    /// Who acted last in it.
    user_id: &'a str,
    user_email: Option<&'a str>,
    user_display_name: Option<&'a str>,
    tenant_id: Option<&'a str>,
    /// Whether its newest activity is an admin's.
    is_admin: bool,
    /// The address of its newest activity.
    #[schema(value_type = Option<String>)]
    ip_address: Option<IpAddr>,
    /// Read from the user agent of its newest activity.
    device: Option<Device>,
    /// How many activities of the filter belong to it.
    count: u64,
    failed_count: u64,
    #[schema(value_type = String, format = DateTime)]
    first_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_at: Timestamp,
}

/// Sessions, the most recently active first.
#[derive(Serialize, ToSchema)]
pub(super) struct LogSessions<'a> {
    /// Always true; errors are problems.
    success: bool,
    data: Vec<LogSession<'a>>,
    /// Leads to sessions that were active earlier. An answer may have few sessions, or none, and yet lead on.
    next_cursor: Option<String>,
    /// Where the log ended when this was read.
    head_cursor: String,
}

/// List sessions of the log
///
/// The sessions of the activities of a filter, the most recently active first. Figures are those of the session's
/// activities that match the filter. One answer reads 5,000 activities at most.
#[utoipa::path(
    get, path = "/api/admin/activity/sessions", tag = "Activities",
    params(LogSessionParameters, DateParameters, FilterParameters),
    responses(
        (
            status = 200, description = "Sessions", body = LogSessions,
            headers(("livetrail-answered-by", description = "`index`, or `sql` where the database had to answer"))
        ),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 503, description = "It took too long, and the detail says what to narrow; or the store is away"),
    )
)]
pub(super) async fn list_log_sessions(asking: Asking) -> ApiResult<Response> {
    let mut reader = asking.reader();
    let LogSessionParameters { limit, cursor } = LogSessionParameters::take(&mut reader);
    let cursor =
        cursor.and_then(|text| text.parse::<PageCursor>().map_err(|bad| reader.refuse("cursor", &bad)).ok());
    let counting = asking.count(reader, "sessions").await?;
    let limit = limit.unwrap_or(SESSIONS) as usize;
    let (found, next) = counting.asker.sessions(&counting.filter, cursor, limit).await?;
    let data: Vec<_> = found.iter().map(shown).collect();
    let (count, head_cursor) = (data.len() as u64, counting.head.to_string());
    let next_cursor = next.map(|next| next.to_string());
    Ok(counting.answer(count, &LogSessions { success: true, data, next_cursor, head_cursor }))
}

fn shown(session: &questions::LogSession) -> LogSession<'_> {
    let questions::LogSession { id, newest: (newest, profile), figures } = session;
    LogSession {
        session_id: id,
        user_id: &newest.user_id,
        user_email: profile.as_ref().and_then(|profile| profile.email.as_deref()),
        user_display_name: profile.as_ref().and_then(|profile| profile.display_name.as_deref()),
        tenant_id: newest.tenant_id.as_deref(),
        is_admin: newest.is_admin,
        ip_address: newest.ip_address,
        device: newest.user_agent.as_deref().and_then(Device::parse),
        count: figures.count,
        failed_count: figures.count - figures.success_count,
        first_at: figures.first,
        last_at: figures.last,
    }
}
