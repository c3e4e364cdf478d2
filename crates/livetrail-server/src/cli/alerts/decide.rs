use super::{Connection, list::write_all, path_of};
use crate::{
    alerts::AlertInfo,
    http::{Mute, WithReason},
};
use anyhow::Result;
use reqwest::Method;
use serde::Serialize;

#[derive(clap::Args)]
pub(super) struct DecisionArgs {
    /// Its id, as `alerts list` shows it
    id: String,
    /// Why, for those who read it later
    #[arg(long)]
    reason: Option<String>,
}

#[derive(clap::Args)]
pub(super) struct MuteArgs {
    #[command(flatten)]
    decision: DecisionArgs,
    #[command(flatten)]
    end: End,
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct End {
    /// Until this time, RFC 3339
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// End a mute
    #[arg(long)]
    off: bool,
}

pub(super) async fn acknowledge(connection: &Connection, args: DecisionArgs) -> Result<()> {
    decide(connection, &args.id, "acknowledge", &WithReason { reason: args.reason }).await
}

pub(super) async fn resolve(connection: &Connection, args: DecisionArgs) -> Result<()> {
    decide(connection, &args.id, "resolve", &WithReason { reason: args.reason }).await
}

pub(super) async fn mute(connection: &Connection, args: MuteArgs) -> Result<()> {
    let MuteArgs { decision: DecisionArgs { id, reason }, end } = args;
    decide(connection, &id, "mute", &Mute { until: Some(end.until), reason }).await
}

async fn decide(connection: &Connection, id: &str, what: &str, body: &impl Serialize) -> Result<()> {
    let path = format!("{}/{what}", path_of("alerts", id)?);
    let alert: AlertInfo = connection.send(connection.request(Method::POST, &path).json(body)).await?;
    write_all(&mut std::io::stdout().lock(), &alert)
}
