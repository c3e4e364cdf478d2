use super::{Answer, Asker, columns};
use livetrail_types::Filter;

impl Asker<'_> {
    /// The positions of the activities that a filter means, after a position up to and with another, in ascending
    /// order. None where the index has no answer: then the reader has to go through all activities.
    ///
    /// # Errors
    /// See [`QuestionError`](super::QuestionError).
    pub async fn positions(&self, filter: &Filter, between: (u64, u64)) -> Answer<Option<Vec<u64>>> {
        let found = self.ask_index_between(filter, between, columns::positions).await?;
        Ok(found.map(|positions| self.by_index(positions)))
    }
}
