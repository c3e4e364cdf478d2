//! The table of rows that an undo does not return to the application's table.

use super::{adopt::literal, rights};

pub(super) const NOT_RETURNED: &str = "activity_logs_not_returned";

/// The statements that make the table in `schema`, by `definition`. The table of an earlier undo gets a number, because
/// its columns may be others. Only its owner may read the new one. Row level security is on if it is on for `guarded`,
/// so that a right that is granted later shows no row that a policy hides there.
pub(super) fn make(schema: &str, definition: &str, guarded: &str) -> String {
    let table = format!("{schema}.{NOT_RETURNED}");
    format!(
        "DO $earlier$ DECLARE number INTEGER := 1; BEGIN
           IF to_regclass({name}) IS NOT NULL THEN
             WHILE to_regclass({name} || '_' || number) IS NOT NULL LOOP number := number + 1; END LOOP;
             EXECUTE format('ALTER TABLE %s RENAME TO {NOT_RETURNED}_%s', {name}, number);
           END IF;
         END $earlier$;
         CREATE TABLE {table} {definition};
         {}
         DO $guard$ BEGIN
           IF (SELECT relrowsecurity FROM pg_class WHERE oid = {}::regclass) THEN ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; END IF;
         END $guard$;",
        rights::keep_to_owner_of(&table),
        literal(guarded),
        name = literal(&table),
    )
}
