//! The constants that are generated from the catalogue.

use std::fmt::Write;

use super::Catalogue;

const HEADER: &str = "\
//! Generated from actions.toml: the action types as constants.
//!
//! Do not edit by hand: change actions.toml, then run
//! `UPDATE=1 cargo test -p livetrail-types the_committed_constants_are_those_of_the_catalogue`.
";

impl Catalogue {
    /// A Rust module with a constant for each action type: `pub const USER_LOGIN: &str = "user_login";`.
    #[must_use]
    pub fn rust_constants(&self) -> String {
        let mut source = HEADER.to_owned();
        for action in self.actions() {
            let (key, title, name) = (&action.key, &action.title, constant_name(&action.key));
            write!(source, "\n/// {title}.\npub const {name}: &str = \"{key}\";\n")
                .expect("text can always be written");
        }
        source
    }
}

fn constant_name(key: &str) -> String {
    key.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}
