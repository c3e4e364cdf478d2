//! How parts of files become bytes and come back.

use super::{
    cells, distinct, moments,
    reader::{Reader, write_text},
};
use crate::{
    bits::{Bits, ROWS},
    column::{Codes, Distinct, Hashes, Times, Unique, Zone},
    summary::{Counts, Hours},
};

/// A part of a file.
pub(crate) trait Part: Sized + Send + Sync + 'static {
    fn write(&self, bytes: &mut Vec<u8>);

    /// Reads what [`Part::write`] has written. `None` where a question about the part could go wrong.
    fn read(reader: &mut Reader<'_>) -> Option<Self>;

    /// What it takes in memory, in bytes.
    fn memory(&self) -> usize;
}

impl Part for Bits {
    fn write(&self, bytes: &mut Vec<u8>) {
        cells::write_bits(bytes, self);
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        cells::read_bits(reader)
    }

    fn memory(&self) -> usize {
        ROWS / 8
    }
}

impl Part for Times {
    fn write(&self, bytes: &mut Vec<u8>) {
        moments::write(bytes, self);
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        moments::read(reader)
    }

    fn memory(&self) -> usize {
        Self::memory(self)
    }
}

impl Part for Codes {
    fn write(&self, bytes: &mut Vec<u8>) {
        let (base, zone, codes) = self.parts();
        bytes.extend(base.to_le_bytes());
        write_zone(bytes, zone);
        cells::write(bytes, codes);
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let base = reader.u32()?;
        let zone = read_zone(reader)?;
        Self::from_parts(base, zone, cells::read(reader)?)
    }

    fn memory(&self) -> usize {
        Self::memory(self)
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
        if let Self::Sealed(hashes) = self {
            write_hashes(bytes, hashes);
        }
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        read_hashes(reader).map(Self::Sealed)
    }

    fn memory(&self) -> usize {
        Self::memory(self)
    }
}

fn write_hashes(bytes: &mut Vec<u8>, hashes: &Hashes) {
    let all: Vec<u32> = hashes.all().collect();
    cells::write_ascending(bytes, all.into_iter());
    hashes.rows.iter().for_each(|row| bytes.extend(row.to_le_bytes()));
    bytes.extend((hashes.shared.len() as u32).to_le_bytes());
    for (text, rows) in &hashes.shared {
        write_text(bytes, text);
        bytes.extend((rows.len() as u32).to_le_bytes());
        rows.iter().for_each(|row| bytes.extend(row.to_le_bytes()));
    }
}

fn read_hashes(reader: &mut Reader<'_>) -> Option<Hashes> {
    let all = cells::read_ascending(reader)?;
    let rows = numbers(reader, all.len().min(ROWS))?;
    let mut shared = Vec::new();
    for _ in 0..reader.u32()? {
        let text = reader.text()?.to_owned();
        let count = reader.u32()? as usize;
        shared.push((text, numbers(reader, count.min(ROWS))?));
    }
    let hashes = Hashes::from_parts(&all, rows, shared);
    hashes.is_sound().then_some(hashes)
}

fn numbers(reader: &mut Reader<'_>, count: usize) -> Option<Vec<u16>> {
    let bytes = reader.take(count * 2)?;
    Some(bytes.as_chunks().0.iter().map(|two| u16::from_le_bytes(*two)).collect())
}

impl Part for Distinct {
    fn write(&self, bytes: &mut Vec<u8>) {
        distinct::write(bytes, self);
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        distinct::read(reader)
    }

    fn memory(&self) -> usize {
        self.0.memory()
    }
}

impl Part for Counts {
    fn write(&self, bytes: &mut Vec<u8>) {
        cells::write_ascending(bytes, self.0.iter().map(|(code, _)| *code));
        cells::write_numbers(bytes, self.0.iter().map(|(_, count)| *count));
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let codes = cells::read_ascending(reader)?;
        let counts = cells::read_numbers(reader)?;
        (codes.len() == counts.len()).then(|| Self(codes.into_iter().zip(counts).collect()))
    }

    fn memory(&self) -> usize {
        self.0.len() * 8
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

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let hours = cells::read_ascending(reader)?;
        let [actions, failed, worked] =
            [cells::read_numbers(reader)?, cells::read_numbers(reader)?, cells::read_numbers(reader)?];
        let is_sound = [&actions, &failed, &worked].iter().all(|numbers| numbers.len() == hours.len());
        let of_hour =
            |(n, hour): (usize, &u32)| (((hour ^ 1 << 31).cast_signed(), actions[n]), [failed[n], worked[n]]);
        is_sound.then(|| Self(hours.iter().enumerate().map(of_hour).collect()))
    }

    fn memory(&self) -> usize {
        self.0.len() * 16
    }
}
