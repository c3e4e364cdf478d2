//! What the application has defined on its table since the adoption. An undo would lose it in silence, so the undo is
//! refused until the old table is changed in the same way.

use super::{super::append::LOG, KEPT, column::literal};
use crate::{Result, StoreError};
use tokio_postgres::{GenericClient, Transaction};

/// The setting that holds the definitions of both tables as they were after the adoption.
const SETTING: &str = "adoption_defined";

/// The statements that remember the definitions. The tables have their new names by then.
pub(super) async fn remember(client: &impl GenericClient) -> Result<String> {
    let Names { schema, search_path } = Names::find(client).await?;
    Ok(format!(
        "{DEPARSE_IN_FULL} INSERT INTO {schema}.livetrail_settings
         SELECT '{SETTING}', convert_to(jsonb_build_object('log', {}, 'kept', {})::text, 'UTF8'); {search_path}",
        definitions(&schema, LOG),
        definitions(&schema, KEPT)
    ))
}

/// Refuses an undo that would lose a definition. A definition is lost if it is another one than after the adoption, and
/// the old table has neither the same one nor a change of its own.
pub(super) async fn refuse_what_would_be_lost(client: &Transaction<'_>) -> Result<()> {
    let Names { schema, search_path } = Names::find(client).await?;
    let sql = format!(
        "WITH both_tables AS (
           SELECT convert_from(value, 'UTF8')::jsonb AS before, {} AS log, {} AS kept FROM {schema}.livetrail_settings WHERE name = '{SETTING}'
         ), names AS (
           SELECT both_tables.*, name FROM both_tables, LATERAL (SELECT jsonb_object_keys(log) UNION SELECT jsonb_object_keys(before -> 'log')) each (name)
         )
         SELECT string_agg(name, ', ' ORDER BY name) FROM names
         WHERE log -> name IS DISTINCT FROM before -> 'log' -> name
           AND log -> name IS DISTINCT FROM kept -> name
           AND kept -> name IS NOT DISTINCT FROM before -> 'kept' -> name
           -- New columns are refused on their own, and some of them are Livetrail's.
           AND (name NOT LIKE 'the column %' OR kept ? name)",
        definitions(&schema, LOG),
        definitions(&schema, KEPT)
    );
    client.batch_execute(DEPARSE_IN_FULL).await?;
    let changed: Option<String> = client.query_one(&sql, &[]).await?.get(0);
    client.batch_execute(&search_path).await?;
    match changed {
        None => Ok(()),
        Some(changed) => Err(StoreError::Unusable(format!(
            "since the adoption, the application has made, changed or dropped: {changed}. The undo would lose these changes: make the \
             same ones on {KEPT}, which becomes the table again, or take them back"
        ))),
    }
}

/// Has the database write each name with its schema, so that a definition is the same text for every search path.
pub(super) const DEPARSE_IN_FULL: &str = "SET LOCAL search_path = pg_catalog;";

pub(super) struct Names {
    /// Where the tables are, quoted.
    pub(super) schema: String,
    /// The statement that sets the search path as it is now.
    pub(super) search_path: String,
}

impl Names {
    pub(super) async fn find(client: &impl GenericClient) -> Result<Self> {
        let sql = "SELECT quote_ident(current_schema()), current_setting('search_path')";
        let row = client.query_one(sql, &[]).await?;
        let path = literal(row.get(1));
        Ok(Self {
            schema: row.get(0),
            search_path: format!("SELECT set_config('search_path', {path}, TRUE);"),
        })
    }
}

/// The expression for a JSON object of what is defined on a table: a name for people, and the definition.
fn definitions(schema: &str, table: &str) -> String {
    format!(
        r"(SELECT coalesce(jsonb_object_agg(name, definition), '{{}}') FROM (
           SELECT 'the policy ' || polname AS name, concat_ws(' ', polpermissive, polcmd, polroles::regrole[]::text, pg_get_expr(polqual, polrelid),
               'CHECK', pg_get_expr(polwithcheck, polrelid)) AS definition
             FROM pg_policy WHERE polrelid = {oid}
           UNION ALL SELECT 'row level security', concat_ws(' ', relrowsecurity, relforcerowsecurity) FROM pg_class WHERE oid = {oid}
           UNION ALL SELECT 'an index ' || substring(pg_get_indexdef(indexrelid) FROM ' (USING .*)$'), bool_or(indisunique)::text
             FROM pg_index WHERE indrelid = {oid} GROUP BY 1
           UNION ALL SELECT 'the trigger ' || tgname, concat_ws(' ', tgenabled, tgtype, tgattr, tgfoid::regproc, tgargs::text,
               substring(pg_get_triggerdef(oid) FROM ' WHEN .* EXECUTE '))
             FROM pg_trigger WHERE tgrelid = {oid} AND NOT tgisinternal AND tgname NOT LIKE 'livetrail\_%'
           UNION ALL SELECT 'the constraint ' || conname, pg_get_constraintdef(oid) FROM pg_constraint
             WHERE conrelid = {oid} AND contype IN ('c', 'f')
           UNION ALL SELECT 'the rule ' || rulename, pg_get_ruledef(oid) FROM pg_rewrite WHERE ev_class = {oid}
           UNION ALL SELECT 'the column ' || attname, concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attidentity,
               pg_get_expr(adbin, adrelid))
             FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
             WHERE attrelid = {oid} AND attnum > 0 AND NOT attisdropped
           UNION ALL SELECT 'the owner', relowner::regrole::text FROM pg_class WHERE oid = {oid}
           UNION ALL SELECT concat('the rights of ', CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee)::text END, ' on the column ' || attname),
               string_agg(concat(privilege_type, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END), ', ' ORDER BY privilege_type)
             FROM (SELECT NULL AS attname, coalesce(relacl, acldefault('r', relowner)) AS rights FROM pg_class WHERE oid = {oid}
               UNION ALL SELECT attname, attacl FROM pg_attribute WHERE attrelid = {oid} AND NOT attisdropped AND attacl IS NOT NULL) held,
               aclexplode(rights) GROUP BY grantee, attname
         ) defined)",
        oid = format_args!("{}::regclass", literal(&format!("{schema}.{table}")))
    )
}
