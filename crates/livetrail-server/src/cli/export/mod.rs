//! The log, or a filter's part of it, as a file.

mod received;

use super::{
    connection::{Connection, Remote},
    filter::{FilterArgs, SortArgs},
    new_file::{cannot_write, create_private, unfinished},
    progress::{Progress, Unit},
};
use crate::{
    config::Config,
    export_checksum::{ExportSummary, TOTAL_ROWS},
};
use anyhow::{Context, Result};
use clap::ValueEnum;
use http_body_util::BodyExt;
use received::Received;
use reqwest::{Method, Response, header::TE};
use std::{
    fs::File,
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
};

pub(super) const EXAMPLES: &str = "\
Examples:
  livetrail export > activities.csv
  livetrail export --format ndjson --output activities.ndjson
  livetrail export --filter action_filter=user_login --filter success_filter=failure --output failed.csv
  livetrail export --columns occurred_at,user_email,description --bom --output for-excel.csv

An export with all columns can be imported into another log: `livetrail import activities.csv`. Of chosen columns, an
import needs user_id and action_type. Without occurred_at, it takes the time of the import; without id, a second
import stores each activity again. It ignores columns that Livetrail sets itself, such as position and description.";

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
    /// Columns of the file by their names in CSV, in this order: occurred_at,user_id,action_type, say [default: all]
    #[arg(long, value_name = "NAMES")]
    columns: Option<String>,
    /// Begin CSV with a UTF-8 byte order mark, which Excel needs
    #[arg(long)]
    bom: bool,
    /// End NDJSON with a line that has the number of rows and a SHA-256; `livetrail import` checks it
    #[arg(long)]
    summary: bool,
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

impl ExportArgs {
    /// The form of the file, as the API takes it; the API refuses invalid values.
    fn form(&self) -> Vec<(&'static str, &str)> {
        let format = match self.format {
            Format::Csv => "csv",
            Format::Ndjson => "ndjson",
        };
        let mut form = vec![("format", format)];
        form.extend(self.columns.iter().map(|names| ("columns", &**names)));
        form.extend(self.bom.then_some(("bom", "true")));
        form.extend(self.summary.then_some(("summary", "true")));
        form
    }
}

pub(super) async fn run(mut args: ExportArgs, config: &Config) -> Result<()> {
    let connection = Connection::to_any(std::mem::take(&mut args.remote), config).await?;
    let request = connection
        .request(Method::GET, "/api/admin/activity/export")
        .header(TE, "trailers")
        .query(&args.filter.filter)
        .query(&args.sort.pairs())
        .query(&args.form());
    let result = match connection.respond(request).await {
        Ok(response) => save(Copying::of(response, &args), &args.output).await,
        Err(error) => Err(error),
    };
    connection.close().await;
    let rows = result?.rows;
    eprintln!("{rows} {} exported", if rows == 1 { "row" } else { "rows" });
    Ok(())
}

/// A file is complete or missing: it gets its name when its last byte is written and checked.
async fn save(copying: Copying, path: &Path) -> Result<ExportSummary> {
    if path.as_os_str() == "-" {
        return copying.to(&mut std::io::stdout().lock()).await;
    }
    if path.metadata().is_ok_and(|there| !there.is_file()) {
        // A pipe or a device, which must not be replaced by a file.
        let mut out = File::options().write(true).open(path).with_context(|| cannot_write(path))?;
        return copying.to(&mut out).await;
    }
    let unfinished = unfinished(path);
    let mut file = create_private(&unfinished).with_context(|| cannot_write(&unfinished))?;
    let copied = match copying.to(&mut file).await {
        Ok(summary) => file.sync_all().map(|()| summary).with_context(|| cannot_write(&unfinished)),
        Err(error) => Err(error),
    };
    match copied {
        Ok(summary) => {
            std::fs::rename(&unfinished, path).with_context(|| cannot_write(path))?;
            Ok(summary)
        }
        Err(error) => {
            // The reason why it was not finished says more than a second failure.
            let _ = std::fs::remove_file(&unfinished);
            Err(error)
        }
    }
}

/// An answer on its way into a file.
struct Copying {
    total: Option<u64>,
    body: reqwest::Body,
    received: Received,
    progress: Progress,
}

impl Copying {
    fn of(response: Response, args: &ExportArgs) -> Self {
        let total = response.headers().get(TOTAL_ROWS).and_then(|rows| rows.to_str().ok()?.parse().ok());
        // The rows themselves show the progress on a terminal that they are written to.
        let is_file = args.output.as_os_str() != "-" || !std::io::stdout().is_terminal();
        let progress = Progress::begin(Unit::Rows, is_file);
        let received = Received::new(args.format, args.summary);
        Self { total, body: response.into(), received, progress }
    }

    /// Writes the rows, and compares them with what the server says of them.
    async fn to(mut self, out: &mut impl Write) -> Result<ExportSummary> {
        let copied = self.copy(out).await;
        self.progress.clear();
        copied?;
        out.flush()?;
        self.received.checked()
    }

    async fn copy(&mut self, out: &mut impl Write) -> Result<()> {
        while let Some(frame) = self.body.frame().await {
            match frame.context("the export broke off")?.into_data() {
                Ok(bytes) => {
                    out.write_all(&bytes)?;
                    self.received.add(&bytes);
                    let rows = self.received.rows();
                    self.progress.at(rows, rows, self.total);
                }
                Err(frame) => self.received.end(frame.into_trailers().unwrap_or_default()),
            }
        }
        Ok(())
    }
}
