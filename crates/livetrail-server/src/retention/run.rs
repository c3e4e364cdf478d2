//! One run: it looks for what is due, drops the beginning of the log as a range, and removes the rest one by one.
//!
//! Everything is done in steps. After each, the run rests for as long as the step took, for a second at most. So
//! writers have half of the database's time while steps are shorter than that. If a hold is made or released meanwhile,
//! the store refuses the next step, and the run begins anew with the new holds.

use super::{
    outcome::Outcome,
    policy::{Fate, Policy, Swept},
    rules::Rules,
};
use jiff::{SignedDuration, Timestamp};
use livetrail_store::{Aged, Bounds, Holds, OldAlerts, Store, StoreError, Sweep};
use livetrail_types::Catalogue;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Activities that are looked at together.
const CHUNK: usize = 2_000;
/// The longest rest after a step.
const MAX_REST: Duration = Duration::from_secs(1);
/// Alerts that are looked at together.
const ALERTS: u32 = 500;
/// Resolved alerts are kept so long after their last activity. An alert may go on for 30 days, and the evaluator
/// remembers it for an eighth longer: one that it still knows would be kept and recorded anew.
const RESOLVED: SignedDuration = SignedDuration::from_hours(40 * 24);
/// Alerts that are not resolved are kept so long after their last activity, because a short retention must not remove
/// what has not been looked at. After that, the log has nothing of them any more to look at.
const UNDECIDED: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What a run works with.
pub(super) struct Run<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) rules: &'a Rules,
    pub(super) catalogue: &'a Catalogue,
    pub(super) now: Timestamp,
    pub(super) stopping: &'a CancellationToken,
    /// Whether nothing is removed.
    pub(super) is_dry: bool,
}

/// Why a run ended before its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum Interruption {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the server stops; the next run goes on")]
    Stopping,
    /// The holds have changed since the run began.
    #[error("the holds have changed")]
    HoldsChanged,
}

type Result<T, E = Interruption> = std::result::Result<T, E>;

/// The beginning of the log that is due as a whole.
#[derive(Default)]
struct Beginning {
    /// The last position of each chunk that was looked at, and how many activities it has.
    chunks: Vec<(u64, u64)>,
    /// The position before the first activity that stays.
    floor: u64,
}

impl Beginning {
    fn activities_up_to(&self, floor: u64) -> u64 {
        self.chunks.iter().filter(|(last, _)| *last <= floor).map(|(_, count)| count).sum()
    }
}

