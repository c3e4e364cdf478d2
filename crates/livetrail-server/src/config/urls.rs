//! Settings that are URLs. A URL may hold a secret, so a refusal does not repeat it, and printing leaves out its parts
//! that may be secret.

use anyhow::{Context, Result, bail};
use reqwest::Url;
use std::net::IpAddr;

/// A URL without `user:password@`: it is printed, logged and shown in links.
pub(crate) fn plain_url(name: &str, text: &str) -> Result<Url> {
    let url = Url::parse(text).with_context(|| format!("{name}: is not a URL"))?;
    if !url.username().is_empty() || url.password().is_some() {
        bail!("{name}: must not hold a user or password; leave out what is before the @");
    }
    Ok(url)
}

/// An address that secrets and keys travel to: over HTTPS, unless it is on this machine.
pub(crate) fn issuer_url(name: &str, text: &str) -> Result<Url> {
    let url = plain_url(name, text)?;
    let is_local = || url.host_str().is_some_and(is_loopback);
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_local() => Ok(url),
        _ => bail!("{name}: must begin with https://, unless its host is a loopback address"),
    }
}

pub(super) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

/// Whether a URL leads to this machine.
pub(crate) fn is_local_url(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.host_str().is_some_and(is_loopback))
}

/// Where browsers or commands find a server, without a slash at the end.
pub(crate) fn http_url(name: &str, text: &str) -> Result<String> {
    if !text.starts_with("http://") && !text.starts_with("https://") {
        bail!("{name}: must begin with http:// or https://");
    }
    plain_url(name, text)?;
    Ok(text.trim_end_matches('/').to_owned())
}

/// A value without the blanks and quotes around it, which `docker --env-file` takes for a part of it.
pub(super) fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let inner = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(text).trim()
}

pub(super) fn cors_origin(origin: &str) -> Result<String> {
    if origin.contains('@') {
        bail!("cors-origin: must not hold a user or password; leave out what is before the @");
    }
    let is_origin = origin.split_once("://").is_some_and(|(scheme, host)| {
        matches!(scheme, "http" | "https") && !host.is_empty() && !host.contains(['/', '*', ' ', '?', '#'])
    });
    if !is_origin || !origin.bytes().all(|byte| byte.is_ascii_graphic()) {
        bail!(
            "cors-origin: {origin:?} is no origin; write one such as https://app.example.com, without a path"
        );
    }
    Ok(origin.to_owned())
}

/// The URL without its query and fragment, which may hold a key.
pub(super) fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// The address of a PostgreSQL database without its password, and whether it had one. An @ in a user's name or password
/// is always escaped, so that the first one ends them.
pub(super) fn without_password(address: &str) -> (String, bool) {
    let (scheme, rest) = address.split_once("://").unwrap_or_default();
    let (user, rest) = match rest.split_once('@') {
        Some((credentials, rest)) => {
            (format!("{}@", credentials.split(':').next().unwrap_or_default()), rest)
        }
        None => (String::new(), rest),
    };
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let is_plain = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        !name.contains("pass") && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let kept = query.split('&').filter(is_plain).collect::<Vec<_>>().join("&");
    let mark = if kept.is_empty() { "" } else { "?" };
    let shown = format!("{scheme}://{user}{place}{mark}{kept}");
    let is_cut = shown.len() < address.len();
    (shown, is_cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_database_loses_its_passwords_and_nothing_else() {
        for (address, shown) in [
            (
                "postgres://app:hunter2@db:6432/log?sslmode=require",
                "postgres://app@db:6432/log?sslmode=require",
            ),
            ("postgres://app:hun/ter2@a,b/log", "postgres://app@a,b/log"),
            ("postgres://app@db/log?password=hunter2", "postgres://app@db/log"),
            ("postgres://db/log?user=app&p%61ssword=hunter2", "postgres://db/log?user=app"),
        ] {
            assert_eq!(without_password(address), (shown.to_owned(), true));
            assert_eq!(without_password(shown), (shown.to_owned(), false));
        }
    }
}
