//! A log whose rows were loaded from a dump while no node ran. Each form of a dump gives it a new epoch, once.

use super::{append, small};
use crate::until::until;
use livetrail_store::{Erasure, Hold, Log, Person, PostgresStore, Retention};
use livetrail_types::Epoch;
use private_postgres::Database;

/// Every table and its rows, as `pg_dump --clean` writes them.
const WHOLE: &[&str] = &["--clean", "--if-exists"];
const DATA: &[&str] = &["--data-only"];
const INSERTS: &[&str] = &["--data-only", "--inserts"];
/// The log without the settings.
const LOG_DATA: &[&str] = &["--data-only", "--table=activity_logs*", "--table=livetrail_head"];

/// The settings of a version without the marks `transaction` and `newest`, and those of a version without any mark.
const OLDER: &str = "DELETE FROM livetrail_settings WHERE name IN ('transaction', 'newest')";
const OLDEST: &str = "DELETE FROM livetrail_settings WHERE name <> 'epoch'";

/// What a restore that loads only data begins with.
const EMPTY: &str = r"DO $$ DECLARE tables TEXT; BEGIN
    SELECT string_agg(oid::regclass::text, ', ') INTO tables FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT relispartition;
    EXECUTE format('TRUNCATE activity_logs, %s', tables);
END $$";

/// Opens and closes the log, which is called `fresh` if it needs a new epoch; its epoch and head.
async fn opened(database: &Database, fresh: u32) -> (u32, u64) {
    let store = open(database, fresh).await;
    let head = store.head().await.expect("a head");
    (head.epoch.0, head.head)
}

async fn open(database: &Database, fresh: u32) -> PostgresStore {
    let address = database.url().parse().expect("an address");
    PostgresStore::open(address, small(), Epoch(fresh)).await.expect("the store opens")
}

/// A log of epoch 1 with `count` activities.
async fn log(count: u64) -> Database {
    let database = private_postgres::database();
    let store = open(&database, 1).await;
    append(&store, 1..=count).await;
    // A start marks the newest activity up to the noted head, which follows a moment after the commit.
    let noted = count.to_string();
    until(async || database.psql("SELECT last_value FROM livetrail_head").trim() == noted).await;
    drop(store);
    // The next start sets the marks again, and keeps the epoch.
    assert_eq!(opened(&database, 2).await, (1, count));
    database
}

/// Appends to the log, which keeps its epoch, so that a copy is older than the log.
async fn go_on(database: &Database) {
    append(&open(database, 2).await, 101..=150).await;
}

/// Checks that the restored log has a new epoch, and keeps it from then on.
async fn has_a_new_epoch_once(database: &Database, form: &[&str]) {
    assert_eq!(opened(database, 3).await, (3, 100), "{form:?}");
    assert_eq!(opened(database, 4).await, (3, 100), "{form:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_in_any_form_that_is_loaded_while_no_node_runs_gives_the_log_a_new_epoch() {
    for (form, before) in [(WHOLE, ""), (DATA, EMPTY), (INSERTS, EMPTY), (LOG_DATA, "TRUNCATE activity_logs")]
    {
        let database = log(100).await;
        let dump = database.dump_with(form);
        go_on(&database).await;
        database.psql(&format!("{before};\n{dump}"));
        has_a_new_epoch_once(&database, form).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_of_an_older_version_that_is_loaded_while_no_node_runs_gives_the_log_a_new_epoch() {
    let whole_by_inserts: &[&str] = &["--clean", "--if-exists", "--inserts"];
    for (older, form, before) in [
        (OLDER, WHOLE, ""),
        (OLDER, DATA, EMPTY),
        (OLDER, INSERTS, EMPTY),
        (OLDEST, WHOLE, ""),
        (OLDEST, whole_by_inserts, ""),
    ] {
        let database = log(100).await;
        database.psql(older);
        let dump = database.dump_with(form);
        go_on(&database).await;
        database.psql(&format!("{before};\n{dump}"));
        has_a_new_epoch_once(&database, form).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_of_a_version_with_fewer_tables_is_loaded_over_a_log_of_this_version() {
    let database = log(100).await;
    database.psql(super::BEFORE_RETENTION);
    let dump = database.dump_with(WHOLE);
    go_on(&database).await;
    let hold = Hold { reason: "case 4711".into(), ..Hold::default() };
    open(&database, 2).await.put_hold(hold.clone()).await.expect("a hold");
    database.psql(&dump);
    has_a_new_epoch_once(&database, WHOLE).await;
    assert_eq!(open(&database, 4).await.holds().await.expect("holds").holds, [hold]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_of_an_older_version_and_one_that_was_rewritten_or_deleted_from_keep_their_epoch() {
    let upkeep = "VACUUM (FREEZE) activity_logs; VACUUM (FULL, FREEZE) livetrail_settings; VACUUM FULL activity_logs; \
         CLUSTER livetrail_settings USING livetrail_settings_pkey; REINDEX TABLE livetrail_settings;";
    let of_an_application =
        "INSERT INTO activity_logs (user_id, action_type, success, position) VALUES ('app', 'x', TRUE, 120)";
    let delete = "DELETE FROM activity_logs WHERE position > 50";
    let nothing = "TRUNCATE activity_logs";
    for sql in [OLDER, OLDEST, upkeep, of_an_application, delete, nothing] {
        let database = log(100).await;
        // psql runs a script of several statements one by one, as VACUUM needs it.
        database.psql(sql);
        let (epoch, _) = opened(&database, 2).await;
        assert_eq!(epoch, 1, "{sql}");
        assert_eq!(opened(&database, 3).await.0, 1, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_is_not_taken_for_a_restore() {
    let database = log(100).await;
    let store = open(&database, 3).await;
    let person = Person { user_id: "u-1".into(), tenant: None, pseudonym: "erased-1".into() };
    let holds = store.holds().await.expect("holds").version;
    let erased = store.erase(person, (1..=100).collect(), holds).await.expect("an erasure");
    assert_eq!(erased, Some(100), "the newest activity is another version of its row");
    drop(store);
    assert_eq!(opened(&database, 4).await, (1, 100));
}
