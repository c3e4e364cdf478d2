use super::{ApiResult, Asked, Asking, Cell, Report, ReportParameters, SheetRow};
use crate::{
    directory::Key,
    http::query::{FilterParameters, PairReader},
};
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use livetrail_types::{Choice, Condition, Filter, Group, GroupBy, Scalar, TextField, UserProfile, actions};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

const WINDOW: SignedDuration = SignedDuration::from_hours(24);
const ATTEMPTS: u32 = 3;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
struct Parameters {
    /// Fewer attempts are left out
    #[param(minimum = 1, default = 3)]
    at_least: Option<u32>,
}

impl Parameters {
    fn take(reader: &mut PairReader) -> Self {
        Self { at_least: reader.number("at_least", 1, u32::MAX) }
    }
}

/// Attempts of one user from one address.
#[derive(Serialize, ToSchema)]
struct FailedLogin {
    user_id: String,
    user_email: Option<String>,
    user_display_name: Option<String>,
    ip_address: Option<String>,
    tenant_id: Option<String>,
    attempts: u64,
    #[schema(value_type = String, format = DateTime)]
    first_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_at: Timestamp,
}

impl SheetRow for FailedLogin {
    fn heading() -> Vec<&'static str> {
        vec![
            "user_id",
            "user_email",
            "user_display_name",
            "ip_address",
            "tenant_id",
            "attempts",
            "first_at",
            "last_at",
        ]
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            Cell::text(&self.user_id),
            Cell::maybe_text(self.user_email.as_deref()),
            Cell::maybe_text(self.user_display_name.as_deref()),
            Cell::maybe_text(self.ip_address.as_deref()),
            Cell::maybe_text(self.tenant_id.as_deref()),
            Cell::count(self.attempts),
            Cell::Moment(self.first_at),
            Cell::Moment(self.last_at),
        ]
    }
}

/// Who failed to sign in
///
/// Three times or more within the last 24 hours, if `at_least` and `window` do not say otherwise.
#[utoipa::path(
    get, path = "/api/admin/reports/failed_logins", tag = "Reports",
    params(ReportParameters, Parameters, FilterParameters),
    responses(
        (
            status = 200, description = "The report",
            content((Report<FailedLogin> = "application/json"), (String = "text/csv")),
            headers(
                ("livetrail-answered-by", description = "`index`, or `sql` where the database had to answer"),
                ("livetrail-is-complete" = bool, description = "`is_complete`, of a report in CSV"),
            )
        ),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 503, description = "It took too long, and the detail says what to narrow; or the store is away"),
    )
)]
pub(in crate::http) async fn failed_logins(asking: Asking) -> ApiResult<Response> {
    let mut reader = asking.reader();
    let at_least = Parameters::take(&mut reader).at_least.unwrap_or(ATTEMPTS);
    let asked = Asked::read(&asking, reader, Some(WINDOW)).await?;
    let by = vec![GroupBy::UserId, GroupBy::IpAddress, GroupBy::TenantId];
    let groups = asked.groups(failures(&asked.filter), by, at_least.into()).await?;
    let names = asking.app.directory.names(groups.iter().map(user)).await?;
    let data = groups.iter().map(|group| failed_login(group, &names)).collect();
    asked.answer("failed_logins", (data, true))
}

/// Sign-ins of a filter that failed.
pub(super) fn failures(filter: &Filter) -> Filter {
    let logins = Choice::any([actions::USER_LOGIN, actions::LOGIN].map(str::to_owned));
    let logins = filter.clone().and(Condition::Text(TextField::ActionType, logins));
    logins.and(Condition::Success(Choice::any([false])))
}

fn text(group: &Group, key: usize) -> Option<String> {
    group.keys.get(key).and_then(Scalar::as_text).map(str::to_owned)
}

fn user(group: &Group) -> Key {
    (text(group, 2), text(group, 0).unwrap_or_default())
}

fn failed_login(group: &Group, names: &HashMap<Key, UserProfile>) -> FailedLogin {
    let user = user(group);
    let profile = names.get(&user);
    FailedLogin {
        user_email: profile.and_then(|profile| profile.email.clone()),
        user_display_name: profile.and_then(|profile| profile.display_name.clone()),
        ip_address: text(group, 1),
        tenant_id: user.0,
        user_id: user.1,
        attempts: group.count,
        first_at: group.first,
        last_at: group.last,
    }
}
