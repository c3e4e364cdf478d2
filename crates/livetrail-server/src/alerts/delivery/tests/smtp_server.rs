//! A small SMTP server (RFC 5321) with STARTTLS, AUTH PLAIN and faults.

use super::tls::certificate;
use crate::config::{Secret, SmtpSecurity, SmtpSettings};
use base64::{Engine, prelude::BASE64_STANDARD};
use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

/// What the server offers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Security {
    Plain,
    StartTls,
    Tls,
}

/// An e-mail as it was taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken {
    pub(super) from: String,
    pub(super) to: Vec<String>,
    /// User and password.
    pub(super) credentials: Option<(String, String)>,
    pub(super) is_encrypted: bool,
    /// Without the stuffing of dots.
    pub(super) mail: String,
}

/// A server, until it is dropped.
pub(super) struct SmtpServer {
    pub(super) port: u16,
    /// In PEM.
    pub(super) certificate: Vec<u8>,
    security: Security,
    seen: Arc<Mutex<Seen>>,
    serving: JoinHandle<()>,
}

#[derive(Default)]
struct Seen {
    taken: Vec<Taken>,
    /// Every line of a command, as the server has read it.
    commands: Vec<String>,
}

/// What the sessions of a server share.
#[derive(Clone)]
struct Service {
    security: Security,
    acceptor: TlsAcceptor,
    /// The answer to a command that begins so, in place of the usual one. An empty answer is silence.
    fault: Option<(String, String)>,
    seen: Arc<Mutex<Seen>>,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

impl SmtpServer {
    pub(super) async fn start(security: Security) -> Self {
        Self::with_fault(security, None).await
    }

    pub(super) async fn with_fault(security: Security, fault: Option<(&str, &str)>) -> Self {
        let fault = fault.map(|(command, answer)| (command.to_owned(), answer.to_owned()));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (certificate, acceptor) = certificate();
        let seen: Arc<Mutex<Seen>> = Arc::default();
        let service = Service { security, acceptor, fault, seen: Arc::clone(&seen) };
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(service.clone().serve(Box::new(stream)));
            }
        });
        Self { port, certificate, security, seen, serving }
    }

    /// The settings of a client of it.
    pub(super) fn settings(&self) -> SmtpSettings {
        SmtpSettings {
            host: "localhost".into(),
            port: self.port,
            security: match self.security {
                Security::Plain => SmtpSecurity::Plain,
                Security::StartTls => SmtpSecurity::StartTls,
                Security::Tls => SmtpSecurity::Tls,
            },
            credentials: None,
            from: "Livetrail <alerts@example.com>".parse().expect("a mailbox"),
        }
    }

    pub(super) fn settings_with_password(&self) -> SmtpSettings {
        let credentials = Some(("app".into(), Secret::of("hunter2")));
        SmtpSettings { credentials, ..self.settings() }
    }

    pub(super) fn taken(&self) -> Vec<Taken> {
        self.seen.lock().expect("no panic").taken.clone()
    }

    pub(super) fn commands(&self) -> Vec<String> {
        self.seen.lock().expect("no panic").commands.clone()
    }

    /// The only e-mail.
    pub(super) fn only(&self) -> Taken {
        let mut all = self.taken();
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Service {
    async fn serve(self, mut stream: Box<dyn Stream>) {
        let mut mail = Taken { is_encrypted: self.security == Security::Tls, ..Taken::default() };
        if mail.is_encrypted {
            match self.acceptor.accept(stream).await {
                Ok(encrypted) => stream = Box::new(encrypted),
                // A client that does not trust the certificate leaves.
                Err(_) => return,
            }
        }
        let mut stream = BufReader::new(stream);
        if stream.write_all(b"220 mail.example ESMTP\r\n").await.is_err() {
            return;
        }
        while let Some(line) = read_line(&mut stream).await {
            self.seen.lock().expect("no panic").commands.push(line.clone());
            if let Some((_, answer)) =
                self.fault.as_ref().filter(|(command, _)| line.starts_with(command.as_str()))
            {
                if answer.is_empty() {
                    std::future::pending::<()>().await;
                }
                let _ = stream.write_all(format!("{answer}\r\n").as_bytes()).await;
                continue;
            }
            if line == "STARTTLS" {
                let _ = stream.write_all(b"220 begin\r\n").await;
                let Ok(encrypted) = self.acceptor.accept(stream.into_inner()).await else { return };
                stream = BufReader::new(Box::new(encrypted));
                mail.is_encrypted = true;
                continue;
            }
            let answer = self.answer(&line, &mut mail);
            let _ = stream.write_all(answer.as_bytes()).await;
            if line == "DATA" {
                let Some(text) = read_mail(&mut stream).await else { return };
                mail.mail = text;
                self.seen.lock().expect("no panic").taken.push(mail.clone());
                let _ = stream.write_all(b"250 taken\r\n").await;
            }
        }
    }

    fn answer(&self, line: &str, mail: &mut Taken) -> String {
        let offers_tls = self.security == Security::StartTls && !mail.is_encrypted;
        let (command, argument) = line.split_at(line.find([':', ' ']).unwrap_or(line.len()));
        match (command, argument) {
            ("EHLO", _) if offers_tls => "250-mail.example\r\n250 STARTTLS\r\n".into(),
            ("EHLO", _) => "250-mail.example\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n".into(),
            ("AUTH", plain) => {
                let text = plain.strip_prefix(" PLAIN ").expect("AUTH PLAIN");
                let text = String::from_utf8(BASE64_STANDARD.decode(text).expect("base64")).expect("a text");
                let parts: Vec<_> = text.split('\0').map(str::to_owned).collect();
                mail.credentials = Some((parts[1].clone(), parts[2].clone()));
                "235 welcome\r\n".into()
            }
            ("MAIL", from) => {
                from.trim_start_matches(" FROM:").clone_into(&mut mail.from);
                "250 sender\r\n".into()
            }
            ("RCPT", to) => {
                mail.to.push(to.trim_start_matches(" TO:").to_owned());
                "250 recipient\r\n".into()
            }
            ("DATA", _) => "354 go on\r\n".into(),
            ("QUIT", _) => "221 goodbye\r\n".into(),
            _ => "502 unknown\r\n".into(),
        }
    }
}

async fn read_line(stream: &mut (impl AsyncBufReadExt + Unpin)) -> Option<String> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await.ok()?;
    (read > 0).then(|| line.trim_end_matches("\r\n").to_owned())
}

/// Reads up to the line that is one dot, and takes away the dots that were put before others.
async fn read_mail(stream: &mut (impl AsyncBufReadExt + Unpin)) -> Option<String> {
    let mut mail = String::new();
    loop {
        let line = read_line(stream).await?;
        if line == "." {
            return Some(mail);
        }
        mail.push_str(line.strip_prefix('.').unwrap_or(&line));
        mail.push_str("\r\n");
    }
}
