//! Exports: rows a second, and the server's memory meanwhile.

use super::{client::Client, figures::Memory};
use anyhow::{Result, ensure};
use reqwest::Method;
use serde::Serialize;
use std::time::Instant;

const PATH: &str = "/api/admin/activity/export";
/// Rows between two looks at the server's memory.
const LOOK: u64 = 20_000;
/// Names, parameters.
const EXPORTS: [(&str, &[(&str, &str)]); 3] = [
    ("CSV, newest first", &[("format", "csv")]),
    ("NDJSON, newest first", &[("format", "ndjson")]),
    ("CSV, by duration_ms desc", &[("format", "csv"), ("sort_by", "duration_ms")]),
];

/// An export that was read up to a number of rows or to its end.
#[derive(Debug, Serialize)]
pub struct Exported {
    /// What was exported.
    pub name: String,
    /// Rows that were read.
    pub rows: u64,
    /// How long that took.
    pub seconds: f64,
    /// Rows a second.
    pub rows_per_second: f64,
    /// The server's memory before.
    pub before: Memory,
    /// Its memory when it had the most that is not a file's.
    pub peak: Memory,
}

/// Reads each export up to `rows`; the rest is abandoned, as by a client that goes away.
pub(super) async fn exports(client: &Client, pid: u32, rows: u64) -> Result<Vec<Exported>> {
    let mut all = Vec::new();
    for (name, parameters) in EXPORTS.into_iter().filter(|_| rows > 0) {
        all.push(export(client, pid, rows, (name, parameters)).await?);
    }
    Ok(all)
}

async fn export(
    client: &Client,
    pid: u32,
    most: u64,
    (name, parameters): (&str, &[(&str, &str)]),
) -> Result<Exported> {
    let (before, begun) = (Memory::of(pid), Instant::now());
    let mut response = client.request(Method::GET, PATH).query(parameters).send().await?;
    ensure!(response.status() == 200, "export, {name}: {}", response.status());
    let head = u64::from(name.starts_with("CSV"));
    let (mut lines, mut looked, mut peak) = (0, 0, before);
    while let Some(chunk) = response.chunk().await? {
        // No text of a generated log has a line break, so a line is a row.
        lines += memchr::memchr_iter(b'\n', &chunk).count() as u64;
        if lines >= looked + LOOK {
            looked = lines;
            peak =
                [peak, Memory::of(pid)].into_iter().max_by_key(|memory| memory.anonymous_kb).unwrap_or(peak);
        }
        if lines >= most + head {
            break;
        }
    }
    let (rows, seconds) = (lines.saturating_sub(head), begun.elapsed().as_secs_f64());
    Ok(Exported {
        name: name.into(),
        rows,
        seconds,
        rows_per_second: (rows as f64 / seconds).round(),
        before,
        peak,
    })
}
