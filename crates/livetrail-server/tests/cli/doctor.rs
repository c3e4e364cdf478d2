//! `livetrail doctor`: beside a server and without one, through proxies that do and do not hold streams back.

use crate::program::{Finished, Fixture, Process, Serving};
use serde_json::Value;
use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    thread,
    time::Duration,
};

/// It waits for up to 20 seconds for a stream that is held back.
const TIME: Duration = Duration::from_secs(90);

/// What it has found, as a program reads it.
struct Findings(Vec<Value>);

fn doctor(fixture: &Fixture, arguments: &[&str]) -> (Finished, Findings) {
    let command = fixture.command(&[&["doctor", "--json"], arguments].concat());
    let finished = Process::start(command).finish_within(TIME);
    let report: Value = serde_json::from_str(&finished.stdout).unwrap_or_else(|_| panic!("{finished:?}"));
    let findings = Findings(report["findings"].as_array().expect("findings").clone());
    (finished, findings)
}

impl Findings {
    /// The level and the text of the first finding about this.
    fn about(&self, check: &str) -> (&str, &str) {
        let found = self.0.iter().find(|finding| finding["check"] == check);
        let found = found.unwrap_or_else(|| panic!("nothing about {check}: {:?}", self.0));
        (found["level"].as_str().expect("a level"), found["message"].as_str().expect("a message"))
    }

    fn has(&self, level: &str, words: &str) -> bool {
        let is_meant = |finding: &&Value| finding["level"] == level;
        self.0.iter().filter(is_meant).any(|finding| finding["message"].to_string().contains(words))
    }

    fn level(&self, check: &str) -> &str {
        self.about(check).0
    }
}

/// A proxy that passes on the first `pieces` of an answer as they come, and the rest when the answer ends.
fn gathering_proxy(server: &Serving, pieces: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let (address, server) = (listener.local_addr().expect("an address"), server.address.clone());
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let server = server.clone();
            thread::spawn(move || pass_on(client, &server, pieces));
        }
    });
    format!("http://{address}")
}

fn pass_on(mut client: TcpStream, server: &str, mut pieces: usize) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if client.read_exact(&mut byte).is_err() {
            return;
        }
        head.push(byte[0]);
    }
    // Each answer ends its connection, so that its end is seen. An upgrade is not passed on.
    let head = String::from_utf8_lossy(&head).replace("\r\nconnection: Upgrade", "");
    let head = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    let mut upstream = TcpStream::connect(server).expect("the server");
    upstream.write_all(head.as_bytes()).expect("the server");
    let (mut gathered, mut piece) = (Vec::new(), [0; 65_536]);
    while let Ok(read @ 1..) = upstream.read(&mut piece) {
        gathered.extend_from_slice(&piece[..read]);
        if pieces > 0 {
            pieces -= 1;
            if client.write_all(&std::mem::take(&mut gathered)).is_err() {
                return;
            }
        }
    }
    let _ = client.write_all(&gathered).and_then(|()| client.shutdown(Shutdown::Both));
}

#[test]
fn without_a_server_it_looks_at_the_database_the_disk_the_limits_and_the_settings() {
    let fixture = Fixture::new();
    let (finished, findings) = doctor(&fixture, &[]);
    assert_eq!((finished.code, findings.level("database")), (Some(0), "warning"), "{finished:?}");
    assert!(!fixture.data().exists(), "it makes nothing");

    fixture.succeed(&["migrate"]);
    let (finished, findings) = doctor(&fixture, &[]);
    assert_eq!((finished.code, finished.stderr.as_str()), (Some(0), ""));
    assert_eq!(findings.level("database"), "ok");
    assert_eq!(findings.about("server"), ("ok", "no server runs on this data folder"));
    assert_eq!(findings.about("settings"), ("ok", "no setting is dangerous"));
    assert!(findings.about("limits").1.contains("a server that is started here"));
    findings.level("disk");
}

#[test]
fn beside_a_server_it_asks_the_server_and_its_evaluation_of_alerts() {
    let fixture = Fixture::new();
    let _server = fixture.serve();
    let (finished, findings) = doctor(&fixture, &[]);
    assert_eq!(finished.code, Some(0), "{finished:?}");
    assert_eq!(findings.about("server"), ("ok", "the server stores activities"));
    assert_eq!(findings.level("index"), "ok");
    assert_eq!(findings.about("alerts"), ("ok", "alert rules are evaluated"));
    assert!(findings.about("limits").1.starts_with("the server may open"));
}

#[test]
fn for_people_each_finding_is_a_line_and_dangerous_settings_have_advice() {
    let fixture = Fixture::new();
    let mut command = fixture.command(&["doctor"]);
    command.env("LIVETRAIL_METRICS_LISTEN", "0.0.0.0:9477");
    let finished = Process::start(command).finish();
    assert_eq!(finished.code, Some(0), "{finished:?}");
    let lines: Vec<&str> = finished.stdout.lines().collect();
    let warning = lines.iter().position(|line| line.starts_with("warning  settings   metrics-listen"));
    assert!(lines[warning.expect("a warning") + 1].trim().starts_with("-> listen on 127.0.0.1"), "{lines:?}");
    assert!(lines.last().expect("a sum").ends_with("failures: 0"), "{lines:?}");
}

