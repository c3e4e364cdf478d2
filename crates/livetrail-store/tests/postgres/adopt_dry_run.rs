//! A dry run finds what a migration would fail at, and says what changes for the application.

use super::{
    adopt::{application, pending},
    client, try_to_open,
};
use crate::until::until;
use livetrail_store::{ActivityTable, AdoptionChoices, PostgresStore, TableOptions};
use private_postgres::Database;

pub(super) async fn pending_without(
    database: &Database,
    names: &[&str],
) -> livetrail_store::Result<Vec<String>> {
    let without = names.iter().map(|&name| name.to_owned()).collect();
    let choices = AdoptionChoices { without, ..AdoptionChoices::default() };
    PostgresStore::pending_migrations(database.url().parse().expect("an address"), &choices, true).await
}

/// More than 16 MB, which a dry run copies in two parts.
const TWO_PARTS: &str =
    "ALTER TABLE activity_logs SET (fillfactor = 10); CLUSTER activity_logs USING activity_logs_pkey;";
const LAST_ROW_BREAKS: &str =
    "UPDATE activity_logs SET resource_type = 'livetrail' WHERE ctid = (SELECT max(ctid) FROM activity_logs);
     ALTER TABLE activity_logs ADD CONSTRAINT at_end CHECK (resource_type NOT LIKE '%:%')";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_breaks_a_rule_once_it_is_copied_is_found_before_anything_is_made() {
    for (change, rule) in [
        (
            "ALTER TABLE activity_logs ALTER user_id DROP NOT NULL, ADD CONSTRAINT named CHECK (user_id::text <> '');
             UPDATE activity_logs SET user_id = NULL WHERE details->>'n' = '4999'",
            "named",
        ),
        (
            "UPDATE activity_logs SET resource_type = 'livetrail' WHERE details->>'n' = '4999';
             ALTER TABLE activity_logs ADD CONSTRAINT kinds CHECK (resource_type NOT LIKE '%:%')",
            "kinds",
        ),
        // A generated column is computed of what is copied.
        (
            "UPDATE activity_logs SET resource_type = 'livetrail' WHERE details->>'n' = '4999';
             ALTER TABLE activity_logs ADD COLUMN share INTEGER GENERATED ALWAYS AS (1 / (resource_type NOT LIKE '%:%')::int) STORED",
            "",
        ),
        // The table is copied in two parts.
        (&*format!("{TWO_PARTS}{LAST_ROW_BREAKS}"), "at_end"),
    ] {
        let database = application(&[]);
        database.psql(change);
        if rule == "at_end" {
            let pages = "SELECT pg_relation_size('activity_logs') / 8192 > 2100";
            assert_eq!(database.psql(pages), "t\n");
        }
        let refusal = pending(&database).await.expect_err("a refusal").to_string();
        let migrated = try_to_open(&database.url()).await.err().expect("a refusal").to_string();
        let named = if rule.is_empty() { "rows" } else { rule };
        let broken = "SELECT id FROM activity_logs WHERE user_id IS NULL OR resource_type = 'livetrail'";
        let example = format!("\n  {named}: 1 row (id {})", database.psql(broken).trim());
        for said in [&refusal, &migrated] {
            assert!(said.contains(&example), "{example}: {said}");
        }
        let accepted = pending_without(&database, &[named]).await;
        assert_eq!(accepted.is_ok(), !rule.is_empty(), "{accepted:?}");
        assert_eq!(database.psql("SELECT count(*) FROM pg_class WHERE relname LIKE 'livetrail%'"), "0\n");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_rules_that_rows_break_are_named_at_once() {
    let database = application(&[
        TWO_PARTS,
        "ALTER TABLE activity_logs ALTER user_id DROP NOT NULL, ADD COLUMN ticket TEXT UNIQUE,
           ADD CONSTRAINT named CHECK (user_id::text <> ''), ADD CONSTRAINT kinds CHECK (resource_type NOT LIKE '%:%'),
           -- Its error does not name it.
           ADD CONSTRAINT \"divided by\" CHECK (1 / length(user_id::text) >= 0),
           ADD CONSTRAINT positive CHECK (status_code > 0);
         UPDATE activity_logs SET user_id = NULL WHERE ctid = (SELECT min(ctid) FROM activity_logs);
         UPDATE activity_logs SET resource_type = 'livetrail' WHERE ctid = (SELECT max(ctid) FROM activity_logs);",
    ]);
    let rules = ["divided by", "kinds", "named"];
    let refusal = pending(&database).await.expect_err("a refusal").to_string();
    for name in rules.into_iter().chain(["activity_logs_ticket_key"]) {
        assert!(refusal.contains(&format!("\n  {name}: ")), "{name}: {refusal}");
    }
    assert!(!refusal.contains("positive") && refusal.contains("external:livetrail"), "{refusal}");

    database.psql("ALTER TABLE activity_logs DROP COLUMN ticket");
    let migrated = try_to_open(&database.url()).await.err().expect("a refusal").to_string();
    for name in rules {
        assert!(migrated.contains(&format!("\n  {name}: ")), "{name}: {migrated}");
    }
    assert_eq!(database.psql("SELECT count(*) FROM pg_class WHERE relname LIKE 'livetrail%'"), "0\n");
    let other = pending_without(&database, &rules[1..]).await.expect_err("a refusal").to_string();
    assert!(other.contains("\n  divided by: ") && !other.contains("\n  named"), "{other}");
    let plan = pending_without(&database, &rules).await.expect("a plan").join("\n");
    assert!(plan.contains("the check positive") && !plan.contains("the check named"), "{plan}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ddl_of_the_application_waits_for_a_part_of_a_dry_run_and_not_for_its_end() {
    let database = application(&[
        TWO_PARTS,
        "CREATE FUNCTION slow(INTEGER) RETURNS BOOLEAN IMMUTABLE LANGUAGE plpgsql AS
           'BEGIN PERFORM pg_advisory_xact_lock_shared(7); RETURN TRUE; END';
         ALTER TABLE activity_logs ADD CONSTRAINT slow CHECK (slow(status_code));",
    ]);
    let (holder, session) = (client(&database.url()).await, client(&database.url()).await);
    holder.batch_execute("SELECT pg_advisory_lock(7)").await.expect("a lock");
    let address = database.url().parse().expect("an address");
    let dry_run = tokio::spawn(async move {
        PostgresStore::pending_migrations(address, &AdoptionChoices::default(), true).await
    });
    let is_waiting = async |wait: &str| {
        let sql = format!(
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND {wait}"
        );
        holder.query_one(&sql, &[]).await.expect("an answer").get::<_, bool>(0)
    };
    until(async || is_waiting("wait_event = 'advisory'").await).await;
    let ddl = tokio::spawn(async move {
        session.batch_execute("ALTER TABLE activity_logs ADD COLUMN later TEXT").await
    });
    until(async || is_waiting("wait_event = 'relation' AND query LIKE 'ALTER%later%'").await).await;
    holder.batch_execute("SELECT pg_advisory_unlock(7)").await.expect("a lock");
    ddl.await.expect("no panic").expect("the column is added");
    let refusal = dry_run.await.expect("no panic").expect_err("a refusal").to_string();
    assert!(refusal.contains("it was changed while its rows were read"), "{refusal}");
    pending(&database).await.expect("a plan");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ddl_of_the_application_waits_for_a_part_of_a_dry_run_beside_the_table_too() {
    let database = application(&[
        "CREATE TYPE kind AS ENUM ('slow');
         CREATE FUNCTION slow(kind) RETURNS JSON LANGUAGE plpgsql AS
           'BEGIN PERFORM pg_advisory_xact_lock_shared(7); RETURN ''1''; END';
         CREATE CAST (kind AS json) WITH FUNCTION slow(kind);
         ALTER TABLE activity_logs ADD COLUMN kind kind DEFAULT 'slow';",
        TWO_PARTS,
    ]);
    let (holder, session) = (client(&database.url()).await, client(&database.url()).await);
    holder.batch_execute("SELECT pg_advisory_lock(7)").await.expect("a lock");
    let address = database.url().parse().expect("an address");
    let choices = AdoptionChoices { beside: Some(TableOptions::default()), ..AdoptionChoices::default() };
    let dry_run =
        tokio::spawn(async move { PostgresStore::pending_migrations(address, &choices, true).await });
    let is_waiting = async |wait: &str| {
        let sql = format!(
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND {wait}"
        );
        holder.query_one(&sql, &[]).await.expect("an answer").get::<_, bool>(0)
    };
    until(async || is_waiting("wait_event = 'advisory'").await).await;
    let ddl =
        tokio::spawn(
            async move { session.batch_execute("ALTER TABLE activity_logs RENAME TO archived").await },
        );
    until(async || is_waiting("wait_event = 'relation' AND query LIKE 'ALTER%archived'").await).await;
    holder.batch_execute("SELECT pg_advisory_unlock(7)").await.expect("a lock");
    ddl.await.expect("no panic").expect("the table is renamed");
    let refusal = dry_run.await.expect("no panic").expect_err("a refusal").to_string();
    assert!(refusal.contains("\"public.activity_logs\" does not exist"), "{refusal}");
    let archived = TableOptions { table: "archived".into(), ..TableOptions::default() };
    let choices = AdoptionChoices { beside: Some(archived), ..AdoptionChoices::default() };
    let address = database.url().parse().expect("an address");
    PostgresStore::pending_migrations(address, &choices, true).await.expect("a plan");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_without_an_id_are_refused_as_rows_without_a_time_are() {
    let database = application(&[
        "ALTER TABLE activity_logs DROP CONSTRAINT activity_logs_pkey; ALTER TABLE activity_logs ALTER id DROP NOT NULL;
         UPDATE activity_logs SET id = NULL WHERE details->>'n' = '7';",
    ]);
    for refusal in [pending(&database).await.err(), try_to_open(&database.url()).await.err()] {
        let refusal = refusal.expect("a refusal").to_string();
        assert!(refusal.contains("it has rows without an id"), "{refusal}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trigger_that_reads_the_name_of_its_table_is_named_with_what_it_reads_then() {
    let database = application(&[
        "CREATE TABLE seen (name TEXT, root TEXT);
         CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN INSERT INTO public.seen VALUES (tg_table_name, pg_partition_root(TG_RELID)::regclass::text); RETURN NULL; END';
         CREATE FUNCTION silent() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
         CREATE TRIGGER audited AFTER INSERT ON activity_logs FOR EACH ROW EXECUTE FUNCTION audit();
         CREATE TRIGGER other AFTER INSERT ON activity_logs FOR EACH ROW EXECUTE FUNCTION silent();",
    ]);
    let plan = pending(&database).await.expect("a plan").join("\n");
    let notice = "the trigger audited fires on partitions: in its function audit, TG_TABLE_NAME is activity_logs_incoming";
    assert!(plan.contains(notice) && plan.contains("pg_partition_root(TG_RELID)"), "{plan}");
    assert!(!plan.contains("trigger other fires"), "{plan}");
    let store = try_to_open(&database.url()).await.expect("it is adopted");
    database.psql(
        "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success)
         VALUES ('u', 'a', '/x', 'GET', 200, TRUE)",
    );
    super::reaches(&store, 5_001).await;
    assert_eq!(database.psql("SELECT * FROM seen"), "activity_logs_incoming|activity_logs\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_owners_rights_on_columns_are_kept_where_it_has_none_on_the_table() {
    let database = application(&[]);
    let owner = format!("columns_{}", database.name());
    database.psql(&format!(
        "CREATE ROLE {owner}; GRANT ALL ON SCHEMA public TO {owner}; ALTER TABLE activity_logs OWNER TO {owner};
         REVOKE UPDATE ON activity_logs FROM {owner}; GRANT UPDATE (details) ON activity_logs TO {owner};"
    ));
    drop(try_to_open(&database.url()).await.expect("it is adopted"));
    let may = format!(
        "SELECT has_table_privilege('{owner}', 'activity_logs', 'UPDATE'), has_column_privilege('{owner}', 'activity_logs', 'details', 'UPDATE'),
           has_column_privilege('{owner}', 'activity_logs', 'endpoint', 'UPDATE')"
    );
    assert_eq!(database.psql(&may), "f|t|f\n");
    database
        .psql(&format!("REASSIGN OWNED BY {owner} TO postgres; DROP OWNED BY {owner}; DROP ROLE {owner}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_of_a_table_whose_rows_a_policy_hides_is_refused() {
    let database = application(&["CREATE POLICY few ON activity_logs USING (status_code = 200);
         ALTER TABLE activity_logs ENABLE ROW LEVEL SECURITY;"]);
    let role = format!("few_{}", database.name());
    database.psql(&format!("CREATE ROLE {role} LOGIN; GRANT SELECT ON activity_logs TO {role}"));
    let address = database.url().replace("postgres@", &format!("{role}@")).parse().expect("an address");
    let opened = ActivityTable::open(address, TableOptions::default()).await;
    let refusal = opened.err().expect("a refusal").to_string();
    assert!(refusal.contains("row-level security") && refusal.contains("BYPASSRLS"), "{refusal}");
    let session = client(&database.url()).await;
    session.batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await.expect("it is dropped");
}
