//! What protects, computes and finds the rows of an application's table is there after its adoption.

use super::{
    activity,
    adopt::{application, pending},
    append, client, everything, newest, open, reaches,
};
use crate::until::until;
use livetrail_store::{Log, Placement, Questions};
use livetrail_types::{Condition, Filter};
use private_postgres::Database;

const USER: &str = "00000000-0000-4000-8000-000000000003";

/// Inserts a row as the application does: columns beyond those it always writes, and their values.
fn insert(columns: &str, values: &str) -> String {
    format!(
        "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success {columns}) \
         VALUES ('{USER}', 'user_login', '/x', 'GET', 200, TRUE {values})"
    )
}

/// What the application's statement ends with: `Ok` with what it prints, or the error.
fn statement(database: &Database, sql: &str) -> Result<String, String> {
    database.cluster().try_psql(database.name(), sql).map(|printed| printed.trim().to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checks_and_not_null_hold_for_the_application_and_not_for_the_api() {
    let database = application(&[
        "ALTER TABLE activity_logs ADD COLUMN org INTEGER NOT NULL DEFAULT 1, ADD CONSTRAINT known CHECK (org < 10 AND endpoint LIKE '/%');
         ALTER TABLE activity_logs ALTER org DROP DEFAULT;",
    ]);
    let store = open(&database.url()).await;
    for (columns, values, refused) in
        [(", org", ", NULL", "org_not_null"), (", org", ", 10", "known"), ("", "", "org_not_null")]
    {
        let refusal = statement(&database, &insert(columns, values)).expect_err("a refusal");
        assert!(refusal.contains(refused), "{refusal}");
    }
    statement(&database, &insert(", org", ", 9")).expect("a row");
    reaches(&store, 5_001).await;
    assert_eq!(append(&store, 1..=1).await, [5_002]);
    // What the API stores is beyond one partition, too.
    assert_eq!(append(&store, 2..=200).await.last(), Some(&5_201));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn storage_parameters_are_those_of_every_partition() {
    let database = application(&[
        "ALTER TABLE activity_logs SET (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_enabled = false)",
    ]);
    let notices = pending(&database).await.expect("a plan").join("\n");
    assert!(notices.contains("the storage parameters fillfactor=90, autovacuum"), "{notices}");
    let store = open(&database.url()).await;
    append(&store, 1..=200).await;
    let partitions = "FROM pg_class WHERE relname LIKE 'activity\\_logs\\_from\\_%' AND relkind = 'r'";
    let others = format!(
        "SELECT count(*) > 80, count(*) FILTER (WHERE reloptions <> ARRAY['fillfactor=90', 'autovacuum_vacuum_scale_factor=0.05']
           OR (SELECT toast.reloptions FROM pg_class toast WHERE toast.oid = pg_class.reltoastrelid) <> ARRAY['autovacuum_enabled=false'])
         {partitions}"
    );
    assert_eq!(database.psql(&others).trim(), "t|0");
    // What the operator sets on the newest one goes on.
    let newest = format!("SELECT relname {partitions} ORDER BY substr(relname, 20)::int DESC LIMIT 1");
    database.psql(&format!("ALTER TABLE {} SET (fillfactor = 70)", database.psql(&newest).trim()));
    append(&store, 201..=400).await;
    let options = format!("SELECT reloptions[2] FROM ({newest}) newest JOIN pg_class USING (relname)");
    assert_eq!(database.psql(&options).trim(), "fillfactor=70");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn identity_goes_on_where_it_was_also_for_the_api() {
    let database =
        application(&["ALTER TABLE activity_logs ADD COLUMN seq BIGINT GENERATED ALWAYS AS IDENTITY;
             DROP ROLE IF EXISTS counter; CREATE ROLE counter; GRANT USAGE ON SEQUENCE activity_logs_seq_seq TO counter;"]);
    let before = database.psql("SELECT md5(string_agg(concat(id, seq), ',' ORDER BY id)) FROM activity_logs");
    let store = open(&database.url()).await;
    assert_eq!(
        database.psql("SELECT md5(string_agg(concat(id, seq), ',' ORDER BY id)) FROM activity_logs"),
        before
    );
    let returned = statement(&database, &format!("{} RETURNING seq", insert("", ""))).expect("a row");
    assert_eq!(returned.lines().next(), Some("5001"));
    reaches(&store, 5_001).await;
    append(&store, 1..=1).await;
    assert_eq!(
        database.psql("SELECT seq FROM activity_logs WHERE position > 5000 ORDER BY position"),
        "5001\n5002\n"
    );
    let sequence = "SELECT pg_get_serial_sequence('activity_logs', 'seq'), has_sequence_privilege('counter', 'activity_logs_seq_seq', 'USAGE'),
         has_sequence_privilege('counter', 'activity_logs_seq_seq', 'UPDATE')";
    assert_eq!(database.psql(sequence), "public.activity_logs_seq_seq|t|f\n");
    database.psql("DROP OWNED BY counter; DROP ROLE counter");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_of_another_table_on_a_column_of_the_application_holds() {
    let database = application(&["CREATE TABLE orgs (id INTEGER PRIMARY KEY); INSERT INTO orgs VALUES (1);
         ALTER TABLE activity_logs ADD COLUMN org INTEGER REFERENCES orgs (id);"]);
    let store = open(&database.url()).await;
    assert!(statement(&database, &insert(", org", ", 2")).expect_err("a refusal").contains("foreign key"));
    statement(&database, &insert(", org", ", 1")).expect("a row");
    reaches(&store, 5_001).await;
    assert!(statement(&database, "DELETE FROM orgs").expect_err("a refusal").contains("foreign key"));
    assert_eq!(append(&store, 1..=1).await, [5_002]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trigger_is_fired_once_for_each_row_and_one_that_drops_rows_makes_no_gap() {
    let database = application(&["CREATE TABLE seen (id UUID, op TEXT);
         CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN INSERT INTO seen VALUES (coalesce(NEW.id, OLD.id), TG_OP); RETURN NULL; END';
         CREATE TRIGGER notes AFTER INSERT OR DELETE ON activity_logs FOR EACH ROW EXECUTE FUNCTION note();
         CREATE FUNCTION mend() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN
           IF NEW.endpoint = ''/drop'' THEN RETURN NULL; END IF; NEW.endpoint := NEW.endpoint || ''!''; RETURN NEW; END';
         CREATE TRIGGER mends BEFORE INSERT ON activity_logs FOR EACH ROW WHEN (NEW.endpoint <> '/as-it-is') EXECUTE FUNCTION mend();"]);
    let store = open(&database.url()).await;
    assert_eq!(database.psql("SELECT count(*) FROM seen"), "0\n", "copying is not inserting");
    for endpoint in ["/drop", "/as-it-is", "/mended"] {
        database.psql(&insert("", "").replace("/x", endpoint));
    }
    reaches(&store, 5_002).await;
    assert_eq!(append(&store, 1..=3).await, [5_003, 5_004, 5_005]);
    let endpoints = "SELECT endpoint FROM activity_logs WHERE position IN (5001, 5002) ORDER BY position";
    assert_eq!(database.psql(endpoints), "/as-it-is\n/mended!\n");
    assert_eq!(database.psql("SELECT count(*), count(DISTINCT id), min(op) FROM seen"), "5|5|INSERT\n");
    database.psql("DELETE FROM activity_logs WHERE position = 5005");
    assert_eq!(database.psql("SELECT count(*) FROM seen WHERE op = 'DELETE'"), "1\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn views_read_the_new_table_with_their_rights_and_options() {
    let database = application(&["CREATE VIEW logins WITH (security_barrier = true) AS
           SELECT id, user_id, timestamp FROM activity_logs WHERE success;
         CREATE VIEW latest AS SELECT user_id, max(timestamp) AS at FROM logins GROUP BY user_id;
         COMMENT ON VIEW latest IS 'The last logins'; COMMENT ON COLUMN latest.at IS 'When''s the last';
         DROP ROLE IF EXISTS viewer; CREATE ROLE viewer; GRANT SELECT ON latest TO viewer;
         GRANT SELECT (user_id, timestamp) ON activity_logs TO viewer WITH GRANT OPTION;"]);
    let store = open(&database.url()).await;
    let logins = || database.psql("SELECT count(*) FROM logins").trim().parse::<u32>().expect("a count");
    let before = logins();
    database.psql(&insert("", ""));
    reaches(&store, 5_001).await;
    assert_eq!(logins(), before + 1);
    let comments = "SELECT obj_description('latest'::regclass), col_description('latest'::regclass, 2)";
    assert_eq!(database.psql(comments), "The last logins|When's the last\n");
    let options = "SELECT reloptions FROM pg_class WHERE oid = 'logins'::regclass";
    assert_eq!(database.psql(options), "{security_barrier=true}\n");
    let seen = "SET ROLE viewer; SELECT count(*) > 0 FROM latest; SELECT count(user_id) FROM activity_logs";
    assert_eq!(database.psql(seen), "t\n5001\n");
    let denied = statement(&database, "SET ROLE viewer; SELECT endpoint FROM activity_logs");
    assert!(denied.expect_err("a refusal").contains("permission denied"));
    let grantable =
        "SELECT has_column_privilege('viewer', 'activity_logs', 'user_id', 'SELECT WITH GRANT OPTION')";
    assert_eq!(database.psql(grantable), "t\n");
    database.psql("DROP OWNED BY viewer; DROP ROLE viewer");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn indexes_statistics_comments_and_publications_follow() {
    let database = application(&["CREATE INDEX by_details ON activity_logs USING gin (details);
         CREATE INDEX \"By Country\" ON activity_logs (lower(endpoint)) WHERE success;
         CREATE STATISTICS of_both (dependencies) ON action_type, endpoint FROM activity_logs;
         COMMENT ON TABLE activity_logs IS 'It''s ours'; COMMENT ON COLUMN activity_logs.endpoint IS 'A path';
         CREATE PUBLICATION outwards FOR TABLE activity_logs WITH (publish_via_partition_root = true);"]);
    let store = open(&database.url()).await;
    let shown = database.psql(
        "SELECT indexdef FROM pg_indexes WHERE tablename = 'activity_logs' ORDER BY indexname;
         SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext; SELECT obj_description('activity_logs'::regclass);
         SELECT col_description('activity_logs'::regclass, attnum) FROM pg_attribute
           WHERE attrelid = 'activity_logs'::regclass AND attname = 'endpoint';
         SELECT tablename FROM pg_publication_tables",
    );
    for words in [
        "INDEX \"By Country\" ON ONLY public.activity_logs USING btree (lower((endpoint)::text)) WHERE success",
        "INDEX by_details ON ONLY public.activity_logs USING gin (details)",
        "STATISTICS public.of_both (dependencies) ON action_type, endpoint FROM activity_logs",
        "It's ours\nA path\nactivity_logs\n",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert_eq!(append(&store, 1..=100).await.len(), 100);
    assert_eq!(
        database.psql("SELECT count(*) FROM pg_index JOIN pg_class ON oid = indexrelid WHERE NOT indisvalid"),
        "0\n"
    );
    database.psql("DELETE FROM activity_logs WHERE position = 5100");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_type_that_says_more_than_livetrails_is_kept_and_read_as_far_as_it_can_be() {
    let database = application(&[
        "CREATE EXTENSION citext;
         ALTER TABLE activity_logs ALTER ip_address TYPE VARCHAR(45) USING host(ip_address), ALTER duration_ms TYPE NUMERIC(12, 2),
           ALTER db_query_count TYPE BIGINT, ALTER details TYPE TEXT, ALTER action_type TYPE CITEXT;
         UPDATE activity_logs SET duration_ms = 12.5, ip_address = '203.0.113.9, 10.0.0.1', details = 'not json'
           WHERE id = (SELECT min(id::text) FROM activity_logs)::uuid;",
    ]);
    let store = open(&database.url()).await;
    for (address, duration, queries, details) in [
        ("unknown", "7.49", "1", r#"{"a": "x\u0000y"}"#),
        ("203.0.113.9:443", "7.5", "9999999999", "[1, 2.50]"),
        ("[2001:db8::1]:443", "99999999.99", "0", "not json"),
    ] {
        let values = format!(", '{address}', {duration}, {queries}, '{details}'");
        database.psql(&insert(", ip_address, duration_ms, db_query_count, details", &values));
    }
    reaches(&store, 5_003).await;
    let mut of_the_api = activity(1);
    of_the_api.activity.ip_address = Some("2001:db8::2".parse().expect("an address"));
    of_the_api.activity.duration_ms = Some(i32::MAX);
    of_the_api.activity.db_query_count = Some(10_000);
    of_the_api.activity.details =
        livetrail_types::json::parse(br#"{"n": 1}"#).ok().map(|value| livetrail_types::Json::of(&value));
    let stored = store.append(vec![of_the_api]).await.expect("an append");
    assert_eq!(stored.placements[0], Placement::New(5_004));

    let log = everything(&store).await;
    let read: Vec<_> = log[5_000..]
        .iter()
        .map(|one| {
            let address = one.ip_address.map(|address| address.to_string()).unwrap_or_default();
            let details = one.details.as_ref().map_or("", |json| json.as_str()).to_owned();
            (address, one.duration_ms, one.db_query_count, details)
        })
        .collect();
    let wanted = [
        ("", Some(7), Some(1), "{\"a\":\"x\u{fffd}y\"}"),
        ("203.0.113.9", Some(8), None, "[1,2.50]"),
        ("2001:db8::1", Some(100_000_000), Some(0), r#"{"value":"not json"}"#),
        ("2001:db8::2", Some(i32::MAX), Some(10_000), r#"{"n":1}"#),
    ];
    assert_eq!(read, wanted.map(|(address, ms, n, details)| (address.to_owned(), ms, n, details.to_owned())));
    let first = log.iter().min_by_key(|one| one.id).expect("a row");
    assert_eq!(first.duration_ms, Some(13), "it is rounded half up");
    assert_eq!(first.ip_address.map(|address| address.to_string()).as_deref(), Some("203.0.113.9"));

    // The application finds what it wrote, as it wrote it.
    let as_written =
        "SELECT ip_address, duration_ms, db_query_count, details FROM activity_logs WHERE position = 5002";
    assert_eq!(database.psql(as_written), "203.0.113.9:443|7.50|9999999999|[1, 2.50]\n");
    let by_the_api =
        "SELECT ip_address, duration_ms, db_query_count, details FROM activity_logs WHERE position = 5004";
    assert_eq!(database.psql(by_the_api), "2001:db8::2|2147483647.00|10000|{\"n\":1}\n");
    assert_eq!(
        database
            .psql("SELECT count(*) FROM activity_logs WHERE action_type = 'USER_LOGIN' AND position > 5000"),
        "4\n"
    );

    // It may change its types later.
    drop(store);
    database.psql("DROP VIEW livetrail_log; ALTER TABLE activity_logs ALTER db_query_count TYPE NUMERIC, ALTER duration_ms TYPE BIGINT");
    let store = open(&database.url()).await;
    assert_eq!(everything(&store).await[5_003].db_query_count, Some(10_000));
    assert_eq!(append(&store, 2..=2).await, [5_005]);

    let found = |condition| store.list(newest(Filter::of(vec![condition])));
    let by_address = Condition::UserSearch("203.0.113".into());
    let page = found(by_address).await.expect("a page");
    assert!(
        page.rows.iter().all(|(one, _)| one
            .ip_address
            .is_some_and(|address| address.to_string().starts_with("203.0.113")))
    );
    let page = found(Condition::Words("json".into())).await.expect("a page");
    assert_eq!(page.rows.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_names_what_is_carried_over_and_leaves_nothing() {
    let database = application(&["CREATE VIEW logins AS SELECT id, timestamp FROM activity_logs;
         CREATE INDEX by_details ON activity_logs USING gin (details); ALTER TABLE activity_logs ADD CHECK (status_code > 0);"]);
    let objects = "SELECT count(*), md5(string_agg(concat(relname, relkind), ',' ORDER BY relname, relkind)) FROM pg_class";
    let before = database.psql(objects);
    let plan = pending(&database).await.expect("a plan");
    for words in ["the check activity_logs_status_code_check", "the view logins", "the index by_details"] {
        assert!(plan[1].contains(words), "{plan:?}");
    }
    assert_eq!(database.psql(objects), before);
    let session = client(&database.url()).await;
    session.batch_execute(&insert("", "")).await.expect("the application goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_old_table_took_null_the_applications_next_insert_works() {
    let database = application(&["ALTER TABLE activity_logs ALTER user_id DROP NOT NULL, ALTER success DROP NOT NULL, ALTER is_admin DROP NOT NULL,
           ALTER created_at DROP NOT NULL, ALTER timestamp DROP NOT NULL, ALTER timestamp TYPE TIMESTAMPTZ(3);
         UPDATE activity_logs SET user_id = NULL WHERE id = (SELECT min(id::text) FROM activity_logs)::uuid;"]);
    let plan = pending(&database).await.expect("a plan");
    assert!(plan[1].contains("user_id becomes '' where it is null"), "{plan:?}");
    let store = open(&database.url()).await;
    database.psql(
        "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success, is_admin, created_at, timestamp)
         VALUES (NULL, 'a', '/x', 'GET', 200, NULL, NULL, NULL, NULL)",
    );
    reaches(&store, 5_001).await;
    let last = everything(&store).await.pop().expect("a row");
    assert_eq!((last.user_id.as_str(), last.success, last.is_admin), ("", true, false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rights_that_are_given_by_default_come_to_neither_the_log_nor_its_partitions() {
    let database = application(&[]);
    let role = format!("anyone_{}", database.name());
    database.psql(&format!(
        "CREATE ROLE {role}; ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO {role}; REVOKE ALL ON activity_logs FROM {role};
         GRANT INSERT ON activity_logs TO {role};"
    ));
    let store = open(&database.url()).await;
    assert_eq!(append(&store, 1..=200).await.len(), 200);
    let rights = format!(
        "SELECT relname, has_table_privilege('{role}', oid, 'SELECT'), has_table_privilege('{role}', oid, 'INSERT') FROM pg_class
         WHERE relname LIKE 'activity_logs%' AND relkind IN ('r', 'p') AND relname <> 'activity_logs_before_livetrail'
           AND has_table_privilege('{role}', oid, 'SELECT, INSERT, UPDATE, DELETE')"
    );
    assert_eq!(database.psql(&rights), "activity_logs|f|t\n");
    database.psql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_application_may_shadow_the_table_of_notes_without_any_effect() {
    let database = application(&[]);
    let reader = client(&database.url()).await;
    reader.batch_execute("BEGIN; SELECT FROM activity_logs LIMIT 1").await.expect("a transaction");
    let url = database.url();
    let adopting = tokio::spawn(async move { open(&url).await });
    let session = client(&database.url()).await;
    let noted = "SELECT to_regclass('public.livetrail_adoption_late') IS NOT NULL";
    until(async || session.query_one(noted, &[]).await.expect("an answer").get::<_, bool>(0)).await;
    let shadow =
        format!("CREATE TEMP TABLE livetrail_adoption_late (id UUID PRIMARY KEY); {}", insert("", ""));
    session.batch_execute(&shadow).await.expect("a row");
    let counted = session
        .query_one("SELECT count(*) FROM pg_temp.livetrail_adoption_late", &[])
        .await
        .expect("a count");
    assert_eq!(counted.get::<_, i64>(0), 0);
    reader.batch_execute("COMMIT").await.expect("a commit");
    let store = adopting.await.expect("no panic");
    assert_eq!(everything(&store).await.len(), 5_001);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_owner_can_go_on_changing_the_table_and_keeps_only_the_rights_it_had() {
    let database = application(&[]);
    let owner = format!("owner_{}", database.name());
    database.psql(&format!(
        "CREATE ROLE {owner}; GRANT ALL ON SCHEMA public TO {owner}; ALTER TABLE activity_logs OWNER TO {owner};"
    ));
    let store = open(&database.url()).await;
    database.psql(&format!("SET ROLE {owner}; ALTER TABLE activity_logs ADD COLUMN org TEXT"));
    assert_eq!(append(&store, 1..=200).await.len(), 200);
    database.psql(&format!("SET ROLE {owner}; ALTER TABLE activity_logs ADD COLUMN team TEXT; RESET ROLE"));
    drop(store);
    database
        .psql(&format!("REASSIGN OWNED BY {owner} TO postgres; DROP OWNED BY {owner}; DROP ROLE {owner}"));

    let database = application(&[]);
    let owner = format!("owner_{}", database.name());
    database.psql(&format!(
        "CREATE ROLE {owner}; GRANT ALL ON SCHEMA public TO {owner}; ALTER TABLE activity_logs OWNER TO {owner};
         REVOKE UPDATE, DELETE, TRUNCATE ON activity_logs FROM {owner};"
    ));
    drop(open(&database.url()).await);
    for forbidden in ["activity_logs", "activity_logs_from_1"] {
        let refusal = statement(&database, &format!("SET ROLE {owner}; DELETE FROM {forbidden}"));
        assert!(refusal.expect_err("a refusal").contains("permission denied"), "{forbidden}");
    }
    database
        .psql(&format!("REASSIGN OWNED BY {owner} TO postgres; DROP OWNED BY {owner}; DROP ROLE {owner}"));
}
