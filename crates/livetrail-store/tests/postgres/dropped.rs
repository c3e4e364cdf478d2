//! Removal from a log in partitions, which other nodes and an application use at the same time.

use super::{PostgresFixture, activity, append, client, open_with, reaches};
use crate::until::until;
use livetrail_store::{Log, PostgresStore, Retention};
use livetrail_types::{NewActivity, Stamped};
use private_postgres::Database;
use std::sync::Arc;
use tokio_postgres::Client;
use uuid::Uuid;

const SIZE: u64 = 64;

/// Waits until so many partitions are sealed.
async fn sealed(observer: &Client, count: i64) {
    let sql = "SELECT count(*) FROM livetrail_partitions WHERE sealed_at IS NOT NULL";
    until(async || observer.query_one(sql, &[]).await.expect("an answer").get::<_, i64>(0) >= count).await;
}

/// The partitions of the log that exist as tables, attached or not.
async fn partitions(observer: &Client) -> Vec<String> {
    let sql = "SELECT relname::text FROM pg_class WHERE relname LIKE 'activity_logs_from_%' AND relkind = 'r' \
               ORDER BY length(relname), relname";
    observer.query(sql, &[]).await.expect("an answer").iter().map(|row| row.get(0)).collect()
}

async fn drop_before(store: &PostgresStore, floor: u64) {
    while store.drop_before(floor, 0).await.expect("a step").expect("no holds") < floor {}
}

/// A log of 300 activities in five partitions, the first four of which are sealed.
async fn log(database: &Database) -> (PostgresStore, Client) {
    let (store, observer) = (open_with(&database.url(), SIZE).await, client(&database.url()).await);
    append(&store, 1..=300).await;
    sealed(&observer, 4).await;
    (store, observer)
}

