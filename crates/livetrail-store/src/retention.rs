//! How activities leave the log, and the holds that keep them.
//!
//! The store removes what it is told to. Which activities are due is decided by its caller, from [`Retention::aged`]. A
//! removal names the version of the holds that the decision was made with. It is refused if they have changed since, so
//! a hold counts from the moment at which it is stored, on every node.

use crate::{OldAlerts, Result};
use async_trait::async_trait;
use jiff::Timestamp;
use livetrail_types::Activity;
use uuid::Uuid;

/// The part of a [`Store`](crate::Store) that removes activities.
#[async_trait]
pub trait Retention: Send + Sync + 'static {
    /// The holds in the order in which they were made, with their version.
    async fn holds(&self) -> Result<Holds>;

    /// Keeps a hold.
    async fn put_hold(&self, hold: Hold) -> Result<()>;

    /// Ends a hold; what it was, if there was one with this id.
    async fn release_hold(&self, id: Uuid) -> Result<Option<Hold>>;

    /// What decides about the retention of activities, at most `limit` of them, in the order that `sweep` names.
    async fn aged(&self, sweep: Sweep, limit: usize) -> Result<Vec<Aged>>;

    /// Drops the oldest activities up to and with the position `floor`, in one step that is short enough for writers to
    /// wait for. Returns the floor that this step has reached; call it again until that is `floor`. `None` if the holds
    /// have another version than `holds`; then nothing is dropped.
    async fn drop_before(&self, floor: u64, holds: u64) -> Result<Option<u64>>;

    /// Removes the activities at these positions in one commit. Their positions stay empty, and are told by
    /// [`Log::removed`](crate::Log::removed). Returns how many there were. `None` as in [`Retention::drop_before`].
    async fn remove(&self, positions: Vec<u64>, holds: u64) -> Result<Option<u64>>;

    /// Alerts that are old enough, after a position and an id, in this order, at most `limit` of them. Those that have
    /// no end yet, and those whose activities are not known to be in the log, are not among them.
    async fn old_alerts(&self, after: (u64, Uuid), old: OldAlerts, limit: u32) -> Result<Vec<(u64, Uuid)>>;

    /// Removes those of these alerts that are still old enough, and whose activities the log does not have any more, in
    /// one commit. Returns how many there were.
    async fn remove_alerts(&self, ids: Vec<Uuid>, old: OldAlerts) -> Result<u64>;

    /// Gives some of the space of removed activities back to the file system, in one short step. What remains is told.
    async fn give_back_space(&self) -> Result<Space>;

    /// The right to remove activities, if no other node has it. It ends when the value is dropped.
    async fn lease(&self) -> Result<Option<Lease>>;
}

/// The right of one node among several.
pub struct Lease {
    /// Keeps the right alive.
    _held: Box<dyn Send + Sync>,
}

impl Lease {
    pub(crate) fn holding(held: impl Send + Sync + 'static) -> Self {
        Self { _held: Box::new(held) }
    }
}

/// A legal hold. It means the activities for which everything that it names is true.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hold {
    /// Its id.
    pub id: Uuid,
    /// Why it was made.
    pub reason: String,
    /// Activities of this tenant.
    pub tenant: Option<String>,
    /// Activities of this user, as the user, the target or the delegate.
    pub user_id: Option<String>,
    /// Activities that happened at this time or later.
    pub from: Option<Timestamp>,
    /// Activities that happened at this time or earlier.
    pub until: Option<Timestamp>,
    /// The user or the key that made it.
    pub made_by: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Hold {
    /// Whether it means an activity.
    pub fn means(&self, aged: &Aged) -> bool {
        let is = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
        };
        let users =
            [Some(aged.user_id.as_str()), aged.target_user_id.as_deref(), aged.delegate_id.as_deref()];
        is(&self.tenant, aged.tenant_id.as_deref())
            && (self.user_id.is_none()
                || users.into_iter().any(|user| user.is_some() && is(&self.user_id, user)))
            && self.from.is_none_or(|from| from <= aged.timestamp)
            && self.until.is_none_or(|until| aged.timestamp <= until)
    }
}

/// The holds, and what tells them from earlier ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holds {
    /// Another number after each change.
    pub version: u64,
    /// In the order in which they were made.
    pub holds: Vec<Hold>,
}

/// What decides about the retention of an activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aged {
    /// Its position.
    pub position: u64,
    /// When it happened.
    pub timestamp: Timestamp,
    /// Its tenant.
    pub tenant_id: Option<String>,
    /// Its user.
    pub user_id: String,
    /// The user that it was about.
    pub target_user_id: Option<String>,
    /// Who acted in the user's name.
    pub delegate_id: Option<String>,
    /// Its action.
    pub action_type: String,
}

impl From<&Activity> for Aged {
    fn from(activity: &Activity) -> Self {
        Self {
            position: activity.position,
            timestamp: activity.timestamp,
            tenant_id: activity.tenant_id.clone(),
            user_id: activity.user_id.clone(),
            target_user_id: activity.target_user_id.clone(),
            delegate_id: activity.delegate_id.clone(),
            action_type: activity.action_type.clone(),
        }
    }
}

/// Activities to look at, and their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sweep {
    /// Those after one position, up to and with another, by position.
    Positions {
        /// The position before the first.
        after: u64,
        /// The last position.
        up_to: u64,
    },
    /// Those that happened up to and with a time, by time and then by position.
    Times {
        /// Time and position of the activity before the first.
        after: (Timestamp, u64),
        /// The last time.
        until: Timestamp,
    },
}

/// The space of removed activities that the database file still takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Space {
    /// Bytes that only new activities will use.
    pub free: u64,
    /// Whether a further step gives more of them back. A file that an earlier version made has to be rebuilt for that.
    pub shrinks: bool,
}
