//! Configuration in two steps: as typed ([`RawConfig`]: flags, environment, file), then as meant ([`Config`]: checked,
//! complete).

mod file;
mod files;
mod printed;
mod raw;
pub mod reference;
mod secrets;
#[cfg(test)]
mod tests;
mod tokens;
mod urls;

pub use printed::printed;
pub use raw::{GlobalArgs, LogFormat, RawConfig};
pub use secrets::Secret;
pub(crate) use secrets::in_file;
use tokens::admin_table;
pub use tokens::{AdminClaim, ClaimNames, OidcSettings, TokenKeys, TokenSettings};
use urls::cors_origin;
pub(crate) use urls::{http_url, issuer_url};

use crate::{connections::Timeouts, retention::Rules};
use anyhow::{Context, Result, anyhow, bail};
use ipnet::IpNet;
use livetrail_store::{AdminTable, PostgresAddress};
use livetrail_types::{Catalogue, Redaction};
use std::{
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

/// Short enough that proxies do not close a quiet stream.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// How long a question to the log may take.
const QUESTION_TIMEOUT: Duration = Duration::from_secs(10);
/// To append, to listen, to take care of partitions, and one for each kind of question.
const MIN_DATABASE_CONNECTIONS: u16 = 6;
/// PostgreSQL ends every statement after this time.
const MAX_QUESTION_SECONDS: u32 = 60;

/// With fewer connections than this, a page could not be loaded beside its stream.
const MIN_CONNECTIONS: u32 = 16;

/// How a server is to run. Every value is checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Whether that was configured and is not the default.
    pub names_address: bool,
    /// Where the figures are answered without a credential, if anywhere.
    pub metrics_listen: Option<SocketAddr>,
    /// The certificate that it shows, if it speaks TLS.
    pub tls: Option<TlsFiles>,
    /// Where its database, lock and socket are.
    pub data_dir: PathBuf,
    /// Where the log is kept.
    pub database: Database,
    /// The secret of HS256 tokens, if the application gives one.
    pub jwt_secret: Option<Secret>,
    /// The previous secret, while it is being changed.
    pub jwt_secret_previous: Option<Secret>,
    /// The key that seals the log's own secrets, if the operator gives one.
    pub seal_key: Option<Secret>,
    /// The rules by which the application's tokens are accepted.
    pub tokens: TokenSettings,
    /// Single sign-on, if there is one.
    pub oidc: Option<OidcSettings>,
    /// The application's table of admins, in PostgreSQL.
    pub admin_table: AdminTable,
    /// The proxies whose forwarded addresses count.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether the stream takes `?token=`.
    pub query_token: bool,
    /// Other origins whose pages may call.
    pub cors_origins: Vec<String>,
    /// How the page is reached from outside, for links.
    pub public_url: Option<String>,
    /// The actions that have a name.
    pub catalogue: Catalogue,
    /// The rules of secrets that are not stored.
    pub redaction: Redaction,
    /// How long activities are kept.
    pub retention: Rules,
    /// Whether `text=` may be asked.
    pub text_search: bool,
    /// How long a question to the log may take.
    pub question_timeout: Duration,
    /// Bytes of memory for what was read lately of the index's files.
    pub index_memory: u64,
    /// Connections to PostgreSQL at once.
    pub database_connections: usize,
    /// How often a quiet stream shows that it is alive, and its credential is looked at again.
    pub heartbeat: Duration,
    /// How long clients may do nothing.
    pub timeouts: Timeouts,
    /// Connections at once, if not as many as the system allows.
    pub max_connections: Option<usize>,
    /// Connections at once from one address, if that has a limit.
    pub max_connections_per_address: Option<usize>,
    /// Threads that push to live streams; with none of them, each stream is a task.
    pub push_threads: usize,
    /// Whether demo traffic plays.
    pub demo: bool,
    /// How the server's own log is written.
    pub log_format: LogFormat,
    /// The filter of the server's own log, in the syntax of `tracing`.
    pub log: String,
}

/// Where a certificate and its key are: two files in PEM.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The certificate, followed by its chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Where a log is kept. It prints without a password.
#[derive(Clone, Debug)]
pub enum Database {
    /// In the embedded database of this folder.
    Sqlite(PathBuf),
    /// In PostgreSQL.
    Postgres(PostgresAddress),
}

