use super::{RawConfig, reference};
use anyhow::{Context, Result, bail};
use std::path::Path;

/// Reads a configuration file. A key that is not known is an error that names the nearest one: a setting that
/// silently does nothing is worse than a server that does not start.
pub(super) fn read(path: &Path) -> Result<RawConfig> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("config: cannot read {}", path.display()))?;
    parse(&text).with_context(|| format!("config: {}", path.display()))
}

pub(super) fn parse(text: &str) -> Result<RawConfig> {
    let table: toml::Table = text.parse().context("this is not TOML")?;
    let known: Vec<String> = reference::settings().into_iter().map(|setting| setting.key).collect();
    match table.keys().find(|key| !known.contains(key)) {
        Some(key) => bail!("{key} is not a setting; {}", hint(key, &known)),
        None => table.try_into().context("a setting has a value of the wrong type"),
    }
}

fn hint(key: &str, known: &[String]) -> String {
    let likeness = |setting: &str| strsim::jaro(setting, key);
    let nearest = known.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest.filter(|nearest| likeness(nearest) > 0.7) {
        Some(nearest) => format!("did you mean {nearest}?"),
        None => format!("the settings are {}", known.join(", ")),
    }
}
