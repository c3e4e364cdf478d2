//! What the new table gets of the old one beside its rows: what protects them, computes them and finds them, and who
//! may do what with them.
//!
//! Each statement is made while the old table still has its name. The database deparses its own definitions, so that
//! names are quoted and qualified as it needs them.

use super::{super::append::LOG, KEPT, NEW};
use crate::Result;
use tokio_postgres::GenericClient;

/// What is carried over to the new table.
pub(super) struct Carried {
    /// Its name in the database.
    pub(super) name: String,
    /// What it is, for people.
    pub(super) what: String,
    /// The statements that carry it over.
    pub(super) sql: String,
}

/// Rows of the API, which have a fingerprint, know nothing of the application's own rules.
const OF_THE_API: &str = "fingerprint IS NOT NULL";

async fn carried(client: &impl GenericClient, sql: &str) -> Result<Vec<Carried>> {
    let rows = client.query(sql, &[]).await?;
    Ok(rows.iter().map(|row| Carried { name: row.get(0), what: row.get(1), sql: row.get(2) }).collect())
}

/// What the new table has from its beginning: generated columns, rules for values, keys of other tables, policies, and
/// the switch that makes policies count. `ours` are the columns that Livetrail defines.
pub(super) async fn guards(client: &impl GenericClient, ours: &[&str]) -> Result<Vec<Carried>> {
    let ours = ours.join(",");
    let label = name_of_column("_label");
    let not_null = name_of_column("_not_null");
    let is_taken = format!(
        "EXISTS (SELECT FROM pg_constraint WHERE conrelid = attrelid AND contype <> 'n' AND conname = {not_null})"
    );
    let sql = format!(
        "SELECT attname::text, 'the generated column ' || attname,
             format('ALTER TABLE {NEW} ADD COLUMN %I %s GENERATED ALWAYS AS (%s) STORED', attname,
               format_type(atttypid, atttypmod), pg_get_expr(adbin, adrelid))
           FROM pg_attribute JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
           WHERE attrelid = '{LOG}'::regclass AND NOT attisdropped AND attgenerated = 's'
         UNION ALL SELECT attname, 'the rule that ' || attname || ' is not null',
             format('ALTER TABLE {NEW} ADD CONSTRAINT %I CHECK ({OF_THE_API} OR %I IS NOT NULL)',
               {not_null} || CASE WHEN {is_taken} THEN '_1' ELSE '' END, attname)
           FROM pg_attribute old WHERE attrelid = '{LOG}'::regclass AND attnum > 0 AND NOT attisdropped AND attnotnull
             AND attidentity = '' AND attgenerated = '' AND NOT EXISTS (SELECT FROM pg_attribute new
               WHERE new.attrelid = '{NEW}'::regclass AND new.attname = old.attname AND new.attnotnull)
             -- A check that says the same keeps its name.
             AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = attrelid AND convalidated AND {IS_NOT_NULL})
         UNION ALL SELECT old.attname, 'the storage of ' || old.attname, concat(
             format('ALTER TABLE {NEW} ALTER COLUMN %I SET STORAGE %s;', old.attname, CASE old.attstorage WHEN 'p' THEN 'PLAIN'
               WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END),
             format('ALTER TABLE {NEW} ALTER COLUMN %I SET COMPRESSION %s', old.attname,
               CASE old.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' ELSE 'DEFAULT' END))
           FROM pg_attribute old JOIN pg_attribute new ON new.attname = old.attname AND new.attrelid = '{NEW}'::regclass
           JOIN pg_type ON pg_type.oid = new.atttypid
           WHERE old.attrelid = '{LOG}'::regclass AND old.attnum > 0 AND NOT old.attisdropped AND typstorage <> 'p'
             AND (old.attstorage <> new.attstorage OR old.attcompression <> '') AND old.atttypid = new.atttypid
         UNION ALL SELECT conname, 'the check ' || conname,
             format('ALTER TABLE {NEW} ADD CONSTRAINT %I CHECK ({OF_THE_API} OR (%s))', conname, pg_get_expr(conbin, conrelid))
           FROM pg_constraint WHERE conrelid = '{LOG}'::regclass AND contype = 'c' AND convalidated
         -- To cast a text that is not a label is the error that the application had before.
         UNION ALL SELECT {label}, 'the labels of ' || attname,
             format('ALTER TABLE {NEW} ADD CONSTRAINT %I CHECK ({OF_THE_API} OR %I IS NULL OR %I::%I.%I IS NOT NULL)',
               {label}, attname, attname, typnamespace::regnamespace::name, typname)
           FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid AND typtype = 'e'
           WHERE attrelid = '{LOG}'::regclass AND attnum > 0 AND NOT attisdropped AND attname = ANY(string_to_array('{ours}', ','))
         UNION ALL SELECT conname, 'the foreign key ' || conname,
             format('ALTER TABLE {NEW} ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid))
           FROM pg_constraint WHERE conrelid = '{LOG}'::regclass AND contype = 'f' AND {}
         UNION ALL SELECT policyname, 'the policy ' || policyname,
             format('CREATE POLICY %I ON {NEW} AS %s FOR %s TO %s', policyname, permissive, cmd,
               (SELECT string_agg(CASE role WHEN 'public' THEN 'PUBLIC' ELSE quote_ident(role) END, ', ')
                FROM unnest(roles) role))
             || coalesce(' USING (' || qual || ')', '') || coalesce(' WITH CHECK (' || with_check || ')', '')
           FROM pg_policies JOIN pg_class ON relname = tablename JOIN pg_namespace ON pg_namespace.oid = relnamespace
           WHERE pg_class.oid = '{LOG}'::regclass AND nspname = schemaname
         UNION ALL SELECT 'row level security', 'row level security', 'ALTER TABLE {NEW} ENABLE ROW LEVEL SECURITY'
           FROM pg_class WHERE oid = '{LOG}'::regclass AND relrowsecurity
         UNION ALL SELECT spcname, 'the tablespace ' || spcname, format('ALTER TABLE {NEW} SET TABLESPACE %I', spcname)
           FROM pg_class JOIN pg_tablespace ON pg_tablespace.oid = reltablespace WHERE pg_class.oid = '{LOG}'::regclass",
        can_be_kept(&ours)
    );
    carried(client, &sql).await
}

/// The name of a constraint on a column, in a query over `pg_attribute`. A name that would be cut has the column's
/// number instead, so that two columns have two names.
fn name_of_column(end: &str) -> String {
    format!(
        "(CASE WHEN octet_length(attname::text) <= 52 THEN attname::text
           ELSE left(attname::text, 40 - octet_length(attname::text) + length(attname::text)) || '_' || attnum END || '{end}')"
    )
}

/// A check that says what `NOT NULL` says, in a query over `pg_constraint` and `pg_attribute`.
pub(super) const IS_NOT_NULL: &str = "(contype = 'c' AND conkey = ARRAY[attnum] AND pg_get_expr(conbin, conrelid) = format('(%I IS NOT NULL)', attname))";

/// Whether a foreign key of the log can stay. Rows of the API have no value in the application's own columns. A row
/// that is deleted with the one it belongs to would leave a gap in the log.
pub(super) fn can_be_kept(ours: &str) -> String {
    format!(
        "(convalidated AND confdeltype <> 'c' AND confrelid <> conrelid AND NOT EXISTS (SELECT FROM pg_attribute
           WHERE attrelid = conrelid AND attnum = ANY(conkey) AND attname = ANY(string_to_array('{ours}', ','))))"
    )
}

