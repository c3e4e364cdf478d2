use crate::program::{EventStream, Socket};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use tokio::sync::watch;

/// The user of the activity that ends the reading.
pub(super) const LAST: &str = "the_last";

/// What trouble comes to in the end: none.
pub(super) const OVER: u64 = u64::MAX;

/// A filter as a query, and as what it means.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub(super) query: &'static str,
    pub(super) means: fn(&Value) -> bool,
}

/// What a client does when it is in trouble.
enum Trouble {
    /// It is cut off and comes back.
    Cut,
    /// It stands still until the next trouble.
    Stop,
    /// It comes back, and its old connection stays open without a reader.
    Vanish,
    /// It begins anew where it is, over the same connection if that is a WebSocket.
    BeginAnew,
}

/// A connection that follows the log.
enum Connection {
    Events(EventStream),
    /// And whether it was told where its first subscription begins.
    Socket(Socket, bool),
}

impl Connection {
    /// The next message and the cursor after it; none when the connection has ended.
    async fn next(&mut self) -> Option<(Option<String>, Value)> {
        match self {
            Self::Events(stream) => stream.next().await.map(|event| (event.id, event.data)),
            Self::Socket(socket, has_begun) => {
                let message = socket.next().await?;
                *has_begun |= message["type"] == "connected";
                Some((text(&message["id"]), message))
            }
        }
    }

    /// Whether it has begun anew where the client is; what comes before that is what came before.
    async fn begin_anew(&mut self, wanted: Wanted, cursor: &str) -> bool {
        let Self::Socket(socket, has_begun) = self else { return false };
        let filter: serde_json::Map<String, Value> = wanted
            .query
            .split_once('=')
            .map(|(name, value)| (name.to_owned(), value.into()))
            .into_iter()
            .collect();
        let subscribe = json!({"type": "subscribe", "filter": filter, "last_event_id": cursor});
        if !socket.say(&subscribe).await {
            return false;
        }
        // The first subscription may be yet to say where it begins.
        let mut beginnings = if *has_begun { 1 } else { 2 };
        while beginnings > 0 {
            match socket.next().await {
                Some(message) => beginnings -= u32::from(message["type"] == "connected"),
                None => return false,
            }
        }
        *has_begun = true;
        true
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// A client that follows the log through a storm.
pub(super) struct Client {
    chance: StdRng,
    wanted: Wanted,
    key: String,
    cursor: String,
    seen: Vec<Option<u64>>,
    abandoned: Vec<Connection>,
    http: reqwest::Client,
}

impl Client {
    pub(super) fn new(seed: u64, wanted: Wanted, key: String, cursor: String) -> Self {
        let (chance, http) = (StdRng::seed_from_u64(seed), reqwest::Client::new());
        Self { chance, wanted, key, cursor, seen: Vec::new(), abandoned: Vec::new(), http }
    }

    /// The positions that were seen, in that order.
    pub(super) async fn follow(
        mut self,
        mut place: watch::Receiver<String>,
        mut trouble: watch::Receiver<u64>,
    ) -> (Wanted, Vec<Option<u64>>) {
        loop {
            let base_url = place.borrow_and_update().clone();
            match self.connect(&base_url).await {
                Some(connection) => {
                    if self.read(connection, &mut trouble).await {
                        return (self.wanted, self.seen);
                    }
                }
                None => place.changed().await.expect("there is another server"),
            }
        }
    }

    async fn connect(&mut self, base_url: &str) -> Option<Connection> {
        let Wanted { query, .. } = self.wanted;
        if self.chance.random_bool(0.3) {
            let path = format!("/api/admin/activity/ws?{query}&last_event_id={}", self.cursor);
            let socket = Socket::open(base_url, &path, &self.key).await;
            return socket.map(|socket| Connection::Socket(socket, false));
        }
        let url = format!("{base_url}/api/admin/activity/stream?{query}");
        let request = self.http.get(url).bearer_auth(&self.key).header("Last-Event-ID", &self.cursor);
        EventStream::open(request).await.map(Connection::Events)
    }

    /// Reads until the connection ends or is given up; whether the last activity was seen.
    async fn read(&mut self, mut connection: Connection, trouble: &mut watch::Receiver<u64>) -> bool {
        loop {
            tokio::select! {
                next = connection.next() => match next {
                    Some((cursor, message)) => {
                        if self.take(cursor, &message) {
                            return true;
                        }
                    }
                    None => return false,
                },
                Ok(()) = trouble.changed() => match self.next_trouble() {
                    _ if *trouble.borrow() == OVER => {}
                    Trouble::Cut => return false,
                    Trouble::Vanish => {
                        self.abandoned.push(connection);
                        return false;
                    }
                    Trouble::Stop => trouble.changed().await.expect("the storm goes on"),
                    Trouble::BeginAnew => {
                        if !connection.begin_anew(self.wanted, &self.cursor).await {
                            return false;
                        }
                    }
                },
            }
        }
    }

    fn next_trouble(&mut self) -> Trouble {
        match self.chance.random_range(0..4) {
            0 => Trouble::Cut,
            1 => Trouble::Vanish,
            2 => Trouble::BeginAnew,
            _ => Trouble::Stop,
        }
    }

    fn take(&mut self, cursor: Option<String>, message: &Value) -> bool {
        assert_ne!(message["type"], "reset", "{message}");
        if let Some(cursor) = cursor {
            self.cursor = cursor;
        }
        if message["type"] != "new_activity" {
            return false;
        }
        self.seen.push(message["data"]["position"].as_u64());
        message["data"]["user_id"] == LAST
    }
}
