//! Questions that are given up while the server works on them.

use super::*;
use livetrail_store::Credentials;
use livetrail_store::{Directory, Log, Questions};
use livetrail_types::{Condition, Group, Grouping};
use tokio::task::JoinSet;

/// Long enough for any machine, and shorter than the server itself lets a statement run.
const SOON: Duration = Duration::from_secs(20);
/// The application's users, of which the server tells after an hour.
const SLOW_USERS: &str = "CREATE VIEW users AS \
     SELECT 'u-1'::text AS id, pg_sleep(3600)::text AS email, 'Ada'::text AS display_name";
/// Statements of the store that wait for those users.
const UNDER_WAY: &str =
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";

struct Fixture {
    _database: Database,
    store: Arc<PostgresStore>,
    observer: Client,
}

impl Fixture {
    async fn set() -> Self {
        Self::set_in(private_postgres::database(), "sslmode=disable").await
    }

    async fn set_in(database: Database, settings: &str) -> Self {
        let observer = client(&database.url()).await;
        observer.batch_execute(SLOW_USERS).await.expect("a view");
        let store = Arc::new(open(&format!("{}?{settings}", database.url())).await);
        append(&*store, 1..=1).await;
        let of_tenant = Stamped {
            activity: Activity { tenant_id: Some("acme".into()), ..activity(2).activity },
            ..activity(2)
        };
        store.append(vec![of_tenant]).await.expect("an append");
        Self { _database: database, store, observer }
    }

    /// As many slow questions as are answered at once, under way.
    async fn slow_questions(&self) -> JoinSet<Result<Vec<Group>>> {
        let mut questions = JoinSet::new();
        for _ in 0..self.store.max_questions() {
            let store = Arc::clone(&self.store);
            let slow = Filter::of(vec![Condition::UserSearch("grace".into())]);
            questions.spawn(async move { store.groups(all(slow)).await });
        }
        self.until_under_way(self.store.max_questions()).await;
        questions
    }

    async fn under_way(&self) -> i64 {
        self.observer.query_one(UNDER_WAY, &[]).await.expect("a count").get(0)
    }

    async fn until_under_way(&self, count: usize) {
        let count = i64::try_from(count).expect("a few");
        let reached = async { while self.under_way().await != count {} };
        tokio::time::timeout(SOON, reached).await.expect("in time");
    }
}

fn all(filter: Filter) -> Grouping {
    Grouping { filter, head: 100, by: Vec::new(), min_count: 1, limit: 1 }
}

#[tokio::test]
async fn the_server_stops_at_once_and_the_next_question_is_answered() {
    let fixture = Fixture::set().await;
    for _ in 0..3 {
        fixture.slow_questions().await.shutdown().await;
        fixture.until_under_way(0).await;
        for _ in 0..fixture.store.max_questions() * 2 {
            let groups = fixture.store.groups(all(Filter::default())).await.expect("an answer");
            assert_eq!(groups[0].count, 2);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_to_cancel_is_encrypted_where_the_server_asks_for_it() {
    let (_cluster, database) = super::tls::server();
    let fixture = Fixture::set_in(database, "sslmode=require").await;
    fixture.slow_questions().await.shutdown().await;
    fixture.until_under_way(0).await;
}

#[tokio::test]
async fn reads_by_key_go_on_while_every_connection_for_questions_is_busy() {
    let fixture = Fixture::set().await;
    let questions = fixture.slow_questions().await;
    let (store, of_tenant) = (&fixture.store, activity(2).activity.id);
    assert_eq!(store.head().await.expect("a head").head, 2);
    assert!(store.get(of_tenant, Some("acme".into())).await.expect("an answer").is_some());
    assert_eq!(store.range(1, 1).await.expect("a range").rows().expect("all are kept").len(), 1);
    assert!(!store.is_admin("u-1".into(), None).await.expect("an answer"));
    assert_eq!(store.credentials().await.expect("credentials"), []);
    assert_eq!(usize::try_from(fixture.under_way().await), Ok(store.max_questions()), "all are still busy");
    drop(questions);
}
