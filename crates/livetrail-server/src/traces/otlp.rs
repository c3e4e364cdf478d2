//! Sends spans to a collector, in batches, from a thread of its own.

use super::BoxedLayer;
use crate::config::environment;
use anyhow::{Context, Result};
use opentelemetry::{
    KeyValue,
    propagation::{Extractor, TextMapPropagator},
    trace::TracerProvider,
};
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::{
    Resource, propagation::TraceContextPropagator, resource::EnvResourceDetector, trace::SdkTracerProvider,
};
use std::time::Duration;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{
    Layer,
    filter::{LevelFilter, Targets},
};

/// The collector's address, as every program with OpenTelemetry knows it.
/// Source: <https://opentelemetry.io/docs/specs/otel/protocol/exporter/>
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

/// How long a stopping server waits for a collector to take the last spans.
const LAST_BATCH: Duration = Duration::from_secs(2);

/// Sends what is left of the spans when it is dropped.
pub(crate) struct Sending(SdkTracerProvider);

impl Sending {
    /// Begins to send, if the environment names a collector. The SDK reads the other variables (headers, sampling,
    /// batches) itself.
    pub(crate) fn begin() -> Result<Option<(Self, BoxedLayer)>> {
        let is_set = |name: &&str| environment(name).is_some();
        let Some(variable) = ENDPOINTS.into_iter().find(is_set) else { return Ok(None) };
        let exporter = SpanExporter::builder().with_http().build();
        let exporter = exporter
            .with_context(|| format!("{variable} does not name a collector that OTLP over HTTP can reach"))?;
        let resource = Resource::builder_empty()
            .with_attribute(KeyValue::new("service.name", "livetrail"))
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .with_detector(Box::new(EnvResourceDetector::new()))
            .build();
        let provider =
            SdkTracerProvider::builder().with_resource(resource).with_batch_exporter(exporter).build();
        let layer = tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("livetrail"))
            .with_location(false)
            .with_target(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(Targets::new().with_target("livetrail_trace", LevelFilter::TRACE));
        Ok(Some((Self(provider), layer.boxed())))
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown_with_timeout(LAST_BATCH) {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// Puts the span below the one that `traceparent` among the headers names, if it names one.
pub(crate) fn continue_trace(span: &Span, headers: &dyn Extractor) {
    let parent = TraceContextPropagator::new().extract(headers);
    // It fails for a span that has begun already or that no layer takes up.
    let _ = span.set_parent(parent);
}
