//! From a checked activity to a durable one: stamp, queue, group commit, hand-over to the hub.
//!
//! The queue is bounded by the bytes of its activities, and shared between credentials ([`queue`]). Without room, a
//! caller is refused at once ([`IngestError::Full`]); no other request waits for it.

mod appender;
mod batch;
mod counts;
mod pieces;
mod queue;
mod redactions;
#[cfg(test)]
mod tests;
mod trouble;

pub use batch::{Accepted, Batch, BatchResult, Rejected};

use crate::{
    access::{CredentialId, Principal, Refusal},
    environment::Environment,
    hub::Hub,
    traces::step,
    turns::Turns,
};
use counts::{Counts, Reason};
use jiff::Timestamp;
use livetrail_store::{Placement, Store, StoreError};
use livetrail_types::{
    Activity, FieldError, NewActivity, Redaction, RedactionCounts, Sender, Stamped, UserProfile,
    json::{ParseError, Value},
};
use prometheus_client::registry::Registry;
use queue::{Capacity, Queue, Refused, Share};
use redactions::Redactions;
use std::sync::Arc;
use thiserror::Error;
use tokio::{sync::oneshot, time::Instant};
use tracing::Instrument;
use trouble::Trouble;
use uuid::Uuid;

/// The capacity of the queue. One credential alone may hold half of it.
const CAPACITY: Capacity = Capacity { kib: 64 * 1024, requests: 16_384 };

/// Conflicting activities that are compared with the log at once; one for each credential.
const COMPARISONS: usize = 2;

/// Why an activity was not stored.
#[derive(Clone, Debug, Error)]
pub enum IngestError {
    /// Too much is waiting already.
    #[error("more activities arrive than can be stored; try again shortly")]
    Full,
    /// The store is away.
    #[error("the store is not available")]
    Unavailable,
    /// A bug.
    #[error("the store refused the batch")]
    Internal,
}

impl From<&StoreError> for IngestError {
    fn from(error: &StoreError) -> Self {
        match error {
            StoreError::Internal(_) => Self::Internal,
            _ => Self::Unavailable,
        }
    }
}

/// An activity that was stored, or was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its id: the sender's, or the one it was given.
    pub id: Uuid,
    /// When it happened, as it was stored.
    pub timestamp: Timestamp,
    /// Its outcome, or why the database refuses it.
    pub placement: Result<Placement, String>,
}

impl Receipt {
    fn new(id: Uuid, timestamp: Timestamp, placement: Result<Placement, String>) -> Self {
        match placement {
            Ok(Placement::Duplicate { timestamp, .. }) => Self { id, timestamp, placement },
            _ => Self { id, timestamp, placement },
        }
    }
}

/// One request's activities, waiting for their commit.
struct Job {
    batch: Vec<Stamped>,
    waiter: Waiter,
}

/// The outcome of a request's activities, and those whose id was stored before with other content.
#[derive(Default)]
struct Placed {
    placements: Vec<Result<Placement, String>>,
    /// By their places in the batch.
    conflicting: Vec<(usize, Activity)>,
}

type Answer = Result<Placed, IngestError>;

impl Job {
    fn new(batch: Vec<Stamped>, bytes: usize, credential: CredentialId) -> (Self, oneshot::Receiver<Answer>) {
        let (answer, answered) = oneshot::channel();
        (Self { batch, waiter: Waiter { answer, share: Share::of(credential, bytes) } }, answered)
    }
}

impl From<Refused> for IngestError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Full => Self::Full,
            Refused::Closed => Self::Unavailable,
        }
    }
}

/// The sender, which waits for the answer.
struct Waiter {
    answer: oneshot::Sender<Answer>,
    /// Its share of the queue until it is answered.
    share: Share,
}

/// The way into the log.
pub struct Ingest {
    environment: Arc<dyn Environment>,
    redaction: Redaction,
    redactions: Redactions,
    counts: Counts,
    session_key: [u8; 32],
    queue: Arc<Queue>,
    trouble: Arc<Trouble>,
    /// Bounds the reads that conflicts cost: a batch may hold 10,000 of them.
    comparisons: Turns<CredentialId>,
    /// The appender needs these for as long as activities can be sent.
    store: Arc<dyn Store>,
    _hub: Arc<Hub>,
}

