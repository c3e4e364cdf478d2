//! Triggers, policies and rules of an application's table: each is carried over as it was, or named as lost.

use super::{
    adopt::{application, pending},
    adopt_decided::open_with,
    adopt_dry_run::pending_without,
    append, try_to_open,
};
use livetrail_store::AdoptionChoices;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_carried_over_is_named_with_its_reason() {
    let database = application(&[
        "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
         CREATE TRIGGER per_statement AFTER INSERT ON activity_logs FOR EACH STATEMENT EXECUTE FUNCTION nothing();
         CREATE TRIGGER before_truncate BEFORE TRUNCATE ON activity_logs EXECUTE FUNCTION nothing();
         CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON activity_logs DEFERRABLE FOR EACH ROW EXECUTE FUNCTION nothing();
         CREATE TRIGGER with_table AFTER INSERT ON activity_logs REFERENCING NEW TABLE AS came FOR EACH ROW EXECUTE FUNCTION nothing();
         CREATE RULE watched AS ON DELETE TO activity_logs DO ALSO SELECT 1;
         ALTER TABLE activity_logs FORCE ROW LEVEL SECURITY;
         ALTER TABLE activity_logs ADD CONSTRAINT apart EXCLUDE USING btree (id WITH =);
         ALTER TABLE activity_logs ADD CONSTRAINT unproven CHECK (status_code > 0) NOT VALID;
         CREATE TABLE parties (id INTEGER PRIMARY KEY);
         ALTER TABLE activity_logs ADD COLUMN party INTEGER CONSTRAINT cascades REFERENCES parties ON DELETE CASCADE,
           ADD COLUMN previous UUID CONSTRAINT chain REFERENCES activity_logs;
         CREATE TABLE notes (id INTEGER); CREATE POLICY by_log ON notes USING (EXISTS (SELECT FROM activity_logs));
         CREATE PUBLICATION by_parts FOR TABLE activity_logs;",
    ]);
    let refusal = pending(&database).await.expect_err("a refusal").to_string();
    let trigger = "only triggers for each row of INSERT, UPDATE and DELETE";
    for (name, reason) in [
        ("per_statement", trigger),
        ("before_truncate", trigger),
        ("at_commit", trigger),
        ("with_table", trigger),
        ("watched", "the rule would stay on the old table"),
        ("forced row level security", "policies would hold for Livetrail, too"),
        ("apart", "uniqueness cannot be checked in a table of partitions"),
        ("unproven", "the check is NOT VALID: validate it first"),
        ("cascades", "it deletes rows of the log with those that they belong to"),
        ("chain", "ids cannot be the target of a foreign key any more"),
        ("by_log", "this policy of notes would go on reading the old table"),
        ("by_parts", "a publication can go on if it sets publish_via_partition_root"),
    ] {
        assert!(refusal.contains(&format!("\n  {name}: {reason}")), "{name}: {refusal}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn triggers_of_updates_keep_their_columns_conditions_and_states() {
    let database = application(&[
        "CREATE TABLE fired (name TEXT);
         CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.fired VALUES (tg_name); RETURN NULL; END';
         CREATE TRIGGER changed AFTER UPDATE OF details ON activity_logs FOR EACH ROW
           WHEN (NEW.details IS DISTINCT FROM OLD.details) EXECUTE FUNCTION fire();
         CREATE TRIGGER disabled AFTER UPDATE ON activity_logs FOR EACH ROW EXECUTE FUNCTION fire();
         CREATE TRIGGER replica AFTER UPDATE ON activity_logs FOR EACH ROW EXECUTE FUNCTION fire();
         CREATE TRIGGER always AFTER UPDATE OR DELETE ON activity_logs FOR EACH ROW EXECUTE FUNCTION fire();
         ALTER TABLE activity_logs DISABLE TRIGGER disabled, ENABLE REPLICA TRIGGER replica, ENABLE ALWAYS TRIGGER always;",
    ]);
    drop(try_to_open(&database.url()).await.expect("it is adopted"));
    let states = "SELECT string_agg(format('%s %s', tgname, tgenabled), ', ' ORDER BY tgname) FROM pg_trigger
         WHERE tgrelid = 'activity_logs'::regclass AND tgfoid = 'fire'::regproc";
    assert_eq!(database.psql(states), "always A, always_update A, changed O, disabled D, replica R\n");
    let fired = |update: &str| {
        database.psql(&format!("TRUNCATE fired; {update}"));
        database.psql("SELECT coalesce(string_agg(name, ', ' ORDER BY name), 'none') FROM fired")
    };
    let one = "WHERE position = 7";
    assert_eq!(
        fired(&format!("UPDATE activity_logs SET details = '{{\"a\": 1}}' {one}")),
        "always_update, changed\n"
    );
    assert_eq!(fired(&format!("UPDATE activity_logs SET details = details {one}")), "always_update\n");
    assert_eq!(fired(&format!("UPDATE activity_logs SET endpoint = '/x' {one}")), "always_update\n");
    let replicated =
        format!("SET session_replication_role = replica; UPDATE activity_logs SET endpoint = '/y' {one}");
    assert_eq!(fired(&replicated), "always_update, replica\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn policies_keep_their_command_roles_kind_and_checks() {
    let database = application(&[]);
    let role = format!("policies_{}", database.name());
    database.psql(&format!(
        "CREATE ROLE {role}; GRANT ALL ON activity_logs TO {role}; ALTER TABLE activity_logs ENABLE ROW LEVEL SECURITY;
         CREATE POLICY reading ON activity_logs FOR SELECT TO {role} USING (TRUE);
         CREATE POLICY writing ON activity_logs FOR INSERT TO {role}, pg_monitor WITH CHECK (status_code = 200);
         CREATE POLICY changing ON activity_logs FOR UPDATE USING (status_code = 200) WITH CHECK (status_code < 300);
         CREATE POLICY narrow ON activity_logs AS RESTRICTIVE TO PUBLIC USING (http_method = 'GET');"
    ));
    let policies = "SELECT policyname, permissive, roles, cmd, qual, with_check FROM pg_policies WHERE tablename = 'activity_logs' ORDER BY 1";
    let before = database.psql(policies);
    drop(try_to_open(&database.url()).await.expect("it is adopted"));
    assert_eq!(database.psql(policies), before);
    let insert = |status: u16, method: &str| {
        let sql = format!(
            "SET ROLE {role}; INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success)
             VALUES ('u', 'a', '/x', '{method}', {status}, TRUE)"
        );
        database.cluster().try_psql(database.name(), &sql).is_ok()
    };
    assert_eq!([insert(200, "GET"), insert(201, "GET"), insert(200, "POST")], [true, false, false]);
    database.psql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_that_says_not_null_is_no_loss_and_holds_as_not_null_does() {
    let database = application(&[
        "ALTER TABLE activity_logs ADD COLUMN org INTEGER NOT NULL DEFAULT 1 CONSTRAINT org_not_null CHECK (org IS NOT NULL),
           ADD COLUMN team INTEGER NOT NULL DEFAULT 1 CONSTRAINT team_not_null CHECK (team > 0),
           ADD CONSTRAINT endpoint_given CHECK (endpoint IS NOT NULL) NOT VALID,
           ALTER user_id DROP NOT NULL, ADD CONSTRAINT user_given CHECK (user_id IS NOT NULL);",
    ]);
    let plan = pending(&database).await.expect("a plan").join("\n");
    assert!(!plan.contains("user_id becomes") && plan.contains("the check org_not_null"), "{plan}");
    drop(try_to_open(&database.url()).await.expect("it is adopted"));
    for (column, value, rule) in [
        ("org", "NULL", "org_not_null"),
        ("team", "NULL", "team_not_null_1"),
        ("team", "0", "team_not_null"),
        ("endpoint", "NULL", "endpoint_not_null"),
        ("user_id", "NULL", "user_id"),
    ] {
        let mut row = [
            ("user_id", "'u'"),
            ("action_type", "'a'"),
            ("endpoint", "'/x'"),
            ("http_method", "'GET'"),
            ("status_code", "200"),
            ("success", "TRUE"),
            ("org", "1"),
            ("team", "1"),
        ];
        for (name, given) in &mut row {
            if *name == column {
                *given = value;
            }
        }
        let (names, values): (Vec<_>, Vec<_>) = row.into_iter().unzip();
        let sql = format!("INSERT INTO activity_logs ({}) VALUES ({})", names.join(", "), values.join(", "));
        let refusal = database.cluster().try_psql(database.name(), &sql).expect_err("a refusal");
        assert!(refusal.contains(&format!("\"{rule}\"")), "{rule}: {refusal}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_that_a_row_of_the_log_would_break_is_named_before_anything_is_made() {
    let change = "ALTER TABLE activity_logs ALTER user_id DROP NOT NULL, ALTER user_id TYPE TEXT USING '7';
         UPDATE activity_logs SET user_id = NULL WHERE details->>'n' IN ('17', '4999');";
    for (index, words) in [
        // Null is an empty text in the log.
        ("((1 / length(user_id)))", "2 rows (such as id "),
        ("(status_code, lower(user_id), (10 / length(user_id))) WHERE status_code > 0", "division by zero"),
        ("(status_code) WHERE 1 / length(user_id) < 9", "would break the index"),
        // The user of Livetrail's own records is not a number.
        (
            "((user_id::int))",
            "Livetrail's own records, such as those of the user livetrail-operator: invalid input syntax",
        ),
    ] {
        let database = application(&[change, &format!("CREATE INDEX ix ON activity_logs {index}")]);
        let refusal = pending(&database).await.expect_err("a refusal").to_string();
        assert!(refusal.contains("\n  ix: ") && refusal.contains(words), "{index}: {refusal}");
        let migrated = try_to_open(&database.url()).await.err().expect("a refusal").to_string();
        assert!(migrated.contains("\n  ix: ") && migrated.contains(words), "{index}: {migrated}");
        assert_eq!(database.psql("SELECT count(*) FROM pg_class WHERE relname LIKE 'livetrail%'"), "0\n");
        pending_without(&database, &["ix"]).await.expect("a plan");
        let choices = AdoptionChoices { without: vec!["ix".into()], ..AdoptionChoices::default() };
        let store = open_with(&database, choices).await.expect("it is adopted");
        append(&store, 1..=1).await;
    }
    let fine = "((10 / length(user_id))) WHERE user_id IS NOT NULL AND user_id <> ''";
    let database = application(&[change, &format!("CREATE INDEX ix ON activity_logs {fine}")]);
    let plan = pending(&database).await.expect("a plan").join("\n");
    assert!(plan.contains("the index ix"), "{plan}");
    drop(try_to_open(&database.url()).await.expect("it is adopted"));
}
