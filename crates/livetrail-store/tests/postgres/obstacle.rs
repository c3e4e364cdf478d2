//! What keeps a log from taking activities is known although none was tried.

use super::{TIMEOUT, external, open, open_with};
use crate::until::until;
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
    until(async || store.obstacle().await.expect("an answer") == Some("the database is read-only")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_few_rows_that_are_refused_are_no_obstacle_and_many_are() {
    let database = private_postgres::database();
    // Partitions for a whole batch are made each time, and given up with it.
    let store = open_with(&database.url(), 20_000).await;
    database.psql(&format!("{}{}", external::REFUSES, external::of("bad", 3)));
    let mut remote = store.remote_changes();
    let few = remote.wait_for(|remote| remote.set_aside == 3);
    tokio::time::timeout(TIMEOUT, few).await.expect("in time").expect("the store is open");
    assert_eq!(store.obstacle().await.expect("an answer"), None);
    database.psql(&external::of("bad", 200));
    let many = remote.wait_for(|remote| remote.is_stuck);
    tokio::time::timeout(TIMEOUT, many).await.expect("in time").expect("the store is open");
    let stuck = "rows that the application has inserted cannot be taken in";
    assert_eq!(store.obstacle().await.expect("an answer"), Some(stuck));
}
