use super::{parameters::Parameters, search_path::SearchPath, tls};
use crate::Result as StoreResult;
use std::{fmt, path::PathBuf, str::FromStr, time::Duration};
use tokio_postgres::config::{Config, Host};

/// A server that does not answer by then is away.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How often a peer that says nothing is asked whether it is there.
const ALIVE: Duration = Duration::from_secs(5);
/// A peer that acknowledges nothing for so long is gone.
const DEAD_PEER: Duration = Duration::from_secs(15);

/// What addresses of PostgreSQL begin with: its own names, Django's (`postgis`, `psql`) and PHP's (`pgsql`).
const SCHEMES: [&str; 5] = ["postgres", "postgresql", "postgis", "psql", "pgsql"];

/// Where a PostgreSQL database is and how to reach it: `postgres://user:password@host:port/database?sslmode=…`. It
/// prints without the password.
#[derive(Clone)]
pub struct PostgresAddress {
    pub(super) config: Box<Config>,
    pub(super) trust: Trust,
    pub(super) search_path: Option<SearchPath>,
    left_out: Vec<String>,
}

/// Whom a connection believes to be the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// Any server. TLS only keeps others from listening, as with libpq's `prefer` and `require`.
    Anybody,
    /// Who has a certificate of the system's authorities for the host's name.
    System,
    /// Who has a certificate in this file, or one of an authority in it; for the host's name, or for any.
    Authority { file: PathBuf, checks_name: bool },
}

impl FromStr for PostgresAddress {
    type Err = String;

    /// Reads an address as libpq, SQLAlchemy (`postgresql+psycopg://`) and JDBC (`jdbc:postgresql://`) write it. A
    /// refusal does not repeat it.
    fn from_str(url: &str) -> Result<Self, String> {
        let example = "write one such as postgres://user:password@host:5432/database";
        let rest = after_scheme(url).and_then(|rest| rest.strip_prefix("//"));
        let rest = rest.ok_or_else(|| format!("this is not an address of PostgreSQL; {example}"))?;
        let (base, query) = rest.split_once('?').unwrap_or((rest, ""));
        let Parameters { for_driver, mode, trust, search_path, left_out } = Parameters::read(query)?;
        let mut config: Config =
            format!("postgres://{base}?{for_driver}").parse().map_err(|error: tokio_postgres::Error| {
                let reason =
                    std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
                format!("{reason}; {example}")
            })?;
        if config.get_hosts().is_empty() {
            return Err(format!("it names no host; {example}"));
        }
        if config.get_user().is_none() {
            return Err(format!("it names no user; {example}"));
        }
        // It would be shown as the name of a host, and may be half a password.
        if config.get_hosts().iter().any(|host| matches!(host, Host::Tcp(name) if name.contains('@'))) {
            return Err(format!("an @ in a user's name or password is written %40; {example}"));
        }
        if let Some(search_path) = &search_path {
            // What comes last counts.
            let options = [config.get_options().unwrap_or_default(), &search_path.option()].join(" ");
            config.options(options.trim_start());
        }
        config.ssl_mode(mode).application_name("livetrail").tcp_user_timeout(DEAD_PEER);
        config.keepalives_idle(ALIVE).keepalives_interval(ALIVE).keepalives_retries(2);
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        Ok(Self { config: Box::new(config), trust, search_path, left_out })
    }
}

/// What follows the scheme, if that is one of PostgreSQL.
fn after_scheme(url: &str) -> Option<&str> {
    let url = match url.split_at_checked(5) {
        Some((jdbc, rest)) if jdbc.eq_ignore_ascii_case("jdbc:") => rest,
        _ => url,
    };
    let (scheme, rest) = url.split_once(':')?;
    let name = scheme.split('+').next().unwrap_or_default();
    SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(name)).then_some(rest)
}

impl PostgresAddress {
    /// Whether an address begins as one of PostgreSQL does.
    #[must_use]
    pub fn is_meant_by(url: &str) -> bool {
        after_scheme(url).is_some()
    }

    /// Reads the files that it names.
    ///
    /// # Errors
    /// Which of them cannot be used, and why.
    pub fn check_files(&self) -> StoreResult<()> {
        tls::connector(self).map(drop)
    }

    /// The names of its parameters that other clients have and that mean nothing here.
    #[must_use]
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// The name of the user.
    pub(super) fn user(&self) -> &str {
        self.config.get_user().unwrap_or_default()
    }

