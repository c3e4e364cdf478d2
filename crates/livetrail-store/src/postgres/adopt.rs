//! Adopts the table that an application has kept its activities in until now.
//!
//! Its rows are copied beside it, batch by batch, in the order of their times, and get their positions on the way. What
//! the application inserts meanwhile is noted by a trigger and copied last. Then, under a lock that is given up whenever
//! the application would have to wait for it, the new table takes the old one's name. The old one stays, under another.
//!
//! Every batch is a transaction that says how far it came, so a migration that is stopped goes on where it was.

use super::{append::LOG, foreign::is_writable, partitions::Partitions, rows::clamped};
use crate::{Result, StoreError};
use std::{collections::HashMap, time::Duration};
use tokio::time::sleep;
use tokio_postgres::{Client, GenericClient, error::SqlState};

/// The table that becomes the log.
const NEW: &str = "livetrail_adopting";
/// What the old table is called afterwards.
const KEPT: &str = "activity_logs_before_livetrail";
/// Most rows of one transaction.
const BATCH: i64 = 20_000;
/// Most partitions that one transaction makes.
const NEW_PARTITIONS: i64 = 4;
/// So few rows may be left to copy while the application waits.
const FEW: i64 = 500;
/// How long the application may have to wait behind us for the table.
const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '500ms'";
/// How long it has the table for itself before we ask again.
const PAUSE: Duration = Duration::from_secs(2);

/// What the table has to have, and of which type.
const NEEDED: [(&str, &str); 5] =
    [("id", "uuid"), ("timestamp", ""), ("user_id", ""), ("action_type", ""), ("success", "boolean")];

/// A table that can be adopted.
pub(super) struct Adoption {
    columns: HashMap<String, Column>,
    about_rows: i64,
    size: String,
}

struct Column {
    ty: String,
    default: Option<String>,
}

impl Adoption {
    /// Looks whether there is a table to adopt.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when there is something of its name that cannot be adopted, with the reason.
    pub(super) async fn find(client: &Client) -> Result<Option<Self>> {
        let sql = "SELECT relkind::text, greatest(reltuples, 0)::bigint, pg_size_pretty(pg_total_relation_size(oid)) \
                   FROM pg_class WHERE oid = to_regclass('activity_logs')";
        let Some(row) = client.query_opt(sql, &[]).await? else { return Ok(None) };
        if row.get::<_, &str>(0) != "r" {
            return Err(unusable("it is no ordinary table"));
        }
        let columns = columns(client, LOG).await?;
        for (name, ty) in NEEDED {
            match columns.get(name) {
                None => return Err(unusable(&format!("it has no column {name}"))),
                Some(column) if !ty.is_empty() && column.ty != ty => {
                    return Err(unusable(&format!("its column {name} is {} and not {ty}", column.ty)));
                }
                Some(_) => {}
            }
        }
        refuse_what_would_be_left_behind(client).await?;
        Ok(Some(Self { columns, about_rows: row.get(1), size: row.get(2) }))
    }

    /// What would be done, in a sentence.
    pub(super) fn plan(&self) -> String {
        let turned: Vec<&str> = ["user_id", "target_user_id"]
            .into_iter()
            .filter(|name| self.columns.get(*name).is_some_and(|column| column.ty == "uuid"))
            .collect();
        let turned = if turned.is_empty() {
            String::new()
        } else {
            format!(" {} turn from uuid to text.", turned.join(" and "))
        };
        format!(
            "adopt the table {LOG}: about {} rows ({}), copied beside it in the order of their timestamps.{turned} The \
             application goes on meanwhile; the old table stays as {KEPT}",
            self.about_rows, self.size
        )
    }

    /// Adopts the table. `log` is the SQL that makes an empty log; `done` is run in the transaction that completes it.
    pub(super) async fn run(
        &self,
        client: &mut Client,
        partitions: &Partitions,
        log: &str,
        done: &str,
    ) -> Result<()> {
        tracing::info!(rows = self.about_rows, size = self.size, "adopting the table {LOG}");
        self.prepare(client, log).await.map_err(explain)?;
        let copy = Copy::of(client, &self.columns).await?;
        let batch = BATCH.min(NEW_PARTITIONS * clamped(partitions.size()));
        for batches in 1_i64.. {
            if copy.next(client, partitions, batch).await? < batch {
                break;
            }
            if batches % 10 == 0 {
                tracing::info!(copied = batches * batch, "adopting the table {LOG}");
            }
        }
        self.swap(client, partitions, &copy, done).await
    }

