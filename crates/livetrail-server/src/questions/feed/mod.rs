//! Keeps the index up to date: appends what the log has to the columns (`task.rs`), and puts what is full into files
//! (`folder.rs`).
//!
//! At a start the index is read from its files, and what they lack is read from the log. Until the index has caught up,
//! SQL answers.

mod folder;
mod removals;
mod task;

pub(super) use task::Feeding;

use super::columns::Index;
use folder::Folder;
use livetrail_index::{AppendError, File, Pages};
use livetrail_store::Bounds;
use livetrail_types::{Activity, Epoch};
use removals::Removals;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{Notify, watch},
    time::timeout,
};
use utoipa::ToSchema;

/// How long a question waits until the index has what was acknowledged before it began.
const MAX_WAIT: Duration = Duration::from_secs(1);
/// How long a question waits for an index that lacks at most [`FEW`] activities after a start: SQL would take longer.
const MAX_CATCH_UP: Duration = Duration::from_secs(4);
/// How long an erasure waits until the index has forgotten what was erased.
const MAX_RENEWAL: Duration = Duration::from_secs(10);
/// What is in no file is read from the log at a start: less than a block, and what other nodes have appended meanwhile.
const FEW: u64 = 200_000;

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

#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    stage: Stage,
    pub(super) head: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Building,
    Ready,
    Failed,
}

/// The state of the index of lists and figures. Until it is ready, the database answers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum IndexState {
    /// It reads the log.
    Building {
        /// Activities that it has read.
        indexed: u64,
        /// Activities of the log.
        of: u64,
    },
    /// It answers.
    Ready,
    /// It met an error, which the server's log has. The database answers until the index is made again, which has to be asked for.
    Failed,
}

/// Files of another edition are, like those of another epoch, not read.
fn file_epoch(epoch: Epoch, edition: u64) -> Epoch {
    Epoch(epoch.0 ^ (edition >> 32) as u32 ^ edition as u32)
}

