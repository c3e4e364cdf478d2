//! A log beside the table of an application, which stays as it is.

use super::{activity, adopt_decided::undo, append, client, everything, open, reaches, small, try_to_open};
use livetrail_store::{
    ActivityTable, AdoptionChoices, Directory, Log, PostgresOptions, PostgresStore, Result, TableOptions,
    Undone,
};
use livetrail_types::{Activity, Epoch, NewActivity, Redaction};
use private_postgres::Database;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use uuid::Uuid;

/// The name of a table, how it is made, how it gets rows, and which column has to be named.
type Table = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Tables as applications have them.
const TABLES: [Table; 7] = [
    (
        "activity_logs",
        "CREATE TABLE activity_logs (id SERIAL PRIMARY KEY, user_id INTEGER NOT NULL, action_type VARCHAR(100) NOT NULL, \
         ip_address VARCHAR(45), user_agent TEXT, timestamp TIMESTAMP DEFAULT now())",
        "INSERT INTO activity_logs (user_id, action_type, ip_address) VALUES (7, 'login', '203.0.113.9'), (8, 'a b/c', 'unknown')",
        &[],
    ),
    (
        "activity_logs",
        "CREATE TABLE activity_logs (id UUID PRIMARY KEY DEFAULT gen_random_uuid(), user_id UUID, action_type TEXT NOT NULL, \
         metadata JSONB, created_at TIMESTAMPTZ DEFAULT now()); ALTER TABLE activity_logs ENABLE ROW LEVEL SECURITY; \
         CREATE POLICY p ON activity_logs FOR SELECT USING (TRUE)",
        "INSERT INTO activity_logs (user_id, action_type, metadata) VALUES (gen_random_uuid(), 'login', '{\"a\": [1, null]}'), \
         (gen_random_uuid(), 'logout', NULL), (gen_random_uuid(), 'list', '[1, 2]')",
        &[],
    ),
    (
        "activity_logs",
        "CREATE TABLE activity_logs (id TEXT PRIMARY KEY DEFAULT gen_random_uuid(), \"userId\" TEXT, action TEXT NOT NULL, \
         \"entityType\" TEXT, \"createdAt\" TIMESTAMP(3) NOT NULL DEFAULT now())",
        "INSERT INTO activity_logs (\"userId\", action, \"entityType\") VALUES ('u1', 'LOGIN', 'session'), ('u2', 'LOGOUT', NULL)",
        &[],
    ),
    (
        "\"Audit\".entries",
        "CREATE SCHEMA \"Audit\"; CREATE TYPE verb AS ENUM ('made', 'seen'); CREATE TABLE \"Audit\".entries (number BIGINT \
         GENERATED ALWAYS AS IDENTITY PRIMARY KEY, who INTEGER, did verb, at DATE DEFAULT '2026-03-01', \"position\" TEXT, \
         status SMALLINT, took NUMERIC(8, 2), ok TEXT, note JSON, amount NUMERIC DEFAULT 0.10)",
        "INSERT INTO \"Audit\".entries (who, did, \"position\", status, took, ok, note) VALUES (1, 'made', 'left', 201, 12.5, 'yes', '{\"n\": 1}'), \
         (2, 'seen', NULL, 500, 0.4, NULL, '\"text\"'), (3, 'seen', 'top', 42, -3, 'failed', NULL)",
        &[
            ("id", "number"),
            ("user_id", "who"),
            ("action_type", "did"),
            ("timestamp", "at"),
            ("status_code", "status"),
            ("duration_ms", "took"),
            ("success", "ok"),
            ("details", "note"),
        ],
    ),
    (
        "audit",
        "CREATE TABLE audit (id BIGINT GENERATED ALWAYS AS IDENTITY, actor_id TEXT, event TEXT, changes TEXT, occurred_at \
         TIMESTAMPTZ DEFAULT now(), session_id INTEGER, PRIMARY KEY (id, occurred_at)) PARTITION BY RANGE (occurred_at); \
         CREATE TABLE audit_all PARTITION OF audit DEFAULT",
        "INSERT INTO audit (actor_id, event, changes, session_id) VALUES ('u1', 'renamed', '{\"name\": {\"from\": \"a\", \"to\": \"b\"}}', 3), \
         ('u1', 'seen', NULL, NULL)",
        &[],
    ),
    (
        "audit",
        "CREATE TABLE audit (id SERIAL PRIMARY KEY, user_id TEXT, action TEXT, created_at TIMESTAMPTZ DEFAULT now(), impersonator INTEGER, \
         delegate_type TEXT, via TEXT)",
        "INSERT INTO audit (user_id, action, impersonator, delegate_type, via) VALUES ('u1', 'seen', 7, 'user', 'ui'), \
         ('u1', 'seen', 8, 'robot', repeat('x', 60)), ('u1', 'seen', NULL, 'agent', NULL)",
        &[("delegate_id", "impersonator")],
    ),
    (
        // Columns that have the names by which a statement could call a row.
        "names",
        "CREATE TABLE names (id SERIAL PRIMARY KEY, event TEXT, actor INTEGER, created_at TIMESTAMPTZ DEFAULT now(), a JSONB, r TEXT, j TEXT)",
        "INSERT INTO names (event, actor, a, r, j) VALUES ('deleted', 1, '{\"event\": \"nothing\", \"actor\": 99, \"id\": 5}', 'x', 'y'), \
         ('seen', 2, NULL, NULL, NULL)",
        &[("user_id", "actor"), ("action_type", "event")],
    ),
];

