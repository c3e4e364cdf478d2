use crate::log_span;
use jiff::Timestamp;
use livetrail_store::{Store, StoreError};
use std::sync::Weak;
use tokio::sync::mpsc;
use uuid::Uuid;

/// Notes that may wait. Without room, a note is lost; the time of a last use need only be right to about a minute.
const MAX_WAITING: usize = 1_024;

/// When something was last used, to be written beside the request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Note {
    Key(Uuid, Timestamp),
    Session(Uuid, Timestamp),
}

/// Where notes are left.
#[derive(Clone)]
pub(super) struct Notes(mpsc::Sender<Note>);

impl Notes {
    /// Starts the task that writes them, one at a time, so that they never take the database from activities. It ends
    /// with the last `Notes`.
    pub(super) fn start(store: Weak<dyn Store>) -> Self {
        let (leave, mut left) = mpsc::channel(MAX_WAITING);
        log_span::spawn("last-uses", async move {
            while let Some(note) = left.recv().await {
                let Some(store) = store.upgrade() else { return };
                if let Err(error) = write(&*store, note).await {
                    tracing::debug!(%error, "a last use was not written");
                }
            }
        });
        Self(leave)
    }

    /// Leaves a note. No request waits for it or fails with it.
    pub(super) fn leave(&self, note: Note) {
        let _ = self.0.try_send(note);
    }
}

async fn write(store: &dyn Store, note: Note) -> Result<(), StoreError> {
    match note {
        Note::Key(id, at) => store.used_credential(id, at).await,
        Note::Session(id, at) => store.seen_session(id, at).await,
    }
}
