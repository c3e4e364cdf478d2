//! What is made again: files that a question could not read, and the whole index.

use super::{Feed, Progress, Stage, empty};
use livetrail_index::File;
use livetrail_types::Activity;
use std::{
    io,
    sync::{PoisonError, atomic::Ordering},
    time::Duration,
};
use tokio::time::timeout;

/// How long an erasure waits until the index has forgotten what was erased.
const MAX_RENEWAL: Duration = Duration::from_secs(10);

impl Feed {
    /// Reads all files, and has the damaged ones made again.
    pub(in crate::questions) fn verify(&self) -> Vec<File> {
        let damaged = self.snapshot().map(|index| index.damaged()).unwrap_or_default();
        damaged.iter().for_each(|file| self.report(*file));
        damaged
    }

    /// Has a file made again that a question could not read.
    pub(in crate::questions) fn report(&self, file: File) {
        self.damaged.lock().unwrap_or_else(PoisonError::into_inner).insert(file);
        self.damage.notify_one();
    }

    /// A file that has to be made again.
    pub(super) fn next_damaged(&self) -> Option<File> {
        self.damaged.lock().unwrap_or_else(PoisonError::into_inner).pop_first()
    }

    /// Makes a file again. `activities` are those of its positions, if it is a block.
    pub(super) fn mend(&self, file: File, activities: &[Activity], durable: u64) -> io::Result<()> {
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

    /// Has the whole index made again.
    pub(in crate::questions) fn ask_for_rebuild(&self) {
        self.is_rebuild_asked.store(true, Ordering::Release);
        self.rebuild.notify_one();
    }

    pub(super) fn is_asked_for_rebuild(&self) -> bool {
        self.is_rebuild_asked.load(Ordering::Acquire)
    }

    /// Waits until the index is made of this edition, for a moment at most.
    pub(super) async fn has_edition(&self, edition: u64) {
        let mut progress = self.progress.subscribe();
        let _ = timeout(MAX_RENEWAL, progress.wait_for(|_| self.edition() == edition)).await;
    }

    /// Forgets everything, and begins anew with a floor and an edition of the log. Until the index is there again, SQL
    /// answers.
    pub(super) fn clear(&self, floor: u64, edition: u64) {
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
}
