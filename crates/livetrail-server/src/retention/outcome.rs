use jiff::Timestamp;
use livetrail_store::Aged;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a run has removed, or what it would remove.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Outcome {
    /// Activities at the beginning of the log, which are dropped as one range.
    pub dropped: u64,
    /// Activities after that, which are removed one by one.
    pub removed: u64,
    /// Alerts that were removed because their activities are gone. A dry run does not look.
    #[serde(default)]
    pub alerts: u64,
    /// Activities that this run has looked at and that only a hold keeps.
    pub held: u64,
    /// When the first of those that go happened.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub oldest: Option<Timestamp>,
    /// When the last of them happened.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub newest: Option<Timestamp>,
    /// The position before the first activity that is kept.
    pub floor: u64,
    /// Bytes of the database file that removed activities have left and only new ones will use.
    pub free_bytes: u64,
}

impl Outcome {
    /// Activities that go.
    pub fn total(&self) -> u64 {
        self.dropped + self.removed
    }

    /// Notes the time of an activity that goes.
    pub(super) fn note(&mut self, aged: &Aged) {
        let time = Some(aged.timestamp);
        self.oldest = self.oldest.min(time).or(time);
        self.newest = self.newest.max(time);
    }
}
