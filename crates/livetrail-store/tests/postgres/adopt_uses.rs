//! An undo names what of the application would break with it, before anything is changed.

use super::{
    adopt::application,
    adopt_decided::{open_with, try_to_undo, undo, undo_without},
    adopt_renamed::{NAMES, THEIRS, renamed},
    try_to_open,
};
use livetrail_store::Undone;
use private_postgres::Database;

async fn refusal(database: &Database) -> String {
    let said = try_to_undo(database).await.expect_err("a refusal").to_string();
    let is_adopted = "SELECT to_regclass('activity_logs_before_livetrail') IS NOT NULL";
    assert_eq!(database.psql(is_adopted), "t\n", "nothing is changed");
    said
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn functions_that_use_a_column_by_the_name_that_it_has_in_the_log_stop_an_undo() {
    let database = application(&[THEIRS]);
    drop(open_with(&database, renamed(&NAMES)).await.expect("it is adopted"));
    database.psql(
        "CREATE SCHEMA other;
         CREATE FUNCTION place_of(UUID) RETURNS INTEGER LANGUAGE sql AS 'SELECT app_position FROM activity_logs WHERE id = $1';
         CREATE FUNCTION other.note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.\"app_position\" := 1; RETURN NEW; END';
         CREATE PROCEDURE no_changes() LANGUAGE sql AS 'UPDATE activity_logs SET App_Changes = NULL WHERE FALSE';
         CREATE FUNCTION innocent() RETURNS INTEGER LANGUAGE sql AS 'SELECT 1 AS app_position_2';
         CREATE VIEW spots AS SELECT app_position FROM activity_logs;",
    );
    let spots = database.psql("SELECT * FROM spots ORDER BY 1");
    let said = refusal(&database).await;
    for line in [
        "\n  note: this function names the column app_position, which is position again",
        "\n  place_of: this function names the column app_position, which is position again",
        "\n  no_changes: this function names the column app_changes, which is changes again",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(!said.contains("innocent") && !said.contains("spots:"), "{said}");
    let other = undo_without(&database, &["note", "place_of"]).await.expect_err("a refusal").to_string();
    assert!(other.contains("\n  no_changes: ") && !other.contains("\n  note: "), "{other}");
    let unknown = undo_without(&database, &["innocent"]).await.expect_err("a refusal").to_string();
    assert!(unknown.contains("--without innocent names nothing that the undo would break"), "{unknown}");

    database.psql("DROP PROCEDURE no_changes");
    let undone = undo_without(&database, &["note", "place_of"]).await;
    assert_eq!(undone.expect("it is undone"), Undone::default());
    assert_eq!(database.psql("SELECT * FROM spots ORDER BY 1"), spots, "a view follows its columns");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn views_and_functions_that_use_columns_of_livetrail_stop_an_undo_and_all_are_named() {
    let database = application(&[]);
    drop(try_to_open(&database.url()).await.expect("it is adopted"));
    database.psql(
        "CREATE VIEW newest AS SELECT max(position) AS newest FROM activity_logs;
         CREATE VIEW of_newest AS SELECT newest FROM newest;
         CREATE VIEW plain AS SELECT user_id FROM activity_logs WHERE status_code = 401;
         CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM activity_logs;
         CREATE FUNCTION head() RETURNS BIGINT LANGUAGE sql AS 'SELECT max(position) FROM public.activity_logs';
         CREATE FUNCTION by_user(TEXT) RETURNS BIGINT LANGUAGE sql AS 'SELECT count(*) FROM activity_logs WHERE user_id LIKE $1';
         CREATE FUNCTION failed() RETURNS BIGINT LANGUAGE sql AS 'SELECT count(*) FROM activity_logs WHERE NOT success';",
    );
    let said = refusal(&database).await;
    for line in [
        "\n  newest: this view cannot be made again on the table as it was: column",
        "\n  of_newest: this view cannot be made again",
        "materialized view totals depends on table activity_logs",
        "\n  head: this function fails on the table as it was: column",
        "\n  by_user: this function fails on the table as it was: operator does not exist: uuid ~~ text",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(!said.contains("plain") && !said.contains("failed"), "{said}");
    let accepted = ["newest", "of_newest", "head", "by_user"];
    let still = undo_without(&database, &accepted).await.expect_err("a refusal").to_string();
    assert!(still.contains("totals") && !still.contains("--without"), "{still}");

    database.psql("DROP MATERIALIZED VIEW totals");
    assert_eq!(undo_without(&database, &accepted).await.expect("it is undone"), Undone::default());
    let views = "SELECT string_agg(viewname, ', ' ORDER BY 1), (SELECT count(*) > 0 FROM plain) FROM pg_views WHERE schemaname = 'public'";
    assert_eq!(database.psql(views), "plain|t\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_over_the_view_by_which_the_log_is_read_is_named_too() {
    let database = application(&["ALTER TABLE activity_logs ALTER duration_ms TYPE NUMERIC(10, 2)"]);
    drop(try_to_open(&database.url()).await.expect("it is adopted"));
    database.psql("CREATE VIEW theirs AS SELECT position FROM livetrail_log");
    let said = refusal(&database).await;
    assert!(said.contains("view theirs depends on view livetrail_log"), "{said}");
    database.psql("DROP VIEW theirs");
    assert_eq!(undo(&database).await, Undone::default());
}
