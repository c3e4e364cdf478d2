//! Text: cleaning and cutting of input, and comparison in searches.

use memchr::memmem::Finder;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

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
    // Of every byte, without an end in between: that is a few instructions for many of them. The bytes 0xc2 begin,
    // among others, the control characters that are not ASCII.
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
pub(crate) fn cut(text: String, most: usize) -> String {
    // No text has more characters than bytes.
    if text.len() <= most {
        return text;
    }
    text.chars().take(most).collect()
}

/// Folds letters that people type alike: upper and lower case, `ß` and `ss`, and both small sigmas. The `i` without a
/// dot and the `I` with one are alike, too, and so are letters with marks in NFC and NFD. The folded text is in NFC,
/// and folding it again changes nothing. PostgreSQL does the same by an expression, so each step is one that it has,
/// too.
pub fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        let is_folded = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        return if is_folded { text.into() } else { text.to_ascii_lowercase().into() };
    }
    // The lower case comes first because the capital ẞ is its own upper case.
    let cased = text.to_lowercase().to_uppercase().to_lowercase();
    cased.replace('ς', "σ").replace("i\u{307}", "i").nfc().collect()
}

/// Whether `text` has `needle` in it, when both are [`folded`]. `needle` is already.
pub fn contains_folded(text: &str, needle: &str) -> bool {
    folded(text).contains(needle)
}

/// Whether a text is a long id of hexadecimal digits in lower case, with or without dashes, such as a UUID.
pub fn is_hexadecimal_id(text: &str) -> bool {
    text.len() >= 20 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-'))
}

/// Looks for the same needle in many texts, as [`contains_folded`] does. It prepares the needle once, and folds texts
/// in memory that it keeps.
#[derive(Debug)]
pub struct FoldedFinder<'n> {
    needle: Finder<'n>,
    lower_case: Vec<u8>,
}

impl<'n> FoldedFinder<'n> {
    /// Looks for `needle`, which is [`folded`] already.
    #[must_use]
    pub fn of(needle: &'n str) -> Self {
        Self { needle: Finder::new(needle), lower_case: Vec::new() }
    }

    /// Whether `text` has the needle in it when it is folded.
    pub fn is_in(&mut self, text: &str) -> bool {
        if !text.is_ascii() {
            return self.needle.find(folded(text).as_bytes()).is_some();
        }
        self.lower_case.clear();
        self.lower_case.extend(text.bytes().map(|byte| byte.to_ascii_lowercase()));
        self.needle.find(&self.lower_case).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    #[test]
    fn letters_that_people_type_alike_are_folded_alike() {
        for (one, other) in [
            ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
            ("Οδυσσεύς", "οδυσσεύσ"),
            ("STRASSE", "straße"),
            ("Straẞe", "strasse"),
            ("Ren\u{e9}e", "rene\u{301}e"),
            ("DIYARBAKIR", "dıyarbakır"),
            ("İstanbul", "istanbul"),
            ("ﬁlter", "FILTER"),
            ("Ünal", "ÜNAL"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        assert_ne!(folded("resume"), folded("résumé"), "a mark makes another letter");
    }

    proptest! {
        #[test]
        fn a_finder_finds_what_contains_folded_finds(texts in vec("[abAßẞsé]{0,6}", 0..6), needle in "[absé]{0,2}") {
            let needle = folded(&needle);
            let mut finder = FoldedFinder::of(&needle);
            for text in texts {
                prop_assert_eq!(finder.is_in(&text), contains_folded(&text, &needle), "{}", text);
            }
        }

        #[test]
        fn folding_again_changes_nothing(text in any::<String>()) {
            let once = folded(&text).into_owned();
            let again = folded(&once).into_owned();
            prop_assert_eq!(again, once);
        }
    }

    #[test]
    fn control_characters_go_and_tabs_and_newlines_stay() {
        assert_eq!(without_control_characters("a\u{7}b\tc\nd\re\u{9b}"), "ab\tc\nde");
    }

    #[test]
    fn a_cut_text_is_marked_and_counts_characters_not_bytes() {
        assert_eq!(cut_with_mark("äöü", 3), "äöü");
        assert_eq!(cut_with_mark("äöüß", 3), "äö…");
        assert_eq!(cut("äöüß".to_owned(), 3), "äöü");
    }
}
