use super::{Job, Waiter, counts::Counts, pieces, queue::Queue, trouble::Trouble};
use crate::{hub::Hub, log_limit::LogLimit, log_span};
use livetrail_store::Store;
use livetrail_types::Stamped;
use std::{
    io,
    sync::{Arc, Weak},
    thread,
    time::Duration,
};
use tokio::{
    runtime::Builder,
    time::{Instant, sleep_until},
};
use tracing::Instrument;

/// While the reactors are overloaded, a commit begins this long after the last one. It gathers more activities, and
/// more CPU is left to push them. The wait does not depend on any client.
const APART: Duration = Duration::from_millis(2);

/// Starts the appender on its own thread, which writes the embedded database itself. Other threads parse requests of
/// thousands of activities, and a batch that is being stored must not wait for its turn among them. It ends when the
/// queue is closed and empty, and is never the last to hold the store.
pub(super) fn start(
    queue: Arc<Queue>,
    (trouble, counts): (Arc<Trouble>, Counts),
    store: Weak<dyn Store>,
    hub: Weak<Hub>,
) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let appending =
        run(Appending(queue), (trouble, counts), store, hub).instrument(log_span::task("appender"));
    thread::Builder::new().name("appender".into()).spawn(move || runtime.block_on(appending)).map(drop)
}

/// The appender's side of the queue. However the appender ends, no request waits for it any more.
struct Appending(Arc<Queue>);

impl Drop for Appending {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

/// Stores what is queued, group by group, and hands to the hub what is durable. There is one appender, so the hub sees
/// positions in order.
async fn run(
    appending: Appending,
    (trouble, counts): (Arc<Trouble>, Counts),
    store: Weak<dyn Store>,
    hub: Weak<Hub>,
) {
    let queue = &appending.0;
    let log_limit = LogLimit::default();
    let mut next = Instant::now();
    while queue.wait().await {
        let (Some(store), Some(hub)) = (store.upgrade(), hub.upgrade()) else { return };
        if hub.is_overloaded() {
            sleep_until(next).await;
        }
        let Group { batch, waiters } = Group::of(queue.gather());
        let begun = Instant::now();
        let requests: Vec<_> = waiters.iter().map(|(count, _)| *count).collect();
        let (answers, failure) = pieces::append(&*store, &hub, batch, &requests).await;
        counts.committed(begun.elapsed(), failure.is_some());
        let now = Instant::now();
        trouble.note(failure.is_some(), now);
        next = now + APART;
        // A sender that has its answer may close the store, which must not be closed from here then.
        drop((store, hub));
        // First, so that a client that has its answer finds the room that its items took.
        queue.release(waiters.iter().map(|(_, waiter)| waiter.share));
        // A full disk fails every commit, and the server's own log may be on it.
        if let Some(error) = failure
            && let Some(left_out) = log_limit.admit(&error.to_string(), now)
        {
            let requests = answers.iter().filter(|answer| answer.is_err()).count();
            tracing::error!(%error, requests, left_out, "nothing was stored");
        }
        // A sender that has gone needs no answer; its activities are stored all the same.
        for ((_, Waiter { answer, .. }), outcome) in waiters.into_iter().zip(answers) {
            let _ = answer.send(outcome);
        }
    }
}

/// The activities of several requests, and who waits for how many of them.
struct Group {
    batch: Vec<Stamped>,
    waiters: Vec<(usize, Waiter)>,
}

impl Group {
    fn of(jobs: Vec<Job>) -> Self {
        let mut group = Self { batch: Vec::new(), waiters: Vec::with_capacity(jobs.len()) };
        for Job { batch, waiter } in jobs {
            group.waiters.push((batch.len(), waiter));
            if group.batch.is_empty() { group.batch = batch } else { group.batch.extend(batch) }
        }
        group
    }
}
