//! Rights on Livetrail's own tables and on the partitions of the log: only their owner has any. Other roles read and
//! write the log by its own name, where its rights and policies hold. Rights that a database gives by default (`ALTER
//! DEFAULT PRIVILEGES`), for the application's tables, would let other roles read keys and make admins.

use super::adopt::literal;
use crate::Result;
use tokio_postgres::Client;

/// Rights of other roles on internal tables, or on columns of them.
const OF_OTHERS: &str = r"
    WITH own AS (
        SELECT oid, relname, relowner, relacl FROM pg_class
        WHERE relkind IN ('r', 'p', 'v', 'S')
          AND (relname LIKE 'livetrail\_%' OR relispartition AND relname LIKE 'activity\_logs\_%')
          AND relnamespace = to_regnamespace(quote_ident(current_schema()))
    ), rights AS (
        SELECT relname, relowner, granted.grantee FROM own, aclexplode(relacl) granted
        UNION
        SELECT relname, relowner, granted.grantee FROM own
        JOIN pg_attribute ON attrelid = own.oid AND attacl IS NOT NULL, aclexplode(attacl) granted
    )
    SELECT quote_ident(relname),
           CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
           pg_has_role(relowner, 'USAGE')
    FROM rights WHERE grantee <> relowner ORDER BY 1, 2";

/// The statement that takes the rights of all others on one table back: those that default privileges gave when it was
/// made.
pub(super) fn keep_to_owner_of(table: &str) -> String {
    format!(
        "DO $rights$ DECLARE role TEXT; BEGIN
           FOR role IN SELECT DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END
             FROM pg_class, aclexplode(relacl) WHERE oid = {}::regclass AND grantee <> relowner
           LOOP EXECUTE format('REVOKE ALL ON TABLE %s FROM %s CASCADE', {}::regclass, role); END LOOP;
         END $rights$;",
        literal(table),
        literal(table)
    )
}

/// The statement that gives the partitions of a log to its owner. Otherwise its next `ALTER TABLE` of the log would
/// fail. An owner that has revoked rights from itself does not get the partitions, because their owner has all rights
/// on them.
pub(super) fn give_partitions_to_owner_of(log: &str) -> String {
    format!(
        "DO $owner$ DECLARE part REGCLASS; owner TEXT; BEGIN
           FOR part, owner IN SELECT part.oid::regclass, quote_ident(pg_get_userbyid(log.relowner)) FROM pg_class log
             JOIN pg_inherits ON inhparent = log.oid JOIN pg_class part ON part.oid = inhrelid
             WHERE log.oid = {log}::regclass AND log.relowner <> part.relowner AND (log.relacl IS NULL OR
               (SELECT count(*) FROM aclexplode(log.relacl) granted WHERE granted.grantee = log.relowner) >= 7)
           LOOP EXECUTE format('ALTER TABLE %s OWNER TO %s', part, owner); END LOOP;
         -- The owner may not make tables in this schema.
         EXCEPTION WHEN insufficient_privilege THEN NULL; END $owner$;",
        log = literal(log)
    )
}

/// Takes the rights of others on our own tables back, and with them those that the others have granted on.
///
/// # Errors
/// What the database says.
pub(super) async fn keep_to_owner(client: &Client) -> Result<()> {
    for row in client.query(OF_OTHERS, &[]).await? {
        let (table, role, may_revoke): (String, String, bool) = (row.get(0), row.get(1), row.get(2));
        if may_revoke {
            client.batch_execute(&format!("REVOKE ALL ON TABLE {table} FROM {role} CASCADE")).await?;
            tracing::warn!(
                table,
                role,
                "a role had rights on a table of Livetrail's own; they were taken back"
            );
        } else {
            tracing::warn!(
                table,
                role,
                "a role has rights on a table of Livetrail's own; its owner has to take them back"
            );
        }
    }
    Ok(())
}
