//! An application goes on to insert and compare labels of its enums.

use super::{
    activity,
    adopt::{application, pending},
    adopt_decided::undo,
    client, everything, open, reaches,
};
use livetrail_store::{AdoptionChoices, Log, Placement, PostgresStore};

const VERBS: &str = "CREATE TYPE verb AS ENUM ('PUT', 'POST', 'GET', 'DELETE', 'PATCH');
     ALTER TABLE activity_logs ALTER http_method DROP DEFAULT, ALTER http_method TYPE verb USING 'GET'::verb;
     UPDATE activity_logs SET http_method = 'POST' WHERE id IN (SELECT id FROM activity_logs ORDER BY id LIMIT 40);
     ALTER TABLE activity_logs ALTER http_method SET DEFAULT 'PUT', ADD CONSTRAINT known CHECK (http_method <> 'PATCH'::verb);
     CREATE INDEX by_method ON activity_logs (http_method);
     CREATE VIEW posts AS SELECT id FROM activity_logs WHERE http_method = 'POST'::verb;";

/// The application's statement with a parameter of its enum.
fn insert(label: &str) -> String {
    format!(
        "PREPARE insert_one (verb) AS INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success)
           VALUES ('u', 'a', '/x', $1, 200, TRUE);
         EXECUTE insert_one ('{label}')"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn labels_of_an_enum_are_inserted_and_compared_as_before() {
    let database = application(&["ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;", VERBS]);
    let plan = pending(&database).await.expect("a plan").join("\n");
    assert!(plan.contains("http_method turns from verb to text"), "{plan}");
    let in_order = "ORDER BY array_position(enum_range(NULL::verb)::text[], http_method)";
    assert!(plan.contains(&format!("it is sorted as text, and by its labels with {in_order}")), "{plan}");
    let store = open(&database.url()).await;
    database.psql(&insert("POST"));
    database.psql("INSERT INTO activity_logs (user_id, action_type, endpoint, status_code, success) VALUES ('u', 'a', '/x', 200, TRUE)");
    database.psql("ALTER TYPE verb ADD VALUE 'HEAD'");
    database.psql(&insert("HEAD"));
    reaches(&store, 5_003).await;
    let refusal = database.cluster().try_psql(database.name(), &insert("PATCH")).expect_err("a refusal");
    assert!(refusal.contains("known"), "{refusal}");

    // The API stores what is not a label.
    let mut of_the_api = activity(1);
    of_the_api.activity.http_method = Some("QUERY".into());
    let stored = store.append(vec![of_the_api]).await.expect("an append");
    assert_eq!(stored.placements[0], Placement::New(5_004));
    assert_eq!(everything(&store).await[5_003].http_method.as_deref(), Some("QUERY"));

    let count = |condition: &str| {
        let count = format!(
            "PREPARE find (verb, verb[]) AS SELECT count(*) FROM activity_logs WHERE {condition};
             EXECUTE find ('POST', '{{POST,HEAD}}')"
        );
        database.psql(&count).trim().parse::<u32>().expect("a count")
    };
    for (condition, found) in [
        ("http_method = $1", 41),
        ("http_method <> $1", 4_963),
        ("http_method = 'POST'", 41),
        ("http_method IN ('POST', 'HEAD')", 42),
        ("http_method IN ($1, 'HEAD')", 42),
        ("http_method = ANY($2)", 42),
        ("http_method <> ALL($2)", 4_962),
        ("http_method = 'QUERY'", 1),
        ("http_method::text = $1::text", 41),
        ("id IN (SELECT id FROM posts)", 41),
    ] {
        assert_eq!(count(condition), found, "{condition}");
    }
    let methods = format!("SELECT string_agg(DISTINCT http_method, ',' ORDER BY http_method), array_to_string(ARRAY(
         SELECT http_method FROM (SELECT DISTINCT http_method FROM activity_logs) methods {in_order}), ',') FROM activity_logs");
    assert_eq!(database.psql(&methods), "GET,HEAD,POST,PUT,QUERY|PUT,POST,GET,HEAD,QUERY\n");
    let default = "SELECT http_method FROM activity_logs WHERE position = 5002";
    assert_eq!(database.psql(default), "PUT\n");
    let role = format!("reader_{}", database.name());
    database.psql(&format!("CREATE ROLE {role}; GRANT SELECT ON activity_logs TO {role}"));
    let read =
        format!("SET ROLE {role}; SELECT count(*) FROM activity_logs WHERE http_method = 'HEAD'::verb");
    assert_eq!(database.psql(&read), "1\n");
    database.psql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
    // An index serves, because the function of the operator is inlined.
    let plan = database
        .psql("SET enable_seqscan = off; EXPLAIN SELECT FROM activity_logs WHERE http_method = 'HEAD'::verb");
    assert!(plan.contains("Index Cond: (http_method = "), "{plan}");
}

