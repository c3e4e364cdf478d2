//! Alerts, their rules, and the channels that are notified of them.

mod backtest;
mod channels;
mod decide;
mod files;
mod list;
mod meaning;
mod rules;

use super::connection::{Connection, Remote};
use crate::config::Config;
use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Examples:
  livetrail alerts list --state open
  livetrail alerts acknowledge 0198c0de-7a3b-7000-8000-0123456789ab --reason \"a load test\"
  livetrail alerts mute 0198c0de-7a3b-7000-8000-0123456789ab --until 2026-03-01T12:00:00Z
  livetrail alerts rules disable failed-sign-ins-of-a-day
  livetrail alerts channels add on-call --kind webhook --to https://hooks.example.com/alerts
  livetrail alerts test rule.toml              say what a rule means, or what is wrong with it
  livetrail alerts backtest rule.toml          say what it would have raised in the last 30 days
  livetrail alerts import rule.yml > rule.toml translate a rule of Sigma";

#[derive(Args)]
pub(super) struct AlertsArgs {
    #[command(subcommand)]
    command: AlertsCommand,
}

#[derive(Subcommand)]
enum AlertsCommand {
    /// List alerts, the latest first
    List(OfServer<list::ListArgs>),
    /// Show an alert
    Show(OfServer<list::ShowArgs>),
    /// Say that you work on an alert
    Acknowledge(OfServer<decide::DecisionArgs>),
    /// Say that there is nothing more to do about an alert
    Resolve(OfServer<decide::DecisionArgs>),
    /// Have nobody notified of an alert for a time
    Mute(OfServer<decide::MuteArgs>),
    /// List the rules, or change them
    Rules(rules::RulesArgs),
    /// List the channels that are notified of alerts, or change them
    Channels(channels::ChannelsArgs),
    /// Say what the rules of a file mean, or what is wrong with them; needs no server
    Test {
        /// Rule in TOML, or rules of Sigma in YAML (.yml or .yaml)
        file: PathBuf,
    },
    /// Translate rules of Sigma into TOML
    Import(files::ImportArgs),
    /// Say what a rule would have raised in the past
    Backtest(OfServer<backtest::BacktestArgs>),
}

/// A command for a server.
#[derive(Args)]
struct OfServer<T: Args> {
    #[command(flatten)]
    remote: Remote,
    #[command(flatten)]
    args: T,
}

pub(super) async fn run(args: AlertsArgs, config: &Config) -> Result<()> {
    match args.command {
        AlertsCommand::List(of) => of.run(config, list::list).await,
        AlertsCommand::Show(of) => of.run(config, list::show).await,
        AlertsCommand::Acknowledge(of) => of.run(config, decide::acknowledge).await,
        AlertsCommand::Resolve(of) => of.run(config, decide::resolve).await,
        AlertsCommand::Mute(of) => of.run(config, decide::mute).await,
        AlertsCommand::Rules(args) => rules::run(args, config).await,
        AlertsCommand::Channels(args) => channels::run(args, config).await,
        AlertsCommand::Test { file } => files::test(&file, config),
        AlertsCommand::Import(args) => files::import(args, config).await,
        AlertsCommand::Backtest(of) => of.run(config, backtest::run).await,
    }
}

impl<T: Args> OfServer<T> {
    async fn run(
        self,
        config: &Config,
        command: impl AsyncFnOnce(&Connection, T) -> Result<()>,
    ) -> Result<()> {
        let connection = Connection::to_any(self.remote, config).await?;
        let done = command(&connection, self.args).await;
        connection.close().await;
        done
    }
}

/// The part of an address that names an alert or a rule.
fn path_of(kind: &str, id: &str) -> Result<String> {
    if id.is_empty() || id.contains(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
        bail!("{id:?} is not an id: it has letters, digits and dashes");
    }
    Ok(format!("/api/admin/{kind}/{id}"))
}

/// The name of a value on the wire.
fn name_of(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}
