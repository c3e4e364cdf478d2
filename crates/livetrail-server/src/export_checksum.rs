//! How many rows an export has, and the SHA-256 of its bytes. With both, a client sees whether a file is complete and
//! unchanged.
//!
//! The server sends them after the rows: as HTTP trailers, and in NDJSON on request as a last line. `livetrail export`
//! compares them with the bytes that it wrote, `livetrail import` with the lines that it read.

use aws_lc_rs::digest::{Context, SHA256};
use livetrail_types::json;
use serde::{Deserialize, Serialize};
use std::fmt::{self, Write};

/// The trailer with the number of rows. A heading and a last line are not rows.
pub(crate) const ROWS_TRAILER: &str = "livetrail-rows";
/// The trailer with the SHA-256 of the whole body in hexadecimal digits.
pub(crate) const SHA256_TRAILER: &str = "livetrail-sha256";
/// The response header with the number of rows that an export is going to have.
pub(crate) const TOTAL_ROWS: &str = "livetrail-total-rows";

/// The beginning of the last line of an NDJSON file. No activity has a field of this name.
const LAST_LINE: &[u8] = b"{\"livetrail_export\":";
/// The length that a last line stays below.
pub(crate) const MAX_LAST_LINE: usize = 200;

/// Rows and bytes so far.
#[derive(Clone)]
pub(crate) struct ExportChecksum {
    rows: u64,
    bytes: Context,
}

/// Rows and bytes of a finished export.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExportSummary {
    pub(crate) rows: u64,
    pub(crate) sha256: String,
}

/// The last line of an NDJSON file. Its checksum is that of the bytes before it.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct LastLine {
    livetrail_export: ExportSummary,
}

impl ExportChecksum {
    pub(crate) fn new() -> Self {
        Self { rows: 0, bytes: Context::new(&SHA256) }
    }

    /// Adds the next bytes, and the rows that end in them.
    pub(crate) fn add(&mut self, rows: u64, bytes: &[u8]) {
        self.rows += rows;
        self.bytes.update(bytes);
    }

    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    pub(crate) fn summary(&self) -> ExportSummary {
        let digest = self.bytes.clone().finish();
        let mut sha256 = String::with_capacity(64);
        for byte in digest.as_ref() {
            // A text takes every digit.
            let _ = write!(sha256, "{byte:02x}");
        }
        ExportSummary { rows: self.rows, sha256 }
    }
}

impl ExportSummary {
    /// The last line of an NDJSON file with this content.
    pub(crate) fn into_last_line(self) -> Vec<u8> {
        let mut line = json::to_vec(&LastLine { livetrail_export: self });
        line.push(b'\n');
        line
    }

    /// Whether a line of NDJSON is a last line and not an activity.
    pub(crate) fn is_last_line(line: &[u8]) -> bool {
        line.starts_with(LAST_LINE)
    }

    /// Reads a last line.
    ///
    /// # Errors
    /// That the line is damaged.
    pub(crate) fn of_last_line(line: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice::<LastLine>(line).map(|line| line.livetrail_export)
    }
}

/// For messages: `3 rows, SHA-256 9f86d0…`.
impl fmt::Display for ExportSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows, SHA-256 {}", self.rows, self.sha256)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_last_line_is_read_as_it_was_written() {
        let mut checksum = ExportChecksum::new();
        checksum.add(2, b"a");
        checksum.add(u64::MAX - 2, b"bc");
        let summary = checksum.summary();
        // Of "abc", by FIPS 180-2, appendix B.1.
        assert_eq!(summary.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let line = checksum.summary().into_last_line();
        assert!(line.len() < MAX_LAST_LINE && ExportSummary::is_last_line(&line));
        assert_eq!(ExportSummary::of_last_line(&line).expect("a last line"), summary);
    }

    #[test]
    fn a_damaged_last_line_is_an_error() {
        for line in
            ["{\"livetrail_export\":{\"rows\":1", "{\"livetrail_export\":{}}", "{\"livetrail_export\":3}"]
        {
            assert!(ExportSummary::is_last_line(line.as_bytes()));
            assert!(ExportSummary::of_last_line(line.as_bytes()).is_err(), "{line}");
        }
        assert!(!ExportSummary::is_last_line(b"{\"id\":1}"));
    }
}
