//! A rule over the past.

use super::{Connection, list::Pairs, rules};
use crate::{
    cli::progress::{Progress, Unit},
    http::BacktestRequest,
};
use anyhow::{Context, Result, bail};
use livetrail_types::visible;
use reqwest::Method;
use serde::Deserialize;
use std::{collections::BTreeMap, fs, io::Write, path::PathBuf};

#[derive(clap::Args)]
pub(super) struct BacktestArgs {
    #[command(flatten)]
    which: Which,
    /// Alerts from this time on, RFC 3339 [default: 30 days before the end]
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Alerts up to this time, RFC 3339 [default: now]
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// Rule in TOML
    file: Option<PathBuf>,
    /// A rule of the server, as it is now
    #[arg(long, value_name = "RULE_ID")]
    rule: Option<String>,
}

/// A line of the answer.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line {
    Progress { read: u64, of: u64 },
    Result(Found),
    Failed { detail: String },
}

#[derive(Deserialize)]
struct Found {
    activities: u64,
    alerts: u64,
    per_day: Vec<Day>,
    groups: Vec<Loud>,
    saturated_since: Option<u64>,
    stopped_at: Option<String>,
}

#[derive(Deserialize)]
struct Day {
    day: String,
    alerts: u64,
}

#[derive(Deserialize)]
struct Loud {
    group: BTreeMap<String, String>,
    tenant_id: Option<String>,
    alerts: u64,
    activities: u64,
}

pub(super) async fn run(connection: &Connection, args: BacktestArgs) -> Result<()> {
    let BacktestArgs { which, from, to, json } = args;
    let definition = match (which.file, which.rule) {
        (Some(file), _) => {
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?
        }
        (None, Some(id)) => rules::find(connection, &id).await?.definition,
        (None, None) => bail!("name a file or a rule"),
    };
    let request = connection.request(Method::POST, "/api/admin/alert-rules/backtest");
    let mut answer = connection.respond(request.json(&BacktestRequest { definition, from, to })).await?;
    let (mut progress, mut text) = (Progress::begin(Unit::Rows, true), Vec::new());
    while let Some(chunk) = answer.chunk().await.context("the back-test broke off")? {
        text.extend_from_slice(&chunk);
        while let Some(end) = text.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = text.drain(..=end).collect();
            match serde_json::from_slice(&line).context("the server's answer cannot be read")? {
                Line::Progress { read, of } => progress.at(read, read, Some(of)),
                Line::Failed { detail } => bail!("{}", visible(&detail)),
                Line::Result(found) => {
                    progress.clear();
                    return if json { print(&line) } else { write(&found) };
                }
            }
        }
    }
    bail!("the back-test broke off")
}

fn print(line: &[u8]) -> Result<()> {
    Ok(std::io::stdout().write_all(line)?)
}

fn write(found: &Found) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let Found { activities, alerts, .. } = found;
    writeln!(out, "{} of {activities} activities", counted(*alerts, "alert"))?;
    for Day { day, alerts } in &found.per_day {
        writeln!(out, "  {day}  {alerts:>7}")?;
    }
    if !found.groups.is_empty() {
        writeln!(out, "the loudest:")?;
    }
    for Loud { group, tenant_id, alerts, activities } in &found.groups {
        let group = Pairs { tenant: tenant_id.as_deref(), group }.joined();
        writeln!(out, "  {alerts:>7} of {activities:>9}  {group}")?;
    }
    if let Some(position) = found.saturated_since {
        eprintln!("The rule has too many groups: further ones were not judged since position {position}.");
    }
    if let Some(time) = &found.stopped_at {
        eprintln!("The rule raises so many alerts that the back-test stopped at {time}.");
    }
    Ok(())
}

fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
