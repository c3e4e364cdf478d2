//! The log itself: what is stored in which order.

use crate::Result;
use async_trait::async_trait;
use jiff::Timestamp;
use livetrail_types::{Activity, Cursor, Epoch, Stamped, UserProfile};
use tokio::sync::watch;
use uuid::Uuid;

/// Activities of one id that are read at most.
pub const MAX_SAME_ID: usize = 100;

/// An activity and what the directory knows of its user.
pub type Row = (Activity, Option<UserProfile>);

/// The part of a [`Store`](crate::Store) that keeps activities in their order.
#[async_trait]
pub trait Log: Send + Sync + 'static {
    /// The log's epoch and the positions between which its activities stand.
    ///
    /// # Errors
    /// [`StoreError::Unsynced`] when the log can be read but not written.
    async fn head(&self) -> Result<Bounds>;

    /// What keeps activities from being stored now, in words for every reader, also when nothing was tried.
    ///
    /// # Errors
    /// As [`Log::head`].
    async fn obstacle(&self) -> Result<Option<&'static str>>;

    /// Stores a batch in one commit and gives each activity its position, in the batch's order. A database in this
    /// process blocks the thread until the disk has synced: call it on a thread that may block.
    async fn append(&self, batch: Vec<Stamped>) -> Result<Appended>;

    /// The activity with this id, of this tenant if one is named.
    async fn get(&self, id: Uuid, tenant: Option<String>) -> Result<Option<Row>>;

    /// Every activity with this id, in the order of positions: each tenant may have one. At most [`MAX_SAME_ID`].
    async fn all_of_id(&self, id: Uuid) -> Result<Vec<Row>>;

    /// The activities at the `limit` positions after the position `after`, in order. They are fewer only where the log
    /// ends, or where some of them were removed.
    async fn range(&self, after: u64, limit: usize) -> Result<RangeRead>;

    /// The same activities without profiles and without the fields that the index of questions does not have: the
    /// message and kind of an error, details, changes, user agent and number of queries are none. It takes a fraction
    /// of the time.
    async fn lean_range(&self, after: u64, limit: usize) -> Result<RangeRead>;

    /// The activities at these positions, in the order in which they are asked for; `None` where the log has none. Each
    /// position is one look-up by key, and all rows are in memory at once: ask for a page, not for the log.
    async fn rows(&self, positions: &[u64]) -> Result<Vec<Option<Row>>>;

    /// The position of the first activity after the position `after`. It is the next position, unless activities were
    /// removed from the log or none follows.
    async fn next(&self, after: u64) -> Result<Option<u64>>;

    /// Removals above the floor that follow the `after`-th, at most `limit` of them: their numbers and the positions of
    /// the removed activities. Numbers grow in the order of commits, so a reader that has read *n* misses none before
    /// it. Removals below the floor are forgotten, because [`Bounds::floor`] covers them.
    async fn removed(&self, after: u64, limit: usize) -> Result<Vec<(u64, u64)>>;

    /// How many of the positions after `after`, up to and with `up_to`, are known to be empty because their activities
    /// were removed.
    async fn count_removed(&self, after: u64, up_to: u64) -> Result<u64>;

    /// Changes of the log by others, for as long as this store is open.
    fn remote_changes(&self) -> watch::Receiver<RemoteChanges>;

    /// How the connections are used that read the database at this moment. It asks nothing of the database.
    fn pools(&self) -> [PoolUse; 2];
}

/// The use of connections that reads of one kind share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolUse {
    /// The kind: `look_ups` by key, or `questions`, which may scan the log.
    pub pool: &'static str,
    /// Connections that are reading.
    pub in_use: usize,
    /// Connections that are open and free.
    pub idle: usize,
    /// Reads that wait for a connection.
    pub waiting: usize,
    /// How many connections there may be.
    pub limit: usize,
}

impl PoolUse {
    pub(crate) const LOOK_UPS: &str = "look_ups";
    pub(crate) const QUESTIONS: &str = "questions";
}

/// The epoch of a log, and the positions of its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The log's epoch.
    pub epoch: Epoch,
    /// The position before the first one that is kept: 0 for a whole log, and `head` where none is kept. It is stored,
    /// so a log without rows knows it, too. Rows that SQL deletes do not move it: they count as removed.
    pub floor: u64,
    /// The last position that was given; 0 in a log that never had an activity.
    pub head: u64,
    /// The number of the last removal above the floor, as [`Log::removed`] gives it; 0 if there never was one.
    pub removals: u64,
    /// Whether there are removals that have no number yet, so that [`Log::removed`] does not give them.
    pub has_unnumbered_removals: bool,
    /// Another number after each erasure: what was read of activities before is out of date.
    pub edition: u64,
}

impl Bounds {
    /// The cursor of a reader that has seen everything.
    pub fn cursor(self) -> Cursor {
        Cursor::unchecked(self.epoch, self.head)
    }
}

/// What [`Log::range`] reads.
#[derive(Clone, Debug, PartialEq)]
pub enum RangeRead {
    /// The activities, in order.
    Rows(Vec<Row>),
    /// The activities right after the position that was asked for are no longer kept. A reader that accepts the loss
    /// goes on after `floor`, which is greater than that position.
    Trimmed {
        /// As [`Bounds::floor`].
        floor: u64,
    },
}

impl RangeRead {
    /// The activities; `None` where they are no longer kept.
    pub fn rows(self) -> Option<Vec<Row>> {
        match self {
            Self::Rows(rows) => Some(rows),
            Self::Trimmed { .. } => None,
        }
    }

    /// Whether `rows`, which were read after the position `after`, prove that nothing was trimmed there. Otherwise the
    /// floor has to be read, too.
    pub(crate) fn is_certain(rows: &[Row], after: u64) -> bool {
        rows.first().is_some_and(|(first, _)| after.checked_add(1) == Some(first.position))
    }

    /// The rows that were read after the position `after` of a log with this floor.
    pub(crate) fn above(floor: u64, after: u64, rows: Vec<Row>) -> Self {
        if after < floor { Self::Trimmed { floor } } else { Self::Rows(rows) }
    }
}

/// Which fields of rows are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of them, and the profile of the user.
    Whole,
    /// Those that [`Log::lean_range`] gives.
    Lean,
}

/// Changes of the log by other nodes, and by applications that write into its tables with SQL. A change may be told
/// late (within a second) and together with others, but it is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RemoteChanges {
    /// A position that the log has reached.
    pub head: u64,
    /// Another number whenever credentials may have changed or sessions may have ended.
    pub credentials: u64,
    /// As [`Bounds::edition`], after an erasure while the store was open.
    pub edition: u64,
    /// The log was put back to an earlier state while the store was open, and has another epoch. The store appends
    /// nothing any more: it has to be opened again.
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
