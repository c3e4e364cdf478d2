//! The index of lists and figures.

use super::connection::{Connection, Remote};
use crate::{
    config::Config,
    questions::{IndexInfo, IndexState, IndexVerified},
};
use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use reqwest::Method;
use std::{
    io::{IsTerminal, Write},
    time::Duration,
};
use tokio::time::sleep;

pub(super) const EXAMPLES: &str = "\
Examples:
  livetrail index stats      how far the index is, and what it takes on the disk and in memory
  livetrail index verify     read all of its files, and compare it with the database
  livetrail index rebuild    make it again from the log, and wait until it is ready

The index answers lists, figures, facets and searches. It is made from the log and kept in the data folder of each
node, so nothing is lost with it.";

/// How long to wait before asking again how far the index is.
const PAUSE: Duration = Duration::from_millis(500);

#[derive(Args)]
pub(super) struct IndexArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    command: IndexCommand,
}

#[derive(Subcommand)]
enum IndexCommand {
    /// Show how far the index is, and what it takes
    Stats,
    /// Read all files of the index, and compare it with the database; exit code 1 if something was wrong
    Verify,
    /// Make the index again from the log
    Rebuild,
}

pub(super) async fn run(args: IndexArgs, config: &Config) -> Result<()> {
    let connection = Connection::to_any(args.remote, config).await?;
    if let Some(app) = connection.app() {
        // No server runs, so this command feeds the index.
        app.questions.begin_index();
    }
    let done = match args.command {
        IndexCommand::Stats => stats(&connection).await,
        IndexCommand::Verify => verify(&connection).await,
        IndexCommand::Rebuild => rebuild(&connection).await,
    };
    connection.close().await;
    done
}

async fn info(connection: &Connection) -> Result<IndexInfo> {
    connection.send(connection.request(Method::GET, "/api/admin/index")).await
}

/// What the index says of itself once it stands still.
async fn settled(connection: &Connection) -> Result<IndexInfo> {
    let mut shown = std::io::stderr();
    loop {
        let info = info(connection).await?;
        match info.index {
            IndexState::Building { indexed, of } if shown.is_terminal() => {
                write!(shown, "\r{indexed} of {of} activities ")?;
            }
            IndexState::Building { .. } => {}
            IndexState::Ready | IndexState::Failed if shown.is_terminal() => {
                write!(shown, "\r{:40}\r", "")?;
                return Ok(info);
            }
            IndexState::Ready | IndexState::Failed => return Ok(info),
        }
        sleep(PAUSE).await;
    }
}

async fn stats(connection: &Connection) -> Result<()> {
    // An index that this command itself feeds stands still when the command ends.
    let info = if connection.app().is_some() { settled(connection).await? } else { info(connection).await? };
    let state = match info.index {
        IndexState::Ready => "ready".into(),
        IndexState::Building { indexed, of } => format!("building: {indexed} of {of} activities"),
        IndexState::Failed => "failed; the server's log has the reason, and the database answers".into(),
    };
    let per_activity = info.file_bytes as f64 / info.activities.max(1) as f64;
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    Ok(writeln!(
        std::io::stdout(),
        "state       {state}\nactivities  {}\nposition    {}\nfiles       {:.1} MB, {per_activity:.1} bytes an activity\nmemory      {:.1} MB",
        info.activities,
        info.head,
        megabytes(info.file_bytes),
        megabytes(info.memory_bytes),
    )?)
}

async fn verify(connection: &Connection) -> Result<()> {
    settled(connection).await?;
    let request = connection.request(Method::POST, "/api/admin/index/verify");
    let found: IndexVerified = connection.send(request).await?;
    let mut out = std::io::stdout();
    for file in &found.damaged {
        writeln!(out, "{file} is damaged, and is made again")?;
    }
    let (index, database) = (found.activities, found.activities_in_database);
    if !found.agrees {
        bail!(
            "the index has {index} activities, and the database has {database}: run `livetrail index rebuild`"
        );
    }
    if !found.damaged.is_empty() {
        bail!("{} files were damaged", found.damaged.len());
    }
    Ok(writeln!(out, "{index} activities, as in the database; all files are right")?)
}

async fn rebuild(connection: &Connection) -> Result<()> {
    connection.respond(connection.request(Method::POST, "/api/admin/index/rebuild")).await?;
    if settled(connection).await?.index == IndexState::Failed {
        bail!("the index could not be made; the server's log has the reason");
    }
    stats(connection).await
}
