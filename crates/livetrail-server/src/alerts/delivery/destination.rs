//! Where messages go.

use crate::{config::plain_url, environment::Environment};
use base64::{Engine, prelude::BASE64_STANDARD};
use lettre::Address;
use reqwest::Url;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Most secrets of a webhook: the current one, and those that are being replaced.
const MAX_SECRETS: usize = 3;
/// Bytes of a secret, by the specification of Standard Webhooks.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// Most recipients of an e-mail.
const MAX_RECIPIENTS: usize = 20;
/// Longest URL.
const MAX_URL_BYTES: usize = 2_000;

/// Where the messages of a channel go. It holds secrets: print it, or serialize it where it is sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum Destination {
    /// Signed requests, by Standard Webhooks.
    Webhook {
        url: String,
        /// The newest first. All of them sign, so that a receiver may know any of them.
        secrets: Vec<WebhookSecret>,
    },
    /// An incoming webhook of Slack, or of a server that takes the same messages.
    Slack { url: String },
    /// A workflow of Microsoft Teams that is started by a webhook.
    Teams { url: String },
    /// E-mail, by the server that the configuration names.
    Email { to: Vec<String> },
}

/// What is wrong with a destination.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {detail}")]
pub(crate) struct DestinationError {
    /// The field: `url`, `secrets` or `to`.
    pub(crate) field: &'static str,
    /// What would be right.
    pub(crate) detail: String,
}

impl DestinationError {
    pub(super) fn new(field: &'static str, detail: impl Into<String>) -> Self {
        Self { field, detail: detail.into() }
    }
}

impl Destination {
    /// Its name in JSON.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Webhook { .. } => "webhook",
            Self::Slack { .. } => "slack",
            Self::Teams { .. } => "teams",
            Self::Email { .. } => "email",
        }
    }

    /// Checks its form. [`super::Sender::check`] also knows the settings of the server.
    pub(crate) fn check(&self) -> Result<(), DestinationError> {
        match self {
            Self::Webhook { url, secrets } => {
                http_url(url)?;
                if !(1..=MAX_SECRETS).contains(&secrets.len()) {
                    let detail = format!("must be 1 to {MAX_SECRETS} secrets");
                    return Err(DestinationError::new("secrets", detail));
                }
                secrets.iter().try_for_each(|secret| secret.bytes().map(|_| ()))
            }
            Self::Slack { url } | Self::Teams { url } => http_url(url).map(|_| ()),
            Self::Email { to } if !(1..=MAX_RECIPIENTS).contains(&to.len()) => {
                Err(DestinationError::new("to", format!("must be 1 to {MAX_RECIPIENTS} addresses")))
            }
            Self::Email { to } => to.iter().try_for_each(|address| recipient(address).map(|_| ())),
        }
    }

    /// The URL, if it has one.
    pub(super) fn url(&self) -> Option<Result<Url, DestinationError>> {
        match self {
            Self::Webhook { url, .. } | Self::Slack { url } | Self::Teams { url } => Some(http_url(url)),
            Self::Email { .. } => None,
        }
    }
}

/// What everyone may see: the path of a URL is the secret of Slack and Teams.
impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = match self {
            Self::Email { to } => return write!(f, "e-mail to {}", to.join(", ")),
            Self::Webhook { url, .. } | Self::Slack { url } | Self::Teams { url } => Url::parse(url),
        };
        let host = url.as_ref().ok().and_then(Url::host_str).unwrap_or("an unknown host");
        write!(f, "{} at {host}", self.kind())
    }
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn http_url(text: &str) -> Result<Url, DestinationError> {
    let wrong = |detail: &str| DestinationError::new("url", detail);
    if text.len() > MAX_URL_BYTES {
        return Err(wrong("must have at most 2000 bytes"));
    }
    let url = plain_url("url", text)
        .map_err(|error| wrong(error.to_string().strip_prefix("url: ").unwrap_or("is not a URL")))?;
    match url.scheme() {
        "https" | "http" => Ok(url),
        _ => Err(wrong("must begin with https:// or http://")),
    }
}

/// An address to which e-mails are sent. lettre allows quoted names, in which a control character could stand.
pub(super) fn recipient(text: &str) -> Result<Address, DestinationError> {
    let address = text.parse::<Address>().ok().filter(|_| !text.contains(|c: char| c.is_control()));
    address.ok_or_else(|| {
        DestinationError::new(
            "to",
            format!("{text:?} is not an e-mail address; write one such as ops@example.com"),
        )
    })
}

/// A secret that signs webhooks, as `whsec_` and base64. It does not print.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct WebhookSecret(String);

impl WebhookSecret {
    const PREFIX: &str = "whsec_";

    /// Makes a new one.
    pub(crate) fn fresh(environment: &dyn Environment) -> Self {
        Self(format!("{}{}", Self::PREFIX, BASE64_STANDARD.encode(environment.random())))
    }

    /// The text that a receiver is given.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// The key of the signature. A refusal does not repeat the secret.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, DestinationError> {
        let base64 = self.0.strip_prefix(Self::PREFIX);
        let bytes = base64.and_then(|text| BASE64_STANDARD.decode(text).ok());
        bytes.filter(|bytes| SECRET_BYTES.contains(&bytes.len())).ok_or_else(|| {
            DestinationError::new("secrets", "a secret must be whsec_ followed by 24 to 64 bytes in base64")
        })
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}
