//! The words of messages and details, for searches of whole words. An index has this column only if it is asked to.
//!
//! An open block has the words of each row. Sealing turns that around: for each word of the block, the rows that have
//! it. The words themselves are kept and not hashes of them, so an answer is exact.
//!
//! A row with very many words would fill the memory. Such a row is noted as wordy: whether it has the words that are
//! searched for, a look at the row itself decides.

use super::Texts;
use crate::bits::Bits;
use livetrail_types::{Activity, Json, Words};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

#[derive(Clone, Debug)]
pub(crate) enum WordRows {
    Open(Whole),
    Sealed(Postings),
}

/// The words of each row of an open block. A copy shares all chunks but the last one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Whole {
    /// The different words of a row in one text, with a blank between them. No word has a blank.
    full: Vec<Arc<Texts>>,
    last: Texts,
    wordy: Bits,
}

/// Rows of a chunk.
const CHUNK: usize = 4_096;
/// Bytes of a row's different words. Rows with more are wordy. So the texts of an open block take 64 MB at
/// most; sealing it takes some of the same size for a moment.
const MAX_BYTES: usize = 1_024;

/// The rows of each word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Postings {
    /// In order.
    pub(crate) words: Texts,
    /// Where the rows of each word end.
    pub(crate) ends: Vec<u32>,
    pub(crate) rows: Vec<u16>,
    pub(crate) wordy: Bits,
}

impl Default for WordRows {
    fn default() -> Self {
        Self::Open(Whole::default())
    }
}

impl WordRows {
    pub(crate) fn push(&mut self, activity: &Activity) {
        if let Self::Open(whole) = self {
            let message = activity.error_message.as_deref().unwrap_or_default();
            let words = Words::of_texts(message, activity.details.as_ref().map_or("", Json::as_str));
            whole.push(&words.wanted().join(" "));
        }
    }

    pub(crate) fn push_gap(&mut self) {
        if let Self::Open(whole) = self {
            whole.push("");
        }
    }

    pub(crate) fn sealed(&self) -> Self {
        match self {
            Self::Open(whole) => Self::Sealed(Postings::of(whole)),
            Self::Sealed(postings) => Self::Sealed(postings.clone()),
        }
    }

    /// The rows that have all of the words. Wordy rows are not among them.
    pub(crate) fn find(&self, words: &[String]) -> Bits {
        let mut words = words.iter().map(|word| self.rows_of(word));
        let mut found = words.next().unwrap_or_default();
        words.for_each(|rows| found.keep(&rows));
        found
    }

    fn rows_of(&self, word: &str) -> Bits {
        match self {
            Self::Open(whole) => whole.find(word),
            Self::Sealed(postings) => postings.find(word),
        }
    }

    /// The rows whose words are not here.
    pub(crate) fn wordy(&self) -> &Bits {
        match self {
            Self::Open(whole) => &whole.wordy,
            Self::Sealed(postings) => &postings.wordy,
        }
    }

    pub(crate) fn memory(&self) -> usize {
        match self {
            Self::Open(whole) => whole.chunks().map(Texts::memory).sum(),
            Self::Sealed(postings) => {
                postings.words.memory() + postings.ends.len() * 4 + postings.rows.len() * 2
            }
        }
    }
}

impl Whole {
    fn push(&mut self, words: &str) {
        if words.len() > MAX_BYTES {
            self.wordy.insert(self.full.len() * CHUNK + self.last.len());
        }
        self.last.push(if words.len() > MAX_BYTES { "" } else { words });
        if self.last.len() == CHUNK {
            self.full.push(Arc::new(std::mem::take(&mut self.last)));
        }
    }

    fn chunks(&self) -> impl Iterator<Item = &Texts> {
        self.full.iter().map(|chunk| &**chunk).chain([&self.last])
    }

    fn find(&self, word: &str) -> Bits {
        let (finder, mut found) = (memchr::memmem::Finder::new(word), Bits::default());
        for (first, chunk) in (0..).step_by(CHUNK).zip(self.chunks()) {
            let with = chunk.find(&finder).into_iter();
            with.filter(|row| chunk.get(*row).split(' ').any(|one| one == word))
                .for_each(|row| found.insert(first + row));
        }
        found
    }
}

impl Postings {
    fn of(whole: &Whole) -> Self {
        let rows = || (0..=u16::MAX).zip(whole.chunks().flat_map(Texts::iter));
        let mut counts = BTreeMap::<&str, u32>::new();
        for (_, words) in rows() {
            words
                .split(' ')
                .filter(|word| !word.is_empty())
                .for_each(|word| *counts.entry(word).or_default() += 1);
        }
        // The rows of a word follow those of the words before it, so each has its place without a sort.
        let mut postings = Self { wordy: whole.wordy.clone(), ..Self::default() };
        let mut next = HashMap::new();
        let mut begin = 0;
        for (word, count) in counts {
            postings.words.push(word);
            next.insert(word, begin);
            begin += count;
            postings.ends.push(begin);
        }
        postings.rows = vec![0; begin as usize];
        for (row, words) in rows() {
            for word in words.split(' ').filter(|word| !word.is_empty()) {
                if let Some(place) = next.get_mut(word) {
                    postings.rows[*place as usize] = row;
                    *place += 1;
                }
            }
        }
        postings
    }

    fn find(&self, word: &str) -> Bits {
        let mut found = Bits::default();
        if let Some(index) = self.words.position(word) {
            let start = index.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
            let rows = &self.rows[start..self.ends[index] as usize];
            rows.iter().for_each(|row| found.insert(usize::from(*row)));
        }
        found
    }

    /// Whether [`Postings::find`] may be asked.
    pub(crate) fn is_sound(&self) -> bool {
        self.words.len() == self.ends.len()
            && self.words.iter().is_sorted_by(|one, other| one < other)
            && self.ends.is_sorted()
            && self.ends.last().map_or(0, |last| *last as usize) == self.rows.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    fn open(rows: &[String]) -> WordRows {
        let mut open = Whole::default();
        rows.iter().for_each(|words| open.push(words));
        WordRows::Open(open)
    }

    proptest! {
        #[test]
        fn a_row_is_found_by_its_words_before_and_after_sealing(
            rows in vec(vec("[aü1]{1,2}", 0..4), 0..40), wanted in vec("[aü1]{1,2}", 1..3),
        ) {
            let texts: Vec<String> = rows.iter().map(|words| words.join(" ")).collect();
            let has_all = |row: &usize| wanted.iter().all(|word| rows[*row].contains(word));
            let expected: Vec<usize> = (0..rows.len()).filter(has_all).collect();
            let column = open(&texts);
            for column in [&column, &column.sealed()] {
                prop_assert_eq!(&column.find(&wanted).ordered(false).collect::<Vec<_>>(), &expected);
            }
            let WordRows::Sealed(postings) = column.sealed() else { panic!("sealed") };
            prop_assert!(postings.is_sound());
        }
    }

    #[test]
    fn a_row_of_very_many_words_is_wordy_and_takes_no_memory() {
        let long = (0..1_000).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
        let column = open(&["a".to_owned(), long, "b".to_owned()]);
        for column in [&column, &column.sealed()] {
            assert_eq!(column.wordy().ordered(false).collect::<Vec<_>>(), [1]);
            assert_eq!(column.find(&["w7".to_owned()]).count(), 0);
            assert_eq!(column.find(&["b".to_owned()]).ordered(false).collect::<Vec<_>>(), [2]);
            assert!(column.memory() < 100);
        }
    }
}
