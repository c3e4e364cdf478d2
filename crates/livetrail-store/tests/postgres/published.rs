//! A publication of all tables (logical replication) refuses an UPDATE or DELETE in a table without a replica identity.
//! Every table that Livetrail changes has one, so the application may publish all of them.

use super::{
    activity,
    adopt::{CHECKSUM, fill},
    append, everything, open, reaches,
};
use crate::until::until;
use jiff::Timestamp;
use livetrail_store::{Credential, Credentials, Log, Retention};
use livetrail_types::Role;
use private_postgres::{Cluster, Database};
use std::sync::Arc;
use uuid::Uuid;

const PUBLISH: &str = "CREATE PUBLICATION everything FOR ALL TABLES";

/// A database whose changes can be published.
fn database() -> Database {
    Arc::new(Cluster::start(&["wal_level=logical"])).database()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_taken_in_where_all_tables_are_published() {
    let database = database();
    let store = open(&database.url()).await;
    database.psql(PUBLISH);
    database.psql(
        "INSERT INTO activity_logs (user_id, action_type, success)
         SELECT 'old-app', 'x', TRUE FROM generate_series(1, 3)",
    );
    reaches(&store, 3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_is_adopted_where_all_tables_are_published() {
    let database = database();
    fill(&database, &[]);
    let before = database.psql(CHECKSUM);
    database.psql(PUBLISH);
    let store = open(&database.url()).await;
    assert_eq!(database.psql(CHECKSUM), before);
    assert_eq!(everything(&store).await.len(), 5_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn activities_are_removed_by_sql_and_by_the_retention_where_all_tables_are_published() {
    let database = database();
    let store = open(&database.url()).await;
    append(&store, 1..=200).await;
    database.psql(PUBLISH);
    database.psql("DELETE FROM activity_logs WHERE position = 190");
    until(async || store.count_removed(0, 200).await.expect("a count") == 1).await;
    let holds = store.holds().await.expect("holds").version;
    let mut floor = 0;
    while floor < 150 {
        floor = store.drop_before(150, holds).await.expect("a step").expect("the same holds");
    }
    let removed = store.remove(vec![180], holds).await.expect("a removal");
    assert_eq!(removed, Some(1));
    until(async || store.count_removed(150, 200).await.expect("a count") == 2).await;
    assert_eq!(store.next(0).await.expect("an answer"), Some(151));
    // Their numbers, too, become visible.
    until(async || !store.head().await.expect("a head").has_unnumbered_removals).await;
    assert_eq!(store.removed(0, 10).await.expect("removals").len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_node_hears_of_a_revoked_key_where_all_tables_are_published() {
    let database = database();
    let (one, other) = (open(&database.url()).await, open(&database.url()).await);
    database.psql(PUBLISH);
    let mut remote = other.remote_changes();
    for is_revoked in [false, true] {
        let seen = remote.borrow_and_update().credentials;
        if is_revoked {
            assert!(one.remove_credential(key().id).await.expect("a removal"));
        } else {
            one.put_credential(key()).await.expect("a key");
        }
        let heard = remote.wait_for(|remote| remote.credentials != seen);
        tokio::time::timeout(super::TIMEOUT, heard).await.expect("in time").expect("the store is open");
        assert_eq!(other.credentials().await.expect("credentials").is_empty(), is_revoked);
    }
    // The nodes go on, and each still hears of the other.
    assert_eq!(append(&one, 1..=1).await, [1]);
    reaches(&other, 1).await;
    assert!(other.append(vec![activity(2)]).await.is_ok());
}

fn key() -> Credential {
    Credential {
        id: Uuid::from_u128(7),
        name: "a key".into(),
        role: Role::Viewer,
        tenant: None,
        secret: [7; 32],
        created_by: None,
        created_at: Timestamp::UNIX_EPOCH,
        last_used_at: None,
        expires_at: None,
    }
}
