//! A log beside the table of an application. The table stays as it is; a trigger copies each row that is inserted.
//!
//! This is for a table that [`adopt`](super::adopt) cannot make the log of: one with other columns, or one of which
//! something would be lost. The log is in a schema of its own, which every session looks at first ([`FIND`]).

mod dry_run;
mod fields;

use super::{
    adopt::{Attempts, Undone, literal, quoted},
    connection::in_words,
    external::{self, Taken},
    head, internal, not_returned,
    partitions::Partitions,
    rights,
    rows::clamped,
    table::{Form, TableOptions},
};
use crate::{Result, StoreError};
use tokio_postgres::{Client, GenericClient};

/// Where the log is.
const SCHEMA: &str = "livetrail";
/// Where activities are kept if this user may not make a table beside the application's.
const KEPT_SCHEMA: &str = "livetrail_kept";
/// Copies a row, as the trigger on the application's table.
const FEED: &str = "livetrail_feed";
/// Says what is copied how. It is there once all rows are.
const MARK: &str = "livetrail_beside";
/// Reads columns of other types leniently.
const LENIENT: &str = include_str!("../adopt/lenient.sql");
/// The application may have to wait so long for its table.
const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '500ms'";
/// The names that a session looks for are those of the application.
const THEIR_NAMES: &str =
    "SELECT set_config('search_path', (SELECT reset_val FROM pg_settings WHERE name = 'search_path'), false)";

/// Makes a session find the log. Only a schema that the same user or the owner of the database has made is believed:
/// any role with the right to make schemas could make another.
pub(super) const FIND: &str = "
    SELECT set_config('search_path', 'livetrail, ' || current_setting('search_path'), false)
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace, pg_database
    WHERE nspname = 'livetrail' AND relname = 'livetrail_beside' AND datname = current_database()
      AND relowner IN (current_user::regrole, datdba) AND nspowner IN (current_user::regrole, datdba)
      AND current_setting('search_path') NOT LIKE 'livetrail, %';";

/// A table that a log can be kept beside.
pub(super) struct Beside {
    form: Form,
    /// The table's name with its schema, quoted.
    table: String,
    /// Whether its triggers are ours to decide about.
    is_ours: bool,
    columns: String,
    values: String,
    id: String,
    /// How the rows were read that the log has already, if it was in another way.
    was_read: Option<String>,
}

impl Beside {
    /// Looks at the table. The session looks for names as the application does afterwards.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when no log can be kept beside it.
    pub(super) async fn find(client: &Client, options: &TableOptions) -> Result<Self> {
        let was_read = read_before(client).await?;
        client.batch_execute(THEIR_NAMES).await?;
        let form = Form::find(client, options).await?;
        let sql = "SELECT format('%I.%I', nspname, relname), relkind IN ('r', 'p') AND NOT relispartition,
             pg_has_role(relowner, 'USAGE'), has_table_privilege(pg_class.oid, 'TRIGGER') AND has_table_privilege(pg_class.oid, 'SELECT'),
             EXISTS (SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'fingerprint' AND NOT attisdropped),
             (SELECT string_agg(inhrelid::regclass::text, ', ' ORDER BY inhrelid) FROM pg_inherits WHERE inhparent = pg_class.oid AND relkind = 'r')
             FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE pg_class.oid::bigint = $1";
        let row = client.query_one(sql, &[&form.oid]).await?;
        let table: String = row.get(0);
        let refuse = |reason: String| {
            Err(StoreError::Unusable(format!("no log can be kept beside {table}: {reason}")))
        };
        if !row.get::<_, bool>(1) {
            return refuse("it is a view, a partition or the like; name the table itself by --table".into());
        }
        if let Some(heirs) = row.get::<_, Option<String>>(5) {
            return refuse(format!(
                "{heirs} inherit from it, and a trigger on it does not see the rows that are inserted there: copy it instead, by \
                 livetrail import"
            ));
        }
        if row.get(4) {
            return refuse("it is a log of Livetrail's".into());
        }
        if !row.get::<_, bool>(3) {
            return refuse(format!(
                "its owner has to GRANT TRIGGER, SELECT ON {table} to the user that livetrail connects as"
            ));
        }
        if form.mapping.column("id").is_none() {
            return refuse(
                "it has no column id, which tells its rows apart: name one by --column id=COLUMN".into(),
            );
        }
        let values = fields::values(&form);
        let id =
            values.iter().find(|(column, _)| *column == "id").map(|(_, id)| id.clone()).unwrap_or_default();
        let (columns, values): (Vec<_>, Vec<_>) = values.into_iter().unzip();
        let (columns, values) = (columns.join(", "), values.join(", "));
        let read = form.reading().unwrap_or_default();
        let was_read = was_read.filter(|before| *before != read);
        Ok(Self { table, is_ours: row.get(2), columns, values, id, form, was_read })
    }

