//! What cannot be carried over stops an adoption until it is accepted.

use super::{
    TIMEOUT,
    adopt::{application, pending},
    append, everything, reaches, small, try_to_open,
};
use livetrail_store::{AdoptionChoices, PostgresOptions, PostgresStore, Result, Undone};
use livetrail_types::Epoch;
use private_postgres::Database;

pub(super) async fn open_with(database: &Database, adoption: AdoptionChoices) -> Result<PostgresStore> {
    let options = PostgresOptions { adoption, ..small() };
    PostgresStore::open(database.url().parse().expect("an address"), options, Epoch(1)).await
}

fn without(names: &[&str]) -> AdoptionChoices {
    AdoptionChoices {
        without: names.iter().map(|&name| name.to_owned()).collect(),
        ..AdoptionChoices::default()
    }
}

/// Undoes an adoption, once the sessions of a store that was dropped have ended.
pub(super) async fn undo(database: &Database) -> Undone {
    try_to_undo(database).await.expect("it is undone")
}

/// The same, which may be refused.
pub(super) async fn try_to_undo(database: &Database) -> Result<Undone> {
    undo_without(database, &[]).await
}

/// The same, although things of these names break.
pub(super) async fn undo_without(database: &Database, names: &[&str]) -> Result<Undone> {
    let without = without(names).without;
    let undoing = async {
        loop {
            let undone =
                PostgresStore::undo_adoption(database.url().parse().expect("an address"), &without).await;
            if !undone.as_ref().is_err_and(|error| error.to_string().contains("stop its servers first")) {
                return undone;
            }
        }
    };
    tokio::time::timeout(TIMEOUT, undoing).await.expect("the sessions of the store end")
}

