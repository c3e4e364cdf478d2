//! Raises alerts: one node follows the log and gives each activity to the evaluator of the rules.
//!
//! What the evaluator finds is kept with the position up to which it has read, in one commit. After a crash, or on
//! another node, an evaluator is built anew from the log and from the alerts that are kept, and goes on from that
//! position. It finds what the former one would have found, so no alert is raised twice or missed. A node evaluates
//! as long as it has the turn; the database refuses what a node without the turn writes.
//!
//! An alert is also an activity, with the alert's id. It is written after the commit, and again after a crash until
//! it is known to be in the log, which stores an id once.

mod backtest;
mod begin;
pub(crate) mod delivery;
mod erased;
mod evidence;
mod feed;
mod held_turn;
mod info;
mod metrics;
mod past;
mod reader;
mod record;
pub(crate) mod rules;
mod run;
pub(crate) mod stored;
#[cfg(test)]
mod tests;
mod work;

pub(crate) use backtest::{Backtest, BacktestError, LoudGroup, Progress, backtest};
pub(crate) use erased::Leaving;
pub(crate) use feed::announce;
pub(crate) use info::{AlertInfo, State, may_see};

use crate::{app::App, questions::QuestionError};
use delivery::Delivering;
use held_turn::HeldTurn;
use livetrail_store::{Alert, StoreError};
use livetrail_types::{Activity, LIVETRAIL, actions};
use metrics::Metrics;
use prometheus_client::registry::Registry;
use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{sync::broadcast, time::sleep};
use uuid::Uuid;

/// How long a node has the turn after it has asked for it last. Another one takes over at most [`RENEWAL`] later.
const TURN: Duration = Duration::from_secs(3);
/// How often a node asks for the turn, or keeps it.
const RENEWAL: Duration = Duration::from_secs(1);

/// Commits of alerts that a slow receiver may be behind by.
const TOLD: usize = 64;

/// What the rest of the server knows of the evaluation.
pub(crate) struct AlertEvents {
    metrics: Metrics,
    kept: broadcast::Sender<Arc<[Alert]>>,
    /// That of the log when this node has begun to evaluate last.
    edition: AtomicU64,
}

impl AlertEvents {
    /// Registers the metrics.
    pub(crate) fn register(registry: &mut Registry) -> Self {
        Self {
            metrics: Metrics::register(registry),
            kept: broadcast::Sender::new(TOLD),
            edition: AtomicU64::new(0),
        }
    }

    /// The alerts that are new or have changed, as each commit keeps them, if this server evaluates. Alerts that go
    /// on are kept twice a second.
    pub(crate) fn follow(&self) -> broadcast::Receiver<Arc<[Alert]>> {
        self.kept.subscribe()
    }

    /// Whether data of a user were erased since this node has begun to evaluate last.
    fn is_new_edition(&self, edition: u64) -> bool {
        self.edition.swap(edition, Ordering::Relaxed) != edition
    }
}

/// Why an evaluation has ended.
enum Ended {
    /// Another node has the turn, or the rules have changed.
    Replaced,
    Failed(String),
}

impl From<StoreError> for Ended {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<QuestionError> for Ended {
    fn from(error: QuestionError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Evaluates the log whenever this node has the turn, as long as the server runs.
pub(crate) async fn watch(app: Weak<App>) {
    let Some(node) = app.upgrade().map(|app| app.environment.fresh_id()) else { return };
    let (mut is_told, mut delivering) = (false, None);
    loop {
        let Some(app) = app.upgrade() else { return };
        tokio::select! {
            ended = evaluate(&app, node, &mut delivering) => match ended {
                Err(Ended::Failed(error)) if !std::mem::replace(&mut is_told, true) => {
                    tracing::warn!(error, "alerts are not evaluated now; this is tried again");
                }
                Err(Ended::Failed(_)) => {}
                Ok(()) | Err(Ended::Replaced) => is_told = false,
            },
            () = app.stopping.cancelled() => {
                // The next node repeats an attempt that is cut off here.
                drop(delivering);
                return give_back(&app, node).await;
            }
        }
        let stopping = app.stopping.clone();
        drop(app);
        tokio::select! {
            () = sleep(RENEWAL) => {}
            () = stopping.cancelled() => return,
        }
    }
}

/// Evaluates the log until this node loses the turn; at once if another one has it. Channels are notified meanwhile,
/// and also while an evaluation has failed that is to be tried again.
async fn evaluate(app: &Arc<App>, node: Uuid, delivering: &mut Option<Delivering>) -> Result<(), Ended> {
    while let Some(turn) = app.store.take_turn(node, TURN).await? {
        if delivering.as_ref().is_none_or(|begun| begun.turn != turn.number) {
            *delivering = Some(Delivering::begin(app, turn.number));
        }
        match begin::begin(app, HeldTurn::new(app, node, turn)).await {
            Err(Ended::Replaced) => {}
            Err(failed) => return Err(failed),
            Ok(run) => match run.go_on().await {
                Ended::Replaced => {}
                failed @ Ended::Failed(_) => return Err(failed),
            },
        }
    }
    *delivering = None;
    Ok(())
}

/// Writes the activities of all alerts that have none yet. Several nodes may do so at once.
///
/// # Errors
/// When they cannot be stored.
pub(crate) async fn record_raised(app: &App) -> Result<(), StoreError> {
    record::record(app).await.map_err(|ended| match ended {
        Ended::Failed(error) => StoreError::Unavailable(error),
        Ended::Replaced => StoreError::Unavailable("another node evaluates".into()),
    })
}

/// Lets another node begin at once.
async fn give_back(app: &App, node: Uuid) {
    if let Ok(Some(turn)) = app.store.take_turn(node, TURN).await {
        let _ = app.store.end_turn(turn.number).await;
    }
}

/// Whether it is an alert of Livetrail's own.
fn is_alert(activity: &Activity) -> bool {
    activity.action_type == actions::ALERT_RAISED && activity.resource_type.as_deref() == Some(LIVETRAIL)
}
