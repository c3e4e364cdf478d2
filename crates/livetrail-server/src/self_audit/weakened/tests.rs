use super::*;
use livetrail_store::{Credentials, SqliteStore};
use livetrail_types::{Epoch, Redaction};
use std::sync::Arc;
use tokio::task::JoinSet;

fn rules(key: &str) -> RedactionRules {
    Redaction::new([key.to_owned()]).rules()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_nodes_that_start_with_the_same_new_rules_one_is_told_of_the_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Arc::new(SqliteStore::open(folder.path(), Epoch(1)).expect("a store"));
    assert_eq!(changed_rules(&*store, &rules("pin")).await.expect("an answer"), None);
    let mut nodes = JoinSet::new();
    for _ in 0..8 {
        let store = Arc::clone(&store);
        nodes.spawn(async move { changed_rules(&*store, &rules("salary")).await.expect("an answer") });
    }
    let told: Vec<Value> = nodes.join_all().await.into_iter().flatten().collect();
    assert_eq!(told, [serde_json::json!({"old": rules("pin"), "new": rules("salary")})]);
}

#[tokio::test]
async fn rules_that_a_newer_version_remembered_are_told_as_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = SqliteStore::open(folder.path(), Epoch(1)).expect("a store");
    let newer = serde_json::json!({"redact": true, "rules-version": 99, "networks": ["10.0.0.0/8"]});
    assert!(store.replace_secret(RULES, None, newer.to_string().into_bytes()).await.expect("an answer"));
    let change = changed_rules(&store, &rules("pin")).await.expect("an answer").expect("a change");
    assert_eq!(change["old"], newer);
}
