//! The log in PostgreSQL, as an operator meets it.

use crate::program::{Finished, Fixture, Process, Serving, activity};
use crate::until::until;
use reqwest::Method;

const OLD_TABLE: &str = include_str!("../../../livetrail-store/tests/postgres/seed/first_form.sql");
const OLD_ROWS: &str = include_str!("../../../livetrail-store/tests/postgres/seed/rows.sql");

/// Starts a server that must not start, and returns what it said: one line of its own.
fn refused(url: &str) -> Finished {
    let finished = Fixture::with_log_in(url.into()).run(&["serve", "--listen", "127.0.0.1:0"]);
    let code = if finished.stderr.contains("database-url: ") { 2 } else { 1 };
    assert_eq!((finished.code, finished.stdout.as_str()), (Some(code), ""), "{}", finished.stderr);
    let lines = finished.stderr.lines().filter(|line| line.starts_with("livetrail: ")).count();
    assert_eq!(lines, 1, "{}", finished.stderr);
    assert!(!finished.stderr.contains("hunter2"), "{}", finished.stderr);
    finished
}

#[test]
fn what_is_wrong_with_an_address_is_said_in_one_line() {
    let database = private_postgres::database();
    for (url, words) in [
        ("postgres://postgres:hunter2@127.0.0.1:1/log".into(), "PostgreSQL at 127.0.0.1:1 does not answer"),
        (database.url().replace(database.name(), "no_such"), "createdb no_such"),
        ("postgres://app:hunter2@/log".into(), "database-url: it names no host"),
        ("postgres://app:hunter2@db/log?sslmode=on".into(), "sslmode=on is not known"),
        ("postgres://app:hunter2@db/log?sslmode=verify-full&sslrootcert=/no/such.pem".into(), "/no/such.pem"),
    ] {
        assert!(refused(&url).stderr.contains(words), "{url}");
    }
}

#[tokio::test]
async fn an_old_table_is_adopted_when_the_server_starts_and_a_dry_run_says_how() {
    let database = private_postgres::database();
    database.psql(&format!("{OLD_TABLE}{OLD_ROWS}ANALYZE activity_logs;"));
    let fixture = Fixture::with_log_in(database.url());
    let plan = fixture.succeed(&["migrate", "--dry-run"]);
    assert!(plan.contains("would apply 0002_log: adopt the table activity_logs: 5000 rows"), "{plan}");
    assert_eq!(
        database.psql("SELECT to_regclass('livetrail_settings') IS NULL").trim(),
        "t",
        "nothing was done"
    );

    let server = fixture.serve();
    for words in ["adopt the table activity_logs: 5000 rows", "it is now activity_logs_before_livetrail"] {
        server.process.says(words);
    }
    let admin = fixture.key("admin");
    let list = server.get(&admin, "/api/admin/activity?user_search=user2@example.org&limit=1").await.body;
    assert_eq!(
        (list["data"][0]["user_display_name"].as_str(), list["total"].as_u64()),
        (Some("User 2"), Some(1_667))
    );
    let next = server.post(&fixture.key("writer"), &activity("u-1", "chat_message")).await.position();
    assert!(next > 5_000, "{next}");
    assert!(fixture.succeed(&["migrate"]).contains("is up to date"));
    assert!(!fixture.succeed(&["config", "print"]).contains("hunter2"));
}

#[test]
fn migrating_by_hand_adopts_the_table_too() {
    let database = private_postgres::database();
    database.psql(&format!("{OLD_TABLE}{OLD_ROWS}"));
    let fixture = Fixture::with_log_in(database.url());
    let Finished { code, stdout: said, stderr } = fixture.run(&["migrate"]);
    assert!(code == Some(0) && !stderr.contains("restored"), "{stderr}");
    assert!(
        said.contains("applying 0001_own") && said.contains("applying 0002_log: adopt the table"),
        "{said}"
    );
    assert_eq!(database.psql("SELECT max(position) FROM activity_logs").trim(), "5000");
}

