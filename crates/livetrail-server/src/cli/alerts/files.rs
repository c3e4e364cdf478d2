//! Rules in files.

use super::{
    Connection, Remote,
    meaning::meaning,
    rules::{self, Definition},
};
use crate::{config::Config, http::NewAlertRule};
use anyhow::{Context, Result, bail};
use livetrail_alerts::{Rule, RuleError, limits, sigma};
use livetrail_types::{FilterContext, visible};
use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
};

#[derive(clap::Args)]
pub(super) struct ImportArgs {
    #[command(flatten)]
    remote: Remote,
    /// Rules of Sigma in YAML
    file: PathBuf,
    /// Add the rules to the server, and print their ids
    #[arg(long)]
    add: bool,
    /// With --add: do not evaluate them yet
    #[arg(long, requires = "add")]
    disabled: bool,
}

/// Session ids of rules are compared with those of the log by a key that only the server knows.
const NO_KEY: [u8; 32] = [0; 32];

fn context(config: &Config) -> FilterContext<'_> {
    FilterContext { catalogue: &config.catalogue, session_key: &NO_KEY, text_search: config.text_search }
}

/// Longest text of rules of Sigma, in bytes. One text may have many.
const SIGMA: usize = 1024 * 1024;

/// The text of a file. No more of it is read than is possible, so that a wrong file is refused at once.
fn read(file: &Path, most: usize) -> Result<String> {
    let name = file.display();
    let mut bytes = Vec::new();
    fs::File::open(file)
        .and_then(|open| open.take(most as u64 + 1).read_to_end(&mut bytes))
        .with_context(|| format!("cannot read {name}"))?;
    if bytes.len() > most {
        bail!("{name} has more than {} KiB, which is the most that is possible", most / 1024);
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + valid.iter().filter(|byte| **byte == b'\n').count();
        anyhow::anyhow!("{name}:{line}: is not UTF-8: save the file in that encoding")
    })
}

fn is_yaml(file: &Path) -> bool {
    file.extension().is_some_and(|end| end == "yml" || end == "yaml")
}

/// Each fault on a line, as compilers write them.
fn faulty(file: &Path, faults: &[RuleError]) -> anyhow::Error {
    let place = |fault: &RuleError| format!("{}:{}:{}", file.display(), fault.place.line, fault.place.column);
    let line = |fault: &RuleError| format!("{}: {}", place(fault), visible(&told(fault)));
    anyhow::anyhow!("{}", faults.iter().map(line).collect::<Vec<_>>().join("\n"))
}

fn told(fault: &RuleError) -> String {
    if fault.field.is_empty() { fault.detail.clone() } else { format!("`{}` {}", fault.field, fault.detail) }
}

/// A rule that is to be sent to a server. It is read here first, so that its faults are named with the file.
pub(super) fn read_rule(file: &Path, config: &Config) -> Result<Definition> {
    let text = read(file, limits::DEFINITION)?;
    let rule = Rule::from_toml(&text, &context(config)).map_err(|faults| faulty(file, &faults))?;
    Ok(Definition { id: rule.id, text })
}

pub(super) fn test(file: &Path, config: &Config) -> Result<()> {
    let rules = match is_yaml(file) {
        true => read_sigma(file, config)?,
        false => {
            let rule = Rule::from_toml(&read(file, limits::DEFINITION)?, &context(config));
            vec![rule.map_err(|faults| faulty(file, &faults))?]
        }
    };
    let mut out = std::io::stdout().lock();
    rules.iter().try_for_each(|rule| write!(out, "{}", meaning(rule)))?;
    Ok(out.flush()?)
}

/// The rules of a file. What is to be known about them is told.
fn read_sigma(file: &Path, config: &Config) -> Result<Vec<Rule>> {
    let imported =
        sigma::import(&read(file, SIGMA)?, &context(config)).map_err(|faults| faulty(file, &faults))?;
    if !imported.notes.is_empty() {
        eprintln!("{}", faulty(file, &imported.notes));
    }
    Ok(imported.rules)
}

pub(super) async fn import(args: ImportArgs, config: &Config) -> Result<()> {
    let mut definitions = Vec::new();
    for rule in read_sigma(&args.file, config)? {
        let Some(text) = rule.to_toml() else {
            bail!(
                "the rule {:?} has two conditions for one field, which one filter cannot say: join them",
                rule.id
            );
        };
        definitions.push(Definition { id: rule.id, text });
    }
    if args.add {
        let connection = Connection::to_any(args.remote, config).await?;
        let added = add(&connection, definitions, !args.disabled).await;
        connection.close().await;
        return added;
    }
    let texts: Vec<String> = definitions.into_iter().map(|definition| definition.text).collect();
    if texts.len() > 1 {
        eprintln!("{} rules: each has to be in a file of its own, or use --add", texts.len());
    }
    let mut out = std::io::stdout().lock();
    write!(out, "{}", texts.join("\n"))?;
    Ok(out.flush()?)
}

async fn add(connection: &Connection, definitions: Vec<Definition>, enabled: bool) -> Result<()> {
    let mut out = std::io::stdout();
    for Definition { id, text } in definitions {
        let rule = NewAlertRule { definition: text, enabled, tenant_id: None };
        rules::create(connection, rule).await.with_context(|| format!("the rule {id} was not added"))?;
        writeln!(out, "{id}")?;
    }
    Ok(())
}
