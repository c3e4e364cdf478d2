//! What keeps a log from taking activities is known although none was tried.

use super::{PATIENCE, foreign, open, open_with};
use livetrail_store::Log;
use private_postgres::Cluster;
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_read_only_takes_nothing() {
    let cluster = Arc::new(Cluster::start(&[]));
    let database = cluster.database();
    let store = open(&database.url()).await;
    assert_eq!(store.obstacle().await.expect("an answer"), None);
    cluster.psql("postgres", "ALTER SYSTEM SET default_transaction_read_only = on");
    cluster.psql("postgres", "SELECT pg_reload_conf()");
    // The server reads its configuration a moment later.
    while store.obstacle().await.expect("an answer") != Some("the database is read-only") {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_few_rows_that_are_refused_are_no_obstacle_and_many_are() {
    let database = private_postgres::database();
    // Partitions for a whole batch are made each time, and given up with it.
    let store = open_with(&database.url(), 20_000).await;
    database.psql(&format!("{}{}", foreign::REFUSES, foreign::of("bad", 3)));
    let mut elsewhere = store.elsewhere();
    let few = elsewhere.wait_for(|elsewhere| elsewhere.set_aside == 3);
    tokio::time::timeout(PATIENCE, few).await.expect("in time").expect("the store is open");
    assert_eq!(store.obstacle().await.expect("an answer"), None);
    database.psql(&foreign::of("bad", 200));
    let many = elsewhere.wait_for(|elsewhere| elsewhere.is_stuck);
    tokio::time::timeout(PATIENCE, many).await.expect("in time").expect("the store is open");
    let stuck = "rows that the application has inserted cannot be taken in";
    assert_eq!(store.obstacle().await.expect("an answer"), Some(stuck));
}
