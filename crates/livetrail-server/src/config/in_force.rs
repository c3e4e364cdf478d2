//! Each setting as it is in force, and where it was set. Secrets are left out.

use super::{Config, RawConfig, reference, tokens::OIDC_SECRET_VARIABLE, urls};
use anyhow::Result;
use toml::{Table, Value};

/// Where the value of a setting comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetBy {
    /// A flag, or a variable of the environment.
    CommandLine,
    /// The configuration file.
    File,
    /// Nothing: it has its default, or no value.
    Default,
}

/// A setting as it is in force.
#[derive(Clone, Debug)]
pub struct InForce {
    /// Its key in the file.
    pub key: String,
    /// Its value as the file has it; none for a secret, and for a setting without a value.
    pub value: Option<String>,
    /// What is said beside the value, or in its place.
    pub note: Option<String>,
    /// Where it was set.
    pub by: SetBy,
}

/// The settings that are given, by where they are.
pub(super) struct Given {
    /// Before the file was read.
    pub(super) typed: Table,
    /// After it, and before the defaults.
    pub(super) all: Table,
}

impl Given {
    fn by(&self, key: &str, config: &Config) -> SetBy {
        // These have names in the environment that applications of this kind use already.
        let is_common = match key {
            "database-url" => config.database.folder().is_none(),
            "jwt-secret-key" => config.jwt_secret.is_some(),
            "jwt-secret-key-previous" => config.jwt_secret_previous.is_some(),
            _ => false,
        };
        match (self.typed.contains_key(key), self.all.contains_key(key)) {
            (true, _) => SetBy::CommandLine,
            (false, true) => SetBy::File,
            (false, false) if is_common && !self.all.contains_key(&format!("{key}-file")) => {
                SetBy::CommandLine
            }
            (false, false) => SetBy::Default,
        }
    }
}

/// The settings that have a value. A list that was not given is empty.
///
/// # Errors
/// For a path that is not UTF-8, which TOML cannot hold.
pub(super) fn given(raw: &RawConfig) -> Result<Table> {
    let mut table = Table::try_from(raw)?;
    table.retain(|_, value| value.as_array().is_none_or(|list| !list.is_empty()));
    Ok(table)
}

/// All settings, in the order of the reference. `raw` has its defaults.
///
/// # Errors
/// For a path that is not UTF-8, which TOML cannot hold.
pub(super) fn in_force(raw: &RawConfig, given: &Given, config: &Config) -> Result<Vec<InForce>> {
    let database = raw.database_address()?;
    let table = Table::try_from(raw)?;
    let one = |setting: reference::Setting| {
        let key = setting.key.as_str();
        let (value, note) = match (key, table.get(key)) {
            ("database-url", _) => {
                let is_in_file = table.contains_key("database-url-file");
                database_url(config, database.as_deref(), is_in_file)
            }
            ("jwks-url" | "oidc-issuer" | "public-url", Some(Value::String(url))) => url_of(url),
            (_, Some(value)) if !setting.is_secret => (Some(value.to_string()), None),
            _ => (None, Some(absent(key, config))),
        };
        let by = given.by(key, config);
        InForce { value, note, by, key: setting.key }
    };
    Ok(reference::settings().into_iter().map(one).collect())
}

type Shown = (Option<String>, Option<String>);

fn database_url(config: &Config, address: Option<&str>, is_in_file: bool) -> Shown {
    let shown = config.database.to_string();
    let (shown, is_cut) = match (config.database.folder(), address) {
        (None, Some(address)) => urls::without_password(address),
        _ => (shown, false),
    };
    let value = Value::String(shown).to_string();
    match (is_in_file, is_cut) {
        (true, _) => (None, Some(format!("{value}, from database-url-file"))),
        (false, true) => (Some(value), Some("without its password".into())),
        (false, false) => (Some(value), None),
    }
}

fn url_of(url: &str) -> Shown {
    let shown = urls::without_query(url);
    let note = (shown.len() < url.len()).then(|| "without its query".to_owned());
    (Some(Value::String(shown.to_owned()).to_string()), note)
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
