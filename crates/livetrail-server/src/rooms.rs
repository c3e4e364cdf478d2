//! Which room may know what, as ARCHITECTURE.md says it.

use std::{fs, path::Path};

/// The lines of the sources in `folder`, each with its file, but for those of tests.
fn lines(folder: &Path) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        if path.is_dir() && name != "tests" {
            lines.extend(self::lines(&path));
        } else if name.ends_with(".rs") && name != "tests.rs" && name != "rooms.rs" {
            let text = fs::read_to_string(&path).expect("a file");
            let file = path.strip_prefix(sources()).expect("a source").display().to_string();
            lines.extend(text.lines().map(|line| (file.clone(), line.trim().to_owned())));
        }
    }
    lines
}

fn sources() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
}

/// Where code (no comment) has `word`.
fn with(word: &str) -> Vec<String> {
    let found = lines(sources()).into_iter();
    let found = found.filter(|(_, line)| !line.starts_with("//") && line.contains(word));
    found.map(|(file, _)| file).collect()
}

#[test]
fn only_the_api_knows_axum() {
    let elsewhere: Vec<String> = with("axum").into_iter().filter(|file| !file.starts_with("http/")).collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
    assert!(with("axum").len() > 20, "it looks at the right words");
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
