//! A server of one's own for a test: the whole of it, in this process, on a free port, in a folder that goes away.

mod answer;
mod events;
mod figures;
mod slow;
mod socket;

pub(crate) use answer::Answer;
pub(crate) use events::{EventStream, PATIENCE};
pub(crate) use socket::Socket;

use crate::until::until;
use jsonwebtoken::{EncodingKey, Header, encode};
use livetrail_server::{
    App, Timeouts,
    config::{Config, RawConfig},
    server::{Server, socket_path},
};
use livetrail_store::Store;
use private_postgres::Database;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use std::{
    collections::HashSet,
    path::PathBuf,
    sync::{Arc, Weak},
    time::Duration,
};
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// What the application of these tests signs its tokens with.
pub(crate) const JWT_SECRET: &str = "a secret of the tests, long enough for HS256";

/// A filter of everything but Livetrail's own activities.
pub(crate) const APPLICATION: &str = "resource_type=!livetrail";

/// The keys that are made from now on.
const NEW_KEYS: &str = "/api/admin/activity/stream?action_filter=api_key_created";

/// Where a server keeps everything, and another one finds it.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    /// With `TEST_DATABASE=postgres` in the environment, the log is in a database of PostgreSQL's.
    database: Option<Database>,
}

impl Place {
    #[expect(clippy::disallowed_methods, reason = "the whole suite is run once for each database")]
    fn new() -> Self {
        let wants_postgres = std::env::var("TEST_DATABASE").is_ok_and(|wanted| wanted == "postgres");
        let database = wants_postgres.then(private_postgres::database);
        Self { folder: tempfile::tempdir().expect("a folder"), database }
    }

    fn url(&self) -> String {
        let in_folder = || format!("sqlite:{}", self.folder.path().display());
        self.database.as_ref().map_or_else(in_folder, Database::url)
    }
}

/// A running server and its keys.
pub(crate) struct World {
    pub(crate) client: reqwest::Client,
    pub(crate) base_url: String,
    pub(crate) place: Place,
    pub(crate) writer: String,
    pub(crate) admin: String,
    stopping: tokio_util::sync::CancellationToken,
    running: JoinHandle<()>,
    /// Gone when nothing of the server is left, its lock on the folder included.
    store: Weak<dyn Store>,
    app: Weak<App>,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts a server whose settings `change` has changed.
    pub(crate) async fn start_with(change: impl FnOnce(&mut RawConfig)) -> Self {
        Self::start_in(Place::new(), change).await
    }

    /// Starts a server where another one was.
    pub(crate) async fn start_in(place: Place, change: impl FnOnce(&mut RawConfig)) -> Self {
        let config = config(&place, change);
        Self::run(place, &config).await
    }

    /// Starts a server that shows signs of life, and looks at credentials again, much more often than it would.
    pub(crate) async fn start_with_quick_heartbeat() -> Self {
        let place = Place::new();
        let config = Config { heartbeat: Duration::from_millis(50), ..config(&place, |_| {}) };
        Self::run(place, &config).await
    }

    /// Starts a server that soon has enough of clients that do nothing.
    pub(crate) async fn start_with_timeouts(timeouts: Timeouts) -> Self {
        Self::start_with_timeouts_and(timeouts, |_| {}).await
    }

    pub(crate) async fn start_with_timeouts_and(
        timeouts: Timeouts,
        change: impl FnOnce(&mut RawConfig),
    ) -> Self {
        let place = Place::new();
        let config = Config { timeouts, ..config(&place, change) };
        Self::run(place, &config).await
    }

    async fn run(place: Place, config: &Config) -> Self {
        let server = Server::start(config).await.expect("a server");
        let base_url = format!("http://{}", server.address.expect("an address"));
        let (stopping, store) = (server.stopping(), Arc::downgrade(&server.app.store));
        let app = Arc::downgrade(&server.app);
        let running = tokio::spawn(server.run());
        let client = reqwest::Client::new();
        let operator = reqwest::Client::builder()
            .unix_socket(socket_path(place.folder.path()))
            .build()
            .expect("a client");
        let recorded = EventStream::open(operator.get(format!("http://livetrail{NEW_KEYS}"))).await;
        let (writer, admin) = (key(&operator, "writer").await, key(&operator, "admin").await);
        let ids = [writer.id, admin.id];
        let (writer, admin) = (writer.secret, admin.secret);
        let world = Self { client, base_url, place, writer, admin, stopping, running, store, app };
        Self::has_recorded(recorded, &ids).await;
        world
    }

    /// Waits for the server's own activities about new keys, so that no test meets them half-way. `recorded` was opened before the
    /// keys were made: a stream that begins in the past would itself be recorded.
    async fn has_recorded(mut recorded: EventStream, keys: &[String]) {
        let mut awaited: HashSet<&str> = keys.iter().map(String::as_str).collect();
        while !awaited.is_empty() {
            let activity = recorded.next_activity().await;
            awaited.remove(activity["details"]["credential_id"].as_str().unwrap_or_default());
        }
    }

    /// The cursor before the first activity.
    pub(crate) async fn beginning(&self) -> String {
        self.cursor_at(0).await
    }

    /// A cursor of this log.
    pub(crate) async fn cursor_at(&self, position: u64) -> String {
        self.app().hub.cursor_at(position).await.to_string()
    }

