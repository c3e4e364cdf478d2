use std::time::Duration;

/// Latencies of one kind of request, each kept, so that quantiles are exact.
#[derive(Default)]
pub(super) struct Latencies(Vec<Duration>);

impl Latencies {
    pub(super) fn add(&mut self, took: Duration) {
        self.0.push(took);
    }

    pub(super) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// By the nearest rank; 0 of none.
    pub(super) fn quantile_ms(&self, quantile: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (quantile * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.saturating_sub(1)).map_or(0.0, |took| milliseconds(*took))
    }
}

/// To a hundredth.
pub(super) fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e5).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_nearest_rank() {
        let mut latencies = Latencies::default();
        for milliseconds in (1..=100).rev() {
            latencies.add(Duration::from_millis(milliseconds));
        }
        let quantiles = [0.5, 0.99, 1.0].map(|quantile| latencies.quantile_ms(quantile));
        assert_eq!(quantiles, [50.0, 99.0, 100.0]);
        assert_eq!(Latencies::default().quantile_ms(0.5), 0.0);
    }
}
