//! What other roles own around the table is named all at once, with the role to connect as.

use super::{adopt::application, everything, small};
use livetrail_store::{AdoptionChoices, PostgresAddress, PostgresOptions, PostgresStore, Result};
use livetrail_types::Epoch;

fn choices(without: &[&str]) -> AdoptionChoices {
    AdoptionChoices {
        without: without.iter().map(|&name| name.to_owned()).collect(),
        ..AdoptionChoices::default()
    }
}

async fn pending(address: &PostgresAddress, without: &[&str]) -> Result<String> {
    let plan = PostgresStore::pending_migrations(address.clone(), &choices(without), true).await?;
    Ok(plan.join("\n"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn views_publications_and_keys_of_other_roles_are_named_with_these_roles() {
    let database = application(&[
        "CREATE VIEW appv AS SELECT id FROM activity_logs; CREATE VIEW own AS SELECT id FROM activity_logs;
         CREATE SCHEMA closed; CREATE VIEW closed.inside AS SELECT id FROM activity_logs;
         CREATE PUBLICATION pp FOR TABLE activity_logs WITH (publish_via_partition_root);
         CREATE TABLE notes (log UUID CONSTRAINT note_of REFERENCES activity_logs);",
    ]);
    let (owner, other) = (format!("owner_{}", database.name()), format!("other_{}", database.name()));
    database.psql(&format!(
        "CREATE ROLE {owner} LOGIN; CREATE ROLE {other}; GRANT CREATE ON SCHEMA public TO {owner};
         ALTER TABLE activity_logs OWNER TO {owner}; ALTER VIEW own OWNER TO {owner}; ALTER VIEW appv OWNER TO {other};
         ALTER TABLE notes OWNER TO {other}; ALTER VIEW closed.inside OWNER TO {owner}; GRANT USAGE ON SCHEMA closed TO {owner}"
    ));
    let address: PostgresAddress =
        database.url().replace("postgres@", &format!("{owner}@")).parse().expect("an address");
    let refusal = pending(&address, &["pp"]).await.expect_err("a refusal").to_string();
    assert!(!refusal.contains("\n  pp: ") && !refusal.contains("\n  own: "), "{refusal}");
    let refusal = pending(&address, &[]).await.expect_err("a refusal").to_string();
    for line in [
        format!("\n  appv: it would go on reading the old table: it belongs to {other}: connect as a member of that role"),
        "\n  inside: it would go on reading the old table: it is in the schema closed, where this user may make nothing".into(),
        "\n  pp: it belongs to postgres and would go on with the old table".into(),
        format!("and the table belongs to {other}: connect as a member of that role"),
    ] {
        assert!(refusal.contains(&line), "{line}: {refusal}");
    }
    let without = ["appv", "inside", "pp"];
    let refusal = pending(&address, &[&without[..], &["note_of"]].concat()).await.expect_err("a refusal");
    assert!(refusal.to_string().contains("\n  note_of: "), "no decision makes up for it: {refusal}");

    database.psql("DROP TABLE notes");
    pending(&address, &without).await.expect("a plan");
    let options = PostgresOptions { adoption: choices(&without), ..small() };
    let store = PostgresStore::open(address, options, Epoch(1)).await.expect("it is adopted");
    assert_eq!(everything(&store).await.len(), 5_000);
    let reads = "SELECT string_agg(tablename, ', ') FROM pg_publication_tables WHERE pubname = 'pp';
         SELECT DISTINCT table_name FROM information_schema.view_table_usage WHERE view_name = 'appv'";
    assert_eq!(database.psql(reads), "activity_logs_before_livetrail\nactivity_logs_before_livetrail\n");
    drop(store);
    database.psql(&format!("DROP OWNED BY {owner}, {other} CASCADE; DROP ROLE {owner}, {other}"));
}
