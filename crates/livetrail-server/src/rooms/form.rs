//! The form of the sources, as far as no formatter keeps it: the length of files, and the width of comments in Rust.

use std::{
    fs,
    path::{Path, PathBuf},
};

const MAX_LINES: usize = 400;
const MAX_COLUMNS: usize = 120;
const FOLDERS: [&str; 6] = ["crates", "bench", "fuzz", "dashboard/src", "sdks", "e2e"];
const LANGUAGES: [&str; 6] = ["rs", "ts", "tsx", "mjs", "js", "py"];
/// What tools and builds make.
const MADE: [&str; 6] = ["target", "node_modules", "dist", "corpus", "playwright-report", "test-results"];
const GENERATED: &str = "schema.d.ts";

/// The sources of the repository, each with its text.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let mut sources = Vec::new();
    let mut folders: Vec<PathBuf> = FOLDERS.iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let (entry, path) = entry.map(|entry| (entry.file_type(), entry.path())).expect("an entry");
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            let is_folder = entry.is_ok_and(|entry| entry.is_dir());
            if name.starts_with('.') || MADE.contains(&name) || name == GENERATED {
                continue;
            }
            if is_folder {
                folders.push(path);
            } else if LANGUAGES.contains(&extension) {
                let text = fs::read_to_string(&path).expect("a source");
                sources.push((path, text));
            }
        }
    }
    assert!(sources.len() > 1_000, "it looks at the right folders");
    sources
}

/// Whether a line is a comment that a line break would make shorter. Rows of a table have to stay whole.
fn is_too_wide(line: &str) -> bool {
    let line = line.trim_end();
    let text = line.trim_start();
    let comment = ["///", "//!", "//"].iter().find_map(|mark| text.strip_prefix(mark));
    let can_break = |text: &str| !text.trim_start().starts_with('|') && text.trim_start().contains(' ');
    line.chars().count() > MAX_COLUMNS && comment.is_some_and(can_break)
}

#[test]
fn no_file_is_long() {
    let long = sources().into_iter().filter(|(_, text)| text.lines().count() > MAX_LINES);
    let long: Vec<PathBuf> = long.map(|(path, _)| path).collect();
    assert!(long.is_empty(), "divide what has more than {MAX_LINES} lines: {long:?}");
}

#[test]
fn comments_in_rust_are_broken_into_lines() {
    let mut wide = Vec::new();
    for (path, text) in sources() {
        let lines = text.lines().enumerate().filter(|(_, line)| is_too_wide(line));
        if path.extension().is_some_and(|extension| extension == "rs") {
            wide.extend(lines.map(|(line, _)| format!("{}:{}", path.display(), line + 1)));
        }
    }
    assert!(wide.is_empty(), "more than {MAX_COLUMNS} columns: {wide:#?}");
}

#[test]
fn a_comment_that_is_too_wide_is_seen() {
    let words = "word ".repeat(30);
    for (line, is_wide) in [
        (format!("    /// {words}"), true),
        (format!("//! {words}"), true),
        (format!("// {words}"), true),
        (format!("/// | {words} |"), false),
        (format!("/// https://{}", "x".repeat(150)), false),
        (format!("let text = \"{words}\";"), false),
        ("/// A sentence.".to_owned(), false),
    ] {
        assert_eq!(is_too_wide(&line), is_wide, "{line}");
    }
}
