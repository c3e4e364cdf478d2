//! A storm of faults around alerts. Two nodes are killed, stopped and frozen. Their database is killed, its sessions
//! are ended, and the turn is given to a node that does not use it. The receiver fails and does not answer. Meanwhile,
//! users do what raises alerts. Each alert is raised exactly once, and the receiver has it at least once, always with
//! one key. `SEED=7` has the same faults in the same order again.

use crate::{
    crash::rounds,
    program::{Answer, Fixture, Serving, activity},
    receiver::{HOLD, Receiver},
    storm::seed,
    until::until,
};
use private_postgres::{Cluster, Database};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use reqwest::{Client, Method};
use rustix::process::Signal;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};
use tokio::task::JoinSet;

/// Users between one fault and the next.
const USERS: u64 = 2;
/// Users of one rule. A channel is told of at most 50 alerts of a rule each by its own message.
const USERS_OF_A_RULE: u64 = 40;
/// How often a user does it, and what the rules ask for.
const TIMES: usize = 5;
/// Longer than a request takes unless its server was killed under it.
const PATIENCE: Duration = Duration::from_secs(60);

struct Storm {
    cluster: Arc<Cluster>,
    database: Database,
    homes: [Fixture; 2],
    nodes: [Option<Serving>; 2],
    admin: String,
    receiver: Receiver,
    rules: u64,
    users: u64,
    chance: StdRng,
}

/// A server that may deliver to this machine.
fn serve(home: &Fixture) -> Serving {
    home.serve_with(&["--alerts-allow-addresses", "127.0.0.0/8"])
}

async fn create(server: &Serving, key: &str, what: &str, wanted: Value) {
    let request = server.request(Method::POST, &format!("/api/admin/{what}")).bearer_auth(key).json(&wanted);
    let made = Answer::to(request).await.expect("an answer");
    assert_eq!(made.status, 201, "{made:?}");
}

/// A rule about users who do something `TIMES` times.
fn rule(number: u64) -> Value {
    let definition = format!(
        "id = \"storm-{number}\"\ntitle = \"Storm\"\nseverity = \"warning\"\ngroup_by = [\"user_id\"]\ntimespan = \"1h\"\n\n\
         [filter]\naction_filter = \"storm-{number}\"\n\n[condition]\ntype = \"event_count\"\ngte = {TIMES}\n"
    );
    json!({"definition": definition})
}

impl Storm {
    async fn begin(faults: u64) -> Self {
        let cluster = Arc::new(Cluster::start(&[]));
        let database = cluster.database();
        let homes = [(); 2].map(|()| Fixture::with_log_in(database.url()).begin());
        let nodes = homes.each_ref().map(|home| Some(serve(home)));
        let admin = homes[0].key("admin");
        let receiver = Receiver::start(200).await;
        let server = nodes[0].as_ref().expect("a node");
        let rules = (faults * USERS).div_ceil(USERS_OF_A_RULE);
        for number in 0..rules {
            create(server, &admin, "alert-rules", rule(number)).await;
        }
        let ids: Vec<_> = (0..rules).map(|number| format!("storm-{number}")).collect();
        let channel = json!({"name": "hook", "kind": "webhook", "url": receiver.url, "rules": ids});
        create(server, &admin, "alert-channels", channel).await;
        let chance = StdRng::seed_from_u64(seed());
        Self { cluster, database, homes, nodes, admin, receiver, rules, users: 0, chance }
    }

    fn node(&self, number: usize) -> &Serving {
        self.nodes[number].as_ref().expect("a node")
    }

    /// Has users do what raises alerts. The users whose activities were acknowledged follow.
    fn act(&mut self) -> JoinSet<Option<String>> {
        let mut acting = JoinSet::new();
        for _ in 0..USERS {
            let (user, rule) = (format!("u-{}", self.users), self.users % self.rules);
            self.users += 1;
            let number = self.chance.random_range(0..2);
            let url = format!("{}/api/activity", self.node(number).base_url);
            let batch = vec![activity(&user, &format!("storm-{rule}")); TIMES];
            let posting = Client::new().post(url).bearer_auth(&self.admin).json(&batch).timeout(PATIENCE);
            acting.spawn(async move {
                let answer = Answer::to(posting).await.ok()?;
                answer.status.is_success().then_some(user)
            });
        }
        acting
    }