impl Drop for Ingest {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl Ingest {
    /// Starts the appender, which ends when the `Ingest` is dropped and its queue is empty.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn start(
        store: Arc<dyn Store>,
        hub: Arc<Hub>,
        environment: Arc<dyn Environment>,
        redaction: Redaction,
        session_key: [u8; 32],
    ) -> Result<Self, StoreError> {
        let (queue, counts) = (Queue::new(CAPACITY), Counts::default());
        let trouble = Arc::new(Trouble::default());
        appender::start(
            Arc::clone(&queue),
            (Arc::clone(&trouble), counts.clone()),
            Arc::downgrade(&store),
            Arc::downgrade(&hub),
        )
        .map_err(|error| StoreError::Internal(error.to_string()))?;
        let (redactions, comparisons) = (Redactions::default(), Turns::new(COMPARISONS, 1));
        Ok(Self {
            environment,
            redaction,
            redactions,
            counts,
            session_key,
            queue,
            trouble,
            comparisons,
            store,
            _hub: hub,
        })
    }

    /// Whether the last commit failed.
    pub fn is_failing(&self) -> bool {
        self.trouble.is_there(Instant::now())
    }

    /// Shows what it counts in `registry`.
    pub fn register(&self, registry: &mut Registry) {
        self.redactions.register(registry);
        self.counts.register(&self.queue, registry);
    }

    /// Reads what a client has sent, within its tenant, and names everything that is wrong with it.
    ///
    /// # Errors
    /// [`Refusal::OtherTenant`], which concerns the whole request.
    pub fn read(
        &self,
        principal: &Principal,
        value: impl Into<Value>,
    ) -> Result<Result<NewActivity, Vec<FieldError>>, Refusal> {
        let sender = if principal.is_operator() { Sender::Operator } else { Sender::Application };
        self.counts.received();
        let read = NewActivity::from_json_of(sender, value).and_then(|new| self.check(new));
        let read = read.map_or_else(|errors| Ok(Err(errors)), |new| within_tenant(principal, new).map(Ok));
        match &read {
            Ok(Ok(_)) => {}
            Ok(Err(_)) => self.counts.refused(Reason::Invalid, 1),
            Err(_) => self.counts.refused(Reason::OtherTenant, 1),
        }
        read
    }

    /// The same for an item of a batch, which may not be JSON. A valid activity is made ready to be stored.
    ///
    /// # Errors
    /// As [`Ingest::read`].
    pub fn check_item(
        &self,
        principal: &Principal,
        item: Result<Value, ParseError>,
    ) -> Result<Result<Stamped, Vec<FieldError>>, Refusal> {
        match item {
            Ok(value) => Ok(self.read(principal, value)?.map(|new| self.stamp(new))),
            Err(error) => {
                self.counts.received();
                self.counts.refused(Reason::Invalid, 1);
                Ok(Err(vec![FieldError::new("", format!("is not JSON: {error}"))]))
            }
        }
    }

    /// Refuses an activity with a secret in an identifier: replacing it would name another action or tenant.
    ///
    /// # Errors
    /// The fields that have secrets. The secrets are not repeated.
    pub fn check(&self, new: NewActivity) -> Result<NewActivity, Vec<FieldError>> {
        self.redaction.check_identifiers(&new).map(|()| new)
    }

    /// Replaces secrets in the names of a user.
    pub fn redact_profile(&self, profile: &mut UserProfile) {
        for text in [&mut profile.email, &mut profile.display_name] {
            self.redactions.count(&self.redaction.profile_text(text));
        }
    }

    /// The key of hashed session ids, which filters need too.
    pub fn session_key(&self) -> &[u8; 32] {
        &self.session_key
    }

    /// Makes an activity ready to be stored: without secrets, with the server's time and an id.
    pub fn stamp(&self, new: NewActivity) -> Stamped {
        let (stamped, counts) = self.try_out(new);
        self.redactions.count(&counts);
        stamped
    }

