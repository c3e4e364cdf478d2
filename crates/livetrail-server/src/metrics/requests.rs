//! Requests by route and status, and how long their answers took to begin.

use super::Times;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{MetricType, counter::ConstCounter},
    registry::Registry,
};
use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// Classes of status codes. 1xx is the answer that begins a WebSocket.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// The route of requests for the page, its files, and addresses that do not exist.
const OTHER: &str = "other";

/// The requests of a server, which the API names the routes of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requests(Arc<OnceLock<BTreeMap<String, OfRoute>>>);

#[derive(Debug, Default)]
struct OfRoute {
    by_class: [AtomicU64; CLASSES.len()],
    times: Times,
}

impl Requests {
    pub(crate) fn register(registry: &mut Registry) -> Self {
        let requests = Self::default();
        registry.register_collector(Box::new(requests.clone()));
        requests
    }

    /// Begins to count, with a zero for each of these routes. Only they become labels, so that the addresses that
    /// clients make up do not.
    pub(crate) fn begin(&self, routes: impl Iterator<Item = String>) {
        let routes = routes.chain([OTHER.to_owned()]);
        self.0.get_or_init(|| routes.map(|route| (route, OfRoute::default())).collect());
    }

    /// Counts an answer.
    pub(crate) fn answered(&self, route: Option<&str>, status: u16, time: Duration) {
        let Some(routes) = self.0.get() else { return };
        let of_route = route.and_then(|route| routes.get(route)).or_else(|| routes.get(OTHER));
        let class = usize::from(status / 100).saturating_sub(1);
        if let Some(OfRoute { by_class, times }) = of_route {
            by_class[class.min(CLASSES.len() - 1)].fetch_add(1, Ordering::Relaxed);
            times.observe(time);
        }
    }
}

impl Collector for Requests {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Some(routes) = self.0.get() else { return Ok(()) };
        let help = "Answers to requests, by route and class of status codes";
        let mut counters = encoder.encode_descriptor("http_requests", help, None, MetricType::Counter)?;
        for (route, OfRoute { by_class, .. }) in routes {
            for (class, count) in CLASSES.iter().zip(by_class) {
                let labels = [("route", route.as_str()), ("status", class)];
                let count = ConstCounter::new(count.load(Ordering::Relaxed));
                count.encode(counters.encode_family(&labels)?)?;
            }
        }
        let help = "The time from the head of a request to that of its answer, by route";
        let mut times =
            encoder.encode_descriptor("http_request_seconds", help, None, MetricType::Histogram)?;
        // A histogram has many series, so a route has none before its first request.
        for (route, of_route) in routes.iter().filter(|(_, of_route)| !of_route.times.is_empty()) {
            of_route.times.encode(times.encode_family(&[("route", route.as_str())])?)?;
        }
        Ok(())
    }
}