    /// The name of the database; the user's, where the address names none.
    pub(super) fn database(&self) -> &str {
        self.config.get_dbname().unwrap_or_else(|| self.user())
    }

    /// The first host and its port, for people.
    pub(super) fn server(&self) -> String {
        let port = self.config.get_ports().first().copied().unwrap_or(5432);
        match self.config.get_hosts().first() {
            Some(Host::Tcp(host)) => format!("{host}:{port}"),
            Some(Host::Unix(path)) => format!("{} (port {port})", path.display()),
            None => format!("port {port}"),
        }
    }
}

impl fmt::Display for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "postgres://{}@{}/{}", self.user(), self.server(), self.database())
    }
}

impl fmt::Debug for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> PostgresAddress {
        url.parse().unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    #[test]
    fn the_ways_to_write_an_address_are_understood() {
        for url in [
            "postgres://ada:secret@db:6432/app",
            "postgresql://ada:secret@db:6432/app?sslmode=disable",
            "postgresql+psycopg://ada:secret@db:6432/app",
            "postgresql+asyncpg://ada:secret@db:6432/app?sslmode=require&application_name=x",
            "POSTGRES://ada:secret@db:6432/app",
            "postgis://ada:secret@db:6432/app",
            "jdbc:postgresql://ada:secret@db:6432/app",
            "JDBC:PostgreSQL://db:6432/app?user=ada&password=secret&ssl=false",
        ] {
            let address = read(url);
            assert_eq!((address.user(), address.database()), ("ada", "app"), "{url}");
            assert_eq!(address.server(), "db:6432", "{url}");
        }
    }

    #[test]
    fn an_address_prints_without_its_password() {
        let address = read("postgres://ada:secret@db/app");
        for text in [format!("{address}"), format!("{address:?}")] {
            assert_eq!(text, "postgres://ada@db:5432/app");
        }
    }

    #[test]
    fn addresses_of_prisma_and_of_hosters_are_understood() {
        for query in [
            "schema=public",
            "schema=public&connection_limit=5",
            "pgbouncer=true",
            "sslmode=prefer&uselibpqcompat=true",
            "ssl=false",
            "sslmode=no-verify",
            "sslmode=require&channel_binding=require",
            "connect_timeout=&schema=&search_path=&options=",
            "sslmode=require&supa=base-pooler.x&target_session_attrs=read-write",
            "",
        ] {
            assert_eq!(read(&format!("postgres://ada:secret@db/app?{query}")).database(), "app", "{query}");
        }
        let left_out = read("postgres://ada@db/app?pgbouncer=true&schema=log").left_out().to_vec();
        assert_eq!(left_out, ["pgbouncer"]);
    }

    #[test]
    fn a_schema_is_a_search_path_behind_other_options() {
        for (query, options) in [
            ("schema=log", "-csearch_path=\"log\""),
            ("options=-cgeqo%3Doff&schema=Audit", "-cgeqo=off -csearch_path=\"Audit\""),
            ("schema=my%20app", "-csearch_path=\"my\\ app\""),
            ("currentSchema=app,public", "-csearch_path=app,public"),
            ("search_path=%22%24user%22%2C%20audit", "-csearch_path=\"$user\",\\ audit"),
            ("options=-csearch_path%3Dlog", "-csearch_path=log"),
        ] {
            let address = read(&format!("postgres://ada:secret@db/app?{query}"));
            assert_eq!(address.config.get_options(), Some(options), "{query}");
        }
        assert_eq!(read("postgres://ada:secret@db/app?schema=").config.get_options(), None);
    }

    #[test]
    fn what_cannot_be_right_is_refused_without_repeating_it() {
        for (url, words) in [
            ("postgres", "not an address of PostgreSQL"),
            ("mysql://ada:secret@db/app", "not an address of PostgreSQL"),
            ("jdbc:postgresql:secret", "postgres://user:password@host"),
            ("postgres://ada:secret@db:port/app", "port"),
            ("postgres://ada:secret@/app", "host"),
            ("postgres://db/app", "user"),
            ("postgres://ada:p@secret@db/app", "%40"),
            ("postgres://ada:secret@db/app?sslmode=on", "sslmode=on"),
        ] {
            let error = url.parse::<PostgresAddress>().expect_err(url);
            assert!(error.contains(words) && !error.contains("secret"), "{url}: {error}");
        }
    }
}