impl Run<'_> {
    /// Runs to the end, and says how far it has looked. `outcome` has what was removed, also when the run was
    /// interrupted.
    pub(super) async fn run(&self, previous: Option<Swept>, outcome: &mut Outcome) -> Result<Swept> {
        loop {
            let holds = self.store.holds().await?;
            outcome.held = 0;
            match self.attempt(&holds, previous, outcome).await {
                Err(Interruption::HoldsChanged) => {}
                ended => return ended,
            }
        }
    }

    async fn attempt(&self, holds: &Holds, previous: Option<Swept>, outcome: &mut Outcome) -> Result<Swept> {
        let Bounds { floor, head, .. } = self.store.head().await?;
        let policy = Policy::new(self.rules, self.catalogue, &holds.holds, self.now, head);
        // A hold that ended may have kept anything.
        let previous = previous.filter(|previous| previous.holds == holds.version && !self.is_dry);
        outcome.floor = floor;
        let beginning = self.beginning(&policy, (floor, head), outcome).await?;
        self.drop_beginning(&beginning, holds.version, outcome).await?;
        for sweep in policy.sweeps(beginning.floor, previous) {
            self.sweep(&policy, sweep, (beginning.floor, holds.version), outcome).await?;
        }
        if !self.is_dry {
            self.raise_floor(holds.version, outcome).await?;
            self.remove_alerts(outcome).await?;
            self.give_back_space(outcome).await?;
        }
        Ok(policy.swept(holds.version))
    }

    /// Looks how far the beginning of the log is due.
    async fn beginning(
        &self,
        policy: &Policy<'_>,
        (floor, head): (u64, u64),
        outcome: &mut Outcome,
    ) -> Result<Beginning> {
        let mut beginning = Beginning { floor, ..Beginning::default() };
        loop {
            self.check_stopping()?;
            let sweep = Sweep::Positions { after: beginning.floor, up_to: head };
            let found = self.store.aged(sweep, CHUNK).await?;
            let due: Vec<&Aged> = found.iter().take_while(|aged| policy.fate(aged) == Fate::Due).collect();
            due.iter().for_each(|aged| outcome.note(aged));
            let first_kept = found.get(due.len()).map(|aged| aged.position);
            beginning.floor = match (first_kept, found.last()) {
                // Without an activity that is due, positions that are empty already are not worth a change of the
                // floor.
                (Some(_), _) if due.is_empty() => beginning.floor,
                (Some(kept), _) => kept - 1,
                (None, Some(last)) => last.position,
                (None, None) => beginning.floor,
            };
            if !due.is_empty() {
                beginning.chunks.push((beginning.floor, due.len() as u64));
            }
            if first_kept.is_some() || found.len() < CHUNK {
                return Ok(beginning);
            }
        }
    }

    async fn drop_beginning(&self, beginning: &Beginning, holds: u64, outcome: &mut Outcome) -> Result<()> {
        if self.is_dry {
            outcome.dropped = beginning.activities_up_to(beginning.floor);
            outcome.floor = beginning.floor;
            return Ok(());
        }
        let before = outcome.dropped;
        while outcome.floor < beginning.floor {
            self.check_stopping()?;
            let step = self.rested(self.store.drop_before(beginning.floor, holds)).await?;
            outcome.floor = step.ok_or(Interruption::HoldsChanged)?;
            outcome.dropped = before + beginning.activities_up_to(outcome.floor);
        }
        Ok(())
    }

    /// Removes what is due in a part of the log above the floor.
    async fn sweep(
        &self,
        policy: &Policy<'_>,
        mut sweep: Sweep,
        (floor, holds): (u64, u64),
        outcome: &mut Outcome,
    ) -> Result<()> {
        loop {
            self.check_stopping()?;
            let found = self.rested(self.store.aged(sweep, CHUNK)).await?;
            let Some(last) = found.last() else { return Ok(()) };
            match &mut sweep {
                Sweep::Positions { after, .. } => *after = last.position,
                Sweep::Times { after, .. } => *after = (last.timestamp, last.position),
            }
            let (mut due, is_last) = (Vec::new(), found.len() < CHUNK);
            for aged in found.iter().filter(|aged| aged.position > floor) {
                match policy.fate(aged) {
                    Fate::Kept => {}
                    Fate::Held => outcome.held += 1,
                    Fate::Due => {
                        outcome.note(aged);
                        due.push(aged.position);
                    }
                }
            }
            outcome.removed += self.remove(due, holds).await?;
            if is_last {
                return Ok(());
            }
        }
    }

    async fn remove(&self, positions: Vec<u64>, holds: u64) -> Result<u64> {
        if self.is_dry || positions.is_empty() {
            return Ok(positions.len() as u64);
        }
        let removed = self.rested(self.store.remove(positions, holds)).await?;
        removed.ok_or(Interruption::HoldsChanged)
    }

    /// The floor follows where activities at the beginning of the log were removed one by one.
    async fn raise_floor(&self, holds: u64, outcome: &mut Outcome) -> Result<()> {
        let Bounds { floor, head, .. } = self.store.head().await?;
        let target = self.store.next(floor).await?.map_or(head, |first| first - 1);
        outcome.floor = floor;
        while outcome.floor < target {
            self.check_stopping()?;
            let step = self.rested(self.store.drop_before(target, holds)).await?;
            outcome.floor = step.ok_or(Interruption::HoldsChanged)?;
        }
        Ok(())
    }

    /// Alerts follow their activities.
    async fn remove_alerts(&self, outcome: &mut Outcome) -> Result<()> {
        let before = |time| self.now.checked_sub(time).unwrap_or(Timestamp::MIN);
        let old = OldAlerts { resolved: before(RESOLVED), undecided: before(UNDECIDED) };
        let mut after = (0, Uuid::nil());
        loop {
            self.check_stopping()?;
            let found = self.rested(self.store.old_alerts(after, old, ALERTS)).await?;
            let Some(last) = found.last() else { return Ok(()) };
            after = *last;
            let ids = found.into_iter().map(|(_, id)| id).collect();
            outcome.alerts += self.rested(self.store.remove_alerts(ids, old)).await?;
        }
    }

    async fn give_back_space(&self, outcome: &mut Outcome) -> Result<()> {
        loop {
            self.check_stopping()?;
            let space = self.rested(self.store.give_back_space()).await?;
            outcome.free_bytes = space.free;
            if !space.shrinks {
                return Ok(());
            }
        }
    }

    fn check_stopping(&self) -> Result<()> {
        if self.stopping.is_cancelled() { Err(Interruption::Stopping) } else { Ok(()) }
    }

    /// Takes a step, and rests for as long.
    async fn rested<T>(&self, step: impl Future<Output = Result<T, StoreError>>) -> Result<T> {
        let begun = Instant::now();
        let done = step.await?;
        tokio::select! {
            () = sleep(begun.elapsed().min(MAX_REST)) => {}
            () = self.stopping.cancelled() => {}
        }
        Ok(done)
    }
}
