//! The items of a JSON array that is too large to be read at once, as tools for databases export a table.

use anyhow::{Result, bail};
use livetrail_types::limits;
use std::io::BufRead;

/// Items that are still to be read.
pub(super) struct Items<R> {
    input: R,
    /// The number of the line that is being read.
    line: u64,
    is_begun: bool,
}

/// The text of an item, and the number of the line where it begins.
pub(super) struct Item {
    pub(super) number: u64,
    pub(super) text: Vec<u8>,
}

impl<R: BufRead> Items<R> {
    /// The items of the array that begins here, on line `line`.
    pub(super) fn of(line: u64, input: R) -> Self {
        Self { input, line, is_begun: false }
    }

    /// The next item. Only its end is known; its content is not checked.
    ///
    /// # Errors
    /// That the array is not one, or ends too early.
    pub(super) fn next(&mut self) -> Result<Option<Item>> {
        let before = self.skip_blanks()?;
        match (before, self.is_begun) {
            (Some(b'['), false) | (Some(b','), true) => self.advance()?,
            (Some(b']'), true) => return self.end(),
            (_, false) => bail!("line {}: a JSON array begins with [", self.line),
            (None, true) => bail!("line {}: the array is cut off: it has no ] at its end", self.line),
            (Some(_), true) => bail!("line {}: between the items of an array stands a comma", self.line),
        }
        let is_first = !std::mem::replace(&mut self.is_begun, true);
        if is_first && self.skip_blanks()? == Some(b']') {
            return self.end();
        }
        self.skip_blanks()?;
        let number = self.line;
        let text = self.item()?;
        Ok(Some(Item { number, text }))
    }

    /// Up to the comma or bracket behind the item.
    fn item(&mut self) -> Result<Vec<u8>> {
        let (mut text, mut depth, mut in_text, mut is_escaped) = (Vec::new(), 0_usize, false, false);
        let begun = self.line;
        while let Some(byte) = self.peek()? {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' if in_text => is_escaped = true,
                b'"' => in_text = !in_text,
                _ if in_text => {}
                b'[' | b'{' => depth += 1,
                b',' | b']' if depth == 0 => return Ok(text),
                b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if text.len() == limits::BODY_BYTES {
                bail!("line {begun}: the item that begins here has more than {} bytes", limits::BODY_BYTES);
            }
            text.push(byte);
            self.advance()?;
        }
        bail!("line {begun}: the array is cut off in the item that begins here")
    }

    /// Nothing may follow the last item.
    fn end(&mut self) -> Result<Option<Item>> {
        self.advance()?;
        match self.skip_blanks()? {
            None => Ok(None),
            Some(_) => bail!("line {}: something follows the end of the array", self.line),
        }
    }

    fn skip_blanks(&mut self) -> Result<Option<u8>> {
        while let Some(byte) = self.peek()? {
            if !byte.is_ascii_whitespace() {
                return Ok(Some(byte));
            }
            self.advance()?;
        }
        Ok(None)
    }

    fn peek(&mut self) -> Result<Option<u8>> {
        Ok(self.input.fill_buf()?.first().copied())
    }

    fn advance(&mut self) -> Result<()> {
        self.line += u64::from(self.peek()? == Some(b'\n'));
        self.input.consume(1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Result<Vec<(u64, String)>> {
        let (mut items, mut read) = (Items::of(1, text.as_bytes()), Vec::new());
        while let Some(Item { number, text }) = items.next()? {
            read.push((number, String::from_utf8(text)?.trim().to_owned()));
        }
        Ok(read)
    }

    #[test]
    fn each_item_is_found_with_its_line() {
        let text = " [\n {\"a\": \"],[{\\\"\"},\n  {\"b\": [1, {\"c\": 2}]} ,7\n]\n";
        let expected = [(2, r#"{"a": "],[{\""}"#), (3, r#"{"b": [1, {"c": 2}]}"#), (3, "7")];
        assert_eq!(items(text).expect("items"), expected.map(|(line, text)| (line, text.to_owned())));
        assert_eq!(items("[]").expect("none"), []);
        assert_eq!(items("[ \n ] \n").expect("none"), []);
    }

    #[test]
    fn an_array_that_is_none_or_is_cut_off_is_named_by_its_line() {
        for (text, reason) in [
            ("[\n1,\n{\"a\": 2", "line 3: the array is cut off in"),
            ("[\n1\n", "line 2: the array is cut off"),
            ("[1] 2", "line 1: something follows"),
            ("[1]\n[2]", "line 2: something follows"),
        ] {
            let error = items(text).expect_err("a refusal").to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
