//! The metrics of the hub.

use super::{CloseReason, Transport};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};
use std::sync::atomic::Ordering;

/// The upper bounds of the buckets of the lag, in activities.
const LAGS: [f64; 7] = [0.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0, 1_000_000.0];

/// Counters that any thread may move.
#[derive(Clone)]
pub(super) struct Counts {
    head: Gauge,
    shown: Gauge,
    clients: Family<ByTransport, Gauge>,
    pub(super) classes: Gauge,
    writes: Counter,
    frames: Counter,
    bytes: Counter,
    closes: Family<ByReason, Counter>,
    pub(super) store_reads: Counter,
    lag: Histogram,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByTransport {
    transport: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByReason {
    transport: &'static str,
    reason: &'static str,
}

impl From<Transport> for ByTransport {
    fn from(transport: Transport) -> Self {
        Self { transport: transport.name() }
    }
}

impl From<(Transport, CloseReason)> for ByReason {
    fn from((transport, reason): (Transport, CloseReason)) -> Self {
        Self { transport: transport.name(), reason: reason.name() }
    }
}

impl Counts {
    /// Registers metrics that begin at zero.
    pub(super) fn register(registry: &mut Registry) -> Self {
        let counts = Self {
            head: Gauge::default(),
            shown: Gauge::default(),
            clients: Family::default(),
            classes: Gauge::default(),
            writes: Counter::default(),
            frames: Counter::default(),
            bytes: Counter::default(),
            closes: Family::default(),
            store_reads: Counter::default(),
            lag: Histogram::new(LAGS),
        };
        // A graph then begins with a zero instead of nothing.
        for transport in Transport::ALL {
            let _ = counts.clients.get_or_create(&ByTransport::from(transport));
            for reason in CloseReason::ALL {
                let _ = counts.closes.get_or_create(&ByReason::from((transport, reason)));
            }
        }
        registry.register(
            "log_head",
            "The last position of the log that this server knows",
            counts.head.clone(),
        );
        let help =
            "The last position that live clients can be sent; behind log_head while the publisher has work";
        registry.register("log_shown", help, counts.shown.clone());
        let registry = registry.sub_registry_with_prefix("stream");
        registry.register("clients", "Connected clients of the live streams", counts.clients.clone());
        registry.register(
            "classes",
            "Different filters of connected clients, summed over the push threads; each is applied once to an activity",
            counts.classes.clone(),
        );
        registry.register("writes", "Writes to sockets of clients", counts.writes.clone());
        registry.register(
            "frames",
            "Activities written to clients; divided by the writes, the activities of one write",
            counts.frames.clone(),
        );
        registry.register("bytes", "Bytes written to clients as activities", counts.bytes.clone());
        registry.register("ends", "Streams that were closed, by reason", counts.closes.clone());
        registry.register(
            "store_reads",
            "Blocks of activities read from the store for clients that had fallen behind",
            counts.store_reads.clone(),
        );
        registry.register(
            "lag_activities",
            "Activities that a client had not received when its heartbeat was due",
            counts.lag.clone(),
        );
        counts
    }

    /// Notes that the log reaches `position`. Threads report positions in any order.
    pub(super) fn reached(&self, position: u64) {
        self.head.inner().fetch_max(i64::try_from(position).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    /// Notes that clients can be sent everything up to `position`.
    pub(super) fn shown(&self, position: u64) {
        self.shown.set(i64::try_from(position).unwrap_or(i64::MAX));
    }

    pub(super) fn came(&self, transport: Transport) {
        self.clients.get_or_create(&transport.into()).inc();
    }

    pub(super) fn went(&self, transport: Transport, reason: CloseReason) {
        // In this order, so that a reader who sees the client gone also sees the reason.
        self.closes.get_or_create(&(transport, reason).into()).inc();
        self.clients.get_or_create(&transport.into()).dec();
    }

    /// Counts writes of so many activities and bytes each.
    pub(super) fn wrote(&self, writes: usize, frames: usize, bytes: usize) {
        self.writes.inc_by(writes as u64);
        self.frames.inc_by((writes * frames) as u64);
        self.bytes.inc_by((writes * bytes) as u64);
    }

    pub(super) fn behind_by(&self, activities: u64) {
        #[expect(clippy::cast_precision_loss, reason = "the buckets are far apart")]
        self.lag.observe(activities as f64);
    }
}
