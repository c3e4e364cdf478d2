use super::{Field, Hours, Span};
use livetrail_types::Filter;

/// What raises an alert. The first three are those of the Sigma correlation specification 2.1.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// So many activities.
    EventCount {
        /// The least number.
        at_least: u64,
    },
    /// So many different values of a field.
    ValueCount {
        /// The field. An activity without a value is not matched.
        field: Field,
        /// The least number.
        at_least: u64,
    },
    /// Every step happened.
    Temporal {
        /// At least two steps.
        steps: Vec<Step>,
        /// Whether the steps have to happen in their order.
        ordered: bool,
    },
    /// A share of the activities is of a kind, such as failures.
    Ratio {
        /// The kind.
        part: Filter,
        /// The least share, in millionths.
        share: u64,
        /// The least number of all activities.
        min_count: u64,
    },
    /// A value that the group did not have before.
    FirstSeen {
        /// The field. An activity without a value is not matched.
        field: Field,
        /// The group has to be known for so long; at most half the timespan.
        learning: Span,
    },
    /// So many activities outside working hours.
    OutsideHours {
        /// The working hours.
        hours: Hours,
        /// The least number.
        at_least: u64,
    },
    /// A group that spoke within the timespan, and then did not for a time.
    Silence {
        /// The least number of activities within the timespan.
        at_least: u64,
        /// The time without activities.
        quiet_for: Span,
    },
    /// Two activities at places between which no traveller is so fast.
    ImpossibleTravel {
        /// The speed above which a journey is impossible, in km/h.
        max_speed: f64,
        /// Shorter distances do not count, in km: addresses are located roughly.
        min_distance: f64,
    },
}

/// A step of a temporal condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Which of the rule's activities belong to the step.
    pub filter: Filter,
    /// The least number of them.
    pub at_least: u64,
}

impl Condition {
    /// The name in rules.
    pub fn name(&self) -> &'static str {
        match self {
            Self::EventCount { .. } => "event_count",
            Self::ValueCount { .. } => "value_count",
            Self::Temporal { ordered: false, .. } => "temporal",
            Self::Temporal { ordered: true, .. } => "temporal_ordered",
            Self::Ratio { .. } => "ratio",
            Self::FirstSeen { .. } => "first_seen",
            Self::OutsideHours { .. } => "outside_hours",
            Self::Silence { .. } => "silence",
            Self::ImpossibleTravel { .. } => "impossible_travel",
        }
    }
}
