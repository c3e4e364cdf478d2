//! Rows that the application inserts after the adoption are completed as its old table would have done.

use super::{
    column::{Column, completed, literal, quoted},
    uuids,
};
use std::collections::HashMap;

/// A text that the type UUID accepts, in any of its forms.
const UUID: &str = "^([0-9a-fA-F]{4}-?){7}[0-9a-fA-F]{4}$|^\\{([0-9a-fA-F]{4}-?){7}[0-9a-fA-F]{4}\\}$";

/// The statements that have the application's next rows completed. Where the old table took null, its next INSERT may
/// rely on that. Where the old table had a UUID, every form of one has to stay equal to the others.
pub(super) fn complete(columns: &HashMap<String, Column>, ours: &HashMap<String, Column>) -> String {
    let instead = |(name, instead): (&str, &str)| {
        let name = quoted(name);
        format!("NEW.{name} := coalesce(NEW.{name}, {instead});")
    };
    let normal = |name: &str| {
        let name = quoted(name);
        format!(
            "IF NEW.{name} OPERATOR(pg_catalog.~) {} THEN NEW.{name} := NEW.{name}::pg_catalog.uuid::text; END IF;",
            literal(UUID)
        )
    };
    let set = completed(columns, ours).into_iter().map(instead);
    let set: String = set.chain(uuids::turned(columns, ours).into_iter().map(normal)).collect();
    if set.is_empty() {
        return String::new();
    }
    let body = literal(&format!("BEGIN {set} RETURN NEW; END"));
    format!(
        "CREATE FUNCTION livetrail_complete() RETURNS trigger LANGUAGE plpgsql AS {body};
         CREATE TRIGGER livetrail_complete BEFORE INSERT ON activity_logs_incoming FOR EACH ROW EXECUTE FUNCTION livetrail_complete();"
    )
}
