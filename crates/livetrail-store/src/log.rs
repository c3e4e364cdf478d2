//! The log itself: what is stored in which order.

use crate::Result;
use async_trait::async_trait;
use jiff::Timestamp;
use livetrail_types::{Activity, Cursor, Stamped, UserProfile};
use tokio::sync::watch;
use uuid::Uuid;

/// Activities of one id that are read at most.
pub const MAX_SAME_ID: usize = 100;

/// An activity and what the directory knows of its user.
pub type Row = (Activity, Option<UserProfile>);

/// The part of a [`Store`](crate::Store) that keeps activities in their order.
#[async_trait]
pub trait Log: Send + Sync + 'static {
    /// The log's epoch and its last position.
    ///
    /// # Errors
    /// [`StoreError::Unsynced`] when the log can be read but not written.
    async fn head(&self) -> Result<Cursor>;

    /// What keeps activities from being stored now, in words for anyone, also when nothing was tried.
    ///
    /// # Errors
    /// As [`Log::head`].
    async fn obstacle(&self) -> Result<Option<&'static str>>;

    /// Stores a batch in one commit and gives each activity its position, in the batch's order. A database in this process has the
    /// thread wait for the disk: it should be one that is there for that.
    async fn append(&self, batch: Vec<Stamped>) -> Result<Appended>;

    /// The activity with this id, of this tenant if one is named.
    async fn get(&self, id: Uuid, tenant: Option<String>) -> Result<Option<Row>>;

    /// Every activity with this id, in the order of positions: each tenant may have one. At most [`MAX_SAME_ID`].
    async fn all_of_id(&self, id: Uuid) -> Result<Vec<Row>>;

    /// The activities at the `limit` positions after the position `after`, in order. They are fewer only where the log ends or
    /// activities were removed from it.
    async fn range(&self, after: u64, limit: usize) -> Result<Vec<Row>>;

    /// The position of the first activity after the position `after`. It is the next position, unless activities were removed
    /// from the log or none follows.
    async fn next(&self, after: u64) -> Result<Option<u64>>;

    /// What this store hears of what others do to the log, for as long as it is open.
    fn elsewhere(&self) -> watch::Receiver<Elsewhere>;
}

/// What others do to the log: other nodes, and whoever writes into its tables with SQL of their own. It may come late
/// (within a second) and several things at once, but it does come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// A position that the log has reached.
    pub head: u64,
    /// Another number whenever credentials may have changed or sessions may have ended.
    pub credentials: u64,
    /// The log was put back to an earlier state while the store was open, and has another epoch. The store appends nothing any
    /// more: it has to be opened again.
    pub restored: bool,
    /// Rows that an application has inserted and that cannot be taken in for now.
    pub set_aside: u64,
    /// There are so many of those that none is tried for the moment.
    pub is_stuck: bool,
}

/// What became of a batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Appended {
    /// What became of each activity, in the batch's order.
    pub placements: Vec<Placement>,
    /// Those that are new in the log, with their positions, in order.
    pub stored: Vec<Activity>,
    /// Those of the placement [`Placement::Conflict`], by their places in the batch.
    pub conflicting: Vec<(usize, Activity)>,
}

impl Appended {
    pub(crate) fn of(batch: Vec<Stamped>, placements: Vec<Placement>) -> Self {
        let (mut stored, mut conflicting) = (Vec::with_capacity(batch.len()), Vec::new());
        for (index, (Stamped { activity, .. }, placement)) in batch.into_iter().zip(&placements).enumerate() {
            match placement {
                Placement::New(position) => stored.push(Activity { position: *position, ..activity }),
                Placement::Duplicate { .. } => {}
                Placement::Conflict => conflicting.push((index, activity)),
            }
        }
        Self { stored, placements, conflicting }
    }
}

/// What became of one activity of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// It is stored at this position.
    New(u64),
    /// The same activity was stored before.
    Duplicate {
        /// Where.
        position: u64,
        /// When it happened, as stored.
        timestamp: Timestamp,
    },
    /// Its id was stored before with other content. Nothing is stored.
    Conflict,
}
