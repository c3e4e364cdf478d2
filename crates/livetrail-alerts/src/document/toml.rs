use super::{Entry, Node, Place, RuleError, Value};
use livetrail_types::shorten_quotes;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// Reads a document of TOML.
pub(crate) fn from_toml(text: &str) -> Result<Node, RuleError> {
    let lines = Lines(text);
    let table = DeTable::parse(text).map_err(|error| RuleError {
        place: lines.place(error.span().map_or(0, |span| span.start)),
        field: String::new(),
        detail: format!("is not TOML: {}", shorten_quotes(error.message())),
    })?;
    Ok(Node { place: Place { line: 1, column: 1 }, value: lines.table(table.get_ref()) })
}

/// The text, for the places of offsets.
struct Lines<'a>(&'a str);

impl Lines<'_> {
    fn place(&self, offset: usize) -> Place {
        let before = self.0.get(..offset).unwrap_or(self.0);
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        Place {
            line: 1 + before.matches('\n').count(),
            column: 1 + before.get(start..).unwrap_or_default().chars().count(),
        }
    }

    fn table(&self, table: &DeTable<'_>) -> Value {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(name, value)| Entry {
                name: name.get_ref().to_string(),
                place: self.place(name.span().start),
                node: self.node(value),
            })
            .collect();
        entries.sort_by_key(|entry| entry.place);
        Value::Table(entries)
    }

    fn node(&self, value: &Spanned<DeValue<'_>>) -> Node {
        Node { place: self.place(value.span().start), value: self.value(value.get_ref()) }
    }

    fn value(&self, value: &DeValue<'_>) -> Value {
        match value {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map_or_else(|_| Value::Other(number.as_str().to_owned()), Value::Integer),
            DeValue::Float(number) => number
                .as_str()
                .parse()
                .map_or_else(|_| Value::Other(number.as_str().to_owned()), Value::Float),
            DeValue::Boolean(flag) => Value::Flag(*flag),
            DeValue::Datetime(moment) => Value::Other(moment.to_string()),
            DeValue::Array(values) => Value::List(values.iter().map(|value| self.node(value)).collect()),
            DeValue::Table(table) => self.table(table),
        }
    }
}
