use super::{IngestError, Job, Waiter};
use crate::hub::Hub;
use livetrail_store::{Placement, Store, StoreError};
use livetrail_types::Stamped;
use std::{sync::Arc, time::Duration};
use tokio::{sync::mpsc, time::sleep};

/// Activities of one commit, about: what arrives while a commit is under way is stored by the next one together.
const GROUP: usize = 8_192;

/// How long to wait before a store that did not answer is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// Stores what is queued, group by group, in the order of arrival, and hands to the hub what is durable, here or
/// elsewhere. There is one appender, so the hub sees positions in order.
pub(super) async fn run(mut jobs: mpsc::Receiver<Job>, store: Arc<dyn Store>, hub: Arc<Hub>) {
    let mut elsewhere = store.elsewhere();
    let mut shown = Ok(());
    loop {
        tokio::select! {
            job = jobs.recv() => match job {
                Some(first) => {
                    let group = Group::gather(first, &mut jobs);
                    shown = append(group, &*store, &hub).await;
                }
                None => return,
            },
            Ok(()) = elsewhere.changed() => {
                hub.committed(elsewhere.borrow_and_update().head);
                shown = hub.catch_up().await;
            }
            () = sleep(PAUSE), if shown.is_err() => shown = hub.catch_up().await,
        }
        if let Err(error) = &shown {
            tracing::warn!(%error, "what is durable cannot be shown yet");
        }
    }
}

/// # Errors
/// When what was stored could not be shown: the store did not say what comes before it.
async fn append(group: Group, store: &dyn Store, hub: &Hub) -> Result<(), StoreError> {
    match store.append(group.batch).await {
        Ok(appended) => {
            hub.committed(appended.stored.last().map_or(0, |newest| newest.position));
            answer(group.waiters, appended.placements);
            hub.publish(appended.stored).await
        }
        Err(error) => {
            refuse(group.waiters, &error);
            Ok(())
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
