//! The columns of the party that acted in a user's name: in logs that are older, and beside an application's own.

use super::{
    BEFORE_RETENTION, activity, adopt::application, adopt_decided::undo, client, everything, newest, open,
    open_with, reaches,
};
use livetrail_store::{Log, Placement, PostgresStore, Questions};
use livetrail_types::{
    Activity, Choice, Condition, DelegateType, Filter, GroupBy, Grouping, REDACTED, Scalar, Stamped,
    TextField,
};
use private_postgres::Database;

/// Takes the step back, as if it had never been taken.
const BEFORE: &str = "DELETE FROM livetrail_migrations WHERE name = '0009_delegate'; \
     ALTER TABLE activity_logs DROP COLUMN delegate_id, DROP COLUMN delegate_type, DROP COLUMN via";

/// The n-th activity, by an agent.
fn delegated(n: u64) -> Stamped {
    let stamped = activity(n);
    let activity = Activity {
        delegate_id: Some("deploy-bot".into()),
        delegate_type: Some(DelegateType::Agent),
        via: Some("mcp".into()),
        ..stamped.activity
    };
    Stamped { activity, fingerprint: None }
}

async fn stored(store: &PostgresStore, n: u64) -> u64 {
    store.append(vec![delegated(n)]).await.expect("an append").stored[0].position
}

fn delegate(activity: &Activity) -> (Option<&str>, Option<DelegateType>, Option<&str>) {
    (activity.delegate_id.as_deref(), activity.delegate_type, activity.via.as_deref())
}

const BOT: (Option<&str>, Option<DelegateType>, Option<&str>) =
    (Some("deploy-bot"), Some(DelegateType::Agent), Some("mcp"));

/// The positions that a condition means.
async fn found(store: &PostgresStore, condition: Condition) -> Vec<u64> {
    let rows = store.list(newest(Filter::of(vec![condition]))).await.expect("a page").rows;
    rows.iter().map(|(activity, _)| activity.position).collect()
}

