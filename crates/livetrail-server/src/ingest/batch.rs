//! Many activities at once: each is checked on its own, and all that are right are stored together.

use super::{Ingest, IngestError, Receipt};
use crate::access::CredentialId;
use livetrail_store::Placement;
use livetrail_types::{FieldError, Stamped, limits};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Activities that are checked, in the order in which they were sent.
#[derive(Default)]
pub struct Batch {
    ready: Vec<Stamped>,
    /// The place of each of them in what was sent.
    indexes: Vec<usize>,
    rejections: Rejections,
    count: usize,
}

/// The result of a batch.
#[derive(Serialize, ToSchema)]
pub struct BatchResult {
    /// Activities that are new in the log.
    pub(crate) accepted: usize,
    /// Activities that were stored before.
    pub(crate) duplicates: usize,
    /// Activities that were refused; nothing of them is stored.
    pub(crate) rejected: Vec<Rejected>,
    /// Activities that are in the log.
    pub(crate) results: Vec<Accepted>,
}

/// An activity of a batch that is in the log.
#[derive(Serialize, ToSchema)]
pub struct Accepted {
    /// Its index in the batch, from 0.
    pub(crate) index: usize,
    pub(crate) id: Uuid,
    pub(crate) position: u64,
    pub(crate) duplicate: bool,
}

/// An activity of a batch that was refused.
#[derive(Serialize, ToSchema)]
pub struct Rejected {
    /// Its index in the batch, from 0.
    pub(crate) index: usize,
    pub(crate) errors: Vec<FieldError>,
}

/// Items that were refused. After very many mistakes only the first one of each further item is kept, so that the
/// answer is not much larger than the batch.
#[derive(Default)]
struct Rejections {
    items: Vec<Rejected>,
    errors: usize,
}

impl Rejections {
    fn add(&mut self, index: usize, mut errors: Vec<FieldError>) {
        if self.errors >= limits::BATCH_ERRORS {
            errors.truncate(1);
        }
        self.errors += errors.len();
        self.items.push(Rejected { index, errors });
    }
}

impl Batch {
    /// A batch that has room for `count` activities.
    pub fn with_capacity(count: usize) -> Self {
        Self { ready: Vec::with_capacity(count), indexes: Vec::with_capacity(count), ..Self::default() }
    }

    /// Adds the next activity, or what is wrong with it.
    pub fn add(&mut self, checked: Result<Stamped, Vec<FieldError>>) {
        match checked {
            Ok(stamped) => {
                self.ready.push(stamped);
                self.indexes.push(self.count);
            }
            Err(errors) => self.rejections.add(self.count, errors),
        }
        self.count += 1;
    }

    /// Adds what was sent after this.
    pub fn append(&mut self, rest: Self) {
        let before = self.count;
        self.ready.extend(rest.ready);
        self.indexes.extend(rest.indexes.into_iter().map(|index| before + index));
        for Rejected { index, errors } in rest.rejections.items {
            self.rejections.add(before + index, errors);
        }
        self.count += rest.count;
    }

    /// How many activities were sent, right or not.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The activities that can be stored, each with its place in the batch, from 0.
    pub fn ready(&self) -> impl Iterator<Item = (usize, &Stamped)> {
        self.indexes.iter().copied().zip(&self.ready)
    }

    /// Stores what is right.
    ///
    /// # Errors
    /// As [`Ingest::append`].
    pub async fn store(
        self,
        ingest: &Ingest,
        bytes: usize,
        credential: CredentialId,
    ) -> Result<BatchResult, IngestError> {
        let Self { ready, indexes, rejections, .. } = self;
        let receipts =
            if ready.is_empty() { Vec::new() } else { ingest.append(ready, bytes, credential).await? };
        Ok(BatchResult::of(indexes.into_iter().zip(receipts), rejections.items))
    }
}

impl BatchResult {
    fn of(receipts: impl ExactSizeIterator<Item = (usize, Receipt)>, mut rejected: Vec<Rejected>) -> Self {
        let mut results = Vec::with_capacity(receipts.len());
        for (index, receipt) in receipts {
            match receipt.placed() {
                Ok((position, duplicate)) => {
                    results.push(Accepted { index, id: receipt.id, position, duplicate });
                }
                Err(error) => rejected.push(Rejected { index, errors: vec![error] }),
            }
        }
        rejected.sort_by_key(|rejected| rejected.index);
        let duplicates = results.iter().filter(|accepted| accepted.duplicate).count();
        Self { accepted: results.len() - duplicates, duplicates, rejected, results }
    }

    /// Whether there was something in the batch, and all of it was refused.
    pub fn is_refusal(&self) -> bool {
        self.results.is_empty() && !self.rejected.is_empty()
    }

    /// What is wrong with each activity, by its place in the batch.
    pub fn into_errors(self) -> Vec<FieldError> {
        let of_each = self.rejected.into_iter().flat_map(|Rejected { index, errors }| {
            errors.into_iter().map(move |e| FieldError::new(format!("/{index}{}", e.pointer), e.detail))
        });
        of_each.collect()
    }
}

impl Receipt {
    /// Its place in the log, and whether the same activity was stored before.
    ///
    /// # Errors
    /// Its id has other content in the log, or the database refuses it.
    pub fn placed(&self) -> Result<(u64, bool), FieldError> {
        match &self.placement {
            Ok(Placement::New(position)) => Ok((*position, false)),
            Ok(Placement::Duplicate { position, .. }) => Ok((*position, true)),
            Ok(Placement::Conflict) => Err(conflict()),
            Err(reason) => Err(FieldError::new("", reason.clone())),
        }
    }

    /// Whether its id was stored before with other content.
    pub fn is_conflict(&self) -> bool {
        self.placement == Ok(Placement::Conflict)
    }
}

/// What is wrong with an activity whose id has other content in the log.
fn conflict() -> FieldError {
    FieldError::new(
        "/id",
        "was stored before with other content: an activity never changes; give a new one a new id",
    )
}
