//! The imports of a source: what its `use` items say, whatever their nesting, and the paths in its code.

/// The paths from the crate's root that the source of `module` imports or names, such as `http::Service`.
pub(super) fn imports(module: &[String], code: &str) -> Vec<String> {
    let uses = items(code).into_iter().flat_map(|tree| expanded(&tree));
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let named = code.split(|c| !is_part(c)).map(str::to_owned);
    uses.chain(named).filter_map(|path| from_root(module, &path)).collect()
}

/// The trees of the `use` items.
fn items(code: &str) -> Vec<String> {
    let lines = code.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    let starts = lines.match_indices("use ").map(|(start, _)| start);
    // Behind a visibility or at the begin of a line; elsewhere it is a word of a text.
    let is_item = |start: &usize| {
        let before = lines[..*start].rsplit('\n').next().unwrap_or_default();
        before.is_empty() || before.starts_with("pub") && before.ends_with(' ')
    };
    let tree = |start: usize| lines[start + 4..].split(';').next().unwrap_or_default().to_owned();
    starts.filter(is_item).map(tree).collect()
}

/// The paths of a tree such as `crate::{app::App, http::{self, error}}`.
fn expanded(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((prefix, group)) = tree.split_once('{') else {
        return vec![tree.split_whitespace().next().unwrap_or_default().to_owned()];
    };
    let (group, mut depth) = (group.strip_suffix('}').unwrap_or(group), 0);
    let parts = group.split(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    });
    let parts = parts.filter(|part| !part.trim().is_empty());
    parts.flat_map(expanded).map(|path| format!("{}{path}", prefix.trim())).collect()
}

/// A path that begins at the crate's root; none for one of another crate.
fn from_root(module: &[String], path: &str) -> Option<String> {
    let mut parts = path.split("::").peekable();
    let mut root = match *parts.peek()? {
        "crate" => Vec::new(),
        "self" | "super" => module.to_vec(),
        _ => return None,
    };
    while let Some(part) = parts.next_if(|part| ["crate", "self", "super"].contains(part)) {
        if part == "super" {
            root.pop();
        }
    }
    root.extend(parts.map(str::to_owned));
    root.retain(|part| !part.is_empty());
    (!root.is_empty()).then(|| root.join("::"))
}

#[test]
fn an_import_is_seen_in_every_form() {
    let module = ["questions".to_owned(), "list".to_owned()];
    for (code, path) in [
        ("use crate::http;", "http"),
        ("use crate::{http, hub::Hub};", "http"),
        (
            "use crate::{\n    app::App,\n    http::{self, error::{ApiError, Problem}},\n};",
            "http::error::Problem",
        ),
        ("pub(crate) use crate::{app::App, http as api};", "http"),
        ("use super::super::http::Service;", "http::Service"),
        ("use super::{super::http::Service, Answer};", "http::Service"),
        ("fn f() {\n    use crate::http::Service;\n}", "http::Service"),
        ("fn f() -> crate::http::Service {}", "http::Service"),
        ("fn f() { super::super::http::serve() }", "http::serve"),
    ] {
        let found = imports(&module, code);
        assert!(found.iter().any(|found| found == path), "{code}: {found:?}");
    }
    for code in ["use http::Request;", "// no use", "let text = \"use crate_http;\";", "use super::http;"] {
        let found = imports(&module, code);
        assert!(!found.iter().any(|found| found.starts_with("http")), "{code}: {found:?}");
    }
}
