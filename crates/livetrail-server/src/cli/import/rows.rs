//! The rows of a CSV text (RFC 4180), read strictly: a log must not store guesses.

use anyhow::{Result, bail};
use livetrail_types::limits;
use std::io::BufRead;

const AFTER_QUOTE: &str =
    "text follows a closing quote; inside of a quoted cell, a quote is written twice: \"say \"\"hi\"\"\"";

/// Rows that are still to be read.
pub(super) struct Rows<R> {
    input: R,
    separator: u8,
    /// The number of the line that was read last.
    line: u64,
}

/// A row, and the number of the line where it begins.
pub(super) struct Row {
    pub(super) number: u64,
    /// The content of its cells, or the reason why it is unknown.
    pub(super) cells: Result<Vec<String>, &'static str>,
}

/// Where in a cell the reader is.
enum Place {
    Begin,
    Bare,
    Quoted,
    /// Behind a quote that may have been the last one.
    AfterQuote,
}

impl<R: BufRead> Rows<R> {
    /// Reads what follows on line `line` of the text.
    pub(super) fn after(line: u64, separator: u8, input: R) -> Self {
        Self { input, separator, line }
    }

    /// The next row that is not empty.
    ///
    /// # Errors
    /// A fault that affects more than one row: a quote that never closes, or text that is not UTF-8.
    pub(super) fn next(&mut self) -> Result<Option<Row>> {
        loop {
            let mut text = Vec::new();
            if !self.read_line(&mut text)? {
                return Ok(None);
            }
            if !text.trim_ascii().is_empty() {
                return self.row(text).map(Some);
            }
        }
    }

    fn read_line(&mut self, text: &mut Vec<u8>) -> Result<bool> {
        let read = self.input.read_until(b'\n', text)?;
        self.line += u64::from(read > 0);
        Ok(read > 0)
    }

    fn row(&mut self, mut text: Vec<u8>) -> Result<Row> {
        let number = self.line;
        let (mut cells, mut cell, mut place, mut at) = (Vec::new(), Vec::new(), Place::Begin, 0);
        loop {
            let Some(&byte) = text.get(at) else {
                if !matches!(place, Place::Quoted) {
                    break;
                }
                if text.len() > limits::BODY_BYTES || !self.read_line(&mut text)? {
                    bail!("line {number}: the quote that begins a cell here is never closed");
                }
                continue;
            };
            let ends_row = || matches!(text[at..], [b'\n'] | [b'\r', b'\n'] | [b'\r']);
            match (&place, byte) {
                (Place::Quoted, b'"') => place = Place::AfterQuote,
                (Place::Quoted, _) => cell.push(byte),
                (Place::AfterQuote, b'"') => {
                    cell.push(byte);
                    place = Place::Quoted;
                }
                _ if ends_row() => break,
                (_, byte) if byte == self.separator => {
                    cells.push(std::mem::take(&mut cell));
                    place = Place::Begin;
                }
                (Place::Begin, b'"') => place = Place::Quoted,
                (Place::AfterQuote, b' ') => {}
                (Place::AfterQuote, _) => return Ok(Row { number, cells: Err(AFTER_QUOTE) }),
                (Place::Begin | Place::Bare, _) => {
                    cell.push(byte);
                    place = Place::Bare;
                }
            }
            at += 1;
        }
        cells.push(cell);
        match cells.into_iter().map(String::from_utf8).collect() {
            Ok(cells) => Ok(Row { number, cells: Ok(cells) }),
            Err(_) => bail!("line {number}: this is not UTF-8: save the file as UTF-8"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Cells = Result<Vec<String>, &'static str>;

    fn rows(text: &str) -> Result<Vec<(u64, Cells)>> {
        let mut rows = Rows::after(0, b',', text.as_bytes());
        let mut read = Vec::new();
        while let Some(Row { number, cells }) = rows.next()? {
            read.push((number, cells));
        }
        Ok(read)
    }

    fn cells(cells: &[&str]) -> Cells {
        Ok(cells.iter().map(|&cell| cell.to_owned()).collect())
    }

    #[test]
    fn quotes_line_breaks_and_empty_cells_are_read_as_they_are_meant() {
        let text = "a,\"b, \"\"c\"\"\",\r\n\n\"line\r\nbreak\" ,5\" disk,\"\"\nlast";
        let expected = [
            (1, cells(&["a", "b, \"c\"", ""])),
            (3, cells(&["line\r\nbreak", "5\" disk", ""])),
            (5, cells(&["last"])),
        ];
        assert_eq!(rows(text).expect("rows"), expected);
    }

    #[test]
    fn a_row_with_text_behind_a_quote_is_bad_and_the_next_one_is_not() {
        for bad in ["\"a\" b", "\"say \\\"hi\\\" now\"", "\"a\"\"b\"c,d"] {
            let expected = [(1, Err(AFTER_QUOTE)), (2, cells(&["x", "y"]))];
            assert_eq!(rows(&format!("{bad}\nx,y\n")).expect("rows"), expected, "{bad}");
        }
    }

    #[test]
    fn a_quote_that_never_closes_is_named_by_its_line() {
        for text in ["a,b\nc,\"d\ne,f\n", "a,b\nc,\"d"] {
            let error = rows(text).expect_err("a refusal").to_string();
            assert!(error.starts_with("line 2: the quote"), "{error}");
        }
    }

    #[test]
    fn what_is_not_utf_8_is_named_by_its_line() {
        let mut rows = Rows::after(1, b';', &b"a;b\nc;\xe9t\xe9\n"[..]);
        assert!(rows.next().expect("a row").is_some());
        let error = rows.next().err().expect("a refusal").to_string();
        assert!(error.starts_with("line 3: this is not UTF-8"), "{error}");
    }

    proptest! {
        #[test]
        fn what_the_csv_crate_writes_is_read_back(
            written in prop::collection::vec(prop::collection::vec("[a,\"\r\n ;é]{0,5}", 2..4), 0..5),
        ) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for row in &written {
                writer.write_record(row).expect("memory");
            }
            let text = String::from_utf8(writer.into_inner().expect("memory")).expect("text");
            let read: Vec<_> = rows(&text).expect("rows").into_iter().map(|(_, cells)| cells.expect("a row")).collect();
            prop_assert_eq!(read, written);
        }

        #[test]
        fn nothing_is_read_without_an_end(text in "[a,\"\r\n\\\\ ]{0,40}") {
            let _ = rows(&text);
        }
    }
}
