//! From settings as they were typed to the configuration: defaults, bounds and forms.

use super::{
    Config, Database, LogFormat, RawConfig, TlsFiles,
    tokens::admin_table,
    urls::{cors_origin, http_url},
};
use crate::{connections::Timeouts, retention::Rules};
use anyhow::{Context, Result, anyhow, bail};
use livetrail_store::PostgresAddress;
use livetrail_types::{Catalogue, Redaction};
use std::{net::SocketAddr, path::Path, time::Duration};

/// Short enough that proxies do not close a quiet stream.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// The first run of the retention comes after what a start has to do, and leaves time to notice a setting that is
/// wrong.
const FIRST_RETENTION: Duration = Duration::from_secs(60);
/// To append, to listen, to take care of partitions, and one for each kind of question.
const MIN_DATABASE_CONNECTIONS: u16 = 6;
/// PostgreSQL ends every statement after this time.
const MAX_QUESTION_SECONDS: u32 = 60;

/// With fewer connections than this, a page could not be loaded beside its stream.
const MIN_CONNECTIONS: u32 = 16;

impl RawConfig {
    /// Checks every setting, and fills in its default, so that afterwards these are the settings in force.
    ///
    /// # Errors
    /// The first invalid value, by its name, with a valid form.
    pub(super) fn checked(&mut self) -> Result<Config> {
        let raw = self;
        let (jwt_secret, jwt_secret_previous, seal_key) =
            (raw.jwt_secret()?, raw.jwt_secret_previous()?, raw.seal_key()?);
        let tokens = raw.token_settings(jwt_secret.as_ref(), jwt_secret_previous.as_ref())?;
        let oidc = raw.oidc_settings()?;
        let trusted_proxies = raw.trusted_proxies()?;
        let database = raw.database_address()?.as_deref().map(database).transpose()?;
        let admin_table = admin_table(raw.admin_table.as_deref(), database.as_ref())?;
        // The socket is beside the database, so that a command that knows the one finds the other.
        let folder = || database.as_ref().and_then(Database::folder).unwrap_or(Path::new("livetrail-data"));
        let data_dir = raw.data_dir.get_or_insert_with(|| folder().to_owned()).clone();
        let names_address = raw.listen.is_some();
        let listen = address("listen", raw.listen.as_deref().unwrap_or("127.0.0.1:7777"))?;
        raw.listen = Some(listen.to_string());
        let catalogue = catalogue(raw.actions.as_deref())?;
        let retention = Rules::read(raw.keep.as_deref(), raw.keep_rows, &raw.retention, &catalogue)?;
        Ok(Config {
            names_address,
            listen,
            metrics_listen: raw
                .metrics_listen
                .as_deref()
                .map(|text| metrics_address(text, listen))
                .transpose()?,
            tls: tls(raw.tls_cert.as_deref(), raw.tls_key.as_deref())?,
            database: database.unwrap_or_else(|| Database::Sqlite(data_dir.clone())),
            data_dir,
            jwt_secret,
            jwt_secret_previous,
            seal_key,
            tokens,
            oidc,
            admin_table,
            trusted_proxies,
            query_token: *raw.query_token.get_or_insert(true),
            cors_origins: raw.cors_origin.iter().map(|origin| cors_origin(origin)).collect::<Result<_>>()?,
            public_url: raw.public_url.as_deref().map(|url| http_url("public-url", url)).transpose()?,
            smtp: raw.smtp_settings()?,
            alerts_allow_addresses: raw.alerts_allow_addresses()?,
            geoip_file: raw.geoip_file.clone(),
            catalogue,
            retention,
            redaction: redaction(*raw.redact.get_or_insert(true), &raw.redact_key),
            text_search: *raw.text_search.get_or_insert(false),
            question_timeout: question_timeout(*raw.question_timeout.get_or_insert(10))?,
            index_memory: index_memory(*raw.index_memory.get_or_insert(256))?,
            database_connections: database_connections(*raw.database_connections.get_or_insert(20))?,
            heartbeat: HEARTBEAT,
            timeouts: Timeouts::default(),
            first_retention: FIRST_RETENTION,
            max_connections: raw.max_connections.map(max_connections).transpose()?,
            max_connections_per_address: raw
                .max_connections_per_address
                .map(max_connections_per_address)
                .transpose()?,
            push_threads: (*raw.push_threads.get_or_insert_with(cores)).into(),
            demo: *raw.demo.get_or_insert(false),
            log_format: *raw.log_format.get_or_insert(LogFormat::Text),
            log: log_filter(raw.log.get_or_insert_with(|| "info".into()))?,
            in_force: Vec::new(),
        })
    }
}

fn cores() -> u16 {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    u16::try_from(cores).unwrap_or(u16::MAX)
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

fn tls(certificate: Option<&Path>, key: Option<&Path>) -> Result<Option<TlsFiles>> {
    match (certificate, key) {
        (Some(certificate), Some(key)) => {
            Ok(Some(TlsFiles { certificate: certificate.to_owned(), key: key.to_owned() }))
        }
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

fn log_filter(text: &str) -> Result<String> {
    let read = tracing_subscriber::EnvFilter::try_new(text);
    read.map(|_| text.to_owned())
        .context("log: this is not a filter; write one such as info or warn,livetrail_server=debug")
}

fn redaction(wanted: bool, keys: &[String]) -> Redaction {
    if wanted { Redaction::new(keys.to_vec()) } else { Redaction::off() }
}
