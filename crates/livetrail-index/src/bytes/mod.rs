//! Segments as bytes and back.
//!
//! A segment's bytes are derived from the log, so they need no durability of their own. They begin with a format number
//! and the log's epoch, and end with a hash of all bytes before it. The caller makes them again from the log when one
//! of these is not right. In memory cells are whole bytes, for speed; here they have as many bits as they need, for
//! size.

mod block;
mod cells;
mod reader;
mod texts;

use crate::{
    Index,
    block::Block,
    dictionary::Dictionary,
    schema::Dictionaries,
    segment::{BLOCKS, Segment},
};
use livetrail_types::Epoch;
use reader::Reader;
use std::sync::Arc;

/// It changes with the layout of the bytes, and with the hash of texts in `column/unique.rs`.
const FORMAT: u32 = 2;
const MAGIC: &[u8; 8] = b"ltindex\0";
const HASH: usize = blake3::OUT_LEN;

/// Bytes from which no segment can be restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSegment {
    /// They are cut or changed, or they never were a segment.
    #[error("the bytes are no segment of an index, or were changed")]
    Damaged,
    /// They have another format.
    #[error("the segment has another format")]
    Format,
    /// They belong to another log.
    #[error("the segment belongs to another log")]
    Epoch,
    /// They do not follow what the index has.
    #[error("the segment does not follow the last one of the index")]
    Order,
}

impl Index {
    /// The numbers of the segments that have full blocks: number n has the positions from `n * 1,048,576 + 1` on.
    pub fn segments(&self) -> impl Iterator<Item = usize> {
        let has_full = |segment: &Segment| segment.blocks.first().is_some_and(|block| block.is_full());
        (self.first..)
            .zip(&self.segments)
            .filter(move |(_, segment)| has_full(segment))
            .map(|(number, _)| number)
    }

    /// The full blocks of a segment as bytes. `None` where it has none.
    #[must_use]
    pub fn encode(&self, segment: usize, epoch: Epoch) -> Option<Vec<u8>> {
        let index = segment.checked_sub(self.first)?;
        let found = self.segments.get(index)?;
        let blocks: Vec<&Block> =
            found.blocks.iter().map(|block| &**block).filter(|block| block.is_full()).collect();
        if blocks.is_empty() {
            return None;
        }
        let after = self.segments.get(index + 1).map_or(self.dictionaries.lens(), |next| next.texts_before);
        let mut bytes = MAGIC.to_vec();
        bytes.extend(FORMAT.to_le_bytes());
        bytes.extend(epoch.0.to_le_bytes());
        bytes.extend((segment as u64).to_le_bytes());
        for (dictionary, (before, after)) in
            self.dictionaries.all().iter().zip(found.texts_before.into_iter().zip(after))
        {
            texts::write(&mut bytes, dictionary, before, after);
        }
        bytes.push(blocks.len() as u8);
        blocks.into_iter().for_each(|block| block::write(&mut bytes, block));
        let hash = blake3::hash(&bytes);
        bytes.extend(hash.as_bytes());
        Some(bytes)
    }

    /// Adds a segment that [`Index::encode`] has made. It has to follow the index's last segment, which has to be full,
    /// or to be the first one. What is restored ends with a full block, which becomes the head; rows above it are
    /// appended again.
    ///
    /// # Errors
    /// [`BadSegment`]; then the index is as it was before.
    pub fn restore(&mut self, bytes: &[u8], epoch: Epoch) -> Result<(), BadSegment> {
        let (number, mut body) = opened(bytes, epoch)?;
        let is_next = self.segments.last().is_none_or(|last| last.is_full())
            && (self.segments.is_empty() || number == self.first + self.segments.len());
        if !is_next {
            return Err(BadSegment::Order);
        }
        let mut dictionaries = self.dictionaries.clone();
        let texts_before = dictionaries.lens();
        for dictionary in dictionaries.all_mut() {
            texts::read(&mut body, dictionary)?;
        }
        let blocks = read_blocks(&mut body, &dictionaries).ok_or(BadSegment::Damaged)?;
        self.dictionaries = dictionaries;
        self.put(number, Segment { blocks, texts_before, summary: None });
        Ok(())
    }
}

/// The segment's number and what follows it, where the bytes are whole and of this format and log.
fn opened(bytes: &[u8], epoch: Epoch) -> Result<(usize, Reader<'_>), BadSegment> {
    let (content, hash) =
        bytes.split_at_checked(bytes.len().saturating_sub(HASH)).ok_or(BadSegment::Damaged)?;
    if blake3::hash(content).as_bytes() != hash {
        return Err(BadSegment::Damaged);
    }
    let mut reader = Reader::of(content);
    let mut header = || Some((reader.array::<8>()?, reader.u32()?, reader.u32()?, reader.u64()?));
    match header() {
        Some((magic, ..)) if magic != *MAGIC => Err(BadSegment::Damaged),
        Some((_, format, ..)) if format != FORMAT => Err(BadSegment::Format),
        Some((_, _, found, _)) if found != epoch.0 => Err(BadSegment::Epoch),
        // Positions are at most 2^63.
        Some((_, _, _, number)) if number < 1 << 43 => Ok((number as usize, reader)),
        _ => Err(BadSegment::Damaged),
    }
}

fn read_blocks(reader: &mut Reader<'_>, dictionaries: &Dictionaries) -> Option<Vec<Arc<Block>>> {
    let texts = dictionaries.all().each_ref().map(Dictionary::len);
    let count = usize::from(reader.u8()?);
    let blocks = (0..count).map(|_| block::read(reader, &texts).map(Arc::new)).collect::<Option<Vec<_>>>()?;
    ((1..=BLOCKS).contains(&count) && reader.is_at_end()).then_some(blocks)
}
