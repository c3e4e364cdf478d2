//! The connections to the database, as the store tells them when the metrics are read.

use livetrail_store::{PoolUse, Store};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric},
    metrics::{MetricType, gauge::ConstGauge},
    registry::Registry,
};
use std::{fmt, sync::Weak};

/// Shows the connections of a store in `registry` until the store is dropped.
pub(crate) fn register_pools(store: Weak<dyn Store>, registry: &mut Registry) {
    registry.sub_registry_with_prefix("database").register_collector(Box::new(Pools(store)));
}

struct Pools(Weak<dyn Store>);

impl fmt::Debug for Pools {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Pools")
    }
}

impl Collector for Pools {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Some(pools) = self.0.upgrade().map(|store| store.pools()) else { return Ok(()) };
        let help = "Connections that read the database, by what they are for and whether they are in use";
        let connections = pools.iter().flat_map(|pool| {
            [(pool.in_use, "in_use"), (pool.idle, "idle")]
                .map(|(count, state)| (count, [("pool", pool.pool), ("state", state)]))
        });
        encode(&mut encoder, "connections", help, connections)?;
        let of_pool =
            |count: fn(&PoolUse) -> usize| pools.iter().map(move |pool| (count(pool), [("pool", pool.pool)]));
        let help = "How many connections of a kind there may be";
        encode(&mut encoder, "connections_limit", help, of_pool(|pool| pool.limit))?;
        let help = "Reads that wait for a connection";
        encode(&mut encoder, "waiting_reads", help, of_pool(|pool| pool.waiting))
    }
}

/// Writes a gauge with a value for each set of labels.
fn encode<L: EncodeLabelSet>(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    values: impl Iterator<Item = (usize, L)>,
) -> fmt::Result {
    let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
    for (count, labels) in values {
        let count = ConstGauge::new(i64::try_from(count).unwrap_or(i64::MAX));
        count.encode(family.encode_family(&labels)?)?;
    }
    Ok(())
}
