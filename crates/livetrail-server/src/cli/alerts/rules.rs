use super::{Connection, OfServer, files, name_of, path_of};
use crate::{
    config::Config,
    http::{AlertRuleInfo, AlertRuleList, NewAlertRule, RuleChange},
};
use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use livetrail_types::visible;
use reqwest::Method;
use std::{io::Write, path::PathBuf};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct RulesArgs {
    #[command(flatten)]
    list: OfServer<NoArgs>,
    #[command(subcommand)]
    command: Option<RulesCommand>,
}

#[derive(Args)]
pub(super) struct NoArgs {}

#[derive(Subcommand)]
enum RulesCommand {
    /// List the rules
    List(OfServer<NoArgs>),
    /// Print a rule in TOML
    Show(OfServer<RuleId>),
    /// Add a rule, or change one that exists
    Add(OfServer<AddArgs>),
    /// Evaluate a rule
    Enable(OfServer<RuleId>),
    /// Do not evaluate a rule
    Disable(OfServer<RuleId>),
    /// Remove a rule; a built-in one goes back into its first form
    Remove(OfServer<RuleId>),
}

#[derive(Args)]
pub(super) struct RuleId {
    /// Its id, as `alerts rules` shows it
    id: String,
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// Rule in TOML
    file: PathBuf,
    /// The only tenant whose activities count
    #[arg(long, value_name = "TENANT_ID", conflicts_with = "change")]
    tenant: Option<String>,
    /// Do not evaluate it yet
    #[arg(long)]
    disabled: bool,
    /// Change the rule that has the same id
    #[arg(long)]
    change: bool,
}

pub(super) async fn run(args: RulesArgs, config: &Config) -> Result<()> {
    match args.command {
        None => args.list.run(config, list).await,
        Some(RulesCommand::List(of)) => of.run(config, list).await,
        Some(RulesCommand::Show(of)) => of.run(config, show).await,
        Some(RulesCommand::Enable(of)) => {
            of.run(config, async |connection, args| switch(connection, args, true).await).await
        }
        Some(RulesCommand::Disable(of)) => {
            of.run(config, async |connection, args| switch(connection, args, false).await).await
        }
        Some(RulesCommand::Remove(of)) => of.run(config, remove).await,
        Some(RulesCommand::Add(of)) => {
            let rule = files::read_rule(&of.args.file, config)?;
            of.run(config, async |connection, args| add(connection, args, rule).await).await
        }
    }
}

pub(super) async fn all(connection: &Connection) -> Result<Vec<AlertRuleInfo>> {
    let rules: AlertRuleList =
        connection.send(connection.request(Method::GET, "/api/admin/alert-rules")).await?;
    Ok(rules.data)
}

/// The rule with an id.
pub(super) async fn find(connection: &Connection, id: &str) -> Result<AlertRuleInfo> {
    let found = all(connection).await?.into_iter().find(|rule| rule.id == id);
    found.with_context(|| format!("there is no rule with the id {id:?}; `livetrail alerts rules` lists them"))
}

async fn list(connection: &Connection, NoArgs {}: NoArgs) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{:28}  {:3}  {:8}  {:8}  {:>5}  TITLE", "ID", "ON", "SEVERITY", "FORM", "OPEN")?;
    for rule in all(connection).await? {
        let AlertRuleInfo { id, open, title, .. } = &rule;
        let on = if rule.enabled { "on" } else { "off" };
        let form = match (rule.faults.is_empty(), rule.built_in, rule.changed) {
            (false, _, _) => "faulty",
            (true, true, true) => "changed",
            (true, true, false) => "built-in",
            (true, false, _) => "own",
        };
        let severity = name_of(&rule.severity);
        writeln!(out, "{id:28}  {on:3}  {severity:8}  {form:8}  {open:>5}  {}", visible(title))?;
        for fault in &rule.faults {
            writeln!(out, "  {}", visible(fault))?;
        }
        if let Some(since) = rule.saturated_since {
            writeln!(
                out,
                "  has too many groups: activities of further ones are not judged since position {since}"
            )?;
        }
    }
    Ok(out.flush()?)
}

async fn show(connection: &Connection, RuleId { id }: RuleId) -> Result<()> {
    let rule = find(connection, &id).await?;
    let mut out = std::io::stdout().lock();
    // It is printed as it is, so that the file can be read again.
    Ok(writeln!(out, "{}", rule.definition.trim_end())?)
}

async fn switch(connection: &Connection, RuleId { id }: RuleId, enabled: bool) -> Result<()> {
    let change = RuleChange { definition: None, enabled: Some(enabled) };
    let request = connection.request(Method::PUT, &path_of("alert-rules", &id)?);
    connection.respond(request.json(&change)).await.map(|_| ())
}

async fn remove(connection: &Connection, RuleId { id }: RuleId) -> Result<()> {
    connection.respond(connection.request(Method::DELETE, &path_of("alert-rules", &id)?)).await.map(|_| ())
}

/// A definition and the id that it has.
pub(super) struct Definition {
    pub(super) id: String,
    pub(super) text: String,
}

async fn add(connection: &Connection, args: AddArgs, rule: Definition) -> Result<()> {
    if args.change {
        let change = RuleChange { definition: Some(rule.text), enabled: args.disabled.then_some(false) };
        let request = connection.request(Method::PUT, &path_of("alert-rules", &rule.id)?);
        connection.respond(request.json(&change)).await?;
    } else {
        create(
            connection,
            NewAlertRule { definition: rule.text, enabled: !args.disabled, tenant_id: args.tenant },
        )
        .await?;
    }
    Ok(writeln!(std::io::stdout(), "{}", rule.id)?)
}

pub(super) async fn create(connection: &Connection, rule: NewAlertRule) -> Result<()> {
    let request = connection.request(Method::POST, "/api/admin/alert-rules").json(&rule);
    connection.respond(request).await.map(|_| ())
}
