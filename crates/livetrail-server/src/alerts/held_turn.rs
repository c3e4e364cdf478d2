//! The right of this node to evaluate, while it uses it.

use super::{Ended, RENEWAL, TURN};
use crate::app::App;
use livetrail_store::Turn;
use std::{pin::pin, sync::Arc};
use tokio::{
    select,
    time::{Interval, MissedTickBehavior, interval},
};
use uuid::Uuid;

/// A turn that is renewed whatever this node is doing.
pub(super) struct HeldTurn {
    app: Arc<App>,
    node: Uuid,
    turn: Turn,
    renewals: Interval,
}

impl HeldTurn {
    pub(super) fn new(app: &Arc<App>, node: Uuid, turn: Turn) -> Self {
        let mut renewals = interval(RENEWAL);
        renewals.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { app: Arc::clone(app), node, turn, renewals }
    }

    pub(super) fn turn(&self) -> Turn {
        self.turn
    }

    /// Does something that may take long, and keeps the turn meanwhile.
    ///
    /// # Errors
    /// When the turn is lost, or rules have changed. What was being done is dropped then.
    pub(super) async fn during<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Ended> {
        let mut work = pin!(work);
        loop {
            select! {
                biased;
                _ = self.renewals.tick() => self.renew().await?,
                done = &mut work => return Ok(done),
            }
        }
    }

    async fn renew(&self) -> Result<(), Ended> {
        let turn = self.app.store.take_turn(self.node, TURN).await?;
        let is_same = |turn: Turn| (turn.number, turn.rules) == (self.turn.number, self.turn.rules);
        if turn.is_some_and(is_same) { Ok(()) } else { Err(Ended::Replaced) }
    }
}
