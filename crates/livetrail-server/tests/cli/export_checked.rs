//! Exports that arrive or are imported whole, and those that do not.

use crate::program::{Finished, Fixture, Process};
use std::{
    io::{Read, Write},
    net::TcpListener,
    path::Path,
    thread,
};

const BODY: &str = "user_id,action_type\nu-1,a\n";
const SHA256: &str = "d93dc3970941d8e8ac55b5d56f1526d66f629aaf9f502157b431fff3446f6e2f";

fn filled(rows: usize) -> Fixture {
    let fixture = Fixture::new().begin();
    let line = |n| format!("{{\"user_id\":\"u-{n}\",\"action_type\":\"a\"}}\n");
    let file = fixture.write("activities.ndjson", &(0..rows).map(line).collect::<String>());
    fixture.succeed(&["import", file.to_str().expect("a path")]);
    fixture
}

/// An export in NDJSON that ends with its last line.
fn exported(rows: usize) -> String {
    let fixture = filled(rows);
    let finished =
        fixture.run(&["export", "--format", "ndjson", "--summary", "--filter", "resource_type=!livetrail"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    finished.stdout
}

fn import(text: &str) -> (Fixture, Finished) {
    let fixture = Fixture::new().begin();
    let file = fixture.write("log.ndjson", text);
    let finished = fixture.run(&["import", file.to_str().expect("a path")]);
    (fixture, finished)
}

#[test]
fn a_file_with_a_last_line_is_imported_when_it_is_whole() {
    let whole = exported(1_200);
    assert_eq!(whole.lines().count(), 1_201);
    let (_, taken) = import(&whole);
    assert_eq!(taken.code, Some(0), "{}", taken.stderr);
    assert!(taken.stderr.contains("1200 imported, 0 were there already, 0 refused"), "{}", taken.stderr);
}

#[test]
fn a_file_with_a_last_line_that_was_cut_or_changed_is_refused_before_anything_of_it_is_stored() {
    let whole = exported(1_200);
    let lines: Vec<_> = whole.lines().collect();
    let cut = [&lines[..600], &lines[700..]].concat().join("\n") + "\n";
    let changed = whole.replace("\"u-7\"", "\"u-8\"");
    for (text, rows) in [(cut, 1_100), (changed, 1_200)] {
        let (fixture, refused) = import(&text);
        assert_eq!(refused.code, Some(1));
        let words = "the file is cut or changed: the export had 1200 rows, SHA-256 ";
        assert!(refused.stderr.contains(words), "{}", refused.stderr);
        assert!(refused.stderr.contains(&format!("but {rows} rows, SHA-256 ")), "{}", refused.stderr);
        let stored = fixture.run(&["query", "--filter", "action_filter=a"]);
        assert!(stored.stderr.contains("no activity matches"), "{}", stored.stderr);
    }
}

#[test]
fn a_last_line_is_checked_on_standard_input_too() {
    let whole = exported(3);
    let changed = whole.replace("\"u-2\"", "\"u-9\"");
    for (text, code) in [(whole, 0), (changed, 1)] {
        let fixture = Fixture::new().begin();
        let finished =
            Process::start_with_input(fixture.command(&["import", "-"]), text.into_bytes()).finish();
        assert_eq!(finished.code, Some(code), "{}", finished.stderr);
    }
}

/// Exports from a server that answers with this.
fn export_from(answer: String, file: &Path) -> Finished {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let serving = thread::spawn(move || {
        let (mut client, _) = listener.accept().expect("a client");
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            client.read_exact(&mut byte).expect("a request");
            request.push(byte[0]);
        }
        client.write_all(answer.as_bytes()).expect("it is taken");
        String::from_utf8(request).expect("text")
    });
    let fixture = Fixture::new();
    let path = file.to_str().expect("a path");
    let finished = fixture.run(&["export", "--url", &url, "--key", "k", "--output", path]);
    let request = serving.join().expect("a request").to_ascii_lowercase();
    assert!(request.contains("te: trailers"), "{request}");
    finished
}

fn answer(rest: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: livetrail-rows, livetrail-sha256\r\n\r\n\
         {:x}\r\n{BODY}\r\n{rest}",
        BODY.len()
    )
}

#[test]
fn an_export_that_differs_from_its_trailers_or_breaks_off_is_an_error_and_leaves_no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("log.csv");
    let trailers = |rows: u64, sha256: &str| {
        answer(&format!("0\r\nlivetrail-rows: {rows}\r\nlivetrail-sha256: {sha256}\r\n\r\n"))
    };
    for (answer, words) in [
        (
            trailers(1, "00"),
            "the export is damaged: the server sent 1 rows, SHA-256 00, but 1 rows, SHA-256 ",
        ),
        (trailers(2, SHA256), "the export is damaged: the server sent 2 rows"),
        (answer(""), "the export broke off"),
    ] {
        let failed = export_from(answer, &file);
        assert_eq!(failed.code, Some(1), "{}", failed.stderr);
        assert!(failed.stderr.contains(words), "{}", failed.stderr);
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "no file is left");
    }
    let taken = export_from(trailers(1, SHA256), &file);
    assert_eq!((taken.code, &*taken.stderr), (Some(0), "1 row exported\n"));
    assert_eq!(std::fs::read_to_string(&file).expect("a file"), BODY);
}

#[test]
fn an_export_whose_trailers_are_lost_on_the_way_is_taken_with_a_remark() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = export_from(answer("0\r\n\r\n"), &folder.path().join("log.csv"));
    assert_eq!(taken.code, Some(0), "{}", taken.stderr);
    assert!(taken.stderr.starts_with("the server's checksum did not arrive"), "{}", taken.stderr);
    assert!(taken.stderr.ends_with("1 row exported\n"), "{}", taken.stderr);
}
