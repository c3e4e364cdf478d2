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

    /// A Python module with a constant for each action type: `USER_LOGIN = "user_login"`.
    #[must_use]
    pub fn python_constants(&self) -> String {
        let heading = "\"\"\"Generated from actions.toml: the action types as constants. Do not edit by hand.\"\"\"\n\n";
        self.constants(heading, |name, key| format!("{name} = \"{key}\"\n"))
    }

    /// A TypeScript module with a constant object of the action types: `ActivityActions.USER_LOGIN`.
    #[must_use]
    pub fn typescript_constants(&self) -> String {
        let heading = "// Generated from actions.toml: the action types as constants. Do not edit by hand.\n\n\
                       export const ActivityActions = {\n";
        self.constants(heading, |name, key| format!("  {name}: \"{key}\",\n")) + "} as const;\n"
    }

    fn constants(&self, heading: &str, line: impl Fn(&str, &str) -> String) -> String {
        let lines = self.actions().iter().map(|action| line(&constant_name(&action.key), &action.key));
        std::iter::once(heading.to_owned()).chain(lines).collect()
    }
}

fn constant_name(key: &str) -> String {
    key.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}
