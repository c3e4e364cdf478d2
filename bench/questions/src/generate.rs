//! Stores a generated log, without HTTP: one thread makes activities while another one appends them.

use crate::log::Log;
use anyhow::{Result, bail};
use livetrail_store::{Progress, Store, Turn};
use livetrail_types::Stamped;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::mpsc;
use uuid::Uuid;

/// Activities of one commit.
const BATCH: u64 = 10_000;
/// Profiles of one commit.
const PROFILES: usize = 10_000;
/// After so many rows, progress is shown.
const SHOWN: u64 = 1_000_000;

/// For so long, no server may evaluate alerts, unless the turn is given back.
const TURN: Duration = Duration::from_secs(10);

/// What was stored, and how fast.
#[derive(Debug)]
pub struct Generated {
    /// Activities.
    pub rows: u64,
    /// From the first commit of activities to the last; profiles apart.
    pub took: Duration,
}

impl Generated {
    /// Activities a second.
    pub fn rows_per_second(&self) -> f64 {
        self.rows as f64 / self.took.as_secs_f64()
    }
}

/// Stores the profiles and then the activities of `log`.
///
/// # Errors
/// That there are activities already, and errors of the store.
pub async fn generate(log: Arc<Log>, store: &dyn Store) -> Result<Generated> {
    let head = store.head().await?.head;
    if head > 0 {
        bail!("this log has {head} activities already: name an empty folder or database");
    }
    for (tenant, profiles) in log.profiles() {
        for some in profiles.chunks(PROFILES) {
            store.put_profiles(tenant.clone(), some.to_vec()).await?;
        }
    }
    let (begun, rows) = (Instant::now(), log.rows());
    let mut batches = made(log);
    let mut stored = 0;
    while let Some(batch) = batches.recv().await {
        let count = batch.len() as u64;
        store.append(batch).await?;
        stored += count;
        if stored % SHOWN < count {
            eprintln!("{stored} of {rows}, {:.0} a second", stored as f64 / begun.elapsed().as_secs_f64());
        }
    }
    let took = begun.elapsed();
    raise_no_alerts(store).await?;
    Ok(Generated { rows: stored, took })
}

/// Has a server evaluate what comes after the log only. Alerts about it would be further activities, raised while
/// something else is measured.
async fn raise_no_alerts(store: &dyn Store) -> Result<()> {
    let turn = store.take_turn(Uuid::nil(), TURN).await?;
    let Some(Turn { number: turn, rules, .. }) = turn else { bail!("a server uses this log") };
    let position = store.head().await?.head;
    store.advance(Progress { turn, rules, position, ..Progress::default() }).await?;
    store.end_turn(turn).await?;
    Ok(())
}

/// Batches, of which two wait at most.
fn made(log: Arc<Log>) -> mpsc::Receiver<Vec<Stamped>> {
    let (send, batches) = mpsc::channel(2);
    std::thread::spawn(move || {
        for first in (0..log.rows()).step_by(BATCH as usize) {
            let batch = (first..(first + BATCH).min(log.rows())).map(|index| log.stamped(index)).collect();
            if send.blocking_send(batch).is_err() {
                return;
            }
        }
    });
    batches
}
