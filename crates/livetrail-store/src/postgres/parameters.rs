//! The parameters of a database's address. Other clients (libpq, SQLAlchemy, Prisma, node-postgres, hosters' consoles)
//! have more of them than the driver knows. Those that have a meaning here are translated. The others are left out,
//! with a warning.

use super::{address::Trust, search_path::SearchPath};
use percent_encoding::percent_decode_str;
use std::path::PathBuf;
use tokio_postgres::config::SslMode;

/// What the driver reads by itself.
const KNOWN: [&str; 17] = [
    "options",
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
    pub(super) search_path: Option<SearchPath>,
    /// The names of those that mean nothing here.
    pub(super) left_out: Vec<String>,
}

impl Parameters {
    /// Reads what follows the question mark.
    pub(super) fn read(query: &str) -> Result<Self, String> {
        let (mut kept, mut left_out) = (Vec::new(), Vec::new());
        let (mut mode, mut authority, mut search_path) = (String::from("prefer"), None, None);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, raw) = pair.split_once('=').unwrap_or((pair, ""));
            let value = || decoded(name, raw);
            match name {
                "sslmode" => mode = value()?,
                // node-postgres and JDBC.
                "ssl" => mode = of_ssl(value()?),
                // Prisma.
                "sslaccept" if raw == "accept_invalid_certs" => mode = "no-verify".into(),
                "sslaccept" => mode = "verify-full".into(),
                "sslrootcert" if raw.is_empty() => {
                    return Err("sslrootcert= names no file; name one, or leave it out".into());
                }
                "sslrootcert" => {
                    authority = Some(value()?).filter(|path| path != "system").map(PathBuf::from);
                }
                // What a template writes for a variable that is not set.
                "schema" | "currentSchema" | "search_path" if raw.is_empty() => {}
                // Prisma.
                "schema" => search_path = Some(SearchPath::Schema(words(name, raw)?)),
                // JDBC, and drivers that send what they do not know to the server.
                "currentSchema" | "search_path" => search_path = Some(SearchPath::List(words(name, raw)?)),
                "target_session_attrs" if raw == "primary" => {
                    kept.push("target_session_attrs=read-write");
                }
                "target_session_attrs" if matches!(raw, "any" | "read-write" | "read-only") => {
                    kept.push(pair);
                }
                known if KNOWN.contains(&known) && raw.is_empty() => {}
                known if KNOWN.contains(&known) => kept.push(pair),
                other => left_out.push(other.to_owned()),
            }
        }
        let (mode, trust) = tls(&mode, authority)?;
        Ok(Self { for_driver: kept.join("&"), mode, trust, search_path, left_out })
    }
}

fn decoded(name: &str, raw: &str) -> Result<String, String> {
    let text = percent_decode_str(raw).decode_utf8();
    text.map(Into::into).map_err(|_| format!("{name}= is not text in UTF-8; write its bytes as %XX"))
}

/// The same where a plus is a blank, as web forms, Prisma and JDBC write it.
fn words(name: &str, raw: &str) -> Result<String, String> {
    decoded(name, &raw.replace('+', " "))
}

fn of_ssl(value: String) -> String {
    match value.as_str() {
        "" | "true" | "1" => "require".into(),
        "false" | "0" => "disable".into(),
        _ => value,
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
    fn what_is_empty_is_as_if_it_were_left_out() {
        let read =
            read("connect_timeout=&keepalives_idle=&port=&options=&schema=&currentSchema=&search_path=");
        assert_eq!((read.for_driver.as_str(), read.search_path), ("", None));
        assert!(read.left_out.is_empty());
        // What is about trust is not guessed.
        for query in ["sslmode=", "sslmode=verify-full&sslrootcert="] {
            assert!(Parameters::read(query).is_err(), "{query}");
        }
    }

    #[test]
    fn the_name_of_a_file_may_be_encoded() {
        let file = Trust::Authority { file: "/etc/my ca.pem".into(), checks_name: true };
        assert_eq!(read("sslmode=verify-full&sslrootcert=%2Fetc%2Fmy%20ca.pem").trust, file);
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
