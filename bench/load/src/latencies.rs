use crate::report::round;
use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

/// Latencies in nanoseconds, to three digits; more than a minute counts as a minute.
pub(crate) struct Latencies(Histogram<u64>);

impl Latencies {
    pub(crate) fn new() -> Self {
        // These bounds are valid, and a bad constant would show in every test.
        Self(Histogram::new_with_bounds(1_000, 60_000_000_000, 3).expect("valid bounds"))
    }

    pub(crate) fn record(&mut self, ns: u64) {
        self.0.saturating_record(ns);
    }

    pub(crate) fn add(&mut self, other: &Self) {
        // Both have the same bounds, so that every value fits.
        let _ = self.0.add(&other.0);
    }

    pub(crate) fn summary(&self) -> Summary {
        let ms = |quantile| round(self.0.value_at_quantile(quantile) as f64 / 1e6, 3);
        Summary { p50: ms(0.5), p99: ms(0.99), max: ms(1.0) }
    }
}

/// Milliseconds.
#[derive(Serialize, Deserialize, Default)]
pub(crate) struct Summary {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) max: f64,
}
