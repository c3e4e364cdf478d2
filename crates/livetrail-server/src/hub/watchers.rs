//! Who follows the log now. It decides what is worth keeping in memory and which transports are worth encoding for.

use super::Transport;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Clients by transport, and followers inside this process.
#[derive(Default)]
pub(super) struct Watchers {
    clients: [AtomicUsize; Transport::ALL.len()],
    followers: AtomicUsize,
}

impl Watchers {
    /// Counts a client of `transport`, or a follower that needs no frames.
    pub(super) fn came(&self, transport: Option<Transport>) {
        self.count(transport).fetch_add(1, Ordering::AcqRel);
    }

    /// Ends what [`Watchers::came`] began.
    pub(super) fn went(&self, transport: Option<Transport>) {
        self.count(transport).fetch_sub(1, Ordering::AcqRel);
    }

    /// The transports that have clients.
    pub(super) fn transports(&self) -> impl Iterator<Item = Transport> {
        Transport::ALL
            .into_iter()
            .filter(|transport| self.count(Some(*transport)).load(Ordering::Acquire) > 0)
    }

    /// How many there are of all kinds.
    pub(super) fn total(&self) -> usize {
        self.clients.iter().chain([&self.followers]).map(|count| count.load(Ordering::Acquire)).sum()
    }

    fn count(&self, transport: Option<Transport>) -> &AtomicUsize {
        match transport {
            Some(transport) => &self.clients[transport as usize],
            None => &self.followers,
        }
    }
}
