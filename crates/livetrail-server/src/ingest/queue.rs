//! The queue of activities, shared fairly between credentials.
//!
//! Each credential has a line of its own, first come, first served. A group, which becomes one commit, takes from the
//! lines in turn.
//!
//! **Room.** A credential may hold at most as much as is still free. One alone can hold half of the queue, two a third
//! each; some room is always left for the next one. Activities that are being committed still count.
//!
//! **Turns.** Requests of several credentials share a small group, so that a single activity never waits for the large
//! batches that others have queued. A batch that is too large to share a group gets its own, every other time. So
//! neither side starves, and a request waits for at most one large commit of each other credential.

#[cfg(test)]
mod tests;

use super::Job;
use crate::access::CredentialId;
use livetrail_types::limits;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// Activities of one commit. Those that arrive during a commit are stored together by the next one. The largest request
/// fits.
const GROUP: usize = limits::BATCH_ITEMS;
/// The same where several credentials wait: a commit of this size delays no other client noticeably.
const SHARED_GROUP: usize = 4_096;

/// Why a job was not queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The queue has no room for more of this credential.
    Full,
    /// Nothing is stored any more.
    Closed,
}

/// How much may wait at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Capacity {
    /// KiB of request bodies.
    pub(super) kib: usize,
    /// Requests.
    pub(super) requests: usize,
}

/// The waiting activities. There are many senders and one appender.
pub(super) struct Queue {
    lines: Mutex<Lines>,
    /// Wakes the appender.
    changed: Notify,
    /// Wakes what waits for room.
    freed: Notify,
}

/// A request's share of the queue until it is answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    credential: CredentialId,
    kib: usize,
}

struct Lines {
    free: Capacity,
    by_credential: HashMap<CredentialId, Line>,
    /// Credentials with a job that waits, the next one first.
    turns: VecDeque<CredentialId>,
    /// Whether the last group was a batch that shared with no other credential while others waited.
    was_large: bool,
    is_closed: bool,
}

/// The share of one credential.
#[derive(Default)]
struct Line {
    jobs: VecDeque<Job>,
    kib: usize,
    requests: usize,
    /// Whether the last group had no room for its first job.
    was_passed_over: bool,
}

impl Queue {
    pub(super) fn new(free: Capacity) -> Arc<Self> {
        let lines = Lines {
            free,
            by_credential: HashMap::new(),
            turns: VecDeque::new(),
            was_large: false,
            is_closed: false,
        };
        Arc::new(Self { lines: Mutex::new(lines), changed: Notify::new(), freed: Notify::new() })
    }

    /// Adds a job at the end of its credential's line.
    pub(super) fn push(&self, job: Job) -> Result<(), Refused> {
        self.lock().push(job)?;
        self.changed.notify_one();
        Ok(())
    }

    /// The same as soon as there is room, which only Livetrail's own records wait for.
    pub(super) async fn push_when_free(&self, job: Job) -> Result<(), Refused> {
        loop {
            let freed = self.freed.notified();
            {
                let mut lines = self.lock();
                match lines.admits(job.waiter.share) {
                    Err(Refused::Full) => {}
                    Err(Refused::Closed) => return Err(Refused::Closed),
                    Ok(()) => {
                        lines.add(job);
                        self.changed.notify_one();
                        return Ok(());
                    }
                }
            }
            freed.await;
        }
    }

    /// Waits until there is something to store; false once the queue is closed and empty.
    pub(super) async fn wait(&self) -> bool {
        loop {
            {
                let lines = self.lock();
                if !lines.turns.is_empty() {
                    return true;
                }
                if lines.is_closed {
                    return false;
                }
            }
            self.changed.notified().await;
        }
    }

    /// Takes the jobs of the next commit; none when nothing waits.
    pub(super) fn gather(&self) -> Vec<Job> {
        self.lock().gather()
    }

