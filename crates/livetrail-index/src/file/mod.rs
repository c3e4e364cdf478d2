//! Parts of the index in files.
//!
//! A full block is a file, and so is a summary. A file has a head and parts: the head stays in memory, a part is read
//! when a question needs it ([`Column`]). The caller keeps the files and reads bytes of them ([`Files`]); the cache of
//! parts ([`Pages`]) has a bound.
//!
//! A file's bytes are derived from the log, so they need no durability of their own. The caller makes a file again
//! where it is missing, damaged, of another log or of another format.
//!
//! | bytes | content |
//! | --- | --- |
//! | 8 | `ltindex\0` |
//! | 4, 4 | the format's number, the log's epoch |
//! | 4 | the length of the head |
//! | … | the head: first the number of parts, and where each begins and ends |
//! | 4 | CRC-32 of all before it |
//! | …, 4 | each part, and its CRC-32 |
//!
//! Numbers are little-endian. In memory cells are whole bytes, for speed; here they have as many bits as they need, for
//! size.

mod block;
mod cells;
mod column;
mod distinct;
mod hashes;
mod moments;
mod name;
mod pages;
mod part;
mod reader;
mod summary;
mod texts;

pub(crate) use column::{Column, Loaded};
pub use name::{File, OtherName};
pub use pages::{Files, Pages, Unreadable};
pub(crate) use part::{Loadable, Part};
pub(crate) use texts::FormerTexts;

use livetrail_types::Epoch;
use pages::Place;
use reader::Reader;
use std::sync::Arc;

/// It changes with the layout of the bytes, and with the hash of texts in `column/unique.rs`.
const FORMAT: u32 = 4;
const MAGIC: &[u8; 8] = b"ltindex\0";
/// The bytes before the head.
const PREFIX: usize = 20;
const CHECKSUM: usize = 4;

/// A part of the index that is in no file yet.
#[derive(Debug)]
pub struct Unsaved {
    /// The file that it belongs into.
    pub file: File,
    /// The content of that file.
    pub bytes: Vec<u8>,
    parts: Vec<(u32, u32)>,
}

/// Puts the parts behind their head.
struct Writer {
    parts: Vec<Vec<u8>>,
}

impl Writer {
    fn new() -> Self {
        Self { parts: Vec::new() }
    }

    fn part(&mut self, part: &impl Part) {
        let mut bytes = Vec::new();
        part.write(&mut bytes);
        self.bytes(bytes);
    }

    fn bytes(&mut self, mut bytes: Vec<u8>) {
        let sum = crc32fast::hash(&bytes);
        bytes.extend(sum.to_le_bytes());
        self.parts.push(bytes);
    }

    fn finish(self, file: File, epoch: Epoch, head: &[u8]) -> Unsaved {
        let len = 4 + self.parts.len() * 8 + head.len();
        let mut bytes = MAGIC.to_vec();
        for number in [FORMAT, epoch.0, len as u32, self.parts.len() as u32] {
            bytes.extend(number.to_le_bytes());
        }
        let (mut at, mut parts) = (PREFIX + len + CHECKSUM, Vec::new());
        for part in &self.parts {
            parts.push((at as u32, (at + part.len()) as u32));
            at += part.len();
        }
        for (begin, end) in &parts {
            bytes.extend(begin.to_le_bytes());
            bytes.extend(end.to_le_bytes());
        }
        bytes.extend(head);
        let sum = crc32fast::hash(&bytes);
        bytes.extend(sum.to_le_bytes());
        self.parts.iter().for_each(|part| bytes.extend(part));
        Unsaved { file, bytes, parts }
    }
}

/// The head of a file, and where its parts are.
struct Opened {
    head: Vec<u8>,
    places: Vec<Place>,
}

impl Opened {
    /// Reads the head of a file of a log. `None` where there is no such file, or one that is not right.
    fn of(pages: &Arc<Pages>, file: File, epoch: Epoch) -> Option<Self> {
        let prefix = pages.bytes(file, 0, PREFIX)?;
        let mut reader = Reader::of(&prefix);
        let is_right = reader.array::<8>()? == *MAGIC && reader.u32()? == FORMAT && reader.u32()? == epoch.0;
        let len = reader.u32()? as usize;
        // No head is longer: it has a block's texts, of which none is longer than a request.
        if !is_right || len > MAX_HEAD {
            return None;
        }
        let mut rest = pages.bytes(file, PREFIX as u64, len + CHECKSUM)?;
        let sum = u32::from_le_bytes(rest.split_off(len).try_into().ok()?);
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&prefix);
        hasher.update(&rest);
        if hasher.finalize() != sum {
            return None;
        }
        Self::with_places(pages, file, rest)
    }

    fn with_places(pages: &Arc<Pages>, file: File, mut head: Vec<u8>) -> Option<Self> {
        let mut reader = Reader::of(&head);
        let count = reader.u32()? as usize;
        let table = reader.take(count.checked_mul(8)?)?;
        let place = |(part, bytes): (usize, &[u8; 8])| {
            let [begin, end] = [&bytes[..4], &bytes[4..]]
                .map(|four| u32::from_le_bytes(four.try_into().unwrap_or_default()));
            Place {
                pages: Arc::clone(pages),
                file,
                part: part as u8,
                at: begin,
                len: end.saturating_sub(begin),
            }
        };
        let places = table.as_chunks::<8>().0.iter().enumerate().map(place).collect();
        head.drain(..4 + count * 8);
        Some(Self { head, places })
    }
}

/// Bytes of a head at most.
const MAX_HEAD: usize = 1 << 30;

impl Unsaved {
    /// The columns of the file, once the caller has it.
    fn places(&self, pages: &Arc<Pages>) -> impl Iterator<Item = Place> {
        pages.forget(self.file, self.parts.len());
        let place = |(part, (begin, end)): (usize, &(u32, u32))| Place {
            pages: Arc::clone(pages),
            file: self.file,
            part: part as u8,
            at: *begin,
            len: end - begin,
        };
        self.parts.iter().enumerate().map(place)
    }
}