pub(super) fn table(name: &str, columns: &[(&str, &str)]) -> TableOptions {
    let columns = columns.iter().map(|(field, column)| ((*field).into(), (*column).into())).collect();
    TableOptions { table: name.into(), columns, timezone: Some("Asia/Kolkata".into()) }
}

pub(super) async fn open_beside(database: &Database, table: TableOptions) -> Result<PostgresStore> {
    let adoption = AdoptionChoices { beside: Some(table), ..AdoptionChoices::default() };
    let options = PostgresOptions { adoption, redaction: Redaction::off(), ..small() };
    PostgresStore::open(database.url().parse().expect("an address"), options, Epoch(1)).await
}

pub(super) async fn dry_run(database: &Database, table: TableOptions) -> Result<Vec<String>> {
    let choices = AdoptionChoices { beside: Some(table), ..AdoptionChoices::default() };
    PostgresStore::pending_migrations(database.url().parse().expect("an address"), &choices, true).await
}

/// What an import makes of the rows, in the order of their times.
pub(super) async fn imported(database: &Database, table: TableOptions) -> Vec<Activity> {
    let mut table =
        ActivityTable::open(database.url().parse().expect("an address"), table).await.expect("the table");
    let rows = table.next().await.expect("rows");
    let activity = |row| {
        let new = NewActivity::from_json(row).expect("an activity");
        // After everything that the rows say.
        let now = jiff::Timestamp::from_second(4_000_000_000).expect("a moment");
        new.stamp(now, Uuid::nil(), &[7; 32]).activity
    };
    rows.into_iter().map(activity).collect()
}

/// What is the same however a row came.
fn comparable(activities: Vec<Activity>) -> Vec<Activity> {
    let strip = |activity: Activity| Activity { position: 0, created_at: activity.timestamp, ..activity };
    let mut stripped: Vec<Activity> = activities.into_iter().map(strip).collect();
    stripped.sort_by_key(|activity| activity.id);
    stripped
}

