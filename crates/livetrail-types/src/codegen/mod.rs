//! Files that are generated from this crate: the constants of the actions, and the limits and lists of the SDKs.
//!
//! The files are committed, so that an SDK builds without Rust. A test fails when one is stale, and writes it with
//! `UPDATE=1`.

mod actions;
mod constant;
mod limits;
mod tables;

use std::{fs, path::Path};

const PYTHON: &str = "../../sdks/python/src/livetrail";
const TYPESCRIPT: &str = "../../sdks/typescript/src";

/// The path of each file, from the folder of this crate, and its content.
fn files() -> [(String, String); 7] {
    [
        ("src/actions.rs".into(), actions::rust()),
        (format!("{PYTHON}/actions.py"), actions::python()),
        (format!("{TYPESCRIPT}/actions.ts"), actions::typescript()),
        (format!("{PYTHON}/limits.py"), limits::python()),
        (format!("{TYPESCRIPT}/limits.ts"), limits::typescript()),
        (format!("{PYTHON}/redact/tables.py"), tables::python()),
        (format!("{TYPESCRIPT}/redact/tables.ts"), tables::typescript()),
    ]
}

#[test]
#[expect(clippy::disallowed_methods, reason = "UPDATE is given by hand, and is not a setting of the server")]
fn the_committed_files_are_those_that_are_generated() {
    let is_update = std::env::var_os("UPDATE").is_some();
    for (path, generated) in files() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(&path);
        if is_update {
            fs::write(&file, &generated).expect("the file can be written");
        }
        let committed = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(
            committed == generated,
            "{path} is stale: run `UPDATE=1 cargo test -p livetrail-types codegen`"
        );
    }
}
