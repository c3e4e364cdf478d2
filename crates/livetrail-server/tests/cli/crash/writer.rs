use crate::program::{Answer, Serving};
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc};
use tokio::sync::watch;
use uuid::Builder;

/// Some time of the past, so that ids are those of version 7 and the same at each run.
const MILLISECONDS: u64 = 1_750_000_000_000;

/// Where writers write, and how much of it was acknowledged.
#[derive(Clone)]
pub(crate) struct Load {
    client: Client,
    url: String,
    key: String,
    count: Arc<watch::Sender<usize>>,
}

impl Load {
    pub(crate) fn new(server: &Serving, key: &str) -> (Self, watch::Receiver<usize>) {
        let (count, counted) = watch::channel(0);
        let url = format!("{}/api/activity", server.base_url);
        (Self { client: Client::new(), url, key: key.into(), count: Arc::new(count) }, counted)
    }
}

/// What writers know when the server is gone.
#[derive(Default)]
pub(crate) struct Tally {
    /// Where each acknowledged id is.
    pub(crate) acknowledged: HashMap<String, u64>,
    /// Requests without an answer.
    pub(crate) unanswered: Vec<Value>,
}

impl Tally {
    pub(crate) fn with(mut self, other: Self) -> Self {
        self.acknowledged.extend(other.acknowledged);
        self.unanswered.extend(other.unanswered);
        self
    }
}

/// Sends activities, one and many at a time, until the server does not answer.
pub(crate) struct Writer {
    chance: StdRng,
    tally: Tally,
}

impl Writer {
    pub(crate) fn new(seed: u64) -> Self {
        Self { chance: StdRng::seed_from_u64(seed), tally: Tally::default() }
    }

    pub(crate) async fn write(mut self, load: Load) -> Tally {
        loop {
            let body = self.next_body();
            let request = load.client.request(Method::POST, &load.url).bearer_auth(&load.key).json(&body);
            let Ok(answer) = Answer::to(request).await else {
                self.tally.unanswered.push(body);
                return self.tally;
            };
            assert!(answer.status.is_success(), "{answer:?}");
            self.acknowledge(&load, &answer);
        }
    }

    /// Sends until so many are acknowledged.
    pub(crate) async fn write_until(mut self, load: Load, enough: usize) -> Tally {
        while self.tally.acknowledged.len() < enough {
            let body = self.next_body();
            let request = load.client.request(Method::POST, &load.url).bearer_auth(&load.key).json(&body);
            let answer = Answer::to(request).await.expect("the server is there");
            assert!(answer.status.is_success(), "{answer:?}");
            self.acknowledge(&load, &answer);
        }
        self.tally
    }

    /// Sends until `stop` says so, each until it is stored. A server whose database is away says so and when to come
    /// back; it is asked again as soon as the database is up.
    pub(crate) async fn insist(
        mut self,
        load: Load,
        mut up: watch::Receiver<bool>,
        stop: watch::Receiver<bool>,
    ) -> Tally {
        while !*stop.borrow() {
            let body = self.next_body();
            loop {
                let request = load.client.request(Method::POST, &load.url).bearer_auth(&load.key).json(&body);
                let answer = Answer::to(request).await.expect("the server itself is there");
                if answer.status.is_success() {
                    self.acknowledge(&load, &answer);
                    break;
                }
                assert_eq!(answer.status, 503, "{answer:?}");
                assert_ne!(answer.header("retry-after"), "", "{answer:?}");
                up.wait_for(|up| *up).await.expect("it comes back");
            }
        }
        self.tally
    }

    /// Sends until `stop` says so, each until it is stored, wherever the server is by then. `place` changes when there
    /// may be one again.
    pub(crate) async fn persevere(
        mut self,
        load: Load,
        mut place: watch::Receiver<String>,
        stop: watch::Receiver<bool>,
    ) -> Tally {
        while !*stop.borrow() {
            let body = self.next_body();
            loop {
                let url = format!("{}/api/activity", place.borrow_and_update().as_str());
                let request = load.client.request(Method::POST, url).bearer_auth(&load.key).json(&body);
                match Answer::to(request).await {
                    Ok(answer) if answer.status.is_success() => {
                        self.acknowledge(&load, &answer);
                        break;
                    }
                    Ok(answer) => assert_eq!(answer.status, 503, "{answer:?}"),
                    Err(_) => {}
                }
                place.changed().await.expect("there will be a server");
            }
        }
        self.tally
    }

    fn acknowledge(&mut self, load: &Load, answer: &Answer) {
        let stored = acknowledgements(answer);
        load.count.send_modify(|count| *count += stored.len());
        self.tally.acknowledged.extend(stored);
    }

    fn next_body(&mut self) -> Value {
        match self.chance.random_range(0..3) {
            0 => (0..self.chance.random_range(1..60)).map(|_| self.next_activity()).collect(),
            _ => self.next_activity(),
        }
    }

    fn next_activity(&mut self) -> Value {
        let mut random = [0; 10];
        self.chance.fill_bytes(&mut random);
        let id = Builder::from_unix_timestamp_millis(MILLISECONDS, &random).into_uuid();
        let number = self.chance.random_range(0..50);
        json!({
            "id": id, "user_id": format!("u-{number}"), "action_type": "chat_message",
            "details": {"text": "x".repeat(number)},
        })
    }
}

/// The ids that an answer acknowledges, and where they are.
pub(crate) fn acknowledgements(answer: &Answer) -> Vec<(String, u64)> {
    let one = |stored: &Value| {
        let id = stored["id"].as_str().expect("an id").to_owned();
        (id, stored["position"].as_u64().expect("a position"))
    };
    match answer.body["results"].as_array() {
        Some(results) => results.iter().map(one).collect(),
        None => vec![one(&answer.body)],
    }
}