    /// Has one thing go wrong, and put right again.
    async fn fail(&mut self) {
        let number = self.chance.random_range(0..2);
        match self.chance.random_range(0..12) {
            0..3 => self.replace(number, Serving::kill),
            3 => self.replace(number, |node| assert_eq!(node.stop().code, Some(0))),
            4 => {
                self.cluster.kill();
                self.cluster.start_again();
            }
            5 => {
                self.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'livetrail'");
            }
            6 | 7 => self.give_turn_away(),
            8 => self.freeze().await,
            _ => {
                let answer = [200, 500, 503, HOLD].choose(&mut self.chance).expect("one");
                self.receiver.answer(*answer);
            }
        }
        self.recovered().await;
    }

    fn replace(&mut self, number: usize, end: impl FnOnce(Serving)) {
        end(self.nodes[number].take().expect("a node"));
        self.nodes[number] = Some(serve(&self.homes[number]));
    }

    /// As if a third node had taken the turn and was gone at once.
    fn give_turn_away(&self) {
        self.psql(
            "UPDATE livetrail_alert_progress SET turn = turn + 1, node = 'another', \
             until = extract(epoch FROM clock_timestamp() + interval '1 second') * 1000000",
        );
    }

    /// Stops the node that evaluates until the other one does.
    async fn freeze(&self) {
        until(async || self.evaluates(0).await || self.evaluates(1).await).await;
        let frozen = usize::from(!self.evaluates(0).await);
        self.node(frozen).process.signal(Signal::STOP);
        until(async || self.evaluates(1 - frozen).await).await;
        self.node(frozen).process.signal(Signal::CONT);
    }

    async fn evaluates(&self, number: usize) -> bool {
        let metrics = self.node(number).get(&self.admin, "/metrics").await;
        metrics.body.as_str().expect("metrics").contains("\nlivetrail_alerts_evaluating 1")
    }

    async fn recovered(&self) {
        for number in 0..2 {
            let readiness = || self.node(number).request(Method::GET, "/readyz").send();
            until(async || readiness().await.is_ok_and(|answer| answer.status().is_success())).await;
        }
    }

    fn psql(&self, script: &str) -> String {
        self.database.psql(script)
    }

    /// The users of all alerts in the log, each as often as an alert about it was raised.
    fn raised(&self) -> Vec<String> {
        let users = self.psql(
            "SELECT details->'alert'->'group'->>'user_id' FROM activity_logs \
             WHERE action_type = 'alert_raised' AND target_resource_id LIKE 'storm-%'",
        );
        users.lines().map(str::to_owned).collect()
    }

    /// Whether the whole log is evaluated and the channel was told of everything. The pauses between attempts end now.
    fn is_over(&self) -> bool {
        let state = self.psql(
            "UPDATE livetrail_deliveries SET next_at = 0 WHERE state <> 'sent' AND trying = 0 AND alert = coalesce(message, alert); \
             SELECT position = (SELECT max(position) FROM activity_logs) \
               AND NOT EXISTS (SELECT 1 FROM livetrail_deliveries WHERE state <> 'sent') FROM livetrail_alert_progress",
        );
        state.ends_with("t\n")
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_alert_is_raised_once_and_told_with_one_key_whatever_happens_over_postgresql() {
    let faults = 3 * rounds();
    let mut storm = Storm::begin(faults).await;
    let mut acknowledged = BTreeSet::new();
    for _ in 0..faults {
        let acting = storm.act();
        storm.fail().await;
        acknowledged.extend(acting.join_all().await.into_iter().flatten());
    }
    storm.receiver.answer(200);
    until(async || storm.is_over()).await;
    let all = storm.raised();
    // What was stored and not acknowledged may have raised some, too.
    let users: BTreeSet<_> = all.iter().cloned().collect();
    assert!(acknowledged.is_subset(&users), "an alert is missing, with SEED={}", seed());
    assert_eq!(all.len(), users.len(), "an alert is there twice, with SEED={}", seed());
    assert!(acknowledged.len() as u64 > faults, "most users were acknowledged");

    let mut told = BTreeMap::new();
    for taken in storm.receiver.taken() {
        let user = taken.body["data"]["group"]["user_id"].as_str().expect("a user").to_owned();
        let alert = taken.body["data"]["id"].clone();
        let (key, id) = told.entry(user).or_insert_with(|| (taken.key.clone(), alert.clone()));
        assert_eq!((&taken.key, &alert), (&*key, &*id), "with SEED={}", seed());
    }
    assert_eq!(told.keys().collect::<Vec<_>>(), users.iter().collect::<Vec<_>>(), "with SEED={}", seed());
}
