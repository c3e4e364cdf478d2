//! The texts that a block adds to a dictionary.

use super::reader::{Reader, write_text};
use crate::dictionary::Dictionary;

/// Writes the texts after the first `before` up to `after`, and which of them are marked.
pub(super) fn write(bytes: &mut Vec<u8>, dictionary: &Dictionary, before: u32, after: u32) {
    bytes.extend(before.to_le_bytes());
    bytes.extend((after - before).to_le_bytes());
    for code in before + 1..=after {
        bytes.push(u8::from(dictionary.is_marked(code)));
        write_text(bytes, dictionary.text(code));
    }
}

/// Reads what [`write`] has written into the dictionary that it continues. `None` where it does not.
pub(super) fn read(reader: &mut Reader<'_>, dictionary: &mut Dictionary) -> Option<()> {
    let (before, count) = (reader.u32()?, reader.u32()?);
    if before != dictionary.len() {
        return None;
    }
    for _ in 0..count {
        let (mark, text) = (reader.u8()?, reader.text()?);
        let next = dictionary.len() + 1;
        if mark > 1 || dictionary.intern(text, || mark == 1) != next {
            return None;
        }
    }
    Some(())
}
