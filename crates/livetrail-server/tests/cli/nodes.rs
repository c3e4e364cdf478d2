//! Several servers over one PostgreSQL.

use crate::until::until;
use crate::{
    crash::{
        self,
        reader::Reader,
        writer::{Load, Tally, Writer},
    },
    program::{Answer, EventStream, Fixture, PATIENCE, Serving, activity},
};
use private_postgres::Database;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{sync::watch, task::JoinSet};

const NODES: usize = 4;
const WRITERS: u64 = 3;
const ENOUGH: usize = 4_000;

/// Servers over one database.
struct Nodes {
    database: Database,
    fixtures: Vec<Fixture>,
    servers: Vec<Serving>,
}

impl Nodes {
    fn start(count: usize) -> Self {
        let database = private_postgres::database();
        let fixtures: Vec<_> = (0..count).map(|_| Fixture::with_log_in(database.url())).collect();
        let servers = fixtures.iter().map(Fixture::serve).collect();
        Self { database, fixtures, servers }
    }

    /// A key that every node has heard of. Each is asked by its socket: tries with a key that it does not know yet
    /// would be braked.
    async fn key(&self, role: &str) -> String {
        let key = self.fixtures[0].key(role);
        for fixture in &self.fixtures {
            until(async || fixture.succeed(&["key", "list"]).contains(&format!("test {role}"))).await;
        }
        key
    }
}

/// Reads from one node what all of them append, until the last activity.
fn follow(server: &Serving, key: String, cursor: String) -> tokio::task::JoinHandle<Vec<u64>> {
    let (_, place) = watch::channel(server.base_url.clone());
    tokio::spawn(Reader::new(key, cursor).follow(place))
}