    /// What will be done, in words.
    pub(super) fn plan(&self) -> String {
        let read = self.form.reading().map(|read| format!(" It is read so: {read}.")).unwrap_or_default();
        let assumed = self.form.assumed().map(|assumed| format!(". Note: {assumed}")).unwrap_or_default();
        let was_read = self.was_read.as_ref().map_or_else(String::new, |before| {
            let before = if before.is_empty() { "by the names of its columns" } else { before };
            format!(
                ". Note: the rows that the log has stay as they were read, which was so: {before}. To read them again, take the log back \
                 by `livetrail migrate --undo` and begin anew"
            )
        });
        format!(
            "the table {} stays as it is. Its rows, and each one that is inserted from now on, are copied into a log in the schema \
             {SCHEMA}.{read} Columns that are no field of an activity go into its details{assumed}{was_read}",
            self.table
        )
    }

    /// Makes the schema, and has the session make its tables there.
    pub(super) async fn begin(&self, client: &impl GenericClient) -> Result<()> {
        let sql = format!("CREATE SCHEMA IF NOT EXISTS {SCHEMA}; SET search_path = {SCHEMA}");
        client.batch_execute(&sql).await.map_err(|error| match error.as_db_error() {
            Some(_) => StoreError::Unusable(format!(
                "livetrail may not make the schema {SCHEMA}: {}. As the database's owner: GRANT CREATE ON DATABASE … TO the user that \
                 livetrail connects as",
                in_words(&error)
            )),
            None => error.into(),
        })
    }

    /// Copies what is there and has the trigger copy what comes. The session has its log.
    pub(super) async fn feed(&self, client: &mut Client, partitions: &Partitions) -> Result<()> {
        tracing::info!("{}", self.plan());
        if !is_here(client).await? {
            // Default privileges are meant for the application's tables. What is granted later stays.
            client.batch_execute(&rights::keep_to_owner_of(&format!("{SCHEMA}.activity_logs"))).await?;
        }
        let mut attempts = Attempts::default();
        while attempts.asks_again(self.try_to_follow(client).await).await? {}
        let transaction = client.transaction().await?;
        let copied = transaction.execute(&self.copy(""), &[]).await.map_err(refused)?;
        transaction.batch_execute(&self.mark()).await?;
        transaction.commit().await?;
        tracing::info!(copied, "copied the rows of {}; they get their positions", self.table);
        self.give_positions(client, partitions).await
    }

    /// Leaves the application's table as it was.
    pub(super) async fn give_up(client: &Client) -> Result<()> {
        Ok(client.batch_execute(&format!("DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")).await?)
    }

    async fn try_to_follow(&self, client: &mut Client) -> Result<()> {
        let transaction = client.transaction().await?;
        transaction.batch_execute(LOCK_TIMEOUT).await?;
        transaction.batch_execute(&self.follow()).await?;
        Ok(transaction.commit().await?)
    }

    /// The statements that have each row copied from now on.
    fn follow(&self) -> String {
        let Self { table, columns, values, .. } = self;
        let always = if self.is_ours {
            // Rows that a replication or a restore inserts are copied, too.
            format!("ALTER TABLE {table} ENABLE ALWAYS TRIGGER {FEED};")
        } else {
            String::new()
        };
        // A column may have any name, so the body is a literal.
        let body = literal(&format!(
            "DECLARE r JSONB := livetrail_json(to_json(NEW)::text);
             BEGIN
               INSERT INTO activity_logs ({columns}) SELECT {values};
               RETURN NULL;
             END"
        ));
        format!(
            "{LENIENT}
             CREATE OR REPLACE FUNCTION {FEED}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
             SET search_path = {SCHEMA}, pg_catalog, pg_temp AS {body};
             REVOKE EXECUTE ON FUNCTION {FEED}() FROM PUBLIC;
             CREATE OR REPLACE TRIGGER {FEED} AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {FEED}();
             {always}"
        )
    }

    /// The statement that copies what was not copied before, of the rows `a` that `of_these` means. `OFFSET` has the
    /// row made JSON once, not for each field. No column of the application is in sight of the fields, whatever its
    /// name.
    fn copy(&self, of_these: &str) -> String {
        let Self { table, columns, values, id, .. } = self;
        format!(
            "INSERT INTO activity_logs ({columns}) SELECT {values} \
             FROM (SELECT livetrail_json(to_json(a.*)::text) AS r FROM {table} a {of_these} OFFSET 0) j WHERE NOT EXISTS (SELECT FROM activity_logs known WHERE known.id = {id})"
        )
    }

