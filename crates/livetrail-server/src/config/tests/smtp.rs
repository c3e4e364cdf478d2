//! Settings of the delivery of alerts.

use super::*;

const FROM: &str = "Livetrail <alerts@example.com>";

fn with(url: &str) -> RawConfig {
    RawConfig { smtp_url: Some(url.into()), smtp_from: Some(FROM.into()), ..typed() }
}

fn smtp(url: &str) -> SmtpSettings {
    with(url).resolve(None).expect("a configuration").smtp.expect("a server")
}

#[test]
fn the_scheme_of_the_server_says_how_the_connection_is_protected() {
    use SmtpSecurity::{Plain, StartTls, Tls};
    for (url, security, host, port) in [
        ("smtp://mail.example", StartTls, "mail.example", 587),
        ("smtp://mail.example:25/", StartTls, "mail.example", 25),
        ("smtps://mail.example", Tls, "mail.example", 465),
        ("smtp+plain://localhost", Plain, "localhost", 25),
        ("smtp+plain://[::1]:2525", Plain, "::1", 2525),
        (" \"smtps://192.0.2.1\" ", Tls, "192.0.2.1", 465),
    ] {
        let smtp = smtp(url);
        assert_eq!((smtp.security, smtp.host.as_str(), smtp.port), (security, host, port), "{url}");
        assert!(smtp.credentials.is_none());
        assert_eq!(smtp.from.to_string(), FROM);
    }
}

#[test]
fn user_and_password_are_decoded_and_do_not_print() {
    let settings = smtp("smtp://app%40example.com:hunter2%2F%C3%BC@mail.example");
    assert!(!format!("{settings:?}").contains("hunter2"), "{settings:?}");
    let (user, password) = settings.credentials.expect("credentials");
    assert_eq!((user.as_str(), password.bytes()), ("app@example.com", "hunter2/ü".as_bytes()));
    assert!(smtp("smtp+plain://app:hunter2@127.0.0.1").credentials.is_some());
}

#[test]
fn a_server_that_is_wrong_is_refused_and_not_repeated() {
    for (url, words) in [
        ("mail.example", "smtp-url: is not a URL"),
        ("https://app:hunter2@mail.example", "smtp-url: has another scheme"),
        ("smtp://app:hunter2@mail.example/path", "smtp-url: must have a host, and nothing after the port"),
        (
            "smtp://app:hunter2@mail.example?tls=none",
            "smtp-url: must have a host, and nothing after the port",
        ),
        ("smtp://", "smtp-url: must have a host"),
        ("smtp:hunter2", "smtp-url: must have a host"),
        ("smtp://hunter2@mail.example", "smtp-url: has a user without a password"),
        ("smtp://app:%ff@mail.example", "smtp-url: user and password must be UTF-8"),
        ("smtp+plain://app:hunter2@mail.example", "smtp-url: must not have a password without TLS"),
    ] {
        let refused = refusal(with(url));
        assert!(refused.starts_with(words) && !refused.contains("hunter2"), "{url}: {refused}");
    }
}

#[test]
fn server_and_sender_of_emails_come_together() {
    let no_sender = RawConfig { smtp_from: None, ..with("smtp://mail.example") };
    assert!(refusal(no_sender).starts_with("smtp-from: is missing"));
    let no_server = RawConfig { smtp_url: None, ..with("smtp://mail.example") };
    assert!(refusal(no_server).starts_with("smtp-url: is missing"));
    for from in ["Livetrail", "a@b@c", "A <a@example.com>\r\nBcc: b@example.com", ""] {
        let refused = refusal(RawConfig { smtp_from: Some(from.into()), ..with("smtp://mail.example") });
        assert!(refused.starts_with("smtp-from: ") && refused.contains("not an e-mail address"), "{refused}");
    }
}

#[test]
fn networks_that_alerts_may_reach_are_named_when_they_are_wrong() {
    let with = |network: &str| RawConfig { alerts_allow_addresses: vec![network.into()], ..typed() };
    let config = with("10.1.2.0/24").resolve(None).expect("a configuration");
    assert_eq!(config.alerts_allow_addresses, ["10.1.2.0/24".parse().expect("a network")]);
    assert!(typed().resolve(None).expect("a configuration").alerts_allow_addresses.is_empty());
    assert!(
        refusal(with("10.1.2.0/40")).starts_with("alerts-allow-addresses: \"10.1.2.0/40\" is not a network")
    );
}