#[test]
fn a_column_of_another_meaning_is_kept_by_the_command_that_the_dry_run_names() {
    let database = private_postgres::database();
    database.psql(&format!(
        "{OLD_TABLE}{OLD_ROWS} ALTER TABLE activity_logs ADD COLUMN position INTEGER DEFAULT 3"
    ));
    let fixture = Fixture::with_log_in(database.url());
    let way = ["migrate", "--column", "app_position=position"];
    for refused in
        [fixture.run(&["migrate", "--dry-run"]), fixture.run(&["migrate"]), fixture.run(&["serve"])]
    {
        let named = refused.stderr.contains(&format!("`livetrail {}`", way.join(" ")));
        assert!(refused.code == Some(1) && named, "{}", refused.stderr);
    }
    let plan = fixture.succeed(&[&way[..], &["--dry-run"]].concat());
    assert!(plan.contains("position of the application becomes app_position"), "{plan}");
    fixture.succeed(&way);
    assert_eq!(database.psql("SELECT sum(app_position), max(position) FROM activity_logs"), "15000|5000\n");
    database.psql("CREATE FUNCTION places() RETURNS BIGINT LANGUAGE sql AS 'SELECT sum(app_position) FROM activity_logs'");
    let refusal = fixture.run(&["migrate", "--undo"]).stderr;
    let breaks = "places: this function names the column app_position, which is position again";
    assert!(refusal.contains(breaks) && refusal.contains("Nothing was changed"), "{refusal}");
    let undone = fixture.succeed(&["migrate", "--undo", "--without", "places"]);
    assert!(undone.contains("activity_logs is the application's table again"), "{undone}");
    assert_eq!(database.psql("SELECT sum(position) FROM activity_logs"), "15000\n");
    let embedded = Fixture::new().run(&way);
    assert!(embedded.stderr.contains("--column: a log in"), "{}", embedded.stderr);
}

#[tokio::test]
async fn a_log_beside_a_table_of_another_form_is_made_by_the_command_that_the_refusal_names() {
    let database = private_postgres::database();
    database.psql(
        "CREATE TABLE activity_logs (id SERIAL PRIMARY KEY, user_id INTEGER, action TEXT, created_at TIMESTAMPTZ DEFAULT now());
         INSERT INTO activity_logs (user_id, action) VALUES (7, 'login')",
    );
    let fixture = Fixture::with_log_in(database.url());
    let refused = fixture.run(&["migrate"]);
    let way = "livetrail migrate --beside (it reads action_type=action, timestamp=created_at)";
    assert!(refused.code == Some(1) && refused.stderr.contains(way), "{}", refused.stderr);
    let plan = fixture.succeed(&["migrate", "--beside", "--dry-run"]);
    assert!(plan.contains("would apply the table public.activity_logs stays as it is"), "{plan}");
    fixture.succeed(&["migrate", "--beside"]);

    let server = fixture.serve();
    let admin = fixture.key("admin");
    database.psql("INSERT INTO public.activity_logs (user_id, action) VALUES (8, 'logout')");
    let mut log = Vec::new();
    until(async || {
        log = server.log(&admin).await;
        log.iter().any(|activity| activity["action_type"] == "logout")
    })
    .await;
    let seen: Vec<_> = log.iter().map(|activity| (&activity["user_id"], &activity["action_type"])).collect();
    for (user, action) in [("7", "login"), ("8", "logout")] {
        assert!(seen.iter().any(|(id, done)| *id == user && *done == action), "{seen:?}");
    }
    drop(server);
    let undone = fixture.succeed(&["migrate", "--undo"]);
    assert!(undone.contains("the log beside the application's table is dropped"), "{undone}");
}