#[test]
fn through_a_way_that_passes_everything_on_a_stream_and_a_websocket_open() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let (finished, findings) = doctor(&fixture, &["--url", &server.base_url]);
    assert_eq!(finished.code, Some(0), "{finished:?}");
    for check in ["public-url", "clock", "stream", "websocket"] {
        assert_eq!(findings.level(check), "ok", "{:?}", findings.0);
    }
    assert!(findings.about("stream").1.starts_with("events come one by one"));
    assert!(!fixture.succeed(&["key", "list"]).contains("livetrail doctor"), "its key is revoked");
    let mut command = fixture.command(&["doctor", "--url", &server.base_url]);
    command.env("LIVETRAIL_KEY", fixture.key("writer"));
    let finished = Process::start(command).finish();
    assert_eq!(finished.code, Some(0), "the key of an application may not read: {finished:?}");

    // Elsewhere, with a key that was made for it; and without one.
    let key = fixture.key("viewer");
    let other = Fixture::new();
    let (_, findings) = doctor(&other, &["--url", &server.base_url, "--key", &key]);
    assert_eq!(findings.level("stream"), "ok", "{:?}", findings.0);
    let (_, findings) = doctor(&other, &["--url", &server.base_url]);
    assert_eq!(findings.level("stream"), "warning", "{:?}", findings.0);
    let (finished, findings) = doctor(&other, &["--url", &server.base_url, "--key", "lt_nothing"]);
    assert_eq!((finished.code, findings.level("stream")), (Some(1), "failure"), "{:?}", findings.0);
}

#[test]
fn a_proxy_that_gathers_an_answer_is_found_and_so_is_one_that_passes_no_upgrade_on() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let (finished, findings) = doctor(&fixture, &["--url", &gathering_proxy(&server, 0)]);
    assert_eq!((finished.code, findings.level("public-url")), (Some(1), "ok"), "{:?}", findings.0);
    assert_eq!(findings.level("stream"), "failure");
    assert!(findings.about("stream").1.contains("holds live streams back"), "{:?}", findings.0);
    assert_eq!(findings.level("websocket"), "warning");
    assert!(finished.stderr.contains("1 check failed"), "{}", finished.stderr);
}

#[test]
fn a_proxy_that_gathers_after_the_first_piece_is_found_too() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let (finished, findings) = doctor(&fixture, &["--url", &gathering_proxy(&server, 1)]);
    assert_eq!((finished.code, findings.level("stream")), (Some(1), "failure"), "{:?}", findings.0);
    assert!(findings.about("stream").1.contains("after the first"), "{:?}", findings.0);
}

#[test]
fn an_address_that_leads_elsewhere_or_nowhere_is_a_failure() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let (finished, findings) = doctor(&fixture, &["--url", &format!("{}/api", server.base_url)]);
    assert_eq!(finished.code, Some(1));
    assert!(findings.has("failure", "is not answered by livetrail"), "{:?}", findings.0);
    let nowhere =
        format!("http://{}", TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("one"));
    let (finished, findings) = doctor(&fixture, &["--url", &nowhere]);
    assert_eq!(finished.code, Some(1));
    assert!(findings.has("failure", "does not answer"), "{:?}", findings.0);
    assert_eq!(fixture.run(&["doctor", "--url", "log.example.com"]).code, Some(2), "that is no URL");
}

#[test]
fn of_postgresql_it_says_the_version_what_loses_or_refuses_activities_and_that_it_is_away() {
    let database = private_postgres::database();
    let fixture = Fixture::with_log_in(database.url()).begin();
    let (finished, findings) = doctor(&fixture, &[]);
    assert_eq!(findings.level("database"), "ok", "{:?}", findings.0);
    assert!(findings.about("database").1.contains("PostgreSQL 1"), "{:?}", findings.0);
    assert_eq!(finished.code, Some(1), "the databases of tests are not synced");
    assert!(findings.has("failure", "fsync=off"), "{:?}", findings.0);
    assert_eq!(findings.level("clock"), "ok");

    let read_only = format!("{}?options=-c%20default_transaction_read_only%3Don", database.url());
    let (finished, findings) = doctor(&Fixture::with_log_in(read_only), &[]);
    assert_eq!(finished.code, Some(1), "{:?}", findings.0);
    assert!(findings.has("failure", "read-only"), "{:?}", findings.0);

    let (finished, findings) = doctor(&Fixture::with_log_in("postgres://u@127.0.0.1:9/app".into()), &[]);
    assert_eq!((finished.code, findings.level("database")), (Some(1), "failure"), "{:?}", findings.0);
}

#[test]
fn a_backup_that_is_missing_is_a_failure_and_a_new_one_is_well() {
    let fixture = Fixture::new().begin();
    let (finished, findings) = doctor(&fixture, &["--backup", "backup.db"]);
    assert_eq!((finished.code, findings.level("backup")), (Some(1), "failure"));
    fixture.succeed(&["backup", "backup.db"]);
    let (finished, findings) = doctor(&fixture, &["--backup", "backup.db"]);
    assert_eq!((finished.code, findings.level("backup")), (Some(0), "ok"));
}
