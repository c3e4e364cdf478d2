//! What an enum protects goes on to be protected, and its name may be any.

use super::{
    activity,
    adopt::{application, pending},
    adopt_decided::{open_with, undo},
    adopt_dry_run::pending_without,
    open, reaches, try_to_open,
};
use livetrail_store::{AdoptionChoices, Log};

const TYPE: &str = "\"a$livetrail$b's $sequence$\"";

fn insert(verb: &str) -> String {
    format!(
        "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success, number)
           VALUES ('00000000-0000-4000-8000-000000000003', 'a', '/', {verb}, 200, TRUE, DEFAULT)"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_labels_are_inserted_by_the_application_and_any_text_by_the_api() {
    let database = application(&[&format!(
        "CREATE TYPE {TYPE} AS ENUM ('GET', 'POST'); CREATE FUNCTION takes({TYPE}) RETURNS TEXT LANGUAGE sql AS 'SELECT $1::text';
         ALTER TABLE activity_logs ALTER http_method DROP NOT NULL, ALTER http_method TYPE {TYPE} USING 'GET'::{TYPE},
           ADD COLUMN \"$sequence$ '%\" INTEGER GENERATED ALWAYS AS IDENTITY, ADD COLUMN number SERIAL,
           ADD CONSTRAINT \"$livetrail$\" CHECK (endpoint <> '$livetrail$');"
    )]);
    let refused =
        |verb: &str| database.cluster().try_psql(database.name(), &insert(verb)).err().unwrap_or_default();
    let before = refused("'DELETE'");
    assert!(before.contains("invalid input value for enum"), "{before}");
    let plan = pending(&database).await.expect("a plan").join("\n");
    assert!(plan.contains("and no other texts, can be inserted by SQL"), "{plan}");
    assert!(plan.contains("the labels of http_method"), "{plan}");
    for round in 1..=2 {
        let store = open(&database.url()).await;
        assert!(refused("'DELETE'").contains("invalid input value for enum"), "{}", refused("'DELETE'"));
        // A label is known from the next statement on, as before.
        database
            .psql(&format!("BEGIN; ALTER TYPE {TYPE} ADD VALUE 'HEAD{round}'; {}; COMMIT", insert("'POST'")));
        for verb in ["NULL".to_owned(), format!("'HEAD{round}'"), format!("'POST'::{TYPE}")] {
            assert_eq!(refused(&verb), "", "{verb}");
        }
        let mut of_the_api = activity(round);
        of_the_api.activity.http_method = Some("QUERY".into());
        store.append(vec![of_the_api]).await.expect("an append");
        reaches(&store, 5_000 + 4 * round + 1).await;
        drop(store);
        undo(&database).await;
        assert!(refused("'DELETE'").contains("invalid input value for enum"));
    }
    pending_without(&database, &["http_method_label"]).await.expect("a plan");
    let choices = AdoptionChoices { without: vec!["http_method_label".into()], ..AdoptionChoices::default() };
    drop(open_with(&database, choices).await.expect("it is adopted"));
    assert_eq!(refused("'DELETE'"), "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generated_column_that_livetrail_writes_is_named_as_such() {
    let database = application(&[
        "ALTER TABLE activity_logs DROP COLUMN success;
         ALTER TABLE activity_logs ADD COLUMN success BOOLEAN GENERATED ALWAYS AS (status_code < 400) STORED",
    ]);
    let refusal = try_to_open(&database.url()).await.err().expect("a refusal").to_string();
    assert!(refusal.contains("its column success is generated, and Livetrail has to write it"), "{refusal}");
    assert!(refusal.contains("livetrail migrate --beside"), "{refusal}");
}
