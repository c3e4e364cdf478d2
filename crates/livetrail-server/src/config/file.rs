use super::{RawConfig, reference};
use anyhow::{Context, Error, Result, anyhow, bail};
use livetrail_types::{nearest, shortened};
use std::path::Path;
use toml::Table;

/// Reads a configuration file. An unknown key is an error that names the nearest one. A setting without effect is worse
/// than a server that does not start.
pub(super) fn read(path: &Path) -> Result<RawConfig> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("config: cannot read {}", path.display()))?;
    parse(&text).with_context(|| format!("config: {}", path.display()))
}

/// A refusal names the place or the setting, and does not repeat what is there: it may be a secret.
pub(super) fn parse(text: &str) -> Result<RawConfig> {
    let table: Table = text.parse().map_err(|error| not_toml(text, &error))?;
    let known = reference::settings().into_iter().map(|setting| setting.key);
    let known: Vec<String> = known.chain([reference::RETENTION.to_owned()]).collect();
    if let Some(key) = table.keys().find(|key| !known.contains(key)) {
        bail!("{} is not a setting; {}", shortened(key), hint(key, &known));
    }
    for (key, value) in &table {
        let alone = Table::from_iter([(key.clone(), value.clone())]);
        alone.try_into::<RawConfig>().map_err(|error| of_wrong_type(key, &error))?;
    }
    table.try_into().map_err(|_| anyhow!("the settings do not fit together"))
}

fn not_toml(text: &str, error: &toml::de::Error) -> Error {
    let before = text.get(..error.span().map_or(0, |span| span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    anyhow!("this is not TOML: line {line}, column {column}: {}", error.message())
}

/// Of the parser's message, only what it expected: the rest repeats the value.
fn of_wrong_type(key: &str, error: &toml::de::Error) -> Error {
    match error.message().rsplit_once("expected ") {
        Some((_, expected)) => anyhow!("{key}: has a value of the wrong type; expected {expected}"),
        None => anyhow!("{key}: has a value of the wrong type"),
    }
}

fn hint(key: &str, known: &[String]) -> String {
    match nearest(&[key], known.iter().map(String::as_str)) {
        Some(nearest) => format!("did you mean {nearest}?"),
        None => format!("the settings are {}", known.join(", ")),
    }
}
