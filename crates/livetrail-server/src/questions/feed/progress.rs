//! How far the index is, and questions that wait for it.

use super::Feed;
use livetrail_index::Index;
use serde::{Deserialize, Serialize};
use std::{io, sync::atomic::Ordering, time::Duration};
#[cfg(test)]
use tokio::sync::watch;
use tokio::time::timeout;
use utoipa::ToSchema;

/// How long a question waits until the index has what was acknowledged before it began.
const MAX_WAIT: Duration = Duration::from_secs(1);
/// How long a question waits for an index that lacks at most [`FEW`] activities after a start: SQL would take longer.
const MAX_CATCH_UP: Duration = Duration::from_secs(4);
/// What is in no file is read from the log at a start: less than a block, and what other nodes have appended meanwhile.
const FEW: u64 = 200_000;

/// How far the index is, and its last position.
#[derive(Clone, Copy, Debug)]
pub(in crate::questions) struct Progress {
    pub(super) stage: Stage,
    pub(in crate::questions) head: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
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
    /// It met an error, which the server's log has. The database answers until the index is made again, which has to be
    /// asked for.
    Failed,
}

impl Feed {
    /// The last position that the index has.
    pub(in crate::questions) fn head(&self) -> u64 {
        self.progress.borrow().head
    }

    /// Is told of each change.
    #[cfg(test)]
    pub(in crate::questions) fn changes(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// How far it is in a log that ends at `durable`.
    pub(in crate::questions) fn state(&self, durable: u64) -> IndexState {
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

    pub(super) fn stage(&self) -> Stage {
        self.progress.borrow().stage
    }

    /// Whether questions can be answered from the index, except that it may be a moment behind.
    pub(in crate::questions) fn is_ready(&self) -> bool {
        self.stage() == Stage::Ready
    }

    /// Whether it is worth waiting for an index that is not ready.
    pub(in crate::questions) fn is_catching_up(&self) -> bool {
        self.is_catching_up.load(Ordering::Acquire)
    }

    /// Begins to feed an index that was opened, in a log that ends at `durable`.
    pub(super) fn begin(&self, durable: u64) {
        let head = self.head();
        let lacks_little = head > self.floor() && durable.saturating_sub(head) <= FEW;
        self.is_catching_up.store(lacks_little, Ordering::Release);
        self.advance(head, durable);
    }

    /// Waits until the index has everything up to `head`; false if it does not have it soon.
    pub(in crate::questions) async fn has_reached(&self, head: u64) -> bool {
        let (mut progress, is_catching_up) = (self.progress.subscribe(), self.is_catching_up());
        let settled = progress.wait_for(|progress| match progress.stage {
            Stage::Ready => progress.head >= head,
            Stage::Building => !is_catching_up,
            Stage::Failed => true,
        });
        let limit = if is_catching_up { MAX_CATCH_UP } else { MAX_WAIT };
        matches!(timeout(limit, settled).await, Ok(Ok(progress)) if progress.stage == Stage::Ready)
    }

    pub(super) fn advance(&self, head: u64, durable: u64) {
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

    /// The index stands still, because the disk takes none of its files. Meanwhile SQL answers.
    pub(super) fn wait_for_disk(&self, error: &io::Error) {
        self.is_catching_up.store(false, Ordering::Release);
        if self.stage() == Stage::Ready {
            tracing::warn!(%error, "the index cannot write its files, so the database answers questions until it can");
            self.progress.send_modify(|progress| progress.stage = Stage::Building);
        }
    }

    pub(in crate::questions) fn fail(&self, error: &str) {
        tracing::error!(
            error,
            "the index cannot go on: the database answers its questions until `livetrail index rebuild` or a restart"
        );
        self.progress.send_modify(|progress| progress.stage = Stage::Failed);
        *self.lock() = Index::default();
    }
}