/// Indexes of the application, unless an index of a sealed partition serves as well. Each gets a temporary name on the
/// new table. The second statement gives it the old name, when the tables change theirs.
pub(super) async fn indexes(client: &impl GenericClient, ours: &[&str]) -> Result<Vec<(Carried, String)>> {
    let sql = format!(
        "SELECT name, 'the index ' || name,
             format('CREATE INDEX IF NOT EXISTS livetrail_index_%s ON {NEW} %s', id, substring(CASE right(definition, length(condition))
               WHEN condition THEN concat(left(definition, -length(condition)), tablespace, condition) ELSE definition END FROM ' (USING .*)$')),
             format('ALTER INDEX %I RENAME TO livetrail_old_%s; COMMENT ON INDEX livetrail_old_%s IS %L; \
                     ALTER INDEX livetrail_index_%s RENAME TO %I;', name, id, id, name, id, name)
         FROM (SELECT indexrelid::bigint AS id, relname::text AS name, pg_get_indexdef(indexrelid) || ' ' AS definition,
             coalesce(' WHERE ' || pg_get_expr(indpred, indrelid), '') || ' ' AS condition,
             (SELECT coalesce(max(format(' TABLESPACE %I', spcname)), '') FROM pg_tablespace WHERE oid = reltablespace) AS tablespace,
             relam = (SELECT oid FROM pg_am WHERE amname = 'btree') AND indexprs IS NULL AND indpred IS NULL
             AND (SELECT attname IN ('id', 'user_id', 'timestamp', 'action_type', 'endpoint', 'status_code', 'target_user_id',
                  'success', 'is_admin') FROM pg_attribute WHERE attrelid = indrelid AND attnum = indkey[0])
             AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = indrelid AND attnum = ANY(indkey)
                  AND attname <> ALL($1))
             AND NOT EXISTS (SELECT FROM pg_opclass WHERE oid = ANY(indclass) AND NOT opcdefault) AS is_served
           FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
           WHERE indrelid = '{LOG}'::regclass AND NOT indisunique AND indisvalid) found
         WHERE is_served IS NOT TRUE ORDER BY name"
    );
    let rows = client.query(&sql, &[&ours]).await?;
    let index = |row: &tokio_postgres::Row| {
        (Carried { name: row.get(0), what: row.get(1), sql: row.get(2) }, row.get(3))
    };
    Ok(rows.iter().map(index).collect())
}

