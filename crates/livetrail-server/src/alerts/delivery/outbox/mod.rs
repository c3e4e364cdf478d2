//! Notifies channels of alerts: the node that evaluates also empties the outbox.
//!
//! - What channels are to be told is kept with the alert, in one commit ([`queue`]).
//! - Each channel has its attempts one after another ([`attempt`]), and all channels at the same time. So a slow
//!   receiver holds up no other channel.
//! - A message is kept before its first attempt, and each attempt has the key of the message. An attempt that was cut
//!   off is repeated by the next node with the turn.
//! - Cooldowns and floods are decided by what was sent ([`plan`]), and failed attempts are repeated ([`retry`]).

mod attempt;
mod metrics;
mod plan;
mod queue;
mod retry;
#[cfg(test)]
mod tests;

pub(in crate::alerts) use queue::deliveries;

use super::{Destination, DestinationError, DestinationSeal, Message, SendError, SendErrorKind, Sender};
use crate::{app::App, log_span};
use attempt::Attempts;
use jiff::SignedDuration;
use livetrail_store::StoreError;
use metrics::Metrics;
use prometheus_client::registry::Registry;
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::{
    select,
    sync::Notify,
    task::{AbortHandle, JoinSet},
    time::{Instant, sleep},
};
use tracing::Instrument;
use uuid::Uuid;

/// How often the outbox is looked at while nothing happens.
const PAUSE: Duration = Duration::from_secs(1);
/// How often the metrics are brought up to date.
const COUNTING: Duration = Duration::from_secs(5);
/// How often deliveries that were sent long ago are removed.
const TIDYING: Duration = Duration::from_hours(1);
/// How long deliveries are kept after they were sent. Cooldowns and floods look back two days at most.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Deliveries that are removed in one transaction.
const AT_ONCE: u32 = 1_000;

/// What the rest of the server has of the delivery of alerts.
pub(crate) struct Delivery {
    /// Why there is none, if the system has no certificates of authorities. A server without channels needs none.
    sender: Result<Sender, String>,
    pub(crate) seal: DestinationSeal,
    /// Told when the outbox has changed.
    pub(crate) changed: Notify,
    metrics: Metrics,
}

impl Delivery {
    /// Registers the metrics.
    pub(crate) fn new(
        sender: anyhow::Result<Sender>,
        seal: DestinationSeal,
        registry: &mut Registry,
    ) -> Self {
        let reason =
            |error| format!("this server can send nothing, perhaps for want of root certificates: {error:#}");
        let (sender, metrics) = (sender.map_err(reason), Metrics::register(registry));
        Self { sender, seal, changed: Notify::new(), metrics }
    }

    /// Checks a destination under the settings of this server.
    ///
    /// # Errors
    /// What is not right.
    pub(crate) fn check(&self, to: &Destination) -> Result<(), DestinationError> {
        match &self.sender {
            Ok(sender) => sender.check(to),
            Err(reason) => to.check().and(Err(DestinationError::new("url", reason))),
        }
    }

    /// Makes one attempt.
    ///
    /// # Errors
    /// Why the message was not accepted.
    pub(crate) async fn send(&self, to: &Destination, key: &str, message: &Message) -> Result<(), SendError> {
        match &self.sender {
            Ok(sender) => sender.send(to, key, message).await,
            Err(reason) => {
                let kind = SendErrorKind::Retry { after: None };
                Err(SendError { detail: reason.clone(), kind })
            }
        }
    }
}

/// A task that empties the outbox until it is dropped.
pub(in crate::alerts) struct Delivering {
    pub(in crate::alerts) turn: u64,
    task: AbortHandle,
}

impl Delivering {
    /// Begins with the attempts that another node, or this one before, has not finished.
    pub(in crate::alerts) fn begin(app: &Arc<App>, turn: u64) -> Self {
        let app = Arc::clone(app);
        let task =
            log_span::spawn("delivery", async move { Outbox::new(app, turn).deliver().await }).abort_handle();
        Self { turn, task }
    }
}

impl Drop for Delivering {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// An outbox that is being emptied.
struct Outbox {
    app: Arc<App>,
    turn: u64,
    has_resumed: bool,
    is_told: bool,
    counted: Option<Instant>,
    tidied: Option<Instant>,
    channels: HashMap<Uuid, AbortHandle>,
    attempts: JoinSet<()>,
}

impl Outbox {
    fn new(app: Arc<App>, turn: u64) -> Self {
        Self {
            app,
            turn,
            has_resumed: false,
            is_told: false,
            counted: None,
            tidied: None,
            channels: HashMap::new(),
            attempts: JoinSet::new(),
        }
    }

    async fn deliver(mut self) {
        let mut kept = self.app.alerts.follow();
        loop {
            match self.look().await {
                Ok(()) => self.is_told = false,
                Err(error) if !std::mem::replace(&mut self.is_told, true) => {
                    tracing::warn!(%error, "channels are not notified of alerts now; this is tried again");
                }
                Err(_) => {}
            }
            select! {
                _ = kept.recv() => {}
                () = self.app.delivery.changed.notified() => {}
                Some(_) = self.attempts.join_next() => {}
                () = sleep(PAUSE) => {}
            }
        }
    }

    async fn look(&mut self) -> Result<(), StoreError> {
        let (store, now) = (&self.app.store, self.app.environment.now());
        if !self.has_resumed {
            store.resume_attempts(now).await?;
            self.has_resumed = true;
        }
        self.channels.retain(|_, task| !task.is_finished());
        for channel in store.due_channels(now).await? {
            if !self.channels.contains_key(&channel) {
                let task =
                    self.attempts.spawn(attempt(Arc::clone(&self.app), self.turn, channel).in_current_span());
                self.channels.insert(channel, task);
            }
        }
        if is_due(&mut self.counted, COUNTING) {
            self.app.delivery.metrics.left(&store.backlog().await?);
        }
        if is_due(&mut self.tidied, TIDYING) {
            self.tidy().await?;
        }
        Ok(())
    }

    async fn tidy(&self) -> Result<(), StoreError> {
        let before = self.app.environment.now().checked_sub(KEPT).unwrap_or_default();
        while self.app.store.forget_deliveries(before, AT_ONCE).await? == u64::from(AT_ONCE) {}
        Ok(())
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        self.app.delivery.metrics.left(&[]);
    }
}

async fn attempt(app: Arc<App>, turn: u64, channel: Uuid) {
    if let Err(error) = (Attempts { app, turn }).of_channel(channel).await {
        tracing::debug!(%channel, %error, "a channel is not notified of alerts now");
    }
}

fn is_due(last: &mut Option<Instant>, pause: Duration) -> bool {
    let is_due = last.is_none_or(|last| last.elapsed() >= pause);
    if is_due {
        *last = Some(Instant::now());
    }
    is_due
}
