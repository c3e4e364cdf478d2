//! Which column of an application's table holds which field of an activity.

use crate::{Result, StoreError};
use livetrail_types::{field_name, is_given_by_livetrail};
use std::collections::HashMap;

/// What columns are called in tables that record what users do, beside the fields' own names and their aliases. The
/// first that a table has is taken.
const OTHER_NAMES: [(&str, &[&str]); 13] = [
    (
        "timestamp",
        &["occurred_at", "logged_at", "performed_at", "event_time", "created_at", "created", "date", "time"],
    ),
    (
        "user_id",
        &[
            "actor_id",
            "performed_by",
            "causer_id",
            "account_id",
            "admin_id",
            "user_uuid",
            "userid",
            "user",
            "actor",
        ],
    ),
    (
        "action_type",
        &["action", "event_type", "event", "activity_type", "activity", "operation", "verb", "type"],
    ),
    (
        "target_resource_id",
        &["entity_id", "object_id", "resource_id", "subject_id", "record_id", "auditable_id"],
    ),
    (
        "resource_type",
        &["entity_type", "object_type", "subject_type", "auditable_type", "entity", "table_name", "resource"],
    ),
    ("target_user_id", &["target_id"]),
    ("details", &["metadata", "properties", "payload", "context", "meta", "data", "extra"]),
    ("ip_address", &["ip", "client_ip", "remote_addr", "remote_ip"]),
    ("endpoint", &["path", "route", "url", "uri"]),
    ("http_method", &["method", "request_method"]),
    ("status_code", &["response_status", "http_status"]),
    ("error_message", &["error"]),
    ("duration_ms", &["response_time_ms", "response_time"]),
];
/// Fields without which there is no activity.
const NEEDED: [&str; 3] = ["timestamp", "user_id", "action_type"];

/// The columns of the fields; a column of none of them goes into the details.
#[derive(Debug)]
pub(in super::super) struct Mapping {
    fields: HashMap<&'static str, String>,
}

impl Mapping {
    /// Takes what was `chosen` (`field`, `column`), and guesses the other fields by the names of the table's `columns`.
    pub(in super::super) fn of(table: &str, columns: &[String], chosen: &[(String, String)]) -> Result<Self> {
        let unusable = |reason: String| Err(StoreError::Unusable(format!("the table {table} {reason}")));
        let list = columns.join(", ");
        let mut fields: HashMap<&'static str, String> = HashMap::new();
        for (field, column) in chosen {
            let Some(known) = field_name(field) else {
                return unusable(format!(
                    "cannot be read: --column {field}={column}: an activity has no field {field}"
                ));
            };
            if !columns.contains(column) {
                return unusable(format!(
                    "has no column {column}, which --column {field}={column} names; it has {list}"
                ));
            }
            fields.insert(known, column.clone());
        }
        let is_free =
            |column: &&String, fields: &HashMap<_, String>| !fields.values().any(|taken| taken == *column);
        for column in columns {
            let is_meant =
                |field: &&str| !is_given_by_livetrail(field) && !["adminId", "metadata"].contains(field);
            if let Some(field) = field_name(column).filter(is_meant)
                && is_free(&column, &fields)
            {
                fields.entry(field).or_insert_with(|| column.clone());
            }
        }
        for (field, names) in OTHER_NAMES {
            let named = |name: &&str| columns.iter().find(|column| snake_case(column) == **name);
            let found = names.iter().filter_map(named).find(|column| is_free(column, &fields)).cloned();
            if let Some(found) = found.filter(|_| !fields.contains_key(field)) {
                fields.insert(field, found);
            }
        }
        let missing: Vec<&str> = NEEDED.into_iter().filter(|field| !fields.contains_key(field)).collect();
        if !missing.is_empty() {
            let options: Vec<String> =
                missing.iter().map(|field| format!("--column {field}=COLUMN")).collect();
            return unusable(format!(
                "has no column that is clearly the {}: name it by {}; it has {list}",
                missing.join(" or the "),
                options.join(" ")
            ));
        }
        Ok(Self { fields })
    }

    /// Has a column hold a field that none holds.
    pub(super) fn insert(&mut self, field: &'static str, column: String) {
        self.fields.entry(field).or_insert(column);
    }

    /// The column of a field.
    pub(in super::super) fn column(&self, field: &str) -> Option<&str> {
        self.fields.get(field).map(String::as_str)
    }

    /// All columns that hold a field.
    pub(in super::super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.fields.values().map(String::as_str)
    }

    /// The field of a column.
    pub(in super::super) fn field(&self, column: &str) -> Option<&'static str> {
        self.fields.iter().find(|(_, of)| *of == column).map(|(field, _)| *field)
    }

    /// The fields whose columns have other names, as `field=column`, in the order of the fields' names.
    pub(in super::super) fn renamed(&self) -> Vec<String> {
        let renamed = self.fields.iter().filter(|(field, column)| *field != column);
        let mut renamed: Vec<String> = renamed.map(|(field, column)| format!("{field}={column}")).collect();
        renamed.sort_unstable();
        renamed
    }
}

fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for char in name.chars() {
        if char.is_ascii_uppercase() && snake.ends_with(|before: char| before.is_ascii_lowercase()) {
            snake.push('_');
        }
        snake.push(char.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped(columns: &str, chosen: &[(&str, &str)]) -> Result<String> {
        let columns: Vec<String> = columns.split(' ').map(str::to_owned).collect();
        let chosen: Vec<_> =
            chosen.iter().map(|(field, column)| ((*field).into(), (*column).into())).collect();
        Mapping::of("audit", &columns, &chosen).map(|mapping| mapping.renamed().join(" "))
    }

    #[test]
    fn fields_are_found_by_the_names_that_such_tables_use() {
        for (columns, wanted) in [
            ("id user_id action_type timestamp success", ""),
            ("id user_id action_type ip_address timestamp created_at", ""),
            ("id user_id action_type metadata created_at", "details=metadata timestamp=created_at"),
            (
                "id userId action entityType createdAt",
                "action_type=action resource_type=entityType timestamp=createdAt user_id=userId",
            ),
            (
                "id causer_id event subject_type subject_id properties created_at ip",
                "action_type=event details=properties ip_address=ip resource_type=subject_type target_resource_id=subject_id \
                 timestamp=created_at user_id=causer_id",
            ),
        ] {
            assert_eq!(mapped(columns, &[]).expect("a mapping"), wanted, "{columns}");
        }
    }

    #[test]
    fn what_is_chosen_counts_and_what_is_missing_is_named_with_the_option() {
        assert_eq!(
            mapped(
                "id who what at action",
                &[("user_id", "who"), ("action_type", "what"), ("timestamp", "at")]
            )
            .expect("a mapping"),
            "action_type=what timestamp=at user_id=who"
        );
        for (columns, chosen, words) in [
            (
                "id what at",
                &[][..],
                "the timestamp or the user_id or the action_type: name it by --column timestamp=COLUMN",
            ),
            ("id user_id action time", &[("user", "user_id")], "an activity has no field user"),
            ("id user_id action time", &[("user_id", "who")], "has no column who"),
        ] {
            let refusal = mapped(columns, chosen).expect_err("a refusal").to_string();
            assert!(refusal.contains(words), "{refusal}");
        }
    }
}
