//! Texts in UTF-16, as spreadsheets write "Unicode text", and the mark that some programs put before a text.

use anyhow::Result;
use std::io::{self, BufRead, BufReader, Read};

const UTF_8: &[u8] = b"\xef\xbb\xbf";
const UTF_16_LITTLE: &[u8] = b"\xff\xfe";
const UTF_16_BIG: &[u8] = b"\xfe\xff";

/// The text in UTF-8, without the mark that says how it is encoded.
///
/// # Errors
/// An error of the input.
pub(super) fn decoded<'a>(mut input: impl BufRead + Send + 'a) -> Result<Box<dyn BufRead + Send + 'a>> {
    let begun = input.fill_buf()?;
    for (mark, read_unit) in
        [(UTF_16_LITTLE, u16::from_le_bytes as fn([u8; 2]) -> u16), (UTF_16_BIG, u16::from_be_bytes)]
    {
        if begun.starts_with(mark) {
            input.consume(mark.len());
            return Ok(Box::new(BufReader::new(Utf16 { input, read_unit, ready: Vec::new() })));
        }
    }
    if begun.starts_with(UTF_8) {
        input.consume(UTF_8.len());
    }
    Ok(Box::new(input))
}

/// Reads UTF-16 as UTF-8.
struct Utf16<R> {
    input: R,
    read_unit: fn([u8; 2]) -> u16,
    /// Bytes that were decoded and not read yet.
    ready: Vec<u8>,
}

impl<R: BufRead> Utf16<R> {
    fn unit(&mut self) -> io::Result<Option<u16>> {
        let mut bytes = [0; 2];
        let mut read = 0;
        while read < 2 {
            match self.input.read(&mut bytes[read..])? {
                0 if read == 0 => return Ok(None),
                0 => return Err(broken()),
                more => read += more,
            }
        }
        Ok(Some((self.read_unit)(bytes)))
    }

    fn character(&mut self) -> io::Result<Option<char>> {
        let Some(first) = self.unit()? else { return Ok(None) };
        let mut units = vec![first];
        if (0xd800..0xdc00).contains(&first) {
            units.extend(self.unit()?);
        }
        char::decode_utf16(units).next().transpose().map_err(|_| broken())
    }
}

fn broken() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "it begins as UTF-16 and goes on as something else: save it as UTF-8",
    )
}

impl<R: BufRead> Read for Utf16<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.ready.len() < into.len() {
            let Some(character) = self.character()? else { break };
            self.ready.extend(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
        let count = self.ready.len().min(into.len());
        into[..count].copy_from_slice(&self.ready[..count]);
        self.ready.drain(..count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String> {
        let mut text = String::new();
        decoded(bytes)?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn utf_16_and_marks_are_understood() {
        let text = "user_id\taction_type\r\nJosé 🙂\tuser_login\r\n".repeat(1_000);
        let little: Vec<u8> =
            "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> =
            "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        for bytes in [little, big, text.clone().into_bytes(), format!("\u{feff}{text}").into_bytes()] {
            assert_eq!(read(&bytes).expect("text"), text);
        }
        assert_eq!(read(b"").expect("text"), "");
    }

    #[test]
    fn broken_utf_16_is_refused() {
        for bytes in [&b"\xff\xfea"[..], b"\xff\xfe\x00\xd8", b"\xff\xfe\x00\xd8a\x00", b"\xff\xfe\x00\xdc"] {
            assert!(read(bytes).expect_err("a refusal").to_string().contains("UTF-16"));
        }
    }
}
