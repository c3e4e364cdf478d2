//! Columns of enums of the application, which are text in the log: the API stores values that are not labels of the
//! enum.
//!
//! `INSERT` casts a label to text by itself. Comparisons need operators of their own: PostgreSQL has none between a
//! text and an enum. The column is always the left operand. Operators with the enum on the left would also be chosen
//! for `enum_column = 'label'` in other tables of the application, where no index could serve them.
//!
//! A function of the application that takes the enum goes on to take the column by an implicit cast. The cast is made
//! only where there is such a function.

use super::{
    column::{Column, in_order, literal},
    functions::OF_THE_APPLICATION,
    losses::Loss,
    operators::{Comparison, DIFFERS, EQUALS, operator},
};
use crate::Result;
use std::collections::{BTreeMap, HashMap};
use tokio_postgres::GenericClient;

const OF_LABELS: [Comparison; 2] = [EQUALS, DIFFERS];
const OF_THEIR_ORDER: [Comparison; 4] = [
    ("livetrail_before", "<", ">=", "scalarlt"),
    ("livetrail_up_to", "<=", ">", "scalarle"),
    ("livetrail_after", ">", "<=", "scalargt"),
    ("livetrail_from", ">=", "<", "scalarge"),
];

/// An enum that turns into text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Enum<'a> {
    /// As the application writes it.
    ty: &'a str,
    /// With its schema: the application's statements may have another search path.
    name: &'a str,
}

/// The enums that turn into text, each with its columns.
fn turned<'a>(
    columns: &'a HashMap<String, Column>,
    ours: &HashMap<String, Column>,
) -> BTreeMap<Enum<'a>, Vec<&'a str>> {
    let mut turned: BTreeMap<Enum<'_>, Vec<&str>> = BTreeMap::new();
    for (name, column) in in_order(columns) {
        if let Some(enum_name) = &column.enum_name
            && ours.get(name).is_some_and(Column::holds_text)
        {
            turned.entry(Enum { ty: &column.ty, name: enum_name }).or_default().push(name);
        }
    }
    turned
}

/// The statements that make the operators and casts.
pub(super) fn operators(columns: &HashMap<String, Column>, ours: &HashMap<String, Column>) -> String {
    let of_type = |one: &Enum<'_>| {
        let ty = one.name;
        let place = |label: &str| {
            format!("pg_catalog.array_position(pg_catalog.enum_range(NULL::{ty})::text[], {label})")
        };
        let of_labels = OF_LABELS.map(|sign| operator(("TEXT", ty), sign, ("$1", "$2::text"), "STABLE"));
        let of_their_order = OF_THEIR_ORDER
            .map(|sign| operator(("TEXT", ty), sign, (&place("$1"), &place("$2::text")), "STABLE"));
        of_labels.concat() + &of_their_order.concat() + &cast(ty)
    };
    turned(columns, ours).keys().map(of_type).collect()
}

/// The statement that makes the cast, if a function needs it, this role may, and no function has another one of its
/// name, which the database could choose then.
fn cast(ty: &str) -> String {
    let (taking, overloaded, may_cast) = (taking(ty), overloaded(ty), may_cast(ty));
    let body = format!(
        "BEGIN
           IF EXISTS ({taking}) AND NOT EXISTS ({overloaded}) AND ({may_cast}) AND NOT EXISTS (SELECT FROM pg_cast
               WHERE castsource = 'text'::regtype AND casttarget = to_regtype({})) THEN
             CREATE CAST (text AS {ty}) WITH INOUT AS IMPLICIT;
             COMMENT ON CAST (text AS {ty}) IS 'made by Livetrail';
           END IF;
         END",
        literal(ty)
    );
    format!("DO {};", literal(&body))
}

/// The functions of the application that take a value of the type.
fn taking(ty: &str) -> String {
    format!(
        "SELECT DISTINCT proname::text FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
         WHERE to_regtype({}) = ANY(proargtypes) AND {OF_THE_APPLICATION}",
        literal(ty)
    )
}

/// Those of which there is another one with the same name and number of arguments.
fn overloaded(ty: &str) -> String {
    format!(
        "{} AND EXISTS (SELECT FROM pg_proc other WHERE other.proname = pg_proc.proname AND other.pronargs = pg_proc.pronargs
           AND other.oid <> pg_proc.oid)",
        taking(ty)
    )
}

/// Only the owner of a type may make a cast to it.
fn may_cast(ty: &str) -> String {
    format!("SELECT pg_has_role(typowner, 'USAGE') FROM pg_type WHERE oid = to_regtype({})", literal(ty))
}

/// The functions that cannot take the column as before.
pub(super) async fn losses(
    client: &impl GenericClient,
    columns: &HashMap<String, Column>,
    ours: &HashMap<String, Column>,
) -> Result<Vec<Loss>> {
    let mut lost = Vec::new();
    for (Enum { ty, name }, names) in turned(columns, ours) {
        let may_cast: bool = client.query_one(&may_cast(name), &[]).await?.get(0);
        let overloaded = client.query(&overloaded(name), &[]).await?;
        let overloaded = overloaded.iter().map(|row| row.get(0)).collect::<Vec<String>>().join(", ");
        if may_cast && overloaded.is_empty() {
            continue;
        }
        let names = names.join(" and ");
        let why = if may_cast {
            format!("and the adoption makes no cast, because there are others of the name {overloaded}: cast")
        } else {
            "which only the owner of the type may have cast: connect as a member of that role, or cast".into()
        };
        let reason =
            format!("this function takes {ty}, and {names} turns to text, {why} the column in each call");
        let rows = client.query(&taking(name), &[]).await?;
        lost.extend(rows.iter().map(|row| Loss::new(row.get::<_, String>(0), reason.clone())));
    }
    Ok(lost)
}

/// Sentences about the columns, for people.
pub(super) fn notices(columns: &HashMap<String, Column>, ours: &HashMap<String, Column>) -> Vec<String> {
    let notice = |(Enum { ty, .. }, names): (Enum<'_>, Vec<&str>)| {
        format!(
            "{} turns from {ty} to text, because the API stores other values, too: labels of {ty}, and no other texts, can be inserted by SQL, \
             and compared as before (whole rows and arrays need a cast), and functions take the column; it is sorted as text, and by its labels with \
             ORDER BY array_position(enum_range(NULL::{ty})::text[], {})",
            names.join(" and "),
            names.first().unwrap_or(&"")
        )
    };
    turned(columns, ours).into_iter().map(notice).collect()
}
