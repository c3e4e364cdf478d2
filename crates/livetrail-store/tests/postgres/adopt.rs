//! The table of an application is adopted, with every row, while the application goes on.

use super::{everything, open, reaches};
use livetrail_store::{AdoptionChoices, Directory, Log, PostgresOptions, PostgresStore, Questions};
use livetrail_types::Epoch;
use private_postgres::Database;

const FIRST_FORM: &str = include_str!("seed/first_form.sql");
pub(super) const SECOND_FORM: &str = include_str!("seed/second_form.sql");
const ROWS: &str = include_str!("seed/rows.sql");
const QUERIES: [(&str, &str); 5] = [
    ("recent activity", include_str!("seed/queries/recent_activity.sql")),
    ("failed logins", include_str!("seed/queries/failed_logins.sql")),
    ("admin audit", include_str!("seed/queries/admin_audit.sql")),
    ("endpoint performance", include_str!("seed/queries/endpoint_performance.sql")),
    ("with users", include_str!("seed/queries/with_users.sql")),
];
/// Of rows that happened at the same time, any may come first.
const AUDIT_IN_FULL: &str = "SELECT timestamp, user_id, action_type, target_user_id, endpoint FROM activity_logs \
     WHERE is_admin = TRUE AND timestamp > NOW() - INTERVAL '7 days' ORDER BY 1, 2, 3, 4, 5";

/// The columns of the application's table, and a hash of every row as it is written down.
pub(super) const CHECKSUM: &str = "SELECT count(*), md5(string_agg(md5(concat_ws('|', id, timestamp, user_id, action_type, endpoint, \
     http_method, status_code, success, error_message, error_type, target_user_id, target_resource_id, resource_type, \
     details, duration_ms, db_query_count, ip_address, user_agent, is_admin, created_at)), ',' ORDER BY id)) \
     FROM activity_logs";
pub(super) const IN_ORDER: &str = "SELECT count(*) FROM (SELECT position, row_number() OVER (ORDER BY timestamp, id) AS place \
     FROM activity_logs) numbered WHERE position <> place";

/// What would be done to the database.
pub(super) async fn pending(database: &Database) -> livetrail_store::Result<Vec<String>> {
    let address = database.url().parse().expect("an address");
    PostgresStore::pending_migrations(address, &AdoptionChoices::default(), true).await
}

/// A database of an application, in its first or its second form.
pub(super) fn application(forms: &[&str]) -> Database {
    let database = private_postgres::database();
    fill(&database, forms);
    database
}

