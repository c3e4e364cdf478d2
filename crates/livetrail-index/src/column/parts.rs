//! Which texts of a block have a part in common with a search.
//!
//! A hash says nothing about parts of a text. So a sealed block of resource ids keeps which trigrams occur in it, which
//! rules it out for nearly every search, and its different texts where they take little room (`file/distinct.rs`).

use super::Texts;
use livetrail_types::folded;
use memchr::memmem::Finder;
use std::borrow::Cow;

const BITS: usize = 8_192;

/// What is known of a block's texts without a look at them. Texts and needles are folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gist {
    /// A bit for each hash of three bytes that occur in a row.
    trigrams: Box<[u64]>,
    /// The bytes of the longest text.
    longest: u32,
    /// Whether all texts are folded as they stand.
    pub(crate) is_folded: bool,
}

/// Whether a text of a block has a needle in it, as far as its gist says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chance {
    None,
    /// At most a text that is the needle.
    Whole,
    Some,
}

impl Default for Gist {
    fn default() -> Self {
        Self { trigrams: vec![0; BITS / 64].into_boxed_slice(), longest: 0, is_folded: true }
    }
}

impl Gist {
    pub(crate) fn of(texts: &Distinct) -> Self {
        let mut gist = Self::default();
        for original in texts.0.iter() {
            let text = folded(original);
            gist.is_folded &= text == original;
            gist.longest = gist.longest.max(text.len() as u32);
            for bit in trigrams(&text) {
                gist.trigrams[bit / 64] |= 1 << (bit % 64);
            }
        }
        gist
    }

    /// The parts that [`Gist::from_parts`] takes.
    pub(crate) fn parts(&self) -> (&[u64], u32, bool) {
        (&self.trigrams, self.longest, self.is_folded)
    }

    /// Of what [`Gist::parts`] gave. `None` where there are not as many words.
    pub(crate) fn from_parts(trigrams: Vec<u64>, longest: u32, is_folded: bool) -> Option<Self> {
        let is_whole = trigrams.len() == BITS / 64;
        is_whole.then(|| Self { trigrams: trigrams.into_boxed_slice(), longest, is_folded })
    }

    pub(crate) fn chance(&self, needle: &str) -> Chance {
        let has = |bit: usize| self.trigrams[bit / 64] >> (bit % 64) & 1 == 1;
        match (self.longest as usize).checked_sub(needle.len()) {
            _ if self.longest == 0 => Chance::None,
            Some(0) if trigrams(needle).all(has) => Chance::Whole,
            Some(1..) if trigrams(needle).all(has) => Chance::Some,
            _ => Chance::None,
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

/// Whether a text has a needle in it when it is folded.
pub(crate) fn has_part(text: &str, needle: &Finder<'_>) -> bool {
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
            let (gist, found) = (Gist::of(&texts), texts.containing(&finder).count());
            prop_assert_eq!(found > 0, has > 0);
            match gist.chance(&needle) {
                // Empty texts are in no gist, since nobody searches for nothing.
                Chance::None => prop_assert!(has == 0 || list.iter().all(String::is_empty)),
                Chance::Whole => prop_assert!(texts.containing(&finder).all(|text| folded(text) == needle)),
                Chance::Some => {}
            }
            let (trigrams, longest, is_folded) = gist.parts();
            prop_assert_eq!(is_folded, list.iter().all(|text| folded(text) == *text));
            prop_assert_eq!(Gist::from_parts(trigrams.to_vec(), longest, is_folded), Some(gist.clone()));
        }
    }

    #[test]
    fn other_words_are_ruled_out() {
        let list: Vec<String> = (0..10_000).map(|n| format!("document-{n}")).collect();
        let gist = Gist::of(&Distinct::of(list.iter().map(String::as_str)));
        for (needle, chance) in [
            ("login", Chance::None),
            ("ada@example.org", Chance::None),
            ("document-99999", Chance::None),
            ("document-9999", Chance::Whole),
            ("ment-47", Chance::Some),
            ("4", Chance::Some),
        ] {
            assert_eq!(gist.chance(needle), chance, "{needle}");
        }
    }
}
