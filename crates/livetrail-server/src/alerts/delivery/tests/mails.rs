//! E-mails, handed to a server.

use super::{
    smtp_server::{Security, SmtpServer},
    *,
};

fn to() -> Destination {
    Destination::Email { to: vec!["ops@example.com".into(), "security@example.com".into()] }
}

/// A sender that gives e-mails to this server and believes its certificate.
fn sender_to(server: &SmtpServer, smtp: SmtpSettings, limits: Limits) -> Sender {
    let roots = [server.certificate.clone()];
    Conditions { smtp: Some(smtp), limits, roots: &roots, ..Conditions::default() }.sender()
}

#[tokio::test]
async fn an_email_is_given_over_starttls_over_tls_and_in_clear() {
    for (security, is_encrypted) in
        [(Security::StartTls, true), (Security::Tls, true), (Security::Plain, false)]
    {
        let server = SmtpServer::start(security).await;
        let sender = sender_to(&server, server.settings_with_password(), LIMITS);
        assert_eq!(sender.check(&to()), Ok(()));
        sender.send(&to(), KEY, &raised()).await.expect("a delivery");
        let taken = server.only();
        assert_eq!(taken.is_encrypted, is_encrypted);
        assert_eq!(taken.credentials, Some(("app".into(), "hunter2".into())));
        assert_eq!(taken.from, "<alerts@example.com>");
        assert_eq!(taken.to, ["<ops@example.com>", "<security@example.com>"]);
        assert!(taken.mail.contains(&format!("Message-ID: <{KEY}@example.com>\r\n")), "{}", taken.mail);
    }
}

#[tokio::test]
async fn without_tls_or_without_a_certificate_that_is_believed_nothing_is_said() {
    let plain = SmtpServer::start(Security::Plain).await;
    let smtp =
        SmtpSettings { security: crate::config::SmtpSecurity::StartTls, ..plain.settings_with_password() };
    let error = sender_to(&plain, smtp, LIMITS).send(&to(), KEY, &raised()).await.expect_err("a failure");
    assert!(error.detail.contains("STARTTLS is not supported") && !is_refused(&error), "{error}");
    assert!(
        plain.commands().iter().all(|line| line.starts_with("EHLO") || line == "QUIT"),
        "{:?}",
        plain.commands()
    );
    for security in [Security::StartTls, Security::Tls] {
        let server = SmtpServer::start(security).await;
        let smtp = Some(server.settings_with_password());
        let sender = Conditions { smtp, ..Conditions::default() }.sender();
        let error = sender.send(&to(), KEY, &raised()).await.expect_err("a failure");
        assert!(error.detail.contains("certificate") && !is_refused(&error), "{error}");
        let said = server.commands();
        assert!(said.iter().all(|line| line.starts_with("EHLO") || line == "STARTTLS"), "{said:?}");
    }
}

#[tokio::test]
async fn the_server_of_the_settings_may_have_a_private_address() {
    for host in ["localhost", "127.0.0.1"] {
        let server = SmtpServer::start(Security::Plain).await;
        let smtp = Some(SmtpSettings { host: host.into(), ..server.settings() });
        let sender = Conditions { smtp, allowed: &[], ..Conditions::default() }.sender();
        sender.send(&to(), KEY, &raised()).await.expect("a delivery");
        assert!(server.only().mail.contains(KEY));
    }
}

#[tokio::test]
async fn addresses_that_do_not_exist_are_refused_and_other_answers_are_tried_again() {
    for (command, answer, refused) in [
        ("RCPT", "550 5.1.1 no such user", true),
        ("RCPT", "553 5.1.3 not such an address", true),
        ("RCPT", "450 4.2.0 come again", false),
        ("MAIL", "452 4.3.1 full", false),
        ("AUTH", "535 5.7.8 wrong password", false),
        ("DATA", "554 5.7.1 looks like spam", false),
        ("EHLO", "421 closing", false),
        ("EHLO", "nonsense", false),
    ] {
        let server = SmtpServer::with_fault(Security::Plain, Some((command, answer))).await;
        let sender = sender_to(&server, server.settings_with_password(), LIMITS);
        let error = sender.send(&to(), KEY, &raised()).await.expect_err("a failure");
        assert_eq!(is_refused(&error), refused, "{answer}: {error}");
        assert!(answer == "nonsense" || error.detail.contains(&answer[4..]), "{answer}: {error}");
        assert!(!error.detail.contains("hunter2"), "{error}");
        assert!(server.taken().is_empty());
    }
}

