//! Imports activities from files and tables.

mod array;
mod chunk;
mod encoding;
#[doc(hidden)]
pub mod fuzzing;
mod in_process;
mod ndjson;
mod record;
mod request;
mod rows;
mod sent;
mod sheet;
mod source;
mod stage;

use super::{
    connection::{Connection, Remote},
    progress::{Progress, Unit},
};
use crate::{
    config::{Config, in_file},
    ingest::BatchResult,
};
use anyhow::{Result, bail};
use chunk::Chunk;
use livetrail_store::{PostgresAddress, TableOptions};
use livetrail_types::{FieldError, visible};
use serde::Deserialize;
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Examples:
  livetrail import activities.ndjson
  livetrail import export.csv                     the first line names the fields
  zcat old.ndjson.gz | livetrail import -
  livetrail import --from-file old-server.url     the file holds postgres://app:…@old-server/app

A record that carries an id is stored once, however often it is imported.";

/// How often a batch is sent before the import gives up, and what it says then.
const MAX_TRIES: usize = 60;
const TOO_LONG: &str =
    "the server could not take the activities for a long time; import the file again later";

#[derive(clap::Args)]
pub(super) struct ImportArgs {
    #[command(flatten)]
    remote: Remote,
    /// File of one JSON object a line, a JSON array of objects, or CSV whose first line names the fields; - for
    /// standard input
    #[arg(required_unless_present_any = ["from", "from_file"])]
    file: Option<PathBuf>,
    /// Copy the table activity_logs of an application from this PostgreSQL database. A password that is given as a flag
    /// shows in `ps`: prefer --from-file or the environment
    #[arg(
        long,
        env = "LIVETRAIL_IMPORT_FROM",
        hide_env_values = true,
        value_name = "URL",
        conflicts_with_all = ["file", "from_file"]
    )]
    from: Option<String>,
    /// The same; the URL is what this file holds
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    from_file: Option<PathBuf>,
    /// The table to copy
    #[arg(long, value_name = "NAME", default_value = "activity_logs", conflicts_with = "file")]
    table: String,
    /// Which column of the table holds a field, if its name does not tell: --column action_type=verb; can be given more
    /// than once
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = column, conflicts_with = "file")]
    column: Vec<(String, String)>,
    /// The time zone of the table's timestamps without one (Europe/Berlin, say); without it, that of the database
    #[arg(long, value_name = "ZONE", conflicts_with = "file")]
    timezone: Option<String>,
}

/// Reads `FIELD=COLUMN`.
pub(super) fn column(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, column)) if !field.is_empty() && !column.is_empty() => Ok((field.into(), column.into())),
        _ => Err("write FIELD=COLUMN, such as action_type=verb".into()),
    }
}

/// The outcome of a batch.
enum Taken {
    /// At least one of its records is in the log.
    Some(Answer),
    /// None of them is; the faults of the first one, under `/{index}/{field}`.
    None(Vec<FieldError>),
}

/// The outcome of a batch's records.
#[derive(Default, Deserialize)]
struct Answer {
    accepted: u64,
    duplicates: u64,
    rejected: Vec<RejectedLine>,
}

#[derive(Deserialize)]
struct RejectedLine {
    index: usize,
    errors: Vec<FieldError>,
}

impl Default for Taken {
    fn default() -> Self {
        Self::Some(Answer::default())
    }
}

impl From<BatchResult> for Answer {
    fn from(result: BatchResult) -> Self {
        let (accepted, duplicates) = (result.accepted as u64, result.duplicates as u64);
        let rejected = result.rejected.into_iter();
        let rejected = rejected.map(|line| RejectedLine { index: line.index, errors: line.errors }).collect();
        Self { accepted, duplicates, rejected }
    }
}

/// The outcome so far.
struct Import {
    progress: Progress,
    accepted: u64,
    duplicates: u64,
    rejected: u64,
}