/// What comes to `table`, which is the new one, when the tables change their names.
pub(super) async fn followers(client: &impl GenericClient, table: &str) -> Result<Vec<Carried>> {
    let mut followers = triggers(client, table).await?;
    followers.extend(statistics(client, table).await?);
    followers.extend(publications(client, table).await?);
    Ok(followers)
}

/// A row of the application is inserted once by the application (position 0) and once more when it gets its position. A
/// trigger is fired by the first. Before a row of the API is inserted none is, since one that drops it would leave a
/// gap in the log.
async fn triggers(client: &impl GenericClient, table: &str) -> Result<Vec<Carried>> {
    let sql = format!(
        "WITH events AS (
           SELECT *, pg_get_triggerdef(oid) AS definition, tgtype & 2 <> 0 AS is_before FROM pg_trigger, LATERAL (VALUES
             (1, 4, 'INSERT', CASE WHEN tgtype & 2 <> 0 THEN 'NEW.position = 0' ELSE '(NEW.position = 0 OR NEW.{OF_THE_API})' END),
             (2, 8, 'DELETE', 'OLD.position > 0'), (3, 16, 'UPDATE', NULL)) AS event (place, bit, verb, guard)
           WHERE tgrelid = '{LOG}'::regclass AND NOT tgisinternal AND tgname <> 'livetrail_adoption' AND tgtype & bit <> 0
         ), divided AS (
           SELECT *, substring(convert_from(substring(convert_to(definition, 'UTF8') FROM 1
               FOR octet_length(convert_to(definition, 'UTF8')) - {ARGUMENTS} - 1), 'UTF8') FROM '^(.*) EXECUTE FUNCTION ') AS before
           FROM events
         ), named AS (
           SELECT *, CASE row_number() OVER (PARTITION BY oid ORDER BY place) WHEN 1 THEN tgname::text ELSE CASE
               WHEN octet_length(tgname::text) <= 54 THEN tgname::text
               ELSE left(tgname::text, 40 - octet_length(tgname::text) + length(tgname::text)) || '_' || oid END || '_' || lower(verb) END AS name,
             concat_ws(' AND ', guard, CASE WHEN tgqual IS NOT NULL
               THEN '(' || substring(before FROM ' FOR EACH ROW WHEN \\((.*)\\)$') || ')' END) AS condition,
             (SELECT ' OF ' || string_agg(quote_ident(attname), ', ') FROM pg_attribute
               WHERE attrelid = tgrelid AND attnum = ANY(tgattr) AND verb = 'UPDATE') AS of_columns
           FROM divided
         )
         SELECT tgname::text, 'the trigger ' || tgname, string_agg(
             format('CREATE TRIGGER %I %s %s%s ON {table} FOR EACH ROW %s %s;', name, CASE WHEN is_before THEN 'BEFORE' ELSE 'AFTER' END,
               verb, of_columns, 'WHEN (' || nullif(condition, '') || ')', substring(definition FROM length(before) + 2))
             || CASE tgenabled WHEN 'D' THEN format('ALTER TABLE {table} DISABLE TRIGGER %I;', name)
                WHEN 'R' THEN format('ALTER TABLE {table} ENABLE REPLICA TRIGGER %I;', name)
                WHEN 'A' THEN format('ALTER TABLE {table} ENABLE ALWAYS TRIGGER %I;', name) ELSE '' END, ' ' ORDER BY place)
           FROM named WHERE {FOLLOWS} GROUP BY tgname"
    );
    carried(client, &sql).await
}

