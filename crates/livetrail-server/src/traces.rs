//! Traces for OpenTelemetry: a span for each request, and one for each step that may take time in it.
//!
//! These spans have the target `livetrail_trace`. Unless the environment names a collector, nothing takes them up.

#[cfg(feature = "otlp")]
mod otlp;

#[cfg(feature = "otlp")]
pub(crate) use otlp::{Sending, continue_trace};

use tracing_subscriber::{Layer, Registry};

/// What takes up spans.
pub(crate) type BoxedLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// What sends spans to a collector: nothing, in a binary without the feature.
#[cfg(not(feature = "otlp"))]
pub(crate) enum Sending {}

#[cfg(not(feature = "otlp"))]
impl Sending {
    pub(crate) fn begin() -> anyhow::Result<Option<(Self, BoxedLayer)>> {
        Ok(None)
    }
}

/// The span of a step of a request. Its fields become attributes that begin with `livetrail.`.
macro_rules! step {
    ($name:literal $(, $field:ident = $value:expr)*) => {
        tracing::trace_span!(target: "livetrail_trace", $name $(, livetrail.$field = $value)*)
    };
}
pub(crate) use step;
