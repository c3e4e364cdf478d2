//! Waiting for facts.

use std::{panic::Location, time::Duration};
use tokio::time::{MissedTickBehavior, interval, timeout};

/// After this a fact is taken to never come.
const LIMIT: Duration = Duration::from_secs(60);

/// Between two looks, so that a test leaves the processors to what it waits for.
const PAUSE: Duration = Duration::from_millis(10);

/// Looks until `is_so`.
#[track_caller]
pub(crate) fn until(mut is_so: impl AsyncFnMut() -> bool) -> impl Future<Output = ()> {
    let caller = Location::caller();
    async move {
        let mut looks = interval(PAUSE);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let looking = async {
            looks.tick().await;
            while !is_so().await {
                looks.tick().await;
            }
        };
        timeout(LIMIT, looking).await.unwrap_or_else(|_| panic!("what {caller} waits for does not come"));
    }
}
