//! When clients get activities, and how many at a time.

use super::{client::Progress, inbox::Key, thread::Reactor};
use crate::hub::{
    CloseReason, Hub, Selection,
    replay::{Block, block_after},
    segment::Segment,
};
use livetrail_store::StoreError;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// The pause after a pass, as a multiple of the time that the pass took. With few clients, the pause is too short to
/// notice.
const REST: u32 = 6;
/// The longest pause between two passes: a base, a bit more for each activity of the pass, and a limit. The more
/// activities arrive, the more of them go into one write.
const APART: Duration = Duration::from_millis(10);
const APART_FOR_EACH: Duration = Duration::from_millis(1);
const MAX_APART: Duration = Duration::from_millis(25);
/// What one client gets in a turn, in bytes; an activity that is only filtered counts as [`LOOK`] bytes.
const TURN: usize = 256 * 1024;
const LOOK: usize = 64;
/// How long clients that are behind are served before the next pass. Serving one of them alone costs more than its
/// share of a pass: with 5 ms, clients that fell behind during an overload never caught up.
const HELP: Duration = Duration::from_millis(50);

impl Reactor {
    /// Sends what was shown since the last pass to live clients, if the pause is over.
    pub(super) fn pass(&mut self, hub: &Arc<Hub>) {
        if hub.shown() <= self.shown {
            return;
        }
        let now = Instant::now();
        if now < self.next_pass {
            // The thread wakes at that time by itself.
            return self.inbox.stay_awake();
        }
        let before = self.shown;
        self.pass_at(hub, now);
        let given = u32::try_from(self.shown - before).unwrap_or(u32::MAX);
        let apart = APART.saturating_add(APART_FOR_EACH.saturating_mul(given)).min(MAX_APART);
        let took = now.elapsed();
        hub.pass_took(took);
        self.next_pass = now + (took * REST).min(apart);
    }

    pub(super) fn pass_at(&mut self, hub: &Arc<Hub>, now: Instant) {
        let (before, shown) = (self.shown, hub.shown());
        let segments = hub.all_after(before);
        if let Some(newest) = segments.last() {
            // The newest segment may be in the ring and not shown yet.
            self.shown = newest.last().min(shown);
            self.give(&segments, before, now);
        } else if shown > before {
            // The ring has moved past this position, so the clients read the store.
            self.shown = shown;
            self.leave_behind(before);
        }
        for key in std::mem::take(&mut self.ahead) {
            self.behind.push_back(key);
        }
    }

    fn leave_behind(&mut self, position: u64) {
        for (index, client) in &mut self.clients {
            if client.progress == Progress::Live {
                client.progress = Progress::Behind(position);
                self.behind.push_back(client.key(index));
            }
        }
    }

    /// Writes the segments to live clients, class by class.
    fn give(&mut self, segments: &[Arc<Segment>], before: u64, now: Instant) {
        let mut gone = Vec::new();
        for class in self.classes.iter() {
            let select =
                |segment: &Arc<Segment>| segment.select(&class.filter, class.transport, before, self.shown);
            let selection = Selection::join(segments.iter().map(select).collect());
            if selection.bytes.is_empty() {
                continue;
            }
            let mut taken = 0;
            let frames = selection.ends.len();
            for index in &class.members {
                let Some(client) = self.clients.get_mut(*index) else { continue };
                if client.progress != Progress::Live {
                    continue;
                }
                match client.send(&selection, before, now) {
                    Ok((_, true)) => taken += 1,
                    Ok((position, false)) => {
                        let (frames, bytes) = selection.up_to(position);
                        self.counts.wrote(1, frames, bytes);
                        client.progress = Progress::Behind(position);
                        self.behind.push_back(client.key(*index));
                    }
                    Err(_) => gone.push(client.key(*index)),
                }
            }
            self.counts.wrote(taken, frames, selection.bytes.len());
        }
        for key in gone {
            self.remove(key, CloseReason::Gone);
        }
    }

