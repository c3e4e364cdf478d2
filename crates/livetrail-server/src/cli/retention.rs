//! The retention: what would be removed, a run at once, and legal holds.

use super::connection::Connection;
use crate::{
    config::Config,
    http::{HoldInfo, HoldRequest, RetentionInfo, RunRequest},
    retention::{Outcome, RunInfo},
};
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use reqwest::Method;
use std::{io::Write, time::Duration};
use tokio::time::sleep;

pub(super) const EXAMPLES: &str = "\
Examples:
  livetrail retention plan
  livetrail retention hold --reason \"case 4711\" --user u-17 --from 2026-01-01T00:00:00Z
  livetrail retention release 0198c0de-7a3b-7000-8000-0123456789ab

How long activities are kept is a setting of the server: --keep, --keep-rows and [[retention]] in its file.";

/// Between two looks at a run.
const PAUSE: Duration = Duration::from_millis(200);

#[derive(Args)]
pub(super) struct RetentionArgs {
    #[command(subcommand)]
    command: RetentionCommand,
}

#[derive(Subcommand)]
enum RetentionCommand {
    /// Say what the next run would remove, and remove nothing
    Plan,
    /// Remove what is due now, without waiting for the server's next run
    Run {
        /// Say what would be removed, and remove nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Make a legal hold, and print its id: no activity that it means is removed
    Hold(HoldArgs),
    /// Release a legal hold
    Release {
        /// Its id, as `retention holds` shows it
        id: String,
    },
    /// List the legal holds
    Holds,
}

/// What an activity has to be for the hold to mean it: everything that is given.
#[derive(Args)]
#[command(group(clap::ArgGroup::new("which").required(true).multiple(true).args(["tenant", "user", "from", "until"])))]
struct HoldArgs {
    /// Why the activities are kept
    #[arg(long)]
    reason: String,
    /// Activities of this tenant
    #[arg(long, value_name = "TENANT_ID")]
    tenant: Option<String>,
    /// Activities of this user, as the user, the target or the delegate
    #[arg(long, value_name = "USER_ID")]
    user: Option<String>,
    /// Activities that happened at this time or later, RFC 3339
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Activities that happened at this time or earlier, RFC 3339
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
}

pub(super) async fn run(args: RetentionArgs, config: &Config) -> Result<()> {
    let connection = Connection::open(config).await?;
    let result = match args.command {
        RetentionCommand::Plan => remove(&connection, true).await,
        RetentionCommand::Run { dry_run } => remove(&connection, dry_run).await,
        RetentionCommand::Hold(args) => hold(&connection, args).await,
        RetentionCommand::Release { id } => release(&connection, &id).await,
        RetentionCommand::Holds => holds(&connection).await,
    };
    connection.close().await;
    result
}

/// Has the server run, and waits for the end.
async fn remove(connection: &Connection, dry_run: bool) -> Result<()> {
    let request = connection.request(Method::POST, "/api/admin/retention/runs");
    let begun: RunInfo = connection.send(request.json(&RunRequest { dry_run })).await?;
    let (ended, info) = loop {
        let info = read(connection).await?;
        let run = info.run.clone().filter(|run| run.started_at == begun.started_at);
        let run = run.context("another run has begun since")?;
        if run.ended_at.is_some() {
            break (run, info);
        }
        sleep(PAUSE).await;
    };
    if let Some(error) = ended.error {
        bail!("the run has ended early: {error}");
    }
    let mut out = std::io::stdout();
    if info.keep_hours.is_none()
        && info.keep_rows.is_none()
        && info.rules.iter().all(|rule| rule.keep_hours.is_none())
    {
        return Ok(writeln!(
            out,
            "all activities are kept: no --keep, --keep-rows or [[retention]] limits them"
        )?);
    }
    write_outcome(&mut out, &ended.outcome, dry_run)
}

async fn read(connection: &Connection) -> Result<RetentionInfo> {
    connection.send(connection.request(Method::GET, "/api/admin/retention")).await
}

fn write_outcome(out: &mut impl Write, outcome: &Outcome, dry_run: bool) -> Result<()> {
    let Outcome { dropped, removed, alerts, held, oldest, newest, floor, free_bytes } = outcome;
    let done = match (outcome.total(), dry_run) {
        (1, true) => "1 activity would be removed".to_owned(),
        (1, false) => "1 activity was removed".to_owned(),
        (total, true) => format!("{total} activities would be removed"),
        (total, false) => format!("{total} activities were removed"),
    };
    writeln!(out, "{done}")?;
    if let (Some(oldest), Some(newest)) = (oldest, newest) {
        writeln!(out, "  happened from {oldest:.0} to {newest:.0}")?;
        writeln!(out, "  {dropped} up to position {floor}, {removed} one by one after it")?;
    }
    if *alerts > 0 {
        writeln!(out, "alerts that were removed with their activities: {alerts}")?;
    }
    if *held > 0 {
        writeln!(out, "due, and kept by legal holds: {held}")?;
    }
    if *free_bytes > 0 {
        writeln!(out, "{} MB of the database file are free for new activities", free_bytes >> 20)?;
    }
    Ok(())
}

async fn hold(connection: &Connection, args: HoldArgs) -> Result<()> {
    let HoldArgs { reason, tenant: tenant_id, user: user_id, from, until } = args;
    let wanted = HoldRequest { reason, tenant_id, user_id, from, until };
    let request = connection.request(Method::POST, "/api/admin/retention/holds").json(&wanted);
    let HoldInfo { id, .. } = connection.send(request).await?;
    Ok(writeln!(std::io::stdout(), "{id}")?)
}

async fn release(connection: &Connection, id: &str) -> Result<()> {
    if id.is_empty() || id.contains(['/', '.', '?', '#']) {
        bail!("{id:?} is not the id of a hold");
    }
    let path = format!("/api/admin/retention/holds/{id}");
    connection.respond(connection.request(Method::DELETE, &path)).await.map(|_| ())
}

async fn holds(connection: &Connection) -> Result<()> {
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{:36}  {:20}  {:20}  {:20}  {:20}  {:20}  {:20}  REASON",
        "ID", "TENANT", "USER", "FROM", "UNTIL", "MADE", "MADE BY"
    )?;
    let time = |moment: Option<Timestamp>| moment.map_or("any".into(), |moment| format!("{moment:.0}"));
    for hold in read(connection).await?.holds {
        let (from, until, made) = (time(hold.from), time(hold.until), time(Some(hold.created_at)));
        let text = |text: Option<String>| text.unwrap_or_else(|| "any".into());
        let (tenant, user) = (text(hold.tenant_id), text(hold.user_id));
        let maker = hold.made_by.unwrap_or_else(|| "unknown".into());
        let (id, reason) = (hold.id, hold.reason);
        writeln!(
            out,
            "{id:36}  {tenant:20}  {user:20}  {from:20}  {until:20}  {made:20}  {maker:20}  {reason}"
        )?;
    }
    Ok(())
}
