use super::terms::Kind;
use crate::sql::{self, Clause};
use livetrail_types::{GroupBy, SortBy, TextField};
use rusqlite::{ToSql, types::ToSqlOutput};

/// The embedded database: repeated texts are numbers of the dictionary, moments are microseconds, and what a filter
/// means is asked by functions that [`super::connection`] adds.
pub(super) struct Dialect;

impl sql::Dialect for Dialect {
    fn placeholder(&self, n: usize, _: &sql::Value) -> String {
        format!("?{n}")
    }

    fn log(&self) -> &'static str {
        "activities a"
    }

    /// An expression is in no index: else all of the log would be sorted for a page that the index on time begins with.
    fn position(&self) -> &'static str {
        "+a.position"
    }

    fn column(&self, field: TextField) -> &'static str {
        column_of(field).0
    }

    fn members(&self, field: TextField, texts: &str) -> String {
        match column_of(field) {
            (_, Some(kind)) => in_terms(kind, &format!("text IN ({texts})")),
            (_, None) => texts.to_owned(),
        }
    }

    fn sort_column(&self, by: SortBy) -> &'static str {
        match by {
            SortBy::Timestamp => "a.occurred",
            SortBy::ActionType => "action.text",
            SortBy::DurationMs => "a.duration_ms",
            SortBy::StatusCode => "a.status_code",
        }
    }

    fn status(&self) -> &'static str {
        "a.status_code"
    }

    fn anonymous(&self) -> String {
        format!("a.user IN ({})", in_terms(Kind::User, "substr(text, 1, 5) = 'anon-'"))
    }

    /// The intake treats an empty id as absent, so none is stored.
    fn delegated(&self) -> &'static str {
        "a.delegate IS NOT NULL"
    }

    fn in_networks(&self, networks: &str) -> String {
        format!("livetrail_in_networks(a.ip_address, {networks})")
    }

    fn user_has(&self, needle: &str) -> String {
        let by_id = in_terms(Kind::User, &format!("livetrail_contains(text, {needle})"));
        // A profile belongs to the user of that id in its own tenant only.
        let by_profile = format!(
            "SELECT user.id, coalesce(tenant.id, 0) FROM livetrail_users profile \
             JOIN terms user ON user.kind = {} AND user.text = profile.user_id \
             LEFT JOIN terms tenant ON tenant.kind = {} AND tenant.text = profile.tenant \
             WHERE (profile.tenant = '' OR tenant.id IS NOT NULL) \
             AND (livetrail_contains(profile.email, {needle}) OR livetrail_contains(profile.display_name, {needle}))",
            Kind::User as i64,
            Kind::Tenant as i64,
        );
        format!("a.user IN ({by_id}) OR (a.user, coalesce(a.tenant, 0)) IN ({by_profile})")
    }

    fn text_has(&self, field: TextField, needle: &str) -> String {
        match column_of(field) {
            (column, Some(kind)) => {
                let terms = in_terms(kind, &format!("livetrail_contains(text, {needle})"));
                format!("{column} IN ({terms})")
            }
            (column, None) => format!("livetrail_contains({column}, {needle})"),
        }
    }

    fn id_has(&self, needle: &str) -> String {
        format!("livetrail_is_part_of_id({needle}, a.target_resource_id)")
    }

    fn has_id(&self, id: &str) -> String {
        format!("a.id = unhex({id}, '-')")
    }

    fn address_has(&self, needle: &str) -> String {
        format!("instr(a.ip_address, {needle}) > 0")
    }

    fn has_words(&self, _: &str, placeholder: &str) -> String {
        format!("livetrail_words({placeholder}, a.error_message, a.details)")
    }

    fn users(&self, condition: &str) -> String {
        format!(
            "SELECT count(*), count(CASE WHEN substr(text, 1, 5) = 'anon-' THEN 1 END) FROM terms \
             WHERE id IN (SELECT a.user FROM activities a WHERE {condition})"
        )
    }

    fn top_action(&self, condition: &str) -> String {
        format!(
            "SELECT text FROM (SELECT a.action, count(*) AS often FROM activities a WHERE {condition} GROUP BY a.action) \
             JOIN terms ON terms.id = action ORDER BY often DESC, text LIMIT 1"
        )
    }

    fn group_key(&self, by: GroupBy) -> String {
        match by {
            GroupBy::ActionType => "a.action".into(),
            GroupBy::UserId => "a.user".into(),
            GroupBy::StatusCode => "a.status_code".into(),
            GroupBy::HttpMethod => "a.http_method".into(),
            GroupBy::Endpoint => "a.endpoint".into(),
            GroupBy::ResourceType => "a.resource_type".into(),
            GroupBy::IpAddress => "a.ip_address".into(),
            GroupBy::TenantId => "a.tenant".into(),
            GroupBy::DelegateId => "a.delegate".into(),
            GroupBy::Via => "a.via".into(),
            GroupBy::DurationMs => "a.duration_ms".into(),
            // Division cuts towards zero, and the log begins long after that.
            GroupBy::Seconds(width) => {
                format!("a.occurred / {} * {width}", width.max(1) * 1_000_000)
            }
        }
    }

    fn key_text(&self, by: GroupBy, name: &str) -> String {
        match by {
            GroupBy::IpAddress => name.to_owned(),
            _ => format!("(SELECT text FROM terms WHERE id = {name})"),
        }
    }
}

impl ToSql for sql::Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Number(number) => number.to_sql(),
            Self::Text(text) => text.to_sql(),
            Self::Flag(flag) => flag.to_sql(),
            Self::Moment(moment) => Ok(moment.as_microsecond().into()),
        }
    }
}

/// The clause's values, for a statement.
pub(super) fn parameters<'a>(clause: &'a Clause<'_>) -> impl rusqlite::Params + use<'a> {
    rusqlite::params_from_iter(clause.values())
}

fn in_terms(kind: Kind, condition: &str) -> String {
    format!("SELECT id FROM terms WHERE kind = {} AND ({condition})", kind as i64)
}

/// Where a field is kept, and in which part of the dictionary if its column holds numbers.
fn column_of(field: TextField) -> (&'static str, Option<Kind>) {
    match field {
        TextField::ActionType => ("a.action", Some(Kind::Action)),
        TextField::UserId => ("a.user", Some(Kind::User)),
        TextField::ResourceType => ("a.resource_type", Some(Kind::ResourceType)),
        TextField::Endpoint => ("a.endpoint", Some(Kind::Endpoint)),
        TextField::HttpMethod => ("a.http_method", Some(Kind::HttpMethod)),
        TextField::TenantId => ("a.tenant", Some(Kind::Tenant)),
        TextField::DelegateId => ("a.delegate", Some(Kind::Delegate)),
        TextField::Via => ("a.via", Some(Kind::Via)),
        TextField::TargetUserId => ("a.target_user_id", None),
        TextField::SessionId => ("a.session_id", None),
        TextField::RequestId => ("a.request_id", None),
        TextField::TraceId => ("a.trace_id", None),
        TextField::TargetResourceId => ("a.target_resource_id", None),
    }
}
