use super::{ApiResult, Asked, Asking, Cell, Report, ReportParameters, SheetRow, failed_logins};
use crate::{
    directory::Key,
    http::{
        groups::{MAX_PARTS, network},
        query::{FilterParameters, PairReader},
    },
};
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use livetrail_types::{Group, GroupBy, Scalar, UserProfile};
use serde::{Deserialize, Serialize};
use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};
use utoipa::{IntoParams, ToSchema};

const WINDOW: SignedDuration = SignedDuration::from_hours(24);

/// What the attempts of a row have in common.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum By {
    #[default]
    User,
    /// A /24 of IPv4 or a /48 of IPv6.
    Network,
    /// One user from one network.
    Pair,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
struct Parameters {
    /// What the attempts of a row have in common: a user, a network (a /24 of IPv4 or a /48 of IPv6), or both
    #[param(inline, default = "user")]
    by: Option<By>,
}

impl Parameters {
    fn take(reader: &mut PairReader) -> Self {
        Self { by: reader.one_of("by") }
    }
}

/// Attempts of one user, from one network, or both.
#[derive(Serialize, ToSchema)]
struct FailedSignIns {
    /// Null in rows of networks.
    user_id: Option<String>,
    user_email: Option<String>,
    user_display_name: Option<String>,
    tenant_id: Option<String>,
    /// Null in rows of users, and for attempts without an address.
    network: Option<String>,
    attempts: u64,
    /// How many users were tried. Many of one network are a sign of password spraying.
    users: u64,
    /// From how many networks.
    networks: u64,
    #[schema(value_type = String, format = DateTime)]
    first_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_at: Timestamp,
}

impl SheetRow for FailedSignIns {
    fn heading() -> Vec<&'static str> {
        vec![
            "user_id",
            "user_email",
            "user_display_name",
            "tenant_id",
            "network",
            "attempts",
            "users",
            "networks",
            "first_at",
            "last_at",
        ]
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            Cell::maybe_text(self.user_id.as_deref()),
            Cell::maybe_text(self.user_email.as_deref()),
            Cell::maybe_text(self.user_display_name.as_deref()),
            Cell::maybe_text(self.tenant_id.as_deref()),
            Cell::maybe_text(self.network.as_deref()),
            Cell::count(self.attempts),
            Cell::count(self.users),
            Cell::count(self.networks),
            Cell::Moment(self.first_at),
            Cell::Moment(self.last_at),
        ]
    }
}

/// Failed sign-ins by user, network or both
///
/// Every attempt counts: a network that tries many users once each is a row of `by=network`, with the number of users.
/// Within the last 24 hours, if `window` does not say otherwise.
#[utoipa::path(
    get, path = "/api/admin/reports/failed_sign_ins", tag = "Reports",
    params(ReportParameters, Parameters, FilterParameters),
    responses(
        (
            status = 200,
            description = "The rows with the most attempts. `is_complete` is false if there are more than `limit`, or \
                           more than 100,000 users and addresses",
            content((Report<FailedSignIns> = "application/json"), (String = "text/csv")),
            headers(
                ("livetrail-answered-by", description = "`index`, or `sql` where the database had to answer"),
                ("livetrail-is-complete" = bool, description = "`is_complete`, of a report in CSV"),
            )
        ),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 503, description = "It took too long, and the detail says what to narrow; or the store is away"),
    )
)]
pub(in crate::http) async fn failed_sign_ins(asking: Asking) -> ApiResult<Response> {
    let mut reader = asking.reader();
    let by = Parameters::take(&mut reader).by.unwrap_or_default();
    let asked = Asked::read(&asking, reader, Some(WINDOW)).await?;
    let keys = vec![GroupBy::UserId, GroupBy::IpAddress, GroupBy::TenantId];
    let parts = asked.groups_up_to(MAX_PARTS, failed_logins::failures(&asked.filter), keys, 1).await?;
    let mut merged = merge(by, &parts);
    let limit = asked.limit as usize;
    let is_complete = parts.len() < MAX_PARTS as usize && merged.len() <= limit;
    merged.truncate(limit);
    let users = merged.iter().filter_map(|(key, _)| key.user.clone());
    let names = asking.app.directory.names(users).await?;
    let data = merged.into_iter().map(|(key, attempts)| row(key, &attempts, &names)).collect();
    asked.answer("failed_sign_ins", (data, is_complete))
}

/// What names a row.
#[derive(Clone, PartialEq, Eq, Hash)]
struct RowKey {
    user: Option<Key>,
    network: Option<String>,
}

/// The attempts of a row.
struct Attempts {
    count: u64,
    users: HashSet<Key>,
    networks: HashSet<Option<String>>,
    first: Timestamp,
    last: Timestamp,
}

/// The rows that groups by user, address and tenant make, the one with the most attempts first.
fn merge(by: By, parts: &[Group]) -> Vec<(RowKey, Attempts)> {
    let mut rows: HashMap<RowKey, Attempts> = HashMap::new();
    for part in parts {
        let text = |key: usize| part.keys.get(key).and_then(Scalar::as_text).map(str::to_owned);
        let user = (text(2), text(0).unwrap_or_default());
        let network = text(1).map(|ip| network(&ip));
        let key = RowKey {
            user: (!matches!(by, By::Network)).then(|| user.clone()),
            network: network.clone().filter(|_| !matches!(by, By::User)),
        };
        let attempts = rows.entry(key).or_insert_with(|| Attempts {
            count: 0,
            users: HashSet::new(),
            networks: HashSet::new(),
            first: part.first,
            last: part.last,
        });
        attempts.count += part.count;
        attempts.users.insert(user);
        attempts.networks.insert(network);
        attempts.first = attempts.first.min(part.first);
        attempts.last = attempts.last.max(part.last);
    }
    let mut rows: Vec<_> = rows.into_iter().collect();
    // Rows of equal counts have an order, too, so that the same question has the same answer.
    rows.sort_by_cached_key(|(key, attempts)| {
        (Reverse(attempts.count), Reverse(attempts.users.len()), key.user.clone(), key.network.clone())
    });
    rows
}

fn row(
    RowKey { user, network }: RowKey,
    attempts: &Attempts,
    names: &HashMap<Key, UserProfile>,
) -> FailedSignIns {
    let profile = user.as_ref().and_then(|user| names.get(user));
    FailedSignIns {
        user_email: profile.and_then(|profile| profile.email.clone()),
        user_display_name: profile.and_then(|profile| profile.display_name.clone()),
        tenant_id: user.as_ref().and_then(|(tenant, _)| tenant.clone()),
        user_id: user.map(|(_, id)| id),
        network,
        attempts: attempts.count,
        users: attempts.users.len() as u64,
        networks: attempts.networks.len() as u64,
        first_at: attempts.first,
        last_at: attempts.last,
    }
}
