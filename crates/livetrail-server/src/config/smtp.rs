//! Settings of the delivery of alerts: the server that takes e-mails, and the addresses that may be reached.

use super::{
    RawConfig, Secret,
    tokens::networks,
    urls::{is_loopback, unquoted},
};
use anyhow::{Context, Result, anyhow, bail};
use ipnet::IpNet;
use lettre::message::Mailbox;
use percent_encoding::percent_decode_str;
use reqwest::Url;
use std::borrow::Cow;

/// What a refusal shows as a valid form.
const FORMS: &str = "write smtp://USER:PASSWORD@HOST, smtps://USER:PASSWORD@HOST or smtp+plain://HOST";

/// A server that takes e-mails.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// A name or an address; IPv6 without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: SmtpSecurity,
    /// User and password, if it asks for them.
    pub credentials: Option<(String, Secret)>,
    /// Who the e-mails come from.
    pub from: Mailbox,
}

/// How a connection to a server for e-mails is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// TLS from the beginning.
    Tls,
    /// TLS by STARTTLS. A server without it is refused.
    StartTls,
    /// No TLS.
    Plain,
}

impl RawConfig {
    pub(super) fn smtp_settings(&self) -> Result<Option<SmtpSettings>> {
        match (self.smtp_address()?, self.smtp_from.as_deref()) {
            (Some(url), Some(from)) => server(&url, from).map(Some),
            (None, None) => Ok(None),
            (Some(_), None) => bail!("smtp-from: is missing; smtp-url needs a sender of the e-mails"),
            (None, Some(_)) => bail!("smtp-url: is missing; smtp-from needs a server that takes the e-mails"),
        }
    }

    pub(super) fn alerts_allow_addresses(&mut self) -> Result<Vec<IpNet>> {
        networks("alerts-allow-addresses", &mut self.alerts_allow_addresses)
    }
}

/// A refusal does not repeat the URL, which may hold a password.
fn server(url: &str, from: &str) -> Result<SmtpSettings> {
    let url = Url::parse(unquoted(url)).map_err(|_| anyhow!("smtp-url: is not a URL; {FORMS}"))?;
    let (security, default_port) = match url.scheme() {
        "smtp" => (SmtpSecurity::StartTls, 587),
        "smtps" => (SmtpSecurity::Tls, 465),
        "smtp+plain" => (SmtpSecurity::Plain, 25),
        _ => bail!("smtp-url: has another scheme; {FORMS}"),
    };
    let host = url.host_str().unwrap_or_default();
    if host.is_empty() || !matches!(url.path(), "" | "/") || url.query().or(url.fragment()).is_some() {
        bail!("smtp-url: must have a host, and nothing after the port; {FORMS}");
    }
    let credentials = credentials(&url)?;
    if security == SmtpSecurity::Plain && credentials.is_some() && !is_loopback(host) {
        bail!(
            "smtp-url: must not have a password without TLS, unless its host is a loopback address; {FORMS}"
        );
    }
    Ok(SmtpSettings {
        host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
        port: url.port().unwrap_or(default_port),
        security,
        credentials,
        from: sender(from)?,
    })
}

fn credentials(url: &Url) -> Result<Option<(String, Secret)>> {
    let Some(password) = url.password() else {
        return match url.username() {
            "" => Ok(None),
            _ => bail!("smtp-url: has a user without a password; {FORMS}"),
        };
    };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().map(Cow::into_owned);
    let wanted = "smtp-url: user and password must be UTF-8, with %XX for special characters";
    let (user, password) = (decoded(url.username()).context(wanted)?, decoded(password).context(wanted)?);
    Ok(Some((user, Secret(password.into_bytes()))))
}

fn sender(text: &str) -> Result<Mailbox> {
    let mailbox = text.parse::<Mailbox>().ok().filter(|_| !text.contains(char::is_control));
    mailbox.with_context(|| {
        format!(
            "smtp-from: {text:?} is not an e-mail address; write one such as Livetrail <alerts@example.com>"
        )
    })
}
