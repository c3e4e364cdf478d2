//! What those who run the server want to know of the index, and can do with it.

use super::{Answer, Questions, feed::IndexState};
use crate::{access::Principal, log_span::spawn_blocking};
use livetrail_store::StoreError;
use livetrail_types::Filter;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The index of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct IndexInfo {
    /// How far it is.
    pub(crate) index: IndexState,
    /// Activities that it has.
    pub(crate) activities: u64,
    /// The last position that it has.
    pub(crate) head: u64,
    /// What its files take on the disk, in bytes.
    pub(crate) file_bytes: u64,
    /// What it takes in memory, in bytes, with the parts of its files that were read lately.
    pub(crate) memory_bytes: u64,
}

/// What a look at all of the index has found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct IndexVerified {
    /// The names of the files whose content is not what was written. They are made again.
    pub(crate) damaged: Vec<String>,
    /// Activities of the index.
    pub(crate) activities: u64,
    /// Activities of the database at the same head.
    pub(crate) activities_in_database: u64,
    /// Whether both numbers are the same.
    pub(crate) agrees: bool,
}

impl Questions {
    /// What the index of this node is like.
    pub(crate) fn index_info(&self) -> IndexInfo {
        let feed = self.feed();
        IndexInfo {
            index: self.index_state(),
            activities: feed.activities(),
            head: feed.head(),
            file_bytes: feed.file_bytes(),
            memory_bytes: feed.memory(),
        }
    }

    /// Reads all files of the index, has the damaged ones made again, and counts all activities both ways.
    ///
    /// # Errors
    /// See [`super::QuestionError`].
    pub(crate) async fn verify_index(&self, by: &Principal) -> Answer<IndexVerified> {
        let feed = Arc::clone(self.feed());
        // A panic is reported by the panic hook. It names no file.
        let damaged = spawn_blocking(move || feed.verify()).await.unwrap_or_default();
        let asker = self.by(by);
        let (everything, head) = (Filter::default(), asker.head().await?.position);
        let activities = asker.count(&everything, head).await?;
        let activities_in_database = asker.counted_by_sql(&everything, head).await?;
        Ok(IndexVerified {
            damaged: damaged.iter().map(ToString::to_string).collect(),
            activities,
            activities_in_database,
            agrees: activities == activities_in_database,
        })
    }

    /// Forgets what was erased from the log: the index is made again, and SQL answers meanwhile.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) async fn forget_erased(&self) -> Result<(), StoreError> {
        self.feeding.renew(self.store.head().await?.edition).await;
        Ok(())
    }

    /// Begins to make the index again from the log.
    pub(crate) fn rebuild_index(&self) {
        self.feed().ask_for_rebuild();
    }
}
