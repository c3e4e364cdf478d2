//! The metrics of the outbox.

use livetrail_store::{Backlog, Outcome};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByOutcome {
    outcome: &'static str,
}

/// What the outbox counts of itself.
pub(super) struct Metrics {
    attempts: Family<ByOutcome, Counter>,
    waiting: Gauge,
    parked: Gauge,
}

impl Metrics {
    /// Registers metrics that begin at zero.
    pub(super) fn register(registry: &mut Registry) -> Self {
        let metrics =
            Self { attempts: Family::default(), waiting: Gauge::default(), parked: Gauge::default() };
        for outcome in ["sent", "retried", "parked"] {
            let _ = metrics.attempts.get_or_create(&ByOutcome { outcome });
        }
        let registry = registry.sub_registry_with_prefix("alert");
        let help = "Attempts of this server to notify a channel of alerts";
        registry.register("deliveries", help, metrics.attempts.clone());
        let help = "Alerts that channels are still to be notified of; 0 on a server that does not evaluate";
        registry.register("outbox", help, metrics.waiting.clone());
        let help =
            "Alerts that channels were not notified of, until a replay; 0 on a server that does not evaluate";
        registry.register("outbox_parked", help, metrics.parked.clone());
        metrics
    }

    pub(super) fn attempted(&self, outcome: &Outcome) {
        let outcome = match outcome {
            Outcome::Sent | Outcome::SentToSome { .. } => "sent",
            Outcome::Retried { .. } => "retried",
            Outcome::Parked { .. } => "parked",
        };
        self.attempts.get_or_create(&ByOutcome { outcome }).inc();
    }

    pub(super) fn left(&self, backlog: &[Backlog]) {
        let gauge = |count: fn(&Backlog) -> u64| {
            i64::try_from(backlog.iter().map(count).sum::<u64>()).unwrap_or(i64::MAX)
        };
        self.waiting.set(gauge(|channel| channel.waiting));
        self.parked.set(gauge(|channel| channel.parked));
    }
}
