//! Which room may know what, as ARCHITECTURE.md says it.

use std::{fs, path::Path};

/// Folders that only tests use.
const OF_TESTS: [&str; 3] = ["tests", "contract", "codegen"];

/// What does I/O or reads a clock. Addresses of `std::net` do neither.
const IO_AND_CLOCKS: [&str; 11] = [
    "std::fs",
    "fs::",
    "std::env",
    "std::process",
    "std::thread",
    "tokio",
    "TcpStream",
    "UdpSocket",
    "SystemTime",
    "Instant",
    "::now(",
];

/// The lines of the sources in `folder`, each with its file, but for those of tests.
fn lines(folder: &Path) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        if path.is_dir() && !OF_TESTS.contains(&name.as_str()) {
            lines.extend(self::lines(&path));
        } else if name.ends_with(".rs") && name != "tests.rs" && name != "rooms.rs" {
            let text = fs::read_to_string(&path).expect("a file");
            let file = path.strip_prefix(sources()).unwrap_or(&path).display().to_string();
            lines.extend(text.lines().map(|line| (file.clone(), line.trim().to_owned())));
        }
    }
    lines
}

fn sources() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
}

/// The files of which a line of code (no comment) `is_found`.
fn files_of(folder: &Path, is_found: impl Fn(&str) -> bool) -> Vec<String> {
    let found = lines(folder).into_iter();
    let found = found.filter(|(_, line)| !line.starts_with("//") && is_found(line));
    found.map(|(file, _)| file).collect()
}

/// Where code has `word`.
fn with(word: &str) -> Vec<String> {
    files_of(sources(), |line| line.contains(word))
}

#[test]
fn only_the_api_knows_axum() {
    let elsewhere: Vec<String> = with("axum").into_iter().filter(|file| !file.starts_with("http/")).collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
    assert!(with("axum").len() > 20, "it looks at the right words");
}

#[test]
fn only_the_server_and_the_command_line_import_the_api() {
    let imports = |line: &str| {
        line.contains("crate::http")
            || ["http::", "http,"].iter().any(|part| {
                line.starts_with(part) || line.contains("crate::{") && line.contains(&format!(" {part}"))
            })
    };
    let importing = files_of(sources(), imports).into_iter().filter(|file| !file.starts_with("http/"));
    let importing: Vec<String> = importing.collect();
    let may = |file: &String| file == "server.rs" || file.starts_with("cli/");
    assert!(importing.iter().any(|file| file == "server.rs") && importing.iter().all(may), "{importing:?}");
}

#[test]
fn types_and_index_do_no_input_or_output_and_read_no_clock() {
    for name in ["types", "index"] {
        let folder = sources().join(format!("../../livetrail-{name}/src"));
        assert!(lines(&folder).len() > 1_000, "it looks at the right folder");
        for word in IO_AND_CLOCKS {
            let found = files_of(&folder, |line| line.contains(word));
            assert!(found.is_empty(), "{word}: {found:?}");
        }
    }
}

#[test]
fn only_the_store_knows_sql() {
    for word in ["SELECT ", "rusqlite", "tokio_postgres"] {
        let elsewhere = with(word);
        assert!(elsewhere.is_empty(), "{word}: {elsewhere:?}");
    }
}

#[test]
fn only_the_room_of_questions_knows_the_index() {
    let known: Vec<String> = with("livetrail_index");
    let is_right = |file: &String| file == "questions/columns.rs" || file.starts_with("questions/feed/");
    assert!(!known.is_empty() && known.iter().all(is_right), "{known:?}");
}

#[test]
fn handlers_ask_questions_and_never_the_store() {
    for method in ["list(", "stats(", "groups("] {
        let elsewhere = with(&format!("store.{method}"));
        assert_eq!(elsewhere, ["questions/asker.rs"], "{method}");
    }
}
