//! The operators for columns that have turned to text are in the log's schema, and a session finds them by its
//! search path. Functions that set another path would fail.

use super::{
    super::append::LOG,
    column::{Column, in_order},
    functions::OF_THE_APPLICATION,
    losses::Loss,
};
use crate::Result;
use std::collections::HashMap;
use tokio_postgres::GenericClient;

/// Whether a search path, as a setting has it, names the schema of the log.
fn names_the_schema(path: &str) -> String {
    format!(
        "EXISTS (SELECT FROM unnest(string_to_array({path}, ',')) one WHERE lower(btrim(one, ' \"')) = lower(current_schema()))"
    )
}

/// The columns that need the operators.
fn turned<'a>(
    columns: &'a HashMap<String, Column>,
    ours: &HashMap<String, Column>,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let is_turned = |name: &str, column: &Column| {
        (column.ty == "uuid" || column.enum_name.is_some()) && ours.get(name).is_some_and(Column::holds_text)
    };
    let columns = in_order(columns).into_iter().filter(move |(name, column)| is_turned(name, column));
    columns.map(|(name, column)| (name.as_str(), column.ty.as_str())).collect::<Vec<_>>().into_iter()
}

/// The functions that set a search path without the schema, and whose text compares such a column. Functions in SQL are
/// left out: the database itself says whether they work.
pub(super) async fn losses(
    client: &impl GenericClient,
    columns: &HashMap<String, Column>,
    ours: &HashMap<String, Column>,
) -> Result<Vec<Loss>> {
    // A label in quotes is compared as a text, and `:=`, `=>` compare nothing.
    let literal = r"(?!\s*'[^']*'(\s|;|\)|$))";
    let comparison = format!(
        r#"'\m' || word || '\M"?\s*((=(?!>)|<>|!=){literal}|(NOT\s+)?IN\M(?!\s*\(\s*'')|IS\s+(NOT\s+)?DISTINCT\M)
           |(^|[^:<>])(=(?!>)|<>|!=)\s*("?\w+"?\.)*"?\m' || word || '\M"?(?!::)'"#
    )
    .replace(literal, &literal.replace('\'', "''"))
    .replace("\n           ", "");
    let sql = format!(
        "SELECT DISTINCT proname::text FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
         JOIN pg_language ON pg_language.oid = prolang, LATERAL (SELECT regexp_replace($1::text, '(\\W)', '\\\\\\1', 'g') AS word) of_column
         WHERE lanname NOT IN ('sql', 'c', 'internal') AND {OF_THE_APPLICATION}
           AND EXISTS (SELECT FROM unnest(proconfig) setting WHERE setting LIKE 'search_path=%' AND NOT {})
           AND (prosrc ~* '\\m{LOG}\\M' OR EXISTS (SELECT FROM pg_trigger WHERE tgrelid = '{LOG}'::regclass AND tgfoid = pg_proc.oid))
           AND prosrc ~* ({comparison}) ORDER BY 1",
        names_the_schema("substr(setting, 13)")
    );
    let schema: String = client.query_one("SELECT quote_ident(current_schema())", &[]).await?.get(0);
    let mut found = Vec::new();
    for (name, ty) in turned(columns, ours) {
        let reason = format!(
            "this function compares {name}, which is text in the log, and sets a search_path without the schema {schema}, which has the \
             operators for text and {ty}: name the schema in it, or compare texts ({name}::text = value::text)"
        );
        let rows = client.query(&sql, &[&name]).await?;
        found.extend(rows.iter().map(|row| Loss::new(row.get::<_, String>(0), reason.clone())));
    }
    Ok(found)
}

/// The search path of the application's sessions, if it lacks the schema of the log: then they find no operators.
pub(super) async fn elsewhere(client: &impl GenericClient) -> Result<Option<String>> {
    let sql = format!(
        "SELECT path FROM (SELECT coalesce((SELECT substr(setting, 13) FROM pg_db_role_setting, unnest(setconfig) setting
             WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()) AND setrole = 0
               AND setting LIKE 'search_path=%'),
           (SELECT boot_val FROM pg_settings WHERE name = 'search_path')) AS path) of_sessions
         WHERE NOT {}",
        names_the_schema("path")
    );
    Ok(client.query_opt(&sql, &[]).await?.map(|row| row.get(0)))
}

/// A sentence about the operators, for people.
pub(super) async fn notice(
    client: &impl GenericClient,
    columns: &HashMap<String, Column>,
    ours: &HashMap<String, Column>,
) -> Result<Option<String>> {
    let names: Vec<&str> = turned(columns, ours).map(|(name, _)| name).collect();
    if names.is_empty() {
        return Ok(None);
    }
    let schema: String = client.query_one("SELECT quote_ident(current_schema())", &[]).await?.get(0);
    let way = match elsewhere(client).await? {
        Some(path) => format!(
            "sessions of this database look for them in {path}: have their search_path name it, too (ALTER ROLE … SET search_path = …)"
        ),
        None => "a session whose search_path lacks it has to compare texts".into(),
    };
    let columns = names.join(" and ");
    Ok(Some(format!(
        "the operators that compare {columns} as before are in the schema {schema}; {way}: {}::text = value::text",
        names[0]
    )))
}
