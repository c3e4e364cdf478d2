//! Names of users that other processes write in the ways of SQLite.

use super::{Folder, open};
use livetrail_store::{Directory, conformance::Fixture};

#[tokio::test]
async fn a_name_that_replaces_another_one_is_found_at_once() {
    let folder = Folder::new();
    let store = open(folder.folder.path());
    let named = async |needle: &str| {
        let mut users = store.users_named(needle).await.expect("users");
        users.sort();
        users.into_iter().map(|(_, user)| user).collect::<Vec<_>>()
    };
    for (sql, ada, grace) in [
        (
            "REPLACE INTO livetrail_users (tenant, user_id, email) VALUES ('', 'u-1', 'ada@')",
            vec!["u-1"],
            vec![],
        ),
        (
            "REPLACE INTO livetrail_users (tenant, user_id, email) VALUES ('', 'u-1', 'grace@')",
            vec![],
            vec!["u-1"],
        ),
        (
            "INSERT INTO livetrail_users (tenant, user_id, email) VALUES ('', 'u-2', 'ada@')",
            vec!["u-2"],
            vec!["u-1"],
        ),
        ("UPDATE OR REPLACE livetrail_users SET user_id = 'u-1' WHERE user_id = 'u-2'", vec!["u-1"], vec![]),
    ] {
        folder.run_sql(sql).await;
        assert_eq!((named("ada").await, named("grace").await), (owned(&ada), owned(&grace)), "{sql}");
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
