//! How a command reaches the log. It uses the socket of the server that runs on the data folder. If none is running,
//! the command is that server for a moment. Either way it speaks the public API.

use super::{Misconfigured, advice};
use crate::{
    access::Seal,
    app::App,
    config::{Config, Database, http_url},
    server::{Server, socket_path},
};
use anyhow::{Context, Result, anyhow, bail};
use livetrail_store::{PostgresStore, SqliteStore, StoreError};
use livetrail_types::{
    Problem,
    json::{self, Value},
};
use reqwest::{Method, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use std::{path::Path, time::Duration};
use tokio::time::{Instant, sleep};

/// How long to wait for another process that uses the data folder.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_millis(50);

/// An open way to a log.
pub(super) struct Connection {
    client: reqwest::Client,
    base_url: String,
    key: Option<String>,
    is_own: bool,
    /// The server that this command is for the moment.
    own: Option<Server>,
}

/// The remote server that a command is for.
#[derive(clap::Args, Default)]
pub(super) struct Remote {
    /// Address of a server elsewhere, such as https://log.example.com
    /// [default: a server that runs on the data folder, else LIVETRAIL_URL]
    #[arg(long, value_name = "URL", requires = "key")]
    url: Option<String>,
    /// The same from the environment, where an application may have it for itself, with a key that may only append.
    #[arg(long, env = "LIVETRAIL_URL", hide = true, requires = "key")]
    environment_url: Option<String>,
    /// API key or token for that server
    #[arg(long, env = "LIVETRAIL_KEY", hide_env_values = true, value_name = "KEY")]
    key: Option<String>,
}

/// The same command, with nothing from the environment about a remote server.
pub(super) fn without_environment(command: clap::Command) -> clap::Command {
    let unset = |argument: clap::Arg| match argument.get_id() == "environment_url" {
        true => argument.env(clap::builder::Resettable::Reset),
        false => argument,
    };
    command.mut_args(unset).mut_subcommands(without_environment)
}

/// The address of a remote server, and the credential for it.
struct RemoteServer {
    url: String,
    key: Option<String>,
}

impl Remote {
    /// The remote server, if the command is for one: `--url`, or `LIVETRAIL_URL` if no server runs on the data folder.
    async fn server(&self, config: &Config) -> Result<Option<RemoteServer>> {
        let (name, url) = match (&self.url, &self.environment_url) {
            (Some(typed), _) => ("url", typed),
            (None, Some(url)) if !is_served(&socket_path(&config.data_dir)).await => ("LIVETRAIL_URL", url),
            _ => return Ok(None),
        };
        let url = http_url(name, url.trim()).map_err(Misconfigured)?;
        let key = self.key.as_deref().map(sendable).transpose().map_err(Misconfigured)?;
        Ok(Some(RemoteServer { url, key }))
    }
}

/// A key as it can stand in a header. A refusal does not repeat it.
fn sendable(key: &str) -> Result<String> {
    let key = key.trim();
    if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        bail!("key: is not an API key or token; give it alone, as `livetrail key create` printed it");
    }
    Ok(key.into())
}

impl Connection {
    /// Opens the way to the log of the data folder. The log must exist: a log that is created in the wrong folder is an
    /// error.
    pub(super) async fn open(config: &Config) -> Result<Self> {
        let socket = socket_path(&config.data_dir);
        let deadline = Instant::now() + PATIENCE;
        loop {
            if is_served(&socket).await {
                return Self::by_socket(&socket, None);
            }
            config.check_log().map_err(Misconfigured)?;
            check_seal(config)?;
            check_log(config).await?;
            match Server::start_private(config).await {
                Ok(own) => return Self::by_socket(&own.socket.clone(), Some(own)),
                Err(error) if is_locked(&error) && Instant::now() < deadline => sleep(PAUSE).await,
                Err(error) if is_locked(&error) => return Err(without_socket(&error, &socket)),
                Err(error) => return Err(error),
            }
        }
    }

    /// Opens the way to a server that is running: a remote one, or that of the data folder.
    pub(super) async fn to_running(remote: Remote, config: &Config) -> Result<Self> {
        if let Some(server) = remote.server(config).await? {
            return Self::to(server);
        }
        let socket = socket_path(&config.data_dir);
        if !is_served(&socket).await {
            let folder = config.data_dir.display();
            return Err(anyhow!(
                "no server is running on the data folder {folder}: start one with `livetrail serve`, or name one with \
                 --data-dir or --url (a server whose socket {} was deleted has to be restarted)",
                socket.display()
            ));
        }
        Self::by_socket(&socket, None)
    }

