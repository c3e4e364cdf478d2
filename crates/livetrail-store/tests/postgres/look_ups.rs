//! Which look-ups a sealed partition has, and how those that an earlier version made leave it.

use super::{PostgresFixture, adopt::application, append, client, everything, open};
use tokio_postgres::Client;

/// The look-ups of an application's own filters, of which a log needs none unless it was adopted.
const OF_APPLICATIONS: [&str; 2] = ["endpoint", "target"];

/// The indexes of a partition, without its name.
async fn indexes(observer: &Client, partition: &str) -> String {
    let sql = "SELECT string_agg(substr(relname, length($1) + 2), ' ' ORDER BY relname) \
               FROM pg_index JOIN pg_class ON oid = indexrelid WHERE indrelid = to_regclass($1)";
    observer
        .query_one(sql, &[&partition])
        .await
        .expect("an answer")
        .get::<_, Option<String>>(0)
        .unwrap_or_default()
}

async fn sealed(observer: &Client, count: i64) {
    let sql = "SELECT count(*) FROM livetrail_partitions WHERE sealed_at IS NOT NULL";
    while observer.query_one(sql, &[]).await.expect("an answer").get::<_, i64>(0) < count {}
}

/// Makes the indexes of an earlier version in the partition that begins at `first`.
fn made_before(first: u64) -> String {
    let name = format!("activity_logs_from_{first}");
    format!(
        "CREATE INDEX {name}_endpoint ON {name} (endpoint); CREATE INDEX {name}_target ON {name} (target_user_id) WHERE target_user_id IS NOT NULL;"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn look_ups_that_an_earlier_version_made_are_dropped_and_nothing_waits() {
    let log = PostgresFixture::new();
    let store = open(&log.database.url()).await;
    append(&store, 1..=200).await;
    let observer = client(&log.database.url()).await;
    sealed(&observer, 3).await;
    drop(store);
    // The second partition's index on endpoints becomes a part of an operator's.
    let before = format!("{}{}", made_before(1), made_before(65));
    log.database.psql(&format!("{before} DROP INDEX activity_logs_from_1_endpoint; CREATE INDEX mine ON activity_logs_from_1 (endpoint);
         CREATE INDEX by_endpoint ON activity_logs (endpoint)"));
    let theirs = client(&log.database.url()).await;
    theirs.batch_execute("BEGIN; SELECT count(*) FROM activity_logs").await.expect("a transaction");

    let store = open(&log.database.url()).await;
    let waits = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'DROP INDEX%' AND wait_event_type = 'Lock')";
    while !observer.query_one(waits, &[]).await.expect("an answer").get::<_, bool>(0) {}
    assert_eq!(append(&store, 201..=201).await, [201]);
    assert_eq!(everything(&store).await.len(), 201, "readers of the partition go on");
    theirs.batch_execute("COMMIT").await.expect("the transaction ends");

    while indexes(&observer, "activity_logs_from_65").await
        != "action admins brin endpoint failures id position status time user"
    {}
    let of_first =
        "SELECT to_regclass('mine') IS NOT NULL AND to_regclass('activity_logs_from_1_target') IS NULL";
    assert!(observer.query_one(of_first, &[]).await.expect("an answer").get::<_, bool>(0));
    log.database.psql("DROP INDEX by_endpoint");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_adopted_log_keeps_look_ups_in_place_of_the_applications_own_indexes() {
    let database = application(&[]);
    let store = open(&database.url()).await;
    let observer = client(&database.url()).await;
    sealed(&observer, 78).await;
    drop(store);
    // Another start does not drop them.
    let store = open(&database.url()).await;
    append(&store, 1..=200).await;
    sealed(&observer, 81).await;
    for partition in ["activity_logs_from_1", "activity_logs_from_5057"] {
        let has = indexes(&observer, partition).await;
        assert!(
            OF_APPLICATIONS.iter().all(|name| has.split(' ').any(|one| one == *name)),
            "{partition}: {has}"
        );
    }
}
