//! The configuration as a file that means the same. Every setting of the reference has a line; secrets are left out.

use super::{
    RawConfig,
    in_force::{Given, InForce, given, in_force},
    reference,
};
use anyhow::Result;
use std::{fmt::Write, path::Path};
use toml::Table;

/// The settings that are in force, by their names in the file.
///
/// # Errors
/// As [`RawConfig::resolve`], and for a path that is not UTF-8, which TOML cannot hold.
pub fn printed(raw: RawConfig, config_file: Option<&Path>) -> Result<String> {
    let typed = given(&raw)?;
    let mut merged = raw.merged(config_file)?;
    let given = Given { typed, all: given(&merged)? };
    let config = merged.checked()?;
    let mut page = String::new();
    for InForce { key, value, note, .. } in in_force(&merged, &given, &config)? {
        // Writing to a string cannot fail.
        let _ = match (value, note) {
            (Some(value), Some(note)) => writeln!(page, "{key} = {value} # {note}"),
            (Some(value), None) => writeln!(page, "{key} = {value}"),
            (None, note) => writeln!(page, "# {key}: {}", note.unwrap_or_default()),
        };
    }
    if let Some(rules) = Table::try_from(merged)?.remove(reference::RETENTION) {
        // Tables come after all other settings.
        let tables = Table::from_iter([(reference::RETENTION.to_owned(), rules)]);
        let _ = write!(page, "\n{}", toml::to_string(&tables)?);
    }
    Ok(page)
}