    /// Opens the way to a remote server, or to the log of the data folder, running or not.
    pub(super) async fn to_any(remote: Remote, config: &Config) -> Result<Self> {
        match remote.server(config).await? {
            Some(server) => Self::to(server),
            None => Self::open(config).await,
        }
    }

    fn to(RemoteServer { url, key }: RemoteServer) -> Result<Self> {
        Ok(Self { client: reqwest::Client::builder().build()?, base_url: url, key, is_own: false, own: None })
    }

    fn by_socket(socket: &Path, own: Option<Server>) -> Result<Self> {
        let client = reqwest::Client::builder().unix_socket(socket).build()?;
        Ok(Self { client, base_url: "http://livetrail".into(), key: None, is_own: true, own })
    }

    /// Whether it leads to the log of the data folder, for which the command is the operator.
    pub(super) fn is_own(&self) -> bool {
        self.is_own
    }

    /// The parts of the server, if this command is the server for the moment.
    pub(super) fn app(&self) -> Option<&App> {
        self.own.as_ref().map(|own| &*own.app)
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
        let response = request.send().await;
        let response =
            response.map_err(|error| advice::no_answer(&format!("cannot reach {}", self.base_url), error))?;
        match response.status().is_success() {
            true => Ok(response),
            false => Err(self.refused(response).await),
        }
    }

    /// A refusal in the server's words, with what would help.
    pub(super) async fn refused(&self, response: Response) -> anyhow::Error {
        let status = response.status();
        let words = match response.json::<Problem>().await {
            Ok(problem) => format!("{} ({status})", problem.detail),
            // A proxy in between says that its server is away.
            Err(_) if status.is_server_error() => format!("the server answered {status}"),
            Err(_) => format!(
                "the server answered {status}; is {} the address of a livetrail server?",
                self.base_url
            ),
        };
        match advice::for_refused_key(status).filter(|_| self.key.is_some()) {
            Some(advice) => anyhow!("{words}; {advice}"),
            None => anyhow!(words),
        }
    }

    /// The credential for a remote server.
    pub(super) fn key(&self) -> Option<&str> {
        self.key.as_deref()
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

/// Servers over PostgreSQL share the secrets in it. A command that sealed them with a key of its own data folder would
/// lock the servers out, so it needs theirs.
fn check_seal(config: &Config) -> Result<()> {
    let has_key = config.seal_key.is_some() || config.jwt_secret.is_some();
    if has_key || config.database.folder().is_some() || Seal::own_file(&config.data_dir).exists() {
        return Ok(());
    }
    bail!(
        "seal-key-file: is missing; without a running server, this command needs the key that seals the secrets in \
         PostgreSQL: set LIVETRAIL_SEAL_KEY_FILE (in the file of --config: seal-key-file) or JWT_SECRET_KEY as the \
         servers have it, or start a server first and give its --data-dir"
    )
}

/// Whether there is a log.
pub(super) async fn check_log(config: &Config) -> Result<()> {
    let is_there = match &config.database {
        Database::Sqlite(folder) => SqliteStore::is_in(folder),
        Database::Postgres(address) => PostgresStore::is_in(address.clone()).await?,
    };
    if is_there {
        return Ok(());
    }
    let place = match &config.database {
        Database::Sqlite(folder) => format!("the data folder {}", folder.display()),
        database @ Database::Postgres(_) => database.to_string(),
    };
    bail!(
        "{place} does not contain a log: name the right one with --data-dir or --database-url; `livetrail serve` \
         begins a log, and so does `livetrail migrate`"
    )
}

/// The folder may be held by another command, or by a server that does not listen yet.
fn is_locked(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(StoreError::Locked(_)))
}

/// The folder is held by a server whose socket was deleted, or by another command.
fn without_socket(error: &anyhow::Error, socket: &Path) -> anyhow::Error {
    let socket = socket.display();
    anyhow!(
        "{error}, but no server answers at its socket {socket}: if a server is running, the socket was deleted, and a restart of \
         the server makes it again; if another command is running, wait for its end"
    )
}

/// A socket without a listener was left behind by a killed server.
pub(super) async fn is_served(socket: &Path) -> bool {
    tokio::net::UnixStream::connect(socket).await.is_ok()
}
