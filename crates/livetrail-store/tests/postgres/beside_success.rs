//! Whether an action was successful, in a table that has another column for it.

use super::{
    append,
    beside::{dry_run, imported, open_beside, table},
    everything, reaches,
};
use private_postgres::Database;

fn application(status: &str, rows: &str) -> Database {
    let database = private_postgres::database();
    database.psql(&format!(
        "CREATE TYPE outcomes AS ENUM ('Success', 'failure');
         CREATE TABLE audit (id SERIAL PRIMARY KEY, user_id TEXT, action TEXT, created_at TIMESTAMPTZ DEFAULT now(), {status});
         INSERT INTO audit (user_id, action, status) VALUES {rows}"
    ));
    database
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_status_of_which_every_value_says_it_is_read_as_success() {
    for (status, rows) in [
        (
            "status TEXT DEFAULT 'success'",
            "('u1', 'login', 'success'), ('u2', 'login', 'Failed'), ('u3', 'login', NULL)",
        ),
        ("status outcomes", "('u1', 'login', 'Success'), ('u2', 'login', 'failure'), ('u3', 'login', NULL)"),
        ("status BOOLEAN", "('u1', 'login', TRUE), ('u2', 'login', FALSE), ('u3', 'login', NULL)"),
    ] {
        let database = application(status, rows);
        let options = table("audit", &[]);
        let plan = dry_run(&database, options.clone()).await.expect("a plan").concat();
        assert!(plan.contains("success=status") && !plan.contains("no column says"), "{plan}");
        let is_wanted = |activities: Vec<livetrail_types::Activity>| {
            activities.iter().all(|one| one.success == (one.user_id != "u2"))
        };
        assert!(is_wanted(imported(&database, options.clone()).await), "{status}");
        let store = open_beside(&database, options).await.expect("a log");
        assert!(is_wanted(everything(&store).await), "{status}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_status_that_does_not_say_it_is_named_and_so_is_another_reading_of_rows_that_are_there() {
    for (rows, words) in [
        ("('u1', 'pay', 'pending'), ('u2', 'pay', 'failed')", "it has values such as pending"),
        ("('u1', 'pay', NULL)", "it has no values yet"),
    ] {
        let database = application("status TEXT", rows);
        let plan = dry_run(&database, table("audit", &[])).await.expect("a plan").concat();
        for words in
            ["no column says whether an activity was successful (status", words, "so each of them was"]
        {
            assert!(plan.contains(words), "{plan}");
        }
    }
    let database = application("status TEXT", "('u1', 'pay', 'pending'), ('u2', 'pay', 'failed')");
    let store = open_beside(&database, table("audit", &[])).await.expect("a log");
    append(&store, 1..=1).await;
    drop(store);
    let chosen = table("audit", &[("success", "status")]);
    let plan = dry_run(&database, chosen.clone()).await.expect("a plan").concat();
    let words = "the rows that the log has stay as they were read, which was so: action_type=action, timestamp=created_at";
    assert!(plan.contains(words) && plan.contains("livetrail migrate --undo"), "{plan}");
    let store = open_beside(&database, chosen.clone()).await.expect("a log");
    database.psql("INSERT INTO audit (user_id, action, status) VALUES ('u3', 'pay', 'failed')");
    reaches(&store, 4).await;
    let failed: Vec<_> = everything(&store).await.into_iter().filter(|one| !one.success).collect();
    assert!(failed.len() == 1 && failed[0].user_id == "u3", "{failed:?}");
    let again = dry_run(&database, chosen).await.expect("a plan").concat();
    assert!(!again.contains("stay as they were read"), "{again}");
}