    /// Makes the new table and the trigger, unless a migration that was stopped has.
    async fn prepare(&self, client: &mut Client, log: &str) -> Result<()> {
        let exists = format!("SELECT to_regclass('{NEW}') IS NOT NULL");
        if client.query_one(&exists, &[]).await?.get(0) {
            tracing::info!("going on with an adoption that was stopped");
            return Ok(());
        }
        let mut sql = log
            .replace("CREATE TABLE activity_logs (", &format!("CREATE TABLE {NEW} ("))
            .replace("PARTITION OF activity_logs ", &format!("PARTITION OF {NEW} "));
        sql.push_str(
            "CREATE TABLE livetrail_adoption (last_timestamp TIMESTAMPTZ, last_id UUID);
             INSERT INTO livetrail_adoption VALUES (NULL, NULL);
             CREATE TABLE livetrail_adoption_late (id UUID PRIMARY KEY);
             CREATE FUNCTION livetrail_adoption_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
             SET search_path FROM CURRENT AS
             'BEGIN INSERT INTO livetrail_adoption_late VALUES (NEW.id); RETURN NULL; END';
             CREATE TRIGGER livetrail_adoption AFTER INSERT ON activity_logs
             FOR EACH ROW EXECUTE FUNCTION livetrail_adoption_note();",
        );
        let mut patience = Patience::default();
        while patience.asks_again(self.try_to_prepare(client, &sql).await).await? {}
        Ok(())
    }

    async fn try_to_prepare(&self, client: &mut Client, sql: &str) -> Result<()> {
        let transaction = client.transaction().await?;
        transaction.batch_execute(LOCK_TIMEOUT).await?;
        transaction.batch_execute(sql).await?;
        let ours = columns(&transaction, NEW).await?;
        for (name, column) in &self.columns {
            transaction.batch_execute(&column.definition(name, ours.get(name))).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Gives the new table its name once the last rows are copied.
    async fn swap(
        &self,
        client: &mut Client,
        partitions: &Partitions,
        copy: &Copy,
        done: &str,
    ) -> Result<()> {
        // Nearly all of what is late is copied while nobody waits, unless it comes faster than it can be copied.
        let (mut before, mut noted) = (i64::MAX, copy.late(client, partitions, BATCH).await?);
        while noted > FEW && (noted == BATCH || noted < before) {
            (before, noted) = (noted, copy.late(client, partitions, BATCH).await?);
        }
        let mut patience = Patience::default();
        while patience.asks_again(try_to_swap(client, partitions, copy, done).await).await? {}
        tracing::info!("adopted the table {LOG}; as it was, it is now {KEPT} and may be dropped");
        Ok(())
    }
}

async fn try_to_swap(client: &mut Client, partitions: &Partitions, copy: &Copy, done: &str) -> Result<()> {
    let grants = privileges(client).await?;
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK_TIMEOUT).await?;
    transaction.batch_execute("LOCK TABLE activity_logs IN ACCESS EXCLUSIVE MODE").await?;
    copy.late_in(&transaction, partitions, i64::MAX).await?;
    let swap = format!(
        "DROP TRIGGER livetrail_adoption ON activity_logs;
         DROP FUNCTION livetrail_adoption_note;
         DROP TABLE livetrail_adoption, livetrail_adoption_late;
         ALTER TABLE activity_logs RENAME TO {KEPT};
         ALTER TABLE {NEW} RENAME TO activity_logs;
         {grants}
         {done}"
    );
    transaction.batch_execute(&swap).await?;
    Ok(transaction.commit().await?)
}

/// Tries again what needs the old table for itself, as long as the application is using it.
#[derive(Default)]
struct Patience {
    said: bool,
}

impl Patience {
    /// Whether to try again, after a while; it is over when the attempt was successful.
    async fn asks_again(&mut self, attempt: Result<()>) -> Result<bool> {
        match attempt {
            Ok(()) => Ok(false),
            Err(StoreError::Unavailable(reason)) if reason.contains(SqlState::LOCK_NOT_AVAILABLE.code()) => {
                if !std::mem::replace(&mut self.said, true) {
                    tracing::info!("a transaction of the application is using {LOG}; going on when it ends");
                }
                sleep(PAUSE).await;
                Ok(true)
            }
            Err(error) => Err(error),
        }
    }
}

impl Column {
    /// What the new table lacks of a column of the old one: the column itself, where the application has one of its own,
    /// or room for texts that are longer than ours.
    fn definition(&self, name: &str, ours: Option<&Self>) -> String {
        let name = quoted(name);
        let default = self.default.as_ref().map_or(String::new(), |default| format!("DEFAULT {default}"));
        match ours {
            None => format!("ALTER TABLE {NEW} ADD COLUMN {name} {} {default}", self.ty),
            Some(ours) if ours.holds_text() && self.holds_text() && ours.longest() < self.longest() => {
                format!("ALTER TABLE {NEW} ALTER COLUMN {name} TYPE text")
            }
            Some(_) => String::new(),
        }
    }

