//! What is done to text: cleaned and cut on its way in, compared when it is searched.

use std::borrow::Cow;

/// Removes control characters other than tab and newline; most text has none and is not copied.
pub(crate) fn without_control_characters(text: &str) -> Cow<'_, str> {
    if has_control_characters(text) {
        text.chars().filter(|&c| !is_stripped(c)).collect()
    } else {
        text.into()
    }
}

/// Whether anything would be removed from `text`.
pub(crate) fn has_control_characters(text: &str) -> bool {
    // Of every byte, without an end in between: that is a few instructions for many of them. The bytes 0xc2 begin, among others, the
    // control characters that are not ASCII.
    let may_be_one =
        |byte: u8| (byte < b' ' && byte != b'\t' && byte != b'\n') || byte == 0x7f || byte == 0xc2;
    text.bytes().fold(false, |found, byte| found | may_be_one(byte)) && text.chars().any(is_stripped)
}

fn is_stripped(c: char) -> bool {
    c.is_control() && c != '\t' && c != '\n'
}

/// Cuts `text` to `most` characters, the last of them `…` when something is missing.
pub(crate) fn cut_with_mark(text: &str, most: usize) -> String {
    if text.len() <= most || text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

/// Cuts `text` to `most` characters.
pub(crate) fn cut(text: &str, most: usize) -> String {
    // No text has more characters than bytes.
    if text.len() <= most {
        return text.to_owned();
    }
    text.chars().take(most).collect()
}

/// Whether `text` has `needle` in it, upper and lower case alike. `needle` is already in lower case.
pub fn contains_ignoring_case(text: &str, needle: &str) -> bool {
    text.to_lowercase().contains(needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_go_and_tabs_and_newlines_stay() {
        assert_eq!(without_control_characters("a\u{7}b\tc\nd\re\u{9b}"), "ab\tc\nde");
    }

    #[test]
    fn a_cut_text_is_marked_and_counts_characters_not_bytes() {
        assert_eq!(cut_with_mark("äöü", 3), "äöü");
        assert_eq!(cut_with_mark("äöüß", 3), "äö…");
        assert_eq!(cut("äöüß", 3), "äöü");
    }
}
