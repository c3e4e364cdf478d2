//! A column of texts of which almost every one is different: sessions, requests, traces.
//!
//! Such texts would fill a dictionary as fast as the log grows. A sealed block keeps 24 bits of a hash and the row for
//! each, sorted by hash. While the block is open its texts are at hand, so sealing sees which of them share a hash:
//! those are kept whole. Every other hash of the block belongs to exactly one text. So a look at one row says for all
//! rows of a hash whether they have the text that is asked for.

use super::{Distinct, Texts, parts::has_part};
use crate::bits::Bits;
use memchr::memmem::Finder;
use std::{collections::BTreeMap, sync::Arc};

#[derive(Clone, Debug)]
pub(crate) enum Unique {
    Open(Whole),
    Sealed(Hashes),
}

/// The texts of an open block. A copy shares all chunks but the last one, since a block of long texts takes megabytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Whole {
    /// A text for each row, empty where the row has none.
    full: Vec<Arc<Texts>>,
    last: Texts,
    /// The rows that have one.
    known: Bits,
}

/// How many bits a hash has.
pub(crate) const HASH_BITS: u32 = 24;

/// Texts of a chunk.
const CHUNK: usize = 4_096;

/// Rows by the hash of their text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hashes {
    /// In order; a hash is there for each of its rows.
    pub(crate) hashes: Vec<u32>,
    pub(crate) rows: Vec<u16>,
    /// Texts that share a hash, in order, each with its rows.
    pub(crate) shared: Vec<(String, Vec<u16>)>,
}

/// Where a text may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// In these rows.
    Rows(Vec<u16>),
    /// In all of these rows or in none.
    Candidates(Vec<u16>),
}

impl Default for Unique {
    fn default() -> Self {
        Self::Open(Whole::default())
    }
}

impl Unique {
    pub(crate) fn push(&mut self, text: Option<&str>) {
        if let Self::Open(whole) = self {
            whole.push(text);
        }
    }

    pub(crate) fn sealed(&self) -> Self {
        match self {
            Self::Open(whole) => Self::Sealed(Hashes::of(whole)),
            Self::Sealed(hashes) => Self::Sealed(hashes.clone()),
        }
    }

    pub(crate) fn memory(&self) -> usize {
        match self {
            Self::Open(whole) => whole.chunks().map(Texts::memory).sum(),
            Self::Sealed(hashes) => {
                let shared = hashes.shared.iter().map(|(text, rows)| text.len() + rows.len() * 2 + 48);
                hashes.hashes.len() * 6 + shared.sum::<usize>()
            }
        }
    }

    /// The different texts of an open column; none of a sealed one.
    pub(crate) fn distinct(&self) -> Distinct {
        match self {
            Self::Open(whole) => whole.distinct(),
            Self::Sealed(_) => Distinct::default(),
        }
    }

    /// The rows of an open column whose text has a needle in it when it is folded. `None` for a sealed one.
    pub(crate) fn containing(&self, needle: &Finder<'_>) -> Option<Vec<u16>> {
        match self {
            Self::Open(whole) => Some(whole.containing(needle)),
            Self::Sealed(_) => None,
        }
    }

    pub(crate) fn find(&self, text: &str) -> Found {
        match self {
            Self::Open(whole) => Found::Rows(whole.find(text)),
            Self::Sealed(hashes) => hashes.find(text),
        }
    }
}

impl Whole {
    fn push(&mut self, text: Option<&str>) {
        if text.is_some() {
            self.known.insert(self.full.len() * CHUNK + self.last.len());
        }
        self.last.push(text.unwrap_or_default());
        if self.last.len() == CHUNK {
            self.full.push(Arc::new(std::mem::take(&mut self.last)));
        }
    }

    fn chunks(&self) -> impl Iterator<Item = &Texts> {
        self.full.iter().map(|chunk| &**chunk).chain([&self.last])
    }

    fn get(&self, row: usize) -> &str {
        self.full.get(row / CHUNK).map_or(&self.last, |chunk| chunk).get(row % CHUNK)
    }

