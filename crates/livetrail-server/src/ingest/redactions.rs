use livetrail_types::{RedactionCounts, SecretKind};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family},
    registry::Registry,
};

/// How many secrets of which kind were replaced before anything was stored.
#[derive(Default)]
pub(super) struct Redactions(Family<OfKind, Counter>);

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfKind {
    kind: &'static str,
}

impl Redactions {
    pub(super) fn register(&self, registry: &mut Registry) {
        // A dashboard should show a zero, not a missing value.
        for kind in SecretKind::ALL {
            let _ = self.0.get_or_create(&OfKind { kind: kind.name() });
        }
        let help = "Secrets that were replaced by [redacted], by kind";
        registry.register("redactions", help, self.0.clone());
    }

    pub(super) fn count(&self, counts: &RedactionCounts) {
        for (kind, number) in counts.iter() {
            self.0.get_or_create(&OfKind { kind: kind.name() }).inc_by(number.into());
        }
    }
}
