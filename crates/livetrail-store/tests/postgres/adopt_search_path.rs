//! Operators for columns that turn to text are found by the search path. What would not find them is named.

use super::{
    adopt::{application, pending},
    adopt_dry_run::pending_without,
};
use livetrail_store::{AdoptionChoices, PostgresStore};

/// A function without a search path of the application's.
fn hardened(name: &str, body: &str) -> String {
    format!(
        "CREATE FUNCTION {name}(given UUID, verb verb) RETURNS BIGINT LANGUAGE plpgsql SET search_path = '' AS
           $$DECLARE n BIGINT; BEGIN {body}; RETURN n; END$$;"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_function_that_sets_a_search_path_without_the_operators_is_named() {
    let verbs = "CREATE TYPE verb AS ENUM ('GET', 'POST');
         ALTER TABLE activity_logs ALTER http_method TYPE verb USING 'GET'::verb;";
    let count = "SELECT count(*) INTO n FROM public.activity_logs a WHERE";
    let named = [
        ("by_user", format!("{count} a.user_id = given")),
        ("by_other_side", format!("{count} given = a.user_id")),
        ("several", format!("{count} a.user_id IN (SELECT id FROM public.users)")),
        ("not_one", format!("{count} \"user_id\" IS DISTINCT FROM given")),
        ("by_verb", format!("{count} http_method <> verb")),
        ("by_label", format!("{count} http_method = 'GET'::public.verb")),
    ];
    let fine = [
        ("by_text", format!("{count} user_id::text = given::text AND http_method = 'GET' AND http_method IN ('GET', 'POST')")),
        ("insert_one", "INSERT INTO public.activity_logs (user_id, action_type, endpoint, http_method, status_code, success) \
            VALUES (given, 'a', '/', verb, 200, TRUE)".to_owned()),
        ("elsewhere", "SELECT count(*) INTO n FROM public.users WHERE id = given".to_owned()),
    ];
    let functions = named.iter().chain(&fine).map(|(name, body)| hardened(name, body)).collect::<String>();
    let database = application(&[
        verbs,
        &functions,
        "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
           'BEGIN IF NEW.user_id <> ''00000000-0000-4000-8000-000000000001''::uuid THEN NEW.error_type := NULL; END IF; RETURN NEW; END';
         CREATE TRIGGER noted BEFORE INSERT ON activity_logs FOR EACH ROW EXECUTE FUNCTION noted();
         CREATE FUNCTION in_sql(given UUID) RETURNS BIGINT LANGUAGE sql SET search_path = '' AS
           'SELECT count(*) FROM public.activity_logs WHERE user_id = given';
         CREATE FUNCTION with_path(given UUID) RETURNS BIGINT LANGUAGE plpgsql SET search_path = pg_catalog, public AS
           'BEGIN RETURN (SELECT count(*) FROM activity_logs WHERE user_id = given); END';",
    ]);
    let refusal = pending(&database).await.expect_err("a refusal").to_string();
    let mut names: Vec<&str> = named.iter().map(|(name, _)| *name).collect();
    for name in &names {
        assert!(refusal.contains(&format!("\n  {name}: this function compares ")), "{name}: {refusal}");
    }
    names.extend(["noted", "in_sql"]);
    for name in ["noted: this function compares user_id", "in_sql: this function fails on the new table"] {
        assert!(refusal.contains(&format!("\n  {name}")), "{name}: {refusal}");
    }
    for name in fine.iter().map(|(name, _)| *name).chain(["with_path"]) {
        assert!(!refusal.contains(&format!("\n  {name}: ")), "{name}: {refusal}");
    }
    assert!(
        refusal.contains("without the schema public, which has the operators for text and uuid"),
        "{refusal}"
    );
    let plan = pending_without(&database, &names).await.expect("a plan").join("\n");
    let words = "the operators that compare user_id and http_method and target_user_id as before are in the schema public";
    assert!(plan.contains(words), "{plan}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn functions_are_tried_with_the_search_path_of_the_application_too() {
    let database = application(&["CREATE SCHEMA audit; ALTER TABLE activity_logs SET SCHEMA audit;
         CREATE FUNCTION mine(UUID) RETURNS BIGINT LANGUAGE sql AS 'SELECT count(*) FROM audit.activity_logs WHERE user_id = $1';
         CREATE FUNCTION failed() RETURNS BIGINT LANGUAGE sql AS 'SELECT count(*) FROM audit.activity_logs WHERE NOT success';"]);
    let address = format!("{}?options=-csearch_path%3Daudit", database.url());
    let pending = async |without: &[&str]| {
        let without = without.iter().map(|&name| name.to_owned()).collect();
        let choices = AdoptionChoices { without, ..AdoptionChoices::default() };
        PostgresStore::pending_migrations(address.parse().expect("an address"), &choices, true).await
    };
    let refusal = pending(&[]).await.expect_err("a refusal").to_string();
    let line = "\n  mine: this function fails on the new table with the search_path \"$user\", public of other sessions: \
         operator does not exist: text = uuid";
    assert!(refusal.contains(line) && !refusal.contains("failed: "), "{refusal}");
    let plan = pending(&["mine"]).await.expect("a plan").join("\n");
    let words = "are in the schema audit; sessions of this database look for them in \"$user\", public";
    assert!(plan.contains(words), "{plan}");
    database.psql(&format!("ALTER DATABASE \"{}\" SET search_path = public, audit", database.name()));
    let plan = pending(&[]).await.expect("a plan").join("\n");
    assert!(plan.contains("are in the schema audit; a session whose search_path lacks it"), "{plan}");
}
