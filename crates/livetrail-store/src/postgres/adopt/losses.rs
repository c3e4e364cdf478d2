//! What cannot be carried over, and what the application has to know of the new table.

use super::{
    super::append::LOG,
    KEPT,
    carried::{CAN_GO_ON, FOLLOWS, IS_NOT_NULL, can_be_kept},
    unusable,
};
use crate::Result;
use tokio_postgres::GenericClient;

/// Something of the old table that the new one does not get.
pub(super) struct Loss {
    /// What `--without` names.
    pub(super) name: String,
    pub(super) reason: String,
    /// Whether `--without` can accept it.
    pub(super) is_acceptable: bool,
}

impl Loss {
    pub(super) fn new(name: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { name: name.into(), reason: reason.into(), is_acceptable: true }
    }

    /// One that no decision makes up for.
    pub(super) fn unacceptable(name: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { is_acceptable: false, ..Self::new(name, reason) }
    }
}

/// What the catalogue shows, by names.
pub(super) async fn losses(client: &impl GenericClient, ours: &[&str]) -> Result<Vec<Loss>> {
    let sql = format!(
        "SELECT relname::text, 'uniqueness cannot be checked in a table of partitions; ON CONFLICT on it fails'
           FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
           WHERE indrelid = '{LOG}'::regclass AND (indisunique OR indisexclusion) AND NOT {KEY_OF_ID}
         UNION ALL SELECT conname, 'the check is NOT VALID: validate it first' FROM pg_constraint
           WHERE conrelid = '{LOG}'::regclass AND contype = 'c' AND NOT convalidated
             -- A column that is not null needs no check of that.
             AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = conrelid AND attnotnull AND {IS_NOT_NULL})
         UNION ALL SELECT conname, CASE
             WHEN confdeltype = 'c' THEN 'it deletes rows of the log with those that they belong to, which would leave gaps'
             WHEN confrelid = conrelid THEN 'ids cannot be the target of a foreign key any more'
             ELSE 'the API stores activities of users that the other table does not know' END
           FROM pg_constraint WHERE conrelid = '{LOG}'::regclass AND contype = 'f' AND NOT {can_be_kept}
         UNION ALL SELECT conname, format('this foreign key of %s is dropped, because ids cannot be its target any more', conrelid::regclass)
           FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
           WHERE confrelid = '{LOG}'::regclass AND conrelid <> confrelid AND contype = 'f' AND conparentid = 0 AND pg_has_role(relowner, 'USAGE')
         UNION ALL SELECT tgname, 'only triggers for each row of INSERT, UPDATE and DELETE, which are not constraints and name no transition table, can be carried over'
           FROM pg_trigger WHERE tgrelid = '{LOG}'::regclass AND NOT tgisinternal AND tgname <> 'livetrail_adoption' AND NOT {FOLLOWS}
         UNION ALL SELECT rulename, 'the rule would stay on the old table' FROM pg_rewrite WHERE ev_class = '{LOG}'::regclass
         UNION ALL SELECT DISTINCT coalesce(proname, objid::text),
             format('%s names the type of a row of the old table', pg_describe_object(classid, objid, objsubid))
           FROM pg_depend LEFT JOIN pg_proc ON classid = 'pg_proc'::regclass AND pg_proc.oid = objid
           JOIN pg_class log ON log.oid = '{LOG}'::regclass LEFT JOIN pg_type row ON row.oid = log.reltype
           WHERE deptype = 'n' AND ((refclassid = 'pg_type'::regclass AND refobjid IN (log.reltype, row.typarray))
             OR (classid = 'pg_proc'::regclass AND refclassid = 'pg_class'::regclass AND refobjid = log.oid))
         UNION ALL SELECT DISTINCT polname::text, format('this policy of %s would go on reading the old table', polrelid::regclass)
           FROM pg_depend JOIN pg_policy ON classid = 'pg_policy'::regclass AND pg_policy.oid = objid
           WHERE refclassid = 'pg_class'::regclass AND refobjid = '{LOG}'::regclass AND polrelid <> '{LOG}'::regclass
         UNION ALL SELECT 'forced row level security', 'policies would hold for Livetrail, too' FROM pg_class
           WHERE oid = '{LOG}'::regclass AND relforcerowsecurity
         UNION ALL SELECT pubname, CASE WHEN NOT pg_has_role(pubowner, 'USAGE')
             THEN format('it belongs to %s and would go on with the old table: connect as a member of that role, too', pubowner::regrole)
             ELSE 'a publication can go on if it sets publish_via_partition_root, and publishes all rows and columns of the table' END
           FROM pg_publication_rel JOIN pg_publication ON pg_publication.oid = prpubid
           WHERE prrelid = '{LOG}'::regclass AND NOT {CAN_GO_ON}
         ORDER BY 1",
        can_be_kept = can_be_kept(&ours.join(",")),
    );
    let rows = client.query(&sql, &[]).await?;
    let mut lost: Vec<Loss> =
        rows.iter().map(|row| Loss::new(row.get::<_, String>(0), row.get::<_, String>(1))).collect();
    lost.extend(keys_of_others(client).await?);
    Ok(lost)
}

