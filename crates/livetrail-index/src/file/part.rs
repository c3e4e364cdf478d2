//! How parts of files become bytes and come back.

use super::{cells, distinct, hashes, moments, reader::Reader};
use crate::{
    bits::{Bits, ROWS},
    column::{Codes, Distinct, Postings, Texts, Times, Unique, WordRows, Zone},
    summary::{Counts, Hours},
};

/// A part of a file.
pub(crate) trait Part {
    fn write(&self, bytes: &mut Vec<u8>);

    /// What it takes in memory, in bytes.
    fn memory(&self) -> usize;
}

/// A part that is read as a whole.
pub(crate) trait Loadable: Part + Sized + Send + Sync + 'static {
    /// Reads what [`Part::write`] has written. `None` where a question about the part could go wrong.
    fn read(reader: &mut Reader<'_>) -> Option<Self>;
}

impl Part for Bits {
    fn write(&self, bytes: &mut Vec<u8>) {
        cells::write_bits(bytes, self);
    }

    fn memory(&self) -> usize {
        ROWS / 8
    }
}

impl Loadable for Bits {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        cells::read_bits(reader)
    }
}

impl Part for Times {
    fn write(&self, bytes: &mut Vec<u8>) {
        moments::write(bytes, self);
    }

    fn memory(&self) -> usize {
        Self::memory(self)
    }
}

impl Loadable for Times {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        moments::read(reader)
    }
}

impl Part for Codes {
    fn write(&self, bytes: &mut Vec<u8>) {
        let (base, zone, codes) = self.parts();
        bytes.extend(base.to_le_bytes());
        write_zone(bytes, zone);
        cells::write(bytes, codes);
    }

    fn memory(&self) -> usize {
        Self::memory(self)
    }
}

impl Loadable for Codes {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let base = reader.u32()?;
        let zone = read_zone(reader)?;
        Self::from_parts(base, zone, cells::read(reader)?)
    }
}

pub(super) fn write_zone(bytes: &mut Vec<u8>, zone: Zone) {
    bytes.extend(zone.least.to_le_bytes());
    bytes.extend(zone.most.to_le_bytes());
    bytes.push(u8::from(zone.has_null));
}

pub(super) fn read_zone(reader: &mut Reader<'_>) -> Option<Zone> {
    Some(Zone { least: reader.u32()?, most: reader.u32()?, has_null: reader.u8()? == 1 })
}

impl Part for Unique {
    fn write(&self, bytes: &mut Vec<u8>) {
        if let Self::Sealed(sealed) = self {
            hashes::write(bytes, sealed);
        }
    }

    fn memory(&self) -> usize {
        Self::memory(self)
    }
}

impl Part for Distinct {
    fn write(&self, bytes: &mut Vec<u8>) {
        distinct::write(bytes, self);
    }

    fn memory(&self) -> usize {
        self.0.memory()
    }
}

impl Loadable for Distinct {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        distinct::read(reader)
    }
}

impl Part for WordRows {
    fn write(&self, bytes: &mut Vec<u8>) {
        if let Self::Sealed(postings) = self {
            write_postings(bytes, postings);
        }
    }

    fn memory(&self) -> usize {
        Self::memory(self)
    }
}

impl Loadable for WordRows {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        read_postings(reader).map(Self::Sealed)
    }
}

fn write_postings(bytes: &mut Vec<u8>, postings: &Postings) {
    let Postings { words, ends, rows, wordy } = postings;
    cells::write_numbers(bytes, words.iter().map(|word| word.len() as u32).collect::<Vec<_>>().into_iter());
    words.iter().for_each(|word| bytes.extend(word.as_bytes()));
    cells::write_ascending(bytes, ends.iter().copied());
    rows.iter().for_each(|row| bytes.extend(row.to_le_bytes()));
    cells::write_bits(bytes, wordy);
}

fn read_postings(reader: &mut Reader<'_>) -> Option<Postings> {
    let mut words = Texts::default();
    for len in cells::read_numbers(reader)? {
        words.push(std::str::from_utf8(reader.take(len as usize)?).ok()?);
    }
    let ends = cells::read_ascending(reader)?;
    let rows = numbers(reader, ends.last().map_or(0, |last| *last as usize))?;
    let postings = Postings { words, ends, rows, wordy: cells::read_bits(reader)? };
    postings.is_sound().then_some(postings)
}

fn numbers(reader: &mut Reader<'_>, count: usize) -> Option<Vec<u16>> {
    let bytes = reader.take(count * 2)?;
    Some(bytes.as_chunks().0.iter().map(|two| u16::from_le_bytes(*two)).collect())
}

impl Part for Counts {
    fn write(&self, bytes: &mut Vec<u8>) {
        cells::write_ascending(bytes, self.0.iter().map(|(code, _)| *code));
        cells::write_numbers(bytes, self.0.iter().map(|(_, count)| *count));
    }

    fn memory(&self) -> usize {
        self.0.len() * 8
    }
}

impl Loadable for Counts {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let codes = cells::read_ascending(reader)?;
        let counts = cells::read_numbers(reader)?;
        (codes.len() == counts.len()).then(|| Self(codes.into_iter().zip(counts).collect()))
    }
}

impl Part for Hours {
    fn write(&self, bytes: &mut Vec<u8>) {
        // Hours ascend; the sign bit is turned so that their order is that of unsigned numbers.
        cells::write_ascending(bytes, self.0.iter().map(|((hour, _), _)| hour.cast_unsigned() ^ 1 << 31));
        cells::write_numbers(bytes, self.0.iter().map(|((_, action), _)| *action));
        for n in 0..2 {
            cells::write_numbers(bytes, self.0.iter().map(|(_, counts)| counts[n]));
        }
    }

    fn memory(&self) -> usize {
        self.0.len() * 16
    }
}

impl Loadable for Hours {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let hours = cells::read_ascending(reader)?;
        let [actions, failed, worked] =
            [cells::read_numbers(reader)?, cells::read_numbers(reader)?, cells::read_numbers(reader)?];
        let is_sound = [&actions, &failed, &worked].iter().all(|numbers| numbers.len() == hours.len());
        let of_hour =
            |(n, hour): (usize, &u32)| (((hour ^ 1 << 31).cast_signed(), actions[n]), [failed[n], worked[n]]);
        is_sound.then(|| Self(hours.iter().enumerate().map(of_hour).collect()))
    }
}
