use super::Misconfigured;
use crate::{
    access::{NewCredential, Principal},
    app::App,
    config::{Config, Database, LogFormat},
    demo::{self, Destination, Plan},
    environment::System,
    log_span,
    server::{Addresses, Server},
    tls::Tls,
    traces::{BoxedLayer, Sending},
};
use anyhow::{Context, Result, anyhow};
use livetrail_store::SqliteStore;
use livetrail_types::Role;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::{
    io::{IsTerminal, Write},
    net::SocketAddr,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};
use tokio::{
    signal::unix::{SignalKind, signal},
    task::JoinHandle,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

pub(super) const EXAMPLES: &str = "\
Examples:
  livetrail serve                                  on 127.0.0.1:7777, everything in ./livetrail-data
  livetrail serve --listen 0.0.0.0:7777 --data-dir /var/lib/livetrail
  JWT_SECRET_KEY=… livetrail serve                 admins sign in with the application's own tokens
  livetrail serve --config livetrail.toml          any of these settings from a file";

/// Activities of the past, so that no view is empty.
const DEMO_PAST: usize = 4_000;
const DEMO_KEY: &str = "demo traffic";
/// How long a restored log may take until it can be opened, and the pause between two tries.
const BEGIN_ANEW: Duration = Duration::from_secs(300);
const PAUSE: Duration = Duration::from_secs(1);
/// With fewer open files than this, the server would refuse clients.
pub(super) const OPEN_FILES_WANTED: u64 = 16_384;

pub(super) async fn run(config: &Config) -> Result<()> {
    // Dropped at the end, when it sends the last spans.
    let (_sending, traces) = Sending::begin().map_err(Misconfigured)?.unzip();
    start_log(config, traces)?;
    serve(config).instrument(log_span::task("server")).await
}

async fn serve(config: &Config) -> Result<()> {
    raise_open_files();
    let addresses = Addresses::bind(config)?;
    let told_to_stop = CancellationToken::new();
    let mut server = Server::start_at(config, &addresses).await?;
    let address = server.address.context("the server has no address")?;
    // A program that reads the first line may stop the server at once.
    stop_on_signal(told_to_stop.clone())?;
    announce(&server, config, address).await?;
    loop {
        let reloading = reload_on_signal(&server)?;
        if config.demo {
            log_span::spawn("demo", play(Arc::clone(&server.app), server.socket.clone()));
        }
        let restored = server.app.restored.clone();
        let stopping = server.stopping();
        let told = told_to_stop.clone();
        let stop = tokio::spawn(async move {
            told.cancelled().await;
            stopping.cancel();
        });
        server.run().await;
        reloading.abort();
        stop.abort();
        if !restored.is_cancelled() || told_to_stop.is_cancelled() {
            break;
        }
        tracing::info!("beginning anew with the restored log");
        server = start_again(config, &addresses, &told_to_stop).await?;
    }
    tracing::info!("stopped");
    Ok(())
}

/// Starts the server with a restored log. The restore may still be running, so the start is retried for a while.
async fn start_again(
    config: &Config,
    addresses: &Addresses,
    told_to_stop: &CancellationToken,
) -> Result<Server> {
    let deadline = Instant::now() + BEGIN_ANEW;
    loop {
        let started = match is_there(&config.database).await {
            true => Server::start_at(config, addresses).await,
            false => Err(anyhow!("its file is not there, or is being written")),
        };
        match started {
            Err(error) if Instant::now() < deadline && !told_to_stop.is_cancelled() => {
                tracing::warn!("the log cannot be opened yet: {error:#}");
            }
            started => return started,
        }
        sleep(PAUSE).await;
    }
}

/// Whether an embedded database is complete. Opening a missing one would create a new log.
async fn is_there(database: &Database) -> bool {
    let Database::Sqlite(folder) = database else { return true };
    let before = SqliteStore::size_in(folder);
    sleep(PAUSE).await;
    before.is_some() && before == SqliteStore::size_in(folder)
}

/// Starts the server's own log, and what takes up the spans of requests, if anything does.
pub(super) fn start_log(config: &Config, traces: Option<BoxedLayer>) -> Result<()> {
    let filter = EnvFilter::try_new(&config.log)?.add_directive(log_span::DIRECTIVE.parse()?);
    let for_people = std::io::stderr().is_terminal();
    // A closed log output must not fail the server, as reporting the failed write would.
    let log = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(for_people)
        .log_internal_errors(false);
    let log = match config.log_format {
        LogFormat::Text => log.boxed(),
        LogFormat::Json => log.json().boxed(),
    };
    tracing_subscriber::registry().with(traces).with(log.with_filter(filter)).init();
    Ok(())
}

/// A client is an open file.
fn raise_open_files() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).is_err()
        || maximum.is_some_and(|m| m < OPEN_FILES_WANTED)
    {
        tracing::warn!(
            ?current,
            ?maximum,
            "few open files are allowed, so few clients are: raise RLIMIT_NOFILE"
        );
    }
}