/// Makes the application's table, with its rows, in an empty database.
pub(super) fn fill(database: &Database, forms: &[&str]) {
    // Rows are written while ids are UUIDs, as they were in life.
    database.psql(&format!("{FIRST_FORM}{ROWS}{}", forms.concat()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_row_of_both_forms_is_kept_and_gets_its_place_by_its_time() {
    for forms in [&[][..], &[SECOND_FORM]] {
        let database = application(forms);
        let before = database.psql(CHECKSUM);
        let store = open(&database.url()).await;
        assert_eq!(database.psql(CHECKSUM), before);
        assert_eq!(database.psql(IN_ORDER).trim(), "0");
        assert_eq!(everything(&store).await.len(), 5_000);
        assert_eq!(store.head().await.expect("a head").head, 5_000);
        let kept =
            database.psql(&CHECKSUM.replace("FROM activity_logs", "FROM activity_logs_before_livetrail"));
        assert_eq!(kept, before, "the old table is as it was");
        assert_eq!(database.psql("SELECT title FROM sessions").trim(), "Something of the application's own");
        // Again, as every start of a server does.
        drop(store);
        assert_eq!(everything(&open(&database.url()).await).await.len(), 5_000);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_columns_are_those_of_the_application_and_ours() {
    let database = application(&[]);
    let columns = "SELECT column_name, data_type, character_maximum_length FROM information_schema.columns \
                   WHERE table_name = 'activity_logs' ORDER BY ordinal_position";
    let before = database.psql(columns).replace("user_id|uuid|", "user_id|text|");
    drop(open(&database.url()).await);
    let after = database.psql(columns);
    assert!(after.starts_with(&before), "{after}");
    for column in ["position|bigint|", "changes|jsonb|", "session_id|character varying|255", "tenant_id|"] {
        assert!(after.contains(column), "{column}: {after}");
    }
    let shown = database.psql("\\d activity_logs");
    assert!(shown.contains("user_id|text||not null|") && shown.contains("ip_address|inet|"), "{shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_queries_of_the_application_run_as_they_are_written_and_say_the_same() {
    let database = application(&[SECOND_FORM]);
    let user = "00000000-0000-4000-8000-000000000002";
    let ask = || {
        let answers = QUERIES.map(|(name, sql)| {
            let answer = database.psql(&sql.replace("user-id-here", user));
            assert!(!answer.is_empty(), "{name}");
            let mut lines: Vec<_> = answer.lines().map(str::to_owned).collect();
            lines.sort();
            match name {
                // Which of those that happened at once are the first fifty is open, and what a row holds is more now.
                "recent activity" | "with users" => vec![lines.len().to_string()],
                _ => lines,
            }
        });
        (answers, database.psql(AUDIT_IN_FULL))
    };
    let before = ask();
    drop(open(&database.url()).await);
    assert_eq!(ask(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn users_and_admins_of_the_application_count_and_are_not_written_to() {
    for forms in [
        &[][..],
        &["ALTER TABLE users ALTER COLUMN id TYPE TEXT; \
                              ALTER TABLE admin_profiles ALTER COLUMN user_id TYPE TEXT;"],
    ] {
        let database = application(forms);
        let store = open(&database.url()).await;
        let user = |n: u8| format!("00000000-0000-4000-8000-00000000000{n}");
        let known = store.profiles(None, vec![user(2), "anon-1".into(), user(9)]).await.expect("profiles");
        assert_eq!(known.len(), 1);
        assert_eq!(known[0].email.as_deref(), Some("user2@example.org"));
        assert_eq!(store.profiles(Some("acme".into()), vec![user(2)]).await.expect("profiles"), []);
        assert!(store.is_admin(user(1), None).await.expect("an answer"));
        assert!(!store.is_admin(user(2), None).await.expect("an answer"));
        assert!(!store.is_admin("anon-1".into(), None).await.expect("an answer"));
        assert!(store.set_admin(user(2), None, true).await.expect("an answer"));
        assert!(store.is_admin(user(2), None).await.expect("an answer"));

        let by_mail = livetrail_types::Condition::UserSearch("user2@example".into());
        let page =
            store.list(super::newest(livetrail_types::Filter::of(vec![by_mail]))).await.expect("a page");
        assert_eq!(page.rows.len(), 100);
        let is_known =
            |(activity, profile): &(livetrail_types::Activity, Option<livetrail_types::UserProfile>)| {
                activity.user_id == user(2) && profile.as_ref().is_some_and(|known| known.name() == "User 2")
            };
        assert!(page.rows.iter().all(is_known));

        let named = || async { store.users_named("user2@example").await.expect("users") };
        assert_eq!(named().await, [(None, user(2))]);

        // What Livetrail is told counts more.
        let told =
            livetrail_types::UserProfile { email: None, display_name: Some("Ada".into()), user_id: user(2) };
        store.put_profiles(None, vec![told.clone()]).await.expect("a profile");
        assert_eq!(store.profiles(None, vec![user(2)]).await.expect("profiles"), [told]);
        let page = store.list(super::newest(livetrail_types::Filter::of(vec![
            livetrail_types::Condition::UserSearch("user2@example".into()),
        ])));
        assert_eq!(page.await.expect("a page").rows.len(), 0);
        assert_eq!(named().await, []);
        assert_eq!(
            database.psql("SELECT count(*) FROM users; SELECT count(*) FROM admin_profiles"),
            "3\n1\n"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_table_of_admins_counts_where_it_is_named() {
    let database = application(&["CREATE SCHEMA \"TheApp\"; \
         CREATE TABLE \"TheApp\".staff (login TEXT, \"is on\" TEXT); \
         INSERT INTO \"TheApp\".staff VALUES ('boss', 'eve');"]);
    for (table, admins) in [
        ("\"Nowhere\".staff:login", &[][..]),
        ("admin_profiles", &["00000000-0000-4000-8000-000000000001"]),
        ("\"TheApp\".staff:login", &["boss"]),
    ] {
        let Ok(admins_of) = table.parse() else { panic!("{table}") };
        let options = PostgresOptions { admins: admins_of, ..super::small() };
        let address = database.url().parse().expect("an address");
        let store = PostgresStore::open(address, options, Epoch(1)).await.expect("the store opens");
        for user in ["boss", "eve", "00000000-0000-4000-8000-000000000001"] {
            let is_admin = store.is_admin(user.into(), None).await.expect("an answer");
            assert_eq!(is_admin, admins.contains(&user), "{table}: {user}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_says_what_would_be_done_and_does_nothing() {
    let database = application(&[]);
    let plan = pending(&database).await.expect("a plan");
    assert_eq!(plan[0], "0001_own");
    for words in [
        "adopt the table activity_logs: 5000 rows",
        "user_id and target_user_id turn from uuid to text",
        "carried over: the rule that endpoint is not null",
        "ON CONFLICT (id) fails",
    ] {
        assert!(plan[1].contains(words), "{plan:?}");
    }
    assert_eq!(database.psql("SELECT count(*) FROM pg_class WHERE relname LIKE 'livetrail%'").trim(), "0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn columns_of_the_applications_own_and_rights_of_others_are_kept() {
    let database = application(&[
        "ALTER TABLE activity_logs ADD COLUMN country CHAR(2) NOT NULL DEFAULT 'DK', ADD COLUMN session_id UUID;
         ALTER TABLE activity_logs ALTER COLUMN endpoint TYPE TEXT;
         UPDATE activity_logs SET session_id = id, endpoint = repeat('/long', 100);
         DROP ROLE IF EXISTS reporter; CREATE ROLE reporter; GRANT SELECT ON activity_logs TO reporter;",
    ]);
    let sum = "SELECT md5(string_agg(concat(id, country, session_id, endpoint), ',' ORDER BY id)) FROM activity_logs";
    let before = database.psql(sum);
    let store = open(&database.url()).await;
    assert_eq!(database.psql(sum), before);
    let first = &everything(&store).await[0];
    assert_eq!(first.session_id, Some(first.id.to_string()));
    assert_eq!(
        database.psql("SELECT has_table_privilege('reporter', 'activity_logs', 'SELECT')").trim(),
        "t"
    );
    // The application goes on as before, and what it inserts keeps its columns when it is taken in.
    database.psql(
        "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success, country) \
         VALUES ('u-1', 'a', '/x', 'GET', 200, TRUE, 'SE')",
    );
    reaches(&store, 5_001).await;
    assert_eq!(database.psql("SELECT country FROM activity_logs WHERE position = 5001").trim(), "SE");
    database.psql("DROP OWNED BY reporter; DROP ROLE reporter");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_protects_and_computes_the_rows_is_kept() {
    let database = application(&[
        "ALTER TABLE activity_logs ALTER success SET DEFAULT TRUE, ADD COLUMN region TEXT DEFAULT 'in', ADD COLUMN seq BIGSERIAL,
           ADD COLUMN day DATE GENERATED ALWAYS AS ((timestamp AT TIME ZONE 'UTC')::date) STORED;
         DROP ROLE IF EXISTS guarded; CREATE ROLE guarded; GRANT SELECT ON activity_logs TO guarded;
         UPDATE activity_logs SET region = 'eu' WHERE user_id = (SELECT min(user_id::text) FROM activity_logs)::uuid;
         CREATE POLICY own_region ON activity_logs FOR SELECT TO guarded USING (region = 'in');
         ALTER TABLE activity_logs ENABLE ROW LEVEL SECURITY;",
    ]);
    let seen = "SET ROLE guarded; SELECT count(*) FROM activity_logs";
    let before = database.psql(seen);
    assert_ne!(before.lines().last(), Some("5000"));
    let days = "SELECT md5(string_agg(day::text, ',' ORDER BY id)) FROM activity_logs";
    let days_before = database.psql(days);
    let store = open(&database.url()).await;
    assert_eq!(database.psql(seen), before, "a policy counts only with the switch");
    assert_eq!(database.psql(days), days_before);
    let insert = "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code) \
                  VALUES ('u-1', 'a', '/x', 'GET', 200)";
    database.psql(insert);
    reaches(&store, 5_001).await;
    database.psql("DROP TABLE activity_logs_before_livetrail");
    database.psql(insert);
    reaches(&store, 5_002).await;
    let new = "SELECT bool_and(success AND region = 'in' AND day = CURRENT_DATE) AND count(DISTINCT seq) = 2 \
               FROM activity_logs WHERE position > 5000";
    assert_eq!(database.psql(new).trim(), "t");
    database.psql("DROP OWNED BY guarded; DROP ROLE guarded");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn columns_of_other_types_and_without_values_are_adopted_as_far_as_they_can_be() {
    let database = application(&[
        "ALTER TABLE activity_logs ALTER COLUMN details TYPE JSON, ALTER COLUMN ip_address TYPE VARCHAR(60) USING host(ip_address),
           ALTER COLUMN created_at TYPE TIMESTAMP, ALTER COLUMN created_at DROP NOT NULL, ALTER COLUMN user_id DROP NOT NULL;
         UPDATE activity_logs SET created_at = NULL, user_id = NULL WHERE details->>'n' = '7';
         UPDATE activity_logs SET details = '{\"b\": 1, \"a\": [1.50]}' WHERE details->>'n' = '8';",
    ]);
    let store = open(&database.url()).await;
    let log = everything(&store).await;
    assert_eq!(log.len(), 5_000);
    assert_eq!(log.iter().filter(|one| one.user_id.is_empty()).count(), 1);
    assert!(log.iter().all(|one| one.ip_address.is_some()));

    let untimed = application(&[
        "ALTER TABLE activity_logs ALTER COLUMN timestamp DROP NOT NULL; UPDATE activity_logs SET timestamp = NULL",
    ]);
    let error = pending(&untimed).await.expect_err("a plan that cannot be").to_string();
    assert!(error.contains("rows without a timestamp"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn adopted_rows_that_pass_for_livetrails_own_are_marked_as_external() {
    let database = application(&[
        "UPDATE activity_logs SET resource_type = 'Livetrail' WHERE resource_type IS NOT NULL",
    ]);
    let count = |wanted: &str| {
        let sql = format!("SELECT count(*) FROM activity_logs WHERE resource_type = '{wanted}'");
        database.psql(&sql).trim().parse::<u32>().expect("a count")
    };
    let before = count("Livetrail");
    drop(open(&database.url()).await);
    assert!(before > 0);
    assert_eq!((count("Livetrail"), count("external:livetrail")), (0, before));
}
