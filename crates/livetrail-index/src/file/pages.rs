//! The parts of files that questions have read lately.

use super::{CHECKSUM, File, Loadable, reader::Reader};
use moka::sync::Cache;
use std::{any::Any, fmt, io, sync::Arc};

/// Reads the files of an index, which the caller keeps.
pub trait Files: Send + Sync + fmt::Debug + 'static {
    /// The `len` bytes of a file from the byte `at` on. Fewer of them are an error.
    ///
    /// # Errors
    /// Where the file is missing, too short, or cannot be read.
    fn read(&self, file: File, at: u64, len: usize) -> io::Result<Vec<u8>>;

    /// The files that there are.
    ///
    /// # Errors
    /// Where they cannot be listed.
    fn list(&self) -> io::Result<Vec<File>>;
}

/// A part of a file that cannot be read, or that was changed. The file has to be made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file} of the index cannot be read, or was changed")]
pub struct Unreadable {
    /// The file.
    pub file: File,
}

type AnyPart = Arc<dyn Any + Send + Sync>;

/// Parts of files, as many as fit into a bound.
#[derive(Debug)]
pub struct Pages {
    files: Box<dyn Files>,
    cache: Cache<(File, u8), (AnyPart, u32)>,
}

impl Pages {
    /// Parts of `files`, of which about `bytes` bytes stay in memory.
    #[must_use]
    pub fn new(files: Box<dyn Files>, bytes: u64) -> Arc<Self> {
        let weigh = |_: &(File, u8), (_, bytes): &(AnyPart, u32)| *bytes;
        Arc::new(Self { files, cache: Cache::builder().max_capacity(bytes).weigher(weigh).build() })
    }

    /// What the parts in memory take, in bytes.
    #[must_use]
    pub fn memory(&self) -> u64 {
        self.cache.run_pending_tasks();
        self.cache.weighted_size()
    }

    /// Bytes of a file; `None` where they cannot be read.
    pub(super) fn bytes(&self, file: File, at: u64, len: usize) -> Option<Vec<u8>> {
        self.files.read(file, at, len).ok().filter(|bytes| bytes.len() == len)
    }

    /// The block that the files begin with, and whether the texts of blocks before it are in a file. `None` without a
    /// file.
    pub(crate) fn first_block(&self) -> Option<(usize, bool)> {
        let files = self.files.list().unwrap_or_default();
        let texts = files.iter().filter_map(|file| if let File::Texts(n) = file { Some(*n) } else { None });
        let blocks = files.iter().filter_map(|file| if let File::Block(n) = file { Some(*n) } else { None });
        // Blocks before the last texts are only there because they were not removed yet.
        let first = texts.max().map(|first| (first, true)).or(blocks.min().map(|first| (first, false)));
        first.map(|(first, has_texts)| (first as usize, has_texts))
    }

    /// Forgets the parts of a file, which is another one now.
    pub(super) fn forget(&self, file: File, parts: usize) {
        (0..parts).for_each(|part| self.cache.invalidate(&(file, part as u8)));
    }

    /// The bytes of a part, where they have the right checksum.
    pub(super) fn part(&self, place: &Place) -> Option<Vec<u8>> {
        let mut bytes = self.bytes(place.file, place.at.into(), place.len as usize)?;
        let sum = bytes.split_off(bytes.len().checked_sub(CHECKSUM)?);
        (crc32fast::hash(&bytes).to_le_bytes() == *sum).then_some(bytes)
    }

    fn load<T: Loadable>(&self, place: &Place) -> Option<(AnyPart, u32)> {
        let bytes = self.part(place)?;
        let mut reader = Reader::of(&bytes);
        let part = T::read(&mut reader).filter(|_| reader.is_at_end())?;
        // An entry of the cache takes some memory, too.
        let weight = u32::try_from(part.memory() + 200).unwrap_or(u32::MAX);
        Some((Arc::new(part), weight))
    }
}

/// Where a part is.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(super) pages: Arc<Pages>,
    pub(super) file: File,
    pub(super) part: u8,
    pub(super) at: u32,
    pub(super) len: u32,
}

impl Place {
    /// Some bytes of the part. `None` where they cannot be read.
    pub(super) fn bytes(&self, at: usize, len: usize) -> Option<Vec<u8>> {
        let is_within = at.checked_add(len)? <= self.len as usize;
        is_within.then(|| self.pages.bytes(self.file, u64::from(self.at) + at as u64, len))?
    }

    /// Reads the part from its file, for its checksum alone.
    pub(super) fn verify(&self) -> Result<(), Unreadable> {
        self.pages.part(self).map(drop).ok_or(Unreadable { file: self.file })
    }

    pub(super) fn load<T: Loadable>(&self) -> Result<Arc<T>, Unreadable> {
        let unreadable = Unreadable { file: self.file };
        let load = || self.pages.load::<T>(self).ok_or(unreadable);
        let (part, _) =
            self.pages.cache.try_get_with((self.file, self.part), load).map_err(|error| *error)?;
        part.downcast().map_err(|_| unreadable)
    }
}
