//! The definitions of the application's views as they were before the adoption.
//!
//! The database leaves out a cast that does nothing. A cast of a UUID or an enum to text does nothing in the log. So
//! the definition that a view has there would give its columns other types over the table as it was.

use super::super::{
    super::append::LOG,
    column::literal,
    defined::{DEPARSE_IN_FULL, Names},
    views::DEPENDENTS,
};
use crate::Result;
use std::collections::HashMap;
use tokio_postgres::{GenericClient, Transaction};

/// The setting that holds each view's name, and its definition before and after the adoption.
const SETTING: &str = "adoption_views";

/// The statements that remember the definitions. The application's table still has its name, and the views are made
/// over the log when the statements run.
pub(super) async fn remember(client: &impl GenericClient) -> Result<String> {
    let Names { schema, search_path } = Names::find(client).await?;
    client.batch_execute(DEPARSE_IN_FULL).await?;
    let rows = client.query(DEPENDENTS, &[&format!("{schema}.{LOG}")]).await?;
    client.batch_execute(&search_path).await?;
    let view = |row: &tokio_postgres::Row| {
        let definition: Option<&str> = row.get(5);
        definition.map(|definition| format!("({}, {})", literal(row.get(2)), literal(definition)))
    };
    let views: Vec<String> = rows.iter().filter_map(view).collect();
    if views.is_empty() {
        return Ok(String::new());
    }
    Ok(format!(
        "{DEPARSE_IN_FULL} INSERT INTO {schema}.livetrail_settings
         SELECT '{SETTING}', convert_to(jsonb_agg(jsonb_build_array(name, before, pg_get_viewdef(to_regclass(name))))::text, 'UTF8')
         FROM (VALUES {}) AS view (name, before) WHERE to_regclass(name) IS NOT NULL HAVING count(*) > 0; {search_path}",
        views.join(", ")
    ))
}

/// The definitions before the adoption of the views that were not changed since, by the numbers of the views.
pub(super) async fn unchanged(client: &Transaction<'_>) -> Result<HashMap<i64, String>> {
    let Names { schema, search_path } = Names::find(client).await?;
    let sql = format!(
        "SELECT to_regclass(view ->> 0)::oid::bigint, view ->> 1
         FROM {schema}.livetrail_settings, jsonb_array_elements(convert_from(value, 'UTF8')::jsonb) view
         WHERE name = '{SETTING}' AND to_regclass(view ->> 0) IS NOT NULL AND pg_get_viewdef(to_regclass(view ->> 0)) = view ->> 2"
    );
    client.batch_execute(DEPARSE_IN_FULL).await?;
    let rows = client.query(&sql, &[]).await?;
    client.batch_execute(&search_path).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}