    fn holds_text(&self) -> bool {
        self.ty == "text" || self.ty.starts_with("character varying")
    }

    fn longest(&self) -> u32 {
        let number = self.ty.strip_prefix("character varying(").and_then(|rest| rest.strip_suffix(')'));
        number.and_then(|number| number.parse().ok()).unwrap_or(u32::MAX)
    }
}

/// How a row of the old table becomes one of the new.
struct Copy {
    /// Columns of the new table, without its position.
    into: String,
    /// What each of them is, of a row `old`.
    values: String,
    /// What both tables have, as text, of a row `old` and of a row `new`.
    old_text: String,
    new_text: String,
}

impl Copy {
    async fn of(client: &Client, old: &HashMap<String, Column>) -> Result<Self> {
        let new = columns(client, NEW).await?;
        let (mut into, mut values) = (Vec::new(), Vec::new());
        let (mut old_text, mut new_text) = (Vec::new(), Vec::new());
        let writable = is_writable("old.timestamp");
        let moment = format!("CASE WHEN {writable} THEN old.timestamp::timestamptz ELSE now() END");
        for (name, column) in new.iter().filter(|(name, _)| old.contains_key(*name)) {
            let (is_moment, name) = (name == "timestamp", quoted(name));
            values.push(if is_moment { moment.clone() } else { format!("old.{name}::{}", column.ty) });
            old_text.push(if is_moment { moment.clone() } else { format!("old.{name}") });
            new_text.push(format!("new.{name}"));
            into.push(name);
        }
        if !old.contains_key("timestamp_adjusted") {
            into.push("timestamp_adjusted".into());
            values.push(format!("NOT {writable}"));
        }
        // What is text on one side may be a UUID or an address on the other; written down, both are the same.
        let text = |columns: Vec<String>| {
            let texts: Vec<String> = columns.into_iter().map(|column| format!("{column}::text")).collect();
            format!("hashtextextended(ROW({})::text, 0)::numeric", texts.join(", "))
        };
        Ok(Self {
            into: into.join(", "),
            values: values.join(", "),
            old_text: text(old_text),
            new_text: text(new_text),
        })
    }

    /// Copies the next rows in the order of their times; how many.
    async fn next(&self, client: &mut Client, partitions: &Partitions, most: i64) -> Result<i64> {
        let transaction = client.transaction().await?;
        let place = "SELECT last_timestamp::text, last_id::text FROM livetrail_adoption";
        let place = transaction.query_one(place, &[]).await?;
        let after = match (place.get::<_, Option<&str>>(0), place.get::<_, Option<&str>>(1)) {
            // The first condition is for an index on time, which such tables have.
            (Some(at), Some(id)) => {
                format!("old.timestamp >= '{at}' AND (old.timestamp, old.id) > ('{at}', '{id}')")
            }
            _ => "TRUE".into(),
        };
        // What was inserted since the beginning comes last, or an application that writes faster would never be overtaken.
        let rows = format!(
            "SELECT old.* FROM activity_logs old WHERE {after} \
             AND NOT EXISTS (SELECT FROM livetrail_adoption_late late WHERE late.id = old.id) \
             ORDER BY old.timestamp, old.id LIMIT {most}"
        );
        let copied = self.copy(&transaction, partitions, &rows).await?;
        if copied > 0 {
            let reached = "UPDATE livetrail_adoption SET (last_timestamp, last_id) = (SELECT last.timestamp, last.id \
                           FROM livetrail_adoption_batch last ORDER BY last.timestamp DESC, last.id DESC LIMIT 1)";
            transaction.execute(reached, &[]).await?;
        }
        transaction.commit().await?;
        Ok(copied)
    }

    /// Copies rows that were inserted since the beginning; how many were noted.
    async fn late(&self, client: &mut Client, partitions: &Partitions, most: i64) -> Result<i64> {
        let transaction = client.transaction().await?;
        let noted = self.late_in(&transaction, partitions, most).await?;
        transaction.commit().await?;
        Ok(noted)
    }

    async fn late_in(&self, client: &impl GenericClient, partitions: &Partitions, most: i64) -> Result<i64> {
        client
            .batch_execute(
                "DROP TABLE IF EXISTS pg_temp.livetrail_adoption_noted;
                 CREATE TEMPORARY TABLE livetrail_adoption_noted (id UUID) ON COMMIT DROP",
            )
            .await?;
        let take = "WITH taken AS (DELETE FROM livetrail_adoption_late WHERE ctid = ANY(ARRAY(SELECT ctid \
                    FROM livetrail_adoption_late LIMIT $1)) RETURNING id) \
                    INSERT INTO livetrail_adoption_noted SELECT id FROM taken";
        let noted = clamped(client.execute(take, &[&most]).await?);
        if noted > 0 {
            let rows = "SELECT old.* FROM activity_logs old JOIN livetrail_adoption_noted USING (id)";
            self.copy(client, partitions, rows).await?;
        }
        Ok(noted)
    }

