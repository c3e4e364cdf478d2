//! A row of an application's table as a row of the log, in SQL.
//!
//! The row comes as JSON (`r`), so that a column which the application adds or drops later harms no `INSERT` of its
//! own. Every expression has a value for every JSON. It is the activity that an import makes of the same row
//! (`../table/row.rs`), except that a row without a time counts from when it is inserted.

use super::super::{
    adopt::literal,
    table::{FALSE, Form, TRUE},
};
use livetrail_types::{DelegateType, limits};

/// Texts that are cut at a length.
const TEXTS: [(&str, usize); 13] = [
    ("endpoint", limits::ENDPOINT),
    ("http_method", limits::HTTP_METHOD),
    ("error_message", limits::ERROR_MESSAGE),
    ("error_type", limits::ERROR_TYPE),
    ("target_user_id", limits::USER_ID),
    ("target_resource_id", limits::TARGET_ID),
    ("resource_type", limits::RESOURCE_TYPE),
    ("user_agent", limits::USER_AGENT),
    ("session_id", limits::SESSION_ID),
    ("request_id", limits::REQUEST_ID),
    ("trace_id", limits::TRACE_ID),
    ("delegate_id", limits::DELEGATE_ID),
    ("via", limits::VIA),
];
/// Numbers and what they may be.
const NUMBERS: [(&str, i32, i32); 3] =
    [("status_code", 100, 599), ("duration_ms", 0, i32::MAX), ("db_query_count", 0, i32::MAX)];
/// Columns of other logs of Livetrail's form that say nothing of what happened.
const OF_A_PLACE: [&str; 4] = ["position", "created_at", "timestamp_adjusted", "fingerprint"];

/// The columns of the log, and the value of each.
pub(super) fn values(form: &Form) -> Vec<(&'static str, String)> {
    let column = |field: &str| form.mapping.column(field).map(literal);
    let mut values = vec![
        ("id", id(form)),
        ("timestamp", moment(form)),
        ("user_id", format!("coalesce({}, '')", text(column("user_id"), limits::USER_ID))),
        ("action_type", action(column("action_type"))),
        ("success", flag(column("success"), &unless_refused(column("status_code")))),
        ("is_admin", flag(column("is_admin"), "FALSE")),
        ("details", details(form)),
        ("changes", object(column("changes"))),
    ];
    values.extend(TEXTS.map(|(field, most)| (field, text(column(field), most))));
    values.extend(NUMBERS.map(|(field, least, most)| (field, number(column(field), least, most))));
    values.push(("tenant_id", tenant(column("tenant_id"))));
    values.push(("delegate_type", delegate_type(column("delegate_type"), column("delegate_id"))));
    let address = column("ip_address");
    values.push(("ip_address", format!("livetrail_address({})", text(address, limits::ENDPOINT))));
    values
}

/// The id of the activity of a row.
fn id(form: &Form) -> String {
    let column = literal(form.mapping.column("id").unwrap_or_default());
    form.id(&format!("coalesce(r ->> {column}, md5(r::text))"))
}

fn moment(form: &Form) -> String {
    let column = literal(form.mapping.column("timestamp").unwrap_or_default());
    let moment = match &form.zone {
        Some(zone) => format!("(r ->> {column})::timestamp AT TIME ZONE {}", literal(zone)),
        None => format!("(r ->> {column})::timestamptz"),
    };
    format!("coalesce({moment}, now())")
}

fn text(column: Option<String>, most: usize) -> String {
    let Some(column) = column else { return "NULL::text".into() };
    format!(
        "left(CASE WHEN jsonb_typeof(r -> {column}) IN ('string', 'number', 'boolean') THEN r ->> {column} END, {most})"
    )
}

/// A tenant that is too long is none, so that only viewers of all tenants see the row: cut, it could be another tenant.
fn tenant(column: Option<String>) -> String {
    let tenant = text(column, limits::TENANT_ID + 1);
    format!("(SELECT t FROM (SELECT {tenant} AS t) tenant WHERE length(t) <= {})", limits::TENANT_ID)
}

/// One of the known types, beside an id.
fn delegate_type(column: Option<String>, id: Option<String>) -> String {
    let (Some(column), id) = (column, text(id, limits::DELEGATE_ID)) else { return "NULL::text".into() };
    let known = DelegateType::ALL.map(|kind| literal(kind.name())).join(", ");
    format!("CASE WHEN {id} <> '' AND r ->> {column} IN ({known}) THEN r ->> {column} END")
}

fn action(column: Option<String>) -> String {
    let text = text(column, limits::ACTION_TYPE);
    format!(r"regexp_replace(coalesce({text}, ''), '[^A-Za-z0-9_.:-]', '_', 'g')")
}

fn flag(column: Option<String>, otherwise: &str) -> String {
    let Some(column) = column else { return otherwise.into() };
    let any_of = |words: &[&str]| words.iter().map(|word| literal(word)).collect::<Vec<_>>().join(", ");
    format!(
        "CASE WHEN lower(btrim(r ->> {column})) IN ({}) THEN TRUE WHEN lower(btrim(r ->> {column})) IN ({}) THEN FALSE ELSE {otherwise} END",
        any_of(&TRUE),
        any_of(&FALSE),
    )
}

/// What an activity that does not say whether it was successful is taken for.
fn unless_refused(status: Option<String>) -> String {
    format!("coalesce({} < 400, TRUE)", number(status, 100, 599))
}

fn number(column: Option<String>, least: i32, most: i32) -> String {
    let Some(column) = column else { return "NULL::integer".into() };
    format!(
        "(SELECT n::integer FROM (SELECT CASE WHEN r ->> {column} ~ '^-?[0-9]{{1,18}}([.][0-9]{{1,30}})?$' \
         THEN floor((r ->> {column})::numeric + 0.5) END AS n) number WHERE n BETWEEN {least} AND {most})"
    )
}

/// What a column holds, if it is an object or the text of one, or an object of which it is the only value.
fn object(column: Option<String>) -> String {
    let Some(column) = column else { return "NULL::jsonb".into() };
    format!(
        "(SELECT CASE jsonb_typeof(v) WHEN 'object' THEN v WHEN 'null' THEN NULL ELSE jsonb_build_object('value', v) END \
         FROM (SELECT CASE jsonb_typeof(r -> {column}) WHEN 'string' THEN livetrail_json(r ->> {column}) ELSE r -> {column} END AS v) held)"
    )
}

/// The details with what has no field of its own.
fn details(form: &Form) -> String {
    let mut named: Vec<String> = form.mapping.columns().map(literal).collect();
    if !form.has_uuids {
        let id = form.mapping.column("id").map(literal);
        named.retain(|column| Some(column) != id.as_ref());
    }
    named.extend(OF_A_PLACE.map(literal));
    let held = object(form.mapping.column("details").map(literal));
    format!(
        "(SELECT CASE WHEN others IS NULL THEN held ELSE others || coalesce(held, '{{}}') END FROM (SELECT {held} AS held, \
         (SELECT jsonb_object_agg(key, value) FROM jsonb_each(r - ARRAY[{}]) WHERE jsonb_typeof(value) <> 'null') AS others) both_of)",
        named.join(", ")
    )
}
