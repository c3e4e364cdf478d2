//! The table that is adopted: its columns, what hangs on it, and who may do what with it.

use super::{super::append::LOG, NEW, unusable};
use crate::Result;
use std::collections::HashMap;
use tokio_postgres::{Client, GenericClient};

/// Columns in which Livetrail keeps what it knows of a row.
const OF_A_PLACE: [&str; 3] = ["position", "timestamp_adjusted", "fingerprint"];

/// A column of a table.
pub(super) struct Column {
    pub(super) ty: String,
    default: Option<String>,
}

impl Column {
    /// What the new table lacks of a column of the old one: the column itself, where the application has one of its own,
    /// or room for texts that are longer than ours.
    pub(super) fn definition(&self, name: &str, ours: Option<&Self>) -> String {
        let column = quoted(name);
        let Some(ours) = ours else {
            let default = self.default.as_ref().map_or(String::new(), |default| format!("DEFAULT {default}"));
            return format!("ALTER TABLE {NEW} ADD COLUMN {column} {} {default}", self.ty);
        };
        let mut changes = String::new();
        if ours.holds_text() && self.holds_text() && ours.longest() < self.longest() {
            changes = format!("ALTER TABLE {NEW} ALTER COLUMN {column} TYPE text;");
        }
        // The application's next INSERT may rely on it. Those columns are what a row has before it is taken in.
        if let Some(default) = self.default.as_ref().filter(|_| !OF_A_PLACE.contains(&name)) {
            changes +=
                &format!("ALTER TABLE {NEW} ALTER COLUMN {column} SET DEFAULT ({default})::{}", ours.ty);
        }
        changes
    }

    fn holds_text(&self) -> bool {
        self.ty == "text" || self.ty.starts_with("character varying")
    }

    fn longest(&self) -> u32 {
        let number = self.ty.strip_prefix("character varying(").and_then(|rest| rest.strip_suffix(')'));
        number.and_then(|number| number.parse().ok()).unwrap_or(u32::MAX)
    }
}

/// The columns of a table by their names.
pub(super) async fn columns(client: &impl GenericClient, table: &str) -> Result<HashMap<String, Column>> {
    let sql = "SELECT attname::text, format_type(atttypid, atttypmod), pg_get_expr(adbin, adrelid) \
               FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum \
               WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''";
    let rows = client.query(sql, &[&table]).await?;
    let column = |row: &tokio_postgres::Row| (row.get(0), Column { ty: row.get(1), default: row.get(2) });
    Ok(rows.iter().map(column).collect())
}

/// Statements that give the new table what else protects and computes what is in the old one: generated columns, policies, and the switch
/// that makes policies count. Each is told what it is, for people.
pub(super) async fn guards(client: &impl GenericClient) -> Result<Vec<(String, String)>> {
    let sql = format!(
        "SELECT 'the generated column ' || attname,
             format('ALTER TABLE {NEW} ADD COLUMN %I %s GENERATED ALWAYS AS (%s) STORED', attname,
               format_type(atttypid, atttypmod), pg_get_expr(adbin, adrelid))
           FROM pg_attribute JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
           WHERE attrelid = '{LOG}'::regclass AND NOT attisdropped AND attgenerated = 's'
         UNION ALL SELECT 'the policy ' || policyname,
             format('CREATE POLICY %I ON {NEW} AS %s FOR %s TO %s', policyname, permissive, cmd,
               (SELECT string_agg(CASE role WHEN 'public' THEN 'PUBLIC' ELSE quote_ident(role) END, ', ')
                FROM unnest(roles) role))
             || coalesce(' USING (' || qual || ')', '') || coalesce(' WITH CHECK (' || with_check || ')', '')
           FROM pg_policies JOIN pg_class ON relname = tablename JOIN pg_namespace ON pg_namespace.oid = relnamespace
           WHERE pg_class.oid = '{LOG}'::regclass AND nspname = schemaname
         UNION ALL SELECT 'row level security', 'ALTER TABLE {NEW} ENABLE ROW LEVEL SECURITY'
           FROM pg_class WHERE oid = '{LOG}'::regclass AND relrowsecurity"
    );
    Ok(client.query(&sql, &[]).await?.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// What hangs on the old table would go on hanging on it.
pub(super) async fn refuse_what_would_be_left_behind(client: &Client) -> Result<()> {
    let sql = "SELECT 'the foreign key ' || conname || ' of ' || conrelid::regclass FROM pg_constraint
                 WHERE confrelid = 'activity_logs'::regclass
               UNION ALL SELECT DISTINCT 'the view ' || ev_class::regclass FROM pg_rewrite
                 JOIN pg_depend ON objid = pg_rewrite.oid AND classid = 'pg_rewrite'::regclass
                 WHERE refobjid = 'activity_logs'::regclass AND ev_class <> 'activity_logs'::regclass
               UNION ALL SELECT 'the trigger ' || tgname FROM pg_trigger
                 WHERE tgrelid = 'activity_logs'::regclass AND NOT tgisinternal AND tgname <> 'livetrail_adoption'
               UNION ALL SELECT 'row level security that is forced on the owner' FROM pg_class
                 WHERE oid = 'activity_logs'::regclass AND relforcerowsecurity
               UNION ALL SELECT 'a table named activity_logs_before_livetrail'
                 WHERE to_regclass('activity_logs_before_livetrail') IS NOT NULL";
    let rows = client.query(sql, &[]).await?;
    let found: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    if found.is_empty() {
        return Ok(());
    }
    Err(unusable(&format!(
        "{} would be left behind; drop it, and make it again afterwards",
        found.join(", ")
    )))
}

/// Statements that give the new table the rights that others have on the old one.
pub(super) async fn privileges(client: &Client) -> Result<String> {
    let sql = format!(
        "SELECT coalesce(string_agg(format('GRANT %s ON activity_logs TO %s;', privilege_type, \
           CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END), ' '), '') \
         || coalesce((SELECT format(' ALTER TABLE activity_logs OWNER TO %s;', relowner::regrole) FROM pg_class \
             WHERE oid = '{LOG}'::regclass AND relowner <> current_user::regrole), '') \
         FROM pg_class, aclexplode(relacl) WHERE oid = '{LOG}'::regclass AND grantee <> relowner"
    );
    Ok(client.query_one(&sql, &[]).await?.get::<_, Option<String>>(0).unwrap_or_default())
}

/// Statements that give the sequences of the old table's columns to the new table, so that the old one can be dropped.
pub(super) async fn sequences(client: &Client) -> Result<String> {
    let sql = format!(
        "SELECT string_agg(format('ALTER SEQUENCE %s OWNED BY activity_logs.%I;', objid::regclass, attname), ' ')
         FROM pg_depend JOIN pg_class ON pg_class.oid = objid AND relkind = 'S'
         JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
         WHERE classid = 'pg_class'::regclass AND refobjid = '{LOG}'::regclass AND deptype = 'a'"
    );
    Ok(client.query_one(&sql, &[]).await?.get::<_, Option<String>>(0).unwrap_or_default())
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
