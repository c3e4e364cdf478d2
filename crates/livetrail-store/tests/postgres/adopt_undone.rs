//! What an undo keeps, refuses to lose, and shows to no other role.

use super::{adopt::application, adopt_decided::undo, append, client, open, open_with};
use crate::until::until;
use livetrail_store::Undone;
use private_postgres::Database;

/// A role that default privileges let read every new table.
fn reader(database: &Database) -> String {
    let role = format!("reader_{}", database.name());
    database.psql(&format!(
        "CREATE ROLE {role}; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {role};
         ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC; GRANT SELECT ON activity_logs TO {role};
         CREATE POLICY none_of_it ON activity_logs TO {role} USING (FALSE); ALTER TABLE activity_logs ENABLE ROW LEVEL SECURITY;"
    ));
    role
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_role_reads_rows_beside_the_table_that_it_cannot_read_in_the_table() {
    let database = application(&[]);
    let role = reader(&database);
    let session = client(&database.url()).await;
    session.batch_execute("BEGIN; SELECT FROM activity_logs LIMIT 1").await.expect("a transaction");
    let url = database.url();
    // The tables cannot change their names while the session reads.
    let adopting = tokio::spawn(async move { open_with(&url, 20_000).await });
    let is_made = "SELECT to_regclass('livetrail_adopting') IS NOT NULL";
    until(async || session.query_one(is_made, &[]).await.expect("an answer").get::<_, bool>(0)).await;
    let may_read = format!(
        "SELECT coalesce(string_agg(relname, ', '), 'none') FROM pg_class WHERE relname LIKE 'livetrail\\_adopt%' AND relkind IN ('r', 'p')
           AND has_table_privilege('{role}', oid, 'SELECT')"
    );
    assert_eq!(session.query_one(&may_read, &[]).await.expect("an answer").get::<_, String>(0), "none");
    session.batch_execute("COMMIT").await.expect("a commit");
    let store = adopting.await.expect("no panic");
    assert_eq!(append(&store, 1..=3).await.len(), 3);
    drop(store);

    assert_eq!(undo(&database).await, Undone { refused: 3, ..Undone::default() });
    let refused = database.cluster().try_psql(
        database.name(),
        &format!("SET ROLE {role}; SELECT count(*) FROM activity_logs_not_returned"),
    );
    assert!(refused.as_ref().is_err_and(|reason| reason.contains("permission denied")), "{refused:?}");
    let guarded = "SELECT relrowsecurity FROM pg_class WHERE oid = 'activity_logs_not_returned'::regclass";
    assert_eq!(database.psql(guarded), "t\n");
    database.psql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_undo_keeps_the_rows_that_the_first_did_not_return() {
    let database = application(&[]);
    for (round, numbers) in [1..=2, 3..=5, 6..=6].into_iter().enumerate() {
        let refused = numbers.clone().count() as u64;
        let store = open(&database.url()).await;
        append(&store, numbers).await;
        drop(store);
        assert_eq!(undo(&database).await, Undone { refused, ..Undone::default() });
        database.psql(&format!("ALTER TABLE activity_logs ADD COLUMN org_{round} TEXT"));
    }
    let kept = "SELECT (SELECT count(*) FROM activity_logs_not_returned), (SELECT count(*) FROM activity_logs_not_returned_1),
           (SELECT count(*) FROM activity_logs_not_returned_2)";
    assert_eq!(database.psql(kept), "1|2|3\n");
}
