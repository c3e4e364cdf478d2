//! How a command reaches the log: by the socket of the server that uses the data folder, or, when none is running, by
//! being that server for the moment. Either way it speaks the public API.

use crate::{
    access::Seal,
    config::Config,
    server::{Server, socket_path},
};
use anyhow::{Context, Result, anyhow, bail};
use livetrail_store::StoreError;
use livetrail_types::{
    Problem,
    json::{self, Value},
};
use reqwest::{Method, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use std::{path::Path, time::Duration};
use tokio::time::{Instant, sleep};

/// How long to wait for whoever else is using the data folder.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_millis(50);

/// An open way to a log.
pub(super) struct Door {
    client: reqwest::Client,
    base_url: String,
    key: Option<String>,
    /// The server that this command is for the moment.
    own: Option<Server>,
}

/// The server elsewhere that a command is for.
#[derive(clap::Args, Default)]
pub(super) struct Remote {
    /// Address of a server elsewhere, such as https://log.example.com [default: the server of the data folder]
    #[arg(long, env = "LIVETRAIL_URL", value_name = "URL", requires = "key")]
    pub(super) url: Option<String>,
    /// API key or token for that server
    #[arg(long, env = "LIVETRAIL_KEY", hide_env_values = true, value_name = "KEY")]
    pub(super) key: Option<String>,
}

impl Door {
    /// Opens the way to the log of the data folder.
    pub(super) async fn open(config: &Config) -> Result<Self> {
        let socket = socket_path(&config.data_dir);
        let deadline = Instant::now() + PATIENCE;
        loop {
            if is_served(&socket).await {
                return Self::by_socket(&socket, None);
            }
            check_seal(config)?;
            match Server::start_private(config).await {
                Ok(own) => return Self::by_socket(&own.socket.clone(), Some(own)),
                Err(error) if is_locked(&error) && Instant::now() < deadline => sleep(PAUSE).await,
                Err(error) => return Err(error),
            }
        }
    }

    /// Opens the way to a server that is running: one elsewhere, or that of the data folder.
    pub(super) async fn to_running(remote: Remote, config: &Config) -> Result<Self> {
        if let Some(url) = remote.url {
            let client = reqwest::Client::builder().build()?;
            return Ok(Self {
                client,
                base_url: url.trim_end_matches('/').into(),
                key: remote.key,
                own: None,
            });
        }
        let socket = socket_path(&config.data_dir);
        if !is_served(&socket).await {
            let folder = config.data_dir.display();
            return Err(anyhow!(
                "no server is running on the data folder {folder}: start one with `livetrail serve`, or name one with \
                 --data-dir or --url"
            ));
        }
        Self::by_socket(&socket, None)
    }

    /// Opens the way to a server elsewhere, or to the log of the data folder, running or not.
    pub(super) async fn to_any(remote: Remote, config: &Config) -> Result<Self> {
        if remote.url.is_some() { Self::to_running(remote, config).await } else { Self::open(config).await }
    }

    fn by_socket(socket: &Path, own: Option<Server>) -> Result<Self> {
        let client = reqwest::Client::builder().unix_socket(socket).build()?;
        Ok(Self { client, base_url: "http://livetrail".into(), key: None, own })
    }

    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base_url));
        match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    /// Sends a request and reads its answer.
    pub(super) async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T> {
        let response = self.respond(request).await?;
        response.json().await.context("the server's answer cannot be read")
    }

    /// Sends a request and reads its answer, in which numbers keep their digits.
    pub(super) async fn send_for_json(&self, request: RequestBuilder) -> Result<Value> {
        let answer = self.respond(request).await?.bytes().await?;
        json::parse_answer(&answer).context("the server's answer cannot be read")
    }

    /// Sends a request; a refusal is an error in the server's words.
    pub(super) async fn respond(&self, request: RequestBuilder) -> Result<Response> {
        let response = request.send().await.with_context(|| format!("cannot reach {}", self.base_url))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        match response.json::<Problem>().await {
            Ok(problem) => Err(anyhow!("{} ({status})", problem.detail)),
            Err(_) => Err(anyhow!("the server answered {status}")),
        }
    }

    pub(super) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    pub(super) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Finishes what is under way, if this command was the server.
    pub(super) async fn close(self) {
        drop(self.client);
        if let Some(own) = self.own {
            own.stopping().cancel();
            own.run().await;
        }
    }
}

/// Servers over PostgreSQL share the secrets in it. A command that sealed them with a key of its own data folder would lock the
/// servers out, so it needs theirs.
fn check_seal(config: &Config) -> Result<()> {
    let has_key = config.seal_key.is_some() || config.jwt_secret.is_some();
    if has_key || config.database.folder().is_some() || Seal::own_file(&config.data_dir).exists() {
        return Ok(());
    }
    bail!(
        "seal-key-file: is missing; without a running server, this command needs the key that seals the secrets in PostgreSQL: \
         give the --seal-key-file or JWT_SECRET_KEY of the servers, or start a server first and give its --data-dir"
    )
}

/// Whoever holds the folder may be another command, or a server that does not listen yet.
fn is_locked(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(StoreError::Locked(_)))
}

/// A socket that nobody listens on was left behind by a server that was killed.
async fn is_served(socket: &Path) -> bool {
    tokio::net::UnixStream::connect(socket).await.is_ok()
}