impl Database {
    /// The folder it is in, if it is in one.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(folder) => Some(folder),
            Self::Postgres(_) => None,
        }
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(folder) => write!(f, "sqlite:{}", folder.display()),
            Self::Postgres(address) => fmt::Display::fmt(address, f),
        }
    }
}

impl RawConfig {
    /// Takes flags, then the environment, then the file, then the defaults.
    ///
    /// # Errors
    /// The first invalid value, by its name, with a valid form.
    pub fn resolve(self, config_file: Option<&Path>) -> Result<Config> {
        self.merged(config_file)?.meant()
    }

    /// Flags and environment, then the file.
    fn merged(self, config_file: Option<&Path>) -> Result<Self> {
        match config_file {
            Some(path) => Ok(self.or(file::read(path)?)),
            None => Ok(self),
        }
    }

    fn meant(self) -> Result<Config> {
        let raw = self;
        let (jwt_secret, jwt_secret_previous, seal_key) =
            (raw.jwt_secret()?, raw.jwt_secret_previous()?, raw.seal_key()?);
        let tokens = raw.token_settings(jwt_secret.as_ref(), jwt_secret_previous.as_ref())?;
        let oidc = raw.oidc_settings()?;
        let trusted_proxies = raw.trusted_proxies()?;
        let database = raw.database_address()?.as_deref().map(database).transpose()?;
        let admin_table = admin_table(raw.admin_table.as_deref(), database.as_ref())?;
        // The socket is beside the database, so that a command that knows the one finds the other.
        let data_dir = raw.data_dir.or_else(|| Some(database.as_ref()?.folder()?.to_owned()));
        let data_dir = data_dir.unwrap_or_else(|| PathBuf::from("livetrail-data"));
        let listen = address("listen", raw.listen.as_deref().unwrap_or("127.0.0.1:7777"))?;
        let catalogue = catalogue(raw.actions.as_deref())?;
        let retention = Rules::read(raw.keep.as_deref(), raw.keep_rows, &raw.retention, &catalogue)?;
        Ok(Config {
            names_address: raw.listen.is_some(),
            listen,
            metrics_listen: raw.metrics_listen.map(|text| metrics_address(&text, listen)).transpose()?,
            tls: tls(raw.tls_cert, raw.tls_key)?,
            database: database.unwrap_or_else(|| Database::Sqlite(data_dir.clone())),
            data_dir,
            jwt_secret,
            jwt_secret_previous,
            seal_key,
            tokens,
            oidc,
            admin_table,
            trusted_proxies,
            query_token: raw.query_token.unwrap_or(true),
            cors_origins: raw.cors_origin.iter().map(|origin| cors_origin(origin)).collect::<Result<_>>()?,
            public_url: raw.public_url.map(|url| http_url("public-url", &url)).transpose()?,
            catalogue,
            retention,
            redaction: redaction(raw.redact.unwrap_or(true), raw.redact_key),
            text_search: raw.text_search.unwrap_or(false),
            question_timeout: raw.question_timeout.map_or(Ok(QUESTION_TIMEOUT), question_timeout)?,
            index_memory: index_memory(raw.index_memory.unwrap_or(256))?,
            database_connections: database_connections(raw.database_connections.unwrap_or(20))?,
            heartbeat: HEARTBEAT,
            timeouts: Timeouts::default(),
            max_connections: raw.max_connections.map(max_connections).transpose()?,
            max_connections_per_address: raw
                .max_connections_per_address
                .map(max_connections_per_address)
                .transpose()?,
            push_threads: raw.push_threads.map_or_else(cores, usize::from),
            demo: raw.demo.unwrap_or(false),
            log_format: raw.log_format.unwrap_or(LogFormat::Text),
            log: raw.log.map_or_else(|| Ok("info".into()), log_filter)?,
        })
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the names that applications of this kind already use are read here"
)]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The same command, but a variable that is empty counts as not set: that is how compose files write "nothing".
#[expect(clippy::disallowed_methods, reason = "what the environment says is read here")]
pub fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |name: &std::ffi::OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    let unset = |argument: clap::Arg| match argument.get_env().is_some_and(is_empty) {
        true => argument.env(clap::builder::Resettable::Reset),
        false => argument,
    };
    command.mut_args(unset).mut_subcommands(without_empty_variables)
}

