//! One evaluation: from the turn until it is lost, the rules change, or the store fails.

use super::{Ended, delivery, held_turn::HeldTurn, record, work::Work};
use crate::{
    app::App,
    hub::{Entry, Span},
    log_span::spawn_blocking,
};
use livetrail_alerts::{PastError, Rule};
use livetrail_store::{Advanced, Alert, Progress, Turn};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};
use tokio::{
    select,
    task::JoinError,
    time::{Instant, interval},
};
use uuid::Uuid;

/// How often alerts that go on are kept. New ones are kept at once.
const CHANGES: Duration = Duration::from_millis(500);
/// How often the position is kept while there are no alerts.
const POSITION: Duration = Duration::from_secs(5);

/// An evaluation under way.
pub(super) struct Run<'a> {
    app: &'a Arc<App>,
    held: HeldTurn,
    rules: HashMap<String, Rule>,
    work: Option<Work>,
    position: u64,
    kept: u64,
    kept_at: Instant,
}

impl<'a> Run<'a> {
    /// An evaluation of the log after a position, by rules that are known to `work`.
    pub(super) fn new(
        app: &'a Arc<App>,
        held: HeldTurn,
        rules: Vec<Rule>,
        work: Work,
        position: u64,
    ) -> Self {
        let rules = rules.into_iter().map(|rule| (rule.id.clone(), rule)).collect();
        let (kept, kept_at) = (held.turn().position, Instant::now());
        Self { app, held, rules, work: Some(work), position, kept, kept_at }
    }

    /// Evaluates what follows. It returns when that cannot go on.
    pub(super) async fn go_on(mut self) -> Ended {
        self.app.alerts.metrics.begin();
        let ended = self.follow().await;
        self.app.alerts.metrics.end();
        match ended {
            Ok(()) => Ended::Replaced,
            Err(ended) => ended,
        }
    }

    async fn follow(&mut self) -> Result<(), Ended> {
        self.held.during(record::record(self.app)).await??;
        let mut follower = self.app.hub.follow_unnamed(self.position);
        let mut changes = interval(CHANGES);
        loop {
            // Only waiting is cancelled here, and never work.
            let waiting = async {
                select! {
                    biased;
                    _ = changes.tick() => None,
                    span = follower.next() => Some(span),
                }
            };
            match self.held.during(waiting).await? {
                None => self.look_around().await?,
                Some(span) => {
                    let span = span.map_err(|error| Ended::Failed(error.to_string()))?;
                    self.evaluate(span, follower.cursor().position).await?;
                }
            }
            if self.work.as_ref().is_some_and(Work::is_urgent) {
                self.keep().await?;
            }
        }
    }

    /// Evaluates a part of the log that ends at a position.
    async fn evaluate(&mut self, span: Span, position: u64) -> Result<(), Ended> {
        let evaluate = move |work: &mut Work| {
            for entry in span.entries() {
                if let Entry::Activity(known) = entry {
                    work.evaluate(&known.0)?;
                }
            }
            Ok::<_, PastError>(())
        };
        self.held.during(on_thread(&mut self.work, evaluate)).await??;
        self.position = position;
        self.app.alerts.metrics.reached(position, self.app.hub.head().position);
        Ok(())
    }

    /// Looks for silence, and keeps what has changed or is due.
    async fn look_around(&mut self) -> Result<(), Ended> {
        let (now, head) = (self.app.environment.now(), self.app.hub.head().position);
        self.app.alerts.metrics.reached(self.position, head);
        let Some(work) = self.work.as_mut() else { return Ok(()) };
        if self.position >= head {
            work.tick(now);
        }
        if work.has_changed() || self.position > self.kept && self.kept_at.elapsed() > POSITION {
            self.keep().await?;
        }
        Ok(())
    }

    /// Keeps what was found, and the position.
    async fn keep(&mut self) -> Result<(), Ended> {
        let Some(work) = self.work.as_mut() else { return Ok(()) };
        let (alerts, raised) = work.take_changed(&self.rules);
        let saturated: BTreeMap<String, u64> =
            work.evaluator.saturated().map(|(rule, since)| (rule.to_owned(), since)).collect();
        self.app.alerts.metrics.saturated(saturated.len());
        let Turn { number: turn, rules, .. } = self.held.turn();
        let deliveries = delivery::deliveries(self.app, &alerts, &raised).await?;
        let progress =
            Progress { turn, rules, position: self.position, alerts: alerts.clone(), saturated, deliveries };
        if self.app.store.advance(progress).await? != Advanced::Kept {
            return Err(Ended::Replaced);
        }
        (self.kept, self.kept_at) = (self.position, Instant::now());
        work.settle();
        self.tell(alerts, &raised);
        if !raised.is_empty() {
            self.held.during(record::record(self.app)).await??;
        }
        Ok(())
    }

    /// Tells others what is kept now.
    fn tell(&self, alerts: Vec<Alert>, raised: &[Uuid]) {
        for alert in alerts.iter().filter(|alert| raised.contains(&alert.id)) {
            self.app.alerts.metrics.raised(alert.severity);
        }
        if !alerts.is_empty() {
            // Without a receiver there is nothing to tell.
            let _ = self.app.alerts.kept.send(alerts.into());
        }
    }
}

/// Works on a thread that may block, since the evaluator asks the log now and then.
pub(super) async fn on_thread<W, E>(
    work: &mut Option<W>,
    job: impl FnOnce(&mut W) -> Result<(), E> + Send + 'static,
) -> Result<(), Ended>
where
    W: Send + 'static,
    E: ToString + Send + 'static,
{
    let mut taken = work.take().ok_or_else(|| Ended::Failed("an evaluation was cut off".into()))?;
    let done = spawn_blocking(move || {
        let done = job(&mut taken).map_err(|error| error.to_string());
        (taken, done)
    });
    let (worked, done) = done.await.map_err(|error: JoinError| Ended::Failed(error.to_string()))?;
    *work = Some(worked);
    done.map_err(Ended::Failed)
}
