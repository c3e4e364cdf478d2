//! How the personal data of one user leaves the log, while activities keep their positions.
//!
//! An activity is *about* a person if it names them as the user, the target or the delegate. [`Erasure::erase`] writes
//! a pseudonym in place of the id. These fields may hold personal data, so they are emptied:
//!
//! | field | content after the erasure |
//! | --- | --- |
//! | `user_id`, `target_user_id`, `delegate_id`, `target_resource_id`, and the id as a segment of `endpoint` | the pseudonym, where it was the person's id |
//! | `details` | `{"erased": true}` |
//! | `changes` | null |
//! | `error_message` | `[erased]`, if there was one |
//! | `ip_address`, `user_agent`, `session_id`, `request_id`, `trace_id` | null, where the person is the user or the delegate. Where the person is only the target, they are data of another user and stay |
//!
//! Everything else stays: id, position, times, action, status, tenant. So counts stay, and an activity that is sent
//! again with its id is still recognised.

use crate::{Aged, Alert, AlertMark, Result};
use async_trait::async_trait;
use uuid::Uuid;

/// What stands in place of an error message, and of other texts of which nothing may stay.
pub const ERASED: &str = "[erased]";
/// What stands in place of details.
pub(crate) const DETAILS: &str = r#"{"erased":true}"#;

/// The part of a [`Store`](crate::Store) that erases personal data.
#[async_trait]
pub trait Erasure: Send + Sync + 'static {
    /// The activities about a person at the positions after `after`, up to and with `up_to`. Every row of this range is
    /// read.
    async fn about(&self, person: Person, after: u64, up_to: u64) -> Result<Vec<Aged>>;

    /// Erases a person's data from the activities at these positions in one commit, and renews [`Bounds::edition`].
    /// Returns how many there were. `None` if the holds have another version than `holds`; then nothing is erased.
    ///
    /// [`Bounds::edition`]: crate::Bounds::edition
    async fn erase(&self, person: Person, positions: Vec<u64>, holds: u64) -> Result<Option<u64>>;

    /// Livetrail's own activities about these alerts, at the positions after `after`, up to and with `up_to`: that they
    /// were raised, and what was decided about them. Every row of this range is read.
    async fn about_alerts(&self, alerts: Vec<Uuid>, after: u64, up_to: u64) -> Result<Vec<Aged>>;

    /// Writes these alerts as they are given, in one commit: their groups, their contents, and who decided about them
    /// and why. One that has changed since its mark is left as it is. The evaluator has to begin anew, even if no alert
    /// is given, because it remembers what was erased. Returns how many were written, or `None` as in
    /// [`Erasure::erase`].
    async fn erase_from_alerts(&self, alerts: Vec<(AlertMark, Alert)>, holds: u64) -> Result<Option<u64>>;

    /// Removes a person's profile from the directory; whether there was one.
    async fn erase_profile(&self, person: Person) -> Result<bool>;

    /// Removes a person's own views, and the person's name from those that a tenant shares; how many views there were.
    async fn erase_views(&self, person: Person) -> Result<u64>;

    /// Whether the user is an admin of a tenant, whichever it is.
    async fn is_admin_of_a_tenant(&self, user_id: String) -> Result<bool>;

    /// Removes what erased texts have left in the files of the database. False if copies may be left in unused parts of
    /// them, because the database is large or a reader uses it. A database server does this by itself, later.
    async fn purge(&self) -> Result<bool>;
}

/// A user whose data are erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The id of the user.
    pub user_id: String,
    /// The tenant whose activities are meant; those of every tenant and of none without it.
    pub tenant: Option<String>,
    /// What stands in place of the id from then on, at most 100 characters.
    pub pseudonym: String,
}

impl Person {
    /// An endpoint with the pseudonym in place of each segment that is the id. `None` if no segment is.
    pub fn endpoint(&self, endpoint: &str) -> Option<String> {
        let replaced = |segment| if segment == self.user_id { self.pseudonym.as_str() } else { segment };
        let names_person = endpoint.split('/').any(|segment| segment == self.user_id);
        let endpoint = || endpoint.split('/').map(replaced).collect::<Vec<_>>().join("/");
        names_person.then(|| endpoint().chars().take(livetrail_types::limits::ENDPOINT).collect())
    }
}