#[test]
fn a_dry_run_names_the_zone_in_which_times_without_one_are_read() {
    let database = private_postgres::database();
    database.psql(&format!(
        "{OLD_TABLE}{OLD_ROWS} ALTER TABLE activity_logs ALTER timestamp TYPE TIMESTAMP, ALTER created_at TYPE TIMESTAMP;
         ALTER DATABASE {} SET timezone = 'Asia/Kolkata'",
        database.name()
    ));
    let fixture = Fixture::with_log_in(database.url());
    let refused = fixture.run(&["migrate", "--dry-run"]);
    let way = "created_at and timestamp: they have no time zone: choose it by --timezone Asia/Kolkata";
    assert!(refused.code == Some(1) && refused.stderr.contains(way), "{}", refused.stderr);
    for zone in ["Asia/Kolkata", "UTC"] {
        let plan = fixture.succeed(&["migrate", "--dry-run", "--timezone", zone]);
        let read = format!("become timestamptz; the stored times are read in the zone {zone}");
        assert!(plan.contains(&read), "{plan}");
    }
}

#[tokio::test]
async fn rows_that_are_set_aside_are_counted_by_a_metric() {
    let database = private_postgres::database();
    let fixture = Fixture::with_log_in(database.url());
    let command = fixture.command(&["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"]);
    let server = Serving::start(command);
    let said = server.process.says("metrics at ");
    let (_, address) = said.split_once("metrics at ").expect("an address");
    let is_counted = async |rows: &str| {
        let answer = server.client.get(address).send().await.expect("an answer");
        answer
            .text()
            .await
            .expect("text")
            .lines()
            .any(|line| line == format!("livetrail_rows_set_aside {rows}"))
    };
    assert!(is_counted("0").await);
    database.psql(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''not this one''; END';
         CREATE TRIGGER refuse BEFORE INSERT ON activity_logs FOR EACH ROW WHEN (NEW.position > 0 AND NEW.user_id = 'stuck')
           EXECUTE FUNCTION refuse();
         INSERT INTO activity_logs (user_id, action_type, success) VALUES ('stuck', 'a', TRUE), ('free', 'a', TRUE)",
    );
    until(async || is_counted("1").await).await;
}

/// A command makes a server of its own where none is running, and several may do so at once.
#[test]
fn commands_work_without_a_running_server_and_beside_each_other() {
    let database = private_postgres::database();
    let fixtures: Vec<_> = (0..2).map(|_| Fixture::with_log_in(database.url()).begin()).collect();
    let keys: Vec<String> = std::thread::scope(|scope| {
        let making: Vec<_> = fixtures
            .iter()
            .flat_map(|fixture| [fixture, fixture])
            .map(|fixture| scope.spawn(|| fixture.key("writer")))
            .collect();
        making.into_iter().map(|making| making.join().expect("a key")).collect()
    });
    let listed = fixtures[0].succeed(&["key", "list"]);
    assert_eq!(listed.matches("test writer").count(), keys.len(), "{listed}");
}

#[tokio::test]
async fn the_table_of_an_application_elsewhere_is_copied_once_and_left_as_it_is() {
    let elsewhere = private_postgres::database();
    elsewhere.psql(&format!(
        "{OLD_TABLE}{OLD_ROWS}
         ALTER TABLE activity_logs ADD COLUMN country TEXT;
         UPDATE activity_logs SET country = 'DK', status_code = 999, ip_address = '10.0.0.1/8', duration_ms = -1
           WHERE id = (SELECT min(id::text)::uuid FROM activity_logs);"
    ));
    let fixture = Fixture::new().begin();
    for said in
        ["5000 imported, 0 were there already, 0 refused", "0 imported, 5000 were there already, 0 refused"]
    {
        let finished = fixture.run(&["import", "--from", &elsewhere.url()]);
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
        assert!(finished.stderr.contains(said), "{}", finished.stderr);
    }
    let server = fixture.serve();
    let log = server.log(&fixture.key("admin")).await;
    let copied: Vec<_> = log.iter().filter(|activity| activity["resource_type"] == "document").collect();
    assert_eq!(copied.len(), 5_000);
    assert!(
        copied.is_sorted_by_key(|activity| activity["occurred_at"].as_str()),
        "in the order of their times"
    );
    let odd = copied.iter().find(|activity| activity["details"]["country"] == "DK").expect("it is there");
    assert!(odd["status_code"].is_null() && odd["duration_ms"].is_null() && odd["ip_address"] == "10.0.0.1");
    assert_eq!(elsewhere.psql("SELECT count(*) FROM pg_class WHERE relname LIKE 'livetrail%'").trim(), "0");

    fixture.write("old-server.url", &format!("{}\n", elsewhere.url()));
    let mut by_environment = fixture.command(&["import"]);
    by_environment.env("LIVETRAIL_IMPORT_FROM", elsewhere.url());
    let by_file = fixture.command(&["import", "--from-file", "old-server.url"]);
    for command in [by_environment, by_file] {
        let finished = Process::start(command).finish();
        assert!(finished.stderr.contains("5000 were there already"), "{}", finished.stderr);
    }

    let refused = fixture.run(&["import", "--from", &private_postgres::database().url()]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("has no table named activity_logs"), "{}", refused.stderr);
}

