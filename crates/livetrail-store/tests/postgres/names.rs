//! Names of users that other nodes and other applications write at the same time.

use super::{client, open, until::until};
use livetrail_store::{Directory, PostgresStore};
use livetrail_types::UserProfile;
use std::time::Duration;
use tokio::time::timeout;

async fn named(store: &PostgresStore, needle: &str) -> Vec<String> {
    let mut users = store.users_named(needle).await.expect("users");
    users.sort();
    users.into_iter().map(|(_, user)| user).collect()
}

fn profile(user: &str, name: &str) -> UserProfile {
    UserProfile { user_id: user.into(), email: None, display_name: Some(name.into()) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_another_node_puts_is_found_at_once() {
    let database = private_postgres::database();
    let (one, other) = (open(&database.url()).await, open(&database.url()).await);
    for (name, found) in [("Ada", vec!["u-1"]), ("Grace", vec![]), ("Adam", vec!["u-1"])] {
        one.put_profiles(None, vec![profile("u-1", name)]).await.expect("a profile");
        assert_eq!(named(&other, "ada").await, found, "{name}");
    }
    client(&database.url()).await.batch_execute("TRUNCATE livetrail_users").await.expect("no users");
    assert_eq!(named(&other, "ada").await, Vec::<String>::new());
}

/// A later change is not visible before the one that it follows, however long that one's transaction takes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_whose_transaction_ends_late_is_found() {
    let database = private_postgres::database();
    let store = std::sync::Arc::new(open(&database.url()).await);
    let mut late = client(&database.url()).await;
    let late = late.transaction().await.expect("a transaction");
    let late_pid: i32 = late.query_one("SELECT pg_backend_pid()", &[]).await.expect("a process").get(0);
    let insert = "INSERT INTO livetrail_users (tenant, user_id, email) VALUES ('', 'u-1', 'ada@')";
    late.batch_execute(insert).await.expect("a profile");
    let other = std::sync::Arc::clone(&store);
    let put = tokio::spawn(async move { other.put_profiles(None, vec![profile("u-2", "Ada")]).await });
    assert_eq!(named(&store, "ada").await, Vec::<String>::new(), "a search waits for no writer");
    let observer = client(&database.url()).await;
    let waiting = "SELECT FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))";
    until(async || {
        assert!(!put.is_finished(), "the other change was made before this one");
        !observer.query(waiting, &[&late_pid]).await.expect("processes").is_empty()
    })
    .await;
    assert_eq!(named(&store, "ada").await, Vec::<String>::new());
    late.commit().await.expect("a commit");
    put.await.expect("a task").expect("a profile");
    assert_eq!(named(&store, "ada").await, ["u-1", "u-2"]);
}

/// A large directory on a slow server takes longer to read than a question may take.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_a_question_began_to_read_are_there_after_its_end() {
    let database = private_postgres::database();
    let store = open(&database.url()).await;
    store.put_profiles(None, vec![profile("u-1", "Ada")]).await.expect("a profile");
    let mut other = client(&database.url()).await;
    let observer = client(&database.url()).await;
    let waiting =
        "SELECT FROM pg_stat_activity WHERE query LIKE '%changed > $1%' AND wait_event_type = 'Lock'";
    let is_reading = async || !observer.query(waiting, &[]).await.expect("processes").is_empty();

    let lock = "LOCK TABLE livetrail_users IN ACCESS EXCLUSIVE MODE";
    let locked = other.transaction().await.expect("a transaction");
    locked.batch_execute(lock).await.expect("a lock");
    tokio::select! {
        users = store.users_named("ada") => panic!("the names are locked: {users:?}"),
        () = until(async || is_reading().await) => {}
    }
    locked.commit().await.expect("the end of the lock");
    until(async || !is_reading().await).await;

    let locked = other.transaction().await.expect("a transaction");
    locked.batch_execute(lock).await.expect("a lock");
    // No name is read again. A search that has to wait a second for the names in memory asks the database instead, and
    // that one waits for the lock.
    until(async || {
        let found = timeout(Duration::from_secs(5), named(&store, "ada")).await;
        found.is_ok_and(|found| found == ["u-1"])
    })
    .await;
}

/// While the names are being read, each search asks the database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_does_not_wait_until_all_names_are_read() {
    let database = private_postgres::database();
    let store = open(&database.url()).await;
    store.put_profiles(None, vec![profile("u-1", "Ada")]).await.expect("a profile");
    let mut other = client(&database.url()).await;
    let locked = other.transaction().await.expect("a transaction");
    let lock = "LOCK TABLE livetrail_names IN ACCESS EXCLUSIVE MODE";
    locked.batch_execute(lock).await.expect("a lock");
    for _ in 0..2 {
        assert_eq!(named(&store, "ada").await, ["u-1"]);
    }
}

/// A dump's tables may be loaded in any order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_are_loaded_and_found_while_the_number_of_the_last_change_is_not_there() {
    let database = private_postgres::database();
    let store = open(&database.url()).await;
    assert_eq!(named(&store, "ada").await, Vec::<String>::new());
    let load = "TRUNCATE livetrail_users, livetrail_names; \
                INSERT INTO livetrail_users (tenant, user_id, email) VALUES ('', 'u-9', 'ada@')";
    client(&database.url()).await.batch_execute(load).await.expect("a profile");
    assert_eq!(named(&store, "ada").await, ["u-9"]);
    let number = "INSERT INTO livetrail_names VALUES (1, 3, 3)";
    client(&database.url()).await.batch_execute(number).await.expect("a number");
    assert_eq!(named(&store, "ada").await, ["u-9"]);
}
