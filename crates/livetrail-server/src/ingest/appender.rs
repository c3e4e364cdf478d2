use super::{IngestError, Job, Waiter};
use crate::hub::Hub;
use livetrail_store::{Placement, Store, StoreError};
use livetrail_types::Stamped;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Activities of one commit, about: what arrives while a commit is under way is stored by the next one together.
const GROUP: usize = 8_192;

/// Stores what is queued, group by group, in the order of arrival, and hands to the hub what is durable. There is
/// one appender, so the hub sees positions in order.
pub(super) async fn run(mut jobs: mpsc::Receiver<Job>, store: Arc<dyn Store>, hub: Arc<Hub>) {
    while let Some(first) = jobs.recv().await {
        let group = Group::gather(first, &mut jobs);
        match store.append(group.batch).await {
            Ok(appended) => {
                hub.committed(&appended.stored);
                answer(group.waiters, appended.placements);
                hub.publish(appended.stored).await;
            }
            Err(error) => refuse(group.waiters, &error),
        }
    }
}

/// The activities of several requests, and who waits for how many of them.
struct Group {
    batch: Vec<Stamped>,
    waiters: Vec<(usize, Waiter)>,
}

impl Group {
    fn gather(first: Job, jobs: &mut mpsc::Receiver<Job>) -> Self {
        let mut group = Self { waiters: vec![(first.batch.len(), first.waiter)], batch: first.batch };
        while group.batch.len() < GROUP
            && let Ok(job) = jobs.try_recv()
        {
            group.waiters.push((job.batch.len(), job.waiter));
            group.batch.extend(job.batch);
        }
        group
    }
}

/// Whoever has gone meanwhile needs no answer; what they sent is stored all the same.
fn answer(waiters: Vec<(usize, Waiter)>, placements: Vec<Placement>) {
    let mut placements = placements.into_iter();
    for (count, waiter) in waiters {
        let _ = waiter.answer.send(Ok(placements.by_ref().take(count).collect()));
    }
}

fn refuse(waiters: Vec<(usize, Waiter)>, error: &StoreError) {
    tracing::error!(%error, requests = waiters.len(), "nothing was stored");
    let refusal = match error {
        StoreError::Internal(_) => IngestError::Internal,
        _ => IngestError::Unavailable,
    };
    for (_, waiter) in waiters {
        let _ = waiter.answer.send(Err(refusal.clone()));
    }
}