    /// The same for an activity that is not to be stored, with the number of its secrets, which no metric counts.
    pub fn try_out(&self, mut new: NewActivity) -> (Stamped, RedactionCounts) {
        let counts = new.redact(&self.redaction);
        (new.stamp(self.environment.now(), self.environment.fresh_id(), &self.session_key), counts)
    }

    /// Stores activities that `credential` sent in a body of `bytes`. When this returns, they are durable.
    ///
    /// # Errors
    /// Nothing was stored. With [`IngestError::Unavailable`], the outcome is unknown: sending the same ids again is
    /// safe.
    pub async fn append(
        &self,
        batch: Vec<Stamped>,
        bytes: usize,
        credential: CredentialId,
    ) -> Result<Vec<Receipt>, IngestError> {
        let sent: Vec<_> =
            batch.iter().map(|stamped| (stamped.activity.id, stamped.activity.timestamp)).collect();
        let placements = self.place(batch, bytes, credential).await;
        match &placements {
            Ok(placements) => self.counts.placed(placements),
            Err(error) => self.counts.refused(error.into(), sent.len()),
        }
        let receipts = sent.into_iter().zip(placements?);
        Ok(receipts.map(|((id, at), placement)| Receipt::new(id, at, placement)).collect())
    }

    async fn place(
        &self,
        batch: Vec<Stamped>,
        bytes: usize,
        credential: CredentialId,
    ) -> Result<Vec<Result<Placement, String>>, IngestError> {
        let commit = step!("commit", activities = batch.len());
        let (job, answered) = Job::new(batch, bytes, credential);
        self.queue.push(job)?;
        let Placed { mut placements, conflicting } =
            answered.instrument(commit).await.map_err(|_| IngestError::Unavailable)??;
        for (index, activity) in conflicting {
            let _turn = self.comparisons.take(&credential).await.map_err(|_| IngestError::Unavailable)?;
            if let Some(same) = self.same(&activity).await? {
                placements[index] = Ok(same);
            }
        }
        Ok(placements)
    }

    /// Finds an activity that shows the same content. Its fingerprint may differ because an export contains the ids and
    /// times that the server chose, and redacted text.
    async fn same(&self, activity: &Activity) -> Result<Option<Placement>, IngestError> {
        let known = self.store.all_of_id(activity.id).await.map_err(|_| IngestError::Unavailable)?;
        let same = known.into_iter().find(|(known, _)| known.comes_back_as(activity, &self.session_key));
        Ok(same
            .map(|(known, _)| Placement::Duplicate { position: known.position, timestamp: known.timestamp }))
    }

    /// Stores records of Livetrail's own, which weigh `bytes`. They wait for room in a full queue.
    ///
    /// # Errors
    /// Nothing was stored, or the outcome is unknown.
    pub async fn append_own(&self, batch: Vec<Stamped>, bytes: usize) -> Result<(), IngestError> {
        let (job, answered) = Job::new(batch, bytes, CredentialId::LIVETRAIL);
        self.queue.push_when_free(job).await?;
        let Placed { placements, .. } = answered.await.map_err(|_| IngestError::Unavailable)??;
        // An alert is written again after a crash, which stores it once.
        let is_new = |placement: &&Result<_, _>| matches!(placement, Ok(Placement::New(_)));
        self.counts.stored_own(placements.iter().filter(is_new).count());
        match placements.iter().find_map(|placement| placement.as_ref().err()) {
            Some(reason) => {
                tracing::error!(reason, "the database refuses a record of Livetrail's own");
                Err(IngestError::Internal)
            }
            None => Ok(()),
        }
    }
}

/// A credential that is bound to a tenant writes into that tenant, and into no other.
fn within_tenant(principal: &Principal, new: NewActivity) -> Result<NewActivity, Refusal> {
    match (&principal.tenant, &new.tenant_id) {
        (Some(own), Some(named)) if own != named => Err(Refusal::OtherTenant),
        (Some(own), _) => Ok(NewActivity { tenant_id: Some(own.clone()), ..new }),
        (None, _) => Ok(new),
    }
}
