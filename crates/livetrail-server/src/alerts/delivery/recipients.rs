//! The recipients of an e-mail, each of whom the mail server may take or refuse: one wrong address keeps it from nobody
//! else.

use super::{
    email::failure,
    message::{cut, shown},
    sender::{MAX_DETAIL, SendError, SendErrorKind},
};
use lettre::{
    Address, Message as Mail,
    transport::smtp::{
        Error,
        client::AsyncSmtpConnection,
        commands::{Data, Mail as MailFrom, Rcpt},
        extension::{Extension, MailBodyParameter, MailParameter},
    },
};
use moka::sync::Cache;
use std::time::Duration;

/// Answers after which a recipient will never be taken: the address does not exist, or is not allowed.
const NEVER: [u16; 3] = [550, 551, 553];
/// How long it is remembered who has an e-mail: longer than it is attempted.
const REMEMBERED: Duration = Duration::from_hours(25);
/// Recipients that are remembered.
const MAX_REMEMBERED: u64 = 10_000;

/// Who has which e-mail. A server that is started again does not know it, and repeats the e-mail to all of them.
pub(super) struct Recipients {
    reached: Cache<(String, Address), ()>,
}

impl Default for Recipients {
    fn default() -> Self {
        Self { reached: Cache::builder().max_capacity(MAX_REMEMBERED).time_to_live(REMEMBERED).build() }
    }
}

/// A recipient whom the mail server does not take now.
struct Refusal {
    is_final: bool,
    detail: String,
}

impl Recipients {
    /// Hands an e-mail over to those who do not have the one with this key yet. What has become of it; an error when
    /// the connection is of no use any more.
    pub(super) async fn send(
        &self,
        connection: &mut AsyncSmtpConnection,
        mail: &Mail,
        key: &str,
    ) -> Result<Result<(), SendError>, SendError> {
        let place = |address: &Address| (key.to_owned(), address.clone());
        let (reached, left): (Vec<_>, Vec<_>) =
            mail.envelope().to().iter().partition(|address| self.reached.contains_key(&place(address)));
        let text = mail.formatted();
        let parameters = parameters(connection, mail, &text)?;
        let from = MailFrom::new(mail.envelope().from().cloned(), parameters);
        connection.command(from).await.map_err(|error| failure(&error))?;
        let (mut taken, mut refusals) = (Vec::new(), Vec::new());
        for address in left {
            if !is_ascii(address) && !takes_all_addresses(connection) {
                refusals.push(Refusal::not_ascii(address));
                continue;
            }
            match connection.command(Rcpt::new(address.clone(), Vec::new())).await {
                Ok(_) => taken.push(address),
                Err(error) => refusals.push(Refusal::of(address, &error)?),
            }
        }
        if !taken.is_empty() {
            connection.command(Data).await.map_err(|error| failure(&error))?;
            connection.message(&text).await.map_err(|error| failure(&error))?;
        }
        let is_reached = !(reached.is_empty() && taken.is_empty());
        for address in taken {
            self.reached.insert(place(address), ());
        }
        Ok(outcome(is_reached, &refusals))
    }
}

impl Refusal {
    /// # Errors
    /// That the mail server has not answered.
    fn of(address: &Address, error: &Error) -> Result<Self, SendError> {
        let Some(code) = error.status().map(u16::from) else { return Err(failure(error)) };
        let detail = format!("{address}: {}", shown(&error.to_string()));
        Ok(Self { is_final: NEVER.contains(&code), detail })
    }

    fn not_ascii(address: &Address) -> Self {
        Self { is_final: true, detail: format!("{address}: it takes only addresses in ASCII (no SMTPUTF8)") }
    }
}

fn is_ascii(address: &Address) -> bool {
    AsRef::<str>::as_ref(address).is_ascii()
}

fn outcome(is_reached: bool, refusals: &[Refusal]) -> Result<(), SendError> {
    if refusals.is_empty() {
        return Ok(());
    }
    let is_final = refusals.iter().all(|refusal| refusal.is_final);
    let kind = match (is_reached, is_final) {
        (true, true) => SendErrorKind::SomeRefused,
        (true, false) => SendErrorKind::SomeLeft,
        (false, true) => SendErrorKind::Refused,
        (false, false) => SendErrorKind::Retry { after: None },
    };
    let details: Vec<_> = refusals.iter().map(|refusal| refusal.detail.as_str()).collect();
    let others = if is_reached { " (the other recipients have it)" } else { "" };
    let detail = format!("the mail server refuses {}{others}", details.join("; "));
    Err(SendError { detail: cut(&detail, MAX_DETAIL), kind })
}

/// What the mail server has to know before (RFC 6152, RFC 6531). Without the first, a text that is not ASCII is
/// refused.
fn parameters(
    connection: &AsyncSmtpConnection,
    mail: &Mail,
    text: &[u8],
) -> Result<Vec<MailParameter>, SendError> {
    let mut parameters = Vec::new();
    if !text.is_ascii() {
        if !connection.server_info().supports_feature(Extension::EightBitMime) {
            return Err(SendError::refused(
                "the mail server does not take texts that are not ASCII (8BITMIME)",
            ));
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let is_ascii = mail.envelope().to().iter().chain(mail.envelope().from()).all(is_ascii);
    if !is_ascii && takes_all_addresses(connection) {
        parameters.push(MailParameter::SmtpUtfEight);
    }
    Ok(parameters)
}

/// Whether addresses need not be ASCII.
fn takes_all_addresses(connection: &AsyncSmtpConnection) -> bool {
    connection.server_info().supports_feature(Extension::SmtpUtfEight)
}