/// The first line on standard output is for programs that wait for the server; how to sign in is for people.
async fn announce(server: &Server, config: &Config, address: SocketAddr) -> Result<()> {
    let app = &server.app;
    let scheme = if server.tls.is_some() { "https" } else { "http" };
    writeln!(std::io::stdout(), "listening on {scheme}://{address}")?;
    if config.public_url.is_none() && address.ip().to_canonical().is_unspecified() {
        tracing::info!(
            "links name {}: set --public-url to what browsers call this server by",
            app.public_url
        );
    }
    let is_first_start = app.hub.head().position == 0 && app.access.keys().is_empty();
    if is_first_start || config.demo {
        match app.access.create_sign_in_link(&Principal::operator()).await {
            Ok(link) => tracing::info!(
                "sign in, once and within 30 minutes: {}/admin/activity#token={}",
                app.public_url,
                link.secret
            ),
            // The server is there all the same; the database may have gone away just now.
            Err(error) => {
                tracing::warn!(%error, "no sign-in link was made; `livetrail admin link` makes one");
            }
        }
    }
    Ok(())
}

fn stop_on_signal(stopping: CancellationToken) -> Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    log_span::spawn("signals", async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        stopping.cancel();
        tracing::info!("stopping: finishing what was accepted");
    });
    Ok(())
}

/// A certificate is renewed while the server runs.
fn reload_on_signal(server: &Server) -> Result<JoinHandle<()>> {
    let mut hangup = signal(SignalKind::hangup())?;
    let tls = server.tls.clone();
    Ok(log_span::spawn("signals", async move {
        while hangup.recv().await.is_some() {
            match tls.as_deref().map(Tls::reload) {
                Some(Ok(())) => tracing::info!("the certificate was read again"),
                Some(Err(error)) => tracing::error!("the certificate stays as it was: {error:#}"),
                None => tracing::info!("SIGHUP: there is no certificate to read again"),
            }
        }
    }))
}

async fn play(app: Arc<App>, socket: PathBuf) {
    if let Err(error) = try_to_play(app, socket).await {
        tracing::error!("the demo stopped: {error:#}");
    }
}

/// The demo is an application like any other: it has a key and speaks HTTP.
async fn try_to_play(app: Arc<App>, socket: PathBuf) -> Result<()> {
    for old in app.access.keys().into_iter().filter(|key| key.name == DEMO_KEY) {
        app.access.revoke(old.id).await?;
    }
    let wanted = NewCredential { name: DEMO_KEY.into(), role: Role::Writer, tenant: None, expires_at: None };
    let key = app.access.create_key(&Principal::operator(), wanted).await?.secret.to_string();
    let past = if app.hub.head().position == 0 { DEMO_PAST } else { 0 };
    let plan = Plan { seed: app.hub.head().position, past, speed: 1.0 };
    let client = reqwest::Client::builder().unix_socket(socket).build()?;
    let destination = Destination { client, base_url: "http://livetrail".into(), key };
    demo::play(&destination, plan, &System, app.stopping.clone().cancelled_owned()).await?;
    Ok(())
}
