//! Full partitions get the indexes that SQL asked by hand needs, and no statement looks where it need not. What was
//! looked at, the server itself says: it logs the plan of every statement as it was carried out.

use super::{activity, append, client, open_with, reaches};
use livetrail_store::{Log, PostgresStore};
use private_postgres::{Cluster, Database};
use std::{collections::BTreeSet, sync::Arc};

const SIZE: u64 = 2_000;
const ROWS: u64 = 9_000;
/// Where the partition begins that is written to.
const OPEN: &str = "activity_logs_from_8001";
const PLANS: [&str; 5] = [
    "session_preload_libraries = 'auto_explain'",
    "auto_explain.log_min_duration = 0",
    "auto_explain.log_analyze = on",
    "auto_explain.log_timing = off",
    "auto_explain.log_nested_statements = on",
];

/// A log of four sealed partitions that are days old, and one that is written to.
struct Fixture {
    cluster: Arc<Cluster>,
    database: Database,
    store: PostgresStore,
}

impl Fixture {
    async fn new() -> Self {
        let cluster = Arc::new(Cluster::start(&PLANS));
        let database = cluster.database();
        let store = open_with(&database.url(), SIZE).await;
        // An hour between each and the next but the last; ids of version 7 in the order of their times.
        database.psql(&format!(
            "INSERT INTO activity_logs (id, timestamp, user_id, action_type, endpoint, http_method, status_code, success, \
               target_user_id, is_admin)
             SELECT ('0198c0de-7a3b-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, now() - ({ROWS} - n) * interval '1 hour',
               'u-' || n % 500, (ARRAY['chat_message', 'user_login'])[1 + (n % 50 = 0)::int], '/api/' || n % 100, 'GET',
               CASE WHEN n % 50 = 0 THEN 401 ELSE 200 END, n % 50 <> 0, 'u-' || n % 300, n % 90 = 0
             FROM generate_series(1, {ROWS}) n"
        ));
        reaches(&store, ROWS).await;
        let sealed = "SELECT count(*) FROM livetrail_partitions WHERE sealed_at IS NOT NULL";
        let observer = client(&database.url()).await;
        // It asks again and again, and would fill the server's log with its own plans.
        observer.batch_execute("SET auto_explain.log_min_duration = -1").await.expect("a superuser may");
        while observer.query_one(sealed, &[]).await.expect("an answer").get::<_, i64>(0) < 4 {}
        Self { cluster, database, store }
    }

    /// The server's log up to now, in which this is looked for from the n-th line on. The server has written down what
    /// came before; the thread that reads its log may not be so far yet.
    fn log_up_to_now(&self, line: usize) -> Vec<String> {
        let marker = format!("this is after line {line}");
        self.database.psql(&format!("SELECT '{marker}'"));
        loop {
            let log = self.cluster.log();
            if log[line..].iter().any(|said| said.contains(&marker)) {
                return log;
            }
        }
    }

    /// Where the log ends.
    fn now(&self) -> usize {
        self.log_up_to_now(self.cluster.log().len()).len()
    }

    /// Every way in which a partition was looked at from the n-th line of the server's log on.
    fn looks_since(&self, line: usize) -> BTreeSet<String> {
        let log = self.log_up_to_now(line);
        // The watcher asks all the time where the log ends.
        let mut is_asked_for_the_end = false;
        let mut looks = BTreeSet::new();
        for said in &log[line..] {
            if said.contains("Query Text:") {
                is_asked_for_the_end = said.contains("SELECT greatest(");
            }
            let is_scan = said.contains("Scan") && said.contains("activity_logs_from_");
            if is_scan && !said.contains("never executed") && !is_asked_for_the_end {
                let scan = said.split_once("->").map_or(said.as_str(), |(_, scan)| scan);
                looks.extend(scan.split_once("  (").map(|(look, _)| look.trim().to_owned()));
            }
        }
        looks
    }

    /// What a question looked at.
    async fn looks_of(&self, question: impl Future) -> BTreeSet<String> {
        let before = self.now();
        question.await;
        self.looks_since(before)
    }

    fn looks_of_sql(&self, sql: &str) -> BTreeSet<String> {
        let before = self.now();
        self.database.psql(sql);
        self.looks_since(before)
    }
}

/// Checks that no sealed partition is read from its beginning to its end.
#[track_caller]
fn assert_indexes_serve(looks: &BTreeSet<String>) {
    assert!(!looks.is_empty(), "nothing was looked at");
    for look in looks {
        let is_sealed =
            ["from_1 ", "from_2001 ", "from_4001 ", "from_6001 "].iter().any(|name| look.contains(name));
        assert!(!look.contains("Seq Scan") || !is_sealed, "{looks:#?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_statement_looks_where_it_need_not() {
    let fixture = Fixture::new().await;

    let looks = fixture.looks_of(fixture.store.range(8_100, 10)).await;
    assert_eq!(
        looks.iter().map(String::as_str).collect::<Vec<_>>(),
        [format!("Index Scan using {OPEN}_position on {OPEN} a")]
    );
    let looks = fixture.looks_of(fixture.store.range(3_990, 20)).await;
    assert!(looks.iter().all(|look| look.contains("from_2001") || look.contains("from_4001")), "{looks:#?}");
    assert_indexes_serve(&looks);

    // Ids of version 7 that are newer than any sealed one are looked for in the partition that is written to only.
    let looks = fixture.looks_of(append(&fixture.store, 1_000_001..=1_000_100)).await;
    assert!(looks.iter().all(|look| look.contains("8001") || look.contains("10001")), "{looks:#?}");
    assert!(looks.iter().any(|look| look.contains(&format!("{OPEN}_id"))), "{looks:#?}");
    assert!(looks.iter().all(|look| !look.contains("Seq Scan")), "{looks:#?}");
    // One that was stored long ago is found all the same.
    let again = fixture.store.append(vec![activity(17)]).await.expect("an append");
    assert!(again.stored.is_empty());

    assert_indexes_serve(&fixture.looks_of(fixture.store.get(activity(17).activity.id, None)).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_queries_of_the_application_are_served_by_indexes_where_a_partition_is_full() {
    let fixture = Fixture::new().await;
    let recent = include_str!("seed/queries/recent_activity.sql").replace("user-id-here", "u-7");
    for (name, sql) in [
        ("recent activity", recent.as_str()),
        ("failed logins", include_str!("seed/queries/failed_logins.sql")),
        ("admin audit", include_str!("seed/queries/admin_audit.sql")),
        ("endpoint performance", include_str!("seed/queries/endpoint_performance.sql")),
        ("by action", "SELECT count(timestamp) FROM activity_logs WHERE action_type = 'user_login'"),
        ("by status", "SELECT count(timestamp) FROM activity_logs WHERE status_code = 401"),
        ("newest", "SELECT endpoint FROM activity_logs ORDER BY timestamp DESC LIMIT 20"),
        (
            "newest failures",
            "SELECT endpoint FROM activity_logs WHERE NOT success ORDER BY timestamp DESC LIMIT 20",
        ),
        ("by failure", "SELECT count(endpoint) FROM activity_logs WHERE NOT success"),
    ] {
        let looks = fixture.looks_of_sql(&format!("{};", sql.trim_end().trim_end_matches(';')));
        assert!(!looks.is_empty(), "{name}");
        assert_indexes_serve(&looks);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn partitions_are_made_ahead_and_sealed_while_others_append() {
    let log = super::PostgresFixture::new();
    let store = super::open(&log.database.url()).await;
    for n in 0..40 {
        append(&store, n * 10 + 1..=n * 10 + 10).await;
    }
    let observer = client(&log.database.url()).await;
    // 400 positions fill six partitions of 64; one is written to, and one waits.
    let shape =
        "SELECT count(*) FILTER (WHERE sealed_at IS NOT NULL), max(last_position) FROM livetrail_partitions";
    loop {
        let row = observer.query_one(shape, &[]).await.expect("an answer");
        if (row.get::<_, i64>(0), row.get::<_, i64>(1)) == (6, 512) {
            break;
        }
    }
    let indexes = |partition: &str| {
        let sql = format!(
            "SELECT string_agg(indexrelid::regclass::text, ' ' ORDER BY indexrelid::regclass::text) FROM pg_index WHERE indrelid = '{partition}'::regclass"
        );
        log.database.psql(&sql).trim().replace(&format!("{partition}_"), "")
    };
    assert_eq!(indexes("activity_logs_from_449"), "brin id position");
    assert_eq!(indexes("activity_logs_from_65"), "action admins brin failures id position status time user");
    assert_eq!(super::everything(&store).await.len(), 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_that_an_external_value_is_too_long_for_is_left_out_and_the_others_are_there() {
    let log = super::PostgresFixture::new();
    let store = super::open(&log.database.url()).await;
    log.database.psql(
        "INSERT INTO activity_logs (user_id, action_type, success) \
         SELECT string_agg(md5(n::text), ''), 'a', TRUE FROM generate_series(1, 400) n",
    );
    reaches(&store, 1).await;
    append(&store, 1..=200).await;
    let observer = client(&log.database.url()).await;
    let sealed = "SELECT count(*) FROM livetrail_partitions WHERE sealed_at IS NOT NULL";
    while observer.query_one(sealed, &[]).await.expect("an answer").get::<_, i64>(0) < 3 {}
    let has =
        |index: &str| log.database.psql(&format!("SELECT to_regclass('{index}') IS NOT NULL")).trim() == "t";
    assert!(
        !has("activity_logs_from_1_user")
            && has("activity_logs_from_1_time")
            && has("activity_logs_from_65_user")
    );
}
