//! Marks in the settings, by which a log finds out at its start that its rows were loaded from a copy.
//!
//! A dump contains the marks, too. So each one names a part of the database that a dump does not contain:
//!
//! - `place`: the database, the cluster and the timeline. A copy elsewhere, or a promoted standby, has another place.
//! - `transaction`: the transaction that wrote this very row (`xmin`). A restore writes the row in another transaction,
//!   also if it loads only data. `VACUUM` keeps `xmin`, also with `FULL` or `FREEZE`.
//! - `newest`: the newest position and the transaction that wrote its row. It finds a restore that loaded the log and
//!   left the settings as they were.
//!
//! A log of an older version has no mark `transaction`. Its migrations were noted in a transaction each, and so were
//! its settings, with few exceptions. Migrations or settings that share a transaction were loaded by a `COPY`. Settings
//! of an adoption do not count, because they share one, and the first start follows. A dump with `--inserts` has a
//! transaction for each row, and activities come first, because tables are in the order of their names. So a first
//! migration that is newer than the newest activity was loaded, too. Only a parallel restore (`--jobs`) of such a dump
//! may load migrations first, which looks like a log that has grown.

use crate::Result;
use tokio_postgres::{Client, GenericClient};

/// What the mark `place` names. The timeline is that of the last checkpoint.
const PLACE: &str = "SELECT decode(md5(concat_ws(' ', (SELECT oid FROM pg_database WHERE datname = current_database()), \
     (SELECT system_identifier FROM pg_control_system()), (SELECT timeline_id FROM pg_control_checkpoint()))), 'hex')";

/// The newest activity and its transaction. A row above the noted head may be one that an application numbered.
const NEWEST: &str = "SELECT convert_to(concat_ws(' ', position, xmin), 'UTF8') FROM activity_logs \
     WHERE position > 0 AND position <= (SELECT last_value FROM livetrail_head) ORDER BY position DESC LIMIT 1";

/// Whether the first migration was noted after the newest activity was stored. Between 2³¹ and 2³² transactions later,
/// the age of a row is negative and says nothing; after 2³² it begins at 0 again, and then the log may get a new epoch
/// without need.
const IS_LOADED_BY_INSERTS: &str = "SELECT EXISTS (SELECT FROM livetrail_migrations first, \
     (SELECT xmin AS transaction FROM activity_logs \
      WHERE position > 0 AND position <= (SELECT last_value FROM livetrail_head) ORDER BY position DESC LIMIT 1) newest \
     WHERE first.name = '0001_own' AND age(first.xmin) BETWEEN 0 AND age(newest.transaction) - 1)";

/// Whether a mark names something else than what is there.
fn is_untrue() -> String {
    format!(
        "SELECT EXISTS (SELECT FROM livetrail_settings WHERE name = 'place' AND value <> ({PLACE}))
             OR EXISTS (SELECT FROM livetrail_settings
                        WHERE name = 'transaction' AND value <> convert_to(xmin::text, 'UTF8'))
             OR NOT EXISTS (SELECT FROM livetrail_settings WHERE name = 'transaction')
                AND (({IS_LOADED_BY_INSERTS})
                     OR EXISTS (SELECT FROM livetrail_migrations GROUP BY xmin::text HAVING count(*) > 1)
                     OR (SELECT count(*) > 1 AND count(DISTINCT xmin::text) = 1 FROM livetrail_settings
                         WHERE name NOT LIKE 'adoption%'))
             OR EXISTS (
                SELECT FROM (SELECT string_to_array(convert_from(value, 'UTF8'), ' ') AS known FROM livetrail_settings
                             WHERE name = 'newest') kept
                LEFT JOIN activity_logs log ON log.position = known[1]::bigint
                WHERE CASE WHEN log.position IS NULL THEN known[1]::bigint > (SELECT last_value FROM livetrail_head)
                      ELSE log.xmin::text <> known[2] END)"
    )
}

/// Sets the marks, and the epoch to `$1` unless that is null, in one statement: a crash leaves both or neither.
fn set_all() -> String {
    format!(
        "WITH renewed AS (UPDATE livetrail_settings SET value = $1::bytea WHERE name = 'epoch' AND $1::bytea IS NOT NULL)
         INSERT INTO livetrail_settings (name, value)
         SELECT 'place', ({PLACE})
         UNION ALL SELECT 'transaction', convert_to(pg_current_xact_id()::xid::text, 'UTF8')
         UNION ALL SELECT 'newest', value FROM ({NEWEST}) newest (value)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    )
}

/// Whether the log was loaded from a copy since the marks were set.
pub(super) async fn tell_of_a_restore(client: &Client) -> Result<bool> {
    Ok(client.query_one(&is_untrue(), &[]).await?.get(0))
}

/// Sets the marks to what is there. `epoch` replaces that of the log.
pub(super) async fn set(client: &impl GenericClient, epoch: Option<&[u8]>) -> Result<()> {
    client.execute(&set_all(), &[&epoch]).await?;
    Ok(())
}
