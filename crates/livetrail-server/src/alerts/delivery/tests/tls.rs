//! Certificates that tests make.

use crate::{config::TlsFiles, tls::Tls};
use std::process::Command;
use tokio_rustls::TlsAcceptor;

/// A certificate for `localhost` and 127.0.0.1 that has signed itself (PEM), and what shows it to clients.
pub(super) fn certificate() -> (Vec<u8>, TlsAcceptor) {
    let folder = tempfile::tempdir().expect("a folder");
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"])
        .args(["-days", "2", "-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "certificate.pem"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .current_dir(folder.path())
        .output()
        .expect("openssl runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    let pem = std::fs::read(&certificate).expect("a certificate");
    (pem, Tls::read(TlsFiles { certificate, key }).expect("a certificate that can be shown").acceptor())
}