    /// Gives back what answered requests took up.
    pub(super) fn release(&self, shares: impl Iterator<Item = Share>) {
        let mut lines = self.lock();
        shares.for_each(|share| lines.release(share));
        self.freed.notify_waiters();
    }

    /// What is free of the capacity.
    pub(super) fn free(&self) -> Capacity {
        self.lock().free
    }

    /// Accepts no more; waiting activities are still stored.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_one();
        self.freed.notify_waiters();
    }

    /// Accepts no more and drops the waiting activities. Their senders are told that the outcome is unknown.
    pub(super) fn abandon(&self) {
        let mut lines = self.lock();
        lines.is_closed = true;
        lines.turns.clear();
        lines.by_credential.clear();
        self.freed.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Share {
    pub(super) fn of(credential: CredentialId, bytes: usize) -> Self {
        Self { credential, kib: bytes / 1024 + 1 }
    }
}

impl Lines {
    fn push(&mut self, job: Job) -> Result<(), Refused> {
        self.admits(job.waiter.share)?;
        self.add(job);
        Ok(())
    }

    fn admits(&self, Share { credential, kib }: Share) -> Result<(), Refused> {
        if self.is_closed {
            return Err(Refused::Closed);
        }
        let (held_kib, held_requests) =
            self.by_credential.get(&credential).map_or((0, 0), |line| (line.kib, line.requests));
        if held_kib + kib > self.free.kib || held_requests + 1 > self.free.requests {
            return Err(Refused::Full);
        }
        Ok(())
    }

    fn add(&mut self, job: Job) {
        let Share { credential, kib } = job.waiter.share;
        self.free.kib -= kib;
        self.free.requests -= 1;
        let line = self.by_credential.entry(credential).or_default();
        line.kib += kib;
        line.requests += 1;
        if line.jobs.is_empty() {
            self.turns.push_back(credential);
        }
        line.jobs.push_back(job);
    }

    fn release(&mut self, Share { credential, kib }: Share) {
        let Some(line) = self.by_credential.get_mut(&credential) else { return };
        line.kib -= kib;
        line.requests -= 1;
        self.free.kib += kib;
        self.free.requests += 1;
        if line.requests == 0 {
            self.by_credential.remove(&credential);
        }
    }

    fn gather(&mut self) -> Vec<Job> {
        let next = self.turns.front().and_then(|next| self.by_credential.get(next));
        let is_overdue = next.is_some_and(|line| line.was_passed_over) && !self.was_large;
        let group = self.take_in_turn(is_overdue);
        if group.is_empty() { self.take_in_turn(true) } else { group }
    }

    /// Takes from each credential its share of a group. The first one's first job is taken whatever its size if it
    /// `is_overdue`. Credentials that got nothing have the next turn.
    fn take_in_turn(&mut self, mut is_overdue: bool) -> Vec<Job> {
        let waiting = self.turns.len();
        let most = if waiting > 1 { SHARED_GROUP } else { GROUP };
        let share = most / waiting.max(1);
        let (mut group, mut items) = (Vec::new(), 0);
        let (mut passed_over, mut served) = (VecDeque::new(), Vec::new());
        for credential in std::mem::take(&mut self.turns) {
            let Some(line) = self.by_credential.get_mut(&credential) else { continue };
            let mut own = 0;
            while let Some(job) = line.jobs.pop_front_if(|job| {
                let count = job.batch.len();
                let fits = items + count <= most && (own == 0 || own + count <= share);
                std::mem::take(&mut is_overdue) || fits
            }) {
                own += job.batch.len();
                items += job.batch.len();
                group.push(job);
            }
            line.was_passed_over = own == 0;
            match (line.jobs.is_empty(), line.was_passed_over) {
                (true, _) => {}
                (false, true) => passed_over.push_back(credential),
                (false, false) => served.push(credential),
            }
        }
        self.was_large = items > most;
        self.turns = passed_over;
        self.turns.extend(served);
        group
    }
}
