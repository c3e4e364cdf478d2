//! A histogram of times that threads observe without a lock.

use prometheus_client::{
    encoding::{EncodeMetric, MetricEncoder, NoLabelSet},
    metrics::MetricType,
};
use std::{
    fmt, iter,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// The upper bounds of the buckets, in microseconds: from a commit without a disk to a question that was ended.
const BOUNDS: [u64; 14] = [
    500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    5_000_000, 10_000_000,
];
const MICROS_OF_SECOND: f64 = 1e6;

/// How often something took how long. Clones share their counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Times(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    /// The last one is for what took longer than every bound.
    buckets: [AtomicU64; BOUNDS.len() + 1],
    micros: AtomicU64,
}

impl Times {
    /// Counts a time.
    pub(crate) fn observe(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let bucket = BOUNDS.partition_point(|bound| *bound < micros);
        self.0.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        self.0.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// Whether nothing was counted yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.buckets.iter().all(|count| count.load(Ordering::Relaxed) == 0)
    }
}

impl EncodeMetric for Times {
    #[expect(clippy::cast_precision_loss, reason = "a sum of times needs no more digits")]
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        let sum = self.0.micros.load(Ordering::Relaxed) as f64 / MICROS_OF_SECOND;
        let bounds =
            BOUNDS.iter().map(|bound| *bound as f64 / MICROS_OF_SECOND).chain(iter::once(f64::INFINITY));
        let counts = self.0.buckets.iter().map(|count| count.load(Ordering::Relaxed));
        let buckets: Vec<_> = bounds.zip(counts).collect();
        // Of the same moment as the buckets.
        let count = buckets.iter().map(|(_, count)| count).sum();
        encoder.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Histogram
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prometheus_client::{encoding::text::encode, registry::Registry};

    #[test]
    fn a_time_is_in_the_bucket_of_its_bound_and_in_all_larger_ones() {
        let (times, mut registry) = (Times::default(), Registry::default());
        registry.register("commit_seconds", "Times", times.clone());
        for micros in [500, 501, 2_000_000, 60_000_000] {
            times.observe(Duration::from_micros(micros));
        }
        let mut text = String::new();
        encode(&mut text, &registry).expect("metrics");
        for line in [
            "commit_seconds_bucket{le=\"0.0005\"} 1\n",
            "commit_seconds_bucket{le=\"0.001\"} 2\n",
            "commit_seconds_bucket{le=\"1.0\"} 2\n",
            "commit_seconds_bucket{le=\"2.5\"} 3\n",
            "commit_seconds_bucket{le=\"+Inf\"} 4\n",
            "commit_seconds_count 4\n",
            "commit_seconds_sum 62.001001\n",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
    }
}
