//! A dry run counts the rows that an adoption would fail at, and names one of them for each reason.

use super::{
    adopt::{application, pending},
    adopt_dry_run::pending_without,
    try_to_open,
};
use private_postgres::Database;

/// What a dry run is refused with.
async fn refusal(database: &Database) -> String {
    pending(database).await.expect_err("a refusal").to_string()
}

/// The ids of rows, in their order.
fn ids(database: &Database, condition: &str) -> Vec<String> {
    let ids = database.psql(&format!("SELECT id FROM activity_logs WHERE {condition} ORDER BY id::text"));
    ids.lines().map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_rule_is_named_with_the_number_of_rows_that_break_it_and_one_of_them() {
    let database = application(&[
        "ALTER TABLE activity_logs ALTER user_id DROP NOT NULL, ADD CONSTRAINT named CHECK (user_id::text <> ''),
           ADD CONSTRAINT divided CHECK (1 / length(user_id::text) >= 0),
           ADD CONSTRAINT kinds CHECK (resource_type NOT LIKE '%:%'), ADD CONSTRAINT positive CHECK (status_code > 0);
         UPDATE activity_logs SET user_id = NULL WHERE (details->>'n')::int BETWEEN 1001 AND 1300;
         UPDATE activity_logs SET resource_type = 'livetrail' WHERE details->>'n' = '4999';",
    ]);
    let said = refusal(&database).await;
    let (nulls, kinds) = (ids(&database, "user_id IS NULL"), ids(&database, "resource_type = 'livetrail'"));
    let nulls = format!("300 rows (such as id {})", nulls[0]);
    for line in [
        format!("\n  named: {nulls} would break the check. "),
        format!("\n  divided: {nulls} would break the check (division by zero [22012]). "),
        format!("\n  kinds: 1 row (id {}) would break the check. ", kinds[0]),
        "Change these rows, or do without the check".into(),
    ] {
        assert!(said.contains(&line), "{line}: {said}");
    }
    assert!(!said.contains("positive"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_cannot_be_copied_are_counted_by_their_errors_beside_the_rules_that_others_break() {
    let database = application(&[
        "ALTER TABLE activity_logs ALTER user_id DROP NOT NULL, ADD CONSTRAINT named CHECK (user_id::text <> ''),
           ADD COLUMN share INTEGER GENERATED ALWAYS AS (1 / (resource_type NOT LIKE '%:%')::int) STORED,
           ADD COLUMN page INTEGER DEFAULT 1, ADD COLUMN one INTEGER DEFAULT 1;
         UPDATE activity_logs SET resource_type = 'livetrail' WHERE (details->>'n')::int IN (7, 3000, 4999);
         UPDATE activity_logs SET user_id = NULL WHERE (details->>'n')::int IN (8, 9);",
    ]);
    let said = refusal(&database).await;
    let (refused, nulls) = (ids(&database, "resource_type = 'livetrail'"), ids(&database, "user_id IS NULL"));
    let refused =
        format!("\n  rows: 3 rows (such as id {}) cannot be copied: division by zero [22012]", refused[0]);
    let named = format!("\n  named: 2 rows (such as id {}) would break the check. ", nulls[0]);
    assert!(said.contains(&refused) && said.contains(&named), "{said}");
    let accepted = pending_without(&database, &["named"]).await.expect_err("a refusal").to_string();
    assert!(accepted.contains(&refused) && !accepted.contains("named:"), "{accepted}");
    let unknown = pending_without(&database, &["rows"]).await.expect_err("a refusal").to_string();
    assert!(unknown.contains(&refused), "{unknown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_break_a_foreign_key_are_found_before_anything_is_made() {
    let database = application(&[
        "CREATE TABLE parties (country TEXT, id INTEGER, PRIMARY KEY (country, id)); INSERT INTO parties VALUES ('in', 1);
         CREATE TABLE teams (id BIGINT PRIMARY KEY); INSERT INTO teams VALUES (1);
         ALTER TABLE activity_logs ADD COLUMN \"a country\" TEXT, ADD COLUMN party INTEGER, ADD COLUMN team INTEGER,
           ADD CONSTRAINT of_party FOREIGN KEY (\"a country\", party) REFERENCES parties MATCH FULL,
           ADD CONSTRAINT of_team FOREIGN KEY (team) REFERENCES teams ON DELETE RESTRICT;
         UPDATE activity_logs SET \"a country\" = 'in', party = 1, team = 1 WHERE (details->>'n')::int < 100;
         SET session_replication_role = replica;
         DELETE FROM parties; INSERT INTO parties VALUES ('in', 2);
         UPDATE activity_logs SET \"a country\" = 'in', party = 2 WHERE (details->>'n')::int BETWEEN 50 AND 199;
         UPDATE activity_logs SET \"a country\" = NULL WHERE details->>'n' = '199';
         UPDATE activity_logs SET team = 7 WHERE details->>'n' = '200';",
    ]);
    let said = refusal(&database).await;
    let parties = ids(&database, "party = 1 OR (party = 2 AND \"a country\" IS NULL)");
    let teams = ids(&database, "team = 7");
    let way = "Add the rows that they refer to, or change these rows, or do without the foreign key";
    for line in [
        format!(
            "\n  of_party: {} rows (such as id {}) would break the foreign key. {way}",
            parties.len(),
            parties[0]
        ),
        format!("\n  of_team: 1 row (id {}) would break the foreign key. {way}", teams[0]),
    ] {
        assert!(said.contains(&line), "{line}: {said}");
    }
    let migrated = try_to_open(&database.url()).await.err().expect("a refusal").to_string();
    assert!(migrated.contains("\n  of_party: ") && migrated.contains("\n  of_team: "), "{migrated}");
    assert_eq!(database.psql("SELECT count(*) FROM pg_class WHERE relname LIKE 'livetrail%'"), "0\n");
    pending_without(&database, &["of_party", "of_team"]).await.expect("a plan");
    database.psql("UPDATE activity_logs SET \"a country\" = NULL, party = NULL, team = NULL");
    drop(try_to_open(&database.url()).await.expect("it is adopted"));
}
