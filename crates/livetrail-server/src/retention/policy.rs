//! Which activities are due to be removed. Pure: the rules, the holds, the time and the head are given.
//!
//! - An activity is kept for the longest time that a rule says which means it, and else for the default time. Its age
//!   counts from when it happened.
//! - Whatever the rules say, the newest positions are kept up to a number, and all before them are due.
//! - What a hold means is not due.

use super::rules::{Keep, Rule, Rules};
use jiff::{SignedDuration, Timestamp};
use livetrail_store::{Aged, Hold, Sweep};
use livetrail_types::Catalogue;
use std::collections::BTreeSet;

/// The share of the kept positions that may be kept beyond their number, so that a quiet log is not trimmed one by one.
const SLACK: u64 = 100;

/// The rules at one moment.
pub(super) struct Policy<'a> {
    rules: &'a Rules,
    catalogue: &'a Catalogue,
    holds: &'a [Hold],
    now: Timestamp,
    head: u64,
}

/// What becomes of an activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Kept,
    /// It would be due if no hold meant it.
    Held,
    Due,
}

/// How far a run has looked: what was not due by then need not be looked at again until its time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Swept {
    /// The time of the run.
    now: Timestamp,
    /// The head of the run.
    head: u64,
    /// The version of the holds.
    pub(super) holds: u64,
}

impl<'a> Policy<'a> {
    pub(super) fn new(
        rules: &'a Rules,
        catalogue: &'a Catalogue,
        holds: &'a [Hold],
        now: Timestamp,
        head: u64,
    ) -> Self {
        Self { rules, catalogue, holds, now, head }
    }

    pub(super) fn fate(&self, aged: &Aged) -> Fate {
        let is_due = aged.position <= self.cut(self.head)
            || matches!(self.keep(aged), Some(Keep::For(time)) if aged.timestamp < before(self.now, time));
        match is_due {
            false => Fate::Kept,
            true if self.holds.iter().any(|hold| hold.means(aged)) => Fate::Held,
            true => Fate::Due,
        }
    }

    fn keep(&self, aged: &Aged) -> Option<Keep> {
        let means = |rule: &&Rule| {
            rule.tenant.as_ref().is_none_or(|tenant| Some(tenant) == aged.tenant_id.as_ref())
                && rule
                    .category
                    .as_ref()
                    .is_none_or(|category| self.catalogue.category_of(&aged.action_type) == category)
        };
        self.rules.rules.iter().filter(means).map(|rule| rule.keep).max().or(self.rules.keep)
    }

    /// The last position that is due by number in a log that ends at `head`.
    fn cut(&self, head: u64) -> u64 {
        let Some(rows) = self.rules.keep_rows else { return 0 };
        let step = (rows / SLACK).max(1);
        head.saturating_sub(rows) / step * step
    }

    /// The parts of the log above `floor` in which activities may be due that were not at the end of the run
    /// `previous`.
    pub(super) fn sweeps(&self, floor: u64, previous: Option<Swept>) -> Vec<Sweep> {
        let times: BTreeSet<SignedDuration> = self.rules.durations().collect();
        let positions = |after: u64, up_to| Sweep::Positions { after: after.max(floor), up_to };
        let mut sweeps = Vec::new();
        match (previous, times.first()) {
            (_, None) => {}
            (None, Some(shortest)) => {
                sweeps.push(Sweep::Times { after: (Timestamp::MIN, 0), until: before(self.now, *shortest) });
            }
            (Some(previous), Some(_)) => {
                // What came since may have happened at any time.
                sweeps.push(positions(previous.head, self.head));
                sweeps.extend(times.iter().map(|time| Sweep::Times {
                    after: (before(previous.now, *time), 0),
                    until: before(self.now, *time),
                }));
            }
        }
        sweeps.push(positions(previous.map_or(0, |previous| self.cut(previous.head)), self.cut(self.head)));
        sweeps.retain(|sweep| !matches!(sweep, Sweep::Positions { after, up_to } if after >= up_to));
        sweeps
    }

    /// How far a run that has looked at all of that has come. `holds` is the version of the holds.
    pub(super) fn swept(&self, holds: u64) -> Swept {
        Swept { now: self.now, head: self.head, holds }
    }
}

fn before(now: Timestamp, time: SignedDuration) -> Timestamp {
    now.checked_sub(time).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests;