async fn check_the_agents_row(store: &PostgresStore, position: u64) {
    let row = store.range(position - 1, 1).await.expect("a range").rows().expect("rows").remove(0).0;
    assert_eq!(delegate(&row), BOT);
    let text = |field, text: &str| Condition::Text(field, Choice::any([text.into()]));
    for condition in [
        text(TextField::DelegateId, "deploy-bot"),
        text(TextField::Via, "mcp"),
        Condition::Delegated(Choice::any([true])),
    ] {
        assert_eq!(found(store, condition).await, [position]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_log_has_the_fields_as_null_and_takes_them_from_now_on() {
    let log = super::PostgresFixture::new();
    let url = log.database.url();
    // More than one partition.
    drop({
        let store = open(&url).await;
        super::append(&store, 1..=100).await;
        store
    });
    log.database.psql(&format!("{BEFORE_RETENTION} {BEFORE}"));
    let store = open(&url).await;
    assert!(everything(&store).await.iter().all(|activity| delegate(activity) == (None, None, None)));
    let again = store.append(vec![activity(1), activity(100)]).await.expect("an append").placements;
    assert!(again.iter().all(|placement| matches!(placement, Placement::Duplicate { .. })), "{again:?}");
    let position = stored(&store, 101).await;
    assert_eq!(position, 101);
    check_the_agents_row(&store, position).await;
    assert_eq!(found(&store, Condition::Delegated(Choice::any([false]))).await.len(), 100);
}

/// Columns that an application has, and whether Livetrail uses them.
const THEIRS: [(&str, bool); 8] = [
    ("delegate_id TEXT, ADD COLUMN delegate_type VARCHAR, ADD COLUMN via VARCHAR(60)", true),
    ("delegate_id INTEGER DEFAULT 7, ADD COLUMN delegate_type BOOLEAN, ADD COLUMN via UUID", false),
    ("delegate_id VARCHAR(5), ADD COLUMN delegate_type CHAR(1), ADD COLUMN via VARCHAR(2)", false),
    ("via BIGINT GENERATED ALWAYS AS IDENTITY", false),
    ("delegate_id TEXT GENERATED ALWAYS AS (user_id::text || '!') STORED", false),
    ("delegate_id TEXT REFERENCES parties (id)", false),
    ("via TEXT NOT NULL DEFAULT 'theirs'", true),
    ("via TEXT CHECK (via IN ('web', 'app'))", true),
];

/// A table of an application with these columns and three rows.
fn application_with(columns: &str) -> Database {
    let database = private_postgres::database();
    let row = "(gen_random_uuid(), 'user_login', '/x', 'GET', 200, TRUE)";
    database.psql(&format!(
        "{} CREATE TABLE parties (id TEXT PRIMARY KEY); ALTER TABLE activity_logs ADD COLUMN {columns}; \
         {INSERT} {row}, {row}, {row}",
        include_str!("seed/first_form.sql")
    ));
    database
}

const INSERT: &str =
    "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success) VALUES";

/// How many columns have the prefix.
fn columns_beside(database: &Database) -> String {
    let sql = "SELECT count(*) FROM information_schema.columns \
               WHERE table_name = 'activity_logs' AND column_name LIKE 'livetrail%'";
    database.psql(sql).trim().to_owned()
}

/// What is in the application's own columns, row by row.
fn theirs(database: &Database, table: &str) -> String {
    let sql = "SELECT string_agg(column_name, ', ') FROM information_schema.columns \
               WHERE table_name = 'activity_logs_before_livetrail' \
               AND column_name IN ('delegate_id', 'delegate_type', 'via')";
    let names = database.psql(sql);
    database.psql(&format!("SELECT id, {} FROM {table} ORDER BY id", names.trim()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_keeps_its_own_columns_of_these_names() {
    for (columns, are_used) in THEIRS {
        let database = application_with(columns);
        // Rows of the application are taken in with room for a full batch, which would be many small partitions.
        let store = open_with(&database.url(), 100_000).await;
        let before = theirs(&database, "activity_logs_before_livetrail");
        assert_eq!(theirs(&database, "activity_logs"), before, "{columns}");
        assert_eq!(columns_beside(&database) == "0", are_used, "{columns}");
        // The application's next row is taken in as the last one was.
        database.psql(&format!("{INSERT} (gen_random_uuid()::text, 'user_login', '/x', 'GET', 200, TRUE)"));
        reaches(&store, 4).await;
        assert_eq!(stored(&store, 1).await, 5, "{columns}");
        let row = store.range(4, 1).await.expect("a range").rows().expect("rows").remove(0).0;
        assert_eq!(delegate(&row), BOT, "{columns}");
        let bot = Condition::Text(TextField::DelegateId, Choice::any(["deploy-bot".into()]));
        assert_eq!(found(&store, bot).await, [5], "{columns}");
        // Again, as every start of a server does.
        drop(store);
        assert_eq!(everything(&open_with(&database.url(), 100_000).await).await.len(), 5, "{columns}");
        undo(&database).await;
        assert_eq!(columns_beside(&database), "0", "{columns}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_column_that_an_application_has_added_to_the_log_stays_its_own() {
    let log = super::PostgresFixture::new();
    drop(open(&log.database.url()).await);
    log.database.psql(&format!("{BEFORE_RETENTION} {BEFORE}"));
    // The rule is the application's own, so it holds for rows of the API too.
    log.database.psql(
        "ALTER TABLE activity_logs ADD COLUMN via TEXT NOT NULL DEFAULT 'app', \
         ADD COLUMN delegate_id TEXT CHECK (delegate_id LIKE 'd-%')",
    );
    let store = open(&log.database.url()).await;
    let position = stored(&store, 1).await;
    check_the_agents_row(&store, position).await;
    let insert = "INSERT INTO activity_logs (user_id, action_type, success, delegate_id) \
                  VALUES ('u', 'a', TRUE, 'd-1')";
    log.database.psql(insert);
    reaches(&store, 2).await;
    let row = everything(&store).await.remove(1);
    assert_eq!(
        delegate(&row),
        (None, None, None),
        "the application's column means what the application means"
    );
    let kept = "SELECT via, delegate_id FROM activity_logs ORDER BY position";
    assert_eq!(log.database.psql(kept), "app|\napp|d-1\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_view_of_an_older_version_gets_the_fields_and_keeps_its_readers() {
    // The view reads durations, which are fractions in this table.
    let database = application(&["ALTER TABLE activity_logs ALTER duration_ms TYPE NUMERIC(8, 2);"]);
    drop(open(&database.url()).await);
    let fields = database.psql(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute \
         WHERE attrelid = 'livetrail_log'::regclass AND attnum > 0 AND attname NOT IN ('delegate_id', 'delegate_type', 'via')",
    );
    database.psql(&format!(
        "DROP VIEW livetrail_log; {BEFORE_RETENTION} {BEFORE}; CREATE VIEW livetrail_log AS SELECT {} FROM activity_logs; \
         CREATE VIEW reports AS SELECT count(*) AS rows FROM livetrail_log",
        fields.trim().replace("duration_ms", "floor(duration_ms + 0.5)::integer AS duration_ms")
    ));
    let store = open(&database.url()).await;
    let position = stored(&store, 1).await;
    check_the_agents_row(&store, position).await;
    assert_eq!(database.psql("SELECT rows FROM reports").trim(), position.to_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_application_inserts_is_shown_as_far_as_it_says_something() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    let rows = [
        ("'u-7', 'user', 'ui'", (Some("u-7"), Some(DelegateType::User), Some("ui"))),
        ("'bot', 'robot', NULL", (Some("bot"), None, None)),
        ("NULL, 'agent', NULL", (None, None, None)),
        ("'', 'agent', ''", (Some(""), None, Some(""))),
        (
            "'Bearer S3cr3tCanaryValue', 'agent', 'password=S3cr3tCanaryValue'",
            (Some(REDACTED), Some(DelegateType::Agent), Some("password=[redacted]")),
        ),
    ];
    for (n, (values, _)) in (1..).zip(&rows) {
        log.database.psql(&format!(
            "INSERT INTO activity_logs (user_id, action_type, success, delegate_id, delegate_type, via) \
             VALUES ('u', 'a', TRUE, {values})"
        ));
        reaches(&store, n).await;
    }
    let log = everything(&store).await;
    let shown: Vec<_> = log.iter().map(delegate).collect();
    assert_eq!(shown, rows.map(|(_, expected)| expected));
    assert_eq!(found(&store, Condition::Delegated(Choice::any([true]))).await, [5, 2, 1]);
    assert_eq!(found(&store, Condition::Delegated(Choice::any([false]))).await, [4, 3]);
    let grouping = Grouping {
        filter: Filter::default(),
        head: 5,
        by: vec![GroupBy::DelegateId],
        min_count: 1,
        limit: 9,
    };
    let groups = store.groups(grouping).await.expect("groups");
    assert!(groups.iter().any(|group| group.keys == [Scalar::Text(REDACTED.into())]), "{groups:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_step_waits_for_a_transaction_of_the_application_and_not_the_application_for_it() {
    let log = super::PostgresFixture::new();
    drop(open(&log.database.url()).await);
    log.database.psql(&format!("{BEFORE_RETENTION} {BEFORE}"));
    let application = client(&log.database.url()).await;
    let insert = "INSERT INTO activity_logs (user_id, action_type, success) VALUES ('u', 'a', TRUE)";
    application.batch_execute(&format!("BEGIN; {insert}")).await.expect("a transaction");
    let url = log.database.url();
    let opening = tokio::spawn(async move { open(&url).await });
    // Another session is held up for half a second at most, whenever the step is tried.
    let other = client(&log.database.url()).await;
    let waits = "SELECT EXISTS (SELECT FROM pg_stat_activity \
                 WHERE wait_event_type = 'Lock' AND query LIKE '%livetrail_%')";
    while !other.query_one(waits, &[]).await.expect("an answer").get::<_, bool>(0) {}
    other.batch_execute(&format!("SET statement_timeout = '60s'; {insert}")).await.expect("a row");
    assert!(!opening.is_finished());
    application.batch_execute("COMMIT").await.expect("the end");
    let store = opening.await.expect("it is opened");
    reaches(&store, 2).await;
    assert_eq!(stored(&store, 1).await, 3);
}
