use super::{Dialect, Value};
use ipnet::IpNet;
use livetrail_types::{Choice, Condition, Filter, StatusPattern, TextField};

/// Conditions over the log joined by AND, and the values of their placeholders.
pub(crate) struct Clause<'a> {
    dialect: &'a dyn Dialect,
    sql: String,
    values: Vec<Value>,
}

impl<'a> Clause<'a> {
    /// The part of the log up to and with `head` that `filter` means.
    pub(crate) fn of(dialect: &'a dyn Dialect, filter: &Filter, head: u64) -> Self {
        let mut clause = Self { dialect, sql: String::new(), values: Vec::new() };
        let head = clause.bind(Value::Number(i64::try_from(head).unwrap_or(i64::MAX)));
        clause.sql = format!("{} BETWEEN 1 AND {head}", dialect.position());
        for condition in filter.conditions() {
            let sql = clause.condition(condition);
            clause.and(&sql);
        }
        clause
    }

    pub(crate) fn and(&mut self, condition: &str) {
        self.sql.push_str(" AND (");
        self.sql.push_str(condition);
        self.sql.push(')');
    }

    /// Adds a value and returns the placeholder that stands for it.
    pub(crate) fn bind(&mut self, value: Value) -> String {
        let placeholder = self.dialect.placeholder(self.values.len() + 1, &value);
        self.values.push(value);
        placeholder
    }

    pub(crate) fn sql(&self) -> &str {
        &self.sql
    }

    pub(crate) fn values(&self) -> &[Value] {
        &self.values
    }

    pub(crate) fn dialect(&self) -> &'a dyn Dialect {
        self.dialect
    }

    fn condition(&mut self, condition: &Condition) -> String {
        let dialect = self.dialect;
        match condition {
            Condition::Text(field, choice) => self.text(*field, choice),
            Condition::Status(choice) => {
                self.choice(dialect.status(), choice, |clause, pattern| clause.status(*pattern))
            }
            Condition::Address(choice) => self.choice("a.ip_address", choice, Self::network),
            Condition::Success(choice) => self.flag("a.success", choice),
            Condition::IsAdmin(choice) => self.flag("a.is_admin", choice),
            Condition::Anonymous(choice) => self.flag(&format!("({})", dialect.anonymous()), choice),
            Condition::From(moment) => {
                let moment = self.bind(Value::Moment(*moment));
                format!("{} >= {moment}", dialect.sort_column(Default::default()))
            }
            Condition::Until(moment) => {
                let moment = self.bind(Value::Moment(*moment));
                format!("{} <= {moment}", dialect.sort_column(Default::default()))
            }
            Condition::UserSearch(needle) => {
                let needle = self.bind(Value::Text(needle.clone()));
                dialect.user_has(&needle)
            }
            Condition::Search(needle) => self.search(needle),
            Condition::Words(words) => {
                let placeholder = self.bind(Value::Text(words.clone()));
                dialect.has_words(words, &placeholder)
            }
        }
    }

    fn text(&mut self, field: TextField, choice: &Choice<String>) -> String {
        let dialect = self.dialect;
        let column = dialect.column(field);
        let one_of = |clause: &mut Self, texts: &[String]| {
            let list: Vec<_> = texts.iter().map(|text| clause.bind(Value::Text(text.clone()))).collect();
            dialect.members(field, &list.join(", "))
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
        self.choice(expression, choice, |clause, wanted| {
            format!("{expression} = {}", clause.bind(Value::Flag(*wanted)))
        })
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
        let [first, last] = [first, last].map(|code| self.bind(Value::Number(code.into())));
        format!("{} BETWEEN {first} AND {last}", self.dialect.status())
    }

    fn network(&mut self, network: &IpNet) -> String {
        let network = self.bind(Value::Text(network.to_string()));
        self.dialect.in_network(&network)
    }

    /// People type "failed login" where the key is `failed_login`.
    fn search(&mut self, needle: &str) -> String {
        let as_key = self.bind(Value::Text(needle.replace(' ', "_")));
        let needle = self.bind(Value::Text(needle.to_owned()));
        let dialect = self.dialect;
        [
            dialect.user_has(&needle),
            dialect.action_has(&needle),
            dialect.action_has(&as_key),
            dialect.address_has(&needle),
        ]
        .join(" OR ")
    }
}

fn all_of(parts: &[String]) -> String {
    if parts.is_empty() { "TRUE".into() } else { parts.join(" AND ") }
}
