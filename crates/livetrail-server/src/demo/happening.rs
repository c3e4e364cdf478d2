use jiff::Timestamp;
use serde_json::Value;

/// An event of the demo.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    /// When, in the world's time.
    pub at: Timestamp,
    /// An activity as `POST /api/activity` takes it, without `id` and `timestamp`.
    pub activity: Value,
}
