//! Which texts of a block have a part in common with a search.
//!
//! A hash says nothing about parts of a text. So a sealed block of resource ids keeps which trigrams occur in it, which
//! rules it out for nearly every search, and its different texts where they take little room (`file/distinct.rs`).

use super::Texts;
use livetrail_types::{folded, is_hexadecimal_id};
use memchr::memmem::Finder;
use std::borrow::Cow;

const BITS: usize = 8_192;

/// What is known of a block's texts without a look at them. Texts and needles are folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gist {
    /// A bit for each hash of three bytes that occur in a text.
    trigrams: Box<[u64]>,
    /// The bytes of the longest text.
    longest: u32,
    /// Whether there are ids of hexadecimal digits, which are not among the texts above: all trigrams occur in them.
    has_hexadecimal: bool,
}

/// Where a needle may be in a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chance {
    /// In the texts that the block keeps.
    pub(crate) in_texts: bool,
    /// In a hexadecimal id, as a part of it or as the whole.
    in_hexadecimal: bool,
}

impl Chance {
    /// Whether it may be a whole hexadecimal id, which its hash finds.
    pub(crate) fn is_whole(self) -> bool {
        self.in_hexadecimal
    }

    /// Whether the texts decide.
    pub(crate) fn needs_texts(self) -> bool {
        self.in_texts
    }
}

impl Default for Gist {
    fn default() -> Self {
        Self { trigrams: vec![0; BITS / 64].into_boxed_slice(), longest: 0, has_hexadecimal: false }
    }
}

impl Gist {
    /// What is known of these texts, and those of them that a block keeps.
    pub(crate) fn of(texts: &Distinct) -> (Self, Distinct) {
        let (mut gist, mut kept) = (Self::default(), Texts::default());
        for text in texts.0.iter() {
            if is_hexadecimal_id(text) {
                gist.has_hexadecimal = true;
                continue;
            }
            kept.push(text);
            let text = folded(text);
            gist.longest = gist.longest.max(text.len() as u32);
            for bit in trigrams(&text) {
                gist.trigrams[bit / 64] |= 1 << (bit % 64);
            }
        }
        (gist, Distinct(kept))
    }

    /// The parts that [`Gist::from_parts`] takes.
    pub(crate) fn parts(&self) -> (&[u64], u32, bool) {
        (&self.trigrams, self.longest, self.has_hexadecimal)
    }

    /// Of what [`Gist::parts`] gave. `None` where there are not as many words.
    pub(crate) fn from_parts(trigrams: Vec<u64>, longest: u32, has_hexadecimal: bool) -> Option<Self> {
        let is_whole = trigrams.len() == BITS / 64;
        is_whole.then(|| Self { trigrams: trigrams.into_boxed_slice(), longest, has_hexadecimal })
    }

    pub(crate) fn chance(&self, needle: &str) -> Chance {
        let has = |bit: usize| self.trigrams[bit / 64] >> (bit % 64) & 1 == 1;
        let fits = self.longest > 0 && needle.len() <= self.longest as usize;
        Chance {
            in_texts: fits && trigrams(needle).all(has),
            in_hexadecimal: self.has_hexadecimal && is_hexadecimal_id(needle),
        }
    }
}

fn trigrams(text: &str) -> impl Iterator<Item = usize> {
    let number = |three: &[u8]| three.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    text.as_bytes().windows(3).map(move |three| (number(three).wrapping_mul(0x9e37_79b1) >> 19) as usize)
}

/// The different texts of a block, in order. Empty where they take too much room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Distinct(pub(crate) Texts);

impl Distinct {
    pub(crate) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut sorted: Vec<&str> = texts.collect();
        sorted.sort_unstable();
        sorted.dedup();
        let mut texts = Texts::default();
        sorted.into_iter().for_each(|text| texts.push(text));
        Self(texts)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.len() == 0
    }

    /// The texts that have the needle in them when they are folded.
    pub(crate) fn containing<'a>(&'a self, needle: &'a Finder<'_>) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(|text| has_part(text, needle))
    }
}

/// Whether a text has a needle in it when it is folded, as [`Sought::is_part_of_id`](livetrail_types::Sought) says.
pub(crate) fn has_part(text: &str, needle: &Finder<'_>) -> bool {
    if is_hexadecimal_id(text) {
        return text.as_bytes() == needle.needle();
    }
    let text: Cow<'_, str> = folded(text);
    needle.find(text.as_bytes()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    proptest! {
        #[test]
        fn a_gist_never_rules_out_a_text_that_has_the_needle(
            list in vec("[abAB1ü-]{0,7}", 0..20), needle in "[ab1ü-]{0,4}",
        ) {
            let texts = Distinct::of(list.iter().map(String::as_str));
            let has = list.iter().filter(|text| folded(text).contains(&needle)).count();
            let finder = Finder::new(&needle);
            let ((gist, kept), found) = (Gist::of(&texts), texts.containing(&finder).count());
            prop_assert_eq!(found > 0, has > 0);
            prop_assert_eq!(&kept, &texts);
            // Empty texts are in no gist, since an empty search finds every user already.
            prop_assert!(gist.chance(&needle).in_texts || has == 0 || list.iter().all(String::is_empty));
            let (trigrams, longest, has_hexadecimal) = gist.parts();
            prop_assert_eq!(Gist::from_parts(trigrams.to_vec(), longest, has_hexadecimal), Some(gist.clone()));
        }
    }

    #[test]
    fn other_words_are_ruled_out() {
        let list: Vec<String> = (0..10_000).map(|n| format!("document-{n}")).collect();
        let (gist, _) = Gist::of(&Distinct::of(list.iter().map(String::as_str)));
        for (needle, expected) in [
            ("login", false),
            ("ada@example.org", false),
            ("document-99999", false),
            ("document-9999", true),
            ("ment-47", true),
            ("4", true),
        ] {
            assert_eq!(gist.chance(needle).in_texts, expected, "{needle}");
        }
    }

    #[test]
    fn hexadecimal_ids_are_found_as_a_whole_and_rule_out_no_other_word() {
        let ids = ["0198c0de-0000-7000-8000-00000000abcd", "507f1f77bcf86cd799439011", "invoice-7"];
        let (gist, kept) = Gist::of(&Distinct::of(ids.into_iter()));
        assert_eq!(kept.0.iter().collect::<Vec<_>>(), ["invoice-7"]);
        for (needle, in_texts, in_hexadecimal) in [
            ("ada", false, false),
            ("voice", true, false),
            ("507f1f77bcf86cd79943901", false, true),
            ("0198c0de-0000-7000-8000-00000000abcd", false, true),
            ("0198c0de", false, false),
        ] {
            assert_eq!(gist.chance(needle), Chance { in_texts, in_hexadecimal }, "{needle}");
        }
    }
}
