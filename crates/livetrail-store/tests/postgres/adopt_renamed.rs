//! Columns of the application that have a name of Livetrail's and another meaning.

use super::{
    adopt::application,
    adopt_decided::{open_with, undo},
    append, client, everything, reaches, small, try_to_open,
};
use crate::until::until;
use livetrail_store::{AdoptionChoices, PostgresOptions, PostgresStore};
use livetrail_types::Epoch;
use private_postgres::Database;

/// A list's place and a text, with what uses them.
pub(super) const THEIRS: &str = "ALTER TABLE activity_logs ADD COLUMN position INTEGER NOT NULL DEFAULT 7, ADD COLUMN changes TEXT,
       ADD COLUMN twice INTEGER GENERATED ALWAYS AS (position * 2) STORED;
     UPDATE activity_logs SET position = (details ->> 'n')::integer % 50, changes = 'moved to ' || position;
     ALTER TABLE activity_logs ADD CONSTRAINT in_list CHECK (position < 1000);
     CREATE INDEX by_place ON activity_logs (position) WHERE changes IS NOT NULL;
     CREATE VIEW places AS SELECT id, position, changes FROM activity_logs WHERE position > 10;
     CREATE TABLE moves (activity UUID, place INTEGER);
     CREATE FUNCTION note_move() RETURNS trigger LANGUAGE plpgsql AS
       'BEGIN INSERT INTO moves VALUES (NEW.id, TG_ARGV[0]::integer); RETURN NULL; END';
     CREATE TRIGGER far AFTER INSERT ON activity_logs FOR EACH ROW WHEN (NEW.position > 100) EXECUTE FUNCTION note_move(1);
     COMMENT ON COLUMN activity_logs.position IS 'the place in a list';
     ALTER TABLE activity_logs ENABLE ROW LEVEL SECURITY; CREATE POLICY near ON activity_logs FOR SELECT USING (position < 5);";

pub(super) fn renamed(columns: &[(&str, &str)]) -> AdoptionChoices {
    let columns = columns.iter().map(|&(new, old)| (new.to_owned(), old.to_owned())).collect();
    AdoptionChoices { columns, ..AdoptionChoices::default() }
}

pub(super) const NAMES: [(&str, &str); 2] = [("app_position", "position"), ("app_changes", "changes")];

/// A hash of what the application has in its columns.
fn values(database: &Database, position: &str, changes: &str) -> String {
    database.psql(&format!(
        "SELECT count(*), md5(string_agg(concat_ws('|', id, {position}, {changes}, twice), ',' ORDER BY id)) FROM activity_logs"
    ))
}

/// What the application has defined.
fn definitions(database: &Database) -> String {
    database.psql(
        "SELECT attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid), col_description(attrelid, attnum), attacl
           FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
           WHERE attrelid = 'activity_logs'::regclass AND attnum > 0 ORDER BY attnum;
         SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'activity_logs'::regclass ORDER BY 1;
         SELECT indexdef FROM pg_indexes WHERE tablename = 'activity_logs' ORDER BY 1; SELECT pg_get_viewdef('places');
         SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'activity_logs'::regclass AND NOT tgisinternal ORDER BY 1;
         SELECT policyname, qual FROM pg_policies WHERE tablename = 'activity_logs'",
    )
}

async fn pending(database: &Database, choices: AdoptionChoices) -> livetrail_store::Result<Vec<String>> {
    let address = database.url().parse().expect("an address");
    PostgresStore::pending_migrations(address, &choices, true).await
}

