//! Keeps the index up to date: appends what the log has to the columns (`task.rs`), puts what is full into files
//! (`folder.rs`), takes out rows that were removed (`removals.rs`), and makes again what is damaged (`rebuild.rs`).
//! Questions wait for it (`progress.rs`).
//!
//! At a start the index is read from its files, and what they lack is read from the log. Until the index has caught up,
//! SQL answers.

mod folder;
mod progress;
mod rebuild;
mod removals;
mod task;

pub(crate) use progress::IndexState;
pub(super) use task::Feeding;

use super::columns::Index;
use folder::Folder;
use livetrail_index::{AppendError, File, Pages};
use livetrail_store::Bounds;
use livetrail_types::Epoch;
use progress::{Progress, Stage};
use removals::Removals;
use std::{
    collections::BTreeSet,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};
use tokio::sync::{Notify, watch};

/// The index, and how far it is.
#[derive(Debug)]
pub(super) struct Feed {
    /// Locked for a few thousand activities at most. A question clones it, on a thread that may block.
    index: Mutex<Index>,
    epoch: Epoch,
    /// The edition of the log that the index is made of: after an erasure, it is made again.
    edition: AtomicU64,
    /// The position before the first one of the index, when it was begun.
    floor: AtomicU64,
    folder: Folder,
    pages: Arc<Pages>,
    /// Files that a question could not read.
    damaged: Mutex<BTreeSet<File>>,
    damage: Notify,
    rebuild: Notify,
    is_rebuild_asked: AtomicBool,
    removals: Removals,
    /// Whether the index has the words of messages and details.
    pub(super) has_words: bool,
    /// Whether the index was read from its files, and is about to have the rest.
    is_catching_up: AtomicBool,
    progress: watch::Sender<Progress>,
}

/// Files of another edition are, like those of another epoch, not read.
fn file_epoch(epoch: Epoch, edition: u64) -> Epoch {
    Epoch(epoch.0 ^ (edition >> 32) as u32 ^ edition as u32)
}

impl Feed {
    /// The index of a log with these ends, as far as the files in a data folder have it. The parts of files that
    /// questions read may take `memory` bytes. `has_words` says whether it has the words of messages and details.
    ///
    /// # Errors
    /// When the folder cannot be made or cleaned.
    fn open(data_dir: &Path, bounds: Bounds, memory: u64, has_words: bool) -> io::Result<Self> {
        let Bounds { epoch, floor, head: durable, edition, .. } = bounds;
        let folder = Folder::open(data_dir)?;
        let pages = Pages::new(Box::new(folder.clone()), memory);
        let mut index = empty(floor, has_words).opened(&pages, file_epoch(epoch, edition));
        // A log that ends earlier was put back without another epoch; files of another edition may contain what was
        // erased.
        if index.head() > durable || index.head() <= floor {
            folder.keep(|_| false)?;
            index = empty(floor, has_words);
        }
        let (progress, _) = watch::channel(Progress { stage: Stage::Building, head: index.head() });
        let feed = Self {
            index: Mutex::new(index),
            epoch,
            edition: AtomicU64::new(edition),
            floor: AtomicU64::new(floor),
            folder,
            pages,
            damaged: Mutex::default(),
            damage: Notify::new(),
            rebuild: Notify::new(),
            is_rebuild_asked: AtomicBool::new(false),
            removals: Removals::default(),
            has_words,
            is_catching_up: AtomicBool::new(false),
            progress,
        };
        // The floor may have moved meanwhile. What a full disk keeps from being cleaned is cleaned later.
        if feed.save().is_ok() {
            feed.clean()?;
        }
        Ok(feed)
    }

    /// Removes the files that are not part of the index.
    fn clean(&self) -> io::Result<()> {
        let index = self.lock();
        self.folder.keep(|file| index.needs(file))
    }

    fn lock(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The index as it is now; none after an error. It may wait for what is being appended: call it on a thread that
    /// may block.
    pub(super) fn snapshot(&self) -> Option<Index> {
        // A panic may have left half an activity behind. Then the lock is poisoned.
        let index = self.index.lock().ok()?;
        (self.stage() != Stage::Failed).then(|| index.clone())
    }

    /// What the index takes in memory, in bytes.
    pub(super) fn memory(&self) -> u64 {
        self.lock().memory() as u64 + self.pages.memory()
    }

    /// What the files of the index take on the disk, in bytes.
    pub(super) fn file_bytes(&self) -> u64 {
        self.folder.bytes().unwrap_or_default()
    }

    /// Changes the index, and tells how far it is. `durable` is where the log ended when the change was read from it.
    ///
    /// # Errors
    /// When the disk does not take the file of a full block. It is tried again with the next change.
    fn change(
        &self,
        durable: u64,
        change: impl FnOnce(&mut Index) -> Result<(), AppendError>,
    ) -> io::Result<()> {
        let changed = catch_unwind(AssertUnwindSafe(|| {
            let mut index = self.lock();
            change(&mut index).map(|()| index.head())
        }));
        match changed {
            Ok(Ok(head)) => self.advance(head, durable),
            // All activities are appended.
            Ok(Err(AppendError::Unreadable(error))) => {
                self.report(error.file);
                self.advance(self.lock().head(), durable);
            }
            Ok(Err(error)) => self.fail(&error.to_string()),
            Err(_) => self.fail("it panicked"),
        }
        self.save()
    }

    /// Puts what is full into files. The index is locked only to note that a file is written.
    fn save(&self) -> io::Result<()> {
        loop {
            let Some(unsaved) =
                self.snapshot().and_then(|index| index.unsaved(file_epoch(self.epoch, self.edition())))
            else {
                return Ok(());
            };
            self.folder.write(unsaved.file, &unsaved.bytes)?;
            self.lock().saved(&unsaved, &self.pages);
        }
    }

    /// How many activities the index has.
    pub(super) fn activities(&self) -> u64 {
        self.lock().len()
    }

    /// The edition of the log that the index is made of.
    pub(super) fn edition(&self) -> u64 {
        self.edition.load(Ordering::Acquire)
    }

    fn floor(&self) -> u64 {
        self.floor.load(Ordering::Acquire)
    }

    /// Forgets what is below the floor of the log.
    ///
    /// # Errors
    /// When the disk does not take the texts that the rest needs. Then no file is removed.
    fn forget(&self, floor: u64) -> io::Result<()> {
        self.lock().forget(floor);
        self.save()?;
        // What cannot be removed only takes space.
        let _ = self.clean();
        self.floor.store(floor, Ordering::Release);
        Ok(())
    }

    /// Fails as it does when a change panics.
    #[cfg(test)]
    pub(super) fn panic_for_test(&self) {
        let _ = self.change(self.head(), |_| panic!("a test"));
    }
}

/// The index of a log without activities.
fn empty(floor: u64, has_words: bool) -> Index {
    let index = Index::new(floor);
    if has_words { index.with_words() } else { index }
}
