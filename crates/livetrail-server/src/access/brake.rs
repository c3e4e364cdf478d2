//! Slows down the guessing of credentials, and nothing else.
//!
//! Failed credentials are counted by address and minute. Only calls that fail are ever refused by it, so an attacker
//! who shares an address with others cannot lock them out. Its memory is bounded: addresses beyond [`MAX_ADDRESSES`]
//! share counters.

use jiff::{SignedDuration, Timestamp};
use std::{
    collections::{HashMap, hash_map::RandomState},
    hash::BuildHasher,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

/// Failures in one [`WINDOW`] that are answered normally.
pub(crate) const ALLOWED: u32 = 10;
/// How long failures count.
pub(crate) const WINDOW: SignedDuration = SignedDuration::from_mins(1);
/// Addresses with a counter of their own.
const MAX_ADDRESSES: usize = 10_000;
/// Counters that all further addresses share, each by its hash.
const SHARED: usize = 256;

/// Counts failures.
pub(crate) struct Brake {
    counters: Mutex<Counters>,
}

struct Counters {
    of_addresses: HashMap<IpAddr, Counter>,
    shared: [Counter; SHARED],
    /// Random, so that an attacker cannot choose whose counter to share.
    hasher: RandomState,
    swept_at: Timestamp,
}

/// Failures since a moment.
#[derive(Clone, Copy)]
struct Counter {
    since: Timestamp,
    failures: u32,
}

/// The effect of one more failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Whether it is one too many.
    pub(crate) is_over: bool,
    /// How many more may fail.
    pub(crate) remaining: u32,
    /// Seconds until all of them may again, at least 1.
    pub(crate) resets_in: u32,
}

impl Brake {
    pub(crate) fn new() -> Self {
        Self {
            counters: Mutex::new(Counters {
                of_addresses: HashMap::new(),
                shared: [Counter { since: Timestamp::MIN, failures: 0 }; SHARED],
                hasher: RandomState::new(),
                swept_at: Timestamp::MIN,
            }),
        }
    }

    /// Seconds until more may fail, if as many have failed from `host` as may. Nothing is counted.
    pub(crate) fn is_over(&self, host: IpAddr, now: Timestamp) -> Option<u32> {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        let mut counter = *counters.of(host, now);
        let Verdict { is_over, resets_in, .. } = counter.count(now);
        is_over.then_some(resets_in)
    }

    /// Counts a credential that failed, shown from `host`: an address, or a /64 of IPv6.
    pub(crate) fn failed(&self, host: IpAddr, now: Timestamp) -> Verdict {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        counters.of(host, now).count(now)
    }
}

impl Counters {
    fn of(&mut self, host: IpAddr, now: Timestamp) -> &mut Counter {
        let is_full = self.of_addresses.len() >= MAX_ADDRESSES && !self.of_addresses.contains_key(&host);
        if is_full && !self.makes_room(now) {
            let slot = usize::try_from(self.hasher.hash_one(host) % SHARED as u64).unwrap_or_default();
            return &mut self.shared[slot];
        }
        self.of_addresses.entry(host).or_insert(Counter { since: now, failures: 0 })
    }

    /// Removes counters that are over. A sweep reads every counter, so there is at most one a second.
    fn makes_room(&mut self, now: Timestamp) -> bool {
        if now.duration_since(self.swept_at) >= SignedDuration::from_secs(1) {
            self.swept_at = now;
            self.of_addresses.retain(|_, counter| !counter.is_over(now));
        }
        self.of_addresses.len() < MAX_ADDRESSES
    }
}

impl Counter {
    fn is_over(self, now: Timestamp) -> bool {
        now.duration_since(self.since) >= WINDOW
    }

    fn count(&mut self, now: Timestamp) -> Verdict {
        // A clock that was set back must not keep an address waiting for longer than a window.
        if self.is_over(now) || now < self.since {
            *self = Self { since: now, failures: 0 };
        }
        let is_over = self.failures >= ALLOWED;
        self.failures = self.failures.saturating_add(1).min(ALLOWED);
        let left = WINDOW - now.duration_since(self.since);
        let whole_seconds = left.as_secs() + i64::from(left.subsec_nanos() > 0);
        let resets_in = u32::try_from(whole_seconds).unwrap_or(1).max(1);
        Verdict { is_over, remaining: ALLOWED - self.failures, resets_in }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::{Environment, Manual};
    use std::net::Ipv4Addr;

    const SECOND: SignedDuration = SignedDuration::from_secs(1);

    fn host(number: u32) -> IpAddr {
        Ipv4Addr::from_bits(number).into()
    }

    #[test]
    fn ten_failures_a_minute_are_answered_and_further_ones_are_not() {
        let (brake, clock) = (Brake::new(), Manual::new());
        for failure in 1..=ALLOWED {
            let expected = Verdict { is_over: false, remaining: ALLOWED - failure, resets_in: 60 };
            assert_eq!(brake.failed(host(1), clock.now()), expected);
        }
        clock.advance(SECOND * 59);
        let expected = Verdict { is_over: true, remaining: 0, resets_in: 1 };
        assert_eq!(brake.failed(host(1), clock.now()), expected);
        assert!(!brake.failed(host(2), clock.now()).is_over, "another address");
        clock.advance(SECOND);
        assert!(!brake.failed(host(1), clock.now()).is_over, "the minute is over");
    }

    #[test]
    fn addresses_beyond_what_is_remembered_share_counters_until_there_is_room() {
        let (brake, clock) = (Brake::new(), Manual::new());
        let many = u32::try_from(MAX_ADDRESSES).expect("a number");
        assert!((0..many).all(|number| !brake.failed(host(number), clock.now()).is_over));
        let slots = u32::try_from(SHARED).expect("a number");
        let over = (many..many + slots * 2 * ALLOWED).filter(|n| brake.failed(host(*n), clock.now()).is_over);
        assert!(over.count() > 0, "a scan from many addresses is slowed down");
        assert_eq!(brake.counters.lock().expect("no panic").of_addresses.len(), MAX_ADDRESSES);
        clock.advance(WINDOW);
        assert!(!brake.failed(host(u32::MAX), clock.now()).is_over);
        assert_eq!(
            brake.counters.lock().expect("no panic").of_addresses.len(),
            1,
            "what is over is forgotten"
        );
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_no_address_waiting() {
        let (brake, clock) = (Brake::new(), Manual::new());
        for _ in 0..ALLOWED {
            brake.failed(host(1), clock.now());
        }
        clock.advance(-SECOND * 3_600);
        assert!(!brake.failed(host(1), clock.now()).is_over);
    }
}