pub(super) async fn run(args: ImportArgs, config: &Config) -> Result<()> {
    let options = TableOptions { table: args.table, columns: args.column, timezone: args.timezone };
    let chunks = match (&args.from, &args.from_file, &args.file) {
        (Some(url), ..) => source::table(address("--from", url)?, options).await?,
        (None, Some(path), _) => {
            source::table(address("--from-file", &in_file("--from-file", path)?)?, options).await?
        }
        (None, None, Some(path)) => source::file(path)?,
        (None, None, None) => bail!("name a file, or a database with --from-file"),
    };
    let source = args.file.as_deref().map_or("the table".into(), |path| path.display().to_string());
    let connection = Connection::to_any(args.remote, config).await?;
    let mut import = Import::begin();
    let result = match connection.app() {
        Some(app) => in_process::all(chunks, app, &mut import).await,
        None => request::all(chunks, &connection, &mut import).await,
    };
    import.progress.clear();
    connection.close().await;
    result?;
    let Import { accepted, duplicates, rejected, .. } = import;
    eprintln!("{accepted} imported, {duplicates} were there already, {rejected} refused");
    if rejected > 0 {
        let lines = if rejected == 1 { "1 line".into() } else { format!("{rejected} lines") };
        bail!("{lines} of {source} refused; mend what is wrong and import it again");
    }
    Ok(())
}

impl Import {
    fn begin() -> Self {
        Self { progress: Progress::begin(Unit::Records, true), accepted: 0, duplicates: 0, rejected: 0 }
    }

    /// Shows the progress: `read` of `size` of the source is read.
    fn show(&mut self, read: u64, size: Option<u64>) {
        let done = self.accepted + self.duplicates + self.rejected;
        if done > 0 {
            self.progress.at(done, read, size);
        }
    }

    /// Counts the outcome of a chunk, and prints its refusals.
    fn add(&mut self, chunk: &Chunk, taken: Taken) {
        for (number, reason) in &chunk.unreadable {
            self.refuse(1);
            eprintln!("line {number}: {}", visible(reason));
        }
        match taken {
            Taken::Some(answer) => {
                self.accepted += answer.accepted;
                self.duplicates += answer.duplicates;
                self.report(&chunk.numbers, answer.rejected);
            }
            Taken::None(errors) => {
                self.refuse(chunk.numbers.len());
                report_all(&chunk.numbers, &errors);
            }
        }
    }

    /// Counts refused records, and clears the line for their messages.
    fn refuse(&mut self, records: usize) {
        self.rejected += records as u64;
        self.progress.clear();
    }

    fn report(&mut self, numbers: &[u64], rejected: Vec<RejectedLine>) {
        for RejectedLine { index, errors } in rejected {
            self.refuse(1);
            let number = numbers.get(index).copied().unwrap_or_default();
            for FieldError { pointer, detail } in errors {
                eprintln!("line {number}: {}", sentence(&pointer, &detail));
            }
        }
    }
}

/// A batch that was refused whole has its mistakes under `/{index}/{field}`, the first of them.
fn report_all(numbers: &[u64], errors: &[FieldError]) {
    for FieldError { pointer, detail } in errors {
        let (index, field) = pointer.trim_start_matches('/').split_once('/').unwrap_or((pointer, ""));
        let index = index.trim_start_matches('/').parse::<usize>().ok();
        match index.and_then(|index| numbers.get(index)) {
            Some(number) => eprintln!("line {number}: {}", sentence(field, detail)),
            None => eprintln!("{}", sentence(pointer, detail)),
        }
    }
    if let [first, .., last] = numbers {
        eprintln!("lines {first} to {last}: not one of them was taken");
    }
}

fn sentence(pointer: &str, detail: &str) -> String {
    let name = pointer.trim_start_matches('/');
    // Both may have text of the source in them, which must not control the terminal.
    visible(&if name.is_empty() { detail.to_owned() } else { format!("{name} {detail}") }).into_owned()
}

fn address(option: &str, url: &str) -> Result<PostgresAddress> {
    url.parse().map_err(|error| anyhow::anyhow!("{option}: {error}"))
}
