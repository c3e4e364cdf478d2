use super::{directory::Users, rows};
use crate::sql::{self, Clause, Value};
use livetrail_types::{GroupBy, SortBy, TextField};
use std::collections::HashMap;
use tokio_postgres::types::ToSql;

/// PostgreSQL. Upper and lower case are told apart by Unicode's rules whatever the database's locale is, as the
/// vocabulary has it.
pub(super) struct Dialect<'a> {
    /// The log, or a view of it, as `a`.
    pub(super) log: &'static str,
    /// The application's own table of users.
    pub(super) users: &'a Users,
    /// For each text that is searched for, the positions that have its words. No expression of PostgreSQL splits words
    /// as the vocabulary does, so the vocabulary has checked every row that may have them.
    pub(super) words: HashMap<String, Vec<i64>>,
}

/// The column [`folded`](livetrail_types::folded), by the same steps. Text of ASCII alone, which most is, needs none
/// but the last.
pub(super) fn folded(column: &str) -> String {
    let cased = |case: &str, text: &str| format!(r#"{case}({text} COLLATE "und-x-icu")"#);
    let text = cased("lower", &cased("upper", &cased("lower", column)));
    format!(
        "CASE WHEN octet_length({column}) = length({column}) THEN lower({column} COLLATE \"C\") COLLATE \"und-x-icu\" \
         ELSE normalize(replace(replace({text}, 'ς', 'σ'), 'i\u{307}', 'i'), NFC) END"
    )
}

fn contains(column: &str, needle: &str) -> String {
    format!("strpos({}, {needle}) > 0", folded(column))
}

/// Whether a profile's e-mail address or name contains the needle.
fn is_named(email: &str, name: &str, needle: &str) -> String {
    format!("(coalesce({}, false) OR coalesce({}, false))", contains(email, needle), contains(name, needle))
}

/// The statements that find the profiles whose e-mail address or name contains the needle. One finds those of the API,
/// which have tenants, and one those of the application's table, which have none. What Livetrail was told of a user
/// counts instead of what the application's table says.
pub(super) fn named_profiles(users: &Users, needle: &str) -> (String, Option<String>) {
    let told = format!(
        "SELECT tenant, user_id FROM livetrail_users WHERE {}",
        is_named("email", "display_name", needle)
    );
    let of_application = users.as_sql().map(|users| {
        format!(
            "SELECT u.user_id FROM ({users}) u WHERE {} AND NOT EXISTS \
             (SELECT FROM livetrail_users own WHERE own.tenant = '' AND own.user_id = u.user_id)",
            is_named("u.email", "u.display_name", needle)
        )
    });
    (told, of_application)
}

impl sql::Dialect for Dialect<'_> {
    fn placeholder(&self, n: usize, value: &Value) -> String {
        let ty = match value {
            Value::Number(_) => "int8",
            Value::Text(_) => "text",
            Value::Flag(_) => "bool",
            Value::Moment(_) => "timestamptz",
        };
        format!("${n}::{ty}")
    }

    fn log(&self) -> &'static str {
        self.log
    }

    /// Partitions are by position.
    fn position(&self) -> &'static str {
        "a.position"
    }

    fn column(&self, field: TextField) -> &'static str {
        match field {
            TextField::ActionType => "a.action_type",
            TextField::UserId => "a.user_id",
            TextField::ResourceType => "a.resource_type",
            TextField::Endpoint => "a.endpoint",
            TextField::HttpMethod => "a.http_method",
            TextField::TenantId => "a.tenant_id",
            TextField::DelegateId => "a.delegate_id",
            TextField::Via => "a.via",
            TextField::TargetUserId => "a.target_user_id",
            TextField::SessionId => "a.session_id",
            TextField::RequestId => "a.request_id",
            TextField::TraceId => "a.trace_id",
            TextField::TargetResourceId => "a.target_resource_id",
        }
    }

    fn members(&self, _: TextField, texts: &str) -> String {
        texts.to_owned()
    }

    fn sort_column(&self, by: SortBy) -> &'static str {
        match by {
            SortBy::Timestamp => "a.timestamp",
            SortBy::ActionType => r#"a.action_type COLLATE "C""#,
            SortBy::DurationMs => "a.duration_ms",
            SortBy::StatusCode => rows::STATUS,
        }
    }

    fn status(&self) -> &'static str {
        rows::STATUS
    }

    fn anonymous(&self) -> String {
        "starts_with(a.user_id, 'anon-')".into()
    }

    /// An application's SQL may insert an empty id, which names no party.
    fn delegated(&self) -> &'static str {
        "coalesce(a.delegate_id, '') <> ''"
    }

    /// `width_bucket` finds by binary search how many edges there are up to an address; see
    /// [`Networks`](livetrail_types::Networks). The subquery has the edges read once for the statement and not for each
    /// row. An `inet` may carry a network's length; what is asked about is the address alone.
    fn in_networks(&self, networks: &str) -> String {
        format!(
            "width_bucket(host(a.ip_address)::inet, (SELECT string_to_array({networks}, ',')::inet[])) % 2 = 1"
        )
    }

    fn user_has(&self, needle: &str) -> String {
        let (told, of_application) = named_profiles(self.users, needle);
        let mut ways = vec![
            contains("a.user_id", needle),
            // A profile belongs to the user of that id in its own tenant only.
            format!("(coalesce(a.tenant_id, ''), a.user_id) IN ({told})"),
        ];
        let of_no_tenant = |users| format!("a.tenant_id IS NULL AND a.user_id IN ({users})");
        ways.extend(of_application.map(of_no_tenant));
        ways.join(" OR ")
    }

    fn text_has(&self, field: TextField, needle: &str) -> String {
        contains(self.column(field), needle)
    }

    fn id_has(&self, needle: &str) -> String {
        let id = self.column(TextField::TargetResourceId);
        let part = contains(id, needle);
        format!("CASE WHEN {id} ~ '^[0-9a-f-]{{20,}}$' THEN {id} = {needle} ELSE {part} END")
    }

    fn has_id(&self, id: &str) -> String {
        format!("a.id = {id}::uuid")
    }

    fn address_has(&self, needle: &str) -> String {
        format!("coalesce(strpos(host(a.ip_address), {needle}) > 0, false)")
    }

    fn has_words(&self, words: &str, placeholder: &str) -> String {
        let found = self.words.get(words).map(Vec::as_slice).unwrap_or_default();
        let list: Vec<String> = found.iter().map(i64::to_string).collect();
        // The placeholder stays, since the statement is given its value.
        format!("a.position = ANY('{{{}}}'::int8[]) AND {placeholder} IS NOT NULL", list.join(","))
    }

    fn users(&self, condition: &str) -> String {
        format!(
            "SELECT count(*), count(CASE WHEN starts_with(user_id, 'anon-') THEN 1 END) \
             FROM (SELECT DISTINCT a.user_id FROM {} WHERE {condition}) users",
            self.log()
        )
    }

    fn top_action(&self, condition: &str) -> String {
        format!(
            "SELECT a.action_type FROM {} WHERE {condition} GROUP BY a.action_type \
             ORDER BY count(*) DESC, a.action_type COLLATE \"C\" LIMIT 1",
            self.log()
        )
    }

    fn group_key(&self, by: GroupBy) -> String {
        match by {
            GroupBy::ActionType => "a.action_type".into(),
            GroupBy::UserId => "a.user_id".into(),
            GroupBy::StatusCode => rows::STATUS.into(),
            GroupBy::HttpMethod => "a.http_method".into(),
            GroupBy::Endpoint => "a.endpoint".into(),
            GroupBy::ResourceType => "a.resource_type".into(),
            GroupBy::IpAddress => "host(a.ip_address)".into(),
            GroupBy::TenantId => "a.tenant_id".into(),
            GroupBy::DelegateId => "a.delegate_id".into(),
            GroupBy::Via => "a.via".into(),
            GroupBy::DurationMs => "a.duration_ms".into(),
            // The time of an external row may be infinite.
            GroupBy::Seconds(width) => format!(
                "(CASE WHEN isfinite(a.timestamp) THEN floor(extract(epoch FROM a.timestamp) / {width})::int8 * {width} END)",
                width = width.max(1)
            ),
        }
    }

    fn key_text(&self, _: GroupBy, name: &str) -> String {
        format!("{name}::text COLLATE \"C\"")
    }
}

