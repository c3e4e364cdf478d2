//! Deliveries to real receivers: HTTP and SMTP servers that the tests start, on loopback addresses.

mod addresses;
mod answers;
mod bodies;
mod destinations;
mod mails;
mod proxies;
mod receiver;
mod redirects;
mod signatures;
mod smtp_server;
mod tls;

use super::{Destination, Kind, Message, SendError, SendErrorKind, Sender, WebhookSecret, sender::Limits};
use crate::{
    alerts::{AlertInfo, State},
    config::{Config, RawConfig, SmtpSettings},
    environment::System,
};
use jiff::Timestamp;
use livetrail_types::Severity;
use std::{sync::Arc, time::Duration};

/// Where links lead.
const PUBLIC_URL: &str = "https://log.example.com";
/// What identifies the message.
const KEY: &str = "5f0c1a52-9d0e-5e1c-8a4e-6f6d1a2b3c4d-raised";
/// Long enough for every answer that comes.
const LIMITS: Limits = Limits { connect: Duration::from_secs(5), whole: Duration::from_secs(15) };
/// For receivers that never answer.
const SHORT: Limits = Limits { connect: Duration::from_secs(5), whole: Duration::from_millis(300) };

/// What a test's sender may reach, and how.
struct Conditions<'a> {
    allowed: &'a [&'a str],
    limits: Limits,
    smtp: Option<SmtpSettings>,
    roots: &'a [Vec<u8>],
}

impl Default for Conditions<'_> {
    fn default() -> Self {
        Self { allowed: &["127.0.0.0/8"], limits: LIMITS, smtp: None, roots: &[] }
    }
}

impl Conditions<'_> {
    fn sender(self) -> Sender {
        let mut settings = settings();
        settings.alerts_allow_addresses =
            self.allowed.iter().map(|network| network.parse().expect("a network")).collect();
        settings.smtp = self.smtp;
        Sender::with(&settings, PUBLIC_URL, Arc::new(System), self.limits, self.roots).expect("a sender")
    }
}

fn settings() -> Config {
    let raw = RawConfig { database_url: Some("sqlite:nowhere".into()), ..RawConfig::default() };
    raw.resolve(None).expect("settings")
}

/// A sender that reaches receivers on this machine.
fn sender() -> Sender {
    Conditions::default().sender()
}

fn moment(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

/// An alert whose texts try to do harm wherever they are shown.
fn hostile_alert() -> AlertInfo {
    let user = "<!channel> <@U1> <http://evil.example|click> [click](http://evil.example) @here `@all` \
                <at>Eve</at> \"><img src=x onerror=alert(1)>\r\n.\r\nBcc: eve@evil.example\u{202e}gpj.exe";
    AlertInfo {
        id: "5f0c1a52-9d0e-5e1c-8a4e-6f6d1a2b3c4d".parse().expect("an id"),
        rule: "failed-sign-ins".into(),
        rule_version: "a1".into(),
        title: "Many failed sign-ins <of> \"one\" user & @channel\r\nBcc: eve@evil.example".into(),
        severity: Severity::Critical,
        tenant_id: Some("acme & <sons>".into()),
        group: [("ip_address".to_owned(), "192.0.2.7".to_owned()), ("user_id".to_owned(), user.to_owned())]
            .into(),
        position: 42,
        raised_at: moment("2026-03-01T12:00:01Z"),
        first_at: moment("2026-03-01T11:55:00Z"),
        last_at: moment("2026-03-01T12:00:00.5Z"),
        count: 1204,
        late: true,
        ongoing: true,
        positions: vec![40, 41, 42],
        state: State::Open,
        decided_by: None,
        decided_at: None,
        reason: None,
        muted_until: None,
        activities: "user_id=x&success_filter=false".into(),
    }
}

fn message(kind: Kind) -> Message {
    Message {
        kind,
        alert: hostile_alert(),
        further: 0,
        at: moment("2026-03-01T12:00:01Z"),
        silent_until: None,
    }
}

fn raised() -> Message {
    message(Kind::Raised)
}

/// A secret that is made of one byte.
fn secret(byte: u8) -> WebhookSecret {
    use base64::{Engine, prelude::BASE64_STANDARD};
    let text = format!("\"whsec_{}\"", BASE64_STANDARD.encode([byte; 32]));
    serde_json::from_str(&text).expect("a secret")
}

fn webhook(url: impl Into<String>) -> Destination {
    Destination::Webhook { url: url.into(), secrets: vec![secret(1)] }
}

fn is_refused(error: &SendError) -> bool {
    error.kind == SendErrorKind::Refused
}
