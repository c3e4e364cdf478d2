//! What is in the way is told in one line that says what would help.

use super::{open, try_to_open};
use crate::until::until;
use livetrail_store::{Log, StoreError};
use private_postgres::Cluster;
use std::sync::Arc;

async fn refusal(url: &str) -> String {
    let error = try_to_open(url).await.err().unwrap_or_else(|| panic!("{url} should be refused"));
    let text = error.to_string();
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(!text.contains("hunter2"), "{text}");
    text
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_named() {
    let text = refusal("postgres://postgres:hunter2@127.0.0.1:1/log").await;
    assert!(text.contains("PostgreSQL at 127.0.0.1:1 does not answer"), "{text}");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named() {
    let database = private_postgres::database();
    let text = refusal(&database.url().replace(database.name(), "no_such")).await;
    assert!(text.contains("has no database named no_such") && text.contains("createdb no_such"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_and_a_missing_right_are_told() {
    let cluster = Arc::new(Cluster::start(&[]));
    cluster
        .psql("postgres", "CREATE ROLE app LOGIN PASSWORD 'right'; CREATE ROLE nobody_in_particular LOGIN");
    let rules = cluster.psql("postgres", "SHOW hba_file");
    let database = cluster.database();
    let as_app = |password: &str| database.url().replace("postgres@", &format!("app:{password}@"));

    let text = refusal(&database.url().replace("postgres@", "nobody_in_particular@")).await;
    assert!(text.contains("may not make its tables") && text.contains("GRANT CREATE"), "{text}");

    let strict = "host all app 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n";
    std::fs::write(rules.trim(), strict).expect("rules");
    cluster.psql("postgres", "SELECT pg_reload_conf()");
    let text = refusal(&as_app("hunter2")).await;
    assert!(text.contains("refuses the password of the user app"), "{text}");

    cluster.psql(database.name(), "GRANT CREATE ON SCHEMA public TO app");
    let store = open(&as_app("right")).await;
    assert_eq!(store.head().await.expect("a head").head, 0);
}

#[tokio::test]
async fn a_database_of_another_encoding_or_a_newer_version_is_refused() {
    let database = private_postgres::database();
    database.psql("CREATE DATABASE latin ENCODING LATIN1 LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0");
    let text = refusal(&database.url().replace(database.name(), "latin")).await;
    database.psql("DROP DATABASE latin WITH (FORCE)");
    assert!(text.contains("encoding is LATIN1") && text.contains("UTF8"), "{text}");

    drop(open(&database.url()).await);
    database.psql("INSERT INTO livetrail_migrations (name) VALUES ('9999_later')");
    let text = refusal(&database.url()).await;
    assert!(text.contains("written by a newer livetrail (it has 9999_later): upgrade livetrail"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_external_lock_is_not_waited_for_for_ever() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    super::append(&store, 1..=1).await;
    let external = super::client(&log.database.url()).await;
    external.batch_execute("BEGIN; LOCK TABLE activity_logs IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
    let error = store.append(vec![super::activity(2)]).await.expect_err("it is locked");
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    external.batch_execute("COMMIT").await.expect("the end of it");
    assert_eq!(super::append(&store, 2..=2).await, [2]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_that_is_cancelled_or_refused_stores_nothing_and_the_next_one_works() {
    let log = super::PostgresFixture::new();
    let store = Arc::new(open(&log.database.url()).await);
    super::append(&*store, 1..=1).await;

    let external = super::client(&log.database.url()).await;
    external.batch_execute("BEGIN; LOCK TABLE activity_logs IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
    let waiting = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.append(vec![super::activity(2)]).await }
    });
    // As a statement timeout of the server's does.
    let cancel = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
                  AND application_name = 'livetrail' AND wait_event_type = 'Lock'";
    let observer = super::client(&log.database.url()).await;
    until(async || {
        observer.query(cancel, &[]).await.expect("an answer");
        waiting.is_finished()
    })
    .await;
    let error = waiting.await.expect("no panic").expect_err("it was cancelled");
    assert!(error.to_string().contains("[57014]"), "{error}");
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    external.batch_execute("COMMIT").await.expect("the end of it");

    let mut too_long = super::activity(3);
    too_long.activity.action_type = "x".repeat(60);
    let error = store.append(vec![super::activity(2), too_long]).await.expect_err("the column takes fifty");
    assert!(matches!(&error, StoreError::Refused { batch, .. } if batch.len() == 2), "{error}");
    assert_eq!(super::append(&*store, 2..=3).await, [2, 3]);
    assert_eq!(super::everything(&*store).await.len(), 3);
}

/// The server writes what it holds to the disk once in ten seconds, or when a client waits for it. A kill loses only
/// commits for which no client has waited.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_would_not_wait_for_the_disk_is_told_to() {
    let cluster = Arc::new(Cluster::start(&["synchronous_commit = off", "wal_writer_delay = 10s"]));
    let database = cluster.database();
    let store = open(&database.url()).await;
    super::append(&store, 1..=50).await;
    cluster.kill();
    cluster.start_again();
    drop(store);
    assert_eq!(super::everything(&open(&database.url()).await).await.len(), 50);
    assert_eq!(database.psql("SHOW synchronous_commit").trim(), "off", "others are as they were");
}
