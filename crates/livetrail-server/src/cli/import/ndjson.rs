//! NDJSON: one JSON object a line, and the last line of an export.

use super::{
    record::{Give, Record},
    source::TOO_LONG,
};
use crate::export_checksum::{ExportChecksum, ExportSummary, MAX_LAST_LINE};
use anyhow::{Result, bail};
use livetrail_types::limits;
use std::{
    fs::File,
    io::{self, BufRead, Read, Seek, SeekFrom},
};

/// What is done about the last lines of exports.
pub(super) enum LastLines<'a> {
    /// Each is compared with the lines before it, which are hashed for that.
    Compare(ExportChecksum),
    /// The first one has the whole text verified by another reader. Few files have such a line, and hashing takes as
    /// long as the rest of the reading.
    Verify(&'a mut dyn FnMut() -> Result<()>),
    /// They were verified.
    Known,
}

impl LastLines<'_> {
    fn add(&mut self, rows: u64, bytes: &[u8]) {
        if let Self::Compare(checksum) = self {
            checksum.add(rows, bytes);
        }
    }

    fn reach(&mut self, number: u64, line: &[u8]) -> Result<()> {
        match self {
            Self::Compare(checksum) => {
                check_last_line(number, line, &checksum.summary())?;
                // Another export may follow, because NDJSON files can be joined.
                *checksum = ExportChecksum::new();
            }
            Self::Verify(verify) => {
                verify()?;
                *self = Self::Known;
            }
            Self::Known => {}
        }
        Ok(())
    }
}

/// Gives the records of NDJSON, and checks the last lines of exports.
pub(super) fn lines(begun: u64, text: &mut dyn BufRead, give: &mut Give<'_>) -> Result<()> {
    lines_and(LastLines::Compare(ExportChecksum::new()), begun, text, give)
}

/// The same, with another way to check last lines.
pub(super) fn lines_and(
    mut last_lines: LastLines<'_>,
    begun: u64,
    text: &mut dyn BufRead,
    give: &mut Give<'_>,
) -> Result<()> {
    let mut line = Vec::new();
    for number in begun.. {
        line.clear();
        if text.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let content = line.trim_ascii();
        if ExportSummary::is_last_line(content) {
            last_lines.reach(number, content)?;
            continue;
        }
        last_lines.add(u64::from(!content.is_empty()), &line);
        if content.is_empty() {
            continue;
        }
        let is_too_long = content.len() > limits::BODY_BYTES;
        let json = if is_too_long { Err(TOO_LONG.to_owned()) } else { Ok(content.into()) };
        if !give(Record { number, json }) {
            break;
        }
    }
    Ok(())
}

/// Compares the last line of an export with the lines before it.
fn check_last_line(number: u64, line: &[u8], read: &ExportSummary) -> Result<()> {
    let Ok(said) = ExportSummary::of_last_line(line) else {
        bail!(
            "line {number}: the file is cut or changed: the last line of an export is damaged here; export it again"
        );
    };
    if said != *read {
        bail!(
            "line {number}: the file is cut or changed: the export had {said}, but {read} are before this line; export \
             it again, or remove this line if the change is intended"
        );
    }
    Ok(())
}

/// Whether a file ends with the last line of an export.
pub(super) fn has_last_line(file: &mut File) -> io::Result<bool> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(MAX_LAST_LINE as u64)))?;
    let mut end = Vec::with_capacity(MAX_LAST_LINE);
    file.read_to_end(&mut end)?;
    let last = end.trim_ascii_end().rsplit(|&byte| byte == b'\n').next();
    Ok(last.is_some_and(ExportSummary::is_last_line))
}

#[cfg(test)]
mod tests {
    use super::{super::source::read_file, *};
    use serde_json::Value;
    use std::sync::Arc;

    /// NDJSON of an export that ends with its last line.
    fn exported(users: &[&str]) -> String {
        let line = |user: &&str| format!("{{\"user_id\":\"{user}\",\"action_type\":\"a\"}}\n");
        let rows: String = users.iter().map(line).collect();
        let mut checksum = ExportChecksum::new();
        checksum.add(users.len() as u64, rows.as_bytes());
        rows + std::str::from_utf8(&checksum.summary().into_last_line()).expect("text")
    }

    #[test]
    fn the_last_line_of_an_export_is_checked_and_is_not_a_record() {
        for text in [exported(&["u-1", "u-2"]), exported(&["u-1"]) + &exported(&["u-2"])] {
            let users: Vec<_> = records(&text).into_iter().map(|record| record["user_id"].clone()).collect();
            assert_eq!(users, ["u-1", "u-2"], "{text}");
        }
    }

    fn records(text: &str) -> Vec<Value> {
        let mut found = Vec::new();
        let mut give = |Record { json, .. }: Record<'_>| {
            found.push(serde_json::from_slice(&json.expect("a record")).expect("JSON"));
            true
        };
        lines(1, &mut text.as_bytes(), &mut give).expect("a text");
        found
    }

    fn read_of_file(content: &str) -> (Result<()>, usize) {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        io::Write::write_all(&mut file, content.as_bytes()).expect("a file");
        let mut given = 0;
        let mut give = |_: Record<'_>| {
            given += 1;
            true
        };
        let opened = File::open(file.path()).expect("a file");
        let read = read_file(opened, file.path(), &Arc::default(), &mut give);
        (read, given)
    }

    #[test]
    fn an_export_inside_of_a_file_is_checked_before_the_records_after_it_are_given() {
        let more = "{\"user_id\":\"u-4\",\"action_type\":\"a\"}\n";
        let joined = exported(&["u-1", "u-2"]) + more + &exported(&["u-3"]) + more;
        let (read, given) = read_of_file(&joined);
        assert!(
            read.is_err() && given == 2,
            "the second export has a line that is not of it: {given}, {read:?}"
        );
        let (read, given) = read_of_file(&(exported(&["u-1", "u-2"]) + &exported(&["u-3"]) + more));
        assert!(read.is_ok() && given == 4, "{given}, {read:?}");
    }

    #[test]
    fn an_export_that_was_cut_or_changed_is_refused_before_anything_of_it_is_given() {
        let whole = exported(&["u-1", "u-2", "u-3"]);
        let (read, given) = read_of_file(&whole);
        assert!(read.is_ok() && given == 3);
        let row = whole.find('\n').expect("lines") + 1;
        let without_first = whole[row..].to_owned();
        let bad = [
            (without_first, "line 3: the file is cut or changed: the export had 3 rows"),
            (whole.replace("u-2", "u-9"), "line 4: the file is cut or changed: the export had 3 rows"),
            (whole.replace("\"rows\":3", "\"rows\":4"), "had 4 rows"),
            (whole.trim_end().trim_end_matches('}').to_owned(), "the last line of an export is damaged"),
        ];
        for (text, reason) in bad {
            let (read, given) = read_of_file(&text);
            let error = read.expect_err("a refusal").to_string();
            assert!(error.contains(reason) && given == 0, "{given} given: {error}");
        }
    }
}
