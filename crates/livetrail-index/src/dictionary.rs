//! Numbers for texts that occur often: the code of a text is how many others came before it, counted from 1.

use crate::column::Texts;
use hashbrown::{DefaultHashBuilder, HashTable};
use livetrail_types::folded;
use memchr::memmem::Finder;
use std::{hash::BuildHasher, sync::Arc};

/// Texts of a chunk.
const CHUNK: usize = 4_096;
const SHARDS: usize = 64;

/// An append-only dictionary.
///
/// A clone shares its chunks and shards with the original. Adding a text to one of two copies the last chunk and one
/// shard, so that a question that holds a clone never makes the writer copy everything.
#[derive(Clone, Debug)]
pub(crate) struct Dictionary {
    chunks: Vec<Arc<Chunk>>,
    /// Codes by hash of their text.
    shards: Vec<Arc<HashTable<u32>>>,
    hasher: DefaultHashBuilder,
}

/// Texts, which of them the caller marked, and whether each is its own folded form.
#[derive(Clone, Debug)]
struct Chunk {
    texts: Texts,
    marked: [u64; CHUNK / 64],
    is_folded: bool,
}

impl Default for Chunk {
    fn default() -> Self {
        Self { texts: Texts::default(), marked: [0; CHUNK / 64], is_folded: true }
    }
}

impl Default for Dictionary {
    fn default() -> Self {
        let shards = (0..SHARDS).map(|_| Arc::default()).collect();
        Self { chunks: Vec::new(), shards, hasher: DefaultHashBuilder::default() }
    }
}

impl Dictionary {
    /// How many texts there are. It is also the largest code.
    pub(crate) fn len(&self) -> u32 {
        let full = self.chunks.len().saturating_sub(1) * CHUNK;
        (full + self.chunks.last().map_or(0, |chunk| chunk.texts.len())) as u32
    }

    /// What it takes in memory, in bytes.
    pub(crate) fn memory(&self) -> usize {
        let texts: usize = self.chunks.iter().map(|chunk| chunk.texts.memory() + CHUNK / 8).sum();
        // A table of codes is between half full and seven eighths full; an entry has a byte of control.
        texts + self.shards.iter().map(|shard| shard.capacity() * 8 / 7 * 5).sum::<usize>()
    }

    /// The text of a code that is not null.
    pub(crate) fn text(&self, code: u32) -> &str {
        let index = code as usize - 1;
        self.chunks[index / CHUNK].texts.get(index % CHUNK)
    }

    /// The code of a text, if it has one.
    pub(crate) fn code(&self, text: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(text);
        self.shards[shard(hash)].find(hash, |code| self.text(*code) == text).copied()
    }

    /// The code of a text, which gets one if it has none; `mark` says whether to mark it then.
    pub(crate) fn intern(&mut self, text: &str, mark: impl FnOnce() -> bool) -> u32 {
        let hash = self.hasher.hash_one(text);
        if let Some(code) = self.shards[shard(hash)].find(hash, |code| self.text(*code) == text) {
            return *code;
        }
        let code = self.push(text, mark());
        let (chunks, hasher) = (&self.chunks, &self.hasher);
        let again = |code: &u32| {
            let index = *code as usize - 1;
            hasher.hash_one(chunks[index / CHUNK].texts.get(index % CHUNK))
        };
        Arc::make_mut(&mut self.shards[shard(hash)]).insert_unique(hash, code, again);
        code
    }

    fn push(&mut self, text: &str, mark: bool) -> u32 {
        if self.len() as usize == self.chunks.len() * CHUNK {
            self.chunks.push(Arc::default());
        }
        let index = self.len() as usize % CHUNK;
        if let Some(chunk) = self.chunks.last_mut() {
            let chunk = Arc::make_mut(chunk);
            chunk.texts.push(text);
            chunk.marked[index / 64] |= u64::from(mark) << (index % 64);
            chunk.is_folded &= folded(text) == text;
        }
        self.len()
    }

