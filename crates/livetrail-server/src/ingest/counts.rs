//! The metrics of ingest: activities by what became of them, commits, and the queue.

use super::{CAPACITY, IngestError, queue::Queue};
use crate::metrics::{Times, encode_gauges};
use livetrail_store::Placement;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet},
    metrics::{counter::Counter, family::Family},
    registry::Registry,
};
use std::{fmt, sync::Arc};

/// Counters that any thread may move. They are looked up once, so that counting takes no lock.
#[derive(Clone)]
pub(super) struct Counts {
    received: Counter,
    duplicates: Counter,
    stored: Family<BySource, Counter>,
    of_applications: Counter,
    of_livetrail: Counter,
    refused: Family<ByReason, Counter>,
    by_reason: [Counter; Reason::ALL.len()],
    commits: Times,
    failed_commits: Counter,
}

/// Why an activity was refused.
#[derive(Clone, Copy)]
pub(super) enum Reason {
    /// A field is not right.
    Invalid,
    /// Its credential is bound to another tenant.
    OtherTenant,
    /// Its id was stored with other content.
    Conflict,
    /// A rule of the application's own table does not allow it.
    Database,
    /// There is no room in the queue.
    QueueFull,
    /// The store does not answer, or takes nothing.
    StoreAway,
    /// A bug.
    Internal,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByReason {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct BySource {
    source: &'static str,
}

impl Reason {
    const ALL: [Self; 7] = [
        Self::Invalid,
        Self::OtherTenant,
        Self::Conflict,
        Self::Database,
        Self::QueueFull,
        Self::StoreAway,
        Self::Internal,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::OtherTenant => "other_tenant",
            Self::Conflict => "conflict",
            Self::Database => "database",
            Self::QueueFull => "queue_full",
            Self::StoreAway => "store_away",
            Self::Internal => "internal",
        }
    }
}

impl From<&IngestError> for Reason {
    fn from(error: &IngestError) -> Self {
        match error {
            IngestError::Full => Self::QueueFull,
            IngestError::Unavailable => Self::StoreAway,
            IngestError::Internal => Self::Internal,
        }
    }
}

impl Default for Counts {
    fn default() -> Self {
        let (stored, refused) =
            (Family::<BySource, Counter>::default(), Family::<ByReason, Counter>::default());
        let of = |source| stored.get_or_create_owned(&BySource { source });
        Self {
            received: Counter::default(),
            duplicates: Counter::default(),
            of_applications: of("applications"),
            of_livetrail: of("livetrail"),
            by_reason: Reason::ALL
                .map(|reason| refused.get_or_create_owned(&ByReason { reason: reason.name() })),
            stored,
            refused,
            commits: Times::default(),
            failed_commits: Counter::default(),
        }
    }
}

impl Counts {
    /// Shows them, and the use of `queue`, in `registry`.
    pub(super) fn register(&self, queue: &Arc<Queue>, registry: &mut Registry) {
        let registry = registry.sub_registry_with_prefix("ingest");
        let help = "Activities that applications have sent, right or not";
        registry.register("received", help, self.received.clone());
        let help =
            "Activities that were stored, by whether an application sent them or Livetrail records them";
        registry.register("stored", help, self.stored.clone());
        registry.register("duplicates", "Activities that had been stored before", self.duplicates.clone());
        registry.register("refused", "Activities that were not stored, by reason", self.refused.clone());
        registry.register("commit_seconds", "How long commits of activities took", self.commits.clone());
        let help = "Commits of activities that failed";
        registry.register("failed_commits", help, self.failed_commits.clone());
        registry.register_collector(Box::new(OfQueue(Arc::clone(queue))));
    }

    pub(super) fn received(&self) {
        self.received.inc();
    }

    pub(super) fn refused(&self, reason: Reason, count: usize) {
        self.by_reason[reason as usize].inc_by(count as u64);
    }

    /// Counts what became of the activities of an application.
    pub(super) fn placed(&self, placements: &[Result<Placement, String>]) {
        let [mut new, mut known, mut conflicting, mut refused] = [0; 4];
        for placement in placements {
            match placement {
                Ok(Placement::New(_)) => new += 1,
                Ok(Placement::Duplicate { .. }) => known += 1,
                Ok(Placement::Conflict) => conflicting += 1,
                Err(_) => refused += 1,
            }
        }
        self.of_applications.inc_by(new);
        self.duplicates.inc_by(known);
        self.by_reason[Reason::Conflict as usize].inc_by(conflicting);
        self.by_reason[Reason::Database as usize].inc_by(refused);
    }

    pub(super) fn stored_own(&self, count: usize) {
        self.of_livetrail.inc_by(count as u64);
    }

    /// Counts a commit that took this long.
    pub(super) fn committed(&self, time: std::time::Duration, has_failed: bool) {
        self.commits.observe(time);
        if has_failed {
            self.failed_commits.inc();
        }
    }
}

struct OfQueue(Arc<Queue>);

impl fmt::Debug for OfQueue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OfQueue")
    }
}

impl Collector for OfQueue {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let free = self.0.free();
        let bytes = |kib: usize| kib as u64 * 1024;
        encode_gauges(
            &mut encoder,
            &[
                ("queue_bytes", "Request bodies that wait for their commit", bytes(CAPACITY.kib - free.kib)),
                ("queue_limit_bytes", "Most bytes that may wait", bytes(CAPACITY.kib)),
                (
                    "queue_requests",
                    "Requests that wait for their commit",
                    (CAPACITY.requests - free.requests) as u64,
                ),
                ("queue_limit_requests", "Most requests that may wait", CAPACITY.requests as u64),
            ],
        )
    }
}