#[tokio::test]
async fn one_address_that_is_refused_keeps_an_email_from_nobody_else() {
    for (answer, kind) in [
        ("550 5.1.1 no such user security", SendErrorKind::SomeRefused),
        ("452 4.2.2 mailbox full", SendErrorKind::SomeLeft),
    ] {
        let server = SmtpServer::with_fault(Security::Plain, Some(("RCPT TO:<security", answer))).await;
        let sender = sender_to(&server, server.settings(), LIMITS);
        let error = sender.send(&to(), KEY, &raised()).await.expect_err("a failure");
        assert_eq!(error.kind, kind, "{error}");
        assert!(
            error.detail.contains("security@example.com") && error.detail.contains(&answer[4..]),
            "{error}"
        );
        assert_eq!(server.only().to, ["<ops@example.com>"]);
        // Nobody is given it twice, and another e-mail is given to all.
        let again = sender.send(&to(), KEY, &raised()).await.expect_err("a failure");
        assert_eq!(again, error);
        assert_eq!(server.taken().len(), 1);
        sender.send(&to(), &KEY.replace('5', "6"), &raised()).await.expect_err("a failure");
        assert_eq!(server.taken()[1].to, ["<ops@example.com>"]);
    }
}

#[tokio::test]
async fn an_address_that_is_not_ascii_is_refused_alone_where_the_server_takes_none() {
    let server = SmtpServer::start(Security::Plain).await;
    let sender = sender_to(&server, server.settings(), LIMITS);
    let to = Destination::Email { to: vec!["jörg@example.com".into(), "ops@example.com".into()] };
    let error = sender.send(&to, KEY, &raised()).await.expect_err("a failure");
    assert!(error.kind == SendErrorKind::SomeRefused && error.detail.contains("jörg@example.com"), "{error}");
    assert_eq!(server.only().to, ["<ops@example.com>"]);
}

#[tokio::test]
async fn a_server_that_falls_silent_is_left_and_one_that_says_no_goodbye_has_the_email() {
    for command in ["EHLO", "RCPT", "DATA"] {
        let server = SmtpServer::with_fault(Security::Plain, Some((command, ""))).await;
        let sender = sender_to(&server, server.settings(), SHORT);
        let error = sender.send(&to(), KEY, &raised()).await.expect_err("a failure");
        assert!(!is_refused(&error) && error.detail.contains("did not answer within 300ms"), "{error}");
    }
    let server = SmtpServer::with_fault(Security::Plain, Some(("QUIT", ""))).await;
    let sender = sender_to(&server, server.settings(), LIMITS);
    sender.send(&to(), KEY, &raised()).await.expect("a delivery");
    server.only();
}

#[tokio::test]
async fn a_server_that_answers_a_line_without_an_end_is_left() {
    for security in [Security::Plain, Security::StartTls] {
        let endless = "x".repeat(10_000_000);
        let server = SmtpServer::with_fault(security, Some(("EHLO", &endless))).await;
        let sender = sender_to(&server, server.settings(), LIMITS);
        let error = sender.send(&to(), KEY, &raised()).await.expect_err("a failure");
        assert!(error.detail.contains("it answers too much") && !is_refused(&error), "{error}");
    }
}

#[tokio::test]
async fn lines_that_begin_with_a_dot_arrive_as_they_are() {
    let server = SmtpServer::start(Security::Plain).await;
    let mut dots = raised();
    dots.alert.group = [("user_id".to_owned(), ".".repeat(290))].into();
    sender_to(&server, server.settings(), LIMITS).send(&to(), KEY, &dots).await.expect("a delivery");
    let mail = server.only().mail;
    assert!(mail.contains("\r\n...."), "lines begin with dots: {mail}");
    assert_eq!(mail.replace("=\r\n", "").matches(&".".repeat(290)).count(), 2, "in both parts: {mail}");
}
