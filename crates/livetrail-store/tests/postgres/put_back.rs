//! A log that is put back to an earlier state, or whose rows are deleted or numbered by SQL, while nodes run or while
//! none does.

use super::{TIMEOUT, activity, append, everything, open, reaches, try_to_open_as};
use crate::until::until;
use livetrail_store::{Log, PostgresStore, RemoteChanges, StoreError};
use livetrail_types::Epoch;
use private_postgres::Database;

const INSERT: &str =
    "INSERT INTO activity_logs (user_id, action_type, success, position) VALUES ('app', 'x', TRUE, 50)";

/// Waits until the log has noted its last position.
async fn noted(database: &Database, position: u64) {
    let position = position.to_string();
    until(async || database.psql("SELECT last_value FROM livetrail_head").trim() == position).await;
}

/// Waits until a node has heard that the log was put back.
async fn hears_of_it(store: &PostgresStore) {
    let mut remote = store.remote_changes();
    let heard = remote.wait_for(|RemoteChanges { restored, .. }| *restored);
    tokio::time::timeout(TIMEOUT, heard).await.expect("in time").expect("the store is open");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_is_put_back_under_its_nodes_has_another_epoch_before_any_position_is_given_again() {
    let database = private_postgres::database();
    let (one, other) = (open(&database.url()).await, open(&database.url()).await);
    append(&one, 1..=10).await;
    reaches(&other, 10).await;
    noted(&database, 10).await;
    let before = one.head().await.expect("a head").epoch;
    // As a restore of an older copy leaves it.
    database.psql(
        "BEGIN; DELETE FROM activity_logs WHERE position > 5; SELECT setval('livetrail_head', 5); COMMIT",
    );
    for store in [&one, &other] {
        let refused = store.append(vec![activity(11)]).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        hears_of_it(store).await;
        let refused = store.append(vec![activity(11)]).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    }
    drop((one, other));
    let (one, other) = (open(&database.url()).await, open(&database.url()).await);
    let (head, others) = (one.head().await.expect("a head"), other.head().await.expect("a head"));
    assert_eq!((head.head, head), (5, others));
    assert_ne!(head.epoch, before);
    assert_eq!(append(&one, 11..=11).await, [6]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_failover_no_two_nodes_serve_two_epochs() {
    let database = private_postgres::database();
    let (one, other) = (open(&database.url()).await, open(&database.url()).await);
    append(&one, 1..=10).await;
    reaches(&other, 10).await;
    noted(&database, 10).await;
    drop(one);
    // As if another node of PostgreSQL had been promoted. No position is lost, so only a node that starts notices it.
    database.psql("UPDATE livetrail_settings SET value = 'elsewhere' WHERE name = 'place'");
    let one = try_to_open_as(&database.url(), Epoch(2)).await.expect("the store opens");
    assert_eq!(one.head().await.expect("a head").epoch, Epoch(2));
    let refused = other.append(vec![activity(11)]).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    hears_of_it(&other).await;
    assert!(!one.remote_changes().borrow().restored, "the node that started has the new epoch");
    assert_eq!(append(&one, 11..=11).await, [11]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn positions_of_rows_that_were_deleted_are_not_given_again() {
    let database = private_postgres::database();
    let store = open(&database.url()).await;
    append(&store, 1..=10).await;
    noted(&database, 10).await;
    let before = store.head().await.expect("a head");
    database.psql("DELETE FROM activity_logs WHERE position > 5");
    let after = store.head().await.expect("a head");
    assert_eq!((after.epoch, after.floor, after.head), (before.epoch, before.floor, before.head));
    assert_eq!(append(&store, 11..=100).await, (11..=100).collect::<Vec<_>>());
    assert_eq!(store.next(5).await.expect("an answer"), Some(11));
    noted(&database, 100).await;
    drop(store);
    database.psql("TRUNCATE activity_logs");
    let store = open(&database.url()).await;
    let head = store.head().await.expect("a head");
    assert_eq!((head.epoch, head.head), (before.epoch, 100));
    assert_eq!(store.next(0).await.expect("an answer"), None);
    assert_eq!(append(&store, 101..=101).await, [101]);
    assert_eq!(store.next(0).await.expect("an answer"), Some(101));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_position_that_is_given_by_sql_is_not_believed() {
    let database = private_postgres::database();
    let (one, other) = (open(&database.url()).await, open(&database.url()).await);
    append(&one, 1..=5).await;
    reaches(&other, 5).await;
    database.psql(INSERT);
    reaches(&one, 6).await;
    reaches(&other, 6).await;
    assert_eq!(everything(&one).await.len(), 6);
    assert_eq!(append(&other, 6..=10).await, [7, 8, 9, 10, 11]);
    noted(&database, 11).await;
    drop((one, other));
    // While no node runs.
    database.psql(INSERT);
    let store = open(&database.url()).await;
    reaches(&store, 12).await;
    assert_eq!(everything(&store).await.len(), 12);
    assert_eq!(store.head().await.expect("a head").head, 12);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_append_does_not_go_on_behind_a_position_that_is_given_by_sql() {
    let database = private_postgres::database();
    let store = open(&database.url()).await;
    for n in 1..=20 {
        database.psql(INSERT);
        append(&store, n..=n).await;
    }
    reaches(&store, 40).await;
    assert_eq!(everything(&store).await.len(), 40);
}
