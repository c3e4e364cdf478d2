//! A storm tells a server that brings all clients what they missed from one that does not.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Command, Stdio},
    sync::{Arc, Condvar, Mutex},
    thread,
};

const LOAD: &str = env!("CARGO_BIN_EXE_load");

/// What goes wrong for a client that comes back.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    /// It gets what it had seen last once more.
    Again,
    /// It misses something for good.
    Gap,
    Refused,
}

/// The least log that can be resumed: a thread for each connection, ids that count from 1.
struct Log {
    bodies: Mutex<Vec<String>>,
    grown: Condvar,
    fault: Fault,
}

impl Log {
    /// Serves until the test's process ends.
    fn start(fault: Fault) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let log = Arc::new(Self { bodies: Mutex::default(), grown: Condvar::new(), fault });
        thread::spawn(move || {
            for stream in listener.incoming() {
                let log = Arc::clone(&log);
                // A client that goes away is no failure of the test.
                thread::spawn(move || drop(log.serve(&stream.unwrap())));
            }
        });
        addr
    }

    fn serve(&self, stream: &TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream);
        loop {
            let head = head(&mut reader)?;
            if head[0].starts_with("GET") {
                return self.follow(stream, value(&head, "last-event-id"));
            }
            let mut body = vec![0; value(&head, "content-length").unwrap()];
            reader.read_exact(&mut body)?;
            self.bodies.lock().unwrap().push(String::from_utf8(body).unwrap());
            self.grown.notify_all();
            (&*stream).write_all(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")?;
        }
    }

    fn follow(&self, mut stream: &TcpStream, last_id: Option<usize>) -> std::io::Result<()> {
        let mut next = match (last_id, self.fault) {
            (Some(_), Fault::Refused) => return stream.write_all(b"HTTP/1.1 503 Busy\r\n\r\n"),
            (Some(id), Fault::Again) => id - 1,
            (Some(id), Fault::Gap) => id + 1,
            (Some(id), Fault::None) => id,
            (None, _) => self.bodies.lock().unwrap().len(),
        };
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")?;
        loop {
            let bodies = self.bodies.lock().unwrap();
            let bodies = self.grown.wait_while(bodies, |bodies| bodies.len() <= next).unwrap();
            let body = bodies[next].clone();
            drop(bodies);
            next += 1;
            stream.write_all(format!("id: {next}\ndata: {body}\n\n").as_bytes())?;
        }
    }
}

fn head(reader: &mut impl BufRead) -> std::io::Result<Vec<String>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        match reader.read_line(&mut line)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            _ if line == "\r\n" => return Ok(lines),
            _ => lines.push(line),
        }
    }
}

fn value(head: &[String], name: &str) -> Option<usize> {
    let mut lines = head.iter().filter_map(|line| line.split_once(':'));
    lines.find(|(key, _)| key.eq_ignore_ascii_case(name))?.1.trim().parse().ok()
}

fn storm(fault: Fault) -> serde_json::Value {
    let addr = Log::start(fault).to_string();
    let arguments =
        ["storm", "--sse", "/s", "--publish", "/p", "--conns", "20", "--missed", "5", "--within", "1"];
    let output = Command::new(LOAD).args(arguments).args(["--addr", &addr]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn everybody_gets_what_they_missed_and_what_comes_then() {
    let report = storm(Fault::None);
    let faults = [&report["incomplete"], &report["wrong"], &report["closed"]];
    assert_eq!(faults, [0, 0, 0], "{report}");
    assert_eq!((&report["clients"], &report["missed"]), (&20.into(), &5.into()));
    let live = report["live_ms"].as_f64().unwrap();
    assert!(live > 0.0 && live < 20_000.0, "{report}");
}

#[test]
fn what_comes_twice_is_wrong() {
    let report = storm(Fault::Again);
    assert_eq!((&report["incomplete"], &report["wrong"]), (&0.into(), &20.into()), "{report}");
}

#[test]
fn what_never_comes_is_incomplete() {
    let report = storm(Fault::Gap);
    assert_eq!((&report["incomplete"], &report["closed"]), (&20.into(), &0.into()), "{report}");
}

#[test]
fn whoever_is_refused_is_counted() {
    let report = storm(Fault::Refused);
    assert_eq!((&report["incomplete"], &report["closed"]), (&20.into(), &20.into()), "{report}");
}

#[test]
fn a_server_without_ids_cannot_be_measured() {
    let mut child = Command::new(LOAD).arg("ceiling").stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let addr = line.trim().strip_prefix("listening on http://").unwrap();
    let arguments =
        ["storm", "--sse", "/s", "--publish", "/p", "--conns", "3", "--within", "0.5", "--addr", addr];
    let output = Command::new(LOAD).args(arguments).output().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("was told no id"));
}
