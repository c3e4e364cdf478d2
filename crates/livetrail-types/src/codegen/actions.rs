//! A constant for each action type of the catalogue.

use crate::{Action, Catalogue};

const RUST: &str = "\
//! Generated from actions.toml: the action types as constants.
//!
//! Do not edit by hand: change actions.toml, then run `UPDATE=1 cargo test -p livetrail-types codegen`.
";
const PYTHON: &str = "\
\"\"\"Generated from actions.toml: the action types as constants. Do not edit by hand.\"\"\"

";
const TYPESCRIPT: &str = "\
// Generated from actions.toml: the action types as constants. Do not edit by hand.

export const ActivityActions = {
";

/// `pub const USER_LOGIN: &str = "user_login";`
pub(super) fn rust() -> String {
    constants(RUST, |name, Action { key, title, .. }| {
        format!("\n/// {title}.\npub const {name}: &str = \"{key}\";\n")
    })
}

/// `USER_LOGIN = "user_login"`
pub(super) fn python() -> String {
    constants(PYTHON, |name, action| format!("{name} = \"{}\"\n", action.key))
}

/// `ActivityActions.USER_LOGIN`
pub(super) fn typescript() -> String {
    constants(TYPESCRIPT, |name, action| format!("  {name}: \"{}\",\n", action.key)) + "} as const;\n"
}

fn constants(heading: &str, line: impl Fn(&str, &Action) -> String) -> String {
    let catalogue = Catalogue::builtin();
    let lines = catalogue.actions().iter().map(|action| line(&constant_name(&action.key), action));
    std::iter::once(heading.to_owned()).chain(lines).collect()
}

fn constant_name(key: &str) -> String {
    key.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}
