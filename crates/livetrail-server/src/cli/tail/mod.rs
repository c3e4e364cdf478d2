//! The log in a terminal: the latest activities, then new ones.

pub(super) mod events;

use super::{
    connection::{Connection, Remote},
    filter::FilterArgs,
    table,
};
use crate::config::Config;
use anyhow::Result;
use events::{Event, EventReader};
use livetrail_types::json::{self, Value};
use reqwest::{Method, StatusCode, header::ACCEPT};
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

pub(super) async fn run(args: TailArgs, config: &Config) -> Result<()> {
    let connection = Connection::to_running(args.remote, config).await?;
    let limit = ("limit".to_owned(), args.last.max(1).to_string());
    let request =
        connection.request(Method::GET, "/api/admin/activity").query(&args.filter.filter).query(&[limit]);
    let past = connection.send_for_json(request).await?;
    let newest = past.get("data").and_then(Value::as_array).unwrap_or_default();
    newest.iter().take(args.last as usize).rev().try_for_each(|activity| print(activity, args.json))?;
    let mut cursor = past.get("head_cursor").and_then(Value::as_str).unwrap_or_default().to_owned();
    loop {
        follow(&connection, &args.filter.filter, &mut cursor, args.json).await?;
        tokio::time::sleep(COME_BACK).await;
    }
}

/// Follows the log after `cursor`, until the connection ends.
async fn follow(
    connection: &Connection,
    filter: &[(String, String)],
    cursor: &mut String,
    json: bool,
) -> Result<()> {
    let request = connection.request(Method::GET, "/api/admin/activity/stream").query(filter);
    let response =
        request.header(ACCEPT, "text/event-stream").header("Last-Event-ID", cursor.as_str()).send().await;
    let response = match response {
        Ok(response) if response.status() == StatusCode::OK => response,
        Ok(response) if response.status().is_client_error() => {
            return Err(connection.refused(response).await);
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
    let message = json::parse(data.as_bytes())?;
    let text = |name| message.get(name).and_then(Value::as_str).unwrap_or_default();
    match (text("type"), message.get("data")) {
        ("new_activity", Some(activity)) => print(activity, json),
        ("reset", _) => {
            let reason = text("reason");
            eprintln!("livetrail: {reason}; what follows need not be what came next");
            Ok(())
        }
        _ => Ok(()),
    }
}

fn print(activity: &Value, json: bool) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match json {
        true => writeln!(out, "{activity}")?,
        false => table::write_row(&mut out, &table::Row::read(activity)?)?,
    }
    Ok(out.flush()?)
}
