//! The order of columns and how they compare is what it was, after an adoption.

use super::{
    adopt::{application, pending},
    everything, open, reaches,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_without_the_names_of_columns_go_where_they_went() {
    let database = private_postgres::database();
    database.psql(
        "CREATE TABLE activity_logs (id UUID PRIMARY KEY DEFAULT gen_random_uuid(), timestamp TIMESTAMPTZ DEFAULT now(), note TEXT,
           action_type TEXT, \"Own Key\" INTEGER, user_id TEXT, success BOOLEAN, error_message TEXT, endpoint TEXT, http_method TEXT,
           status_code INTEGER);
         CREATE TABLE archive (LIKE activity_logs);",
    );
    let store = open(&database.url()).await;
    database
        .psql("INSERT INTO activity_logs VALUES (gen_random_uuid(), now(), 'a note', 'pay', 7, 'bob', TRUE)");
    reaches(&store, 1).await;
    let row = everything(&store).await.pop().expect("a row");
    assert_eq!((row.user_id.as_str(), row.action_type.as_str()), ("bob", "pay"));
    let own = "SELECT note || ' ' || \"Own Key\" FROM activity_logs";
    assert_eq!(database.psql(own).trim(), "a note 7");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collation_is_kept_and_one_that_livetrail_cannot_search_is_named() {
    let database =
        application(&["ALTER TABLE activity_logs ALTER endpoint TYPE VARCHAR(255) COLLATE \"C\";"]);
    drop(open(&database.url()).await);
    let collation = "SELECT attcollation::regcollation FROM pg_attribute
         WHERE attrelid = 'activity_logs'::regclass AND attname = 'endpoint'";
    assert_eq!(database.psql(collation).trim(), "\"C\"");

    let database = application(&[
        "CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
         ALTER TABLE activity_logs ALTER error_type TYPE TEXT COLLATE any_case;",
    ]);
    let refusal = pending(&database).await.expect_err("a refusal").to_string();
    assert!(
        refusal.contains("error_type") && refusal.contains("loses its collation (COLLATE any_case)"),
        "{refusal}"
    );
}
