//! All SQL of Livetrail. Outside this crate there is a [`Store`] and nothing else: no connection, no row, no dialect.
//!
//! A store keeps one promise above all: **positions are gapless and become visible in order**. Whoever has read
//! position *n* can read everything before it, so a position is all that a stream, an export or another node needs
//! to go on from.

#[cfg(feature = "conformance")]
pub mod conformance;
mod credentials;
mod error;
mod own_rows;
mod own_tables;
mod postgres;
mod query;
mod restored;
mod sqlite;

pub use credentials::{
    Backing, Credential, Credentials, Ended, Grant, GrantKind, Identity, MAX_LISTED_ENDS,
    MAX_SESSIONS_OF_BACKING, Session, SessionPage, SessionQuery, SessionScope,
};
pub use error::StoreError;
pub use postgres::{
    ActivityTable, AdminTable, AdoptionChoices, Patience, PostgresAddress, PostgresOptions, PostgresStore,
    TableOptions, Undone,
};
pub use sqlite::SqliteStore;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use livetrail_types::{
    Activity, Cursor, Filter, Group, Grouping, ListQuery, Page, Stamped, Stats, UserProfile,
};
use tokio::sync::watch;
use uuid::Uuid;

/// What the last 24 hours are.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Activities of one id that are read at most.
pub const MAX_SAME_ID: usize = 100;

/// What a store answers.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// An activity and what the directory knows of its user.
pub type Row = (Activity, Option<UserProfile>);

/// A durable log with its user directory and [`Credentials`]. Every write has survived a power loss when it returns. A read ends
/// when its future is dropped: the database stops working on it at once.
#[async_trait]
pub trait Store: Credentials {
    /// The log's epoch and its last position.
    ///
    /// # Errors
    /// [`StoreError::Unsynced`] when the log can be read but not written.
    async fn head(&self) -> Result<Cursor>;

    /// Stores a batch in one commit and gives each activity its position, in the batch's order. A database in this process has the
    /// thread wait for the disk: it should be one that is there for that.
    async fn append(&self, batch: Vec<Stamped>) -> Result<Appended>;

    /// The activity with this id, of this tenant if one is named.
    async fn get(&self, id: Uuid, tenant: Option<String>) -> Result<Option<Row>>;

    /// Every activity with this id, in the order of positions: each tenant may have one. At most [`MAX_SAME_ID`].
    async fn all_of_id(&self, id: Uuid) -> Result<Vec<Row>>;

    /// At most `limit` activities after the position `after`, in order.
    async fn range(&self, after: u64, limit: usize) -> Result<Vec<Row>>;

    /// How many questions (lists, figures and groups) are answered at once; more of them wait. Other reads do not wait for them.
    fn max_questions(&self) -> usize;

    /// A page of the log.
    ///
    /// # Errors
    /// [`StoreError::ForeignCursor`] when the query's cursor is of another log, filter or order.
    async fn list(&self, query: ListQuery) -> Result<Page>;

    /// The figures of `filter` up to and with the position `head`; `now` says what the last 24 hours are.
    async fn stats(&self, filter: Filter, head: u64, now: Timestamp) -> Result<Stats>;

    /// Groups of activities, the largest first.
    async fn groups(&self, grouping: Grouping) -> Result<Vec<Group>>;

    /// Adds or replaces profiles in the directory of a tenant.
    async fn put_profiles(&self, tenant: Option<String>, profiles: Vec<UserProfile>) -> Result<()>;

    /// Those of the users that the directory of a tenant knows.
    async fn profiles(&self, tenant: Option<String>, user_ids: Vec<String>) -> Result<Vec<UserProfile>>;

    /// Whether the user is an admin, if the application's token binds the user to `tenant`. Like a few profiles, a database in this process looks that up on the thread that asks.
    async fn is_admin(&self, user_id: String, tenant: Option<String>) -> Result<bool>;

    /// Makes the user an admin of `tenant` (of every tenant without one), or no longer; whether that changed anything.
    async fn set_admin(&self, user_id: String, tenant: Option<String>, admin: bool) -> Result<bool>;

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
    /// Rows that an application has inserted and that cannot be taken in for now.
    pub set_aside: u64,
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
    fn of(batch: Vec<Stamped>, placements: Vec<Placement>) -> Self {
        let (mut stored, mut conflicting) = (Vec::new(), Vec::new());
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
