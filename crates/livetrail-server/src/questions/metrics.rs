//! The metrics of the index and of what it answers.

use super::{AnsweredBy, feed::Feed};
use crate::metrics::encode_gauges;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet},
    metrics::{counter::Counter, family::Family},
    registry::Registry,
};
use std::{fmt, sync::Arc};

/// Counts questions by what has answered them.
pub(super) struct Metrics {
    questions: Family<By, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct By {
    by: &'static str,
}

impl From<AnsweredBy> for By {
    fn from(by: AnsweredBy) -> Self {
        Self { by: by.name() }
    }
}

impl Metrics {
    /// Registers the metrics of a feed's index, and counters that begin at zero.
    pub(super) fn register(feed: &Arc<Feed>, registry: &mut Registry) -> Self {
        let questions = Family::<By, Counter>::default();
        for by in [AnsweredBy::Index, AnsweredBy::Sql] {
            let _ = questions.get_or_create(&by.into());
        }
        let registry = registry.sub_registry_with_prefix("index");
        let help = "Lists, figures, facets, timelines and groups, by what has answered them";
        registry.register("questions", help, questions.clone());
        registry.register_collector(Box::new(OfIndex(Arc::clone(feed))));
        Self { questions }
    }

    pub(super) fn answered(&self, by: AnsweredBy) {
        self.questions.get_or_create(&by.into()).inc();
    }
}

/// What the index says of itself when it is asked.
#[derive(Debug)]
struct OfIndex(Arc<Feed>);

impl Collector for OfIndex {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let memory = "What the index takes in memory, with the parts of its files that were read lately";
        let gauges = [
            ("head", "The last position that the index has", self.0.head()),
            ("memory_bytes", memory, self.0.memory()),
            ("file_bytes", "What the files of the index take on the disk", self.0.file_bytes()),
        ];
        encode_gauges(&mut encoder, &gauges)
    }
}
