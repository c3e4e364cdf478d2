//! Bounds the look-ups for clients without a valid credential.
//!
//! A client can invent session cookies, links and tickets that only the database can reject. Any user of the
//! application can ask whether they are an admin. These look-ups must not take every connection to the database. A few
//! run at once, and waiting addresses take turns in the order of arrival ([`Turns`]).

use crate::turns::{Turn, Turns};
use livetrail_store::StoreError;
use std::{net::IpAddr, time::Duration};
use tokio::time::timeout;

/// Look-ups at once.
const MAX_AT_ONCE: usize = 4;
/// Look-ups at once of one address.
const SHARE: usize = 2;
/// How long a request waits for its turn.
const MAX_WAIT: Duration = Duration::from_secs(2);

/// The address (of IPv6, the /64) whose request is looked up; none for streams that were let in before and for the
/// operator.
pub(super) type Source = Option<IpAddr>;

pub(super) struct LookUps {
    turns: Turns<Source>,
    max_wait: Duration,
}

impl LookUps {
    pub(super) fn new() -> Self {
        Self { turns: Turns::new(MAX_AT_ONCE, SHARE), max_wait: MAX_WAIT }
    }

    /// Waits for a turn. Streams wait for as long as it takes: they would end otherwise.
    ///
    /// # Errors
    /// No turn was free in time.
    pub(super) async fn turn(&self, from: Source) -> Result<Turn<Source>, StoreError> {
        let refused = || StoreError::Unavailable("too many credentials wait to be looked up".into());
        let turn = self.turns.take(&from);
        let taken = match from {
            Some(_) => timeout(self.max_wait, turn).await.map_err(|_| refused())?,
            None => turn.await,
        };
        taken.map_err(|_| refused())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    fn from(last: u8) -> Source {
        Some(IpAddr::from([192, 0, 2, last]))
    }

    #[tokio::test]
    async fn one_address_leaves_turns_for_others_and_is_refused_after_a_while() {
        let look_ups = LookUps { max_wait: Duration::from_millis(1), ..LookUps::new() };
        let _taken =
            (look_ups.turn(from(1)).await.expect("a turn"), look_ups.turn(from(1)).await.expect("a turn"));
        assert!(matches!(look_ups.turn(from(1)).await, Err(StoreError::Unavailable(_))));
        assert!(look_ups.turn(from(2)).await.is_ok());
    }

    #[tokio::test]
    async fn look_ups_of_all_addresses_are_bounded() {
        let look_ups = LookUps { max_wait: Duration::from_millis(1), ..LookUps::new() };
        let mut taken = Vec::new();
        for last in 0..4 {
            taken.push(look_ups.turn(from(last)).await.expect("a turn"));
        }
        assert!(look_ups.turn(from(9)).await.is_err());
        let mut stream = Box::pin(look_ups.turn(None));
        assert!((&mut stream).now_or_never().is_none());
        taken.clear();
        assert!(stream.await.is_ok(), "it waited");
    }
}