/// How many bytes the arguments of a trigger have at the end of its definition, as literals: an argument may hold any
/// text, also that of a condition.
const ARGUMENTS: &str = "(octet_length(tgargs) + tgnargs + 2 * greatest(tgnargs - 1, 0)
    + length(encode(tgargs, 'escape')) - length(replace(encode(tgargs, 'escape'), '''', '')))";

/// Extended statistics, whose names move from one table to the other.
pub(super) async fn statistics(client: &impl GenericClient, table: &str) -> Result<Vec<Carried>> {
    let sql = format!(
        "SELECT stxname::text, 'the statistics ' || stxname,
             format('DROP STATISTICS %s.%I; ', stxnamespace::regnamespace, stxname)
             || regexp_replace(pg_get_statisticsobjdef(oid), ' FROM (?:(?! FROM ).)*$', ' FROM {table}')
             || format('; COMMENT ON STATISTICS %s.%I IS %L', stxnamespace::regnamespace, stxname, obj_description(oid, 'pg_statistic_ext'))
           FROM pg_statistic_ext WHERE stxrelid = '{LOG}'::regclass"
    );
    carried(client, &sql).await
}

/// Publications, which go on with `table`.
pub(super) async fn publications(client: &impl GenericClient, table: &str) -> Result<Vec<Carried>> {
    let sql = format!(
        "SELECT pubname::text, 'the publication ' || pubname, format('ALTER PUBLICATION %I ADD TABLE {table}', pubname)
           FROM pg_publication_rel JOIN pg_publication ON pg_publication.oid = prpubid
           WHERE prrelid = '{LOG}'::regclass AND {CAN_GO_ON}"
    );
    carried(client, &sql).await
}

/// Triggers that can be on a partitioned table and be told the rows of the API from others.
pub(super) const FOLLOWS: &str = "(tgtype & 1 <> 0 AND tgtype & 96 = 0 AND tgconstraint = 0 AND tgoldtable IS NULL AND tgnewtable IS NULL)";

/// Publications that publish partitions as the table they belong to, and all of it. Filters and lists are of PostgreSQL
/// 15. Only a member of the role that owns a publication may change it.
pub(super) const CAN_GO_ON: &str = "(pg_has_role(pubowner, 'USAGE') AND pubviaroot AND to_jsonb(pg_publication_rel) ->> 'prqual' IS NULL AND to_jsonb(pg_publication_rel) ->> 'prattrs' IS NULL)";

/// Statements that give the new table the owner of the old one, and exactly the rights that other roles have on it and
/// its columns. Rights from default privileges are revoked first. Rights that the owner has revoked from itself, to
/// keep an append-only log, are revoked again, and then it gets its rights on columns: to revoke a right on a table
/// revokes that on its columns. `new` is the name of the new table now, and `table` its name later.
pub(super) async fn privileges(client: &impl GenericClient, table: &str, new: &str) -> Result<String> {
    let sql = "WITH rights AS (
           SELECT format('GRANT %s ON %s TO ', privilege_type, $1::text) AS sql, granted.grantee, is_grantable, FALSE AS is_owners
             FROM pg_class, aclexplode(relacl) granted WHERE oid = $1::regclass AND granted.grantee <> relowner
           UNION ALL SELECT format('GRANT %s (%I) ON %s TO ', privilege_type, attname, $1), granted.grantee, is_grantable,
               granted.grantee = relowner
             FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid, aclexplode(attacl) granted
             WHERE attrelid = $1::regclass AND NOT attisdropped
               AND EXISTS (SELECT FROM pg_attribute ours WHERE ours.attrelid = to_regclass($2) AND ours.attname = pg_attribute.attname)
         ), granted AS (
           SELECT is_owners, sql || CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END
             || CASE WHEN is_grantable THEN ' WITH GRANT OPTION;' ELSE ';' END AS granting FROM rights
         )
         SELECT concat((SELECT format(' ALTER TABLE %s OWNER TO %s;', $1, relowner::regrole) FROM pg_class
             WHERE oid = $1::regclass AND relowner <> current_user::regrole),
           $3::text, (SELECT string_agg(granting, ' ') FROM granted WHERE NOT is_owners),
           (SELECT string_agg(format(' REVOKE %s ON %s FROM %s;', lacking, $1, relowner::regrole), '')
             FROM pg_class, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) lacking
             WHERE oid = $1::regclass AND relacl IS NOT NULL AND lacking NOT IN
               (SELECT privilege_type FROM aclexplode(relacl) granted WHERE granted.grantee = relowner)),
           (SELECT string_agg(' ' || granting, '') FROM granted WHERE is_owners))";
    let revoke = super::super::rights::keep_to_owner_of(table);
    Ok(client.query_one(sql, &[&table, &new, &revoke]).await?.get(0))
}

/// Statements that give the sequences of the old table's columns to the new table, so that the old one can be dropped.
/// Those of identity columns cannot be given away: the new ones go on where the old ones were, under their names and
/// with their rights.
pub(super) async fn sequences(client: &impl GenericClient) -> Result<String> {
    let sql = format!(
        "SELECT string_agg(CASE deptype
             WHEN 'a' THEN format('ALTER SEQUENCE %s OWNED BY activity_logs.%I;', objid::regclass, attname)
             ELSE 'DO ' || quote_literal(format('DECLARE new TEXT := pg_get_serial_sequence(''{LOG}'', %L); BEGIN IF new IS NOT NULL THEN
                 PERFORM setval(new, last_value, is_called) FROM %s; ALTER SEQUENCE %s RENAME TO livetrail_old_%s;
                 EXECUTE format(''ALTER SEQUENCE %%s RENAME TO %%I'', new, %L); %s END IF; END',
               attname, objid::regclass, objid::regclass, objid::bigint, relname, (SELECT string_agg(format('GRANT %s ON SEQUENCE %s TO %s;',
                 privilege_type, objid::regclass, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END), ' ')
                 FROM aclexplode(relacl) WHERE grantee <> relowner))) || ';'
           END, ' ')
         FROM pg_depend JOIN pg_class ON pg_class.oid = objid AND relkind = 'S'
         JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
         WHERE classid = 'pg_class'::regclass AND refobjid = '{LOG}'::regclass AND deptype IN ('a', 'i')"
    );
    Ok(client.query_one(&sql, &[]).await?.get::<_, Option<String>>(0).unwrap_or_default())
}

/// Statements that end what hangs on the old table and goes on with the new one, or was given up. A publication that
/// the operator does `without` keeps the old table.
pub(super) async fn rest(client: &impl GenericClient, without: &[String]) -> Result<String> {
    let sql = format!(
        "SELECT concat(
           (SELECT string_agg(format(' ALTER TABLE %s DROP CONSTRAINT %I;', conrelid::regclass, conname), '') FROM pg_constraint
             WHERE confrelid = '{LOG}'::regclass AND conrelid <> '{LOG}'::regclass AND contype = 'f' AND conparentid = 0),
           (SELECT string_agg(format(' ALTER PUBLICATION %I DROP TABLE {KEPT};', pubname), '')
             FROM pg_publication_rel JOIN pg_publication ON pg_publication.oid = prpubid
             WHERE prrelid = '{LOG}'::regclass AND {CAN_GO_ON} AND pubname <> ALL($1)))"
    );
    Ok(client.query_one(&sql, &[&without]).await?.get(0))
}
