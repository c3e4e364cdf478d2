use super::door::{Door, Remote};
use crate::{
    config::Config,
    environment::{Environment, System},
};
use anyhow::{Context, Result, bail};
use bytes::Bytes;
use livetrail_types::{FieldError, Problem};
use reqwest::{
    Method, Response, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::{path::PathBuf, time::Duration};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, BufReader};

pub(super) const EXAMPLES: &str = "\
Examples:
  livetrail import activities.ndjson
  zcat old.ndjson.gz | livetrail import -

A line that carries an id is stored once, however often it is imported.";

/// Lines of one request.
const BATCH_LINES: usize = 1_000;
/// How often a batch is sent before the import gives up.
const MOST_TRIES: usize = 60;
/// Bytes of one request, about; half of what the server takes.
const BATCH_BYTES: usize = 5_000_000;

#[derive(clap::Args)]
pub(super) struct ImportArgs {
    #[command(flatten)]
    remote: Remote,
    /// File of one JSON object a line; - for standard input
    file: PathBuf,
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

#[derive(Default)]
struct Import {
    accepted: u64,
    duplicates: u64,
    rejected: u64,
    /// The batch that is being gathered, and the number of each of its lines in the file.
    batch: Vec<u8>,
    numbers: Vec<u64>,
}

pub(super) async fn run(args: ImportArgs, config: &Config) -> Result<()> {
    let input: Box<dyn AsyncBufRead + Unpin> = if args.file.as_os_str() == "-" {
        Box::new(BufReader::new(tokio::io::stdin()))
    } else {
        let file = tokio::fs::File::open(&args.file).await;
        Box::new(BufReader::new(file.with_context(|| format!("cannot read {}", args.file.display()))?))
    };
    let door = Door::to_any(args.remote, config).await?;
    let mut import = Import::default();
    let result = import.read(input, &door).await;
    door.close().await;
    result?;
    let Import { accepted, duplicates, rejected, .. } = import;
    eprintln!("{accepted} imported, {duplicates} were there already, {rejected} refused");
    if rejected > 0 {
        bail!("{rejected} lines were refused; mend them and import the file again");
    }
    Ok(())
}

impl Import {
    async fn read(&mut self, mut input: Box<dyn AsyncBufRead + Unpin>, door: &Door) -> Result<()> {
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            if input.read_until(b'\n', &mut line).await? == 0 {
                break;
            }
            let content = line.trim_ascii();
            if content.is_empty() {
                continue;
            }
            if self.numbers.len() == BATCH_LINES || self.batch.len() + content.len() > BATCH_BYTES {
                self.send(door).await?;
            }
            self.batch.extend(with_id(content));
            self.batch.push(b'\n');
            self.numbers.push(number);
        }
        self.send(door).await
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

/// The line with an id, so that it can be sent again. What is no object is left for the server to refuse.
fn with_id(line: &[u8]) -> Vec<u8> {
    match serde_json::from_slice::<Map<String, Value>>(line) {
        Ok(mut activity) if !activity.contains_key("id") => {
            activity.insert("id".into(), System.fresh_id().to_string().into());
            Value::Object(activity).to_string().into_bytes()
        }
        _ => line.to_owned(),
    }
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

#[cfg(test)]
mod tests {
    use super::with_id;

    #[test]
    fn a_line_gets_an_id_unless_it_has_one() {
        let with = with_id(br#"{"user_id":"u-1"}"#);
        let read: serde_json::Value = serde_json::from_slice(&with).expect("JSON");
        assert!(read["id"].as_str().is_some_and(|id| uuid::Uuid::try_parse(id).is_ok()));
        assert_eq!(read["user_id"], "u-1");
        for kept in [r#"{"id":"0198c0de-7a3b-7000-8000-0123456789ab"}"#, "[1]", "no JSON"] {
            assert_eq!(with_id(kept.as_bytes()), kept.as_bytes());
        }
    }
}
