use super::{Connection, OfServer, name_of, path_of};
use crate::{
    config::Config,
    http::{
        AlertChannelChange, AlertChannelInfo, AlertChannelList, ChannelKind, DeliveryList, NewAlertChannel,
        NewChannelInfo, Replayed, TestOutcome,
    },
};
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use livetrail_types::{Severity, visible};
use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::io::Write;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct ChannelsArgs {
    #[command(flatten)]
    list: OfServer<NoArgs>,
    #[command(subcommand)]
    command: Option<ChannelsCommand>,
}

#[derive(Args)]
pub(super) struct NoArgs {}

#[derive(Subcommand)]
enum ChannelsCommand {
    /// List the channels
    List(OfServer<NoArgs>),
    /// Add a channel; the secret of a webhook is printed once
    Add(OfServer<AddArgs>),
    /// Send a test message
    Test(OfServer<ChannelId>),
    /// List the last messages of a channel
    Deliveries(OfServer<ChannelId>),
    /// Attempt the parked messages of a channel again
    Replay(OfServer<ChannelId>),
    /// Make a new secret for a webhook; the old one also signs for 24 hours
    RotateSecret(OfServer<ChannelId>),
    /// Use a channel
    Enable(OfServer<ChannelId>),
    /// Do not use a channel
    Disable(OfServer<ChannelId>),
    /// Remove a channel, and what it was not told yet
    Remove(OfServer<ChannelId>),
}

#[derive(Args)]
pub(super) struct ChannelId {
    /// Its id or its name, as `alerts channels` shows them
    channel: String,
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// What people call it
    name: String,
    /// `webhook`, `slack`, `teams` or `email`
    #[arg(long, value_name = "KIND", value_parser = parsed::<ChannelKind>)]
    kind: ChannelKind,
    /// Where messages go: the URL that they are posted to, or e-mail addresses, up to 20
    #[arg(long, value_name = "URL|ADDRESS", required = true)]
    to: Vec<String>,
    /// The least severity of an alert that it is told: `info`, `notice`, `warning` or `critical`
    #[arg(long, value_name = "SEVERITY", default_value = "info", value_parser = parsed::<Severity>)]
    severity: Severity,
    /// Only alerts of this rule; may be given several times
    #[arg(long = "rule", value_name = "RULE_ID")]
    rules: Vec<String>,
    /// Only alerts about activities of this tenant
    #[arg(long, value_name = "TENANT_ID")]
    tenant: Option<String>,
    /// The pause after a message about a rule and a group
    #[arg(long, value_name = "MINUTES", default_value_t = 60)]
    cooldown: u64,
}

/// Reads a value as it is written on the wire.
fn parsed<T: DeserializeOwned>(name: &str) -> Result<T, String> {
    serde_json::from_value(name.into()).map_err(|error| error.to_string())
}

pub(super) async fn run(args: ChannelsArgs, config: &Config) -> Result<()> {
    match args.command {
        None => args.list.run(config, list).await,
        Some(ChannelsCommand::List(of)) => of.run(config, list).await,
        Some(ChannelsCommand::Add(of)) => of.run(config, add).await,
        Some(ChannelsCommand::Test(of)) => of.run(config, test).await,
        Some(ChannelsCommand::Deliveries(of)) => of.run(config, deliveries).await,
        Some(ChannelsCommand::Replay(of)) => of.run(config, replay).await,
        Some(ChannelsCommand::RotateSecret(of)) => of.run(config, rotate).await,
        Some(ChannelsCommand::Enable(of)) => {
            of.run(config, async |connection, args| switch(connection, args, true).await).await
        }
        Some(ChannelsCommand::Disable(of)) => {
            of.run(config, async |connection, args| switch(connection, args, false).await).await
        }
        Some(ChannelsCommand::Remove(of)) => of.run(config, remove).await,
    }
}

async fn all(connection: &Connection) -> Result<Vec<AlertChannelInfo>> {
    let channels: AlertChannelList =
        connection.send(connection.request(Method::GET, "/api/admin/alert-channels")).await?;
    Ok(channels.data)
}

/// The address of the channel with an id or a name.
async fn path(connection: &Connection, ChannelId { channel }: &ChannelId) -> Result<String> {
    let all = all(connection).await?;
    let of_id = all.iter().filter(|known| known.id.to_string() == *channel);
    let of_name = all.iter().filter(|known| known.name == *channel);
    let (mut found, has_id) =
        (of_id.chain(of_name), all.iter().any(|known| known.id.to_string() == *channel));
    let Some(first) = found.next() else {
        bail!("there is no channel {channel:?}; `livetrail alerts channels` lists them")
    };
    if !has_id && found.next().is_some() {
        bail!("there are several channels with the name {channel:?}: give the id");
    }
    path_of("alert-channels", &first.id.to_string())
}

