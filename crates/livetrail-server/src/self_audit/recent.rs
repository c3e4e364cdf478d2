use crate::access::CredentialId;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// Records that are remembered. When there are more, the older half is forgotten: a forgotten one is recorded again.
const MAX_REMEMBERED: usize = 10_000;

/// The key of a record: the caller, the call, and the part of the log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Seen {
    pub(super) credential: CredentialId,
    /// Method and path.
    pub(super) call: String,
    /// The fingerprint of the filter.
    pub(super) filter: u64,
}

/// Remembers recent records, so that repeats are not recorded.
pub(super) struct Recent {
    life: Duration,
    /// Whether each repeat restarts the period.
    slides: bool,
    seen: Mutex<HashMap<Seen, Instant>>,
}

impl Recent {
    /// A call is recorded again only after `life` without it.
    pub(super) fn sliding(life: Duration) -> Self {
        Self { life, slides: true, seen: Mutex::default() }
    }

    /// A call is recorded at most once within `life`.
    pub(super) fn fixed(life: Duration) -> Self {
        Self { life, slides: false, seen: Mutex::default() }
    }

    /// Whether this has to be recorded now.
    pub(super) fn is_first(&self, what: Seen, now: Instant) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(earlier) = seen.get_mut(&what) {
            let is_repeat = now.duration_since(*earlier) < self.life;
            if self.slides || !is_repeat {
                *earlier = now;
            }
            return !is_repeat;
        }
        if seen.len() >= MAX_REMEMBERED {
            self.forget(&mut seen, now);
        }
        seen.insert(what, now);
        true
    }

    fn forget(&self, seen: &mut HashMap<Seen, Instant>, now: Instant) {
        seen.retain(|_, at| now.duration_since(*at) < self.life);
        if seen.len() > MAX_REMEMBERED / 2 {
            let mut times: Vec<Instant> = seen.values().copied().collect();
            let (_, median, _) = times.select_nth_unstable(MAX_REMEMBERED / 2);
            let median = *median;
            seen.retain(|_, at| *at > median);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn seen(filter: u64) -> Seen {
        Seen { credential: CredentialId::LIVETRAIL, call: "GET /a".into(), filter }
    }

    #[tokio::test]
    async fn a_view_goes_on_until_a_minute_without_it_has_passed() {
        let (recent, begin) = (Recent::sliding(MINUTE), Instant::now());
        let first =
            [0, 40, 99, 159, 218].map(|second| recent.is_first(seen(1), begin + Duration::from_secs(second)));
        assert_eq!(first, [true, false, false, true, false]);
    }

    #[tokio::test]
    async fn a_read_is_recorded_once_an_hour_however_often_it_is_repeated() {
        let (recent, begin) = (Recent::fixed(60 * MINUTE), Instant::now());
        let first = [0, 30, 59, 60, 61].map(|minute| recent.is_first(seen(1), begin + minute * MINUTE));
        assert_eq!(first, [true, false, false, true, false]);
    }

    #[tokio::test]
    async fn another_filter_another_call_and_another_credential_are_other_reads() {
        let (recent, now) = (Recent::fixed(MINUTE), Instant::now());
        let other_call = Seen { call: "GET /b".into(), ..seen(1) };
        let other_credential = Seen { credential: CredentialId::of_user("u-1"), ..seen(1) };
        for what in [seen(1), seen(2), other_call, other_credential] {
            assert!(recent.is_first(what.clone(), now), "{what:?}");
            assert!(!recent.is_first(what.clone(), now), "{what:?}");
        }
    }

    #[tokio::test]
    async fn what_is_remembered_is_bounded_and_the_newest_is_kept() {
        let (recent, begin) = (Recent::fixed(MINUTE), Instant::now());
        for filter in 0..3 * MAX_REMEMBERED as u64 {
            recent.is_first(seen(filter), begin + Duration::from_micros(filter));
        }
        assert!(recent.seen.lock().expect("a lock").len() <= MAX_REMEMBERED);
        assert!(!recent.is_first(seen(3 * MAX_REMEMBERED as u64 - 1), begin + Duration::from_secs(1)));
    }

    #[tokio::test]
    async fn what_was_recorded_at_one_moment_is_forgotten_together_when_there_is_too_much() {
        let (recent, now) = (Recent::fixed(MINUTE), Instant::now());
        for filter in 0..=MAX_REMEMBERED as u64 {
            recent.is_first(seen(filter), now);
        }
        assert_eq!(recent.seen.lock().expect("a lock").len(), 1);
    }
}