/// What uses the column by the type of the enum.
const USES: &str = "CREATE FUNCTION writes(verb) RETURNS BOOLEAN IMMUTABLE LANGUAGE sql AS 'SELECT $1 < ''GET''::verb';
     CREATE FUNCTION last_verb() RETURNS verb LANGUAGE sql AS 'SELECT http_method FROM activity_logs ORDER BY timestamp DESC, id LIMIT 1';
     CREATE FUNCTION written() RETURNS BIGINT LANGUAGE sql AS 'SELECT count(*) FROM activity_logs WHERE writes(http_method)';
     CREATE FUNCTION in_a_loop() RETURNS BIGINT LANGUAGE plpgsql AS
       'DECLARE one verb; n BIGINT := 0; BEGIN
          FOR one IN SELECT http_method FROM activity_logs LOOP IF one >= ''GET''::verb THEN n := n + 1; END IF; END LOOP; RETURN n; END';
     CREATE VIEW reads AS SELECT id FROM activity_logs WHERE http_method >= 'GET'::verb;
     ALTER TABLE activity_logs ADD CONSTRAINT not_last CHECK (http_method < 'PATCH'::verb);";

const ANSWERS: &str = "SELECT written(), last_verb(), in_a_loop(), (SELECT count(*) FROM reads),
     (SELECT count(*) FROM activity_logs WHERE writes(http_method)),
     (SELECT count(*) FROM activity_logs WHERE http_method > 'PUT'::verb AND http_method <= 'POST'::verb)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn functions_and_comparisons_of_the_enum_give_the_same_answers_on_the_log() {
    let database = application(&[VERBS, USES]);
    let before = database.psql(ANSWERS);
    assert!(before.starts_with("40|") && before.ends_with("|4960|40|40\n"), "{before}");
    let casts = "SELECT count(*) FROM pg_cast WHERE casttarget = 'verb'::regtype";
    for _ in 0..2 {
        drop(open(&database.url()).await);
        assert_eq!(database.psql(ANSWERS), before);
        assert_eq!(database.psql(casts), "1\n");
        let refusal = database.cluster().try_psql(database.name(), &insert("PATCH")).expect_err("a refusal");
        assert!(refusal.contains("known") || refusal.contains("not_last"), "{refusal}");
        undo(&database).await;
        assert_eq!(database.psql(ANSWERS), before);
        assert_eq!(database.psql(casts), "0\n");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn functions_that_return_labels_by_a_query_are_named_until_they_cast_the_column() {
    let function = |column: &str| {
        format!(
            "CREATE OR REPLACE FUNCTION verbs() RETURNS TABLE (method verb) LANGUAGE plpgsql AS
               'BEGIN RETURN QUERY SELECT DISTINCT {column} FROM activity_logs; END'"
        )
    };
    let database = application(&[VERBS, &function("http_method")]);
    let refusal = pending(&database).await.expect_err("a refusal").to_string();
    let line = "\n  verbs: this function returns verb by RETURN QUERY, and http_method is text in the log: write http_method::verb in its query";
    assert!(refusal.contains(line), "{refusal}");
    database.psql(&function("http_method::verb"));
    drop(open(&database.url()).await);
    assert_eq!(database.psql("SELECT method FROM verbs() ORDER BY 1"), "POST\nGET\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_function_is_named_if_only_the_owner_of_the_enum_could_have_it_take_the_column() {
    let database =
        application(&[VERBS, "CREATE FUNCTION kept(verb) RETURNS verb LANGUAGE sql AS 'SELECT $1';"]);
    let role = format!("adopting_{}", database.name());
    database.psql(&format!(
        "CREATE ROLE {role} LOGIN; GRANT ALL ON SCHEMA public TO {role}; GRANT CREATE ON DATABASE \"{}\" TO {role};
         ALTER TABLE activity_logs OWNER TO {role}; ALTER VIEW posts OWNER TO {role};",
        database.name()
    ));
    let address = || database.url().replace("postgres@", &format!("{role}@")).parse().expect("an address");
    let choices = AdoptionChoices::default();
    let refusal = PostgresStore::pending_migrations(address(), &choices, true)
        .await
        .expect_err("a refusal")
        .to_string();
    let line = "\n  kept: this function takes verb, and http_method turns to text, which only the owner of the type may have cast";
    assert!(refusal.contains(line), "{refusal}");
    database.psql(&format!("ALTER TYPE verb OWNER TO {role}"));
    PostgresStore::pending_migrations(address(), &choices, true).await.expect("a plan");
    let session = client(&database.url()).await;
    let drop = format!("REASSIGN OWNED BY {role} TO postgres; DROP OWNED BY {role}; DROP ROLE {role}");
    session.batch_execute(&drop).await.expect("it is dropped");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn functions_of_one_name_are_named_because_the_other_could_be_called_with_the_column() {
    let database = application(&[
        VERBS,
        "CREATE FUNCTION shown(verb) RETURNS TEXT LANGUAGE sql AS 'SELECT ''a verb''';
         CREATE FUNCTION shown(TEXT) RETURNS TEXT LANGUAGE sql AS 'SELECT ''a text''';
         CREATE FUNCTION alone(verb) RETURNS TEXT LANGUAGE sql AS 'SELECT ''a verb''';
         CREATE FUNCTION alone(verb, TEXT) RETURNS TEXT LANGUAGE sql AS 'SELECT $2';",
    ]);
    let refusal = pending(&database).await.expect_err("a refusal").to_string();
    for name in ["alone", "shown"] {
        let line = "this function takes verb, and http_method turns to text, and the adoption makes no cast, because there are others of the \
                    name shown: cast the column in each call";
        assert!(refusal.contains(&format!("\n  {name}: {line}")), "{refusal}");
    }
    database.psql("DROP FUNCTION shown(TEXT)");
    drop(open(&database.url()).await);
    let call =
        "SELECT DISTINCT alone(http_method), shown(http_method), alone(http_method, 'b') FROM activity_logs";
    assert_eq!(database.psql(call), "a verb|a verb|b\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn columns_of_the_enum_in_other_tables_are_compared_by_their_indexes_as_before() {
    let database = application(&[VERBS]);
    drop(open(&database.url()).await);
    database.psql(
        "CREATE TABLE routes (method verb); CREATE INDEX by_verb ON routes (method);
         INSERT INTO routes SELECT 'GET' FROM generate_series(1, 100)",
    );
    let refusal = database.cluster().try_psql(database.name(), "SELECT FROM routes WHERE method = 'FETCH'");
    assert!(refusal.expect_err("a refusal").contains("invalid input value for enum verb"));
    let plan = database.psql(
        "SET enable_seqscan = off; SET enable_bitmapscan = off; EXPLAIN SELECT FROM routes WHERE method = 'PUT'",
    );
    assert!(plan.contains("Index Cond: (method = 'PUT'::verb)"), "{plan}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_an_undo_the_column_is_an_enum_and_no_operator_is_left() {
    let database = application(&[VERBS]);
    let operators = "SELECT count(*) FROM pg_operator WHERE oprright = 'verb'::regtype";
    for _ in 0..2 {
        let store = open(&database.url()).await;
        assert_eq!(database.psql(operators), "6\n");
        drop(store);
        undo(&database).await;
        let left = "SELECT count(*) FROM pg_proc WHERE proname LIKE 'livetrail%'";
        assert_eq!(database.psql(&format!("{operators}; {left}")), "0\n0\n");
        let ty = "SELECT pg_typeof(http_method), (SELECT count(*) FROM posts) FROM activity_logs LIMIT 1";
        assert_eq!(database.psql(ty), "verb|40\n");
    }
    database.psql("DROP VIEW posts; DROP TABLE activity_logs; DROP TYPE verb");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operators_work_with_any_search_path_and_a_dump_can_be_loaded() {
    let ordered = "ALTER TABLE activity_logs ADD CONSTRAINT ordered CHECK (http_method < 'PATCH'::verb);";
    let database = application(&[VERBS, ordered]);
    let store = open(&database.url()).await;
    database.psql(
        "SET search_path = ''; INSERT INTO public.activity_logs (user_id, action_type, endpoint, http_method, status_code, success)
           VALUES ('u', 'a', '/x', 'DELETE', 200, TRUE)",
    );
    reaches(&store, 5_001).await;
    drop(store);
    let copy = private_postgres::database();
    copy.psql(&database.dump());
    assert_eq!(copy.psql("SELECT count(*) FROM activity_logs").trim(), "5001");
}
