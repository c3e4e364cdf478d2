//! The thread that shows what has become durable: it puts activities into the ring in the order of their positions,
//! with the names of their users, and wakes the clients.

use super::{
    CHUNK, Hub,
    segment::{Absent, Known, Segment},
};
use crate::log_span;
use livetrail_store::{RemoteChanges, StoreError};
use livetrail_types::Activity;
use std::{
    io,
    sync::{Arc, Mutex, PoisonError, Weak, atomic::Ordering},
    thread::{self, JoinHandle},
    time::Duration,
};
use tokio::{
    runtime::Handle,
    sync::{mpsc, watch},
    time::sleep,
};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

/// How long to wait before a store that failed is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// Commits that may wait to be shown. Later ones are read from the store when their turn comes.
const GROUPS: usize = 4;

/// More activities than these are not encoded ahead: clients read them from the store, and no client waits for the
/// encoding.
const MAX_TO_CATCH_UP: u64 = 16_384;

/// The handle of the thread. Appending never waits for what readers need: names, and what other nodes have appended.
pub(super) struct Publisher {
    committed: mpsc::Sender<Vec<Activity>>,
    stopping: CancellationToken,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What the thread waits for.
pub(super) struct Queue {
    committed: mpsc::Receiver<Vec<Activity>>,
    stopping: CancellationToken,
}

impl Publisher {
    pub(super) fn new() -> (Self, Queue) {
        let (committed, groups) = mpsc::channel(GROUPS);
        let stopping = CancellationToken::new();
        let queue = Queue { committed: groups, stopping: stopping.clone() };
        (Self { committed, stopping, thread: Mutex::default() }, queue)
    }

    /// Starts the thread, which ends with the hub.
    pub(super) fn start(
        &self,
        hub: Weak<Hub>,
        queue: Queue,
        remote_changes: watch::Receiver<RemoteChanges>,
    ) -> io::Result<()> {
        // The runtime of the server drives what the thread waits for, since both use the same connections.
        let (runtime, publishing) =
            (Handle::current(), run(hub, queue, remote_changes).instrument(log_span::task("publisher")));
        let thread = thread::Builder::new().name("publisher".into());
        let thread = thread.spawn(move || runtime.block_on(publishing))?;
        *self.thread.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread);
        Ok(())
    }

    /// Queues activities, if there is room in the queue.
    pub(super) fn offer(&self, activities: Vec<Activity>) {
        let _ = self.committed.try_send(activities);
    }

    /// Ends the thread, and waits until it has ended.
    pub(super) async fn stop(&self) {
        self.stopping.cancel();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // The panic hook has reported a thread that panicked.
            let _ = tokio::task::spawn_blocking(|| thread.join()).await;
        }
    }
}

async fn run(hub: Weak<Hub>, queue: Queue, mut remote_changes: watch::Receiver<RemoteChanges>) {
    let Queue { mut committed, stopping } = queue;
    let (mut shown, mut edition) = (Ok(()), remote_changes.borrow().edition);
    loop {
        let group = tokio::select! {
            biased;
            () = stopping.cancelled() => return,
            group = committed.recv() => match group {
                Some(group) => group,
                None => return,
            },
            Ok(()) = remote_changes.changed() => Vec::new(),
            () = sleep(PAUSE), if shown.is_err() => Vec::new(),
        };
        let Some(hub) = hub.upgrade() else { return };
        let remote = *remote_changes.borrow_and_update();
        hub.reached(remote.head);
        if std::mem::replace(&mut edition, remote.edition) != remote.edition {
            // Another node has erased data of activities that are at hand here.
            hub.forget_past();
        }
        shown = tokio::select! {
            biased;
            () = stopping.cancelled() => return,
            shown = publish_group(&hub, group, committed.is_empty()) => shown,
        };
        if let Err(error) = &shown {
            tracing::warn!(%error, "what is durable cannot be shown yet");
        }
    }
}

/// Shows a group, and after the last group of the queue whatever found no room in it.
async fn publish_group(hub: &Hub, group: Vec<Activity>, is_last: bool) -> Result<(), StoreError> {
    hub.publish(group).await?;
    if is_last { hub.catch_up().await } else { Ok(()) }
}

impl Hub {
    /// Shows activities that have just become durable, in the order of their positions. Activities before them that
    /// other nodes have appended are read from the store and shown first.
    ///
    /// # Errors
    /// What the store says of those others; then none of these is shown yet, and [`Hub::catch_up`] makes up for it.
    pub(super) async fn publish(&self, mut activities: Vec<Activity>) -> Result<(), StoreError> {
        let shown = self.shown();
        activities.retain(|activity| activity.position > shown);
        match activities.first() {
            Some(first) if first.position > shown + 1 => self.catch_up().await,
            _ => {
                self.publish_next(activities).await;
                Ok(())
            }
        }
    }

    /// Shows what is durable and was not shown yet.
    ///
    /// # Errors
    /// What the store says.
    pub(super) async fn catch_up(&self) -> Result<(), StoreError> {
        loop {
            let (shown, durable) = (self.shown(), self.durable.load(Ordering::Acquire));
            if shown >= durable {
                return Ok(());
            }
            if self.watchers() == 0 || durable - shown > MAX_TO_CATCH_UP {
                self.skip_to(durable);
                return Ok(());
            }
            self.push(self.read((shown, durable.min(shown + CHUNK as u64))).await?);
        }
    }

    /// Shows the activities that follow what is shown.
    async fn publish_next(&self, activities: Vec<Activity>) {
        let Some(newest) = activities.last() else { return };
        if self.watchers() == 0 {
            return self.skip_to(newest.position);
        }
        let has_names = self.watchers.with_names() > 0;
        let profiles =
            if has_names { self.directory.profiles(&activities).await } else { vec![None; activities.len()] };
        let mut rest = activities.into_iter().zip(profiles);
        loop {
            // Segments of a size that one write takes. Each activity is moved once, however many follow it.
            let known: Vec<Known> = rest.by_ref().take(CHUNK).collect();
            let (Some((first, _)), Some((last, _))) = (known.first(), known.last()) else { return };
            let range = (first.position - 1, last.position);
            let segment = self.segment(range, known, Absent::default());
            self.push(if has_names { segment } else { segment.without_names() });
        }
    }

    /// Adds a segment to the ring. It is encoded here rather than by the first reactor that needs it, so that the
    /// reactors' time goes into writing.
    fn push(&self, segment: Segment) {
        for transport in self.watchers.transports() {
            segment.encoded(transport);
        }
        let newest = segment.last();
        self.ring.write().unwrap_or_else(PoisonError::into_inner).push(Arc::new(segment));
        self.show_up_to(newest);
    }

    /// Moves on without keeping anything in memory: who comes back to these activities reads them from the store.
    fn skip_to(&self, position: u64) {
        self.ring.write().unwrap_or_else(PoisonError::into_inner).skip_to(position);
        self.show_up_to(position);
    }

    fn show_up_to(&self, position: u64) {
        self.reached(position);
        self.head.send_replace(position);
        self.counts.shown(position);
        self.reactors.read().unwrap_or_else(PoisonError::into_inner).iter().for_each(|inbox| inbox.wake());
    }
}
