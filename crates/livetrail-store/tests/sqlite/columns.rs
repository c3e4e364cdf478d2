//! The order of the log's columns: short ones first in a log without rows, and as they were in one that has rows.

use super::{activity, append, open, positions, temporary};
use livetrail_store::Log;
use rusqlite::Connection;
use std::path::Path;

/// The steps of a version before the new order.
const BEFORE: [&str; 6] = [
    include_str!("../../migrations/sqlite/0001_log.sql"),
    include_str!("../../migrations/sqlite/0003_access.sql"),
    include_str!("../../migrations/sqlite/0004_sessions.sql"),
    include_str!("../../migrations/sqlite/0005_tenant_admins.sql"),
    include_str!("../../migrations/sqlite/0009_delegate.sql"),
    include_str!("../../migrations/sqlite/0010_retention.sql"),
];

/// A log of an earlier version, with these rows.
fn of_earlier_version(folder: &Path, rows: &str) {
    let connection = Connection::open(folder.join("livetrail.db")).expect("a database");
    connection.execute_batch(&BEFORE.concat()).expect("an older schema");
    connection.pragma_update(None, "application_id", 0x4c56_5452).expect("an application");
    connection.pragma_update(None, "user_version", BEFORE.len()).expect("a version");
    connection.execute_batch(rows).expect("rows");
}

fn columns(folder: &Path) -> Vec<String> {
    let connection = Connection::open(folder.join("livetrail.db")).expect("a database");
    let mut statement =
        connection.prepare("SELECT name FROM pragma_table_info('activities')").expect("a pragma");
    let names = statement.query_map([], |row| row.get(0)).expect("columns");
    names.collect::<rusqlite::Result<_>>().expect("names")
}

#[tokio::test]
async fn long_texts_are_the_last_columns_of_a_new_log_and_of_an_older_one_without_rows() {
    for older in [false, true] {
        let folder = temporary();
        if older {
            of_earlier_version(folder.path(), "");
        }
        let store = open(folder.path());
        append(&store, 1..=3).await;
        drop(store);
        let columns = columns(folder.path());
        assert_eq!(columns[columns.len() - 3..], ["error_message", "details", "changes"]);
        assert_eq!(positions(&open(folder.path())).await, [1, 2, 3]);
    }
}

#[tokio::test]
async fn a_log_with_rows_keeps_its_columns_and_answers_as_before() {
    let folder = temporary();
    of_earlier_version(
        folder.path(),
        r#"INSERT INTO terms VALUES (1, 1, 'u-1'), (2, 2, 'user_login');
           INSERT INTO activities (position, id, occurred, created, adjusted, user, action, success, is_admin, details, trace_id)
           VALUES (1, x'0198c0de7a3b70008000000000000001', 7, 7, 0, 1, 2, 1, 0, '{"a":1}', 't-1')"#,
    );
    let before = columns(folder.path());
    let store = open(folder.path());
    append(&store, 2..=3).await;
    let (first, _) = store.get(activity(1).activity.id, None).await.expect("an answer").expect("an activity");
    assert_eq!((first.position, first.trace_id.as_deref()), (1, Some("t-1")));
    assert_eq!(first.details.expect("details").as_str(), r#"{"a":1}"#);
    assert_eq!(positions(&store).await, [1, 2, 3]);
    drop(store);
    assert_eq!(columns(folder.path()), before);
    assert_ne!(before.last().map(String::as_str), Some("changes"));
}