fn address(name: &str, text: &str) -> Result<SocketAddr> {
    use std::net::ToSocketAddrs;
    let resolved = text.to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
    resolved
        .with_context(|| format!("{name}: {text:?} is no address and port; write one such as 127.0.0.1:7777"))
}

fn metrics_address(text: &str, listen: SocketAddr) -> Result<SocketAddr> {
    let metrics = address("metrics-listen", text)?;
    if metrics == listen && listen.port() != 0 {
        bail!("metrics-listen: {metrics} is the address of listen; choose another port");
    }
    Ok(metrics)
}

/// The database that the address names. A refusal does not repeat the address, which may hold a password.
fn database(url: &str) -> Result<Database> {
    match url.split_once(':') {
        Some((scheme, path)) if scheme.eq_ignore_ascii_case("sqlite") => match path
            .strip_prefix("//")
            .unwrap_or(path)
        {
            "" => bail!("database-url: sqlite: names no folder; write one such as sqlite:/var/lib/livetrail"),
            folder => Ok(Database::Sqlite(folder.into())),
        },
        _ if PostgresAddress::is_meant_by(url) => {
            url.parse().map(Database::Postgres).map_err(|error| anyhow!("database-url: {error}"))
        }
        Some((scheme, _)) => {
            bail!("database-url: {scheme}: is no database known here; write sqlite:FOLDER or postgres://…")
        }
        None => bail!("database-url: this is no address of a database; write sqlite:FOLDER or postgres://…"),
    }
}

fn max_connections(number: u32) -> Result<usize> {
    if number < MIN_CONNECTIONS {
        bail!("max-connections: must be at least {MIN_CONNECTIONS}");
    }
    Ok(usize::try_from(number)?)
}

fn max_connections_per_address(number: u32) -> Result<usize> {
    if number == 0 {
        bail!("max-connections-per-address: must be at least 1; leave it out for no limit");
    }
    Ok(usize::try_from(number)?)
}

fn database_connections(number: u16) -> Result<usize> {
    if number < MIN_DATABASE_CONNECTIONS {
        bail!("database-connections: must be at least {MIN_DATABASE_CONNECTIONS}");
    }
    Ok(number.into())
}

fn index_memory(megabytes: u32) -> Result<u64> {
    if megabytes == 0 {
        bail!("index-memory: must be at least 1 megabyte");
    }
    Ok(u64::from(megabytes) * 1_000_000)
}

fn question_timeout(seconds: u32) -> Result<Duration> {
    if !(1..=MAX_QUESTION_SECONDS).contains(&seconds) {
        bail!("question-timeout: must be a number of seconds from 1 to {MAX_QUESTION_SECONDS}");
    }
    Ok(Duration::from_secs(seconds.into()))
}

fn tls(certificate: Option<PathBuf>, key: Option<PathBuf>) -> Result<Option<TlsFiles>> {
    match (certificate, key) {
        (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key })),
        (None, None) => Ok(None),
        (Some(_), None) => bail!("tls-key: is missing; a certificate needs its key"),
        (None, Some(_)) => bail!("tls-cert: is missing; a key needs its certificate"),
    }
}

fn catalogue(additions: Option<&Path>) -> Result<Catalogue> {
    let Some(path) = additions else { return Ok(Catalogue::builtin()) };
    let text =
        std::fs::read_to_string(path).with_context(|| format!("actions: cannot read {}", path.display()))?;
    Catalogue::builtin().extended(&text).with_context(|| format!("actions: {}", path.display()))
}

fn log_filter(text: String) -> Result<String> {
    let read = tracing_subscriber::EnvFilter::try_new(&text);
    read.map(|_| text)
        .context("log: this is not a filter; write one such as info or warn,livetrail_server=debug")
}

fn redaction(wanted: bool, keys: Vec<String>) -> Redaction {
    if wanted { Redaction::new(keys) } else { Redaction::off() }
}
