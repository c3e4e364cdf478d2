//! CSV (RFC 4180, and what spreadsheets make of it): the first line names the fields.

use super::source::{Record, as_sent};
use crate::formula::without_guard;
use anyhow::Result;
use csv::{ReaderBuilder, StringRecord, Terminator};
use livetrail_types::{
    field_name,
    json::{self, Object, Value},
};
use std::io::Read;

const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
/// A heading names at least as many fields: without two of them, no activity is complete.
const FEWEST_FIELDS: usize = 2;

/// A text of which the heading is read.
pub(super) struct Sheet {
    separator: u8,
    heading: StringRecord,
}

impl Sheet {
    /// The sheet that begins with this line, if it is the heading of one.
    pub(super) fn headed(line: &[u8]) -> Option<Self> {
        SEPARATORS.into_iter().find_map(|separator| {
            let mut reader = ReaderBuilder::new().delimiter(separator).has_headers(false).from_reader(line);
            let heading = reader.records().next()?.ok()?;
            let fields = heading.iter().filter(|name| field_name(name.trim()).is_some()).count();
            (fields >= FEWEST_FIELDS).then_some(Self { separator, heading })
        })
    }

    /// Gives the records below the heading.
    pub(super) fn read(&self, input: impl Read, give: &dyn Fn(Result<Record>) -> bool) -> Result<()> {
        let mut reader = ReaderBuilder::new()
            .delimiter(self.separator)
            .has_headers(false)
            .flexible(true)
            // A carriage return before it is taken off the last cell: else lines would be counted from before their break.
            .terminator(Terminator::Any(b'\n'))
            .from_reader(input);
        for row in reader.records() {
            let row = row?;
            // The heading was the first line.
            let number = row.position().map_or(0, |position| position.line() + 1);
            let cells =
                self.heading.iter().map(str::trim).zip(row.iter().map(|cell| cell.trim_end_matches('\r')));
            let cells = cells.filter(|(_, cell)| !cell.is_empty());
            let activity: Object = cells.map(|(name, cell)| (name.to_owned(), value(name, cell))).collect();
            if !give(Ok(Record { number, json: as_sent(activity) })) {
                break;
            }
        }
        Ok(())
    }
}

/// What a cell says, as its field wants it. What it cannot be stays text, for the server to refuse with the reason.
fn value(name: &str, cell: &str) -> Value {
    let text = || Value::String(without_guard(cell).to_owned());
    match field_name(name) {
        Some("status_code" | "duration_ms" | "db_query_count") => {
            cell.trim().parse().map_or_else(|_| text(), |n: i64| n.into())
        }
        Some("success" | "is_admin") => match cell.trim().to_ascii_lowercase().as_str() {
            "true" | "t" | "1" | "yes" => true.into(),
            "false" | "f" | "0" | "no" => false.into(),
            _ => text(),
        },
        Some("details" | "changes" | "metadata") => json::parse(cell.as_bytes()).unwrap_or_else(|_| text()),
        Some("timestamp") if cell.trim().parse::<f64>().is_ok() => {
            json::parse(cell.trim().as_bytes()).unwrap_or_else(|_| text())
        }
        _ => text(),
    }
}