/// Foreign keys that have to be dropped, and that only another role may drop.
async fn keys_of_others(client: &impl GenericClient) -> Result<Vec<Loss>> {
    let sql = format!(
        "SELECT conname::text, format('this foreign key of %s has to be dropped, because ids cannot be its target any more, and the table \
             belongs to %s: connect as a member of that role, too', conrelid::regclass, relowner::regrole)
         FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
         WHERE confrelid = '{LOG}'::regclass AND conrelid <> confrelid AND contype = 'f' AND conparentid = 0
           AND NOT pg_has_role(relowner, 'USAGE') ORDER BY 1"
    );
    let rows = client.query(&sql, &[]).await?;
    let key =
        |row: &tokio_postgres::Row| Loss::unacceptable(row.get::<_, String>(0), row.get::<_, String>(1));
    Ok(rows.iter().map(key).collect())
}

/// A key that has the id in it.
const KEY_OF_ID: &str = "(indisunique AND EXISTS (SELECT FROM pg_attribute
    WHERE attrelid = indrelid AND attnum = ANY(indkey) AND attname = 'id'))";

/// Sentences about what is different in the new table and needs no decision.
pub(super) async fn notices(client: &impl GenericClient) -> Result<Vec<String>> {
    let sql = format!(
        "SELECT format('the key %s is not carried over: ON CONFLICT (id) fails, and SQL may insert an id twice (ids of the API stay unique)', relname)
           FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE indrelid = '{LOG}'::regclass AND {KEY_OF_ID}
         UNION ALL SELECT format('the storage parameters %s are those of each partition: set others on the newest one, and later ones have them, too', array_to_string(reloptions, ', '))
           FROM pg_class WHERE oid = '{LOG}'::regclass AND reloptions IS NOT NULL
         UNION ALL SELECT 'no index begins with the timestamp: make one first, because the rows are copied in the order of their times'
           FROM pg_class WHERE oid = '{LOG}'::regclass AND relpages > 10000 AND NOT EXISTS (SELECT FROM pg_index
             JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0] WHERE indrelid = pg_class.oid AND attname = 'timestamp' AND indisvalid)
         UNION ALL SELECT format('the publication %s publishes the log by its partitions: set publish_via_partition_root if a subscriber \
             has it as one table', pubname)
           FROM pg_publication WHERE NOT pubviaroot AND EXISTS (SELECT FROM pg_get_publication_tables(pubname) WHERE relid = '{LOG}'::regclass)
             AND NOT EXISTS (SELECT FROM pg_publication_rel WHERE prpubid = pg_publication.oid AND prrelid = '{LOG}'::regclass)
         UNION ALL SELECT format('the trigger %s fires on partitions: in its function %s, TG_TABLE_NAME is activity_logs_incoming or \
             activity_logs_from_…, and pg_partition_root(TG_RELID)::regclass is {LOG}', tgname, proname)
           FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
           WHERE tgrelid = '{LOG}'::regclass AND NOT tgisinternal AND {FOLLOWS} AND prosrc ~* '\\mtg_(table_name|relname|relid)\\M'"
    );
    Ok(client.query(&sql, &[]).await?.iter().map(|row| row.get(0)).collect())
}

/// What no decision makes up for.
pub(super) async fn refuse_the_impossible(client: &impl GenericClient) -> Result<()> {
    let sql = format!(
        "SELECT CASE WHEN relkind = 'p' THEN 'it is partitioned: leave it as it is, and keep the log beside it, by livetrail migrate --beside'
           WHEN relkind <> 'r' THEN 'it is not an ordinary table: keep the log beside the table that has the rows, by livetrail migrate --beside --table NAME'
           WHEN relispartition THEN 'it is a partition: keep the log beside its table, by livetrail migrate --beside --table NAME'
           WHEN EXISTS (SELECT FROM pg_inherits WHERE inhparent = oid) THEN
             'tables inherit from it: copy it into a log elsewhere, by livetrail import --from-file FILE, where the file holds this database''s URL'
           WHEN EXISTS (SELECT FROM pg_inherits WHERE inhrelid = oid) THEN
             'it inherits from a table: leave it as it is, and keep the log beside it, by livetrail migrate --beside'
           WHEN NOT pg_has_role(relowner, 'USAGE') THEN format('it belongs to %s: connect as its owner, or as a member of that role', relowner::regrole)
           WHEN relnamespace <> to_regnamespace(quote_ident(current_schema())) THEN
             format('it is in the schema %s, and new tables are made in %s: add ?options=-csearch_path%%3D%s to the database URL', relnamespace::regnamespace, current_schema(), relnamespace::regnamespace)
           WHEN to_regclass('livetrail_adoption') IS NULL AND to_regclass('activity_logs_incoming') IS NOT NULL THEN
             'there is a table named activity_logs_incoming, a name that Livetrail gives to a part of the log; rename it'
           WHEN to_regclass('{KEPT}') IS NOT NULL THEN 'there is a table named {KEPT} already; rename or drop it' END
         FROM pg_class WHERE oid = '{LOG}'::regclass"
    );
    match client.query_one(&sql, &[]).await?.get::<_, Option<&str>>(0) {
        Some(reason) => Err(unusable(reason)),
        None => Ok(()),
    }
}
