//! Comments on the application's table, and on what belongs to it.

use super::{super::append::LOG, NEW, carried::Carried};
use crate::Result;
use tokio_postgres::GenericClient;

/// Statements that give the comments to the log, which has its name and all that is carried over by then. `indexes` and
/// `followers` are carried over with the names.
pub(super) async fn comments(
    client: &impl GenericClient,
    indexes: &[Carried],
    followers: &[Carried],
) -> Result<String> {
    let names = |carried: &[Carried]| carried.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    let sql = format!(
        "SELECT coalesce(string_agg(format('COMMENT ON %s IS %L;', object, description), ' '), '') FROM (
           SELECT CASE objsubid WHEN 0 THEN 'TABLE {LOG}' ELSE format('COLUMN {LOG}.%I', attname) END AS object, description
             FROM pg_description LEFT JOIN pg_attribute ON attrelid = objoid AND attnum = objsubid AND objsubid > 0
             WHERE classoid = 'pg_class'::regclass AND objoid = '{LOG}'::regclass AND (objsubid = 0 OR EXISTS (SELECT FROM pg_attribute new
               WHERE new.attrelid = '{NEW}'::regclass AND new.attname = pg_attribute.attname))
           UNION ALL SELECT format('CONSTRAINT %I ON {LOG}', conname), obj_description(oid, 'pg_constraint') FROM pg_constraint old
             WHERE conrelid = '{LOG}'::regclass AND EXISTS (SELECT FROM pg_constraint new
               WHERE new.conrelid = '{NEW}'::regclass AND new.conname = old.conname)
           UNION ALL SELECT format('POLICY %I ON {LOG}', polname), obj_description(oid, 'pg_policy') FROM pg_policy old
             WHERE polrelid = '{LOG}'::regclass AND EXISTS (SELECT FROM pg_policy new
               WHERE new.polrelid = '{NEW}'::regclass AND new.polname = old.polname)
           UNION ALL SELECT format('INDEX %I', relname), obj_description(pg_class.oid, 'pg_class')
             FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE indrelid = '{LOG}'::regclass AND relname = ANY($1)
           UNION ALL SELECT format('TRIGGER %I ON {LOG}', tgname), obj_description(oid, 'pg_trigger') FROM pg_trigger
             WHERE tgrelid = '{LOG}'::regclass AND tgname = ANY($2)
         ) commented WHERE description IS NOT NULL"
    );
    Ok(client.query_one(&sql, &[&names(indexes), &names(followers)]).await?.get(0))
}