/// The clause's values, for a statement.
pub(super) fn parameters<'a>(clause: &'a Clause<'_>) -> Vec<&'a (dyn ToSql + Sync)> {
    clause.values().iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters of Unicode 15, which the ICU of every PostgreSQL knows; surrogates are none, and PostgreSQL has no null
    /// character.
    #[test]
    fn every_letter_is_folded_as_the_vocabulary_folds_it() {
        let database = private_postgres::database();
        let sql = format!(
            "SELECT n, encode(convert_to({}, 'UTF8'), 'hex') FROM generate_series(1, 66639) n, LATERAL (SELECT 'a' || chr(n) || 'ΑΣ' AS c) one \
             WHERE n NOT BETWEEN 55296 AND 57343 AND n NOT BETWEEN 42944 AND 43007 AND n NOT IN (7305, 7306)",
            folded("c")
        );
        let mut count = 0;
        for line in database.psql(&sql).lines() {
            let (n, hex) = line.split_once('|').expect("two columns");
            let letter = n.parse().ok().and_then(char::from_u32).expect("a character");
            let wanted: String = livetrail_types::folded(&format!("a{letter}ΑΣ"))
                .bytes()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            assert_eq!(hex, wanted, "U+{:04X} {letter}", u32::from(letter));
            count += 1;
        }
        assert!(count > 60_000);
    }
}
