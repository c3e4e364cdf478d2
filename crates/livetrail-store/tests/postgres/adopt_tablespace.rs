//! The log is on the disk that the application's table is on.

use super::{
    adopt::{application, pending},
    adopt_decided::{open_with, undo},
    adopt_dry_run::pending_without,
    append, try_to_open,
};
use livetrail_store::AdoptionChoices;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn partitions_and_indexes_are_in_the_tablespaces_of_the_table_and_its_indexes() {
    let database = application(&["CREATE INDEX by_agent ON activity_logs (user_agent)"]);
    let (big, fast) = (format!("big {}", database.name()), format!("fast_{}", database.name()));
    for name in [&big, &fast] {
        database
            .psql(&format!("SET allow_in_place_tablespaces = on;\nCREATE TABLESPACE \"{name}\" LOCATION ''"));
    }
    database.psql(&format!(
        "ALTER TABLE activity_logs SET TABLESPACE \"{big}\"; CREATE INDEX of_failed ON activity_logs (lower(endpoint)) TABLESPACE {fast} WHERE NOT success;
         ALTER INDEX by_agent SET TABLESPACE {fast}"
    ));
    let places = |kinds: &str| {
        database.psql(&format!(
            "SELECT string_agg(DISTINCT coalesce(spcname, 'default'), ', ') FROM pg_class LEFT JOIN pg_tablespace ON pg_tablespace.oid = reltablespace
             WHERE {kinds}"
        ))
    };
    let (tables, indexes) = (
        "relkind IN ('r', 'p') AND (relname = 'activity_logs' OR relname LIKE 'activity\\_logs\\_from%' OR relname = 'activity_logs_incoming')",
        "pg_class.oid IN (SELECT relid FROM pg_partition_tree('by_agent') UNION SELECT relid FROM pg_partition_tree('of_failed'))",
    );
    let plan = pending(&database).await.expect("a plan").join("\n");
    assert!(plan.contains(&format!("the tablespace {big}")), "{plan}");
    for _ in 0..2 {
        let store = try_to_open(&database.url()).await.expect("it is adopted");
        append(&store, 1..=200).await;
        drop(store);
        assert_eq!(places(tables), format!("{big}\n"));
        assert_eq!(places(indexes), format!("{fast}\n"));
        undo(&database).await;
        assert_eq!(places(tables), format!("{big}\n"));
    }
    pending_without(&database, &[&big]).await.expect("a plan");
    let choices = AdoptionChoices { without: vec![big.clone()], ..AdoptionChoices::default() };
    drop(open_with(&database, choices).await.expect("it is adopted"));
    assert_eq!(places(tables), "default\n");
    database.psql("DROP TABLE activity_logs, activity_logs_before_livetrail, activity_logs_not_returned, activity_logs_not_returned_1 CASCADE");
    for name in [&big, &fast] {
        database.psql(&format!("DROP TABLESPACE \"{name}\""));
    }
}
