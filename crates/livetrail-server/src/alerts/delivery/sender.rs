//! Sends one message to one destination, once. Queue and retries are not its business.

use super::{
    addresses::AddressGuard,
    destination::{Destination, DestinationError},
    email::Mailer,
    message::{Message, cut},
    post, slack, teams, webhook,
};
use crate::{config::Config, environment::Environment};
use reqwest::{Certificate, Client};
use std::{sync::Arc, time::Duration};

/// Longest reason of a failure that is kept, in characters.
pub(super) const MAX_DETAIL: usize = 500;

/// How long one attempt may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Until there is a connection.
    pub(super) connect: Duration,
    /// Until there is an answer, redirects included.
    pub(super) whole: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), whole: Duration::from_secs(15) }
    }
}

/// Why a message did not arrive, in one line without secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub(crate) struct SendError {
    pub(crate) detail: String,
    pub(crate) kind: SendErrorKind,
}

/// Whether another attempt makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SendErrorKind {
    /// It does, and the receiver may have said when: at most in an hour.
    Retry { after: Option<Duration> },
    /// The destination itself has to be changed.
    Refused,
    /// Some recipients have the message, and another attempt makes sense for the others.
    SomeLeft,
    /// Some recipients have the message, and the others were refused.
    SomeRefused,
}

impl SendError {
    pub(super) fn retry(detail: impl AsRef<str>, after: Option<Duration>) -> Self {
        Self { detail: cut(detail.as_ref(), MAX_DETAIL), kind: SendErrorKind::Retry { after } }
    }

    pub(super) fn refused(detail: impl AsRef<str>) -> Self {
        Self { detail: cut(detail.as_ref(), MAX_DETAIL), kind: SendErrorKind::Refused }
    }
}

impl From<DestinationError> for SendError {
    fn from(error: DestinationError) -> Self {
        Self::refused(error.to_string())
    }
}

/// Sends messages, with the settings of the server.
pub(crate) struct Sender {
    client: Client,
    guard: AddressGuard,
    mailer: Option<Mailer>,
    public_url: String,
    limits: Limits,
    environment: Arc<dyn Environment>,
}

impl Sender {
    /// `public_url` is where the links of messages lead.
    ///
    /// # Errors
    /// That the system's certificates cannot be read.
    pub(crate) fn new(
        settings: &Config,
        public_url: &str,
        environment: Arc<dyn Environment>,
    ) -> anyhow::Result<Self> {
        Self::with(settings, public_url, environment, Limits::default(), &[])
    }

    /// With other limits, and with certificates (PEM) that are believed beside the system's, for tests.
    pub(super) fn with(
        settings: &Config,
        public_url: &str,
        environment: Arc<dyn Environment>,
        limits: Limits,
        roots: &[Vec<u8>],
    ) -> anyhow::Result<Self> {
        let guard = AddressGuard::new(&settings.alerts_allow_addresses);
        let believed = roots.iter().map(|root| Certificate::from_pem(root)).collect::<Result<Vec<_>, _>>()?;
        let client = post::client(&guard, limits).tls_certs_merge(believed).build()?;
        let mailer = settings.smtp.clone().map(|smtp| Mailer::new(smtp, limits, roots));
        let mailer = mailer.transpose()?;
        Ok(Self { client, guard, mailer, public_url: public_url.to_owned(), limits, environment })
    }

    /// Checks a destination under the settings of this server, before it is kept. What a name leads to is checked at
    /// each attempt.
    pub(crate) fn check(&self, to: &Destination) -> Result<(), DestinationError> {
        to.check()?;
        if let Some(url) = to.url() {
            let checked = self.guard.check_url(&url?);
            return checked.map_err(|forbidden| DestinationError::new("url", forbidden.to_string()));
        }
        match self.mailer {
            Some(_) => Ok(()),
            None => Err(DestinationError::new("to", "e-mails need the settings smtp-url and smtp-from")),
        }
    }

    /// Makes one attempt. It takes at most 15 seconds. `key` is the same at each attempt of a message, so that the
    /// receiver can tell a repetition: ASCII letters, digits, `-`, `_` and `.`.
    pub(crate) async fn send(&self, to: &Destination, key: &str, message: &Message) -> Result<(), SendError> {
        let Some(url) = to.url().transpose()? else { return self.mail(to, key, message).await };
        self.guard.check_url(&url).map_err(|forbidden| SendError::refused(forbidden.to_string()))?;
        let (request, now) = (self.client.post(url), self.environment.now());
        let request = match to {
            Destination::Webhook { secrets, .. } => {
                webhook::signed(request, secrets, key, now, webhook::body(message, &self.public_url))?
            }
            Destination::Teams { .. } => request.json(&teams::body(message, &self.public_url)),
            Destination::Slack { .. } | Destination::Email { .. } => {
                request.json(&slack::body(message, &self.public_url))
            }
        };
        post::post(request, self.limits, now).await
    }

    async fn mail(&self, to: &Destination, key: &str, message: &Message) -> Result<(), SendError> {
        let (Destination::Email { to }, Some(mailer)) = (to, &self.mailer) else {
            return Err(SendError::retry("e-mails need the settings smtp-url and smtp-from", None));
        };
        let mail = mailer.mail(to, key, message, &self.public_url, self.environment.now())?;
        mailer.send(&mail, key).await
    }
}
