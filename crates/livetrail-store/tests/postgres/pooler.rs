//! A log behind PgBouncer.

use super::{activity, append, newest, small, try_to_open};
use livetrail_store::{Credential, Credentials, Log, PostgresOptions, PostgresStore, Questions, Timeouts};
use livetrail_types::{Epoch, Filter, Role};
use private_postgres::Pooler;
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pooler_that_gives_each_transaction_another_session_is_refused_before_anything_is_made() {
    let database = private_postgres::database();
    let pooler = Pooler::start(database.cluster(), "transaction", 5);
    let refusal = try_to_open(&pooler.url(database.name())).await.err().expect("a refusal").to_string();
    assert!(refusal.contains("leads to a pooler") && refusal.contains("pool_mode = session"), "{refusal}");
    assert_eq!(database.psql("SELECT count(*) FROM pg_class WHERE relname LIKE 'livetrail%'"), "0\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_keeps_to_its_number_of_connections_so_that_a_small_pool_of_sessions_is_enough() {
    let database = private_postgres::database();
    let pooler = Pooler::start(database.cluster(), "session", 6);
    // With too many connections, some would wait for ever. With six, each comes, however busy the machine is.
    let timeouts = Timeouts { connect: std::time::Duration::from_secs(60), ..Timeouts::default() };
    let options = PostgresOptions { connections: 6, timeouts, ..small() };
    let address = pooler.url(database.name()).parse().expect("an address");
    let store =
        std::sync::Arc::new(PostgresStore::open(address, options, Epoch(1)).await.expect("the store opens"));
    append(&*store, 1..=100).await;
    let mut asking = JoinSet::new();
    for n in 0..40 {
        let store = std::sync::Arc::clone(&store);
        asking.spawn(async move {
            store.list(newest(Filter::default())).await.expect("a page");
            store.get(activity(n + 1).activity.id, None).await.expect("an answer").expect("a row");
            store.append(vec![activity(1_000 + n)]).await.expect("an append");
        });
    }
    asking.join_all().await;
    assert_eq!(store.head().await.expect("a head").head, 140);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_gets_along_with_fewer_sessions_than_it_was_told_of() {
    let database = private_postgres::database();
    let pooler = Pooler::start(database.cluster(), "session", 6);
    let timeouts = Timeouts { connect: std::time::Duration::from_secs(5), ..Timeouts::default() };
    let options = PostgresOptions { connections: 20, timeouts, ..small() };
    let address = pooler.url(database.name()).parse().expect("an address");
    let store =
        std::sync::Arc::new(PostgresStore::open(address, options, Epoch(1)).await.expect("the store opens"));
    append(&*store, 1..=40).await;
    let mut asking = JoinSet::new();
    for n in 0..40 {
        let store = std::sync::Arc::clone(&store);
        asking.spawn(async move {
            store.get(activity(n + 1).activity.id, None).await.expect("an answer").expect("a row");
            store.append(vec![activity(1_000 + n)]).await.expect("an append");
        });
    }
    asking.join_all().await;
    assert_eq!(store.head().await.expect("a head").head, 80);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_of_questions_waits_for_no_session_that_the_pooler_does_not_give() {
    let database = private_postgres::database();
    let pooler = Pooler::start(database.cluster(), "session", 6);
    // A question that waits for a session would wait beyond the limit of the test.
    let timeouts = Timeouts { connect: std::time::Duration::from_hours(1), ..Timeouts::default() };
    let options = PostgresOptions { connections: 20, timeouts, ..small() };
    let address = pooler.url(database.name()).parse().expect("an address");
    let store =
        std::sync::Arc::new(PostgresStore::open(address, options, Epoch(1)).await.expect("the store opens"));
    append(&*store, 1..=40).await;
    let mut asking = JoinSet::new();
    for n in 0..40 {
        let store = std::sync::Arc::clone(&store);
        asking.spawn(async move {
            store.list(newest(Filter::default())).await.expect("a page");
            store.get(activity(n + 1).activity.id, None).await.expect("an answer").expect("a row");
        });
    }
    tokio::time::timeout(super::TIMEOUT, asking.join_all()).await.expect("all have their answers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_told_to_other_nodes_also_when_notifications_are_not_taken() {
    let cluster = std::sync::Arc::new(private_postgres::Cluster::start(&[]));
    let database = cluster.database();
    drop(super::open(&database.url()).await);
    // Each notification is refused, as by a full queue.
    database.psql(
        "CREATE FUNCTION pg_notify(TEXT, TEXT) RETURNS VOID LANGUAGE plpgsql AS 'BEGIN RAISE program_limit_exceeded; END';
         ALTER ROLE postgres SET search_path = public, pg_catalog;",
    );
    let (one, other) = (super::open(&database.url()).await, super::open(&database.url()).await);
    let mut heard = other.remote_changes();
    heard.borrow_and_update();
    let before = heard.borrow().credentials;
    let key = Credential {
        id: uuid::Uuid::from_u128(1),
        name: "key".into(),
        role: Role::Writer,
        tenant: None,
        secret: [1; 32],
        created_by: None,
        created_at: jiff::Timestamp::UNIX_EPOCH,
        last_used_at: None,
        expires_at: None,
    };
    one.put_credential(key).await.expect("a key is stored");
    let told = heard.wait_for(|remote| remote.credentials > before);
    tokio::time::timeout(super::TIMEOUT, told).await.expect("in time").expect("it is heard");
    assert_eq!(append(&one, 1..=3).await, [1, 2, 3]);
    super::reaches(&other, 3).await;
}
