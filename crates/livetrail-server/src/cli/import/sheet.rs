//! CSV (RFC 4180, and what spreadsheets make of it): the first line names the fields.

use super::{
    record::{Give, Record},
    rows::{Row, Rows},
    source::TOO_LONG,
};
use crate::csv_injection::without_guard;
use anyhow::{Result, bail};
use livetrail_types::{
    field_hint, field_name, is_given_by_livetrail,
    json::{self, Object, Value},
    limits, quoted,
};
use std::{collections::HashSet, io::BufRead};

const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
/// A heading names at least as many fields: without two of them, no activity is complete.
const MIN_FIELDS: usize = 2;

/// The required fields, each with its possible names.
const NEEDED: [&[&str]; 2] = [&["user_id", "adminId"], &["action_type"]];

/// A text of which the heading is read.
pub(super) struct Sheet<R> {
    heading: Vec<String>,
    rows: Rows<R>,
}

impl<R: BufRead> Sheet<R> {
    /// Reads the heading, which begins on line `number`.
    ///
    /// # Errors
    /// That there is none, or that it names a field twice, an unknown one, or not what each activity has.
    pub(super) fn headed(mut number: u64, mut input: R) -> Result<Self> {
        let mut line = Vec::new();
        input.read_until(b'\n', &mut line)?;
        if line.trim_ascii_end().contains(&b'\r') {
            bail!(
                "line {number}: the lines of this file end with a carriage return alone: save it with line feeds"
            );
        }
        let declared = separator_line(&line);
        if declared.is_some() {
            line.clear();
            number += 1;
            input.read_until(b'\n', &mut line)?;
        }
        let separators = declared.map_or_else(|| SEPARATORS.to_vec(), |separator| vec![separator]);
        let Some((separator, heading)) =
            separators.into_iter().find_map(|separator| Some((separator, heading(&line, separator)?)))
        else {
            bail!(
                "line {number}: this is neither JSON nor the heading of a sheet, which names fields such as \
                 user_id,action_type,timestamp"
            );
        };
        let mut named = HashSet::new();
        if let Some(twice) = heading.iter().find(|name| !named.insert(field_name(name).unwrap_or(name))) {
            bail!("line {number}: the heading names {} twice", quoted(twice));
        }
        let is_known =
            |name: &&String| name.is_empty() || field_name(name).is_some() || is_given_by_livetrail(name);
        if let Some(unknown) = heading.iter().find(|name| !is_known(name)) {
            let hint = field_hint(unknown);
            bail!("line {number}: the column {} {hint}: rename it, or leave it out", quoted(unknown));
        }
        let is_missing = |names: &&[&str]| !names.iter().any(|name| named.contains(name));
        if let Some([missing, ..]) = NEEDED.into_iter().find(is_missing) {
            bail!("line {number}: the heading has no column {missing}, which every activity has");
        }
        Ok(Self { heading, rows: Rows::after(number, separator, input) })
    }

    /// Gives the records below the heading.
    pub(super) fn read(mut self, give: &mut Give<'_>) -> Result<()> {
        while let Some(row) = self.rows.next()? {
            if !give(self.record(row)) {
                break;
            }
        }
        Ok(())
    }

    fn record(&self, Row { number, cells }: Row) -> Record<'static> {
        let activity = cells.map_err(str::to_owned).and_then(|cells| self.activity(&cells));
        let json = activity.map(|activity| json::to_vec(&activity)).and_then(|json| {
            if json.len() > limits::BODY_BYTES { Err(TOO_LONG.to_owned()) } else { Ok(json.into()) }
        });
        Record { number, json }
    }

    fn activity(&self, cells: &[String]) -> Result<Object, String> {
        let (width, names) = (cells.len(), self.heading.len());
        if width > names {
            return Err(format!("has {width} cells, and the heading names {names} fields"));
        }
        let named = self.heading.iter().zip(cells).filter(|(_, cell)| !cell.is_empty());
        Ok(named.map(|(name, cell)| (name.clone(), value(name, cell))).collect())
    }
}

/// Excel's line before the heading that names the separator: `sep=;`.
fn separator_line(line: &[u8]) -> Option<u8> {
    match line.trim_ascii_end() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] => Some(*separator),
        // A tab is white space.
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'='] if line.contains(&b'\t') => Some(b'\t'),
        _ => None,
    }
}

/// The names of a heading, if this is one.
fn heading(line: &[u8], separator: u8) -> Option<Vec<String>> {
    let row = Rows::after(0, separator, line).next().ok()??;
    let names: Vec<String> = row.cells.ok()?.iter().map(|name| name_of(name)).collect();
    let fields = names.iter().filter(|name| field_name(name).is_some()).count();
    (fields >= MIN_FIELDS).then_some(names)
}

/// A name as the API has it: sheets write `User ID` or `USER_ID`, too.
fn name_of(cell: &str) -> String {
    let name = cell.trim();
    if field_name(name).is_some() {
        return name.to_owned();
    }
    let plain = name.to_ascii_lowercase().replace([' ', '-'], "_");
    if field_name(&plain).is_some() { plain } else { name.to_owned() }
}

/// A cell's value in the type of its field. Other text stays text, and the server refuses it with the reason.
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