#[test]
fn rows_without_a_time_are_refused_one_by_one_and_the_others_are_imported() {
    let elsewhere = private_postgres::database();
    elsewhere.psql(
        "CREATE TABLE activity_logs (id INTEGER, user_id TEXT, action TEXT, created_at TIMESTAMPTZ DEFAULT '2026-01-01 04:30Z');
         INSERT INTO activity_logs VALUES (1, 'u', 'a', DEFAULT), (2, 'u', 'a', NULL), (NULL, 'u', 'a', DEFAULT), (NULL, 'u', 'b', NULL),
           (5, 'u', 'a', DEFAULT);
         INSERT INTO activity_logs SELECT n, 'u', 'a', NULL FROM generate_series(1001, 2600) n",
    );
    let fixture = Fixture::new().begin();
    let finished = fixture.run(&["import", "--from", &elsewhere.url()]);
    assert_eq!(finished.code, Some(1), "{}", finished.stderr);
    assert!(
        finished.stderr.contains("3 imported, 0 were there already, 1602 refused"),
        "{}",
        finished.stderr
    );
    assert!(finished.stderr.contains("has no time in created_at (id 2)\n"), "{}", finished.stderr);
    assert_eq!(finished.stderr.matches("has no time in created_at").count(), 1_602);
}

#[tokio::test]
async fn a_table_of_another_form_is_copied_by_a_mapping_that_is_guessed_or_given() {
    for (table, options, said) in [
        (
            "CREATE TABLE activity_logs (id SERIAL PRIMARY KEY, user_id INTEGER NOT NULL, action_type VARCHAR(100) NOT NULL,
               timestamp TIMESTAMP DEFAULT '2026-01-01 10:00');
             INSERT INTO activity_logs (user_id, action_type) VALUES (7, 'login'), (7, 'login');",
            &["--timezone", "Asia/Kolkata"][..],
            "reading times without a zone are those of Asia/Kolkata",
        ),
        (
            "CREATE TABLE activity_logs (id UUID PRIMARY KEY DEFAULT gen_random_uuid(), user_id TEXT, action_type TEXT NOT NULL,
               metadata JSONB, created_at TIMESTAMPTZ DEFAULT '2026-01-01 04:30Z');
             INSERT INTO activity_logs (user_id, action_type, metadata) VALUES ('7', 'login', '{}'), ('7', 'login', NULL);",
            &[],
            "reading details=metadata, timestamp=created_at",
        ),
        (
            "CREATE TABLE \"Audit\" (pk TEXT PRIMARY KEY, \"userId\" TEXT, verb TEXT NOT NULL, \"createdAt\" TIMESTAMPTZ(3), data TEXT);
             INSERT INTO \"Audit\" VALUES ('clx1', '7', 'login', '2026-01-01 04:30Z', '{\"a\": 1}'), ('clx2', '7', 'login', '2026-01-01 04:30Z', 'x');",
            &["--table", "\"Audit\"", "--column", "id=pk"],
            "reading action_type=verb, details=data, id=pk, timestamp=createdAt, user_id=userId",
        ),
    ] {
        let elsewhere = private_postgres::database();
        elsewhere.psql(table);
        let fixture = Fixture::new().begin();
        let url = elsewhere.url();
        let arguments = [&["import", "--from", url.as_str()], options].concat();
        for counted in ["2 imported, 0 were there already", "0 imported, 2 were there already"] {
            let finished = fixture.run(&arguments);
            assert_eq!(finished.code, Some(0), "{}", finished.stderr);
            assert!(finished.stderr.contains(said) && finished.stderr.contains(counted), "{}", finished.stderr);
        }
        let server = fixture.serve();
        let log = server.log(&fixture.key("admin")).await;
        let copied: Vec<_> = log.iter().filter(|activity| activity["action_type"] == "login").collect();
        assert_eq!(copied.len(), 2, "{table}");
        for activity in copied {
            assert_eq!(activity["user_id"], "7");
            assert_eq!(activity["occurred_at"], "2026-01-01T04:30:00.000000Z");
        }
    }

    let elsewhere = private_postgres::database();
    elsewhere.psql("CREATE TABLE activity_logs (id INTEGER, who TEXT, at TIMESTAMPTZ)");
    let fixture = Fixture::new().begin();
    let refused = fixture.run(&["import", "--from", &elsewhere.url()]);
    assert_eq!(refused.code, Some(1));
    for words in [
        "name it by --column timestamp=COLUMN --column user_id=COLUMN --column action_type=COLUMN",
        "it has id, who, at",
    ] {
        assert!(refused.stderr.contains(words), "{}", refused.stderr);
    }
    let mistyped = fixture.run(&["import", "--from", &elsewhere.url(), "--column", "user_id"]);
    assert!(mistyped.stderr.contains("write FIELD=COLUMN"), "{}", mistyped.stderr);
}

