//! Positions are gapless and become visible in order, however many append.

use super::{activity, append, client, everything, open, reaches, small};
use crate::until::until;
use bytes::Bytes;
use futures_util::SinkExt;
use jiff::Timestamp;
use livetrail_store::{
    Backing, Credentials, Identity, Log, Placement, PostgresOptions, PostgresStore, Session, SessionScope,
    StoreError, Timeouts,
};
use livetrail_types::{Epoch, Role};
use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

/// As a node takes the log to itself.
const LOCK: &str = "SELECT pg_advisory_xact_lock(x'6c697665'::int, hashtext(current_schema()))";

/// Whether a future is still pending after it was polled.
async fn is_pending<T>(future: &mut (impl Future<Output = T> + Unpin)) -> bool {
    poll_fn(|context| Poll::Ready(std::pin::Pin::new(&mut *future).poll(context).is_pending())).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_began_first_and_commits_last_is_waited_for() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    append(&store, 1..=3).await;
    // Another node, step by step.
    let slow = client(&log.database.url()).await;
    slow.batch_execute("BEGIN").await.expect("a transaction");
    slow.batch_execute(LOCK).await.expect("the head");
    let mut appending = pin!(append(&store, 4..=5));
    let observer = client(&log.database.url()).await;
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                 AND application_name = 'livetrail' AND wait_event_type = 'Lock'";
    assert!(is_pending(&mut appending).await);
    while observer.query_one(waits, &[]).await.expect("an answer").get::<_, i64>(0) == 0 {
        assert!(is_pending(&mut appending).await, "the first writer has not committed");
    }
    assert_eq!(everything(&store).await.len(), 3, "nothing of either is seen");
    slow.batch_execute(
        "INSERT INTO activity_logs (position, user_id, action_type, success) VALUES (4, 'slow', 'a', TRUE); COMMIT",
    )
    .await
    .expect("a commit");
    assert_eq!(appending.await, [5, 6]);
    assert_eq!(everything(&store).await[3].user_id, "slow");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_stands_still_in_the_middle_of_a_batch_loses_the_log() {
    let log = super::PostgresFixture::new();
    let timeouts = Timeouts { batch: Duration::from_secs(10), ..Timeouts::default() };
    let options = PostgresOptions { timeouts, ..small() };
    let address = log.database.url().parse().expect("an address");
    let store = PostgresStore::open(address, options, Epoch(1)).await.expect("the store opens");
    append(&store, 1..=3).await;
    let frozen = client(&log.database.url()).await;
    frozen.batch_execute("BEGIN").await.expect("a transaction");
    frozen.batch_execute(LOCK).await.expect("the head");
    let copy = "COPY activity_logs (position, user_id, action_type, success) FROM STDIN";
    let mut rows = pin!(frozen.copy_in(copy).await.expect("a copy"));
    rows.as_mut().send(Bytes::from("4\tfrozen\ta\ttrue\n")).await.expect("a row");
    // Each try waits for the log until the timeout for locks.
    let appended = loop {
        match store.append(vec![activity(4)]).await {
            Ok(appended) => break appended,
            Err(error) => assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}"),
        }
    };
    assert_eq!(appended.placements, [Placement::New(4)]);
    rows.finish().await.expect_err("the session was ended");
    assert!(everything(&store).await.iter().all(|activity| activity.user_id != "frozen"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_node_hears_what_another_appends_and_which_credentials_it_makes() {
    let log = super::PostgresFixture::new();
    let (one, other) = (open(&log.database.url()).await, open(&log.database.url()).await);
    append(&one, 1..=10).await;
    reaches(&other, 10).await;
    assert_eq!(append(&other, 11..=20).await, (11..=20).collect::<Vec<_>>());
    reaches(&one, 20).await;
    // The first of these is that each of them has begun to listen.
    let mut remote = other.remote_changes();
    let heard = *remote.wait_for(|remote| remote.credentials > 0).await.expect("it is open");
    one.remove_credential(activity(1).activity.id).await.expect("an answer");
    remote.wait_for(|remote| remote.credentials > heard.credentials).await.expect("it is open");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_node_hears_that_another_ends_a_session() {
    let log = super::PostgresFixture::new();
    let (one, other) = (open(&log.database.url()).await, open(&log.database.url()).await);
    let mut remote = other.remote_changes();
    let heard = *remote.wait_for(|remote| remote.credentials > 0).await.expect("it is open");
    let session = Session {
        id: activity(1).activity.id,
        secret: [1; 32],
        identity: Identity {
            user_id: "boss".into(),
            role: Role::Admin,
            tenant: None,
            backing: Backing::BuiltIn,
        },
        made_by: None,
        address: None,
        user_agent: None,
        created_at: Timestamp::UNIX_EPOCH,
        last_seen_at: Timestamp::UNIX_EPOCH,
        expires_at: Timestamp::from_second(4_000_000_000).expect("a time"),
    };
    assert_eq!(one.put_session(session.clone(), None).await.expect("an answer"), Some(vec![]));
    assert_eq!(other.session(session.id).await.expect("an answer"), Some(session.clone()));
    assert_eq!(one.end_sessions(SessionScope::All).await.expect("an answer").sessions, [session]);
    remote.wait_for(|remote| remote.credentials > heard.credentials).await.expect("it is open");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_activity_that_is_sent_to_two_nodes_is_stored_once() {
    let log = super::PostgresFixture::new();
    let (one, other) = (open(&log.database.url()).await, open(&log.database.url()).await);
    for n in 1..=50 {
        let (first, second) = tokio::join!(one.append(vec![activity(n)]), other.append(vec![activity(n)]));
        let stored = first.expect("an append").stored.len() + second.expect("an append").stored.len();
        assert_eq!(stored, 1);
    }
    assert_eq!(everything(&one).await.len(), 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_was_restored_elsewhere_has_another_epoch() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    append(&store, 1..=1).await;
    let before = store.head().await.expect("a head");
    drop(store);
    let copy = private_postgres::database();
    let name = log.database.name();
    // Copied file by file, as a restore does; a template has to be free of others.
    copy.cluster().psql(
        "postgres",
        &format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}';
             CREATE DATABASE {name}_copy TEMPLATE {name}"
        ),
    );
    let url = copy.url().replace(copy.name(), &format!("{name}_copy"));
    let address = url.parse().expect("an address");
    let restored = livetrail_store::PostgresStore::open(address, super::small(), livetrail_types::Epoch(77))
        .await
        .expect("a store");
    let head = restored.head().await.expect("a head");
    assert_eq!((head.head, head.epoch), (1, livetrail_types::Epoch(77)));
    assert_ne!(head.epoch, before.epoch);
    drop(restored);
    copy.cluster().psql("postgres", &format!("DROP DATABASE {name}_copy WITH (FORCE)"));
    let again = open(&log.database.url()).await;
    assert_eq!(again.head().await.expect("a head"), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_anybody_says_by_notification_is_not_believed() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    append(&store, 1..=5).await;
    let liar = client(&log.database.url()).await;
    for told in ["2500000", "18446744073709551615", "credentials", "", "-1"] {
        liar.batch_execute(&format!("NOTIFY livetrail, '{told}'")).await.expect("anybody may");
    }
    assert_eq!(append(&store, 6..=200).await, (6..=200).collect::<Vec<_>>());
    // The task that seals partitions continues as well: three partitions of 64 positions are full.
    let sealed = "SELECT count(*), max(last_position) FROM livetrail_partitions WHERE sealed_at IS NOT NULL";
    until(async || {
        let row = liar.query_one(sealed, &[]).await.expect("an answer");
        assert!(row.get::<_, Option<i64>>(1).unwrap_or_default() <= 192, "only what is full is sealed");
        row.get::<_, i64>(0) == 3
    })
    .await;
    assert_eq!(append(&store, 201..=202).await, [201, 202]);
    assert_eq!(everything(&store).await.len(), 202);
}
