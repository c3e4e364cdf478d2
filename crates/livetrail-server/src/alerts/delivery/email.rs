//! E-mails, by the SMTP server of the configuration.

use super::{
    bounded::BoundedStream,
    destination::{DestinationError, recipient},
    html,
    message::{Message, shown},
    post::MAX_ANSWER_BYTES,
    recipients::Recipients,
    sender::{Limits, SendError},
};
use crate::config::{SmtpSecurity, SmtpSettings};
use jiff::Timestamp;
use lettre::{
    Message as Mail,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Certificate, TlsParameters},
        extension::ClientId,
    },
};
use std::{net::SocketAddr, time::SystemTime};
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tracing::Instrument;

/// Makes e-mails and hands them over.
pub(super) struct Mailer {
    settings: SmtpSettings,
    tls: TlsParameters,
    name: ClientId,
    limits: Limits,
    recipients: Recipients,
}

impl Mailer {
    /// `roots` are believed beside the system's certificates.
    pub(super) fn new(settings: SmtpSettings, limits: Limits, roots: &[Vec<u8>]) -> Result<Self, Error> {
        let mut tls = TlsParameters::builder(settings.host.clone());
        for root in roots {
            tls = tls.add_root_certificate(Certificate::from_pem(root)?);
        }
        let domain = settings.from.email.domain();
        let name = match domain.is_ascii() {
            true => ClientId::Domain(domain.to_owned()),
            false => ClientId::default(),
        };
        Ok(Self { name, tls: tls.build()?, settings, limits, recipients: Recipients::default() })
    }

    /// The e-mail about a message. Its id follows from the key, so that a repetition can be told.
    pub(super) fn mail(
        &self,
        to: &[String],
        key: &str,
        message: &Message,
        public_url: &str,
        now: Timestamp,
    ) -> Result<Mail, SendError> {
        let recipients = to.iter().map(|address| Ok(Mailbox::new(None, recipient(address)?)));
        let recipients = recipients.collect::<Result<Vec<_>, DestinationError>>()?;
        let mut mail = Mail::builder()
            .from(self.settings.from.clone())
            .date(SystemTime::from(now))
            .message_id(Some(format!("<{key}@{}>", self.settings.from.email.domain())))
            // Answering machines keep quiet then (RFC 3834).
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".into(),
            ))
            .subject(message.headline());
        for recipient in recipients {
            mail = mail.to(recipient);
        }
        let parts =
            MultiPart::alternative_plain_html(plain(message, public_url), html::page(message, public_url));
        mail.multipart(parts).map_err(|error| SendError::refused(error.to_string()))
    }

    /// Hands an e-mail over, to the recipients who do not have the one with this key yet.
    pub(super) async fn send(&self, mail: &Mail, key: &str) -> Result<(), SendError> {
        let (mut connection, outcome) =
            timeout(self.limits.whole, self.hand_over(mail, key)).await.map_err(|_| {
                SendError::retry(
                    format!("the mail server did not answer within {:?}", self.limits.whole),
                    None,
                )
            })??;
        // The server has taken the e-mail. How it says goodbye must not make it be sent again.
        let limit = self.limits.connect;
        let goodbye = async move { timeout(limit, connection.quit()).await.map(|_| ()) };
        tokio::spawn(goodbye.in_current_span());
        outcome
    }

    /// The connection, and what has become of the e-mail if that is certain.
    async fn hand_over(
        &self,
        mail: &Mail,
        key: &str,
    ) -> Result<(AsyncSmtpConnection, Result<(), SendError>), SendError> {
        let SmtpSettings { host, port, security, credentials, .. } = &self.settings;
        // The operator names this host, and no user does. So its address may be a private one.
        let addresses = lookup_host((host.as_str(), *port)).await.map_err(|error| {
            SendError::retry(format!("the name of the mail server cannot be resolved: {error}"), None)
        })?;
        let mut connection = self.connect(&addresses.collect::<Vec<_>>()).await?;
        if *security == SmtpSecurity::StartTls {
            connection.starttls(self.tls.clone(), &self.name).await.map_err(|error| failure(&error))?;
        }
        if let Some((user, password)) = credentials {
            let password = String::from_utf8_lossy(password.bytes()).into_owned();
            let credentials = Credentials::new(user.clone(), password);
            connection.auth(DEFAULT_MECHANISMS, &credentials).await.map_err(|error| failure(&error))?;
        }
        let outcome = self.recipients.send(&mut connection, mail, key).await?;
        Ok((connection, outcome))
    }

    async fn connect(&self, addresses: &[SocketAddr]) -> Result<AsyncSmtpConnection, SendError> {
        let limit = self.limits.connect;
        if self.settings.security == SmtpSecurity::Tls {
            let tls = Some(self.tls.clone());
            let connecting =
                AsyncSmtpConnection::connect_tokio1(addresses, Some(limit), &self.name, tls, None);
            return connecting.await.map_err(|error| failure(&error));
        }
        let connected = timeout(limit, TcpStream::connect(addresses)).await;
        let stream = connected
            .map_err(|_| {
                SendError::retry(format!("no connection to the mail server within {limit:?}"), None)
            })?
            .map_err(|error| SendError::retry(format!("no connection to the mail server: {error}"), None))?;
        // Before STARTTLS, anyone between may answer.
        let stream = BoundedStream::new(stream, MAX_ANSWER_BYTES);
        AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.name)
            .await
            .map_err(|error| failure(&error))
    }
}

/// What the mail server has said, or that it does not answer. A refused recipient is told apart in [`Recipients`].
pub(super) fn failure(error: &Error) -> SendError {
    SendError::retry(format!("the mail server: {}", shown(&error.to_string())), None)
}

fn plain(message: &Message, public_url: &str) -> String {
    let links = message.links(public_url);
    let mut lines = vec![message.headline(), String::new()];
    lines.extend(message.note().into_iter().flat_map(|note| [note, String::new()]));
    lines.extend(message.facts().iter().map(|(name, value)| format!("{name}: {value}")));
    lines.extend([String::new(), format!("Alert: {}", links.alert)]);
    lines.extend(links.activities.map(|url| format!("Its activities: {url}")));
    lines.join("\r\n") + "\r\n"
}
