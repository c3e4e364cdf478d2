//! Small properties of an application's table and its views that an adoption carries over.

use super::{
    adopt::{application, pending},
    adopt_decided::undo,
    try_to_open,
};

const ROW: &str =
    "(user_id, action_type, http_method, status_code) VALUES (gen_random_uuid(), 'a', 'GET', 200)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_defaults_of_a_views_columns_are_carried_over_and_back() {
    let database = application(&[
        "CREATE VIEW fed AS SELECT id, user_id, action_type, endpoint, http_method, status_code, success FROM activity_logs;
         ALTER VIEW fed ALTER id SET DEFAULT gen_random_uuid(), ALTER endpoint SET DEFAULT '/fed', ALTER success SET DEFAULT TRUE;",
    ]);
    let insert = format!("INSERT INTO fed {ROW} RETURNING endpoint, success");
    let fed = || database.psql(&insert).lines().next().map(str::to_owned);
    assert_eq!(fed().as_deref(), Some("/fed|t"));
    drop(try_to_open(&database.url()).await.expect("it is adopted"));
    assert_eq!(fed().as_deref(), Some("/fed|t"));
    undo(&database).await;
    assert_eq!(fed().as_deref(), Some("/fed|t"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn views_that_functions_and_policies_use_are_named_at_once_with_what_uses_them() {
    let database = application(&[
        "CREATE VIEW counted AS SELECT id FROM activity_logs; CREATE VIEW seen AS SELECT user_id FROM activity_logs;
         CREATE FUNCTION all_of_them() RETURNS BIGINT LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM counted; END;
         CREATE TABLE notes (id INTEGER); CREATE POLICY by_view ON notes USING (EXISTS (SELECT FROM seen));",
    ]);
    let refusal = pending(&database).await.expect_err("a refusal").to_string();
    for line in [
        "\n  counted: it would go on reading the old table: function all_of_them() uses it",
        "\n  seen: it would go on reading the old table: policy by_view on table notes uses it",
    ] {
        assert!(refusal.contains(line), "{line}: {refusal}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn comments_and_the_storage_of_columns_are_carried_over_and_back() {
    let database = application(&[
        "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
         CREATE TRIGGER noted AFTER INSERT ON activity_logs FOR EACH ROW EXECUTE FUNCTION nothing();
         CREATE POLICY shown ON activity_logs USING (TRUE); CREATE INDEX by_two ON activity_logs (duration_ms, endpoint);
         CREATE STATISTICS together ON endpoint, status_code FROM activity_logs;
         ALTER TABLE activity_logs ADD COLUMN body TEXT, ADD CONSTRAINT positive CHECK (status_code > 0);
         ALTER TABLE activity_logs ALTER details SET STORAGE EXTERNAL, ALTER body SET COMPRESSION pglz, ALTER body SET STORAGE MAIN;
         COMMENT ON TRIGGER noted ON activity_logs IS 'a trigger'; COMMENT ON POLICY shown ON activity_logs IS 'a policy';
         COMMENT ON INDEX by_two IS 'an index'; COMMENT ON STATISTICS together IS 'statistics';
         COMMENT ON CONSTRAINT positive ON activity_logs IS 'it''s a check'; COMMENT ON COLUMN activity_logs.body IS 'a column';",
    ]);
    let details = || {
        database.psql(
            "SELECT obj_description(oid, 'pg_trigger') FROM pg_trigger WHERE tgrelid = 'activity_logs'::regclass AND tgname = 'noted'
             UNION ALL SELECT obj_description(oid, 'pg_policy') FROM pg_policy WHERE polrelid = 'activity_logs'::regclass
             UNION ALL SELECT obj_description('by_two'::regclass, 'pg_class')
             UNION ALL SELECT obj_description(oid, 'pg_statistic_ext') FROM pg_statistic_ext
             UNION ALL SELECT obj_description(oid, 'pg_constraint') FROM pg_constraint
               WHERE conrelid = 'activity_logs'::regclass AND conname = 'positive'
             UNION ALL SELECT concat_ws(' ', attname, attstorage, attcompression, col_description(attrelid, attnum)) FROM pg_attribute
               WHERE attrelid = 'activity_logs'::regclass AND attname IN ('details', 'body') ORDER BY 1",
        )
    };
    let before = details();
    drop(try_to_open(&database.url()).await.expect("it is adopted"));
    assert_eq!(details(), before);
    let of_a_partition =
        "SELECT string_agg(format('%s %s', attname, attstorage), ', ' ORDER BY attname) FROM pg_attribute
         WHERE attrelid = 'activity_logs_from_1'::regclass AND attname IN ('details', 'body')";
    assert_eq!(database.psql(of_a_partition), "body m, details e\n");
    undo(&database).await;
    assert_eq!(details(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_publication_of_the_schema_is_named_as_one_of_all_tables_is() {
    let database = application(&["CREATE PUBLICATION by_schema FOR TABLES IN SCHEMA public"]);
    let plan = pending(&database).await.expect("a plan").join("\n");
    assert!(plan.contains("the publication by_schema publishes the log by its partitions"), "{plan}");
}