fn insert(more: &str, values: &str) -> String {
    format!(
        "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success {more})
         VALUES (gen_random_uuid(), 'a', '/x', 'GET', 200, TRUE {values})"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn columns_of_another_meaning_get_names_of_their_own_and_what_uses_them_follows() {
    let database = application(&[THEIRS]);
    let role = format!("placer_{}", database.name());
    database.psql(&format!("CREATE ROLE {role}; GRANT SELECT (position) ON activity_logs TO {role}"));
    let (before, defined) = (values(&database, "position", "changes"), definitions(&database));
    let refusal = pending(&database, AdoptionChoices::default()).await.expect_err("a refusal").to_string();
    let way = "under another name: `livetrail migrate --column app_position=position`";
    assert!(refusal.contains(way), "{refusal}");
    let plan = pending(&database, renamed(&NAMES)).await.expect("a plan").join("\n");
    assert!(plan.contains("position of the application becomes app_position"), "{plan}");
    for carried in [
        "the generated column twice",
        "the check in_list",
        "the index by_place",
        "the view places",
        "the trigger far",
    ] {
        assert!(plan.contains(carried), "{carried}: {plan}");
    }
    assert_eq!(definitions(&database), defined, "a dry run changes nothing");

    for round in 0..2_u64 {
        let store = open_with(&database, renamed(&NAMES)).await.expect("it is adopted");
        let rows = 5_000 + 2 * round;
        assert_eq!(everything(&store).await.len() as u64, rows);
        if round == 0 {
            assert_eq!(values(&database, "app_position", "app_changes"), before);
        }
        let uses = format!("SELECT count(*), min(position) FROM places; SELECT obj_description('activity_logs'::regclass),
             col_description('activity_logs'::regclass, attnum) FROM pg_attribute WHERE attrelid = 'activity_logs'::regclass
             AND attname = 'app_position'; SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '% ON ONLY public.activity_logs USING btree (app_position)%';
             SET ROLE {role}; SELECT count(*) > 0, max(app_position) FROM activity_logs");
        assert_eq!(
            database.psql(&uses).replace("SET\n", ""),
            format!("{}|11\n|the place in a list\n1\nt|4\n", 3_900 + 2 * round),
            "{round}"
        );
        // Both the application and the API go on.
        database.psql(&insert(", app_position, app_changes", ", 200, 'by SQL'"));
        reaches(&store, rows + 1).await;
        assert_eq!(append(&store, 1..=1).await, [rows + 2]);
        let refusal = database.cluster().try_psql(database.name(), &insert(", app_position", ", 1000"));
        assert!(refusal.expect_err("a refusal").contains("in_list"));
        let new = format!(
            "SELECT app_position, app_changes, twice FROM activity_logs WHERE position > {rows} ORDER BY position"
        );
        assert_eq!(database.psql(&new), "200|by SQL|400\n7||14\n");
        let kept = "SELECT attname FROM pg_attribute WHERE attrelid = 'activity_logs_before_livetrail'::regclass AND attname LIKE '%position' ";
        assert_eq!(database.psql(kept), "position\n", "the old table stays as it was");
        assert_eq!(database.psql("SELECT count(*) FROM moves").trim(), (round + 1).to_string(), "once a row");
        drop(store);

        // What came by the API lacks values that the old table needs.
        let undone = undo(&database).await;
        assert_eq!((undone.returned, undone.refused), (1, 1));
        assert_eq!(definitions(&database), defined);
        let came = "SELECT position, changes, twice FROM activity_logs WHERE changes = 'by SQL' LIMIT 1; SELECT count(*) FROM places";
        assert_eq!(database.psql(came), format!("200|by SQL|400\n{}\n", 3_901 + 2 * round));
        // The log is made anew from the old table, so the round begins with one row more.
        database.psql("DROP TABLE activity_logs_not_returned");
        database.psql(&insert(", position", ", 50"));
    }
    database.psql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_cannot_be_and_a_trigger_that_names_the_column_are_refused_before_anything_is_made() {
    let database = application(&["ALTER TABLE activity_logs ADD COLUMN position BIGINT, ADD COLUMN app_position TEXT, ADD COLUMN via INTEGER, ADD COLUMN changes INTEGER;
         CREATE FUNCTION place() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.\"position\" := 1; RETURN NEW; END';
         CREATE TRIGGER placed BEFORE INSERT ON activity_logs FOR EACH ROW EXECUTE FUNCTION place();
         ALTER TABLE activity_logs ADD COLUMN words TSVECTOR;
         CREATE TRIGGER worded BEFORE INSERT ON activity_logs FOR EACH ROW WHEN (FALSE)
           EXECUTE FUNCTION tsvector_update_trigger(words, 'pg_catalog.english', changes);"]);
    let of = |new: &'static str, old: &'static str| renamed(&[(new, old)]);
    for (choices, reason) in [
        (
            AdoptionChoices::default(),
            "`livetrail migrate --column app_changes=changes --column app_position_2=position`",
        ),
        (of("app_position", "position"), "there is a column app_position already"),
        (of("place", "place"), "the table has no column place"),
        (of("place", "app_position"), "app_position is not a name of Livetrail's"),
        (of("tenant_id", "position"), "tenant_id is a name of Livetrail's"),
        (of("livetrail_via", "via"), "livetrail_via is a name of Livetrail's"),
        (renamed(&[("a", "position"), ("b", "position")]), "position is given two names"),
        (renamed(&[("a", "position"), ("a", "via")]), "there is a column a already"),
        (of("place", "success"), "it has no column success"),
        (
            renamed(&[("place", "position"), ("count", "changes")]),
            "\n  placed: its function place or its arguments name position, which is place in the new table",
        ),
        (
            renamed(&[("place", "position"), ("count", "changes")]),
            "\n  worded: its function tsvector_update_trigger or its arguments name changes, which is count",
        ),
    ] {
        for refusal in
            [pending(&database, choices.clone()).await.err(), open_with(&database, choices).await.err()]
        {
            let refusal = refusal.expect("a refusal").to_string();
            assert!(refusal.contains(reason), "{refusal}");
        }
    }
    let empty = private_postgres::database();
    let refusal = pending(&empty, of("place", "position")).await.expect_err("a refusal").to_string();
    assert!(refusal.contains("the database has none, so --column names nothing"), "{refusal}");
    let made = "SELECT count(*) FROM pg_class WHERE relname LIKE 'livetrail%'";
    assert_eq!(database.psql(made), "0\n");
    let without = vec!["placed".to_owned(), "worded".to_owned()];
    let choices = AdoptionChoices {
        without,
        ..renamed(&[("their \"place\"", "position"), ("app_via", "via"), ("count", "changes")])
    };
    let store = open_with(&database, choices).await.expect("it is adopted");
    database.psql(&insert(", \"their \"\"place\"\"\", app_via", ", 9, 3"));
    reaches(&store, 5_001).await;
    let columns = "SELECT count(*) FROM pg_attribute WHERE attrelid = 'activity_logs'::regclass AND attname LIKE '%via'";
    assert_eq!(database.psql(columns), "2\n", "Livetrail's own needs no prefix");
}

/// An index that takes as long as another session holds a lock, once the adoption has begun: the row that tries the
/// index before does not wait. If autovacuum analyzed the table, it would wait for that lock, too, and hold a lock that
/// the adoption has to wait for.
const SLOW_INDEX: &str = "CREATE FUNCTION slow(INTEGER) RETURNS INTEGER IMMUTABLE LANGUAGE plpgsql AS
       'BEGIN IF to_regclass(''livetrail_adoption'') IS NOT NULL THEN PERFORM pg_advisory_xact_lock_shared(7); END IF; RETURN $1; END';
     ALTER TABLE activity_logs SET (autovacuum_enabled = off); CREATE INDEX by_slow ON activity_logs (slow(position));";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_adoption_that_was_stopped_goes_on_with_the_names() {
    let database = application(&[THEIRS, SLOW_INDEX]);
    let application = client(&database.url()).await;
    application.batch_execute("SELECT pg_advisory_lock(7)").await.expect("a lock");
    let url = database.url();
    let options = PostgresOptions { adoption: renamed(&NAMES), ..small() };
    let stopped = tokio::spawn(async move {
        PostgresStore::open(url.parse().expect("an address"), options, Epoch(1)).await.map(drop)
    });
    let sessions =
        "FROM pg_stat_activity WHERE application_name = 'livetrail' AND datname = current_database()";
    let waits = format!("SELECT count(*) = 1 {sessions} AND wait_event = 'advisory'");
    until(async || application.query_one(&waits, &[]).await.expect("an answer").get(0)).await;
    let late = insert(", position, changes", ", 40, 'meanwhile'");
    application.batch_execute(&late).await.expect("the application goes on by its own names");
    let stop = format!("SELECT pg_terminate_backend(pid) {sessions}");
    application.batch_execute(&stop).await.expect("a right to");
    stopped.await.expect("no panic").expect_err("its connection was cut");
    let before = values(&database, "position", "changes");
    drop(application);
    let other =
        open_with(&database, renamed(&[("place", "position")])).await.err().expect("a refusal").to_string();
    assert!(other.contains("begun --column app_position=position --column app_changes=changes"), "{other}");

    // A server goes on with what was decided.
    let store = try_to_open(&database.url()).await.expect("it is adopted");
    assert_eq!(everything(&store).await.len(), 5_001);
    assert_eq!(values(&database, "app_position", "app_changes"), before);
    let indexes = "SELECT count(*) FROM pg_indexes WHERE tablename = 'activity_logs' AND indexdef LIKE '%app_position%'";
    assert_eq!(database.psql(indexes), "2\n");
    drop(store);
    drop(open_with(&database, renamed(&NAMES)).await.expect("the same command changes nothing"));
    let late = open_with(&database, renamed(&[("customer", "tenant_id")])).await.err().expect("a refusal");
    assert!(
        late.to_string().contains("the log has no column customer") && late.to_string().contains("--undo"),
        "{late}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_column_whose_type_fits_is_taken_for_livetrails_own_with_a_notice() {
    let database = application(&[
        "ALTER TABLE activity_logs ADD COLUMN changes TEXT, ADD COLUMN tenant_id VARCHAR(20), ADD COLUMN via TEXT;",
    ]);
    let plan = pending(&database, AdoptionChoices::default()).await.expect("a plan").join("\n");
    let notice = "Livetrail reads changes and tenant_id and via of the application as its own";
    assert!(plan.contains(notice) && plan.contains("--column app_changes=changes"), "{plan}");
    let plan =
        pending(&database, renamed(&[("notes", "changes"), ("customer", "tenant_id"), ("route", "via")]))
            .await;
    let plan = plan.expect("a plan").join("\n");
    assert!(!plan.contains("Livetrail reads"), "{plan}");
}

/// Columns that a sequence numbers, that are computed, or that belong to other tables.
const COMPUTED: &str = "CREATE TABLE parties (id INTEGER PRIMARY KEY); INSERT INTO parties VALUES (1);
     ALTER TABLE activity_logs ADD COLUMN position BIGSERIAL, ADD COLUMN changes INTEGER GENERATED ALWAYS AS IDENTITY,
       ADD COLUMN fingerprint INTEGER GENERATED ALWAYS AS (status_code + 1) STORED,
       ADD COLUMN timestamp_adjusted INTEGER DEFAULT 1 CONSTRAINT party REFERENCES parties (id);
     CREATE STATISTICS together ON position, user_id FROM activity_logs;
     CREATE UNIQUE INDEX one_place ON activity_logs (position);
     CREATE TABLE notes (place BIGINT CONSTRAINT note_of REFERENCES activity_logs (position));";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbered_computed_and_foreign_columns_get_names_of_their_own_too() {
    let database = application(&[COMPUTED]);
    let defined = || {
        database.psql(
            "SELECT attname, attidentity, attgenerated, pg_get_expr(adbin, adrelid), pg_get_serial_sequence('activity_logs', attname)
               FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
               WHERE attrelid = 'activity_logs'::regclass AND attnum > 0 ORDER BY attnum;
             SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname IN ('party', 'note_of') ORDER BY 1;
             SELECT indexdef FROM pg_indexes WHERE tablename = 'activity_logs' ORDER BY 1;
             SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext",
        )
    };
    let values = |names: &str| {
        let sum = format!(
            "SELECT md5(string_agg(concat_ws('|', id, {names}), ',' ORDER BY id)) FROM activity_logs"
        );
        database.psql(&sum)
    };
    let (before, of_rows) = (defined(), values("position, changes, fingerprint, timestamp_adjusted"));
    let refusal = pending(&database, AdoptionChoices::default()).await.expect_err("a refusal").to_string();
    let way = "--column app_changes=changes --column app_fingerprint=fingerprint --column app_position=position \
               --column app_timestamp_adjusted=timestamp_adjusted`";
    assert!(refusal.contains(way), "{refusal}");
    let without = ["note_of", "one_place"].map(str::to_owned).to_vec();
    let names = [
        ("place", "position"),
        ("number", "changes"),
        ("mark", "fingerprint"),
        ("party", "timestamp_adjusted"),
    ];
    let choices = AdoptionChoices { without, ..renamed(&names) };
    for round in 0..2_u64 {
        let store = open_with(&database, choices.clone()).await.expect("it is adopted");
        if round == 0 {
            assert_eq!(values("place, number, mark, party"), of_rows);
        }
        database.psql(&insert("", ""));
        reaches(&store, 5_001 + round).await;
        let newest = format!(
            "SELECT place, number, mark, party FROM activity_logs WHERE position = {}",
            5_001 + round
        );
        // A number that a refused row has taken is not given again.
        assert_eq!(database.psql(&newest), format!("{0}|{0}|201|1\n", 5_001 + 2 * round));
        let refusal = database.cluster().try_psql(database.name(), &insert(", party", ", 2"));
        assert!(refusal.expect_err("a refusal").contains("party"));
        drop(store);
        assert_eq!(undo(&database).await.returned, 1);
        assert_eq!(defined().replace(" NOT VALID", ""), before);
    }
}
