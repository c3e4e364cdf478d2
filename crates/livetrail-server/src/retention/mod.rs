//! Removes activities that are kept long enough ([`Rules`]), except those that a hold means.
//!
//! A task looks once an hour. Of several nodes over PostgreSQL, the one with the lease does. Administrators may have a
//! run at any time, or a dry run that only counts. A run that has removed something, or that was asked for, is an
//! activity.

mod outcome;
mod policy;
mod rules;
mod run;
#[cfg(test)]
mod tests;

pub use outcome::Outcome;
pub use rules::{Keep, RawRule, Rule, Rules};

use crate::{access::Principal, app::App, self_audit::Origin};
use jiff::Timestamp;
use livetrail_store::StoreError;
use policy::Swept;
use run::{Interruption, Run};
use serde::{Deserialize, Serialize};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};
use tokio::time::{sleep, timeout};
use tracing::Instrument;
use utoipa::ToSchema;

/// The time from one run to the next.
const PAUSE: Duration = Duration::from_hours(1);
/// A client that asks for a run waits for its end for so long.
const AT_ONCE: Duration = Duration::from_secs(2);
/// With more free bytes than this in a file that does not shrink, its operator is told how to rebuild it.
const MUCH_FREE: u64 = 1 << 28;

/// The retention of a server's log.
pub struct Retention {
    rules: Rules,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The last run, or the one under way.
    run: Option<RunInfo>,
    swept: Option<Swept>,
}

/// A run that is under way or has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunInfo {
    /// Whether nothing is removed.
    pub dry_run: bool,
    /// The user or the key that asked for it; null for those of the server.
    pub asked_by: Option<String>,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    /// When it ended; null while it is under way.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// What has kept it from its end.
    pub error: Option<String>,
    /// What it has done once it has ended.
    pub outcome: Outcome,
}

/// Why no run can begin.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// One is under way on this node.
    #[error("a run of the retention is under way")]
    Busy,
    /// One is under way on another node.
    #[error("another node is running the retention")]
    OnOtherNode,
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Retention {
    /// The retention by these rules.
    pub fn new(rules: Rules) -> Self {
        Self { rules, state: Mutex::default() }
    }

    /// The rules.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The last run, or the one under way.
    pub fn last_run(&self) -> Option<RunInfo> {
        self.state().run.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Claims the state for a run.
    fn begin(&self, run: &RunInfo) -> Result<(), Refused> {
        let mut state = self.state();
        if state.run.as_ref().is_some_and(|run| run.ended_at.is_none()) {
            return Err(Refused::Busy);
        }
        state.run = Some(run.clone());
        Ok(())
    }
}

/// Runs the retention after a first pause and then once an hour, as long as the server runs.
pub async fn watch(app: Weak<App>, first: Duration) {
    let mut pause = first;
    loop {
        let Some(stopping) = app.upgrade().map(|app| app.stopping.clone()) else { return };
        tokio::select! {
            () = sleep(pause) => {}
            () = stopping.cancelled() => return,
        }
        let Some(app) = app.upgrade().filter(|app| !app.retention.rules.keep_everything()) else { return };
        match prepare(&app, false, None).await {
            Ok(run) => drop(run.finish(&app).await),
            Err(refused) => tracing::debug!(%refused, "the retention does not run now"),
        }
        pause = PAUSE;
    }
}

/// Starts a run in the background that an administrator asks for. It has ended, or is still under way after
/// [`AT_ONCE`].
///
/// # Errors
/// That none can begin.
pub(crate) async fn start(app: &Arc<App>, is_dry: bool, by: (Principal, Origin)) -> Result<RunInfo, Refused> {
    let run = prepare(app, is_dry, Some(by)).await?;
    let (begun, app) = (run.info.clone(), Arc::clone(app));
    // It goes on if its client does not wait.
    let running = tokio::spawn(async move { run.finish(&app).await }.in_current_span());
    match timeout(AT_ONCE, running).await {
        Ok(Ok(ended)) => Ok(ended),
        _ => Ok(begun),
    }
}

/// A run that has the right to begin.
struct Prepared {
    info: RunInfo,
    by: Option<(Principal, Origin)>,
    _lease: Option<livetrail_store::Lease>,
}

async fn prepare(app: &App, is_dry: bool, by: Option<(Principal, Origin)>) -> Result<Prepared, Refused> {
    // A dry run changes nothing, so it needs no lease.
    let lease = if is_dry { None } else { Some(app.store.lease().await?.ok_or(Refused::OnOtherNode)?) };
    let info = RunInfo {
        dry_run: is_dry,
        asked_by: by.as_ref().map(|(by, _)| by.user_id.clone()),
        started_at: app.environment.now(),
        ended_at: None,
        error: None,
        outcome: Outcome::default(),
    };
    app.retention.begin(&info)?;
    Ok(Prepared { info, by, _lease: lease })
}

impl Prepared {
    async fn finish(mut self, app: &App) -> RunInfo {
        let swept = app.retention.state().swept;
        let run = Run {
            store: &*app.store,
            rules: &app.retention.rules,
            catalogue: &app.catalogue,
            now: self.info.started_at,
            stopping: &app.stopping,
            is_dry: self.info.dry_run,
        };
        let ended = run.run(swept, &mut self.info.outcome).await;
        match &ended {
            Ok(_) | Err(Interruption::Stopping) => {}
            Err(error) => {
                tracing::warn!(%error, "the retention could not remove what is due; it is tried again");
            }
        }
        if !self.info.dry_run && self.info.outcome.total() > 0 {
            app.hub.forget_past();
        }
        self.info.error = ended.as_ref().err().map(ToString::to_string);
        self.info.ended_at = Some(app.environment.now());
        self.record(app);
        let mut state = app.retention.state();
        if let (Ok(swept), false) = (ended, self.info.dry_run) {
            state.swept = Some(swept);
        }
        state.run = Some(self.info.clone());
        self.info
    }

    fn record(&self, app: &App) {
        let Outcome { free_bytes, alerts, .. } = self.info.outcome;
        let total = self.info.outcome.total();
        if !self.info.dry_run && (total > 0 || alerts > 0 || self.by.is_some()) {
            let by = self.by.as_ref().map(|(by, origin)| (by, origin));
            app.self_audit.retained(by, &self.info);
            tracing::info!(
                activities = total,
                alerts,
                floor = self.info.outcome.floor,
                "the retention has removed activities or alerts"
            );
        }
        if free_bytes > MUCH_FREE {
            tracing::warn!(
                free_mb = free_bytes >> 20,
                "the database file holds free space that only new activities use: to give it back, stop the server and \
                 run `sqlite3 livetrail.db 'PRAGMA auto_vacuum=INCREMENTAL; VACUUM'` in the data folder"
            );
        }
    }
}