/// What there is in the schema.
fn objects(database: &Database) -> String {
    database.psql(
        "SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace
         UNION ALL SELECT proname, 'function' FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1, 2",
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_would_be_lost_is_named_all_at_once_and_nothing_is_made_until_it_is_accepted() {
    let database = application(&["CREATE DOMAIN verb AS TEXT CHECK (value = 'GET');
         ALTER TABLE activity_logs ADD COLUMN request_key TEXT UNIQUE, ADD COLUMN \"position\" TEXT;
         ALTER TABLE activity_logs ALTER http_method TYPE verb USING 'GET'::verb;
         CREATE TABLE notes (log UUID CONSTRAINT note_of REFERENCES activity_logs);
         CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM activity_logs;
         CREATE POLICY by_uuid ON activity_logs USING (coalesce(user_id, gen_random_uuid()) <> gen_random_uuid());
         CREATE FUNCTION newest() RETURNS activity_logs LANGUAGE sql AS 'SELECT * FROM activity_logs LIMIT 1';"]);
    let before = objects(&database);
    let names = [
        "activity_logs_request_key_key",
        "by_uuid",
        "http_method",
        "newest",
        "note_of",
        "position",
        "totals",
    ];
    let refusals = [
        pending(&database).await.err(),
        try_to_open(&database.url()).await.err(),
        open_with(&database, without(&names[1..])).await.err(),
    ];
    for (refusal, names) in refusals.into_iter().zip([&names[..], &names[..], &names[..1]]) {
        let refusal = refusal.expect("a refusal").to_string();
        for name in names {
            assert!(refusal.contains(&format!("\n  {name}: ")), "{name}: {refusal}");
        }
        assert!(refusal.contains("livetrail migrate --without NAME"), "{refusal}");
        assert_eq!(objects(&database), before, "nothing is left behind");
    }
    let unknown = open_with(&database, without(&["nothing"])).await.err().expect("a refusal").to_string();
    assert!(unknown.contains("--without nothing names nothing that would be lost"), "{unknown}");

    let store = open_with(&database, without(&names)).await.expect("it is adopted");
    assert_eq!(everything(&store).await.len(), 5_000);
    database.psql("INSERT INTO notes VALUES (gen_random_uuid())");
    assert_eq!(database.psql("SELECT count(*) FROM activity_logs WHERE http_method = 'GET'"), "5000\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_without_what_every_activity_has_is_refused_with_all_reasons() {
    for (change, words) in [
        (
            "ALTER TABLE activity_logs DROP COLUMN success, ALTER COLUMN id TYPE TEXT",
            &["it has no column success", "its column id is text and not uuid"][..],
        ),
        (
            "ALTER TABLE activity_logs RENAME TO other; CREATE VIEW activity_logs AS SELECT 1",
            &["it is not an ordinary table"],
        ),
        ("CREATE TABLE child () INHERITS (activity_logs)", &["tables inherit from it", "livetrail import"]),
        (
            "CREATE TABLE parent (); ALTER TABLE activity_logs INHERIT parent",
            &["it inherits from a table", "livetrail migrate --beside"],
        ),
        ("CREATE TABLE activity_logs_before_livetrail ()", &["activity_logs_before_livetrail already"]),
    ] {
        let database = application(&[change]);
        let before = objects(&database);
        let error = try_to_open(&database.url()).await.err().expect("a refusal").to_string();
        for words in words {
            assert!(
                error.contains("the table activity_logs cannot be adopted") && error.contains(words),
                "{error}"
            );
        }
        assert_eq!(objects(&database), before);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn timestamps_without_a_zone_are_read_in_the_one_that_is_chosen() {
    let naive = "ALTER TABLE activity_logs ALTER timestamp TYPE TIMESTAMP, ALTER created_at TYPE TIMESTAMP;
         UPDATE activity_logs SET timestamp = '2026-07-01 12:00:00' WHERE id = (SELECT min(id::text) FROM activity_logs)::uuid;";
    for (of_sessions, chosen, at) in [
        ("UTC", None, "2026-07-01 12:00:00"),
        ("UTC", Some("Asia/Kolkata"), "2026-07-01 06:30:00"),
        ("Asia/Kolkata", Some("UTC"), "2026-07-01 12:00:00"),
    ] {
        let database = application(&[naive]);
        database.psql(&format!("ALTER DATABASE \"{}\" SET timezone = '{of_sessions}'", database.name()));
        let adoption = AdoptionChoices { timezone: chosen.map(str::to_owned), ..AdoptionChoices::default() };
        if chosen == Some("UTC") {
            let refusal = try_to_open(&database.url()).await.err().expect("a refusal").to_string();
            assert!(refusal.contains("choose it by --timezone Asia/Kolkata"), "{refusal}");
        }
        drop(open_with(&database, adoption).await.expect("it is adopted"));
        let found = format!("SELECT count(*) FROM activity_logs WHERE timestamp = '{at}+00'");
        assert_eq!(database.psql(&found), "1\n", "{of_sessions} {chosen:?}");
    }
    let database = application(&[naive]);
    let adoption = AdoptionChoices { timezone: Some("Nowhere/Land".into()), ..AdoptionChoices::default() };
    let refusal = open_with(&database, adoption).await.err().expect("a refusal").to_string();
    assert!(refusal.contains("no time zone Nowhere/Land"), "{refusal}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_adoption_that_fails_midway_leaves_nothing_behind() {
    let database = application(&[
        // It can be read, and not be stored: the check is of a row that was never checked.
        "CREATE FUNCTION picky(TEXT) RETURNS BOOLEAN IMMUTABLE LANGUAGE sql AS 'SELECT TRUE';
         ALTER TABLE activity_logs ADD CONSTRAINT picky CHECK (picky(endpoint));
         CREATE OR REPLACE FUNCTION picky(TEXT) RETURNS BOOLEAN IMMUTABLE LANGUAGE sql AS 'SELECT $1 <> ''/api/chat''';
         UPDATE activity_logs SET endpoint = '/api/other'; ALTER TABLE activity_logs DISABLE TRIGGER ALL;
         CREATE OR REPLACE FUNCTION picky(TEXT) RETURNS BOOLEAN IMMUTABLE LANGUAGE sql AS 'SELECT $1 <> ''/api/other''';",
    ]);
    let before = objects(&database);
    let error = try_to_open(&database.url()).await.err().expect("a refusal").to_string();
    assert!(error.contains("picky"), "{error}");
    assert_eq!(objects(&database), before);
    database.psql("DROP FUNCTION picky CASCADE");
    assert_eq!(everything(&try_to_open(&database.url()).await.expect("it is adopted")).await.len(), 5_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_adoption_that_is_undone_leaves_the_applications_table_with_what_came_since_and_can_be_made_again()
{
    let database = application(&["CREATE VIEW logins AS SELECT id, timestamp FROM activity_logs;
         ALTER TABLE activity_logs ADD COLUMN seq BIGSERIAL, ADD COLUMN n INTEGER GENERATED BY DEFAULT AS IDENTITY;
         CREATE TABLE notes (log UUID CONSTRAINT note_of REFERENCES activity_logs);
         CREATE INDEX by_details ON activity_logs USING gin (details);
         ALTER TABLE activity_logs ALTER endpoint DROP NOT NULL, ALTER http_method DROP NOT NULL, ALTER status_code DROP NOT NULL,
           ALTER created_at TYPE TIMESTAMP, ALTER user_id TYPE TEXT;"]);
    let shown = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'activity_logs'::regclass ORDER BY 1;
         SELECT indexdef FROM pg_indexes WHERE tablename = 'activity_logs' ORDER BY 1; SELECT pg_get_viewdef('logins');
         SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'activity_logs'::regclass ORDER BY attnum";
    let (shown_before, objects_before) = (database.psql(shown), objects(&database));
    let insert = "INSERT INTO activity_logs (user_id, action_type, success, created_at) VALUES ('u-1', 'late', TRUE, '2026-01-01 10:00Z') RETURNING seq, n";
    for round in 0..2_u64 {
        let store = open_with(&database, without(&["note_of"])).await.expect("it is adopted");
        let came = round * 3;
        assert_eq!(everything(&store).await.len() as u64, 5_000 + came);
        let address = || database.url().parse().expect("an address");
        let in_use = PostgresStore::undo_adoption(address(), &[]).await.expect_err("a refusal").to_string();
        assert!(in_use.contains("stop its servers first"), "{in_use}");
        assert_eq!(append(&store, round * 2 + 1..=round * 2 + 2).await.len(), 2);
        drop(store);
        // Its key was dropped; an undo brings the key back, for what comes then.
        database.psql("INSERT INTO notes VALUES (gen_random_uuid())");
        database.psql(insert);
        assert_eq!(undo(&database).await, Undone { returned: 3, ..Undone::default() });
        assert_eq!(database.psql(shown), shown_before);
        assert_eq!(objects(&database), objects_before);
        assert_eq!(database.psql("SELECT count(*) FROM logins").trim(), (5_000 + came + 3).to_string());
    }
    let next = database.psql(insert);
    assert_eq!(next.lines().next(), Some("5007|5007"), "sequences go on");
    let written = "SELECT DISTINCT created_at FROM activity_logs WHERE action_type = 'late'";
    assert_eq!(database.psql(written), "2026-01-01 10:00:00\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_the_applications_table_does_not_take_back_are_kept_beside_it() {
    let database = application(&[]);
    let store = try_to_open(&database.url()).await.expect("it is adopted");
    append(&store, 1..=3).await;
    drop(store);
    // One of them has all that the old table wants.
    database.psql(
        "UPDATE activity_logs SET endpoint = '/x', http_method = 'GET', status_code = 200, user_id = gen_random_uuid()
         WHERE position = 5002",
    );
    let address = || database.url().parse().expect("an address");
    assert_eq!(undo(&database).await, Undone { returned: 1, refused: 2, ..Undone::default() });
    let left =
        "SELECT count(*) FROM activity_logs; SELECT position FROM activity_logs_not_returned ORDER BY 1";
    assert_eq!(database.psql(left), "5001\n5001\n5003\n");
    let again = PostgresStore::undo_adoption(address(), &[]).await.expect_err("a refusal").to_string();
    assert!(again.contains("there is no adoption to undo"), "{again}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_taken_back_in_batches_and_one_by_one_only_in_a_batch_that_fails() {
    let database = application(&["ALTER TABLE activity_logs ALTER endpoint TYPE VARCHAR(20)"]);
    let store = try_to_open(&database.url()).await.expect("it is adopted");
    let insert = |endpoint: &str, count: u32| {
        database.psql(&format!(
            "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success)
             SELECT gen_random_uuid(), 'late', {endpoint}, 'GET', 200, TRUE FROM generate_series(1, {count})"
        ));
    };
    insert("'/x'", 2_500);
    insert("repeat('/long', 10)", 1);
    insert("'/x'", 1_000);
    reaches(&store, 8_501).await;
    drop(store);
    // These wait for their positions.
    insert("'/x'", 10);
    assert_eq!(undo(&database).await, Undone { returned: 3_510, refused: 1, ..Undone::default() });
    // Each subtransaction has a number of its own.
    let tries = "SELECT count(DISTINCT xmin::text) FROM activity_logs WHERE action_type = 'late'";
    let tries: u32 = database.psql(tries).trim().parse().expect("a number");
    assert!((1..1_100).contains(&tries), "{tries}");
    assert_eq!(database.psql("SELECT count(*) - count(DISTINCT id) FROM activity_logs"), "0\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_of_another_role_or_schema_is_refused_before_anything_is_made() {
    let database = application(&["CREATE SCHEMA other;"]);
    let role = format!("maker_{}", database.name());
    database.psql(&format!(
        "CREATE ROLE {role} LOGIN; GRANT ALL ON SCHEMA public TO {role}; GRANT ALL ON ALL TABLES IN SCHEMA public TO {role};"
    ));
    let before = objects(&database);
    let by_role = database.url().replace("postgres@", &format!("{role}@"));
    let remote = format!("{}?options=-csearch_path%3Dother,public", database.url());
    for (url, words) in [(by_role, "it belongs to postgres"), (remote, "it is in the schema public")] {
        let refusal = try_to_open(&url).await.err().expect("a refusal").to_string();
        assert!(refusal.contains(words), "{refusal}");
        assert_eq!(objects(&database), before);
    }
    database.psql(
        "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success)
        VALUES (gen_random_uuid(), 'a', '/x', 'GET', 200, TRUE)",
    );
    database.psql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_that_is_given_up_is_not_made_and_a_default_that_fails_is_told() {
    let database = application(&["CREATE INDEX by_user ON activity_logs (uuid_send(user_id));"]);
    let refusal = try_to_open(&database.url()).await.err().expect("a refusal").to_string();
    assert!(refusal.contains("\n  by_user: the index by_user cannot be made"), "{refusal}");
    open_with(&database, without(&["by_user"])).await.expect("it is adopted");

    let database = application(&[
        "ALTER TABLE activity_logs ADD COLUMN org TEXT; ALTER TABLE activity_logs ALTER org SET DEFAULT current_setting('app.org');",
    ]);
    let refusal = pending(&database).await.expect_err("a refusal").to_string();
    assert!(
        refusal.contains("what the API stores would be refused") && refusal.contains("app.org"),
        "{refusal}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_undo_would_lose_stops_it() {
    let database = application(&["ALTER TABLE activity_logs ALTER endpoint TYPE VARCHAR(20)"]);
    drop(try_to_open(&database.url()).await.expect("it is adopted"));
    database.psql("ALTER TABLE activity_logs ADD COLUMN org TEXT");
    let address = || database.url().parse().expect("an address");
    let refusal = PostgresStore::undo_adoption(address(), &[]).await.expect_err("a refusal").to_string();
    assert!(refusal.contains("the columns org were added since the adoption"), "{refusal}");
    database.psql(
        "ALTER TABLE activity_logs DROP COLUMN org;
         INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success)
         VALUES (gen_random_uuid(), 'a', repeat('/long', 10), 'GET', 200, TRUE), (gen_random_uuid(), 'a', '/x', 'GET', 200, TRUE)",
    );
    let undone = PostgresStore::undo_adoption(address(), &[]).await.expect("it is undone");
    assert_eq!(undone, Undone { returned: 1, refused: 1, ..Undone::default() });
    assert_eq!(database.psql("SELECT length(endpoint) FROM activity_logs_not_returned"), "50\n");
}
