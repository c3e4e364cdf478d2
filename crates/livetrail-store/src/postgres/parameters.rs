//! The parameters of a database's address. Other clients (libpq, SQLAlchemy, Prisma, node-postgres, hosters' consoles) have more of them
//! than the driver knows: those that mean something here are translated, and the others are left out, which a warning says.

use super::address::Trust;
use std::path::PathBuf;
use tokio_postgres::config::SslMode;

/// What the driver reads by itself.
const KNOWN: [&str; 16] = [
    "user",
    "password",
    "dbname",
    "application_name",
    "host",
    "hostaddr",
    "port",
    "connect_timeout",
    "tcp_user_timeout",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "channel_binding",
    "sslnegotiation",
    "load_balance_hosts",
];

/// The parameters of an address.
pub(super) struct Parameters {
    /// What the driver gets, as it was written.
    pub(super) for_driver: String,
    pub(super) mode: SslMode,
    pub(super) trust: Trust,
    /// The names of those that mean nothing here.
    pub(super) left_out: Vec<String>,
}

impl Parameters {
    /// Reads what follows the question mark.
    pub(super) fn read(query: &str) -> Result<Self, String> {
        let (mut kept, mut options, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
        let (mut mode, mut authority) = ("prefer", None);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match name {
                "sslmode" => mode = value,
                // node-postgres and JDBC.
                "ssl" => mode = of_ssl(value),
                // Prisma.
                "sslaccept" if value == "accept_invalid_certs" => mode = "no-verify",
                "sslaccept" => mode = "verify-full",
                "sslrootcert" => authority = Some(value).filter(|path| *path != "system").map(PathBuf::from),
                "options" => options.push(value.to_owned()),
                // Prisma, and JDBC. In options, a backslash keeps a blank.
                "schema" | "currentSchema" => {
                    options.push(format!(
                        "-csearch_path%3D{}",
                        value.replace("%20", "%5C%20").replace('+', "%5C%20")
                    ));
                }
                "target_session_attrs" if value == "primary" => {
                    kept.push("target_session_attrs=read-write".into());
                }
                "target_session_attrs" if matches!(value, "any" | "read-write" | "read-only") => {
                    kept.push(pair.to_owned());
                }
                known if KNOWN.contains(&known) => kept.push(pair.to_owned()),
                other => left_out.push(other.to_owned()),
            }
        }
        if !options.is_empty() {
            kept.push(format!("options={}", options.join("%20")));
        }
        let (mode, trust) = tls(mode, authority)?;
        Ok(Self { for_driver: kept.join("&"), mode, trust, left_out })
    }
}

fn of_ssl(value: &str) -> &str {
    match value {
        "" | "true" | "1" => "require",
        "false" | "0" => "disable",
        mode => mode,
    }
}

/// What libpq means by a mode of TLS; `no-verify` is node-postgres'.
fn tls(mode: &str, authority: Option<PathBuf>) -> Result<(SslMode, Trust), String> {
    let of_file = |file, checks_name| Trust::Authority { file, checks_name };
    let tls = match (mode, authority) {
        ("disable", _) => (SslMode::Disable, Trust::Anybody),
        ("allow" | "prefer", _) => (SslMode::Prefer, Trust::Anybody),
        ("no-verify", _) | ("require", None) => (SslMode::Require, Trust::Anybody),
        ("require" | "verify-ca", Some(file)) => (SslMode::Require, of_file(file, false)),
        ("verify-full", Some(file)) => (SslMode::Require, of_file(file, true)),
        ("verify-ca" | "verify-full", None) => (SslMode::Require, Trust::System),
        (other, _) => {
            return Err(format!(
                "sslmode={other} is not known; write disable, prefer, require, no-verify, verify-ca or verify-full"
            ));
        }
    };
    Ok(tls)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Parameters {
        Parameters::read(query).unwrap_or_else(|error| panic!("{query}: {error}"))
    }

    #[test]
    fn the_modes_of_tls_are_those_of_libpq_and_of_others() {
        let file = |checks_name| Trust::Authority { file: "/ca.pem".into(), checks_name };
        for (query, mode, trust) in [
            ("", SslMode::Prefer, Trust::Anybody),
            ("sslmode=prefer&sslrootcert=/ca.pem", SslMode::Prefer, Trust::Anybody),
            ("sslmode=require", SslMode::Require, Trust::Anybody),
            ("sslrootcert=/ca.pem&sslmode=require", SslMode::Require, file(false)),
            ("sslmode=verify-ca&sslrootcert=/ca.pem", SslMode::Require, file(false)),
            ("sslmode=verify-full&sslrootcert=/ca.pem", SslMode::Require, file(true)),
            ("sslmode=verify-full", SslMode::Require, Trust::System),
            ("sslmode=verify-full&sslrootcert=system", SslMode::Require, Trust::System),
            ("sslmode=no-verify", SslMode::Require, Trust::Anybody),
            ("ssl=true", SslMode::Require, Trust::Anybody),
            ("ssl=false", SslMode::Disable, Trust::Anybody),
            ("sslaccept=strict", SslMode::Require, Trust::System),
            ("sslaccept=accept_invalid_certs", SslMode::Require, Trust::Anybody),
        ] {
            let read = read(query);
            assert_eq!((read.mode, read.trust), (mode, trust), "{query}");
        }
        assert!(Parameters::read("sslmode=on").is_err_and(|error| error.contains("sslmode=on")));
    }

    #[test]
    fn a_schema_is_a_search_path_beside_other_options() {
        assert_eq!(read("schema=public").for_driver, "options=-csearch_path%3Dpublic");
        let both = read("options=-cgeqo%3Doff&schema=app%20log&application_name=x").for_driver;
        assert_eq!(both, "application_name=x&options=-cgeqo%3Doff%20-csearch_path%3Dapp%5C%20log");
    }

    #[test]
    fn the_primary_is_the_one_that_can_be_written() {
        for attrs in ["primary", "read-write"] {
            let read = read(&format!("target_session_attrs={attrs}"));
            assert_eq!(read.for_driver, "target_session_attrs=read-write");
        }
    }

    #[test]
    fn what_other_clients_have_is_left_out_by_name() {
        let read = read("pgbouncer=true&connection_limit=5&connect_timeout=5&uselibpqcompat=true&flag");
        assert_eq!(read.for_driver, "connect_timeout=5");
        assert_eq!(read.left_out, ["pgbouncer", "connection_limit", "uselibpqcompat", "flag"]);
    }
}
