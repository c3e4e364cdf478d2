//! A rule over the past, before it is switched on: what it would have raised if it had been on all the time.
//!
//! The index gives the positions that the rule's filter means, so only these activities are read. They are evaluated
//! as ever, in the order of positions, without being kept. The first activities are those that a window before the
//! asked time can reach, so an alert is complete although its window begins earlier; what they raise is not reported.

mod found;
mod trial;

pub(crate) use found::{Backtest, LoudGroup};

use super::{
    Ended,
    begin::first_that_arrived,
    reader::{Reader, Wanted},
    run::on_thread,
};
use crate::{access::Principal, app::App, questions::QuestionError};
use jiff::Timestamp;
use livetrail_alerts::{Horizon, PastError, Rule};
use livetrail_store::StoreError;
use livetrail_types::{Activity, Condition};
use std::{slice::from_ref, sync::Arc};
use thiserror::Error;
use tokio_util::sync::CancellationToken;
use trial::Trial;

/// Why there is no result.
#[derive(Debug, Error)]
pub(crate) enum BacktestError {
    #[error(transparent)]
    Question(#[from] QuestionError),
    #[error("the evaluation failed: {0}")]
    Evaluation(String),
}

impl From<StoreError> for BacktestError {
    fn from(error: StoreError) -> Self {
        Self::Question(error.into())
    }
}

impl From<Ended> for BacktestError {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Failed(error) => Self::Evaluation(error),
            Ended::Replaced => Self::Evaluation("it was cut off".into()),
        }
    }
}

/// How far a back-test is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Positions that were looked at.
    pub(crate) read: u64,
    /// Positions that are looked at in all.
    pub(crate) of: u64,
}

/// Evaluates a rule for what happened from a moment to another. Dropping the future cancels it. Questions to the log
/// are asked for `principal`.
///
/// # Errors
/// When the log cannot be read.
pub(crate) async fn backtest(
    app: &Arc<App>,
    principal: &Principal,
    rule: Rule,
    time: (Timestamp, Timestamp),
    progress: impl Fn(Progress),
) -> Result<Backtest, BacktestError> {
    let cancelled = CancellationToken::new();
    let _cancelled_by_drop = cancelled.clone().drop_guard();
    let wanted = wanted(app, &rule, time).await?;
    let (first, last) = (wanted.after, wanted.up_to);
    let mut reader = Reader::new(app, principal, wanted);
    let mut trial = Some(Trial::new(app, principal, rule, time, cancelled));
    let mut activities = reader.next().await?;
    while let Some(piece) = activities {
        progress(Progress { read: reader.position() - first, of: last - first });
        let evaluating = on_thread(&mut trial, move |trial: &mut Trial| evaluate(trial, &piece, last));
        // The next piece is read meanwhile.
        let (next, evaluated) = tokio::join!(reader.next(), evaluating);
        evaluated?;
        let is_over = trial.as_ref().is_none_or(Trial::is_over);
        activities = if is_over { None } else { next? };
    }
    on_thread(&mut trial, |trial: &mut Trial| {
        trial.end();
        Ok::<_, PastError>(())
    })
    .await?;
    trial.map(Trial::into_found).ok_or_else(|| BacktestError::Evaluation("it was cut off".into()))
}

/// The activities that the rule may match, from those on that a window before the asked time can reach.
async fn wanted(app: &App, rule: &Rule, (from, to): (Timestamp, Timestamp)) -> Result<Wanted, BacktestError> {
    let bounds = app.store.head().await?;
    let since = Horizon::of(from_ref(rule), from).since();
    Ok(Wanted {
        filters: vec![rule.wide_filter().since(since).and(Condition::Until(to))],
        with_details: rule.reads_details(),
        after: bounds.floor,
        up_to: bounds.head,
        scan_after: first_that_arrived(app, since, (bounds.floor, bounds.head)).await?,
    })
}

fn evaluate(trial: &mut Trial, piece: &[Activity], last: u64) -> Result<(), PastError> {
    piece.iter().filter(|activity| activity.position <= last).try_for_each(|activity| trial.step(activity))
}
