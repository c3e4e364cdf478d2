//! A filter as SQL over `activities a`.

use super::terms::Kind;
use ipnet::IpNet;
use livetrail_types::{Choice, Condition, Filter, StatusPattern, TextField};
use rusqlite::types::Value;

/// Conditions joined by AND, and the values of their parameters.
pub(super) struct Clause {
    sql: String,
    values: Vec<Value>,
}

impl Clause {
    /// The part of the log up to and with `head` that `filter` means.
    pub(super) fn of(filter: &Filter, head: u64) -> Self {
        let mut clause = Self { sql: String::new(), values: Vec::new() };
        let head = clause.bind(i64::try_from(head).unwrap_or(i64::MAX));
        clause.sql = format!("a.position <= {head}");
        for condition in filter.conditions() {
            let sql = clause.condition(condition);
            clause.and(&sql);
        }
        clause
    }

    pub(super) fn and(&mut self, condition: &str) {
        self.sql.push_str(" AND (");
        self.sql.push_str(condition);
        self.sql.push(')');
    }

    /// Adds a value and returns the placeholder that stands for it.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    pub(super) fn sql(&self) -> &str {
        &self.sql
    }

    pub(super) fn parameters(&self) -> impl rusqlite::Params + '_ {
        rusqlite::params_from_iter(self.values.iter())
    }

    fn condition(&mut self, condition: &Condition) -> String {
        match condition {
            Condition::Text(field, choice) => self.text(*field, choice),
            Condition::Status(choice) => {
                self.choice("a.status_code", choice, |clause, pattern| clause.status(*pattern))
            }
            Condition::Address(choice) => self.choice("a.ip_address", choice, Clause::network),
            Condition::Success(choice) => self.flag("a.success", choice),
            Condition::IsAdmin(choice) => self.flag("a.is_admin", choice),
            Condition::Anonymous(choice) => {
                let anonymous = in_terms(Kind::User, "substr(text, 1, 5) = 'anon-'");
                self.flag(&format!("(a.user IN ({anonymous}))"), choice)
            }
            Condition::From(moment) => format!("a.occurred >= {}", self.bind(moment.as_microsecond())),
            Condition::Until(moment) => format!("a.occurred <= {}", self.bind(moment.as_microsecond())),
            Condition::UserSearch(needle) => self.user_search(needle),
            Condition::Search(needle) => self.search(needle),
            Condition::Words(words) => {
                format!("livetrail_words({}, a.error_message, a.details)", self.bind(words.clone()))
            }
        }
    }

    fn text(&mut self, field: TextField, choice: &Choice<String>) -> String {
        let (column, kind) = column_of(field);
        let one_of = |clause: &mut Self, values: &[String]| {
            let list: Vec<_> = values.iter().map(|value| clause.bind(value.clone())).collect();
            let list = list.join(", ");
            kind.map_or(list.clone(), |kind| in_terms(kind, &format!("text IN ({list})")))
        };
        let mut parts = Vec::new();
        if !choice.any.is_empty() {
            parts.push(format!("{column} IN ({})", one_of(self, &choice.any)));
        }
        if !choice.none.is_empty() {
            parts.push(format!("({column} IS NULL OR {column} NOT IN ({}))", one_of(self, &choice.none)));
        }
        all_of(&parts)
    }

    fn flag(&mut self, expression: &str, choice: &Choice<bool>) -> String {
        self.choice(expression, choice, |clause, wanted| format!("{expression} = {}", clause.bind(*wanted)))
    }

    /// `any` and `none` of values that are tested one by one.
    fn choice<T>(
        &mut self,
        column: &str,
        choice: &Choice<T>,
        mut test: impl FnMut(&mut Self, &T) -> String,
    ) -> String {
        let mut parts = Vec::new();
        if !choice.any.is_empty() {
            let tests: Vec<_> = choice.any.iter().map(|value| test(self, value)).collect();
            parts.push(format!("({})", tests.join(" OR ")));
        }
        for value in &choice.none {
            parts.push(format!("({column} IS NULL OR NOT ({}))", test(self, value)));
        }
        all_of(&parts)
    }

    fn status(&mut self, pattern: StatusPattern) -> String {
        let (first, last) = pattern.range();
        format!("a.status_code BETWEEN {} AND {}", self.bind(first), self.bind(last))
    }

    fn network(&mut self, network: &IpNet) -> String {
        format!("livetrail_in_network(a.ip_address, {})", self.bind(network.to_string()))
    }

    fn user_search(&mut self, needle: &str) -> String {
        let needle = self.bind(needle.to_owned());
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

    fn search(&mut self, needle: &str) -> String {
        let by_user = self.user_search(needle);
        let as_key = self.bind(needle.replace(' ', "_"));
        let needle = self.bind(needle.to_owned());
        let by_action = in_terms(
            Kind::Action,
            &format!("livetrail_contains(text, {needle}) OR livetrail_contains(text, {as_key})"),
        );
        format!("{by_user} OR a.action IN ({by_action}) OR instr(a.ip_address, {needle}) > 0")
    }
}

fn all_of(parts: &[String]) -> String {
    if parts.is_empty() { "TRUE".into() } else { parts.join(" AND ") }
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
        TextField::TargetUserId => ("a.target_user_id", None),
        TextField::SessionId => ("a.session_id", None),
        TextField::RequestId => ("a.request_id", None),
        TextField::TraceId => ("a.trace_id", None),
        TextField::TargetResourceId => ("a.target_resource_id", None),
    }
}
