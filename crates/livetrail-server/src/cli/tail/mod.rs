//! The log in a terminal: what was last, then what happens.

mod events;

use super::{
    door::{Door, Remote},
    filter::FilterArgs,
    table,
};
use crate::config::Config;
use anyhow::{Result, bail};
use events::{Event, EventReader};
use reqwest::{Method, StatusCode, header::ACCEPT};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};
use std::{io::Write, time::Duration};
use tokio::time::timeout;

pub(super) const EXAMPLES: &str = "\
Examples:
  livetrail tail                                        the last ten activities, then all that happens
  livetrail tail --filter success_filter=failure        failures only
  livetrail tail --filter action_filter=user_login,user_signup --filter ip=203.0.113.0/24
  livetrail tail --json | jq .description               an object a line, for programs";

/// How long to wait before coming back to a server that has gone.
const COME_BACK: Duration = Duration::from_secs(1);
/// A stream that says nothing for three heartbeats belongs to a machine that is gone.
const SILENCE: Duration = Duration::from_secs(45);

#[derive(clap::Args)]
pub(super) struct TailArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(flatten)]
    filter: FilterArgs,
    /// Activities of the past to begin with, at most 100
    #[arg(long, short = 'n', default_value_t = 10, value_parser = clap::value_parser!(u32).range(0..=100))]
    last: u32,
    /// Print each activity as JSON, one a line
    #[arg(long)]
    json: bool,
}

#[derive(Deserialize)]
struct Past {
    data: Vec<Box<RawValue>>,
    head_cursor: String,
}

/// What the stream says.
#[derive(Deserialize)]
struct Message {
    #[serde(rename = "type")]
    kind: String,
    data: Option<Box<RawValue>>,
    reason: Option<Value>,
}

pub(super) async fn run(args: TailArgs, config: &Config) -> Result<()> {
    let door = Door::to_running(args.remote, config).await?;
    let limit = ("limit".to_owned(), args.last.max(1).to_string());
    let request = door.request(Method::GET, "/api/admin/activity").query(&args.filter.filter).query(&[limit]);
    let past: Past = door.send(request).await?;
    let shown = past.data.iter().take(args.last as usize).rev();
    shown.map(AsRef::as_ref).try_for_each(|activity| print(activity, args.json))?;
    let mut cursor = past.head_cursor;
    loop {
        follow(&door, &args.filter.filter, &mut cursor, args.json).await?;
        tokio::time::sleep(COME_BACK).await;
    }
}

/// Follows the log until the connection ends; `cursor` is where to go on from.
async fn follow(door: &Door, filter: &[(String, String)], cursor: &mut String, json: bool) -> Result<()> {
    let request = door.request(Method::GET, "/api/admin/activity/stream").query(filter);
    let response =
        request.header(ACCEPT, "text/event-stream").header("Last-Event-ID", cursor.as_str()).send().await;
    let response = match response {
        Ok(response) if response.status() == StatusCode::OK => response,
        Ok(response) if response.status().is_client_error() => {
            bail!("the server answers {}", response.status())
        }
        Ok(_) | Err(_) => return Ok(()),
    };
    let mut events = EventReader::new(response);
    while let Ok(Some(Event { name, id, data })) = timeout(SILENCE, events.next()).await {
        if name.is_none() {
            show(&data, json)?;
        }
        if let Some(id) = id {
            *cursor = id;
        }
    }
    Ok(())
}

fn show(data: &str, json: bool) -> Result<()> {
    let Message { kind, data, reason } = serde_json::from_str(data)?;
    match (kind.as_str(), data) {
        ("new_activity", Some(activity)) => print(&activity, json),
        ("reset", _) => {
            let reason = reason.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
            eprintln!("livetrail: the log was begun anew ({reason}); going on from now");
            Ok(())
        }
        _ => Ok(()),
    }
}

fn print(activity: &RawValue, json: bool) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match json {
        true => writeln!(out, "{activity}")?,
        false => table::write_row(&mut out, &serde_json::from_str(activity.get())?)?,
    }
    Ok(out.flush()?)
}
