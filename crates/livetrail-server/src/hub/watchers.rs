//! Who follows the log now. It decides what is worth keeping in memory and which transports are worth encoding for.

use super::Transport;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Who follows the log, and what of it they need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Watcher {
    /// A client, which needs frames.
    Client(Transport),
    /// A follower inside this process that needs the names of users.
    Named,
    /// One that needs activities only.
    Unnamed,
}

impl Watcher {
    /// Whether it needs the names of users.
    pub(super) fn needs_names(self) -> bool {
        self != Self::Unnamed
    }

    /// The transport of a client.
    pub(super) fn transport(self) -> Option<Transport> {
        match self {
            Self::Client(transport) => Some(transport),
            Self::Named | Self::Unnamed => None,
        }
    }
}

/// How many there are of each kind.
#[derive(Default)]
pub(super) struct Watchers {
    clients: [AtomicUsize; Transport::ALL.len()],
    named: AtomicUsize,
    unnamed: AtomicUsize,
}

impl Watchers {
    pub(super) fn came(&self, watcher: Watcher) {
        self.count(watcher).fetch_add(1, Ordering::AcqRel);
    }

    /// Ends what [`Watchers::came`] began.
    pub(super) fn went(&self, watcher: Watcher) {
        self.count(watcher).fetch_sub(1, Ordering::AcqRel);
    }

    /// The transports that have clients.
    pub(super) fn transports(&self) -> impl Iterator<Item = Transport> {
        Transport::ALL
            .into_iter()
            .filter(|transport| self.count(Watcher::Client(*transport)).load(Ordering::Acquire) > 0)
    }

    /// How many there are of all kinds.
    pub(super) fn total(&self) -> usize {
        self.with_names() + self.unnamed.load(Ordering::Acquire)
    }

    /// How many of them need the names of users.
    pub(super) fn with_names(&self) -> usize {
        self.clients() + self.named.load(Ordering::Acquire)
    }

    /// How many of them are clients.
    pub(super) fn clients(&self) -> usize {
        self.clients.iter().map(|count| count.load(Ordering::Acquire)).sum()
    }

    fn count(&self, watcher: Watcher) -> &AtomicUsize {
        match watcher {
            Watcher::Client(transport) => &self.clients[transport as usize],
            Watcher::Named => &self.named,
            Watcher::Unnamed => &self.unnamed,
        }
    }
}