/// An activity whose id may be in any partition, as far as its bounds tell.
fn with_random_id(n: u64) -> Stamped {
    let spread = u128::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    let id = uuid::Builder::from_random_bytes(spread.to_be_bytes()).into_uuid();
    let activity = NewActivity { id: Some(id), ..NewActivity::new("u-1", "a") };
    activity.stamp(jiff::Timestamp::UNIX_EPOCH, Uuid::nil(), &[7; 32])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn partitions_below_the_floor_are_dropped_whole() {
    let log_ = PostgresFixture::new();
    let (store, observer) = log(&log_.database).await;
    drop_before(&store, 140).await;
    let expected = ["activity_logs_from_129", "activity_logs_from_193", "activity_logs_from_257"];
    assert_eq!(partitions(&observer).await[..3], expected);
    let rows = "SELECT min(position), count(*) FROM activity_logs WHERE position > 0";
    let row = observer.query_one(rows, &[]).await.expect("an answer");
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (141, 160));
    assert_eq!(append(&store, 301..=302).await, [301, 302]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_node_goes_on_while_partitions_are_dropped() {
    let log = PostgresFixture::new();
    let (one, other) =
        (open_with(&log.database.url(), SIZE).await, open_with(&log.database.url(), SIZE).await);
    let stored = one.append((1..=300).map(with_random_id).collect()).await.expect("an append").stored;
    assert_eq!(stored.len(), 300);
    let observer = client(&log.database.url()).await;
    sealed(&observer, 4).await;
    for (n, floor) in (301..).zip([64, 128, 192, 256]) {
        // Both nodes look for these ids in every partition that they know.
        other.append(vec![with_random_id(n)]).await.expect("the other node appends");
        drop_before(&one, floor).await;
        other.append(vec![with_random_id(n + 1_000)]).await.expect("the other node appends");
        one.append(vec![with_random_id(n + 2_000)]).await.expect("this node appends");
    }
    for store in [&one, &other] {
        let head = store.head().await.expect("a head");
        assert_eq!((head.floor, head.head), (256, 312));
        let rows = store.range(256, 1_000).await.expect("a range").rows().expect("all are kept");
        assert_eq!(rows.len(), 56);
    }
    // The first one's id is free again, and the newest one's is not.
    let again = other.append(vec![with_random_id(1), with_random_id(290)]).await.expect("an append");
    assert_eq!(again.stored.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_waits_for_a_drop_that_waits_for_a_transaction() {
    let log_ = PostgresFixture::new();
    let (store, observer) = log(&log_.database).await;
    let store = Arc::new(store);
    let application = client(&log_.database.url()).await;
    application.batch_execute("BEGIN; SELECT count(*) FROM activity_logs").await.expect("a transaction");
    let dropping = Arc::clone(&store);
    let dropping = tokio::spawn(async move { drop_before(&dropping, 128).await });
    // It waits for the transaction of the application.
    let waits = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE '%DETACH%CONCURRENTLY' AND wait_event_type = 'Lock')";
    until(async || observer.query_one(waits, &[]).await.expect("an answer").get(0)).await;
    assert_eq!(append(&*store, 301..=301).await, [301]);
    let count = "SELECT count(*) FROM activity_logs WHERE position BETWEEN 1 AND 64";
    let seen: i64 = observer.query_one(count, &[]).await.expect("an answer").get(0);
    assert_eq!(seen, 0, "later statements do not see the partition");
    application.batch_execute("COMMIT").await.expect("the transaction ends");
    dropping.await.expect("it is dropped");
    assert_eq!(partitions(&observer).await[0], "activity_logs_from_129");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drop_that_was_interrupted_is_finished() {
    let log_ = PostgresFixture::new();
    let (store, observer) = log(&log_.database).await;
    // As a node leaves it that ends after it has moved the floor, and after it has detached a partition.
    observer.batch_execute("UPDATE livetrail_bounds SET floor = 128").await.expect("a floor");
    let detach = "ALTER TABLE activity_logs DETACH PARTITION activity_logs_from_1 CONCURRENTLY";
    observer.batch_execute(detach).await.expect("it is detached");
    assert_eq!(store.drop_before(0, 0).await.expect("a step"), Some(128));
    assert_eq!(partitions(&observer).await[0], "activity_logs_from_129");
    assert_eq!(append(&store, 301..=301).await, [301]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_transaction_that_deletes_holds_nothing_up_and_is_told_when_it_ends() {
    let log_ = PostgresFixture::new();
    let (store, observer) = log(&log_.database).await;
    observer
        .batch_execute("BEGIN; DELETE FROM activity_logs WHERE position IN (7, 70)")
        .await
        .expect("a deletion");
    assert_eq!(append(&store, 301..=301).await, [301]);
    assert_eq!(store.remove(vec![100], 0).await.expect("a removal"), Some(1));
    assert_eq!(store.removed(0, 10).await.expect("removals"), [(1, 100)]);
    observer.batch_execute("COMMIT").await.expect("the transaction ends");
    until(async || store.head().await.expect("a head").removals >= 3).await;
    assert_eq!(store.removed(1, 10).await.expect("removals"), [(2, 7), (3, 70)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_may_only_delete_from_the_log_is_recorded() {
    let log_ = PostgresFixture::new();
    let (store, observer) = log(&log_.database).await;
    let _ = log_.database.cluster().try_psql("postgres", "CREATE ROLE retention_app");
    let delete = "GRANT SELECT, DELETE ON activity_logs, activity_logs_from_65 TO retention_app; SET ROLE retention_app; \
                  DELETE FROM activity_logs WHERE position = 3; DELETE FROM activity_logs_from_65 WHERE position = 66";
    observer.batch_execute(delete).await.expect("it may delete");
    until(async || store.head().await.expect("a head").removals >= 2).await;
    assert_eq!(store.count_removed(0, 300).await.expect("a count"), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn external_rows_after_removed_ones_keep_their_positions() {
    let log_ = PostgresFixture::new();
    let (store, observer) = log(&log_.database).await;
    let other = open_with(&log_.database.url(), SIZE).await;
    observer
        .batch_execute(
            "INSERT INTO activity_logs (user_id, action_type, success) VALUES ('u-1', 'external', true)",
        )
        .await
        .expect("a row");
    reaches(&store, 301).await;
    store.append(vec![activity(302)]).await.expect("an append");
    store.remove(vec![302], 0).await.expect("a removal");
    // The other node finds the gap before the position that it gives next.
    other.append(vec![activity(303)]).await.expect("an append");
    let action: String = observer
        .query_one("SELECT action_type FROM activity_logs WHERE position = 301", &[])
        .await
        .expect("an answer")
        .get(0);
    assert_eq!(action, "external");
    assert_eq!(store.head().await.expect("a head").head, 303);
}
