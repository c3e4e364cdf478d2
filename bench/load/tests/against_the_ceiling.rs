//! The generator measures the least of all servers, and every delivery is accounted for.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

const LOAD: &str = env!("CARGO_BIN_EXE_load");

struct Ceiling {
    child: Child,
    addr: String,
}

impl Ceiling {
    fn start() -> Self {
        let mut child = Command::new(LOAD).arg("ceiling").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addr = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
        Self { child, addr }
    }

    fn measure(&self, arguments: &[&str]) -> serde_json::Value {
        let pid = self.child.id().to_string();
        let always = ["run", "--addr", &self.addr, "--pid", &pid, "--secs", "0.5"];
        let output = Command::new(LOAD).args(always).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

impl Drop for Ceiling {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn paced_events_reach_every_client_once() {
    let report =
        Ceiling::start().measure(&["--sse", "/s", "--publish", "/p", "--conns", "20", "--rate", "200"]);
    let acked = report["acked"].as_u64().unwrap();
    assert!((80..=100).contains(&acked), "{report}");
    assert_eq!(report["deliveries"], acked * 20);
    assert_eq!((&report["lost"], &report["surplus"], &report["failed"]), (&0.into(), &0.into(), &0.into()));
    assert!(report["delivery_ms"]["p50"].as_f64().unwrap() > 0.0);
    assert!(report["resident_kb_end"].as_u64().unwrap() > 0);
}

#[test]
fn unpaced_events_of_several_publishers_are_all_delivered() {
    let report = Ceiling::start().measure(&[
        "--sse",
        "/s",
        "--publish",
        "/p",
        "--conns",
        "5",
        "--rate",
        "0",
        "--pub-conns",
        "4",
    ]);
    assert!(report["acked"].as_u64().unwrap() > 100, "{report}");
    assert_eq!(report["deliveries"], report["expected_deliveries"]);
    assert_eq!(report["lost"], 0);
}

#[test]
fn every_event_of_a_batch_counts() {
    let arguments = ["--sse", "/s", "--publish", "/p", "--conns", "3", "--rate", "1000", "--batch", "100"];
    let report = Ceiling::start().measure(&arguments);
    assert_eq!(report["acked"].as_u64().unwrap() % 100, 0);
    assert_eq!(report["deliveries"], report["expected_deliveries"]);
}

#[test]
fn idle_clients_are_counted_without_publishing() {
    let report = Ceiling::start().measure(&["--sse", "/s", "--conns", "50", "--source-ips", "3"]);
    assert_eq!((&report["clients"], &report["acked"], &report["closed"]), (&50.into(), &0.into(), &0.into()));
}

#[test]
fn clients_that_have_stopped_are_owed_nothing() {
    let arguments = [
        "--sse",
        "/s",
        "--publish",
        "/p",
        "--conns",
        "10",
        "--stopped",
        "4",
        "--rate",
        "200",
        "--readers",
        "2",
    ];
    let report = Ceiling::start().measure(&arguments);
    assert_eq!((&report["clients"], &report["stopped"]), (&10.into(), &4.into()));
    assert_eq!(report["deliveries"].as_u64().unwrap(), report["acked"].as_u64().unwrap() * 10);
    assert_eq!((&report["lost"], &report["surplus"], &report["closed"]), (&0.into(), &0.into(), &0.into()));
}

#[test]
fn events_for_one_filter_are_owed_to_its_clients_alone() {
    // The ceiling knows no filters, so a client that should get nothing gets a surplus.
    let arguments =
        ["--sse", "/{F}", "--publish", "/p", "--body", "{F}{T}", "--filters", "5", "--conns", "10"];
    let report = Ceiling::start().measure(&arguments);
    let acked = report["acked"].as_u64().unwrap();
    assert_eq!(report["expected_deliveries"], acked * 2, "{report}");
    assert_eq!((&report["lost"], &report["surplus"]), (&0.into(), &(acked * 8).into()), "{report}");
}

#[test]
fn a_server_that_is_not_there_is_an_error() {
    let output = Command::new(LOAD).args(["run", "--addr", "127.0.0.1:1", "--sse", "/s"]).output().unwrap();
    assert!(!output.status.success());
}
