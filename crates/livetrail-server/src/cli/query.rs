//! A page of the log in a terminal.

use super::{
    connection::{Connection, Remote},
    filter::{FilterArgs, SortArgs},
    table,
};
use crate::config::Config;
use anyhow::Result;
use livetrail_types::json::Value;
use reqwest::Method;
use std::io::Write;

pub(super) const EXAMPLES: &str = "\
Examples:
  livetrail query                                        the newest twenty activities
  livetrail query --filter user_search=ada --limit 100
  livetrail query --filter success_filter=failure --filter date_from=2026-03-01T00:00:00Z
  livetrail query --sort-by duration_ms --json | jq .endpoint";

#[derive(clap::Args)]
pub(super) struct QueryArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    sort: SortArgs,
    /// Activities a page, at most 100
    #[arg(long, short = 'n', default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100))]
    limit: u32,
    /// The page, from 1
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    page: u32,
    /// Print each activity as JSON, one a line
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: QueryArgs, config: &Config) -> Result<()> {
    let connection = Connection::to_any(args.remote, config).await?;
    let request = connection
        .request(Method::GET, "/api/admin/activity")
        .query(&args.filter.filter)
        .query(&args.sort.pairs())
        .query(&[("limit", args.limit), ("page", args.page)]);
    let answer = connection.send_for_json(request).await;
    connection.close().await;
    let found = answer?;
    let mut out = std::io::stdout().lock();
    for activity in found.get("data").and_then(Value::as_array).unwrap_or_default() {
        match args.json {
            true => writeln!(out, "{activity}")?,
            false => table::write_dated_row(&mut out, &table::Row::read(activity)?)?,
        }
    }
    out.flush()?;
    let figure = |name| found.get(name).and_then(Value::as_i64).unwrap_or_default();
    match figure("total") {
        0 => eprintln!("no activity matches"),
        total => eprintln!("page {} of {}, {total} activities in all", figure("page"), figure("total_pages")),
    }
    Ok(())
}
