//! A full block as bytes.

use super::{
    cells,
    reader::{Reader, write_text},
};
use crate::{
    bits::{Bits, ROWS},
    block::Block,
    column::{Codes, Hashes, Times, Unique},
    schema::{Coded, DICTIONARIES},
};
use jiff::Timestamp;

pub(super) fn write(bytes: &mut Vec<u8>, block: &Block) {
    for rows in [&block.present, &block.success, &block.admin] {
        cells::write_bits(bytes, rows);
    }
    let (base, [low, high]) = block.times.parts();
    bytes.extend(base.to_le_bytes());
    cells::write(bytes, low);
    cells::write(bytes, high);
    for column in &block.codes {
        let (base, codes) = column.parts();
        bytes.extend(base.to_le_bytes());
        cells::write(bytes, codes);
    }
    for column in &block.unique {
        if let Unique::Sealed(hashes) = column {
            write_hashes(bytes, hashes);
        }
    }
}

/// Reads what [`write`] has written. `None` where a question about the block could go wrong, or where a code has no
/// text in a dictionary of so many texts.
pub(super) fn read(reader: &mut Reader<'_>, texts: &[u32; DICTIONARIES]) -> Option<Block> {
    let [present, success, admin] =
        [cells::read_bits(reader)?, cells::read_bits(reader)?, cells::read_bits(reader)?];
    let base = reader.u64()?.cast_signed();
    let distances = [cells::read(reader)?, cells::read(reader)?];
    let mut block = Block {
        len: ROWS,
        times: Times::from_parts(base, distances, &present)?,
        present,
        success,
        admin,
        ..Block::default()
    };
    for column in &mut block.codes {
        let base = reader.u32()?;
        *column = Codes::from_parts(base, cells::read(reader)?, &block.present)?;
    }
    for column in &mut block.unique {
        *column = Unique::Sealed(read_hashes(reader, &block.present)?);
    }
    is_sound(&block, texts).then_some(block)
}

fn is_sound(block: &Block, texts: &[u32; DICTIONARIES]) -> bool {
    let has_texts = |(column, texts): (&Codes, &u32)| column.bounds().is_none_or(|(_, most)| most <= *texts);
    let always_known = [Coded::Action, Coded::User].map(|column| !block.codes(column).has_null());
    let [first, last] = [Timestamp::MIN, Timestamp::MAX].map(Timestamp::as_microsecond);
    let is_moment = block.times.bounds().is_none_or(|(least, most)| first <= least && most <= last);
    is_moment && block.codes.iter().zip(texts).all(has_texts) && always_known == [true, true]
}

fn write_hashes(bytes: &mut Vec<u8>, hashes: &Hashes) {
    let counts: Vec<u32> = hashes.starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    cells::write_run(bytes, &counts);
    for numbers in [&hashes.keys, &hashes.rows] {
        numbers.iter().for_each(|number| bytes.extend(number.to_le_bytes()));
    }
    bytes.extend((hashes.shared.len() as u32).to_le_bytes());
    for (text, rows) in &hashes.shared {
        write_text(bytes, text);
        bytes.extend((rows.len() as u32).to_le_bytes());
        rows.iter().for_each(|row| bytes.extend(row.to_le_bytes()));
    }
}

fn read_hashes(reader: &mut Reader<'_>, present: &Bits) -> Option<Hashes> {
    let width = reader.u8()?;
    let mut counts = Vec::with_capacity(256);
    cells::read_run(reader, width, 256, &mut counts)?;
    let mut starts = vec![0];
    for count in counts {
        let end = starts.last().copied().unwrap_or_default();
        starts.push(count.checked_add(end).filter(|end| *end as usize <= ROWS)?);
    }
    let count = starts.last().copied().unwrap_or_default() as usize;
    let (keys, rows) = (numbers(reader, count)?, numbers(reader, count)?);
    let mut shared = Vec::new();
    for _ in 0..reader.u32()? {
        let text = reader.text()?.to_owned();
        let count = reader.u32()? as usize;
        shared.push((text, numbers(reader, count.min(ROWS))?));
    }
    let hashes = Hashes { starts, keys, rows, shared };
    hashes.is_sound(present).then_some(hashes)
}

fn numbers(reader: &mut Reader<'_>, count: usize) -> Option<Vec<u16>> {
    let bytes = reader.take(count * 2)?;
    Some(bytes.as_chunks().0.iter().map(|two| u16::from_le_bytes(*two)).collect())
}