/// The next alert of failed sign-ins that a stream tells.
async fn told(stream: &mut EventStream) -> Value {
    loop {
        let event = stream.next().await.expect("the stream goes on");
        if event.data["type"] == "alert" && event.data["data"]["rule"] == "failed-sign-ins" {
            return event.data["data"].clone();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_node_tells_of_an_alert_and_of_a_decision_that_another_one_has_taken() {
    let nodes = Nodes::start(2);
    let (writer, admin) = (nodes.key("writer").await, nodes.key("admin").await);
    let mut streams = Vec::new();
    for server in &nodes.servers {
        streams.push(server.stream(&admin, None).await);
    }
    let mut failure = activity("bob", "user_login");
    failure["success"] = json!(false);
    nodes.servers[0].post(&writer, &json!(vec![failure; 10])).await;
    let raised = told(&mut streams[0]).await;
    assert_eq!(told(&mut streams[1]).await["id"], raised["id"]);
    let path = format!("/api/admin/alerts/{}/resolve", raised["id"].as_str().expect("an id"));
    let decided = nodes.servers[1].request(Method::POST, &path).bearer_auth(&admin).json(&json!({}));
    assert_eq!(Answer::to(decided).await.expect("an answer").status, 200);
    for stream in &mut streams {
        let alert = told(stream).await;
        assert_eq!((&alert["id"], &alert["state"]), (&raised["id"], &json!("resolved")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_nodes_append_at_once_and_a_reader_of_each_sees_every_position_once_and_in_order() {
    let nodes = Nodes::start(NODES);
    let (writer, admin) = (nodes.key("writer").await, nodes.key("admin").await);
    let begin = nodes.servers[0].stream(&admin, None).await.cursor;
    let readers: Vec<_> =
        nodes.servers.iter().map(|server| follow(server, admin.clone(), begin.clone())).collect();

    let mut writers = JoinSet::new();
    for (number, server) in (0..).zip(&nodes.servers) {
        let (load, mut count) = Load::new(server, &writer);
        for hand in 0..WRITERS {
            writers.spawn(Writer::new(number * WRITERS + hand).write_until(load.clone(), ENOUGH / NODES));
        }
        tokio::time::timeout(PATIENCE, count.wait_for(|count| *count > 0))
            .await
            .expect("in time")
            .expect("it writes");
    }
    let tally = writers.join_all().await.into_iter().fold(Tally::default(), Tally::with);
    assert!(tally.acknowledged.len() >= ENOUGH, "{}", tally.acknowledged.len());
    let last = nodes.servers[3].post(&writer, &activity("u-1", crash::reader::LAST)).await.position();

    let first = begin.split('-').nth(1).expect("a position");
    let first = first.parse::<u64>().expect("a position") + 1;
    for reader in readers {
        let seen = tokio::time::timeout(PATIENCE, reader).await.expect("in time").expect("a reader");
        assert_eq!(seen, (first..=last).collect::<Vec<_>>());
    }
    for server in &nodes.servers {
        crash::check(&server.log(&admin).await, &tally.acknowledged, 0);
    }
    assert_eq!(nodes.database.psql("SELECT count(*) - count(DISTINCT id) FROM activity_logs").trim(), "0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_of_one_node_opens_the_others_until_it_is_revoked() {
    let nodes = Nodes::start(2);
    let admin = nodes.key("admin").await;
    let status = async || nodes.servers[1].get(&admin, "/api/admin/keys").await.status;
    assert_eq!(status().await, 200);
    let keys = nodes.servers[1].get(&admin, "/api/admin/keys").await.body;
    nodes.fixtures[0].succeed(&["key", "revoke", keys["keys"][0]["id"].as_str().expect("an id")]);
    let ended = async { while status().await == 200 {} };
    tokio::time::timeout(PATIENCE, ended).await.expect("the other node hears of it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_of_one_node_opens_the_others_at_once_until_it_is_ended_on_any() {
    let nodes = Nodes::start(2);
    let admin = nodes.key("admin").await;
    let signing_in = nodes.servers[0].request(Method::POST, "/api/session").json(&json!({"token": admin}));
    let signed_in = Answer::to(signing_in).await.expect("an answer");
    let cookie = signed_in.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    let status = async |node: usize| {
        let request = nodes.servers[node].request(Method::GET, "/api/session").header("cookie", &cookie);
        Answer::to(request).await.expect("an answer").status.as_u16()
    };
    assert_eq!((status(1).await, status(0).await), (200, 200));
    let list = nodes.fixtures[1].succeed(&["admin", "sessions", "list"]);
    let id = signed_in.body["session_id"].as_str().expect("an id");
    assert!(list.contains(id) && list.contains("key:test admin"), "{list}");
    let stream = nodes.servers[0].request(Method::GET, "/api/admin/activity/stream?user_id=nobody");
    let mut stream = EventStream::open(stream.header("cookie", &cookie)).await.expect("a stream");
    assert_eq!(nodes.fixtures[1].succeed(&["admin", "sessions", "end", id]), "");
    assert_eq!(status(1).await, 401);
    let ended = async { while status(0).await != 401 {} };
    tokio::time::timeout(PATIENCE, ended).await.expect("the other node hears of it");
    let closed = async { while stream.next().await.is_some() {} };
    tokio::time::timeout(PATIENCE, closed).await.expect("its stream ends within a heartbeat");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_of_one_node_opens_a_stream_of_another_once() {
    let nodes = Nodes::start(2);
    let admin = nodes.key("admin").await;
    let asking =
        nodes.servers[0].request(Method::POST, "/api/admin/activity/stream/ticket").bearer_auth(&admin);
    let ticket =
        Answer::to(asking).await.expect("an answer").body["ticket"].as_str().expect("a ticket").to_owned();
    let open = async |node: usize| {
        let path = format!("/api/admin/activity/stream?ticket={ticket}");
        nodes.servers[node].request(Method::GET, &path).send().await.expect("an answer").status().as_u16()
    };
    assert_eq!(open(1).await, 200);
    assert_eq!((open(0).await, open(1).await), (401, 401));
}

#[test]
fn a_command_before_the_first_server_does_not_seal_with_a_key_of_its_own() {
    let database = private_postgres::database();
    let (servers, elsewhere) = (Fixture::with_log_in(database.url()), Fixture::new());
    let url = database.url();
    let refused =
        elsewhere.run(&["key", "create", "--role", "writer", "--name", "app", "--database-url", &url]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("seal-key-file: is missing"), "{}", refused.stderr);
    // Only `serve` has the flag.
    assert!(refused.stderr.contains("LIVETRAIL_SEAL_KEY_FILE"), "{}", refused.stderr);
    assert!(!refused.stderr.contains("--seal-key-file"), "{}", refused.stderr);
    assert!(!elsewhere.data().join("seal.key").exists());
    elsewhere.succeed(&["migrate", "--database-url", &url]);
    drop(servers.serve());
}

#[test]
fn a_node_without_the_key_of_the_others_does_not_start_and_names_the_remedy() {
    let database = private_postgres::database();
    let (one, other) = (Fixture::with_log_in(database.url()), Fixture::new());
    let server = one.serve();
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--database-url", &database.url()];
    let refused = other.run(&arguments);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("--seal-key-file of `livetrail serve`"), "{}", refused.stderr);
    assert!(!other.data().join("seal.key").exists());
    drop(server);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_of_the_applications_own_sql_is_pushed_to_the_screens_of_every_node() {
    let nodes = Nodes::start(2);
    let admin = nodes.fixtures[0].key("admin");
    let beginning = nodes.servers[0].stream(&admin, None).await.cursor;
    let known = async { while nodes.servers[1].get(&admin, "/api/admin/keys").await.status != 200 {} };
    tokio::time::timeout(PATIENCE, known).await.expect("the other node hears of the key");
    nodes.database.psql(
        "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success) \
         VALUES ('old-app', 'user_login', '/api/login', 'POST', 200, TRUE)",
    );
    for server in &nodes.servers {
        let mut stream = server.stream(&admin, Some(&beginning)).await;
        loop {
            let activity: Value = stream.next_activity().await;
            if activity["user_id"] == "old-app" {
                break;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_node_has_acknowledged_is_in_the_next_answer_of_another() {
    let nodes = Nodes::start(2);
    let admin = nodes.key("admin").await;
    for count in 1..=50 {
        let posted = nodes.servers[0].post(&admin, &activity("u-1", "read_back")).await;
        let listed =
            nodes.servers[1].get(&admin, "/api/admin/activity?limit=1&action_filter=read_back").await;
        assert_eq!(listed.body["total"], count, "{listed:?}");
        assert_eq!(listed.body["data"][0]["position"], posted.position());
    }
}
