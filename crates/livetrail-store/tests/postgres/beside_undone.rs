//! A role with the rights that a log beside a table needs can change that log, and take it back.

use super::{activity, beside::table, small};
use livetrail_store::{
    AdoptionChoices, Log, PostgresAddress, PostgresOptions, PostgresStore, TableOptions, Undone,
};
use livetrail_types::Epoch;

async fn open(address: &PostgresAddress, table: TableOptions) -> PostgresStore {
    let adoption = AdoptionChoices { beside: Some(table), ..AdoptionChoices::default() };
    let options = PostgresOptions { adoption, ..small() };
    PostgresStore::open(address.clone(), options, Epoch(1)).await.expect("a log")
}

/// Undoes it, once the sessions of a store that was dropped have ended.
async fn undo(address: &PostgresAddress) -> Undone {
    let undoing = async {
        loop {
            match PostgresStore::undo_adoption(address.clone(), &[]).await {
                Err(error) if error.to_string().contains("stop its servers first") => {}
                undone => return undone.expect("it is undone"),
            }
        }
    };
    tokio::time::timeout(super::TIMEOUT, undoing).await.expect("the sessions of the store end")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_does_not_own_the_table_changes_the_log_and_takes_it_back() {
    let database = private_postgres::database();
    let role = format!("lt_{}", database.name());
    database.psql(&format!(
        "CREATE SCHEMA \"Shop\"; CREATE TABLE \"Shop\".audit (id SERIAL PRIMARY KEY, user_id TEXT, action TEXT, created_at TIMESTAMPTZ DEFAULT now(), fine TEXT);
         INSERT INTO \"Shop\".audit (user_id, action, fine) VALUES ('u1', 'pay', 'yes'), ('u2', 'pay', 'no');
         CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA \"Shop\" TO {role}; GRANT SELECT, TRIGGER ON \"Shop\".audit TO {role};
         GRANT CREATE ON DATABASE \"{}\" TO {role}",
        database.name()
    ));
    let described = || database.psql("\\d \"Shop\".audit");
    let before = described();
    let address: PostgresAddress =
        database.url().replace("postgres@", &format!("{role}@")).parse().expect("an address");
    for _ in 1..=2 {
        drop(open(&address, table("\"Shop\".audit", &[])).await);
        let store = open(&address, table("\"Shop\".audit", &[("success", "fine")])).await;
        database.psql("INSERT INTO \"Shop\".audit (user_id, action, fine) VALUES ('u3', 'pay', 'no')");
        let failed = "SELECT count(*) FROM livetrail.activity_logs WHERE user_id = 'u3' AND NOT success";
        assert_eq!(database.psql(failed), "1\n", "the mapping was changed");
        store.append(vec![activity(1)]).await.expect("an append");
        drop(store);
        let kept_in = Some("livetrail_kept".to_owned());
        let undone = Undone { refused: 1, was_beside: true, kept_in, ..Undone::default() };
        assert_eq!(undo(&address).await, undone);
        assert_eq!(described(), before);
        database.psql("INSERT INTO \"Shop\".audit (user_id, action, fine) VALUES ('u4', 'pay', 'no')");
    }
    let left = "SELECT (SELECT count(*) FROM livetrail_kept.activity_logs_not_returned),
           (SELECT count(*) FROM livetrail_kept.activity_logs_not_returned_1), to_regnamespace('livetrail') IS NULL";
    assert_eq!(database.psql(left), "1|1|t\n");
    database.psql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}
