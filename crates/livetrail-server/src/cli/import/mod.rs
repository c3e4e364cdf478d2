//! Puts activities into the log that were written down elsewhere.

mod array;
mod encoding;
#[doc(hidden)]
pub mod fuzzing;
mod progress;
mod rows;
mod sheet;
mod source;

use super::door::{Door, Remote};
use crate::config::{Config, in_file};
use anyhow::{Result, bail};
use bytes::Bytes;
use livetrail_store::{PostgresAddress, TableOptions};
use livetrail_types::{FieldError, Problem};
use progress::Progress;
use reqwest::{
    Method, Response, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use serde::Deserialize;
use source::{Record, Records};
use std::{path::PathBuf, sync::atomic::Ordering, time::Duration};

pub(super) const EXAMPLES: &str = "\
Examples:
  livetrail import activities.ndjson
  livetrail import export.csv                     the first line names the fields
  zcat old.ndjson.gz | livetrail import -
  livetrail import --from-file old-server.url     the file holds postgres://app:…@old-server/app

A record that carries an id is stored once, however often it is imported.";

/// Lines of one request: one commit, which takes about as long for a few lines as for these.
const BATCH_LINES: usize = 5_000;
/// How often a batch is sent before the import gives up.
const MOST_TRIES: usize = 60;
/// Bytes of one request, about; half of what the server takes.
const BATCH_BYTES: usize = 5_000_000;

#[derive(clap::Args)]
pub(super) struct ImportArgs {
    #[command(flatten)]
    remote: Remote,
    /// File of one JSON object a line, a JSON array of objects, or CSV whose first line names the fields; - for standard input
    #[arg(required_unless_present_any = ["from", "from_file"])]
    file: Option<PathBuf>,
    /// Copy the table activity_logs of an application from this PostgreSQL database. A password that is given as a flag shows in
    /// `ps`: prefer --from-file or the environment
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

#[derive(Deserialize)]
struct BatchAnswer {
    accepted: u64,
    duplicates: u64,
    rejected: Vec<RejectedLine>,
}

#[derive(Deserialize)]
struct RejectedLine {
    index: usize,
    errors: Vec<FieldError>,
}

struct Import {
    progress: Progress,
    accepted: u64,
    duplicates: u64,
    rejected: u64,
    /// The batch that is being gathered, and the number of each of its lines in the file.
    batch: Vec<u8>,
    numbers: Vec<u64>,
}

pub(super) async fn run(args: ImportArgs, config: &Config) -> Result<()> {
    let options = TableOptions { table: args.table, columns: args.column, timezone: args.timezone };
    let records = match (&args.from, &args.from_file, &args.file) {
        (Some(url), ..) => source::table(address("--from", url)?, options).await?,
        (None, Some(path), _) => {
            source::table(address("--from-file", &in_file("--from-file", path)?)?, options).await?
        }
        (None, None, Some(path)) => source::file(path)?,
        (None, None, None) => bail!("name a file, or a database with --from-file"),
    };
    let source = args.file.as_deref().map_or("the table".into(), |path| path.display().to_string());
    let door = Door::to_any(args.remote, config).await?;
    let mut import = Import::begin();
    let result = import.read(records, &door).await;
    door.close().await;
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
        let (accepted, duplicates, rejected) = (0, 0, 0);
        let (progress, batch, numbers) = (Progress::begin(), Vec::new(), Vec::new());
        Self { progress, accepted, duplicates, rejected, batch, numbers }
    }

    async fn read(&mut self, mut records: Records, door: &Door) -> Result<()> {
        while let Some(record) = records.next.recv().await {
            let Record { number, json } = record?;
            let json = match json {
                Ok(json) => json,
                Err(reason) => {
                    self.rejected += 1;
                    self.progress.clear();
                    eprintln!("line {number}: {reason}");
                    continue;
                }
            };
            if self.numbers.len() == BATCH_LINES || self.batch.len() + json.len() > BATCH_BYTES {
                self.send(door).await?;
                self.progress.at(self.done(), records.read.load(Ordering::Relaxed), records.size);
            }
            self.batch.extend(json);
            self.batch.push(b'\n');
            self.numbers.push(number);
        }
        let sent = self.send(door).await;
        self.progress.clear();
        sent
    }

    fn done(&self) -> u64 {
        self.accepted + self.duplicates + self.rejected
    }

    /// Sends the batch. A refusal of every line is an answer too; anything else that is refused ends the import.
    async fn send(&mut self, door: &Door) -> Result<()> {
        let (batch, numbers) = (std::mem::take(&mut self.batch), std::mem::take(&mut self.numbers));
        if numbers.is_empty() {
            return Ok(());
        }
        let response = deliver(door, batch).await?;
        match response.status() {
            StatusCode::OK => {
                let answer: BatchAnswer = response.json().await?;
                self.accepted += answer.accepted;
                self.duplicates += answer.duplicates;
                self.report(&numbers, answer.rejected);
            }
            StatusCode::UNPROCESSABLE_ENTITY => {
                self.rejected += numbers.len() as u64;
                self.progress.clear();
                report_all(&numbers, &response.json().await?);
            }
            status => {
                let detail =
                    response.json::<Problem>().await.map(|problem| problem.detail).unwrap_or_default();
                bail!("the server answered {status}: {detail}");
            }
        }
        Ok(())
    }

    fn report(&mut self, numbers: &[u64], rejected: Vec<RejectedLine>) {
        for RejectedLine { index, errors } in rejected {
            self.rejected += 1;
            self.progress.clear();
            let number = numbers.get(index).copied().unwrap_or_default();
            for FieldError { pointer, detail } in errors {
                eprintln!("line {number}: {}", sentence(&pointer, &detail));
            }
        }
    }
}

/// Sends a batch, again if the server has no room or no store for the moment: each line has an id, so that is safe.
async fn deliver(door: &Door, batch: Vec<u8>) -> Result<Response> {
    let batch = Bytes::from(batch);
    for _ in 0..MOST_TRIES {
        let request =
            door.request(Method::POST, "/api/activity").header(CONTENT_TYPE, "application/x-ndjson");
        let response = request.body(batch.clone()).send().await?;
        if !matches!(response.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            return Ok(response);
        }
        let wait = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        tokio::time::sleep(Duration::from_secs(wait.unwrap_or(1))).await;
    }
    bail!("the server could not take the activities for a long time; import the file again later")
}

/// A batch that was refused whole has its mistakes under `/{index}/{field}`, the first hundred of them.
fn report_all(numbers: &[u64], problem: &Problem) {
    for FieldError { pointer, detail } in &problem.errors {
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
    if name.is_empty() { detail.to_owned() } else { format!("{name} {detail}") }
}

fn address(option: &str, url: &str) -> Result<PostgresAddress> {
    url.parse().map_err(|error| anyhow::anyhow!("{option}: {error}"))
}
