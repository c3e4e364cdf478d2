//! What other roles may do with Livetrail's own tables.

use super::{PostgresFixture, append, open, small};
use livetrail_store::PostgresStore;
use livetrail_types::Epoch;

/// What a cluster's other tests must not meet: roles are of the whole cluster.
const ROLES: [&str; 2] = ["rights_reporting", "rights_app"];

fn rights(log: &PostgresFixture) -> String {
    let rights = "SELECT count(*) FROM pg_class, (VALUES ('rights_reporting'), ('rights_app')) role (name), \
                      (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) wanted (right_) \
                  WHERE relname LIKE 'livetrail\\_%' AND relkind = 'r' AND has_table_privilege(role.name, pg_class.oid, right_)";
    log.database.psql(rights).trim().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn default_privileges_of_the_application_give_nobody_keys_or_admins() {
    let log = PostgresFixture::new();
    for role in ROLES {
        let _ = log.database.cluster().try_psql("postgres", &format!("CREATE ROLE {role} LOGIN"));
    }
    log.database.psql(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO rights_reporting; \
         ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO rights_app; \
         ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC",
    );
    let store = open(&log.database.url()).await;
    append(&store, 1..=3).await;
    assert_eq!(rights(&log), "0");
    let may_read_the_log = "SELECT has_table_privilege('rights_reporting', 'activity_logs', 'SELECT')";
    assert_eq!(log.database.psql(may_read_the_log).trim(), "t", "the log is the application's to share");

    // What is given later is taken back at the next start.
    log.database.psql("GRANT INSERT ON livetrail_admins TO rights_app; GRANT SELECT (value) ON livetrail_settings TO PUBLIC");
    assert_ne!(rights(&log), "0");
    PostgresStore::open(log.database.url().parse().expect("an address"), small(), Epoch(2))
        .await
        .expect("the store opens");
    assert_eq!(rights(&log), "0");
    let of_columns = "SELECT has_any_column_privilege('rights_app', 'livetrail_settings', 'SELECT')";
    assert_eq!(log.database.psql(of_columns).trim(), "f");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_right_that_was_granted_on_is_taken_back_from_everyone() {
    let log = PostgresFixture::new();
    for role in ROLES {
        let _ = log.database.cluster().try_psql("postgres", &format!("CREATE ROLE {role} LOGIN"));
    }
    drop(open(&log.database.url()).await);
    log.database.psql(
        "GRANT SELECT ON livetrail_admins TO rights_reporting WITH GRANT OPTION; \
         GRANT SELECT (value) ON livetrail_settings TO rights_reporting WITH GRANT OPTION; \
         SET ROLE rights_reporting; \
         GRANT SELECT ON livetrail_admins TO rights_app; GRANT SELECT (value) ON livetrail_settings TO rights_app",
    );
    assert_ne!(rights(&log), "0");
    open(&log.database.url()).await;
    assert_eq!(rights(&log), "0");
    let of_columns = "SELECT has_any_column_privilege('rights_app', 'livetrail_settings', 'SELECT')";
    assert_eq!(log.database.psql(of_columns).trim(), "f");
}