impl Feed {
    /// The index of a log with these ends, as far as the files in a data folder have it. The parts of files that questions read
    /// may take `memory` bytes. `has_words` says whether it has the words of messages and details.
    ///
    /// # Errors
    /// When the folder cannot be made or cleaned.
    fn open(data_dir: &Path, bounds: Bounds, memory: u64, has_words: bool) -> io::Result<Self> {
        let Bounds { epoch, floor, head: durable, edition, .. } = bounds;
        let folder = Folder::open(data_dir)?;
        let pages = Pages::new(Box::new(folder.clone()), memory);
        let mut index = empty(floor, has_words).opened(&pages, file_epoch(epoch, edition));
        // A log that ends earlier was put back without another epoch; files of another edition may contain what was erased.
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

    /// The index as it is now; none after an error. It may wait for what is being appended: call it on a thread that may block.
    pub(super) fn snapshot(&self) -> Option<Index> {
        // A panic may have left half an activity behind. Then the lock is poisoned.
        let index = self.index.lock().ok()?;
        (self.stage() != Stage::Failed).then(|| index.clone())
    }

    /// Is told of each change.
    #[cfg(test)]
    pub(super) fn changes(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// The last position that the index has.
    pub(super) fn head(&self) -> u64 {
        self.progress.borrow().head
    }

    /// What the index takes in memory, in bytes.
    pub(super) fn memory(&self) -> u64 {
        self.lock().memory() as u64 + self.pages.memory()
    }

    /// What the files of the index take on the disk, in bytes.
    pub(super) fn file_bytes(&self) -> u64 {
        self.folder.bytes().unwrap_or_default()
    }

    /// How far it is in a log that ends at `durable`.
    pub(super) fn state(&self, durable: u64) -> IndexState {
        let Progress { stage, head } = *self.progress.borrow();
        match stage {
            Stage::Building => IndexState::Building {
                indexed: head.saturating_sub(self.floor()),
                of: durable.max(head).saturating_sub(self.floor()),
            },
            Stage::Ready => IndexState::Ready,
            Stage::Failed => IndexState::Failed,
        }
    }

    fn stage(&self) -> Stage {
        self.progress.borrow().stage
    }

    /// Whether questions can be answered from the index, except that it may be a moment behind.
    pub(super) fn is_ready(&self) -> bool {
        self.stage() == Stage::Ready
    }

    /// Whether it is worth waiting for an index that is not ready.
    pub(super) fn is_catching_up(&self) -> bool {
        self.is_catching_up.load(Ordering::Acquire)
    }

    /// Begins to feed an index that was opened, in a log that ends at `durable`.
    fn begin(&self, durable: u64) {
        let head = self.head();
        let lacks_little = head > self.floor() && durable.saturating_sub(head) <= FEW;
        self.is_catching_up.store(lacks_little, Ordering::Release);
        self.advance(head, durable);
    }

    /// Waits until the index has everything up to `head`; false if it does not have it soon.
    pub(super) async fn has_reached(&self, head: u64) -> bool {
        let (mut progress, is_catching_up) = (self.progress.subscribe(), self.is_catching_up());
        let settled = progress.wait_for(|progress| match progress.stage {
            Stage::Ready => progress.head >= head,
            Stage::Building => !is_catching_up,
            Stage::Failed => true,
        });
        let limit = if is_catching_up { MAX_CATCH_UP } else { MAX_WAIT };
        matches!(timeout(limit, settled).await, Ok(Ok(progress)) if progress.stage == Stage::Ready)
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

    /// Reads all files, and has the damaged ones made again.
    pub(super) fn verify(&self) -> Vec<File> {
        let damaged = self.snapshot().map(|index| index.damaged()).unwrap_or_default();
        damaged.iter().for_each(|file| self.report(*file));
        damaged
    }

    /// Has the whole index made again.
    pub(super) fn ask_for_rebuild(&self) {
        self.is_rebuild_asked.store(true, Ordering::Release);
        self.rebuild.notify_one();
    }

    fn is_asked_for_rebuild(&self) -> bool {
        self.is_rebuild_asked.load(Ordering::Acquire)
    }

    /// The edition of the log that the index is made of.
    pub(super) fn edition(&self) -> u64 {
        self.edition.load(Ordering::Acquire)
    }

    /// Waits until the index is made of this edition, for a moment at most.
    async fn has_edition(&self, edition: u64) {
        let mut progress = self.progress.subscribe();
        let _ = timeout(MAX_RENEWAL, progress.wait_for(|_| self.edition() == edition)).await;
    }

    fn floor(&self) -> u64 {
        self.floor.load(Ordering::Acquire)
    }

    /// Forgets everything, and begins anew with a floor and an edition of the log. Until the index is there again, SQL answers.
    fn clear(&self, floor: u64, edition: u64) {
        tracing::info!("the index is made again from the log");
        self.is_rebuild_asked.store(false, Ordering::Release);
        // What a panic has left behind goes.
        self.index.clear_poison();
        self.floor.store(floor, Ordering::Release);
        self.progress.send_modify(|progress| *progress = Progress { stage: Stage::Building, head: floor });
        *self.lock() = empty(floor, self.has_words);
        self.removals.forget();
        // Files that stay are written again.
        let _ = self.folder.keep(|_| false);
        self.edition.store(edition, Ordering::Release);
        self.progress.send_modify(|_| {});
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

    /// Has a file made again that a question could not read.
    pub(super) fn report(&self, file: File) {
        self.damaged.lock().unwrap_or_else(PoisonError::into_inner).insert(file);
        self.damage.notify_one();
    }

    /// A file that has to be made again.
    fn next_damaged(&self) -> Option<File> {
        self.damaged.lock().unwrap_or_else(PoisonError::into_inner).pop_first()
    }

    /// Makes a file again. `activities` are those of its positions, if it is a block.
    fn mend(&self, file: File, activities: &[Activity], durable: u64) -> io::Result<()> {
        tracing::warn!(%file, "a file of the index was damaged, and is made again");
        self.change(durable, |index| {
            match file {
                File::Block(number) => {
                    index.mend(number, activities);
                    // The rows may have been read before a removal that the index knew already.
                    self.removals.forget();
                }
                File::Summary { level, number } => index.forget_summary(level, number),
                File::Texts(_) => index.forget_texts(),
            }
            index.advance(index.head())
        })
    }

    /// The index stands still, because the disk takes none of its files. Meanwhile SQL answers.
    fn wait_for_disk(&self, error: &io::Error) {
        self.is_catching_up.store(false, Ordering::Release);
        if self.stage() == Stage::Ready {
            tracing::warn!(%error, "the index cannot write its files, so the database answers questions until it can");
            self.progress.send_modify(|progress| progress.stage = Stage::Building);
        }
    }

    fn advance(&self, head: u64, durable: u64) {
        let is_complete = self.stage() == Stage::Building && head >= durable;
        if is_complete {
            self.is_catching_up.store(false, Ordering::Release);
            tracing::info!(activities = head.saturating_sub(self.floor()), "the index is ready");
        }
        self.progress.send_modify(|progress| {
            progress.head = head;
            if is_complete {
                progress.stage = Stage::Ready;
            }
        });
    }

    /// Fails as it does when a change panics.
    #[cfg(test)]
    pub(super) fn panic_for_test(&self) {
        let _ = self.change(self.head(), |_| panic!("a test"));
    }

    pub(super) fn fail(&self, error: &str) {
        tracing::error!(
            error,
            "the index cannot go on: the database answers its questions until `livetrail index rebuild` or a restart"
        );
        self.progress.send_modify(|progress| progress.stage = Stage::Failed);
        *self.lock() = Index::default();
    }
}

/// The index of a log without activities.
fn empty(floor: u64, has_words: bool) -> Index {
    let index = Index::new(floor);
    if has_words { index.with_words() } else { index }
}
