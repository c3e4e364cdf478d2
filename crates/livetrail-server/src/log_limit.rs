//! Lines of the server's own log that any client can cause: one for each cause and ten seconds.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// How long a cause is not written again.
const QUIET: Duration = Duration::from_secs(10);
/// Causes that are known at once. Further ones share a line.
const MAX_CAUSES: usize = 64;

/// Says which lines are written.
#[derive(Default)]
pub(crate) struct LogLimit {
    written: Mutex<HashMap<String, Written>>,
}

struct Written {
    at: Instant,
    left_out: u64,
}

impl LogLimit {
    /// Whether a line with this cause is written now. If so, the number of lines with this cause that were left out
    /// since the last one.
    pub(crate) fn admit(&self, cause: &str, now: Instant) -> Option<u64> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if written.len() >= MAX_CAUSES && !written.contains_key(cause) {
            written.retain(|_, line| now.duration_since(line.at) < QUIET);
        }
        let is_known = written.contains_key(cause);
        let cause = if is_known || written.len() < MAX_CAUSES { cause } else { "" };
        let Some(line) = written.get_mut(cause) else {
            written.insert(cause.to_owned(), Written { at: now, left_out: 0 });
            return Some(0);
        };
        if now.duration_since(line.at) < QUIET {
            line.left_out += 1;
            return None;
        }
        line.at = now;
        Some(std::mem::take(&mut line.left_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_written_once_in_ten_seconds_with_the_number_left_out() {
        let (limit, begin) = (LogLimit::default(), Instant::now());
        assert_eq!(limit.admit("the store is away", begin), Some(0));
        assert_eq!(limit.admit("another cause", begin), Some(0));
        for second in 1..10 {
            assert_eq!(limit.admit("the store is away", begin + Duration::from_secs(second)), None);
        }
        assert_eq!(limit.admit("the store is away", begin + QUIET), Some(9));
        assert_eq!(limit.admit("the store is away", begin + QUIET * 2), Some(0));
    }

    #[test]
    fn causes_that_are_too_many_share_a_line_and_old_ones_are_forgotten() {
        let (limit, begin) = (LogLimit::default(), Instant::now());
        let lines = |now| (0..1_000).filter(|cause| limit.admit(&cause.to_string(), now).is_some()).count();
        assert_eq!(lines(begin), MAX_CAUSES + 1);
        assert_eq!(lines(begin), 0);
        assert_eq!(lines(begin + QUIET), MAX_CAUSES + 1);
        assert!(limit.written.lock().expect("causes").len() <= MAX_CAUSES + 1);
    }
}
