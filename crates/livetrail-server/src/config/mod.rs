//! Configuration in two steps: as typed ([`RawConfig`]: flags, environment, file), then as meant ([`Config`]: checked,
//! complete).

mod checked;
mod file;
mod files;
mod in_force;
mod printed;
mod raw;
pub mod reference;
mod secrets;
mod smtp;
#[cfg(test)]
mod tests;
mod tokens;
mod urls;

pub use in_force::{InForce, SetBy};
pub use printed::printed;
pub use raw::{GlobalArgs, LogFormat, RawConfig};
pub use secrets::Secret;
pub(crate) use secrets::in_file;
pub use smtp::{SmtpSecurity, SmtpSettings};
pub use tokens::{AdminClaim, ClaimNames, OidcSettings, TokenKeys, TokenSettings};
pub(crate) use urls::{http_url, is_local_url, issuer_url, plain_url};

use crate::{connections::Timeouts, retention::Rules};
use anyhow::Result;
use ipnet::IpNet;
use livetrail_store::{AdminTable, PostgresAddress};
use livetrail_types::{Catalogue, Redaction};
use std::{
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

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
    /// The server that takes e-mails, if there is one.
    pub smtp: Option<SmtpSettings>,
    /// Networks of special addresses that alerts may be delivered to.
    pub alerts_allow_addresses: Vec<IpNet>,
    /// Where the places of addresses are, for alert rules.
    pub geoip_file: Option<PathBuf>,
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
    /// How long after its start the server looks for the first time for activities that are kept long enough.
    pub first_retention: Duration,
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
    /// All of this under the names of the settings, and where each was set.
    pub in_force: Vec<InForce>,
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
        let typed = in_force::given(&self);
        let mut merged = self.merged(config_file)?;
        let all = in_force::given(&merged);
        let given = typed.and_then(|typed| Ok(in_force::Given { typed, all: all? }));
        let config = merged.checked()?;
        // A path that is not UTF-8 has no form in TOML. A server runs with it all the same.
        let in_force =
            given.and_then(|given| in_force::in_force(&merged, &given, &config)).unwrap_or_default();
        Ok(Config { in_force, ..config })
    }

    /// Flags and environment, then the file.
    fn merged(self, config_file: Option<&Path>) -> Result<Self> {
        match config_file {
            Some(path) => Ok(self.or(file::read(path)?)),
            None => Ok(self),
        }
    }
}

/// A variable that other programs know by the same name, too. An empty one counts as not set.
#[expect(clippy::disallowed_methods, reason = "what the environment says is read here")]
pub(crate) fn environment(name: &str) -> Option<String> {
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
