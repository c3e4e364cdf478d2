//! A storm of faults. The server and its database are killed and stopped. Sessions of the database are ended, so that a
//! second node misses notifications. Clients with different filters are cut off, stall, vanish and begin anew, while
//! others write. Each client still sees every activity that its filter matches, in order, and none twice. `SEED=7` has
//! the same faults in the same order again.

mod client;

use crate::until::until;
use crate::{
    crash::{
        check, rounds,
        writer::{Load, Tally, Writer},
    },
    program::{Fixture, PATIENCE, Serving},
};
use client::{Client, LAST, OVER, Wanted};
use private_postgres::{Cluster, Database};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::{sync::watch, task::JoinSet, time::timeout};

const CLIENTS: u64 = 24;
const WRITERS: u64 = 3;
/// Activities between one fault and the next, at most.
const EACH: usize = 60;

/// What clients want, as a query and as what it means.
const WANTED: [Wanted; 4] = [
    Wanted { query: "", means: |_| true },
    Wanted {
        query: "user_id=u-1,u-2,u-3,the_last",
        means: |activity| of(activity, &["u-1", "u-2", "u-3", LAST]),
    },
    Wanted { query: "user_id=!u-4", means: |activity| !of(activity, &["u-4"]) },
    Wanted { query: "user_id=the_last,nobody", means: |activity| of(activity, &[LAST]) },
];

fn of(activity: &Value, users: &[&str]) -> bool {
    users.iter().any(|user| activity["user_id"] == *user)
}

#[expect(clippy::disallowed_methods, reason = "SEED=7 repeats a storm")]
pub(crate) fn seed() -> u64 {
    std::env::var("SEED").map_or(1, |seed| seed.parse().expect("SEED is a number"))
}

/// Where the server is, and whatever can fail.
struct Storm {
    fixture: Fixture,
    writer: String,
    server: Option<Serving>,
    /// A second node over PostgreSQL, to which no client writes. All that its clients see came by notification, or was
    /// read.
    onlooker: Option<(Fixture, Serving)>,
    database: Option<(Arc<Cluster>, Database)>,
    /// Changes whenever it may be worth a try to reach the server again.
    place: watch::Sender<String>,
    /// The same of the second node.
    second_place: watch::Sender<String>,
    /// Changes whenever clients are to have troubles of their own.
    trouble: watch::Sender<u64>,
    chance: StdRng,
}

impl Storm {
    fn new(database: Option<(Arc<Cluster>, Database)>) -> Self {
        let fixture = match &database {
            Some((_, database)) => Fixture::with_log_in(database.url()).begin(),
            None => Fixture::new().begin(),
        };
        let writer = fixture.key("writer");
        let server = fixture.serve();
        let onlooker = database.as_ref().map(|(_, database)| {
            let fixture = Fixture::with_log_in(database.url()).begin();
            let server = fixture.serve();
            (fixture, server)
        });
        let place = watch::Sender::new(server.base_url.clone());
        let second_place = match &onlooker {
            Some((_, server)) => watch::Sender::new(server.base_url.clone()),
            None => place.clone(),
        };
        let (trouble, chance) = (watch::Sender::new(0), StdRng::seed_from_u64(seed()));
        let server = Some(server);
        Self { fixture, writer, server, onlooker, database, place, second_place, trouble, chance }
    }

    fn server(&self) -> &Serving {
        self.server.as_ref().expect("a server")
    }

    /// Has one thing go wrong, and put right again.
    async fn fail(&mut self) {
        match self.chance.random_range(0..7) {
            0 => self.replace(Serving::kill),
            1 => self.replace(|server| assert_eq!(server.stop().code, Some(0))),
            2 if self.database.is_some() => self.kill_database().await,
            6 if self.database.is_some() => self.end_sessions().await,
            3 => {
                self.trouble.send_modify(|trouble| *trouble += 1);
                self.burst().await;
            }
            _ => self.trouble.send_modify(|trouble| *trouble += 1),
        }
    }

