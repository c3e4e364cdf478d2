//! An application goes on to compare the ids of its users with UUIDs.

use super::{
    activity,
    adopt::{application, pending},
    adopt_decided::undo,
    everything, open, reaches, try_to_open,
};
use livetrail_store::Log;

/// What uses the column as a UUID: a policy as Supabase has them, views, functions, a check.
const USES: &str = "CREATE FUNCTION uid() RETURNS UUID LANGUAGE sql STABLE AS 'SELECT current_setting(''app.uid'', true)::uuid';
     CREATE POLICY own ON activity_logs FOR SELECT USING (uid() = user_id); ALTER TABLE activity_logs ENABLE ROW LEVEL SECURITY;
     CREATE VIEW with_users AS SELECT a.id, u.email FROM activity_logs a JOIN users u ON u.id = a.user_id WHERE a.target_user_id = u.id;
     CREATE FUNCTION by_user(UUID) RETURNS BIGINT LANGUAGE sql AS 'SELECT count(*) FROM activity_logs WHERE user_id = $1';
     ALTER TABLE activity_logs ADD CONSTRAINT not_nobody CHECK (user_id <> '00000000-0000-0000-0000-000000000000'::uuid);";

const SECOND: &str = "00000000-0000-4000-8000-000000000002";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ids_of_users_are_compared_with_uuids_as_before() {
    let database = application(&[USES]);
    let role = format!("uuids_{}", database.name());
    database.psql(&format!("CREATE ROLE {role}; GRANT SELECT ON activity_logs TO {role}"));
    let answers = || {
        database.psql(&format!(
            "PREPARE one (UUID) AS SELECT count(*) FROM activity_logs WHERE user_id = $1; EXECUTE one ('{SECOND}');
             PREPARE several (UUID[]) AS SELECT count(*) FROM activity_logs WHERE user_id = ANY($1) AND target_user_id <> ALL($1);
             EXECUTE several ('{{{SECOND}}}');
             SELECT count(*) FROM activity_logs WHERE user_id IN ('{SECOND}', '00000000-0000-4000-8000-000000000003');
             SELECT count(*) FROM activity_logs a, users u WHERE a.user_id = u.id AND u.id <> a.target_user_id;
             SELECT count(*) FROM users WHERE id = '{SECOND}'; SELECT count(*) FROM with_users; SELECT by_user('{SECOND}');
             SET ROLE {role}; SET app.uid = '{SECOND}'; SELECT count(*) FROM activity_logs;"
        ))
    };
    let before = answers();
    let plan = pending(&database).await.expect("a plan").join("\n");
    assert!(
        plan.contains("user_id and target_user_id turn from uuid to text, and are compared with UUIDs"),
        "{plan}"
    );
    let operators = "SELECT count(*) FROM pg_operator WHERE 'uuid'::regtype IN (oprleft, oprright) AND 'text'::regtype IN (oprleft, oprright)";
    for _ in 0..2 {
        drop(open(&database.url()).await);
        assert_eq!(answers(), before);
        assert_eq!(database.psql(operators), "4\n");
        undo(&database).await;
        assert_eq!(answers(), before);
        assert_eq!(database.psql(operators), "0\n");
    }
    database.psql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_id_that_is_no_uuid_and_an_index_are_found_beside_uuids() {
    let database = application(&[]);
    let store = open(&database.url()).await;
    let of_the_api = activity(1);
    let user = of_the_api.activity.user_id.clone();
    store.append(vec![of_the_api]).await.expect("an append");
    assert_eq!(everything(&store).await.len(), 5_001);
    let count = format!(
        "SELECT count(*) FROM activity_logs WHERE user_id <> '{SECOND}'::uuid AND user_id = '{user}'"
    );
    assert_eq!(database.psql(&count), "1\n");
    database.psql("CREATE INDEX by_user ON activity_logs (user_id)");
    let plan = database.psql(&format!(
        "SET enable_seqscan = off; EXPLAIN SELECT FROM activity_logs WHERE user_id = '{SECOND}'::uuid"
    ));
    assert!(plan.contains("(user_id = "), "{plan}");
    assert!(plan.contains("Index Cond"), "{plan}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operators_of_the_application_between_text_and_uuid_stay() {
    let database = application(&[
        "CREATE FUNCTION same(TEXT, UUID) RETURNS BOOLEAN LANGUAGE sql AS 'SELECT $1 = $2::text';
         CREATE OPERATOR = (LEFTARG = TEXT, RIGHTARG = UUID, PROCEDURE = same);",
    ]);
    let function = "SELECT oprcode FROM pg_operator WHERE oid = to_regoperator('=(text,uuid)')";
    for _ in 0..2 {
        drop(try_to_open(&database.url()).await.expect("it is adopted"));
        assert_eq!(database.psql(function), "same\n");
        undo(&database).await;
        assert_eq!(database.psql(function), "same\n");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_that_has_a_name_of_the_log_is_named_before_anything_is_made() {
    let database = application(&["CREATE TABLE activity_logs_incoming (id INTEGER)"]);
    let refusal = pending(&database).await.expect_err("a refusal").to_string();
    assert!(
        refusal.contains("there is a table named activity_logs_incoming") && refusal.contains("rename it"),
        "{refusal}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_of_a_uuid_that_the_application_inserts_is_the_same_user() {
    let database = application(&[USES, "ALTER TABLE activity_logs ADD COLUMN trace_id UUID;"]);
    let user = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
    let plan = pending(&database).await.expect("a plan").join("\n");
    assert!(
        plan.contains("Each form of a UUID that the application inserts becomes the usual one"),
        "{plan}"
    );
    let store = open(&database.url()).await;
    let forms = [
        user.to_owned(),
        user.to_uppercase(),
        format!("{{{user}}}"),
        user.replace('-', ""),
        format!("{{{}}}", user.replace('-', "").to_uppercase()),
    ];
    for form in &forms {
        database.psql(&format!(
            "PREPARE one (TEXT, TEXT) AS INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success, trace_id)
               VALUES ($1, $2, '/x', 'GET', 200, TRUE, $1); EXECUTE one ('{form}', 'formed')"
        ));
    }
    for other in [format!("{{{user}"), format!("{user} "), format!("{user}0"), "Someone".into()] {
        database.psql(&format!(
            "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success) VALUES ('{other}', 'other', '/x', 'GET', 200, TRUE)"
        ));
    }
    reaches(&store, 5_009).await;
    let texts = "SELECT string_agg(DISTINCT user_id || ' ' || trace_id, ', '), count(*) FROM activity_logs WHERE action_type = 'formed'";
    assert_eq!(database.psql(texts), format!("{user} {user}|5\n"));
    let others = "SELECT count(DISTINCT user_id) FROM activity_logs WHERE action_type = 'other'";
    assert_eq!(database.psql(others), "4\n", "what is not a UUID stays as it is");
    let compared = format!(
        "SELECT (SELECT count(*) FROM activity_logs WHERE user_id = '{}'::uuid), by_user('{user}')",
        forms[1]
    );
    assert_eq!(database.psql(&compared), "5|5\n");
}