    /// Copies rows, gives them the next positions in their order, and compares what came out with what went in.
    async fn copy(&self, client: &impl GenericClient, partitions: &Partitions, rows: &str) -> Result<i64> {
        client
            .batch_execute(&format!(
                "DROP TABLE IF EXISTS pg_temp.livetrail_adoption_batch;
                 CREATE TEMPORARY TABLE livetrail_adoption_batch ON COMMIT DROP AS {rows}"
            ))
            .await?;
        let Self { into, values, old_text, new_text } = self;
        let head: i64 = client.query_one("SELECT position FROM livetrail_head FOR UPDATE", &[]).await?.get(0);
        let counted =
            format!("SELECT count(*), coalesce(sum({old_text}), 0)::text FROM livetrail_adoption_batch old");
        let row = client.query_one(&counted, &[]).await?;
        let (count, went_in): (i64, String) = (row.get(0), row.get(1));
        partitions.cover(client, NEW, u64::try_from(head + count).unwrap_or_default()).await?;
        let insert = format!(
            "INSERT INTO {NEW} (position, {into}) SELECT $1 + row_number() OVER (ORDER BY old.timestamp, old.id), {values} \
             FROM livetrail_adoption_batch old"
        );
        client.execute(&insert, &[&head]).await?;
        client.execute("UPDATE livetrail_head SET position = $1", &[&(head + count)]).await?;
        let check = format!(
            "SELECT count(*), coalesce(sum({new_text}), 0)::text FROM {NEW} new WHERE new.position > $1"
        );
        let row = client.query_one(&check, &[&head]).await?;
        if (row.get::<_, i64>(0), row.get::<_, String>(1)) != (count, went_in) {
            return Err(unusable(&format!("rows after position {head} did not come out as they went in")));
        }
        Ok(count)
    }
}

/// The columns of a table by their names.
async fn columns(client: &impl GenericClient, table: &str) -> Result<HashMap<String, Column>> {
    let sql = "SELECT attname::text, format_type(atttypid, atttypmod), pg_get_expr(adbin, adrelid) \
               FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum \
               WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''";
    let rows = client.query(sql, &[&table]).await?;
    let column = |row: &tokio_postgres::Row| (row.get(0), Column { ty: row.get(1), default: row.get(2) });
    Ok(rows.iter().map(column).collect())
}

/// What hangs on the old table would go on hanging on it.
async fn refuse_what_would_be_left_behind(client: &Client) -> Result<()> {
    let sql = "SELECT 'the foreign key ' || conname || ' of ' || conrelid::regclass FROM pg_constraint
                 WHERE confrelid = 'activity_logs'::regclass
               UNION ALL SELECT DISTINCT 'the view ' || ev_class::regclass FROM pg_rewrite
                 JOIN pg_depend ON objid = pg_rewrite.oid AND classid = 'pg_rewrite'::regclass
                 WHERE refobjid = 'activity_logs'::regclass AND ev_class <> 'activity_logs'::regclass
               UNION ALL SELECT 'the trigger ' || tgname FROM pg_trigger
                 WHERE tgrelid = 'activity_logs'::regclass AND NOT tgisinternal AND tgname <> 'livetrail_adoption'
               UNION ALL SELECT 'the policy ' || polname FROM pg_policy WHERE polrelid = 'activity_logs'::regclass
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
async fn privileges(client: &Client) -> Result<String> {
    let sql = format!(
        "SELECT coalesce(string_agg(format('GRANT %s ON activity_logs TO %s;', privilege_type, \
           CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END), ' '), '') \
         || coalesce((SELECT format(' ALTER TABLE activity_logs OWNER TO %s;', relowner::regrole) FROM pg_class \
             WHERE oid = '{LOG}'::regclass AND relowner <> current_user::regrole), '') \
         FROM pg_class, aclexplode(relacl) WHERE oid = '{LOG}'::regclass AND grantee <> relowner"
    );
    Ok(client.query_one(&sql, &[]).await?.get::<_, Option<String>>(0).unwrap_or_default())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn unusable(reason: &str) -> StoreError {
    StoreError::Unusable(format!("the table {LOG} cannot be adopted: {reason}"))
}

fn explain(error: StoreError) -> StoreError {
    match error {
        StoreError::Unusable(reason) => unusable(&reason),
        other => other,
    }
}