    /// More at once than the sockets of those who stand still take.
    async fn burst(&self) {
        let large =
            json!({"user_id": "u-1", "action_type": "burst", "details": {"text": "x".repeat(50_000)}});
        let batch: Vec<_> = (0..30).map(|_| large.clone()).collect();
        // While the database is away, nothing is stored.
        let _ = self.server().try_to_post(&self.writer, &json!(batch)).await;
    }

    fn replace(&mut self, end: impl FnOnce(Serving)) {
        end(self.server.take().expect("a server"));
        let server = self.fixture.serve();
        self.place.send_replace(server.base_url.clone());
        self.server = Some(server);
    }

    async fn kill_database(&self) {
        let Some((cluster, _)) = &self.database else { return };
        cluster.kill();
        cluster.start_again();
        self.recovered().await;
    }

    /// Notifications are lost meanwhile.
    async fn end_sessions(&self) {
        let Some((_, database)) = &self.database else { return };
        database.psql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'livetrail'",
        );
        self.recovered().await;
    }

    async fn recovered(&self) {
        for server in self.server.iter().chain(self.onlooker.iter().map(|(_, server)| server)) {
            let readiness = || server.request(reqwest::Method::GET, "/readyz").send();
            until(async || readiness().await.is_ok_and(|answer| answer.status().is_success())).await;
        }
        self.place.send_modify(|_| {});
        self.second_place.send_modify(|_| {});
    }
}

async fn weather(database: Option<(Arc<Cluster>, Database)>) {
    let mut scene = Storm::new(database);
    let (writer, viewer) = (scene.writer.clone(), scene.fixture.key("viewer"));
    let begin = scene.server().stream(&viewer, None).await.cursor;
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let wanted = WANTED[usize::try_from(number).expect("small") % WANTED.len()];
        let client = Client::new(seed() * CLIENTS + number, wanted, viewer.clone(), begin.clone());
        let place = if number % 8 < 4 { &scene.place } else { &scene.second_place };
        clients.spawn(client.follow(place.subscribe(), scene.trouble.subscribe()));
    }
    let (load, mut count) = Load::new(scene.server(), &writer);
    let (told_to_stop, stop) = watch::channel(false);
    let mut writers = JoinSet::new();
    for number in 0..WRITERS {
        let writer = Writer::new(seed() * WRITERS + number);
        writers.spawn(writer.persevere(load.clone(), scene.place.subscribe(), stop.clone()));
    }
    for _ in 0..rounds() * 3 {
        let enough = *count.borrow() + scene.chance.random_range(1..EACH);
        let written = timeout(PATIENCE, count.wait_for(|count| *count >= enough)).await;
        written.expect("in time").expect("they write");
        scene.fail().await;
    }
    told_to_stop.send_replace(true);
    let tally = writers.join_all().await.into_iter().fold(Tally::default(), Tally::with);
    let last = json!({"user_id": LAST, "action_type": "chat_message"});
    scene.server().post(&writer, &last).await.position();
    // Clients that stall go on.
    scene.trouble.send_replace(OVER);
    let log = scene.server().log(&viewer).await;
    check(&log, &tally.acknowledged, rounds());
    let first = begin.split('-').nth(1).expect("a position");
    let first: usize = first.parse().expect("a position");
    let seen = timeout(PATIENCE, clients.join_all()).await.expect("every client gets to the end");
    for (wanted, seen) in seen {
        let expected: Vec<_> = log[first..].iter().filter(|activity| (wanted.means)(activity)).collect();
        let expected: Vec<_> = expected.iter().map(|activity| activity["position"].as_u64()).collect();
        // What follows the last one is about who has read the log.
        let end = expected.len().min(seen.len());
        assert_eq!(seen, expected[..end], "a client that wanted {:?}, with SEED={}", wanted.query, seed());
        let end = log.iter().rposition(|activity| activity["user_id"] == LAST).map(|n| n as u64 + 1);
        assert!(seen.last().copied().flatten() >= end, "a client that wanted {:?} saw no end", wanted.query);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_client_sees_what_its_filter_means_whatever_happens() {
    weather(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_client_sees_what_its_filter_means_whatever_happens_over_postgresql() {
    let cluster = Arc::new(Cluster::start(&[]));
    let database = cluster.database();
    weather(Some((cluster, database))).await;
}
