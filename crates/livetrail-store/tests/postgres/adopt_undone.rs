//! What an undo keeps, refuses to lose, and shows to no other role.

use super::{
    adopt::application,
    adopt_decided::{self as decided, try_to_undo, undo},
    adopt_renamed::renamed,
    append, client, open, open_with, reaches, try_to_open,
};
use crate::until::until;
use livetrail_store::{AdoptionChoices, Undone};
use private_postgres::Database;

/// What undoing the adoption is refused with.
async fn refusal(database: &Database) -> String {
    try_to_undo(database).await.expect_err("a refusal").to_string()
}

/// A role that default privileges let read every new table.
fn reader(database: &Database) -> String {
    let role = format!("reader_{}", database.name());
    database.psql(&format!(
        "CREATE ROLE {role}; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {role};
         ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC; GRANT SELECT ON activity_logs TO {role};
         CREATE POLICY none_of_it ON activity_logs TO {role} USING (FALSE); ALTER TABLE activity_logs ENABLE ROW LEVEL SECURITY;"
    ));
    role
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_role_reads_rows_beside_the_table_that_it_cannot_read_in_the_table() {
    let database = application(&[]);
    let role = reader(&database);
    let session = client(&database.url()).await;
    session.batch_execute("BEGIN; SELECT FROM activity_logs LIMIT 1").await.expect("a transaction");
    let url = database.url();
    // The tables cannot change their names while the session reads.
    let adopting = tokio::spawn(async move { open_with(&url, 20_000).await });
    let is_made = "SELECT to_regclass('livetrail_adopting') IS NOT NULL";
    until(async || session.query_one(is_made, &[]).await.expect("an answer").get::<_, bool>(0)).await;
    let may_read = format!(
        "SELECT coalesce(string_agg(relname, ', '), 'none') FROM pg_class WHERE relname LIKE 'livetrail\\_adopt%' AND relkind IN ('r', 'p')
           AND has_table_privilege('{role}', oid, 'SELECT')"
    );
    assert_eq!(session.query_one(&may_read, &[]).await.expect("an answer").get::<_, String>(0), "none");
    session.batch_execute("COMMIT").await.expect("a commit");
    let store = adopting.await.expect("no panic");
    assert_eq!(append(&store, 1..=3).await.len(), 3);
    drop(store);

    assert_eq!(undo(&database).await, Undone { refused: 3, ..Undone::default() });
    let refused = database.cluster().try_psql(
        database.name(),
        &format!("SET ROLE {role}; SELECT count(*) FROM activity_logs_not_returned"),
    );
    assert!(refused.as_ref().is_err_and(|reason| reason.contains("permission denied")), "{refused:?}");
    let guarded = "SELECT relrowsecurity FROM pg_class WHERE oid = 'activity_logs_not_returned'::regclass";
    assert_eq!(database.psql(guarded), "t\n");
    database.psql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_application_has_defined_since_stops_an_undo_until_the_old_table_has_it_too() {
    let database = application(&[
        "CREATE POLICY shown ON activity_logs USING (TRUE); CREATE POLICY known ON activity_logs USING (status_code > 0);
         CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER first AFTER INSERT ON activity_logs FOR EACH ROW EXECUTE FUNCTION noted();
         ALTER TABLE activity_logs ADD COLUMN team TEXT, ADD CONSTRAINT loose CHECK (team <> 'x');",
    ]);
    let role = format!("later_{}", database.name());
    database.psql(&format!("CREATE ROLE {role}; GRANT INSERT ON activity_logs TO {role}"));
    let store = try_to_open(&database.url()).await.expect("it is adopted");
    append(&store, 1..=200).await;
    drop(store);
    let changes = [
        (
            "CREATE POLICY later ON activity_logs FOR UPDATE USING (TRUE) WITH CHECK (FALSE)".to_owned(),
            "the policy later",
        ),
        ("ALTER POLICY known ON activity_logs USING (status_code > 100)".into(), "the policy known"),
        ("DROP POLICY shown ON activity_logs".into(), "the policy shown"),
        ("ALTER TABLE activity_logs ENABLE ROW LEVEL SECURITY".into(), "row level security"),
        ("CREATE INDEX ON activity_logs (user_agent)".into(), "an index USING btree (user_agent)"),
        (
            "CREATE TRIGGER second AFTER INSERT ON activity_logs FOR EACH ROW EXECUTE FUNCTION noted()"
                .into(),
            "the trigger second",
        ),
        ("DROP TRIGGER first ON activity_logs".into(), "the trigger first"),
        (
            "ALTER TABLE activity_logs ADD CONSTRAINT small CHECK (length(team) < 10)".into(),
            "the constraint small",
        ),
        ("ALTER TABLE activity_logs DROP CONSTRAINT loose".into(), "the constraint loose"),
        ("ALTER TABLE activity_logs ALTER team SET DEFAULT 'a'".into(), "the column team"),
        (format!("GRANT SELECT ON activity_logs TO {role}"), "the rights of later_"),
        (format!("GRANT UPDATE (details) ON activity_logs TO {role}"), "on the column details"),
    ];
    for (change, _) in &changes {
        database.psql(change);
    }
    let said = refusal(&database).await;
    for (_, name) in &changes {
        assert!(said.contains(name), "{name}: {said}");
    }
    assert!(
        said.contains("activity_logs_before_livetrail") && !said.contains("the trigger livetrail"),
        "{said}"
    );
    assert_eq!(
        database.psql("SELECT count(*) FROM pg_policy WHERE polname = 'later'"),
        "1\n",
        "nothing is lost"
    );

    for (change, _) in &changes {
        database.psql(&change.replace("activity_logs", "activity_logs_before_livetrail"));
    }
    assert_eq!(undo(&database).await, Undone { refused: 200, ..Undone::default() });
    let policies = "SELECT string_agg(polname, ', ' ORDER BY polname) FROM pg_policy";
    assert_eq!(database.psql(policies), "known, later\n");
    database.psql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_undo_keeps_the_rows_that_the_first_did_not_return() {
    let database = application(&[]);
    for (round, numbers) in [1..=2, 3..=5, 6..=6].into_iter().enumerate() {
        let refused = numbers.clone().count() as u64;
        let store = open(&database.url()).await;
        append(&store, numbers).await;
        drop(store);
        assert_eq!(undo(&database).await, Undone { refused, ..Undone::default() });
        database.psql(&format!("ALTER TABLE activity_logs ADD COLUMN org_{round} TEXT"));
    }
    let kept = "SELECT (SELECT count(*) FROM activity_logs_not_returned), (SELECT count(*) FROM activity_logs_not_returned_1),
           (SELECT count(*) FROM activity_logs_not_returned_2)";
    assert_eq!(database.psql(kept), "1|2|3\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_search_path_is_no_change_of_what_is_defined() {
    let database = application(&[
        "CREATE SCHEMA other; CREATE FUNCTION other.may() RETURNS BOOLEAN LANGUAGE sql STABLE AS 'SELECT TRUE';
         CREATE POLICY shown ON activity_logs USING (other.may());",
    ]);
    let url = format!("{}?options=-csearch_path%3Dpublic,other", database.url());
    drop(try_to_open(&url).await.expect("it is adopted"));
    assert_eq!(undo(&database).await, Undone::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_uses_the_log_and_cannot_go_over_to_the_old_table_stops_an_undo_by_its_name() {
    let database = application(&[]);
    drop(try_to_open(&database.url()).await.expect("it is adopted"));
    database.psql(
        "CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM activity_logs;
         CREATE VIEW of_totals AS SELECT * FROM totals;
         CREATE FUNCTION newest() RETURNS activity_logs LANGUAGE sql AS 'SELECT * FROM activity_logs LIMIT 1';",
    );
    let said = refusal(&database).await;
    for name in ["materialized view totals depends on", "function newest() depends on", "Drop them first"] {
        assert!(said.contains(name), "{name}: {said}");
    }
    assert!(!said.contains("livetrail_undone"), "{said}");
    assert_eq!(database.psql("SELECT count FROM of_totals"), "5000\n", "nothing is lost");
    database.psql("DROP MATERIALIZED VIEW totals CASCADE; DROP FUNCTION newest");
    assert_eq!(undo(&database).await, Undone::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_id_that_was_null_is_null_again_in_a_column_of_uuids() {
    let database = application(&["ALTER TABLE activity_logs ALTER user_id DROP NOT NULL"]);
    drop(try_to_open(&database.url()).await.expect("it is adopted"));
    database.psql(
        "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success)
         VALUES (NULL, 'late', '/x', 'GET', 200, TRUE)",
    );
    assert_eq!(undo(&database).await, Undone { returned: 1, ..Undone::default() });
    assert_eq!(database.psql("SELECT user_id IS NULL FROM activity_logs WHERE action_type = 'late'"), "t\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn times_without_a_zone_come_back_as_they_were_written_also_in_other_columns() {
    let database = application(&[
        "ALTER TABLE activity_logs ALTER timestamp TYPE TIMESTAMP, ADD COLUMN starts_at TIMESTAMP;",
    ]);
    let choices = AdoptionChoices { timezone: Some("Europe/Berlin".into()), ..AdoptionChoices::default() };
    let store = decided::open_with(&database, choices).await.expect("the store opens");
    database.psql(
        "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success, timestamp, starts_at)
           VALUES ('00000000-0000-4000-8000-000000000003', 'late', '/x', 'GET', 200, TRUE, '2026-01-01 12:00+01', '2026-07-01 12:00')",
    );
    reaches(&store, 5_001).await;
    drop(store);
    assert_eq!(undo(&database).await, Undone { returned: 1, ..Undone::default() });
    let times = "SELECT timestamp || ' ' || starts_at FROM activity_logs WHERE action_type = 'late'";
    assert_eq!(database.psql(times).trim(), "2026-01-01 12:00:00 2026-07-01 12:00:00");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn views_have_the_types_of_their_columns_again_unless_they_were_changed() {
    let database = application(&[
        "CREATE TYPE verb AS ENUM ('GET', 'POST');
         ALTER TABLE activity_logs ALTER http_method TYPE verb USING 'GET'::verb, ADD COLUMN position INTEGER;
         CREATE VIEW export_rows AS SELECT user_id::text AS who, http_method::text AS verb, position FROM activity_logs;
         CREATE VIEW of_export AS SELECT who, verb FROM export_rows WHERE who LIKE '0000%';
         CREATE VIEW changed AS SELECT user_id::text AS who FROM activity_logs;",
    ]);
    let types = "SELECT string_agg(format('%s.%s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attrelid, attnum)
         FROM pg_attribute WHERE attrelid IN ('export_rows'::regclass, 'of_export'::regclass)";
    let answers = "SELECT count(*) FROM of_export WHERE verb <> 'PATCH'; SELECT count(*) FROM export_rows WHERE who LIKE '0000%'";
    let before = (database.psql(types), database.psql(answers));
    drop(
        decided::open_with(&database, renamed(&[("app_position", "position")])).await.expect("it is adopted"),
    );
    database.psql(
        "CREATE OR REPLACE VIEW changed AS SELECT user_id::text AS who FROM activity_logs WHERE success",
    );
    assert_eq!(undo(&database).await, Undone::default());
    assert_eq!((database.psql(types), database.psql(answers)), before);
    assert_eq!(database.psql("SELECT count(*) FROM changed"), "4000\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_whose_id_is_there_is_kept_apart_and_deleted_rows_are_counted_when_they_come_back() {
    let database = application(&[
        "CREATE TABLE fired (id UUID); CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN INSERT INTO fired VALUES (NEW.id); RETURN NEW; END';
         CREATE TRIGGER always AFTER INSERT ON activity_logs FOR EACH ROW EXECUTE FUNCTION fire();
         CREATE TRIGGER usual AFTER INSERT ON activity_logs FOR EACH ROW EXECUTE FUNCTION fire();
         ALTER TABLE activity_logs ENABLE ALWAYS TRIGGER always;",
    ]);
    let store = try_to_open(&database.url()).await.expect("it is adopted");
    let columns = "user_id, action_type, endpoint, http_method, status_code, success";
    let user = "00000000-0000-4000-8000-000000000003";
    database.psql(&format!(
        "INSERT INTO activity_logs (id, {columns}) SELECT id, '{user}', 'twice', '/x', 'GET', 200, TRUE FROM activity_logs WHERE position = 7;
         INSERT INTO activity_logs ({columns}) VALUES ('{user}', 'once', '/x', 'GET', 200, TRUE)"
    ));
    reaches(&store, 5_002).await;
    drop(store);
    database.psql(
        "TRUNCATE fired; DELETE FROM activity_logs WHERE position IN (1, 2, 3);
         UPDATE activity_logs SET user_id = 'erased' WHERE position = 4;",
    );
    let undone = Undone { returned: 1, refused: 1, brought_back: 4, ..Undone::default() };
    assert_eq!(undo(&database).await, undone);
    let rows = "SELECT (SELECT count(*) FROM activity_logs), (SELECT string_agg(action_type, ', ') FROM activity_logs_not_returned),
           (SELECT count(*) FROM activity_logs WHERE action_type = 'once'), (SELECT count(*) FROM fired)";
    assert_eq!(database.psql(rows), "5001|twice|1|0\n");
    let enabled = "SELECT string_agg(tgname::text || tgenabled::text, ', ' ORDER BY tgname) FROM pg_trigger WHERE NOT tgisinternal";
    assert_eq!(database.psql(enabled), "alwaysA, usualO\n");
}
