use jiff::{Timestamp, tz::TimeZone};
use livetrail_types::{json::Value, visible};
use serde::Deserialize;
use std::io::{self, IsTerminal, Write};

/// The fields of an activity that a row shows.
#[derive(Deserialize)]
pub(super) struct Row {
    occurred_at: Timestamp,
    success: bool,
    description: String,
    action_type: String,
    user_email: Option<String>,
    user_id: String,
    ip_address: Option<String>,
    status_code: Option<u16>,
    duration_ms: Option<i32>,
}

impl Row {
    /// Takes the fields of a row from an activity.
    pub(super) fn read(activity: &Value) -> Result<Self, serde_json::Error> {
        serde_json::from_str(&activity.to_string())
    }
}

const GREEN: &str = "\x1b[32m";
const RED: &str = "\x1b[31m";
const DIM: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";

/// Writes a row in columns with the time of day, in colour where a person reads it.
pub(super) fn write_row(out: &mut impl Write, row: &Row) -> io::Result<()> {
    write_columns(out, row, "%H:%M:%S")
}

/// The same with the date.
pub(super) fn write_dated_row(out: &mut impl Write, row: &Row) -> io::Result<()> {
    write_columns(out, row, "%Y-%m-%d %H:%M:%S")
}

fn write_columns(out: &mut impl Write, row: &Row, time: &str) -> io::Result<()> {
    let colour = |code| if io::stdout().is_terminal() { code } else { "" };
    let (mark, tint) = if row.success { ("✓", GREEN) } else { ("✗", RED) };
    let time = row.occurred_at.to_zoned(TimeZone::system()).strftime(time);
    let status = row.status_code.map(|status| status.to_string()).unwrap_or_default();
    let took = row.duration_ms.map(|took| format!("{took} ms")).unwrap_or_default();
    writeln!(
        out,
        "{dim}{time}{plain} {tint}{mark}{plain} {who} {what} {dim}{ip} {status:>3} {took:>9}{plain}  {sentence}",
        dim = colour(DIM),
        plain = colour(PLAIN),
        tint = colour(tint),
        who = column(row.user_email.as_deref().unwrap_or(&row.user_id), 28),
        what = column(&row.action_type, 24),
        ip = column(row.ip_address.as_deref().unwrap_or("-"), 15),
        sentence = visible(&row.description),
    )
}

/// Text of an untrusted client in `width` characters, cut or filled. It must not control the terminal or look like
/// another user's.
fn column(text: &str, width: usize) -> String {
    let text = visible(text);
    match text.chars().count() > width {
        true => text.chars().take(width - 1).chain(['…']).collect(),
        false => format!("{text:width$}"),
    }
}
