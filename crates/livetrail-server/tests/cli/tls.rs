//! TLS without a proxy.

use crate::program::{EventStream, Home, PATIENCE, Process, activity};
use reqwest::{Certificate, Client, Version};
use rustix::process::Signal;
use serde_json::json;
use std::process::Command;

/// Writes a certificate for 127.0.0.1 that has signed itself, and its key.
fn make_certificate(home: &Home, name: &str) {
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
        .current_dir(home.path())
        .output()
        .expect("openssl runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// A client that believes this certificate and no other.
fn client(home: &Home, name: &str) -> Client {
    let pem = std::fs::read(home.path().join(format!("{name}.crt"))).expect("a certificate");
    let believed = Certificate::from_pem(&pem).expect("a certificate");
    Client::builder().tls_certs_only([believed]).build().expect("a client")
}

/// A server that speaks TLS, and its address.
fn serve(home: &Home) -> (Process, String) {
    let arguments =
        ["serve", "--listen", "127.0.0.1:0", "--tls-cert", "server.crt", "--tls-key", "server.key"];
    let process = Process::start(home.command(&arguments));
    let line = process.line();
    let base_url = line.strip_prefix("listening on ").expect("an address").to_owned();
    assert!(base_url.starts_with("https://"), "{line}");
    (process, base_url)
}

#[tokio::test]
async fn calls_and_streams_go_over_http_2_and_http_1() {
    let home = Home::new();
    make_certificate(&home, "server");
    let (_server, base_url) = serve(&home);
    let (writer, viewer) = (home.key("writer"), home.key("viewer"));
    let pem = std::fs::read(home.path().join("server.crt")).expect("a certificate");
    let believed = Certificate::from_pem(&pem).expect("a certificate");
    let old = Client::builder().tls_certs_only([believed]).http1_only().build().expect("a client");
    for (client, version) in [(client(&home, "server"), Version::HTTP_2), (old, Version::HTTP_11)] {
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
    let home = Home::new();
    make_certificate(&home, "server");
    let (server, base_url) = serve(&home);
    let is_alive = async |client: Client| client.get(format!("{base_url}/healthz")).send().await.is_ok();
    let before = client(&home, "server");
    assert!(is_alive(before.clone()).await);

    home.write("server.crt", "garbage");
    server.signal(Signal::HUP);
    assert!(server.says("stays as it was").contains("server.crt"));
    make_certificate(&home, "server");
    server.signal(Signal::HUP);
    server.says("was read again");
    assert!(is_alive(client(&home, "server")).await, "the new one is shown");
    assert!(is_alive(before.clone()).await, "connections that are open stay open");
}

#[tokio::test]
async fn whoever_does_not_speak_tls_is_sent_away_and_others_are_served() {
    let home = Home::new();
    make_certificate(&home, "server");
    let (_server, base_url) = serve(&home);
    let plain = base_url.replace("https", "http");
    let answer = tokio::time::timeout(PATIENCE, Client::new().get(format!("{plain}/healthz")).send()).await;
    assert!(answer.expect("in time").is_err());
    let answer = client(&home, "server").get(format!("{base_url}/healthz")).send().await.expect("an answer");
    assert_eq!(answer.json::<serde_json::Value>().await.expect("JSON"), json!({"status": "ok"}));
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let home = Home::new();
    make_certificate(&home, "server");
    make_certificate(&home, "other");
    home.write("empty.pem", "");
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
            let finished = home.run(&[command, &arguments].concat());
            assert_eq!(
                (finished.code, finished.stdout.as_str()),
                (Some(2), ""),
                "{named}: {}",
                finished.stderr
            );
            assert!(finished.stderr.contains(named), "{named}: {}", finished.stderr);
            assert!(!home.data().exists(), "{named}: nothing is made before the settings are right");
        }
    }
    let right = ["config", "check", "--tls-cert", "server.crt", "--tls-key", "server.key"];
    assert_eq!(home.succeed(&right), "the configuration is right\n");
}

/// A certificate that cannot be read for the moment is the server's trouble, not that of what asks about it.
#[tokio::test]
async fn other_commands_do_not_need_the_certificate() {
    let home = Home::new();
    make_certificate(&home, "server");
    let (_server, _) = serve(&home);
    home.write("server.crt", "garbage");
    for arguments in [&["healthcheck"][..], &["key", "list"]] {
        let mut command = home.command(arguments);
        command.env("LIVETRAIL_TLS_CERT", "server.crt").env("LIVETRAIL_TLS_KEY", "server.key");
        let finished = Process::start(command).finish();
        assert_eq!(finished.code, Some(0), "{arguments:?}: {}", finished.stderr);
    }
}

#[test]
fn http_where_the_server_speaks_tls_and_a_certificate_that_is_not_trusted_are_told() {
    let home = Home::new();
    make_certificate(&home, "server");
    let (_server, base_url) = serve(&home);
    let viewer = home.key("viewer");
    let query = |url: &str, authority: Option<&str>| {
        let mut command = home.bare_command(&["query", "--url", url, "--key", &viewer]);
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
