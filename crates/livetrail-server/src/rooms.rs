//! Which room (a folder, or a module of one file) may know what, as ARCHITECTURE.md says it.

mod form;
mod imports;

use imports::imports;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// Folders that only tests use.
const OF_TESTS: [&str; 4] = ["tests", "contract", "codegen", "rooms"];

/// Imports against the order of ARCHITECTURE.md, which gives the reason for each.
const AGAINST_THE_ORDER: [(&str, &str); 7] = [
    ("app", "alerts"),
    ("app", "erasure"),
    ("app", "retention"),
    ("config", "retention"),
    ("config", "server"),
    ("connections", "access"),
    ("self_audit", "retention"),
];

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

/// The code of the sources in `folder`, each with its file, without comments and tests.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        if path.is_dir() && !OF_TESTS.contains(&name.as_str()) {
            files.extend(self::files(&path));
        } else if name.ends_with(".rs") && name != "tests.rs" && name != "rooms.rs" {
            let text = fs::read_to_string(&path).expect("a file");
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let code = lines.collect::<Vec<_>>().join("\n");
            let file = path.strip_prefix(sources()).unwrap_or(&path).display().to_string();
            files.push((file, code));
        }
    }
    files
}

fn sources() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
}

/// The files whose code `is_found`.
fn files_of(folder: &Path, is_found: impl Fn(&str) -> bool) -> Vec<String> {
    files(folder).into_iter().filter(|(_, code)| is_found(code)).map(|(file, _)| file).collect()
}

/// Where code has `word`.
fn with(word: &str) -> Vec<String> {
    files_of(sources(), |code| code.contains(word))
}

/// The module of a file, from the crate's root.
fn module(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').filter(|part| !["lib", "main"].contains(part)).map(str::to_owned).collect()
}

/// Which room imports which others, each with a file that does. The unit tests at the end of a file may import more.
fn imported() -> BTreeMap<(String, String), String> {
    let mut imported = BTreeMap::new();
    for (file, code) in files(sources()) {
        let module = module(&file);
        let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for path in imports(&module, code) {
            let room = path.split("::").next().unwrap_or_default().to_owned();
            if let Some(own) = module.first().filter(|own| **own != room) {
                imported.insert((own.clone(), room), file.clone());
            }
        }
    }
    imported
}

/// The order of the rooms: the lines with arrows in ARCHITECTURE.md, as pairs.
fn order() -> BTreeSet<(String, String)> {
    let text = fs::read_to_string(sources().join("../../../ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let (_, section) = text.split_once("## Imports").expect("its section on imports");
    let section = section.split("\n## ").next().unwrap_or_default();
    let names = |group: &str| {
        let names = group.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|name| !name.is_empty());
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    let lines = section.lines().filter(|line| line.starts_with("    "));
    let steps = lines.flat_map(|line| {
        let groups: Vec<_> = line.split('→').map(names).collect();
        groups.windows(2).map(|step| (step[0].clone(), step[1].clone())).collect::<Vec<_>>()
    });
    let pairs = steps.flat_map(|(from, to)| {
        from.into_iter().flat_map(move |from| to.clone().into_iter().map(move |to| (from.clone(), to)))
    });
    pairs.collect()
}

/// Whether `order` leads from a room to another one, over any number of rooms.
fn leads(order: &BTreeSet<(String, String)>, from: &str, to: &str) -> bool {
    let (mut reached, mut left) = (BTreeSet::new(), vec![from]);
    while let Some(room) = left.pop() {
        let next = order.iter().filter(|(from, _)| from == room).map(|(_, to)| to.as_str());
        left.extend(next.filter(|room| reached.insert(*room)));
    }
    reached.contains(to)
}

#[test]
fn rooms_import_others_in_the_order_of_the_architecture() {
    let order = order();
    let rooms: BTreeSet<&String> = order.iter().flat_map(|(from, to)| [from, to]).collect();
    assert!(rooms.len() > 10, "{rooms:?}");
    assert!(!rooms.iter().any(|room| leads(&order, room, room)), "the order has a circle: {order:?}");
    let mut against = Vec::new();
    for ((from, to), file) in imported() {
        if rooms.contains(&to) && !leads(&order, &from, &to) {
            let is_known = AGAINST_THE_ORDER.contains(&(from.as_str(), to.as_str()));
            assert!(is_known, "{file} imports {to}, which ARCHITECTURE.md (Imports) does not let {from} do");
            against.push((from, to));
        }
    }
    let against: Vec<(&str, &str)> = against.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    assert_eq!(against, AGAINST_THE_ORDER, "an exception that nothing needs any more");
}

#[test]
fn only_the_api_knows_axum() {
    let elsewhere: Vec<String> = with("axum").into_iter().filter(|file| !file.starts_with("http/")).collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
    assert!(with("axum").len() > 20, "it looks at the right words");
}

#[test]
fn only_the_server_and_the_command_line_import_the_api() {
    let importing = imported().into_keys().filter(|(_, room)| room == "http").map(|(from, _)| from);
    assert_eq!(importing.collect::<Vec<_>>(), ["cli", "server"]);
}

#[test]
fn types_and_index_do_no_input_or_output_and_read_no_clock() {
    for name in ["types", "index"] {
        let folder = sources().join(format!("../../livetrail-{name}/src"));
        assert!(files(&folder).len() > 20, "it looks at the right folder");
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
        // A call may be broken into lines.
        let calls =
            |code: &str| code.split_whitespace().collect::<String>().contains(&format!("store.{method}"));
        assert_eq!(files_of(sources(), calls), ["questions/asker.rs"], "{method}");
    }
}
