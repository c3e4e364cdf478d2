//! What several rooms need for their metrics, and the metrics that no other room has.
//!
//! Requests and commits are counted without a lock, because they are on the way of every activity. The families of
//! `prometheus_client` take one for each look-up, and its histograms for each observation.

mod database;
mod requests;
mod times;

pub(crate) use database::register_pools;
pub(crate) use requests::Requests;
pub(crate) use times::Times;

use prometheus_client::{
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{MetricType, gauge::ConstGauge},
};
use std::fmt;

/// A gauge that is read when the metrics are: its name, its description and its value.
pub(crate) type Read = (&'static str, &'static str, u64);

/// Writes gauges that have no labels.
pub(crate) fn encode_gauges(encoder: &mut DescriptorEncoder<'_>, gauges: &[Read]) -> fmt::Result {
    for (name, help, value) in gauges {
        let descriptor = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
        ConstGauge::new(i64::try_from(*value).unwrap_or(i64::MAX)).encode(descriptor)?;
    }
    Ok(())
}
