//! A server in one piece: the store is opened, the parts are put together, and connections are served until it is told
//! to stop.

use crate::{
    alerts,
    app::App,
    config::{Config, Database},
    connections::{Limits, Timeouts},
    environment::{Environment, System},
    http::{self, Listener},
    hub::Reactors,
    log_span, private_files, retention,
    tls::Tls,
};
use anyhow::{Context, Result, anyhow};
use livetrail_store::{AdoptionChoices, PostgresOptions, PostgresStore, SqliteStore, Store, StoreError};
use livetrail_types::Epoch;
use std::{
    fs::DirBuilder,
    io::ErrorKind,
    net::SocketAddr,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpSocket},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

/// A server that is running.
pub struct Server {
    /// Its parts.
    pub app: Arc<App>,
    /// Where it listens, if it is on the network.
    pub address: Option<SocketAddr>,
    /// Where commands reach it.
    pub socket: PathBuf,
    /// What connections from the network begin with, if they do.
    pub tls: Option<Arc<Tls>>,
    serving: JoinSet<()>,
    reactors: Option<Arc<Reactors>>,
}

/// Connections that wait to be accepted, as far as the system allows: after a restart, every client comes back.
const BACKLOG: u32 = 4_096;
/// Those who gather metrics are few.
const METRICS_CONNECTIONS: usize = 64;
/// How long the last records may take once every connection has ended.
const LAST_RECORDS: Duration = Duration::from_secs(1);
/// The same for a command: no client waits until it is started again.
const LAST_RECORDS_OF_A_COMMAND: Duration = Duration::from_secs(5);

/// Where commands reach the server that uses a data folder.
pub fn socket_path(data_dir: &Path) -> PathBuf {
    data_dir.join("livetrail.sock")
}

/// Where a command reaches the server that it is itself for the moment. Other commands are not to find one that is
/// about to go.
fn private_socket_path(data_dir: &Path) -> PathBuf {
    data_dir.join(format!("livetrail-command-{}.sock", std::process::id()))
}

impl Server {
    /// Starts a server on the network and on its socket.
    ///
    /// # Errors
    /// What prevents the start, in words for the user who started it.
    pub async fn start(config: &Config) -> Result<Self> {
        Self::start_at(config, &Addresses::bind(config)?).await
    }

    /// Starts a server where it is reached already.
    ///
    /// # Errors
    /// What prevents the start, in words for the user who started it.
    pub async fn start_at(config: &Config, addresses: &Addresses) -> Result<Self> {
        let server = Self::start_on(config, Some(listener(&addresses.public)?)).await?;
        server.app.self_audit.started(config, &*server.app.store).await;
        log_span::spawn("retention", retention::watch(Arc::downgrade(&server.app), config.first_retention));
        log_span::spawn("alerts", alerts::watch(Arc::downgrade(&server.app)));
        log_span::spawn("alerts", alerts::announce(Arc::downgrade(&server.app)));
        match &addresses.metrics {
            Some(metrics) => server.with_metrics_on(listener(metrics)?),
            None => Ok(server),
        }
    }

    /// Starts a server on its socket only: what a command does when no server is running.
    ///
    /// # Errors
    /// What prevents the start, in words for the user who started it.
    pub async fn start_private(config: &Config) -> Result<Self> {
        Self::start_on(config, None).await
    }

    async fn start_on(config: &Config, listener: Option<TcpListener>) -> Result<Self> {
        let address = listener.as_ref().map(TcpListener::local_addr).transpose()?;
        let environment: Arc<dyn Environment> = Arc::new(System);
        let store = open_store(config, AdoptionChoices::default(), &*environment).await?;
        let tls = config.tls.clone().map(Tls::read).transpose()?.map(Arc::new);
        let reached_at = reached_at(address.unwrap_or(config.listen), tls.is_some());
        let app = App::start(config, store, environment, reached_at).await?;
        if listener.is_some() {
            app.questions.begin_index();
        }
        let socket = match address {
            Some(_) => socket_path(&config.data_dir),
            None => private_socket_path(&config.data_dir),
        };
        DirBuilder::new().recursive(true).mode(0o700).create(&config.data_dir)?;
        private_files::warn_of_lax(&config.data_dir);
        let operator =
            Listener::operator(&socket).with_context(|| format!("cannot listen on {}", socket.display()))?;
        let reactors = match (&listener, config.push_threads) {
            (Some(_), count @ 1..) => {
                Some(Arc::new(Reactors::start(&app.hub, count, app.settings.heartbeat)?))
            }
            _ => None,
        };
        let service = http::Service {
            router: http::router(&app),
            push: reactors.clone().map(http::Push::by).map(Arc::new),
            tls: tls.clone(),
            limits: Limits::of(config),
            trusted_proxies: config.trusted_proxies.clone(),
            timeouts: config.timeouts,
            stopping: app.stopping.clone(),
        };
        let mut serving = JoinSet::new();
        for listener in [Some(operator), listener.map(Listener::Network)].into_iter().flatten() {
            serving.spawn(http::serve(listener, service.clone()).instrument(log_span::task("listener")));
        }
        Ok(Self { app, address, socket, tls, serving, reactors })
    }

