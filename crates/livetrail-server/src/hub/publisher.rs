use super::Hub;
use livetrail_store::{Elsewhere, StoreError};
use livetrail_types::Activity;
use std::{
    io,
    sync::{Mutex, PoisonError, Weak},
    thread::{self, JoinHandle},
    time::Duration,
};
use tokio::{
    runtime::Handle,
    sync::{mpsc, watch},
    time::sleep,
};
use tokio_util::sync::CancellationToken;

/// How long to wait before a store that did not answer is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// Commits that may wait to be shown.
const GROUPS: usize = 4;

/// Shows what is durable, on a thread of its own, so that whoever appends never waits for what those who watch need: names, and
/// what others have appended.
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
        elsewhere: watch::Receiver<Elsewhere>,
    ) -> io::Result<()> {
        // What it waits for is driven by the runtime of everybody else: connections that it makes are theirs, too.
        let (runtime, publishing) = (Handle::current(), run(hub, queue, elsewhere));
        let thread = thread::Builder::new().name("publisher".into());
        let thread = thread.spawn(move || runtime.block_on(publishing))?;
        *self.thread.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread);
        Ok(())
    }

    /// Has activities shown, if there is room for them to wait.
    pub(super) fn show(&self, activities: Vec<Activity>) {
        let _ = self.committed.try_send(activities);
    }

    /// Ends the thread, and waits until it has ended.
    pub(super) async fn stop(&self) {
        self.stopping.cancel();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A thread that panicked has said so where it did.
            let _ = tokio::task::spawn_blocking(|| thread.join()).await;
        }
    }
}

async fn run(hub: Weak<Hub>, queue: Queue, mut elsewhere: watch::Receiver<Elsewhere>) {
    let Queue { mut committed, stopping } = queue;
    let mut shown = Ok(());
    loop {
        let group = tokio::select! {
            biased;
            () = stopping.cancelled() => return,
            group = committed.recv() => match group {
                Some(group) => group,
                None => return,
            },
            Ok(()) = elsewhere.changed() => Vec::new(),
            () = sleep(PAUSE), if shown.is_err() => Vec::new(),
        };
        let Some(hub) = hub.upgrade() else { return };
        hub.reached(elsewhere.borrow_and_update().head);
        shown = tokio::select! {
            biased;
            () = stopping.cancelled() => return,
            shown = show(&hub, group, committed.is_empty()) => shown,
        };
        if let Err(error) = &shown {
            tracing::warn!(%error, "what is durable cannot be shown yet");
        }
    }
}

/// Shows a group, and after the last of those that wait, whatever had no room to wait.
async fn show(hub: &Hub, group: Vec<Activity>, is_last: bool) -> Result<(), StoreError> {
    hub.publish(group).await?;
    if is_last { hub.catch_up().await } else { Ok(()) }
}