    fn mark(&self) -> String {
        let read = self.form.reading().unwrap_or_default();
        format!(
            "CREATE OR REPLACE VIEW {MARK} AS SELECT {}::text AS table_name, {}::text AS read_as",
            literal(&self.table),
            literal(&read)
        )
    }

    /// Gives what was copied its positions, but for the last rows, which the next server takes in with those that come.
    async fn give_positions(&self, client: &mut Client, partitions: &Partitions) -> Result<()> {
        let mut reached = head::read(client, partitions).await?;
        for batches in 1_i64.. {
            // Others are at it, or the server that starts next will say what it cannot take in.
            let Taken::UpTo(head) =
                external::take_in(client, partitions, reached, external::BATCH, &[]).await?
            else {
                break;
            };
            if clamped(head - reached) < external::BATCH {
                break;
            }
            reached = head;
            if batches % 10 == 0 {
                tracing::info!(head, "giving positions");
            }
        }
        Ok(())
    }
}

/// Whether the log of this session is one beside a table.
pub(super) async fn is_here(client: &Client) -> Result<bool> {
    let sql = format!("SELECT to_regclass('{SCHEMA}.{MARK}') IS NOT NULL AND current_schema() = '{SCHEMA}'");
    Ok(client.query_one(&sql, &[]).await?.get(0))
}

/// How the log of this session, if it is one beside a table, has read its rows until now.
async fn read_before(client: &Client) -> Result<Option<String>> {
    if !is_here(client).await? {
        return Ok(None);
    }
    let sql = format!("SELECT read_as FROM {SCHEMA}.{MARK}");
    Ok(client.query_opt(&sql, &[]).await?.map(|row| row.get(0)))
}

/// Ends the copying and drops the log. Activities that the table does not hold are kept in a table beside it.
pub(super) async fn undo(client: &mut Client) -> Result<Undone> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK_TIMEOUT).await?;
    let sql = format!(
        "SELECT nspname::text, format('%I.%I', nspname, relname)
         FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
         WHERE tgfoid = '{SCHEMA}.{FEED}'::regproc AND tgparentid = 0"
    );
    let (mut theirs, mut table) = ("public".to_owned(), format!("{SCHEMA}.activity_logs"));
    if let Some(row) = transaction.query_opt(&sql, &[]).await? {
        (theirs, table) = (row.get(0), row.get(1));
    }
    let of_the_api = "SELECT count(*) FROM activity_logs WHERE coalesce(fingerprint, '\\x00') <> '\\x00'";
    let kept: i64 = transaction.query_one(of_the_api, &[]).await?.get(0);
    let mut kept_in = None;
    if kept > 0 {
        let may_create = "SELECT has_schema_privilege($1, 'CREATE')";
        if !transaction.query_one(may_create, &[&theirs]).await?.get::<_, bool>(0) {
            transaction.batch_execute(&format!("CREATE SCHEMA IF NOT EXISTS {KEPT_SCHEMA}")).await?;
            KEPT_SCHEMA.clone_into(&mut theirs);
            kept_in = Some(KEPT_SCHEMA.to_owned());
        }
        let activities = "AS SELECT * FROM activity_logs WHERE coalesce(fingerprint, '\\x00') <> '\\x00' ORDER BY position";
        let keep = not_returned::make(&quoted(&theirs), activities, &table);
        transaction.batch_execute(&keep).await?;
    }
    // The trigger goes with its function: to drop it alone is a right of the table's owner.
    let sql = format!(
        "DROP FUNCTION {FEED}() CASCADE; DROP VIEW {MARK}; DROP TABLE activity_logs;
         DROP FUNCTION livetrail_address(TEXT), livetrail_json(TEXT);"
    );
    transaction.batch_execute(&sql).await?;
    internal::drop_tables(&transaction).await?;
    // What else there is in the schema is not ours.
    let is_empty =
        format!("SELECT NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = '{SCHEMA}'::regnamespace)");
    if transaction.query_one(&is_empty, &[]).await?.get(0) {
        transaction.batch_execute(&format!("DROP SCHEMA {SCHEMA}")).await?;
    }
    transaction.commit().await?;
    let refused = u64::try_from(kept).unwrap_or_default();
    Ok(Undone { refused, kept_in, was_beside: true, ..Undone::default() })
}

fn refused(error: tokio_postgres::Error) -> StoreError {
    match error.as_db_error() {
        Some(_) if !error.code().is_some_and(super::connection::may_pass) => {
            StoreError::Unusable(format!("no log can be kept beside the table: {}", in_words(&error)))
        }
        _ => error.into(),
    }
}
