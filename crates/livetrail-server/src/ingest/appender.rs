use super::{IngestError, Job, Waiter};
use crate::hub::Hub;
use livetrail_store::{Placement, Store, StoreError};
use livetrail_types::Stamped;
use std::{io, sync::Weak, thread, time::Duration};
use tokio::{
    runtime::Builder,
    sync::mpsc,
    time::{Instant, sleep_until},
};

/// Activities of one commit, about: what arrives while a commit is under way is stored by the next one together.
const GROUP: usize = 8_192;

/// While pushing is pressed, a commit begins this long after the last one: it gathers more, and more CPU is left to push it. Nobody
/// waits for a client.
const APART: Duration = Duration::from_millis(2);

/// Starts the appender on a thread of its own, where its store's connection is, or which writes the file itself: requests are
/// read on others, thousands of activities at a time, and a batch that is being stored does not wait for its turn among them. It
/// ends when nobody can send any more, and is never the last to hold the store.
pub(super) fn start(jobs: mpsc::Receiver<Job>, store: Weak<dyn Store>, hub: Weak<Hub>) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let appending = run(jobs, store, hub);
    thread::Builder::new().name("appender".into()).spawn(move || runtime.block_on(appending)).map(drop)
}

/// Stores what is queued, group by group, in the order of arrival, and hands to the hub what is durable. There is one
/// appender, so the hub sees positions in order.
async fn run(mut jobs: mpsc::Receiver<Job>, store: Weak<dyn Store>, hub: Weak<Hub>) {
    let mut next = Instant::now();
    while let Some(first) = jobs.recv().await {
        let (Some(store), Some(hub)) = (store.upgrade(), hub.upgrade()) else { return };
        if hub.is_pressed() {
            sleep_until(next).await;
        }
        let Group { batch, waiters } = Group::gather(first, &mut jobs);
        let result = store.append(batch).await.map(|appended| {
            hub.committed(appended.stored);
            appended.placements
        });
        next = Instant::now() + APART;
        // Whoever has their answer may close the store, which is then not to be closed from here.
        drop((store, hub));
        match result {
            Ok(placements) => answer(waiters, placements),
            Err(error) => refuse(waiters, &error),
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
    for (count, Waiter { answer, room }) in waiters {
        // First, so that whoever has an answer finds the room that it took.
        drop(room);
        let _ = answer.send(Ok(placements.by_ref().take(count).collect()));
    }
}

fn refuse(waiters: Vec<(usize, Waiter)>, error: &StoreError) {
    tracing::error!(%error, requests = waiters.len(), "nothing was stored");
    let refusal = match error {
        StoreError::Internal(_) => IngestError::Internal,
        _ => IngestError::Unavailable,
    };
    for (_, Waiter { answer, room }) in waiters {
        drop(room);
        let _ = answer.send(Err(refusal.clone()));
    }
}