#[tokio::test]
async fn a_server_that_does_not_sync_is_warned_of() {
    let cluster = std::sync::Arc::new(private_postgres::Cluster::start(&["fsync = off"]));
    let database = cluster.database();
    let fixture = Fixture::with_log_in(database.url());
    let server = fixture.serve();
    server.process.says("fsync=off: what is acknowledged does not survive a power loss");
}

#[tokio::test]
async fn secrets_of_a_row_that_an_application_inserts_are_shown_nowhere() {
    const CANARY: &str = "S3cr3tCanaryValue";
    let database = private_postgres::database();
    let fixture = Fixture::with_log_in(database.url());
    let server = fixture.serve();
    let admin = fixture.key("admin");
    let mut live = server.stream(&admin, None).await;
    database.psql(&format!(
        "INSERT INTO activity_logs (id, user_id, action_type, endpoint, success, error_message, user_agent, details) VALUES \
           ('0198c0de-7a3b-7000-8000-000000000001', 'u-sql', 'user_login', '/reset/{CANARY}', FALSE, 'Bearer {CANARY}', \
            'probe eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoxMjN9.{CANARY}', '{{\"password\": \"{CANARY}\"}}')"
    ));
    let pushed = loop {
        let activity = live.next_activity().await;
        if activity["user_id"] == "u-sql" {
            break activity;
        }
    };
    assert_eq!(pushed["details"]["password"], "[redacted]");
    assert_eq!(pushed["user_agent"], "probe [redacted]");
    let (mut again, before) =
        (server.log(&admin).await, pushed["position"].as_u64().expect("a position") - 1);
    again.retain(|activity| activity["user_id"] == "u-sql");
    assert_eq!(again, std::slice::from_ref(&pushed));

    let epoch = live.cursor.split('-').next().expect("an epoch");
    let replayed = server.stream(&admin, Some(&format!("{epoch}-{before}"))).await.next_activity().await;
    assert_eq!(replayed, pushed);
    for path in [
        "/api/admin/activity/0198c0de-7a3b-7000-8000-000000000001",
        "/api/admin/activity/export?format=csv",
        "/api/admin/activity/export?format=ndjson",
        "/api/admin/reports/endpoint_performance",
        "/api/admin/reports/recent_activity?user_id=u-sql",
    ] {
        let answer = server.request(Method::GET, path).bearer_auth(&admin).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        let text = answer.text().await.expect("a text");
        assert!(text.contains("[redacted]") && !text.contains(CANARY), "{path}: {text}");
    }
}