    pub(crate) fn is_marked(&self, code: u32) -> bool {
        let index = code as usize - 1;
        self.chunks[index / CHUNK].marked[index % CHUNK / 64] >> (index % 64) & 1 == 1
    }

    /// The codes of the texts that were marked.
    pub(crate) fn marked(&self) -> impl Iterator<Item = u32> {
        (1..=self.len()).filter(|code| self.is_marked(*code))
    }

    /// The codes and texts for which something holds.
    pub(crate) fn where_text(&self, holds: impl Fn(&str) -> bool) -> impl Iterator<Item = u32> {
        let texts = self.chunks.iter().flat_map(|chunk| chunk.texts.iter());
        texts.zip(1..).filter(move |(text, _)| holds(text)).map(|(_, code)| code)
    }

    /// The codes of the texts that have a needle in them, as [`contains_folded`](livetrail_types::contains_folded)
    /// says.
    pub(crate) fn containing(&self, needle: &str) -> Vec<u32> {
        let finder = Finder::new(needle);
        let mut found = Vec::new();
        for (chunk, n) in self.chunks.iter().zip(0..) {
            let indices =
                if chunk.is_folded { chunk.texts.find(&finder) } else { find_folded(&chunk.texts, &finder) };
            found.extend(indices.into_iter().map(|index| (n * CHUNK + index) as u32 + 1));
        }
        found
    }
}

fn find_folded(texts: &Texts, finder: &Finder<'_>) -> Vec<usize> {
    let has = |text: &str| finder.find(folded(text).as_bytes()).is_some();
    texts.iter().enumerate().filter(|(_, text)| has(text)).map(|(index, _)| index).collect()
}

/// The lower bits of a hash choose the place within a shard, so others choose the shard.
fn shard(hash: u64) -> usize {
    (hash >> 32) as usize % SHARDS
}

/// Ranks of the codes by the bytes of their texts, from 1; null has rank 0.
pub(crate) fn ranks(dictionary: &Dictionary) -> Vec<u32> {
    let mut codes: Vec<u32> = (1..=dictionary.len()).collect();
    codes.sort_unstable_by_key(|code| dictionary.text(*code));
    let mut ranks = vec![0; codes.len() + 1];
    codes.iter().zip(1..).for_each(|(code, rank)| ranks[*code as usize] = rank);
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    proptest! {
        #[test]
        fn equal_texts_have_one_code_and_codes_have_their_texts(texts in vec("[a-cÄ]{0,3}", 0..100)) {
            let mut dictionary = Dictionary::default();
            let codes: Vec<u32> = texts.iter().map(|text| dictionary.intern(text, || text.len() > 1)).collect();
            for (text, code) in texts.iter().zip(&codes) {
                prop_assert_eq!(dictionary.text(*code), text);
                prop_assert_eq!(dictionary.code(text), Some(*code));
                prop_assert_eq!(dictionary.is_marked(*code), text.len() > 1);
            }
            prop_assert_eq!(dictionary.code("zz"), None);
        }

        #[test]
        fn a_needle_is_found_as_the_vocabulary_finds_it(
            texts in vec("[a-cA-CÄä]{0,4}", 0..40), needle in "[abä]{0,2}",
        ) {
            let mut dictionary = Dictionary::default();
            texts.iter().for_each(|text| { dictionary.intern(text, || false); });
            let has = |code: &u32| livetrail_types::contains_folded(dictionary.text(*code), &needle);
            prop_assert_eq!(dictionary.containing(&needle), (1..=dictionary.len()).filter(has).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_clone_does_not_see_what_comes_later() {
        let mut dictionary = Dictionary::default();
        for n in 0..10_000 {
            dictionary.intern(&n.to_string(), || false);
        }
        let before = dictionary.clone();
        assert_eq!(dictionary.intern("new", || true), 10_001);
        assert_eq!((before.code("new"), before.len()), (None, 10_000));
        assert_eq!(dictionary.code("new"), Some(10_001));
        assert_eq!(dictionary.marked().collect::<Vec<_>>(), [10_001]);
    }
}
