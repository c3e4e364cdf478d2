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
            add(dictionary, read(&mut reader, 0)?)?;
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

/// Texts, and which of them are marked.
pub(super) type Added<'a> = Vec<(bool, &'a str)>;

/// Reads what [`write`] has written after the first `before` texts.
pub(super) fn read<'a>(reader: &mut Reader<'a>, before: u32) -> Option<Added<'a>> {
    if reader.u32()? != before {
        return None;
    }
    let mut added = Vec::new();
    for _ in 0..reader.u32()? {
        added.push((reader.u8()? == 1, reader.text()?));
    }
    Some(added)
}

/// Adds texts to a dictionary. `None` where it has one of them already.
pub(super) fn add(dictionary: &mut Dictionary, added: Added<'_>) -> Option<()> {
    for (mark, text) in added {
        let next = dictionary.len() + 1;
        (dictionary.intern(text, || mark) == next).then_some(())?;
    }
    Some(())
}