async fn list(connection: &Connection, NoArgs {}: NoArgs) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let head = ("ID", "ON", "SEVERITY", "WAIT", "PARKED");
    writeln!(out, "{:36}  {:3}  {:8}  {:>5}  {:>6}  NAME", head.0, head.1, head.2, head.3, head.4)?;
    for channel in all(connection).await? {
        let AlertChannelInfo { id, enabled, waiting, parked, .. } = &channel;
        let (on, severity) = (if *enabled { "on" } else { "off" }, name_of(&channel.severity));
        let (name, destination) = (visible(&channel.name), visible(&channel.destination));
        writeln!(out, "{id}  {on:3}  {severity:8}  {waiting:>5}  {parked:>6}  {name} ({destination})")?;
        if let (Some(since), Some(reason)) = (channel.failing_since, &channel.last_failure) {
            writeln!(out, "  fails since {since:.0}: {}", visible(reason))?;
        }
    }
    Ok(out.flush()?)
}

async fn add(connection: &Connection, args: AddArgs) -> Result<()> {
    let (url, to) = match (args.kind, &*args.to) {
        (ChannelKind::Email, _) => (None, Some(args.to)),
        (_, [url]) => (Some(url.clone()), None),
        _ => bail!("only a channel of the kind email has several destinations"),
    };
    let wanted = NewAlertChannel {
        name: args.name,
        kind: args.kind,
        url,
        to,
        secret: None,
        tenant_id: args.tenant,
        severity: args.severity,
        rules: args.rules,
        cooldown_minutes: args.cooldown,
        enabled: true,
    };
    let request = connection.request(Method::POST, "/api/admin/alert-channels").json(&wanted);
    let made: NewChannelInfo = connection.send(request).await?;
    writeln!(std::io::stdout(), "{}", made.channel.id)?;
    print_secret(made.secret)
}

fn print_secret(secret: Option<String>) -> Result<()> {
    match secret {
        Some(secret) => {
            eprintln!("The secret that verifies its requests is not shown again:");
            Ok(writeln!(std::io::stdout(), "{secret}")?)
        }
        None => Ok(()),
    }
}

async fn test(connection: &Connection, id: ChannelId) -> Result<()> {
    let path = format!("{}/test", path(connection, &id).await?);
    let outcome: TestOutcome = connection.send(connection.request(Method::POST, &path)).await?;
    if outcome.accepted {
        return Ok(writeln!(std::io::stdout(), "accepted")?);
    }
    bail!("the message was not accepted: {}", visible(&outcome.detail.context("there is no reason")?))
}

async fn deliveries(connection: &Connection, id: ChannelId) -> Result<()> {
    let path = format!("{}/deliveries", path(connection, &id).await?);
    let messages: DeliveryList = connection.send(connection.request(Method::GET, &path)).await?;
    let mut out = std::io::stdout().lock();
    for message in messages.data {
        let (state, rule, alerts) = (name_of(&message.state), &message.rule, message.alerts);
        let (id, at, attempts) = (message.alert, message.created_at, message.attempts);
        let failure = message.failure.as_deref().map(visible).unwrap_or_default();
        writeln!(out, "{id}  {at:.0}  {state:7}  {alerts:>5}  {attempts:>3}  {rule:24}  {failure}")?;
    }
    Ok(out.flush()?)
}

async fn replay(connection: &Connection, id: ChannelId) -> Result<()> {
    let path = format!("{}/replay", path(connection, &id).await?);
    let Replayed { replayed } = connection.send(connection.request(Method::POST, &path)).await?;
    Ok(writeln!(std::io::stdout(), "{replayed}")?)
}

async fn rotate(connection: &Connection, id: ChannelId) -> Result<()> {
    let path = format!("{}/rotate-secret", path(connection, &id).await?);
    let request = connection.request(Method::POST, &path).json(&json!({}));
    let rotated: NewChannelInfo = connection.send(request).await?;
    print_secret(rotated.secret)
}

async fn switch(connection: &Connection, id: ChannelId, enabled: bool) -> Result<()> {
    let change = AlertChannelChange { enabled: Some(enabled), ..AlertChannelChange::default() };
    let request = connection.request(Method::PUT, &path(connection, &id).await?);
    connection.respond(request.json(&change)).await.map(|_| ())
}

async fn remove(connection: &Connection, id: ChannelId) -> Result<()> {
    let request = connection.request(Method::DELETE, &path(connection, &id).await?);
    connection.respond(request).await.map(|_| ())
}
