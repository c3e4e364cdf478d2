//! TLS without a proxy.

use crate::program::{EventStream, Fixture, PATIENCE, Process, activity};
use reqwest::{Certificate, Client, Version};
use rustix::process::Signal;
use serde_json::json;
use std::process::Command;

/// Writes a certificate for 127.0.0.1 that has signed itself, and its key.
fn make_certificate(fixture: &Fixture, name: &str) {
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", &format!("{name}.key"), "-out", &format!("{name}.crt")])
        .current_dir(fixture.path())
        .output()
        .expect("openssl runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// A client that believes this certificate and no other.
fn client(fixture: &Fixture, name: &str) -> Client {
    let pem = std::fs::read(fixture.path().join(format!("{name}.crt"))).expect("a certificate");
    let believed = Certificate::from_pem(&pem).expect("a certificate");
    Client::builder().tls_certs_only([believed]).build().expect("a client")
}

/// A server that speaks TLS, and its address.
fn serve(fixture: &Fixture) -> (Process, String) {
    let arguments =
        ["serve", "--listen", "127.0.0.1:0", "--tls-cert", "server.crt", "--tls-key", "server.key"];
    let process = Process::start(fixture.command(&arguments));
    let line = process.line();
    let base_url = line.strip_prefix("listening on ").expect("an address").to_owned();
    assert!(base_url.starts_with("https://"), "{line}");
    (process, base_url)
}

#[tokio::test]
async fn calls_and_streams_go_over_http_2_and_http_1() {
    let fixture = Fixture::new();
    make_certificate(&fixture, "server");
    let (_server, base_url) = serve(&fixture);
    let (writer, viewer) = (fixture.key("writer"), fixture.key("viewer"));
    let pem = std::fs::read(fixture.path().join("server.crt")).expect("a certificate");
    let believed = Certificate::from_pem(&pem).expect("a certificate");
    let old = Client::builder().tls_certs_only([believed]).http1_only().build().expect("a client");
    for (client, version) in [(client(&fixture, "server"), Version::HTTP_2), (old, Version::HTTP_11)] {
        let url = format!("{base_url}/api/admin/activity/stream?user_id=u-1");
        let mut stream = EventStream::open(client.get(url).bearer_auth(&viewer)).await.expect("a stream");
        let request = client.post(format!("{base_url}/api/activity")).bearer_auth(&writer);
        let answer = request.json(&activity("u-1", "user_login")).send().await.expect("an answer");
        assert_eq!((answer.status().as_u16(), answer.version()), (201, version));
        assert_eq!(stream.next_activity().await["user_id"], "u-1");
    }
}

#[tokio::test]
async fn a_certificate_is_renewed_at_sighup_and_one_that_cannot_be_used_is_not_taken() {
    let fixture = Fixture::new();
    make_certificate(&fixture, "server");
    let (server, base_url) = serve(&fixture);
    let is_alive = async |client: Client| client.get(format!("{base_url}/healthz")).send().await.is_ok();
    let before = client(&fixture, "server");
    assert!(is_alive(before.clone()).await);

    fixture.write("server.crt", "garbage");
    server.signal(Signal::HUP);
    assert!(server.says("stays as it was").contains("server.crt"));
    make_certificate(&fixture, "server");
    server.signal(Signal::HUP);
    server.says("was read again");
    assert!(is_alive(client(&fixture, "server")).await, "the new one is shown");
    assert!(is_alive(before.clone()).await, "connections that are open stay open");
}

#[tokio::test]
async fn whoever_does_not_speak_tls_is_sent_away_and_others_are_served() {
    let fixture = Fixture::new();
    make_certificate(&fixture, "server");
    let (_server, base_url) = serve(&fixture);
    let plain = base_url.replace("https", "http");
    let answer = tokio::time::timeout(PATIENCE, Client::new().get(format!("{plain}/healthz")).send()).await;
    assert!(answer.expect("in time").is_err());
    let answer =
        client(&fixture, "server").get(format!("{base_url}/healthz")).send().await.expect("an answer");
    assert_eq!(answer.json::<serde_json::Value>().await.expect("JSON"), json!({"status": "ok"}));
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let fixture = Fixture::new();
    make_certificate(&fixture, "server");
    make_certificate(&fixture, "other");
    fixture.write("empty.pem", "");
    for (certificate, key, named) in [
        ("server.crt", "", "tls-key: is missing"),
        ("", "server.key", "tls-cert: is missing"),
        ("nowhere.crt", "server.key", "tls-cert: nowhere.crt"),
        ("empty.pem", "server.key", "tls-cert: empty.pem: there is no certificate in it"),
        ("server.crt", "empty.pem", "tls-key: empty.pem"),
        ("server.crt", "other.key", "tls-key: other.key does not fit the certificate"),
    ] {
        let mut arguments = vec!["--listen", "127.0.0.1:0"];
        if !certificate.is_empty() {
            arguments.extend(["--tls-cert", certificate]);
        }
        if !key.is_empty() {
            arguments.extend(["--tls-key", key]);
        }
        for command in [&["serve"][..], &["config", "check"]] {
            let finished = fixture.run(&[command, &arguments].concat());
            assert_eq!(
                (finished.code, finished.stdout.as_str()),
                (Some(2), ""),
                "{named}: {}",
                finished.stderr
            );
            assert!(finished.stderr.contains(named), "{named}: {}", finished.stderr);
            assert!(!fixture.data().exists(), "{named}: nothing is made before the settings are right");
        }
    }
    let right = ["config", "check", "--tls-cert", "server.crt", "--tls-key", "server.key"];
    assert_eq!(fixture.succeed(&right), "the configuration is right\n");
}

/// A certificate that cannot be read for the moment is the server's trouble, not that of what asks about it.
#[tokio::test]
async fn other_commands_do_not_need_the_certificate() {
    let fixture = Fixture::new();
    make_certificate(&fixture, "server");
    let (_server, _) = serve(&fixture);
    fixture.write("server.crt", "garbage");
    for arguments in [&["healthcheck"][..], &["key", "list"]] {
        let mut command = fixture.command(arguments);
        command.env("LIVETRAIL_TLS_CERT", "server.crt").env("LIVETRAIL_TLS_KEY", "server.key");
        let finished = Process::start(command).finish();
        assert_eq!(finished.code, Some(0), "{arguments:?}: {}", finished.stderr);
    }
}

#[test]
fn http_where_the_server_speaks_tls_and_a_certificate_that_is_not_trusted_are_told() {
    let fixture = Fixture::new();
    make_certificate(&fixture, "server");
    let (_server, base_url) = serve(&fixture);
    let viewer = fixture.key("viewer");
    let query = |url: &str, authority: Option<&str>| {
        let mut command = fixture.bare_command(&["query", "--url", url, "--key", &viewer]);
        command.envs(authority.map(|file| ("SSL_CERT_FILE", file)));
        Process::start(command).finish()
    };
    for (url, words) in [
        (base_url.replace("https://", "http://"), "write https:// instead of http://"),
        (base_url.clone(), "does not trust the server's certificate"),
    ] {
        let refused = query(&url, None);
        assert_eq!(refused.code, Some(1));
        assert!(refused.stderr.contains(words), "{url}: {}", refused.stderr);
    }
    let trusted = query(&base_url, Some("server.crt"));
    assert_eq!(trusted.code, Some(0), "{}", trusted.stderr);
}