/// What psql says of a table.
fn described(database: &Database, name: &str) -> String {
    database.psql(&format!("\\d {name}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_every_form_are_those_of_an_import_whether_they_were_there_or_come() {
    for (name, make, insert, columns) in TABLES {
        let database = private_postgres::database();
        database.psql(&format!("{make}; {insert};"));
        let before = described(&database, name);
        let store = open_beside(&database, table(name, columns)).await.expect(name);
        let there = store.head().await.expect("a head").head;
        assert!(there > 1, "{name}");
        database.psql(&format!("{insert}; {insert};"));
        reaches(&store, 3 * there).await;
        let log = everything(&store).await;
        // The API stores beside them, and the table has nothing of it.
        store.append(vec![activity(1)]).await.expect("an append");
        drop(store);

        assert_eq!(undo(&database).await, Undone { refused: 1, was_beside: true, ..Undone::default() });
        assert_eq!(described(&database, name), before, "the table is as it was");
        let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname = 'livetrail'";
        assert_eq!(database.psql(schemas).trim(), "0");
        let rows = imported(&database, table(name, columns)).await;
        assert_eq!(rows.len() as u64, 3 * there, "{name}");
        assert_eq!(comparable(log), comparable(rows), "{name}");
    }
}

const PLAIN: &str = "CREATE TABLE activity_logs (id SERIAL PRIMARY KEY, user_id INTEGER, action TEXT, created_at TIMESTAMPTZ DEFAULT now(), \
     raw JSON, \"position\" TEXT); INSERT INTO activity_logs (user_id, action) SELECT n % 7, 'seen' FROM generate_series(1, 300) n";

/// A table of 300 rows.
fn plain() -> Database {
    let database = private_postgres::database();
    database.psql(PLAIN);
    database
}

/// What there is in the database that its own catalogue has not.
fn objects(database: &Database) -> String {
    database.psql(
        "SELECT relnamespace::regnamespace, relname, relkind FROM pg_class WHERE relnamespace > 16000
         OR relnamespace = 'public'::regnamespace ORDER BY 1, 2; SELECT proname FROM pg_proc WHERE oid > 16000;
         SELECT tgname FROM pg_trigger; SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' ORDER BY 1",
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_way_beside_is_shown_where_a_table_is_refused_and_a_dry_run_leaves_nothing() {
    let database = plain();
    let before = objects(&database);
    let refusal = try_to_open(&database.url()).await.err().expect("a refusal").to_string();
    let way = "livetrail migrate --beside (it reads action_type=action, timestamp=created_at)";
    assert!(refusal.contains(way), "{refusal}");
    let plan = dry_run(&database, TableOptions::default()).await.expect("a plan").concat();
    for words in ["public.activity_logs stays as it is", "action_type=action, timestamp=created_at"] {
        assert!(plan.contains(words), "{plan}");
    }
    assert_eq!(objects(&database), before);
    let numbers = "SELECT nextval('activity_logs_id_seq')";
    assert_eq!(database.psql(numbers).trim(), "301", "no number of the application's is used up");

    let store = open_beside(&database, TableOptions::default()).await.expect("a log");
    assert_eq!(everything(&store).await.len(), 300);
    drop(store);
    // A server needs no word of it, and to say it again copies nothing again.
    assert_eq!(everything(&open(&database.url()).await).await.len(), 300);
    let again = dry_run(&database, TableOptions::default()).await.expect("a plan");
    assert_eq!(again.len(), 1, "{again:?}");
    let store = open_beside(&database, TableOptions::default()).await.expect("a log");
    assert_eq!(everything(&store).await.len(), 300);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_log_can_be_kept_beside_is_refused_and_nothing_is_left() {
    let database = plain();
    database.psql(
        "CREATE VIEW seen AS SELECT * FROM activity_logs; CREATE TABLE bare (user_id TEXT, action TEXT, at TIMESTAMPTZ, created_at TIMESTAMPTZ);
         CREATE TABLE dark (id INT, user_id TEXT, action TEXT, created_at TIMESTAMPTZ);
         CREATE TABLE parent (LIKE activity_logs); CREATE TABLE child () INHERITS (parent);
         CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';",
    );
    let before = objects(&database);
    for (name, words) in [
        ("seen", "it is a view"),
        ("parent", "child inherit from it, and a trigger on it does not see the rows"),
        ("bare", "no column id"),
        ("nothing", "no table named nothing"),
        ("a.b.c.d", "--table a.b.c.d"),
    ] {
        for refusal in [
            open_beside(&database, table(name, &[])).await.err(),
            dry_run(&database, table(name, &[])).await.err(),
        ] {
            let refusal = refusal.expect(name).to_string();
            assert!(refusal.contains(words), "{refusal}");
        }
    }
    let unknown = open_beside(&database, table("activity_logs", &[("user_id", "who")])).await;
    assert!(unknown.err().expect("a refusal").to_string().contains("has no column who"));
    assert_eq!(objects(&database), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_insert_of_the_application_works_whatever_it_writes_and_makes_of_its_table() {
    let database = plain();
    let store = open_beside(&database, TableOptions::default()).await.expect("a log");
    for change in [
        r#"INSERT INTO activity_logs (raw) VALUES ('{"null": "\u0000", "half": "\ud800"}')"#,
        "INSERT INTO activity_logs (action, created_at) VALUES (repeat('x', 9000), 'infinity')",
        "INSERT INTO activity_logs (user_id, created_at) VALUES (NULL, NULL)",
        "INSERT INTO activity_logs (created_at) VALUES ('0044-03-15 BC')",
        "ALTER TABLE activity_logs ADD COLUMN later INTEGER DEFAULT 5; INSERT INTO activity_logs (action) VALUES ('later')",
        "ALTER TABLE activity_logs DROP COLUMN user_id; INSERT INTO activity_logs (action) VALUES ('without user')",
        "ALTER TABLE activity_logs RENAME TO old_logs; INSERT INTO old_logs (action) VALUES ('renamed')",
    ] {
        database.psql(change);
    }
    reaches(&store, 307).await;
    let log = everything(&store).await;
    let with =
        |action: &str| log.iter().find(|activity| activity.action_type == action).expect("an activity");
    assert_eq!(with("later").details.as_ref().expect("details").as_str(), r#"{"id":305,"later":5}"#);
    assert!(with(&"x".repeat(50)).timestamp_adjusted);
    assert_eq!((with("without_user").user_id.as_str(), with("renamed").success), ("", true));
    let half = log
        .iter()
        .filter_map(|activity| activity.details.as_ref())
        .find(|json| json.as_str().contains("half"));
    let half = half.expect("it is stored").as_str();
    assert!(half.contains('\u{fffd}'), "{half}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_row_of_an_application_that_goes_on_is_missing_or_there_twice() {
    let database = plain();
    let stop = Arc::new(AtomicBool::new(false));
    let (url, stopped) = (database.url(), Arc::clone(&stop));
    let writer = tokio::spawn(async move {
        let client = client(&url).await;
        while !stopped.load(Ordering::Acquire) {
            let insert = "INSERT INTO activity_logs (user_id, action) VALUES (1, 'while')";
            client.batch_execute(insert).await.expect("the application is not disturbed");
        }
    });
    let store = open_beside(&database, TableOptions::default()).await.expect("a log");
    stop.store(true, Ordering::Release);
    writer.await.expect("the application ends");
    let rows: u64 =
        database.psql("SELECT count(*) FROM public.activity_logs").trim().parse().expect("a number");
    reaches(&store, rows).await;
    let mut ids: Vec<Uuid> = everything(&store).await.into_iter().map(|activity| activity.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len() as u64, rows);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schema_that_another_role_has_made_is_not_believed() {
    let database = private_postgres::database();
    let role = "beside_other";
    let _ = database.cluster().try_psql("postgres", &format!("CREATE ROLE {role} LOGIN"));
    drop(open(&database.url()).await);
    database.psql(&format!(
        "GRANT CREATE ON DATABASE \"{}\" TO {role}; SET ROLE {role}; CREATE SCHEMA livetrail;
         CREATE VIEW livetrail.livetrail_beside AS SELECT 1; CREATE TABLE livetrail.livetrail_admins (user_id TEXT PRIMARY KEY);
         INSERT INTO livetrail.livetrail_admins VALUES ('eve')",
        database.name()
    ));
    let store = open(&database.url()).await;
    assert!(!store.is_admin("eve".into(), None).await.expect("an answer"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_may_only_follow_the_table_is_enough_and_one_that_may_not_is_told_what_it_lacks() {
    let database = plain();
    let role = "beside_follower";
    let _ = database.cluster().try_psql("postgres", &format!("CREATE ROLE {role} LOGIN"));
    database.psql(&format!("GRANT CREATE ON DATABASE \"{}\" TO {role}", database.name()));
    let address = || database.url().replace("postgres@", &format!("{role}@")).parse().expect("an address");
    let adoption = || AdoptionChoices { beside: Some(TableOptions::default()), ..AdoptionChoices::default() };
    let open =
        || PostgresStore::open(address(), PostgresOptions { adoption: adoption(), ..small() }, Epoch(1));
    let refusal = open().await.err().expect("a refusal").to_string();
    assert!(refusal.contains("GRANT TRIGGER, SELECT ON public.activity_logs"), "{refusal}");
    database.psql(&format!("GRANT TRIGGER ON activity_logs TO {role}"));
    let refusal = open().await.err().expect("a refusal").to_string();
    assert!(refusal.contains("GRANT TRIGGER, SELECT ON public.activity_logs"), "{refusal}");
    database.psql(&format!("GRANT SELECT ON activity_logs TO {role}"));
    let store = open().await.expect("a log");
    database.psql("INSERT INTO activity_logs (user_id, action) VALUES (1, 'by the application')");
    reaches(&store, 301).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn activities_of_the_api_are_kept_by_every_undo_and_shown_to_no_other_role() {
    let database = plain();
    let role = format!("beside_{}", database.name());
    database.psql(&format!(
        "CREATE ROLE {role}; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {role}; ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO {role};
         ALTER TABLE activity_logs ENABLE ROW LEVEL SECURITY;"
    ));
    for round in 1..=2 {
        let store = open_beside(&database, TableOptions::default()).await.expect("a log");
        store.append((1..=round).map(activity).collect()).await.expect("an append");
        let log = format!("SELECT has_table_privilege('{role}', 'livetrail.activity_logs', 'SELECT')");
        assert_eq!(database.psql(&log), "f\n");
        drop(store);
        assert_eq!(undo(&database).await, Undone { refused: round, was_beside: true, ..Undone::default() });
    }
    let kept = format!(
        "SELECT (SELECT count(*) FROM activity_logs_not_returned_1), (SELECT count(*) FROM activity_logs_not_returned), relrowsecurity,
           has_table_privilege('{role}', oid, 'SELECT') FROM pg_class WHERE oid = 'activity_logs_not_returned'::regclass"
    );
    assert_eq!(database.psql(&kept), "1|2|t|f\n");
    database.psql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn users_and_admins_that_another_role_has_made_are_not_believed_and_its_code_does_not_run() {
    let log = private_postgres::database();
    let role = "beside_stranger";
    let _ = log.cluster().try_psql("postgres", &format!("CREATE ROLE {role} LOGIN"));
    drop(open(&log.url()).await);
    log.psql(&format!(
        "GRANT CREATE ON SCHEMA public TO {role}; SET ROLE {role};
         CREATE TABLE admin_profiles (user_id TEXT); INSERT INTO admin_profiles VALUES ('eve'); GRANT SELECT ON admin_profiles TO PUBLIC;
         CREATE TABLE leaked (who TEXT); GRANT ALL ON leaked TO PUBLIC;
         CREATE FUNCTION leak() RETURNS TEXT LANGUAGE sql AS 'INSERT INTO public.leaked VALUES (current_user) RETURNING who';
         CREATE VIEW users AS SELECT leak() AS id, 'a@x' AS email; GRANT SELECT ON users TO PUBLIC"
    ));
    let store = open(&log.url()).await;
    assert!(!store.is_admin("eve".into(), None).await.expect("an answer"));
    assert_eq!(store.profiles(None, vec!["eve".into()]).await.expect("profiles"), []);
    assert_eq!(log.psql("SELECT count(*) FROM leaked").trim(), "0");
    drop(store);

    // Nor are names read from a table that its owner can replace by a view. Admins are believed where they are named.
    log.psql("DROP VIEW users");
    log.psql(&format!("SET ROLE {role}; CREATE TABLE users (id TEXT, email TEXT); INSERT INTO users VALUES ('eve', 'eve@example.org')"));
    let admins = "public.admin_profiles".parse().unwrap_or_else(|reason| panic!("{reason}"));
    let options = PostgresOptions { admins, ..small() };
    let store = PostgresStore::open(log.url().parse().expect("an address"), options, Epoch(1))
        .await
        .expect("a store");
    assert!(store.is_admin("eve".into(), None).await.expect("an answer"));
    assert_eq!(store.profiles(None, vec!["eve".into()]).await.expect("profiles"), []);
    drop(store);

    // The owner of the schema could do anything there anyway.
    log.psql(&format!("ALTER SCHEMA public OWNER TO {role}"));
    let store = open(&log.url()).await;
    assert!(store.is_admin("eve".into(), None).await.expect("an answer"));
    assert_eq!(store.profiles(None, vec!["eve".into()]).await.expect("profiles").len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_of_the_database_do_not_change_what_statements_mean() {
    let log = private_postgres::database();
    for setting in [
        "standard_conforming_strings = off",
        "quote_all_identifiers = on",
        "default_tablespace = 'pg_default'",
    ] {
        log.psql(&format!("ALTER DATABASE \"{}\" SET {setting}", log.name()));
    }
    let store = open(&log.url()).await;
    append(&store, 1..=3).await;
    assert_eq!(everything(&store).await.len(), 3);
    drop(open(&log.url()).await);
}
