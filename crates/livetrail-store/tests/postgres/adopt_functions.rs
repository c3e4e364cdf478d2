//! Functions of the application that read the log: those that the adoption would break are named before it.

use super::{
    adopt::{application, pending},
    adopt_decided::{open_with, undo},
    adopt_dry_run::pending_without,
    adopt_renamed::renamed,
    try_to_open,
};
use livetrail_store::AdoptionChoices;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_function_that_fails_on_the_new_table_is_named_before_anything_is_made() {
    let database = application(&[
        "CREATE FUNCTION by_user(UUID) RETURNS BIGINT LANGUAGE sql AS 'SELECT count(*) FROM activity_logs WHERE coalesce(user_id, $1) = $1';
         CREATE FUNCTION by_target(UUID) RETURNS BIGINT LANGUAGE sql SET search_path = '' AS
           'SELECT count(*) FROM public.activity_logs WHERE coalesce(target_user_id, $1) = $1';
         CREATE FUNCTION failed() RETURNS BIGINT LANGUAGE sql AS 'SELECT count(*) FROM activity_logs WHERE NOT success';
         CREATE FUNCTION note(UUID) RETURNS VOID LANGUAGE sql AS
           'INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success) VALUES ($1, ''a'', ''/'', ''GET'', 200, TRUE)';
         CREATE FUNCTION users_of(INTEGER) RETURNS TABLE (user_id UUID, at TIMESTAMPTZ) LANGUAGE plpgsql AS
           'BEGIN RETURN QUERY SELECT a.user_id, a.timestamp FROM activity_logs a LIMIT 1; END';
         CREATE FUNCTION cast_users() RETURNS TABLE (user_id UUID) LANGUAGE plpgsql AS
           'BEGIN RETURN QUERY SELECT a.user_id::uuid FROM activity_logs a LIMIT 1; END';
         SET check_function_bodies = off;
         CREATE FUNCTION broken() RETURNS BIGINT LANGUAGE sql AS 'SELECT nothing FROM activity_logs';",
    ]);
    let refusal = pending(&database).await.expect_err("a refusal").to_string();
    for line in [
        "\n  by_user: this function fails on the new table: COALESCE types text and uuid cannot be matched [42804]",
        "\n  by_target: this function fails on the new table: COALESCE types text and uuid cannot be matched [42804]",
        "\n  users_of: this function returns uuid by RETURN QUERY, and user_id is text in the log: write user_id::uuid in its query",
    ] {
        assert!(refusal.contains(line), "{line}: {refusal}");
    }
    for name in ["failed", "note", "cast_users", "broken"] {
        assert!(!refusal.contains(&format!("\n  {name}: ")), "{name}: {refusal}");
    }
    pending_without(&database, &["by_user", "by_target", "users_of"]).await.expect("a plan");
    database.psql(
        "CREATE OR REPLACE FUNCTION by_user(UUID) RETURNS BIGINT LANGUAGE sql AS
           'SELECT count(*) FROM activity_logs WHERE user_id::text = $1::text';
         DROP FUNCTION by_target(UUID), users_of(INTEGER);",
    );
    let calls = "SELECT by_user('00000000-0000-4000-8000-000000000002') > 0, failed() > 0, (SELECT count(*) FROM cast_users())";
    for _ in 0..2 {
        assert_eq!(database.psql(calls), "t|t|1\n");
        drop(try_to_open(&database.url()).await.expect("it is adopted"));
        assert_eq!(database.psql(calls), "t|t|1\n");
        database.psql("SELECT note('00000000-0000-4000-8000-000000000002')");
        undo(&database).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_function_that_names_a_column_which_gets_another_name_is_named() {
    let database = application(&["ALTER TABLE activity_logs ADD COLUMN position INTEGER;
         CREATE FUNCTION places() RETURNS BIGINT LANGUAGE sql AS 'SELECT sum(position) FROM activity_logs';
         CREATE FUNCTION elsewhere() RETURNS INTEGER LANGUAGE sql AS 'SELECT position(''a'' IN ''ab'')';"]);
    let choices = renamed(&[("app_position", "position")]);
    let refusal = open_with(&database, choices.clone()).await.err().expect("a refusal").to_string();
    let line = "\n  places: this function names position, which is app_position in the log: change it at the time of the adoption";
    assert!(refusal.contains(line) && !refusal.contains("elsewhere"), "{refusal}");
    let without = vec!["places".into()];
    drop(open_with(&database, AdoptionChoices { without, ..choices }).await.expect("it is adopted"));
}
