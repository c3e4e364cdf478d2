//! All SQL of Livetrail. Other crates see a [`Store`], and no connection and no dialect.
//!
//! A store keeps one promise above all: **positions are gapless and become visible in order**. A reader of
//! position *n* can read everything before it, so a position is all that a stream, an export or another node needs
//! to go on from.
//!
//! A [`Store`] is the sum of nine traits, each with its types in a file of its own: [`Log`], [`Questions`],
//! [`Directory`], [`Credentials`], [`Retention`], [`Erasure`], [`Alerts`], [`Deliveries`] and [`Views`]. Each database
//! implements a trait in the file of that name. To add a method:
//!
//! 1. Write it into its trait, with its errors.
//! 2. Implement it in `sqlite/` and `postgres/`, in the trait's file. SQL that is alike in both stands in `sql/`
//!    (questions) or in `internal_tables.rs` (Livetrail's own tables); what differs is asked of the `Dialect`. A new
//!    table or column is a migration in both.
//! 3. Write what it promises into `conformance/`, as a function that takes a `Fixture`: both databases run it.

mod alerts;
#[cfg(feature = "conformance")]
pub mod conformance;
mod credentials;
mod deliveries;
mod directory;
mod erasure;
mod error;
mod internal_rows;
mod internal_tables;
mod log;
mod names;
mod postgres;
mod questions;
mod reading;
mod restored;
mod retention;
mod sql;
mod sqlite;
mod views;

pub use alerts::{
    Advanced, Alert, AlertGroup, AlertMark, AlertQuery, AlertRule, AlertRuleAdded, AlertRules, AlertState,
    Alerts, Decision, OldAlerts, Progress, Turn,
};
pub use credentials::{
    Backing, Credential, Credentials, Ended, Grant, GrantKind, Identity, MAX_LISTED_ENDS,
    MAX_SESSIONS_OF_BACKING, Session, SessionPage, SessionQuery, SessionScope,
};
pub use deliveries::{
    AlertChannel, Backlog, Claim, Deferral, Deliveries, Delivery, DeliveryQuery, DeliveryState, MessageId,
    MessageKind, NewDelivery, Outcome, Sent, ThreadHistory,
};
pub use directory::Directory;
pub use erasure::{ERASED, Erasure, Person};
pub use error::StoreError;
pub use log::{Appended, Bounds, Log, MAX_SAME_ID, Placement, PoolUse, RangeRead, RemoteChanges, Row};
pub use postgres::{
    ActivityTable, AdminTable, AdoptionChoices, Inspection, PostgresAddress, PostgresOptions, PostgresStore,
    TableOptions, Timeouts, Undone,
};
pub use questions::Questions;
pub use reading::{PageBudget, Reading};
pub use retention::{Aged, Hold, Holds, Lease, Retention, Space, Sweep};
pub use sqlite::{Backup, MIN_SPACE, Replacing, Restored, SqliteStore};
pub use views::{SavedView, ViewBounds, ViewKept, ViewOwner, Views};

/// What a store answers.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// A durable log with what belongs to it. Every write has survived a power loss when it returns. A read ends when its
/// future is dropped: the database stops working on it at once.
pub trait Store:
    Log + Questions + Directory + Credentials + Retention + Erasure + Alerts + Deliveries + Views
{
}

impl<S: Log + Questions + Directory + Credentials + Retention + Erasure + Alerts + Deliveries + Views> Store
    for S
{
}
