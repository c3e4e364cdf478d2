//! Bounds the exchanges of codes for tokens. A client can invent an answer of the issuer. Such answers must not load
//! the issuer, nor keep other users from signing in.
//!
//! - An attempt exchanges one code.
//! - Of one address, [`SHARE`] exchanges run at once. After [`super::super::brake::ALLOWED`] failures in a minute, none
//!   runs for the rest of that minute. Other failures do not count here, so that a client with wrong keys does not keep
//!   others behind the same address from signing in.
//! - Of all addresses, [`MAX_AT_ONCE`] run at once; the others wait for [`MAX_WAIT`] at most.

use super::{ATTEMPT_LIFE, Attempt, OidcError};
use crate::{access::Brake, turns::Turns};
use jiff::Timestamp;
use std::{
    collections::{HashSet, VecDeque},
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::timeout;

/// Exchanges at once.
const MAX_AT_ONCE: usize = 8;
/// Exchanges at once of one address.
const SHARE: usize = 2;
/// How long a sign-in waits for its turn.
const MAX_WAIT: Duration = Duration::from_secs(5);
/// Attempts that are remembered. The oldest is forgotten for another one.
const MAX_USED: usize = 10_000;

pub(super) struct Exchanges {
    turns: Turns<Option<IpAddr>>,
    failures: Brake,
    used: Mutex<Used>,
}

/// Attempts that have exchanged their code, by hash.
#[derive(Default)]
struct Used {
    known: HashSet<[u8; 32]>,
    in_order: VecDeque<([u8; 32], Timestamp)>,
}

impl Exchanges {
    pub(super) fn new() -> Self {
        Self { turns: Turns::new(MAX_AT_ONCE, SHARE), failures: Brake::new(), used: Mutex::default() }
    }

    /// Runs the exchange of an attempt.
    pub(super) async fn run<T>(
        &self,
        attempt: &Attempt,
        from: Option<IpAddr>,
        now: Timestamp,
        exchanging: impl Future<Output = Result<T, OidcError>>,
    ) -> Result<T, OidcError> {
        let turn = timeout(MAX_WAIT, self.turns.take(&from)).await;
        let Ok(Ok(_turn)) = turn else { return Err(OidcError::Busy) };
        if let Some(seconds) = from.and_then(|host| self.failures.is_over(host, now)) {
            return Err(OidcError::TooMany(seconds));
        }
        if !self.used.lock().unwrap_or_else(PoisonError::into_inner).is_first(attempt, now) {
            return Err(OidcError::NotBegunHere);
        }
        let result = exchanging.await;
        if matches!(result, Err(OidcError::Declined | OidcError::InvalidToken))
            && let Some(host) = from
        {
            self.failures.failed(host, now);
        }
        result
    }
}

impl Used {
    /// Remembers an attempt, for as long as its cookie works.
    fn is_first(&mut self, attempt: &Attempt, now: Timestamp) -> bool {
        while let Some((hash, at)) = self.in_order.front()
            && (self.in_order.len() >= MAX_USED || *at + ATTEMPT_LIFE <= now)
        {
            self.known.remove(hash);
            self.in_order.pop_front();
        }
        let hash = *blake3::hash(attempt.cookie().as_bytes()).as_bytes();
        let is_first = self.known.insert(hash);
        if is_first {
            self.in_order.push_back((hash, now));
        }
        is_first
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::{Environment, Manual};
    use futures_util::FutureExt;

    fn attempt(clock: &Manual) -> Attempt {
        Attempt::begin(clock.random(), clock.now(), None)
    }

    const HOST: Option<IpAddr> = Some(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));

    #[tokio::test]
    async fn an_attempt_exchanges_one_code_and_is_forgotten_with_its_cookie() {
        let (exchanges, clock) = (Exchanges::new(), Manual::new());
        let attempt = attempt(&clock);
        let run = async || exchanges.run(&attempt, HOST, clock.now(), async { Ok(()) }).await;
        assert_eq!(run().await, Ok(()));
        assert_eq!(run().await, Err(OidcError::NotBegunHere));
        clock.advance(ATTEMPT_LIFE);
        assert_eq!(run().await, Ok(()), "its cookie opens nothing any more");
        assert_eq!(exchanges.used.lock().expect("no panic").known.len(), 1);
    }

    #[tokio::test]
    async fn after_ten_that_have_failed_an_address_exchanges_no_more_for_a_minute() {
        let (exchanges, clock) = (Exchanges::new(), Manual::new());
        let run = async |from: Option<IpAddr>| {
            let failing = async { Err::<(), _>(OidcError::Declined) };
            exchanges.run(&attempt(&clock), from, clock.now(), failing).await
        };
        for _ in 0..10 {
            assert_eq!(run(HOST).await, Err(OidcError::Declined));
        }
        assert_eq!(run(HOST).await, Err(OidcError::TooMany(60)));
        assert_eq!(run(Some(IpAddr::from([192, 0, 2, 1]))).await, Err(OidcError::Declined), "of another");
    }

    #[tokio::test]
    async fn one_address_does_not_keep_another_one_waiting() {
        let (exchanges, clock) = (Exchanges::new(), Manual::new());
        let attempts: Vec<_> = (0..20).map(|_| attempt(&clock)).collect();
        let for_ever = || std::future::pending::<Result<(), OidcError>>();
        let mut many: Vec<_> = attempts
            .iter()
            .map(|attempt| Box::pin(exchanges.run(attempt, HOST, clock.now(), for_ever())))
            .collect();
        assert!(many.iter_mut().all(|one| one.now_or_never().is_none()));
        let other = Some(IpAddr::from([192, 0, 2, 1]));
        let honest = attempt(&clock);
        let honest = exchanges.run(&honest, other, clock.now(), async { Ok(()) });
        assert_eq!(honest.now_or_never(), Some(Ok(())));
    }
}
