//! Columns of UUIDs of the application, which are text in the log: ids of users may be any text.
//!
//! The application goes on to compare such a column with UUIDs: parameters, ids of its users, `auth.uid()` in policies.
//! PostgreSQL has no operator between a text and a UUID, so these change no other comparison. A literal is taken for
//! the type of the other side, as before.

use super::{
    column::{Column, in_order},
    operators::{DIFFERS, EQUALS, operator},
};
use std::collections::HashMap;

/// The columns that turn into text.
pub(super) fn turned<'a>(
    columns: &'a HashMap<String, Column>,
    ours: &HashMap<String, Column>,
) -> Vec<&'a str> {
    let is_turned = |(name, column): &(&String, &Column)| {
        column.ty == "uuid" && ours.get(*name).is_some_and(Column::holds_text)
    };
    in_order(columns).into_iter().filter(is_turned).map(|(name, _)| name.as_str()).collect()
}

/// The statements that make the operators, unless the application has made its own.
pub(super) fn operators(columns: &HashMap<String, Column>, ours: &HashMap<String, Column>) -> String {
    if turned(columns, ours).is_empty() {
        return String::new();
    }
    let sides = [("TEXT", "UUID", "$1", "$2::text"), ("UUID", "TEXT", "$1::text", "$2")];
    let of_a_side = |(left, right, left_value, right_value)| {
        let made = [EQUALS, DIFFERS]
            .map(|one| operator((left, right), one, (left_value, right_value), "IMMUTABLE"))
            .concat();
        format!(
            "DO $livetrail$ BEGIN
               IF to_regoperator('=({left},{right})') IS NULL AND to_regoperator('<>({left},{right})') IS NULL THEN {made} END IF;
             END $livetrail$;"
        )
    };
    sides.map(of_a_side).concat()
}

/// A sentence about the columns, for people.
pub(super) fn notice(columns: &HashMap<String, Column>, ours: &HashMap<String, Column>) -> Option<String> {
    let turned = turned(columns, ours);
    (!turned.is_empty()).then(|| {
        format!(
            "{} turn from uuid to text, and are compared with UUIDs and with texts by = and <>; coalesce, CASE, UNION, USING, < and comparisons of \
             whole rows with a UUID need a cast. Each form of a UUID that the application inserts becomes the usual one, in lower case with \
             hyphens: a text that it compares has to be in that form, or be cast to uuid",
            turned.join(" and ")
        )
    })
}
