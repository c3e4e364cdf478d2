//! The texts that blocks add to the dictionaries.

use super::{
    File, Opened, Pages, Place, Unreadable, Unsaved, Writer, cells,
    reader::{Reader, write_text},
};
use crate::{
    dictionary::Dictionary,
    schema::{Coded, DICTIONARIES, Dictionaries},
};
use livetrail_types::Epoch;
use std::sync::Arc;

/// The file of the texts of blocks that are not in the index any more. Later blocks need them.
#[derive(Clone, Debug)]
pub(crate) struct FormerTexts {
    /// The block before which they were added.
    pub(crate) first: usize,
    place: Place,
}

impl FormerTexts {
    /// The first `counts` texts of each dictionary as a file.
    pub(crate) fn unsaved(
        dictionaries: &Dictionaries,
        first: usize,
        epoch: Epoch,
        counts: [u32; DICTIONARIES],
    ) -> Unsaved {
        let mut bytes = Vec::new();
        for (dictionary, count) in dictionaries.all().iter().zip(counts) {
            write(&mut bytes, dictionary, 0, count);
        }
        cells::write_numbers(&mut bytes, dictionaries.homes.dump(counts[Coded::User as usize]));
        let mut writer = Writer::new();
        writer.bytes(bytes);
        writer.finish(File::Texts(first as u64), epoch, &[])
    }

    /// The file that the caller has written.
    pub(crate) fn saved(first: usize, unsaved: &Unsaved, pages: &Arc<Pages>) -> Option<Self> {
        unsaved.places(pages).next().map(|place| Self { first, place })
    }

    /// Reads the dictionaries before the block `first`. `None` where the file is not there or not right.
    pub(crate) fn open(pages: &Arc<Pages>, first: usize, epoch: Epoch) -> Option<(Self, Dictionaries)> {
        let place = Opened::of(pages, File::Texts(first as u64), epoch)?.places.pop()?;
        let bytes = pages.part(&place)?;
        let (mut reader, mut dictionaries) = (Reader::of(&bytes), Dictionaries::default());
        for dictionary in dictionaries.all_mut() {
            read(&mut reader, dictionary)?;
        }
        let homes = cells::read_numbers(&mut reader)?;
        let is_right = reader.is_at_end() && homes.len() == dictionaries.of(Coded::User).len() as usize;
        dictionaries.homes.restore(&homes);
        is_right.then_some((Self { first, place }, dictionaries))
    }

    /// Reads the file for its checksum alone.
    pub(crate) fn verify(&self) -> Result<(), Unreadable> {
        self.place.verify()
    }
}

/// Writes the texts after the first `before` up to `after`, and which of them are marked.
pub(super) fn write(bytes: &mut Vec<u8>, dictionary: &Dictionary, before: u32, after: u32) {
    bytes.extend(before.to_le_bytes());
    bytes.extend((after - before).to_le_bytes());
    for code in before + 1..=after {
        bytes.push(u8::from(dictionary.is_marked(code)));
        write_text(bytes, dictionary.text(code));
    }
}

/// Reads what [`write`] has written into the dictionary that it continues. `None` where it does not.
pub(super) fn read(reader: &mut Reader<'_>, dictionary: &mut Dictionary) -> Option<()> {
    let (before, count) = (reader.u32()?, reader.u32()?);
    if before != dictionary.len() {
        return None;
    }
    for _ in 0..count {
        let (mark, text) = (reader.u8()?, reader.text()?);
        let next = dictionary.len() + 1;
        if mark > 1 || dictionary.intern(text, || mark == 1) != next {
            return None;
        }
    }
    Some(())
}
