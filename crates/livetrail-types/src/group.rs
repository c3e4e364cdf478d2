//! Groups of activities: their number by kind.

use crate::Filter;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A value by which rows are sorted or grouped. Null comes first, then numbers, then texts in the order of their bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "a value of one of three types")]
pub enum Scalar {
    Null,
    Number(i64),
    Text(String),
}

impl Scalar {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null | Self::Number(_) => None,
        }
    }
}

/// A property that the activities of a group share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are named after the fields of Activity")]
pub enum GroupBy {
    ActionType,
    UserId,
    StatusCode,
    HttpMethod,
    Endpoint,
    ResourceType,
    IpAddress,
    TenantId,
    DelegateId,
    Via,
    DurationMs,
    /// The stretch of so many seconds that it happened in; its key is the epoch second where that begins. Stretches are
    /// counted from the epoch, so that those of 86,400 are days in UTC.
    Seconds(i64),
}

impl GroupBy {
    /// Those that are fields of an activity.
    pub const FIELDS: [Self; 11] = [
        Self::ActionType,
        Self::UserId,
        Self::StatusCode,
        Self::HttpMethod,
        Self::Endpoint,
        Self::ResourceType,
        Self::IpAddress,
        Self::TenantId,
        Self::DelegateId,
        Self::Via,
        Self::DurationMs,
    ];
}

/// A question for groups.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// Which activities are meant.
    pub filter: Filter,
    /// The last position that counts.
    pub head: u64,
    /// The properties that a group shares; without any, all activities are one group.
    pub by: Vec<GroupBy>,
    /// Smaller groups are left out.
    pub min_count: u64,
    /// How many groups, the largest first; between equals the smallest keys come first, null last.
    pub limit: u32,
}

/// Activities that have something in common; there is at least one.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The shared values, in the order of the question.
    pub keys: Vec<Scalar>,
    /// How many they are.
    pub count: u64,
    /// How many of them worked.
    pub success_count: u64,
    /// The average duration in milliseconds, of those that have one.
    pub avg_duration_ms: Option<f64>,
    /// The longest duration in milliseconds.
    pub max_duration_ms: Option<i32>,
    /// When the first of them happened.
    pub first: Timestamp,
    /// When the last of them happened.
    pub last: Timestamp,
}

/// The number with two decimals, as figures show it.
pub fn two_decimals(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
