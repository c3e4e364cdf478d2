//! The adoption while the application writes and reads the table, and while nodes stop and start.

use super::{
    TIMEOUT,
    adopt::{CHECKSUM, IN_ORDER, SECOND_FORM, application},
    client, everything, open, open_with, reaches, try_to_open,
};
use private_postgres::Database;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::task::JoinSet;
use tokio_postgres::Client;

/// Inserts as the application does, one row after the other, until it is told to stop; how many.
async fn go_on_inserting(url: String, stop: Arc<AtomicBool>) -> u64 {
    let client = client(&url).await;
    let insert = "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success) \
                  VALUES ('00000000-0000-4000-8000-000000000003', 'while_migrating', '/x', 'GET', 200, TRUE)";
    for inserted in 1.. {
        client.batch_execute(insert).await.expect("the application is not disturbed");
        if stop.load(Ordering::Acquire) {
            return inserted;
        }
    }
    unreachable!("it is told to stop");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_application_goes_on_inserting_and_none_of_its_rows_is_missing() {
    let database = application(&[]);
    let stop = Arc::new(AtomicBool::new(false));
    let mut writers = JoinSet::new();
    for _ in 0..3 {
        writers.spawn(go_on_inserting(database.url(), Arc::clone(&stop)));
    }
    // They write as fast as they can, so that there is always something late.
    let store = open_with(&database.url(), 20_000).await;
    // It has been adopted; what comes now is taken in.
    stop.store(true, Ordering::Release);
    let inserted: u64 = writers.join_all().await.into_iter().sum();
    reaches(&store, 5_000 + inserted).await;
    let log = everything(&store).await;
    assert_eq!(log.len() as u64, 5_000 + inserted);
    assert_eq!(log.iter().filter(|one| one.action_type == "while_migrating").count() as u64, inserted);
    assert_eq!(database.psql("SELECT count(DISTINCT id) FROM activity_logs").trim(), log.len().to_string());
}

/// A session that reads the table in a transaction that does not end. Rows can be copied, but the table cannot be
/// swapped, however fast the copy is.
async fn read_without_end(database: &Database) -> Client {
    let reader = client(&database.url()).await;
    reader.batch_execute("BEGIN; SELECT FROM activity_logs LIMIT 1").await.expect("a transaction");
    reader
}

/// Waits until a fact is true. Another process asks for it, because a task would take turns from the adoption.
async fn until(database: &Database, fact: &str) {
    // What it asks about may not be there yet.
    let ask = || database.cluster().try_psql(database.name(), fact);
    crate::until::until(async || tokio::task::block_in_place(ask).is_ok_and(|answer| answer.trim() == "t"))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_that_is_stopped_half_way_goes_on_where_it_was() {
    let database = application(&[]);
    let before = database.psql(CHECKSUM);
    let other = client(&database.url()).await;
    let reader = read_without_end(&database).await;
    let url = database.url();
    let stopped = tokio::spawn(async move { try_to_open(&url).await.map(drop) });
    let some = "SELECT to_regclass('livetrail_adopting') IS NOT NULL AND (SELECT coalesce(max(position), 0) FROM livetrail_adopting) > 300";
    until(&database, some).await;
    other
        .batch_execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE application_name = 'livetrail' AND datname = current_database()",
        )
        .await
        .expect("a right to");
    stopped.await.expect("no panic").expect_err("its connection was cut");
    assert_eq!(database.psql(CHECKSUM), before, "the application's table is as it was");
    let done: i64 =
        other.query_one("SELECT max(position) FROM livetrail_adopting", &[]).await.expect("a head").get(0);
    assert!((300..=5_000).contains(&done), "{done} rows were copied");
    drop(reader);

    let store = open(&database.url()).await;
    assert_eq!(database.psql(CHECKSUM), before);
    assert_eq!(database.psql(IN_ORDER).trim(), "0");
    assert_eq!(everything(&store).await.len(), 5_000);
    let left = "SELECT count(*) FROM pg_class WHERE relname LIKE 'livetrail_adopt%'";
    assert_eq!(database.psql(left).trim(), "0", "nothing of the migration is left");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_that_start_at_once_adopt_it_once() {
    let database = application(&[]);
    let before = database.psql(CHECKSUM);
    let url = database.url();
    let (one, other) = tokio::join!(open(&url), open(&url));
    assert_eq!(database.psql(CHECKSUM), before);
    for store in [&one, &other] {
        assert_eq!(everything(store).await.len(), 5_000);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_is_open_delays_the_adoption_and_nobody_else() {
    let database = application(&[SECOND_FORM]);
    let idle = client(&database.url()).await;
    let insert = "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success) \
                  VALUES ('u-1', 'slow', '/x', 'GET', 200, TRUE)";
    idle.batch_execute(&format!("BEGIN; {insert}")).await.expect("a transaction");
    let url = database.url();
    let adopting = tokio::spawn(async move { open(&url).await });
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'livetrail' \
                 AND datname = current_database() AND wait_event_type = 'Lock'";
    let other = client(&database.url()).await;
    let waiting =
        async { while other.query_one(waits, &[]).await.expect("an answer").get::<_, i64>(0) == 0 {} };
    tokio::time::timeout(TIMEOUT, waiting).await.expect("it waits for the table");
    // The application is not held up behind it for long.
    other.batch_execute(&format!("SET lock_timeout = '60s'; {insert}")).await.expect("its turn");
    idle.batch_execute("COMMIT").await.expect("a commit");
    let store = tokio::time::timeout(TIMEOUT, adopting).await.expect("in time").expect("it goes on");
    assert_eq!(everything(&store).await.len(), 5_002);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_that_is_stopped_after_late_rows_were_copied_does_not_copy_them_again() {
    let database = application(&[SECOND_FORM]);
    let insert = "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success) \
                  VALUES ('u-1', 'late', '/x', 'GET', 200, TRUE)";
    let other = client(&database.url()).await;
    let idle = read_without_end(&database).await;
    let url = database.url();
    let adopting = tokio::spawn(async move { try_to_open(&url).await.map(drop) });
    until(&database, "SELECT to_regclass('livetrail_adopting') IS NOT NULL").await;
    // What comes from here on is late.
    idle.batch_execute(insert).await.expect("a row");
    for _ in 0..20 {
        other.batch_execute(insert).await.expect("a row");
    }
    until(&database, "SELECT count(*) FILTER (WHERE copied) = 20 FROM livetrail_adoption_late").await;
    other
        .batch_execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE application_name = 'livetrail' AND datname = current_database()",
        )
        .await
        .expect("a right to");
    adopting.await.expect("no panic").expect_err("its connection was cut");
    idle.batch_execute("COMMIT").await.expect("a commit");
    let store = open(&database.url()).await;
    assert_eq!(everything(&store).await.len(), 5_021);
    assert_eq!(database.psql("SELECT count(DISTINCT id) FROM activity_logs").trim(), "5021");
}
