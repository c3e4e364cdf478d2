//! The configuration as a file that means the same. Every setting of the reference has a line; secrets are left out.

use super::{Config, RawConfig, reference, tokens::OIDC_SECRET_VARIABLE, urls};
use anyhow::Result;
use std::{fmt::Write, path::Path};
use toml::{Table, Value};

/// The settings that are in force, by their names in the file.
///
/// # Errors
/// As [`RawConfig::resolve`], and for a path that is not UTF-8, which TOML cannot hold.
pub fn printed(raw: RawConfig, config_file: Option<&Path>) -> Result<String> {
    let mut raw = raw.merged(config_file)?;
    let config = raw.checked()?;
    let database = raw.database_address()?;
    let in_force = Table::try_from(raw)?;
    let mut page = String::new();
    for setting in reference::settings() {
        let key = setting.key.as_str();
        // Writing to a string cannot fail.
        let _ = match (key, in_force.get(key)) {
            ("database-url", _) => {
                let is_in_file = in_force.contains_key("database-url-file");
                write_database(&mut page, &config, database.as_deref(), is_in_file)
            }
            ("jwks-url" | "oidc-issuer" | "public-url", Some(Value::String(url))) => {
                write_url(&mut page, key, url)
            }
            (_, Some(value)) if !setting.is_secret => writeln!(page, "{key} = {value}"),
            _ => writeln!(page, "# {key}: {}", absent(key, &config)),
        };
    }
    if let Some(rules) = in_force.get(reference::RETENTION) {
        // Tables come after all other settings.
        let tables = Table::from_iter([(reference::RETENTION.to_owned(), rules.clone())]);
        let _ = write!(page, "\n{}", toml::to_string(&tables)?);
    }
    Ok(page)
}

fn write_database(
    page: &mut String,
    config: &Config,
    address: Option<&str>,
    is_in_file: bool,
) -> std::fmt::Result {
    let shown = config.database.to_string();
    let (shown, is_cut) = match (config.database.folder(), address) {
        (None, Some(address)) => urls::without_password(address),
        _ => (shown, false),
    };
    let value = Value::String(shown);
    match (is_in_file, is_cut) {
        (true, _) => writeln!(page, "# database-url: {value}, from database-url-file"),
        (false, true) => writeln!(page, "database-url = {value} # without its password"),
        (false, false) => writeln!(page, "database-url = {value}"),
    }
}

fn write_url(page: &mut String, key: &str, url: &str) -> std::fmt::Result {
    let shown = urls::without_query(url);
    let mark = if shown.len() < url.len() { " # without its query" } else { "" };
    writeln!(page, "{key} = {}{mark}", Value::String(shown.to_owned()))
}

/// The text for a secret, and for a setting without a value.
fn absent(key: &str, config: &Config) -> String {
    match (key, &config.jwt_secret) {
        ("jwt-secret-key", Some(_)) => "given".into(),
        ("jwt-secret-key", None) => "made and kept in the database, sealed".into(),
        ("jwt-secret-key-previous", _) if config.jwt_secret_previous.is_some() => "given".into(),
        ("seal-key-file", Some(_)) => "not set; the seal key is derived from jwt-secret-key".into(),
        ("seal-key-file", None) => "not set; the seal key is seal.key in the data folder".into(),
        ("oidc-client-secret-file", _) if has_client_secret(config) => {
            format!("not set; the secret is in {OIDC_SECRET_VARIABLE}")
        }
        _ => "not set".into(),
    }
}

fn has_client_secret(config: &Config) -> bool {
    config.oidc.as_ref().is_some_and(|oidc| oidc.client_secret.is_some())
}