    /// The rows that have a text.
    fn rows(&self) -> impl Iterator<Item = (&str, u16)> {
        let rows = self.chunks().flat_map(Texts::iter).zip(0..=u16::MAX);
        rows.filter(|(_, row)| self.known.contains(usize::from(*row)))
    }

    fn distinct(&self) -> Distinct {
        Distinct::of(self.rows().map(|(text, _)| text))
    }

    fn find(&self, text: &str) -> Vec<u16> {
        self.rows().filter(|(found, _)| *found == text).map(|(_, row)| row).collect()
    }

    fn containing(&self, needle: &Finder<'_>) -> Vec<u16> {
        self.rows().filter(|(text, _)| has_part(text, needle)).map(|(_, row)| row).collect()
    }
}

impl Hashes {
    fn of(texts: &Whole) -> Self {
        // A hash and its row are one number, because numbers are sorted fastest.
        let mut hashed = Vec::new();
        texts.known.each(|row| hashed.push(u64::from(hash(texts.get(row))) << 16 | row as u64));
        hashed.sort_unstable();
        let hashed: Vec<(u32, u16)> =
            hashed.into_iter().map(|number| ((number >> 16) as u32, number as u16)).collect();
        let (mut pairs, mut shared) = (Vec::with_capacity(hashed.len()), Vec::new());
        for group in hashed.chunk_by(|one, other| one.0 == other.0) {
            let text = |row: u16| texts.get(usize::from(row));
            if group.iter().all(|(_, row)| text(*row) == text(group[0].1)) {
                pairs.extend_from_slice(group);
            } else {
                let mut rows = BTreeMap::<&str, Vec<u16>>::new();
                group.iter().for_each(|(_, row)| rows.entry(text(*row)).or_default().push(*row));
                shared.extend(rows.into_iter().map(|(text, rows)| (text.to_owned(), rows)));
            }
        }
        shared.sort();
        let (hashes, rows) = pairs.into_iter().unzip();
        Self { hashes, rows, shared }
    }

    pub(crate) fn find(&self, text: &str) -> Found {
        if let Some((_, rows)) = self.shared.iter().find(|(shared, _)| shared == text) {
            return Found::Rows(rows.clone());
        }
        let hash = hash(text);
        let (from, to) = (
            self.hashes.partition_point(|other| *other < hash),
            self.hashes.partition_point(|other| *other <= hash),
        );
        Found::Candidates(self.rows[from..to].to_vec())
    }
}

/// 24 bits that depend on all bytes of a text, eight of which are mixed at once. It is part of the format: the same on
/// every machine.
pub(crate) fn hash(text: &str) -> u32 {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let mix = |hash: u64, word: u64| {
        let mixed = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ mixed >> 32
    };
    let hash = words.iter().fold(text.len() as u64, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    (mix(mix(hash, u64::from_le_bytes(last)), 0) >> (64 - HASH_BITS)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(texts: &[String]) -> Unique {
        let mut open = Unique::default();
        texts.iter().for_each(|text| open.push(Some(text)));
        open.push(None);
        open.sealed()
    }

    #[test]
    fn a_block_of_different_texts_has_some_that_share_a_hash_and_finds_each() {
        let texts: Vec<String> = (0..40_000).map(|n| format!("request-{n}")).collect();
        let Unique::Sealed(hashes) = sealed(&texts) else { panic!("sealed") };
        assert!(!hashes.shared.is_empty() && hashes.shared.len() < 400, "{}", hashes.shared.len());
        for (row, text) in texts.iter().enumerate() {
            let (Found::Rows(rows) | Found::Candidates(rows)) = hashes.find(text);
            assert_eq!(rows, [row as u16], "{text}");
        }
        let candidates =
            (0..40_000).filter(|n| hashes.find(&format!("other-{n}")) != Found::Candidates(Vec::new()));
        assert!(candidates.count() < 400, "a text that no row has is seldom a candidate");
    }

    #[test]
    fn a_text_of_many_rows_has_all_of_them_and_an_empty_text_is_not_null() {
        let texts = ["", "a", "b", "a", ""].map(str::to_owned);
        let column = sealed(&texts);
        assert_eq!(column.find("a"), Found::Candidates(vec![1, 3]));
        assert_eq!(column.find(""), Found::Candidates(vec![0, 4]));
    }
}