    /// Stops the server as SIGTERM does and hands over where it was.
    pub(crate) async fn stop(self) -> Place {
        self.stopping.cancel();
        self.running.await.expect("the server stops");
        // Nothing may hold on to the server.
        until(async || self.store.strong_count() == 0).await;
        self.place
    }

    /// Tells the server to stop and does not wait.
    pub(crate) fn begin_to_stop(&self) {
        self.stopping.cancel();
    }

    /// The server's parts, while it runs.
    pub(crate) fn app(&self) -> Arc<App> {
        self.app.upgrade().expect("a server that runs")
    }

    pub(crate) fn socket(&self) -> PathBuf {
        socket_path(self.place.folder.path())
    }

    /// A key of the operator's making: `{"role": …, "name": …, "tenant_id": …}`.
    pub(crate) async fn key(&self, wanted: Value) -> String {
        self.key_with_id(wanted).await.secret
    }

    pub(crate) async fn key_with_id(&self, wanted: Value) -> Key {
        let recorded = EventStream::open(self.request(Method::GET, NEW_KEYS).bearer_auth(&self.admin)).await;
        let answer = self.as_admin(Method::POST, "/api/admin/keys", Some(wanted)).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let key = Key::of(&answer.body);
        Self::has_recorded(recorded, std::slice::from_ref(&key.id)).await;
        key
    }

    /// A token of a user whom Livetrail's own list has as an admin.
    pub(crate) async fn admin_token(&self, user_id: &str) -> String {
        let path = format!("/api/admin/admins/{user_id}");
        assert_eq!(self.as_admin(Method::PUT, &path, None).await.status, 204);
        Self::token(json!({"user_id": user_id}))
    }

    /// A token as the application would sign it, valid for an hour if `claims` do not say.
    pub(crate) fn token(claims: Value) -> String {
        sign(claims, JWT_SECRET)
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base_url))
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        Answer::of(request.send().await.expect("an answer")).await
    }

    /// Stores what is right in `body` (one activity or an array) with the writer's key.
    pub(crate) async fn post(&self, body: Value) -> Answer {
        self.send(self.request(Method::POST, "/api/activity").bearer_auth(&self.writer).json(&body)).await
    }

    /// A call with any credential.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        credential: &str,
        body: Option<Value>,
    ) -> Answer {
        let request = self.request(method, path).bearer_auth(credential);
        self.send(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.as_admin(Method::GET, path, None).await
    }

    /// The list of `query`, such as `limit=5&sort_by=duration_ms`.
    pub(crate) async fn list(&self, query: &str) -> Answer {
        self.get(&format!("/api/admin/activity?{query}")).await
    }

    pub(crate) async fn as_admin(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.call(method, path, &self.admin, body).await
    }

    /// Opens the live stream with the admin's key and reads its `connected` frame.
    pub(crate) async fn stream(&self, query: &str) -> EventStream {
        self.stream_after(query, None).await
    }

    pub(crate) async fn stream_after(&self, query: &str, last_event_id: Option<&str>) -> EventStream {
        let path = format!("/api/admin/activity/stream?{query}");
        let request = self.request(Method::GET, &path).bearer_auth(&self.admin);
        let request = match last_event_id {
            Some(id) => request.header("Last-Event-ID", id),
            None => request,
        };
        EventStream::open(request).await
    }
}

/// An API key.
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Key {
    fn of(answer: &Value) -> Self {
        let text = |name: &str| answer[name].as_str().expect("text").to_owned();
        Self { id: text("id"), secret: text("key") }
    }
}

/// An activity with nothing but what is required.
pub(crate) fn activity(user_id: &str, action_type: &str) -> Value {
    json!({"user_id": user_id, "action_type": action_type})
}

/// A token signed with any secret.
pub(crate) fn sign(mut claims: Value, secret: &str) -> String {
    if claims.get("exp").is_none() {
        claims["exp"] = jsonwebtoken::get_current_timestamp().saturating_add(3_600).into();
    }
    encode(&Header::default(), &claims, &EncodingKey::from_secret(secret.as_bytes())).expect("a token")
}

fn config(place: &Place, change: impl FnOnce(&mut RawConfig)) -> Config {
    #[expect(clippy::disallowed_methods, reason = "the whole suite is run once for each way to push")]
    let has_tasks = std::env::var("TEST_PUSH").is_ok_and(|wanted| wanted == "tasks");
    let mut raw = RawConfig {
        push_threads: has_tasks.then_some(0),
        data_dir: Some(place.folder.path().to_owned()),
        database_url: Some(place.url()),
        listen: Some("127.0.0.1:0".into()),
        jwt_secret_key: Some(JWT_SECRET.into()),
        ..RawConfig::default()
    };
    change(&mut raw);
    raw.resolve(None).expect("a configuration")
}

async fn key(operator: &reqwest::Client, role: &str) -> Key {
    let wanted = json!({"role": role, "name": format!("test {role}")});
    let response =
        operator.post("http://livetrail/api/admin/keys").json(&wanted).send().await.expect("an answer");
    Key::of(&Answer::of(response).await.body)
}

/// A UUID of version 7; the same for the same number.
pub(crate) fn id(number: u64) -> String {
    format!("0198c0de-7a3b-7000-8000-{number:012x}")
}

/// The time in epoch seconds.
pub(crate) fn now() -> u64 {
    jsonwebtoken::get_current_timestamp()
}
