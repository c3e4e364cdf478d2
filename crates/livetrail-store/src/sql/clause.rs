use super::{Dialect, Value};
use ipnet::IpNet;
use livetrail_types::{Choice, Condition, Filter, Networks, Sought, StatusPattern, TextField, actions};
use std::collections::BTreeSet;

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
            Condition::Status(choice) => self.choice(dialect.status(), choice, Self::statuses),
            Condition::Address(choice) => self.choice("a.ip_address", choice, Self::networks),
            Condition::Success(choice) => self.flag("a.success", choice),
            Condition::IsAdmin(choice) => self.flag("a.is_admin", choice),
            Condition::Anonymous(choice) => self.flag(&format!("({})", dialect.anonymous()), choice),
            Condition::Delegated(choice) => self.flag(&format!("({})", dialect.delegated()), choice),
            Condition::ReadBy(choice) => self.read_by(choice),
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
            Condition::Search(sought) => self.search(sought),
            Condition::Words(words) => {
                let placeholder = self.bind(Value::Text(words.clone()));
                dialect.has_words(words, &placeholder)
            }
        }
    }

    fn text(&mut self, field: TextField, choice: &Choice<String>) -> String {
        let dialect = self.dialect;
        let column = dialect.column(field);
        self.choice(column, choice, |clause, texts| {
            let list = clause.list(texts.iter().map(|text| Value::Text(text.clone())));
            format!("{column} IN ({})", dialect.members(field, &list))
        })
    }

    fn read_by(&mut self, choice: &Choice<String>) -> String {
        let by = |clause: &mut Self, users: &[String]| {
            let read = Choice::any([actions::ADMIN_VIEW_ACTIVITY_LOGS.to_owned()]);
            let read = clause.text(TextField::ActionType, &read);
            let users = clause.text(TextField::UserId, &Choice::any(users.iter().cloned()));
            format!("({read} AND {users})")
        };
        let mut parts = Vec::new();
        if !choice.any.is_empty() {
            parts.push(by(self, &choice.any));
        }
        if !choice.none.is_empty() {
            parts.push(format!("NOT {}", by(self, &choice.none)));
        }
        all_of(&parts)
    }

    fn flag(&mut self, expression: &str, choice: &Choice<bool>) -> String {
        self.choice(expression, choice, |clause, wanted| {
            let flags = [true, false].into_iter().filter(|flag| wanted.contains(flag));
            let tests: Vec<_> =
                flags.map(|flag| format!("{expression} = {}", clause.bind(Value::Flag(flag)))).collect();
            tests.join(" OR ")
        })
    }

    /// `any` and `none` of values. Each side is one test, which is evaluated once for a row however many values it has.
    fn choice<T>(
        &mut self,
        column: &str,
        choice: &Choice<T>,
        mut is_one_of: impl FnMut(&mut Self, &[T]) -> String,
    ) -> String {
        let mut parts = Vec::new();
        if !choice.any.is_empty() {
            parts.push(format!("({})", is_one_of(self, &choice.any)));
        }
        if !choice.none.is_empty() {
            parts.push(format!("({column} IS NULL OR NOT ({}))", is_one_of(self, &choice.none)));
        }
        all_of(&parts)
    }

    /// Placeholders of values, as a list.
    fn list(&mut self, values: impl IntoIterator<Item = Value>) -> String {
        values.into_iter().map(|value| self.bind(value)).collect::<Vec<_>>().join(", ")
    }

    /// Codes are a list, which databases look up by hash or tree. Classes are at most five ranges.
    fn statuses(&mut self, patterns: &[StatusPattern]) -> String {
        let status = self.dialect.status();
        let (codes, classes): (Vec<_>, Vec<_>) =
            patterns.iter().map(|pattern| pattern.range()).partition(|(first, last)| first == last);
        let classes: BTreeSet<_> = classes.into_iter().collect();
        let mut tests = Vec::new();
        for (first, last) in classes {
            let [first, last] = [first, last].map(|code| self.bind(Value::Number(code.into())));
            tests.push(format!("{status} BETWEEN {first} AND {last}"));
        }
        if !codes.is_empty() {
            let list = self.list(codes.into_iter().map(|(code, _)| Value::Number(code.into())));
            tests.push(format!("{status} IN ({list})"));
        }
        tests.join(" OR ")
    }

    fn networks(&mut self, networks: &[IpNet]) -> String {
        let networks = self.bind(Value::Text(Networks::of(networks).to_string()));
        self.dialect.in_networks(&networks)
    }

    fn search(&mut self, sought: &Sought) -> String {
        let part_of_action = self.bind(Value::Text(sought.part_of_action()));
        let part = self.bind(Value::Text(sought.part().to_owned()));
        let dialect = self.dialect;
        let mut ways = vec![
            dialect.user_has(&part),
            dialect.text_has(TextField::ActionType, &part),
            dialect.text_has(TextField::ActionType, &part_of_action),
            dialect.address_has(&part),
        ];
        ways.extend(Sought::part_fields().map(|field| match field {
            TextField::TargetResourceId => dialect.id_has(&part),
            _ => dialect.text_has(field, &part),
        }));
        for (field, text) in sought.exactly() {
            ways.push(self.text(field, &Choice::any([text.to_owned()])));
        }
        if let Some(id) = sought.id() {
            let id = self.bind(Value::Text(id.to_string()));
            ways.push(dialect.has_id(&id));
        }
        if let Some(network) = sought.network() {
            ways.push(self.networks(&[network]));
        }
        ways.join(" OR ")
    }
}

fn all_of(parts: &[String]) -> String {
    if parts.is_empty() { "TRUE".into() } else { parts.join(" AND ") }
}
