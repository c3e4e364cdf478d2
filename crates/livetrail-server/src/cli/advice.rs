//! Advice where a remote server was not reached, or refused a key.

use anyhow::anyhow;
use reqwest::StatusCode;
use std::{error::Error, io};

/// The failure of a request without an answer, and the next step. `what` says what it was for.
pub(super) fn no_answer(what: &str, error: reqwest::Error) -> anyhow::Error {
    match for_no_answer(&error) {
        Some(advice) => anyhow!("{what}: {:#}; {advice}", anyhow!(error.without_url())),
        None => anyhow!(error).context(what.to_owned()),
    }
}

fn for_no_answer(error: &reqwest::Error) -> Option<&'static str> {
    if error.is_timeout() {
        return Some("the server took too long: is it running, and is the address right?");
    }
    let mut cause = error.source();
    while let Some(inner) = cause {
        let advice = match (inner.downcast_ref::<io::Error>(), inner.downcast_ref::<hyper::Error>()) {
            (Some(io), _) => for_io(io),
            // A TLS server's answer to plain HTTP is not HTTP.
            (_, Some(http)) if http.is_parse() || http.is_incomplete_message() => Some(
                "this is not an answer of HTTP: if the server speaks TLS, write https:// instead of http://",
            ),
            _ if inner.to_string().starts_with("dns error") => Some("is the name of the host right?"),
            _ => None,
        };
        if advice.is_some() {
            return advice;
        }
        cause = inner.source();
    }
    None
}

fn for_io(error: &io::Error) -> Option<&'static str> {
    match (of_tls(error), error.kind()) {
        (Some(rustls::Error::InvalidMessage(_)), _) => {
            Some("the server there does not speak TLS: write http:// instead of https://")
        }
        (Some(rustls::Error::InvalidCertificate(_)), _) => Some(
            "this machine does not trust the server's certificate: check the host's name, or name a file with its \
             authority in SSL_CERT_FILE",
        ),
        (None, io::ErrorKind::ConnectionRefused) => {
            Some("is a server running there? Check the address and port, and the --listen of the server")
        }
        _ => None,
    }
}

/// TLS's reason to reject the peer, which is nested in one or more I/O errors.
fn of_tls(error: &io::Error) -> Option<&rustls::Error> {
    let inner = error.get_ref()?;
    inner.downcast_ref().or_else(|| of_tls(inner.downcast_ref()?))
}

/// The next step after a refusal, where a key was shown.
pub(super) fn for_refused_key(status: StatusCode) -> Option<&'static str> {
    match status {
        StatusCode::UNAUTHORIZED => Some(
            "the server does not accept the key of --key or LIVETRAIL_KEY: it may be revoked, expired, or a key of \
             another server",
        ),
        StatusCode::FORBIDDEN => Some(
            "the key of --key or LIVETRAIL_KEY may not do this: reading takes the role viewer, auditor or admin, \
             importing writer or admin; make one where the server runs: livetrail key create --role viewer --name NAME",
        ),
        _ => None,
    }
}
