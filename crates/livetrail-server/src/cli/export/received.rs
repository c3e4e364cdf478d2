//! What has arrived of an export, and whether that is what the server has sent.

use super::Format;
use crate::export_checksum::{ExportChecksum, ExportSummary, MAX_LAST_LINE, ROWS_TRAILER, SHA256_TRAILER};
use anyhow::{Context, Result, bail};
use reqwest::header::HeaderMap;

/// The bytes that have arrived.
pub(super) struct Received {
    format: Format,
    has_summary: bool,
    checksum: ExportChecksum,
    /// The latest bytes, which may be the last line. They are not in the checksum yet.
    tail: Vec<u8>,
    is_in_quotes: bool,
    has_heading: bool,
    trailers: HeaderMap,
}

impl Received {
    pub(super) fn new(format: Format, has_summary: bool) -> Self {
        let (checksum, tail, trailers) = (ExportChecksum::new(), Vec::new(), HeaderMap::new());
        Self { format, has_summary, checksum, tail, is_in_quotes: false, has_heading: false, trailers }
    }

    /// The rows so far.
    pub(super) fn rows(&self) -> u64 {
        self.checksum.rows()
    }

    /// Adds the next bytes.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        if !self.has_summary {
            return self.count(bytes);
        }
        self.tail.extend(bytes);
        let known = self.tail.len().saturating_sub(MAX_LAST_LINE);
        let known: Vec<u8> = self.tail.drain(..known).collect();
        self.count(&known);
    }

    /// Takes the trailers.
    pub(super) fn end(&mut self, trailers: HeaderMap) {
        self.trailers = trailers;
    }

    fn count(&mut self, bytes: &[u8]) {
        let ends = match self.format {
            Format::Ndjson => memchr::memchr_iter(b'\n', bytes).count() as u64,
            Format::Csv => self.count_csv(bytes),
        };
        self.checksum.add(ends, bytes);
    }

    /// The rows that end in these bytes. A line feed within quotes is part of a cell.
    fn count_csv(&mut self, bytes: &[u8]) -> u64 {
        let mut ends = 0;
        for byte in bytes {
            match byte {
                b'"' => self.is_in_quotes = !self.is_in_quotes,
                b'\n' if !self.is_in_quotes => {
                    ends += u64::from(std::mem::replace(&mut self.has_heading, true));
                }
                _ => {}
            }
        }
        ends
    }

    /// Compares what has arrived with the last line, and with the trailers if they have arrived. Not every proxy passes
    /// them on.
    ///
    /// # Errors
    /// That something is missing or differs.
    pub(super) fn checked(mut self) -> Result<ExportSummary> {
        if self.has_summary {
            let tail = std::mem::take(&mut self.tail);
            let before =
                tail.trim_ascii_end().iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
            let (rows, last_line) = tail.split_at(before);
            self.count(rows);
            let said = ExportSummary::of_last_line(last_line).context("the export has no last line")?;
            compare(&said, &self.checksum.summary())?;
            self.checksum.add(0, last_line);
        }
        let summary = self.checksum.summary();
        match said_by(&self.trailers) {
            Some(said) => compare(&said, &summary)?,
            None => eprintln!(
                "the server's checksum did not arrive, so the file was not compared with it; does a proxy drop HTTP \
                 trailers?"
            ),
        }
        Ok(summary)
    }
}

fn said_by(trailers: &HeaderMap) -> Option<ExportSummary> {
    let text = |name| trailers.get(name)?.to_str().ok();
    Some(ExportSummary { rows: text(ROWS_TRAILER)?.parse().ok()?, sha256: text(SHA256_TRAILER)?.into() })
}

fn compare(said: &ExportSummary, arrived: &ExportSummary) -> Result<()> {
    if said == arrived {
        return Ok(());
    }
    bail!("the export is damaged: the server sent {said}, but {arrived} arrived")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What arrives in pieces of so many bytes.
    fn received(format: Format, has_summary: bool, text: &[u8], piece: usize) -> Received {
        let mut received = Received::new(format, has_summary);
        text.chunks(piece).for_each(|bytes| received.add(bytes));
        received
    }

    fn trailers(rows: u64, sha256: &str) -> HeaderMap {
        let mut trailers = HeaderMap::new();
        trailers.insert(ROWS_TRAILER, rows.into());
        trailers.insert(SHA256_TRAILER, sha256.parse().expect("a value"));
        trailers
    }

    fn ndjson(rows: u64) -> Vec<u8> {
        let mut checksum = ExportChecksum::new();
        let mut text = b"{\"a\":1}\n".repeat(usize::try_from(rows).expect("a few"));
        checksum.add(rows, &text);
        text.extend(checksum.summary().into_last_line());
        text
    }

    #[test]
    fn a_line_break_within_a_cell_ends_no_row() {
        let text = b"a,b\n\"x\ny \"\"q\"\"\n\",1\nz,\"\n\"\n";
        for piece in [1, 2, 100] {
            let summary = received(Format::Csv, false, text, piece).checked().expect("no trailers");
            assert_eq!(summary.rows, 2, "in pieces of {piece}");
        }
        assert_eq!(received(Format::Csv, false, b"a,b\n", 2).checked().expect("no trailers").rows, 0);
    }

    #[test]
    fn a_last_line_is_compared_and_is_not_a_row() {
        for rows in [0, 1, 100] {
            for piece in [1, 7, 10_000] {
                let summary =
                    received(Format::Ndjson, true, &ndjson(rows), piece).checked().expect("it is right");
                assert_eq!(summary.rows, rows);
            }
        }
    }

    #[test]
    fn a_file_without_its_end_or_with_another_byte_is_an_error() {
        let whole = ndjson(100);
        for length in [0, 1, 8, whole.len() / 2, whole.len() - 2] {
            let error =
                received(Format::Ndjson, true, &whole[..length], 64).checked().expect_err("it is cut");
            assert!(error.to_string().contains("no last line"), "{error}");
        }
        let mut changed = whole.clone();
        changed[3] = b'b';
        let error = received(Format::Ndjson, true, &changed, 64).checked().expect_err("it is changed");
        assert!(error.to_string().contains("the server sent 100 rows, SHA-256 "), "{error}");
        let error = received(Format::Ndjson, true, &whole[8..], 64).checked().expect_err("a row is missing");
        assert!(error.to_string().contains("but 99 rows, SHA-256 "), "{error}");
    }

    #[test]
    fn trailers_are_compared() {
        let text = b"a,b\n1,2\n";
        let right = received(Format::Csv, false, text, 3).checked().expect("no trailers").sha256;
        for (rows, sha256, is_right) in [(1, &*right, true), (2, &*right, false), (1, "00", false)] {
            let mut received = received(Format::Csv, false, text, 3);
            received.end(trailers(rows, sha256));
            assert_eq!(received.checked().is_ok(), is_right, "{rows} {sha256}");
        }
    }
}