    /// Serves the metrics to every client that can reach `listener`.
    fn with_metrics_on(mut self, listener: TcpListener) -> Result<Self> {
        tracing::info!("metrics at http://{}/metrics", listener.local_addr()?);
        let service = http::Service {
            router: http::metrics_router(&self.app),
            push: None,
            tls: None,
            limits: Limits { in_all: METRICS_CONNECTIONS, of_address: None },
            trusted_proxies: Vec::new(),
            timeouts: Timeouts::default(),
            stopping: self.app.stopping.clone(),
        };
        let serving = http::serve(Listener::Network(listener), service);
        self.serving.spawn(serving.instrument(log_span::task("listener")));
        Ok(self)
    }

    /// Told to stop by cancelling it.
    pub fn stopping(&self) -> CancellationToken {
        self.app.stopping.clone()
    }

    /// Serves until it is told to stop, then finishes what is under way.
    pub async fn run(self) {
        self.app.stopping.cancelled().await;
        if let Some(reactors) = self.reactors {
            let ended = tokio::task::spawn_blocking(move || reactors.stop());
            let _ = ended.await;
        }
        self.serving.join_all().await;
        let limit = if self.address.is_some() { LAST_RECORDS } else { LAST_RECORDS_OF_A_COMMAND };
        if tokio::time::timeout(limit, self.app.self_audit.finish()).await.is_err() {
            tracing::warn!("some of livetrail's own activities were not recorded");
        }
        self.app.questions.stop().await;
        self.app.hub.stop().await;
    }
}

/// Where a server is reached. Clients wait in the meantime when one ends and another begins at the same place.
pub struct Addresses {
    public: std::net::TcpListener,
    metrics: Option<std::net::TcpListener>,
}

impl Addresses {
    /// Takes the addresses of a configuration.
    ///
    /// # Errors
    /// That one cannot be had.
    pub fn bind(config: &Config) -> Result<Self> {
        let bind = |address| anyhow::Ok(bind(address)?.into_std()?);
        Ok(Self { public: bind(config.listen)?, metrics: config.metrics_listen.map(bind).transpose()? })
    }
}

fn listener(taken: &std::net::TcpListener) -> Result<TcpListener> {
    Ok(TcpListener::from_std(taken.try_clone()?)?)
}

fn bind(address: SocketAddr) -> Result<TcpListener> {
    let listen = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // A server that is started again takes the port although connections of the last one linger.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    listen().map_err(|error| {
        let advice = match error.kind() {
            ErrorKind::AddrInUse => {
                "another process listens there, perhaps another livetrail: stop it, or choose another address with \
                 --listen or --metrics-listen"
            }
            ErrorKind::AddrNotAvailable => {
                "this machine does not have this address: choose one that it has with --listen or --metrics-listen, or \
                 0.0.0.0 for all of them"
            }
            ErrorKind::PermissionDenied => {
                "a port below 1024 needs a right (CAP_NET_BIND_SERVICE): choose a higher one with --listen or \
                 --metrics-listen"
            }
            _ => return anyhow!(error).context(format!("cannot listen on {address}")),
        };
        anyhow!("cannot listen on {address}: {error}; {advice}")
    })
}

/// The address that a browser on this machine opens. An unspecified address (`0.0.0.0`) cannot be opened.
fn reached_at(listening: SocketAddr, has_tls: bool) -> String {
    let scheme = if has_tls { "https" } else { "http" };
    match listening.ip().to_canonical().is_unspecified() {
        true => format!("{scheme}://localhost:{}", listening.port()),
        false => format!("{scheme}://{listening}"),
    }
}

/// The epoch of a log that is new or restored.
pub(crate) fn fresh_epoch(environment: &dyn Environment) -> Epoch {
    let [a, b, c, d, ..] = environment.random();
    Epoch(u32::from_be_bytes([a, b, c, d]))
}

/// Opens the log, bringing its database up to date.
///
/// # Errors
/// What the store says.
pub async fn open_store(
    config: &Config,
    adoption: AdoptionChoices,
    environment: &dyn Environment,
) -> Result<Arc<dyn Store>, StoreError> {
    let fresh_epoch = fresh_epoch(environment);
    match config.database.clone() {
        Database::Sqlite(folder) => {
            let opening = log_span::spawn_blocking(move || SqliteStore::open(&folder, fresh_epoch));
            let store = opening.await.map_err(|error| StoreError::Internal(error.to_string()))??;
            Ok(Arc::new(store))
        }
        Database::Postgres(address) => {
            if !address.left_out().is_empty() {
                let parameters = address.left_out().join(", ");
                tracing::warn!(
                    parameters,
                    "parameters of the database URL that mean nothing here were left out"
                );
            }
            let (admins, redaction) = (config.admin_table.clone(), config.redaction.clone());
            let connections = config.database_connections;
            let options =
                PostgresOptions { admins, redaction, connections, adoption, ..PostgresOptions::default() };
            Ok(Arc::new(PostgresStore::open(address, options, fresh_epoch).await?))
        }
    }
}
