//! The metrics of alerts.

use livetrail_types::Severity;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

/// What the evaluation counts of itself.
pub(super) struct Metrics {
    evaluating: Gauge,
    position: Gauge,
    lag: Gauge,
    saturated: Gauge,
    raised: Family<BySeverity, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct BySeverity {
    severity: &'static str,
}

impl From<Severity> for BySeverity {
    fn from(severity: Severity) -> Self {
        let severity = match severity {
            Severity::Info => "info",
            Severity::Notice => "notice",
            Severity::Warning => "warning",
            Severity::Critical => "critical",
        };
        Self { severity }
    }
}

impl Metrics {
    /// Registers metrics that begin at zero.
    pub(super) fn register(registry: &mut Registry) -> Self {
        let metrics = Self {
            evaluating: Gauge::default(),
            position: Gauge::default(),
            lag: Gauge::default(),
            saturated: Gauge::default(),
            raised: Family::default(),
        };
        for severity in [Severity::Info, Severity::Notice, Severity::Warning, Severity::Critical] {
            let _ = metrics.raised.get_or_create(&severity.into());
        }
        let registry = registry.sub_registry_with_prefix("alerts");
        let help = "Whether this server evaluates the alert rules (1): one server of a cluster does";
        registry.register("evaluating", help, metrics.evaluating.clone());
        let help =
            "The last position that the alert rules were evaluated for; 0 on a server that does not evaluate";
        registry.register("position", help, metrics.position.clone());
        let help = "Activities that the alert rules are not evaluated for yet";
        registry.register("lag_activities", help, metrics.lag.clone());
        let help = "Alert rules with more groups than they may have, so that some activities are not counted";
        registry.register("saturated_rules", help, metrics.saturated.clone());
        registry.register("raised", "Alerts that this server has raised", metrics.raised.clone());
        metrics
    }

    /// Notes that this server evaluates.
    pub(super) fn begin(&self) {
        self.evaluating.set(1);
    }

    /// Notes how far the evaluation is, in a log with this head.
    pub(super) fn reached(&self, position: u64, head: u64) {
        let gauge = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.position.set(gauge(position));
        self.lag.set(gauge(head.saturating_sub(position)));
    }

    pub(super) fn saturated(&self, rules: usize) {
        self.saturated.set(i64::try_from(rules).unwrap_or(i64::MAX));
    }

    pub(super) fn raised(&self, severity: Severity) {
        self.raised.get_or_create(&severity.into()).inc();
    }

    /// Notes that this server does not evaluate any more.
    pub(super) fn end(&self) {
        for gauge in [&self.evaluating, &self.position, &self.lag, &self.saturated] {
            gauge.set(0);
        }
    }
}
