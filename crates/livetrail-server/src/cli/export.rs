//! The log, or a filter's part of it, as a file.

use super::{
    connection::{Connection, Remote},
    filter::{FilterArgs, SortArgs},
};
use crate::config::Config;
use anyhow::{Context, Result};
use clap::ValueEnum;
use reqwest::{Method, Response};
use std::{
    fs::File,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

pub(super) const EXAMPLES: &str = "\
Examples:
  livetrail export > activities.csv
  livetrail export --format ndjson --output activities.ndjson
  livetrail export --filter action_filter=user_login --filter success_filter=failure --output failed.csv

What was exported can be imported into another log: `livetrail import activities.csv`.";

#[derive(clap::Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    sort: SortArgs,
    /// Form of the file
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// File to write; - for standard output
    #[arg(long, short, default_value = "-")]
    output: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Comma-separated values; the first line names the fields
    Csv,
    /// A JSON object a line
    Ndjson,
}

pub(super) async fn run(args: ExportArgs, config: &Config) -> Result<()> {
    let connection = Connection::to_any(args.remote, config).await?;
    let format = match args.format {
        Format::Csv => "csv",
        Format::Ndjson => "ndjson",
    };
    let request = connection
        .request(Method::GET, "/api/admin/activity/export")
        .query(&args.filter.filter)
        .query(&args.sort.pairs())
        .query(&[("format", format)]);
    let result = match connection.respond(request).await {
        Ok(response) => save(response, &args.output).await,
        Err(error) => Err(error),
    };
    connection.close().await;
    result
}

/// A file is complete or missing: it gets its name when its last byte is written.
async fn save(response: Response, path: &Path) -> Result<()> {
    if path.as_os_str() == "-" {
        return copy(response, &mut std::io::stdout().lock()).await;
    }
    if path.metadata().is_ok_and(|there| !there.is_file()) {
        // A pipe or a device, which must not be replaced by a file.
        let mut out = File::options().write(true).open(path).with_context(|| cannot_write(path))?;
        return copy(response, &mut out).await;
    }
    let unfinished = unfinished(path);
    let mut file = create_private(&unfinished).with_context(|| cannot_write(&unfinished))?;
    let copied = match copy(response, &mut file).await {
        Ok(()) => file.sync_all().with_context(|| cannot_write(&unfinished)),
        Err(error) => Err(error),
    };
    match copied {
        Ok(()) => std::fs::rename(&unfinished, path).with_context(|| cannot_write(path)),
        Err(error) => {
            // The reason why it was not finished says more than a second failure.
            let _ = std::fs::remove_file(&unfinished);
            Err(error)
        }
    }
}

/// A new file for its owner alone. Removes the remains of a killed export, and a symbolic link that another user has
/// put there.
fn create_private(path: &Path) -> std::io::Result<File> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => File::options().write(true).create_new(true).mode(0o600).open(path),
    }
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write {}", path.display())
}

fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".unfinished");
    path.with_file_name(name)
}

async fn copy(mut response: Response, out: &mut impl Write) -> Result<()> {
    while let Some(bytes) = response.chunk().await.context("the export broke off")? {
        out.write_all(&bytes)?;
    }
    Ok(out.flush()?)
}