    /// Serves clients that are behind and whose sockets take more: one turn each, as far as the time allows.
    pub(super) fn help_behind(&mut self, hub: &Arc<Hub>) {
        let begun = Instant::now();
        for _ in 0..self.behind.len() {
            let Some(key) = self.behind.pop_front() else { break };
            self.help(hub, key);
            if begun.elapsed() > HELP {
                break;
            }
        }
    }

    fn help(&mut self, hub: &Arc<Hub>, key: Key) {
        let now = Instant::now();
        let shown = self.shown;
        let mut turn = TURN;
        while let Some(client) = self.client(key) {
            let Progress::Behind(position) = client.progress else { return };
            match client.flush(now) {
                Ok(true) => {}
                Ok(false) => return,
                Err(_) => {
                    self.remove(key, CloseReason::Gone);
                    return;
                }
            }
            if position >= shown {
                if position == shown {
                    client.progress = Progress::Live;
                } else {
                    self.ahead.push(key);
                }
                return;
            }
            if turn == 0 {
                return self.behind.push_back(key);
            }
            match hub.ring_after(position) {
                Some(segment) => match self.give_one(key, position, &segment) {
                    Some(cost) => turn = turn.saturating_sub(cost),
                    None => return,
                },
                None => {
                    client.progress = Progress::Reading(position);
                    let transport = client.transport();
                    return self.read(hub, block_after(position, hub.head().position), key, transport);
                }
            }
        }
    }

    /// Sends the part of a segment that a client needs. Returns what that cost, or none if its socket takes nothing
    /// now; an event tells when it does again.
    fn give_one(&mut self, key: Key, position: u64, segment: &Segment) -> Option<usize> {
        let shown = self.shown;
        let class = self.client(key)?.class.0;
        let (filter, transport) = self.classes.wanted(class)?;
        let selection = segment.select(&filter, transport, position, shown);
        let up_to = segment.last().min(shown).max(position);
        let cost = selection.bytes.len().max(segment.count() * LOOK);
        let client = self.client(key)?;
        if selection.bytes.is_empty() {
            client.progress = Progress::Behind(up_to);
            return Some(cost);
        }
        match client.send(&selection, position, Instant::now()) {
            Ok((reached, all)) => {
                let up_to = if all { up_to } else { reached };
                client.progress = Progress::Behind(up_to);
                let (frames, bytes) = selection.up_to(up_to);
                self.counts.wrote(1, frames, bytes);
            }
            Err(_) => {
                self.remove(key, CloseReason::Gone);
                return None;
            }
        }
        let took_nothing = self.client(key)?.stalled.is_some();
        (!took_nothing).then_some(cost)
    }

    /// Serves the clients that have waited for a block.
    pub(super) fn go_on_with(&mut self, block: Block, result: Result<Arc<Segment>, Arc<StoreError>>) {
        let waiting = self.reading.remove(&block).unwrap_or_default();
        match result {
            Ok(segment) => {
                for key in waiting {
                    let Some(client) = self.client(key) else { continue };
                    let Progress::Reading(position) = client.progress else { continue };
                    client.progress = Progress::Behind(position);
                    // Meanwhile it may have changed its subscription, or its socket did not take an answer.
                    if segment.follows(position) && client.flush(Instant::now()).is_ok_and(|all| all) {
                        self.give_one(key, position, &segment);
                    }
                    self.behind.push_back(key);
                }
            }
            Err(error) => {
                tracing::warn!(%error, "streams could not be read from the store");
                for key in waiting {
                    // Meanwhile it may have changed its subscription.
                    let waits =
                        |place| matches!(place, Progress::Reading(at) if (block.0..block.1).contains(&at));
                    if self.client(key).is_some_and(|client| waits(client.progress)) {
                        self.end_one(key, CloseReason::StoreAway);
                    }
                }
            }
        }
    }
}
