//! The attempts of one channel, one after another.

use super::{
    plan::{self, FLOOD_WINDOW, HISTORY, Step, plan},
    retry::{self, Times},
};
use crate::{
    alerts::{
        AlertInfo,
        delivery::{Kind, Message, SendError, SendErrorKind},
        rules,
    },
    app::App,
};
use jiff::Timestamp;
use livetrail_store::{AlertChannel, Claim, Deferral, Delivery, MessageId, MessageKind, Outcome, StoreError};
use std::sync::Arc;
use uuid::Uuid;

/// A node that delivers, and its turn.
pub(super) struct Attempts {
    pub(super) app: Arc<App>,
    pub(super) turn: u64,
}

/// A message whose attempt has begun.
struct Attempt {
    message: MessageId,
    kind: MessageKind,
    begun_at: Timestamp,
    /// How many there were, this one included.
    number: u32,
}

impl Attempts {
    /// Attempts everything that is due for a channel.
    pub(super) async fn of_channel(self, id: Uuid) -> Result<(), StoreError> {
        loop {
            // It is read again each time, because it may have been changed or removed.
            let channels = self.app.store.alert_channels().await?;
            let Some(channel) = channels.into_iter().find(|channel| channel.id == id && channel.enabled)
            else {
                return Ok(());
            };
            let now = self.app.environment.now();
            self.app.store.defer_muted(id, now).await?;
            let Some(due) = self.app.store.due_delivery(id, now).await? else { return Ok(()) };
            if !self.go_on(&channel, due, now).await? {
                return Ok(());
            }
        }
    }

    /// `false` if another node does the same.
    async fn go_on(&self, channel: &AlertChannel, due: Delivery, now: Timestamp) -> Result<bool, StoreError> {
        let message = MessageId { channel: channel.id, alert: due.new.alert };
        let attempt = match due.message {
            Some((kind, begun_at)) => {
                let number = due.attempts + 1;
                let next_at = self.next_at(number, now);
                if !self.app.store.attempt(message, self.turn, due.attempts, next_at).await? {
                    return Ok(false);
                }
                Attempt { message, kind, begun_at, number }
            }
            None => match self.begin(channel, due, now).await? {
                Begun::Waits => return Ok(true),
                Begun::Lost => return Ok(false),
                Begun::Message(kind) => Attempt { message, kind, begun_at: now, number: 1 },
            },
        };
        self.make(channel, attempt).await?;
        Ok(true)
    }

    /// Makes a message of deliveries, or has them wait.
    async fn begin(
        &self,
        channel: &AlertChannel,
        due: Delivery,
        now: Timestamp,
    ) -> Result<Begun, StoreError> {
        let before = |time| now.checked_sub(time).unwrap_or(Timestamp::MIN);
        let history =
            self.app.store.thread_history(due.new.clone(), before(HISTORY), before(FLOOD_WINDOW)).await?;
        let (rule, alert) = (due.new.rule.clone(), due.new.alert);
        let thread = |whole_rule: bool| (!whole_rule).then(|| due.new.thread.clone());
        match plan(&due.new, &history, channel.cooldown, now) {
            Step::Wait { until, whole_rule } => {
                let thread = thread(whole_rule);
                self.app.store.defer(Deferral { channel: channel.id, rule, thread, until }).await?;
                Ok(Begun::Waits)
            }
            Step::Tell { kind, whole_rule } => {
                let claim = Claim {
                    turn: self.turn,
                    message: MessageId { channel: channel.id, alert },
                    kind,
                    rule,
                    thread: thread(whole_rule),
                    now,
                    next_at: self.next_at(1, now),
                };
                let is_claimed = self.app.store.claim(claim).await?;
                Ok(if is_claimed { Begun::Message(kind) } else { Begun::Lost })
            }
        }
    }

    fn next_at(&self, attempts: u32, now: Timestamp) -> Timestamp {
        plan::after(now, retry::pause(attempts, &*self.app.environment))
    }

    async fn make(&self, channel: &AlertChannel, attempt: Attempt) -> Result<(), StoreError> {
        let Attempt { message, begun_at, number, .. } = attempt;
        let sent = match self.written(&attempt).await? {
            Some((key, text)) => self.send(channel, &key, &text).await,
            None => Err(SendError {
                detail: "The alert is not kept any more".into(),
                kind: SendErrorKind::Refused,
            }),
        };
        let now = self.app.environment.now();
        let outcome = match sent {
            Ok(()) => Outcome::Sent,
            Err(SendError { detail, kind }) => {
                let pause = retry::pause(number, &*self.app.environment);
                let times = Times { begun_at, now, cooldown: channel.cooldown };
                retry::failed(detail, kind, pause, times)
            }
        };
        self.app.delivery.metrics.attempted(&outcome);
        tell(channel, &outcome);
        self.app.store.finish(message, now, outcome).await
    }

    async fn send(&self, channel: &AlertChannel, key: &str, message: &Message) -> Result<(), SendError> {
        let sealed = self.app.delivery.seal.open(channel.id, &channel.destination);
        let destination = sealed.map_err(|error| SendError {
            detail: error.to_string(),
            kind: SendErrorKind::Retry { after: None },
        })?;
        let destination = destination.at(self.app.environment.now());
        self.app.delivery.send(&destination, key, message).await
    }

    /// The key of a message and what it says, as long as its latest alert is kept.
    async fn written(&self, attempt: &Attempt) -> Result<Option<(String, Message)>, StoreError> {
        let store = &self.app.store;
        let Some((alerts, latest)) = store.message_alerts(attempt.message).await? else { return Ok(None) };
        let Some(alert) = store.alert(latest).await? else { return Ok(None) };
        let (known, _) = rules::known(store.alert_rules().await?.rules, &self.app.filter_context());
        let (kind, name) = match attempt.kind {
            MessageKind::Flood => (Kind::Flood, "flood"),
            _ if alerts > 1 => (Kind::Continued, "further"),
            _ => (Kind::Raised, "raised"),
        };
        let text = Message {
            kind,
            alert: AlertInfo::of(alert, &known, self.app.environment.now()),
            further: alerts - 1,
            at: attempt.begun_at,
            silent_until: (kind == Kind::Flood).then(|| plan::after(attempt.begun_at, FLOOD_WINDOW)),
        };
        Ok(Some((format!("{}-{name}", attempt.message.alert), text)))
    }
}

/// What has become of deliveries without a message.
enum Begun {
    Waits,
    Lost,
    Message(MessageKind),
}

/// Writes a failure into the server's log: one that is final always, another one when the channel begins to fail.
fn tell(channel: &AlertChannel, outcome: &Outcome) {
    let name = &channel.name;
    match outcome {
        Outcome::Parked { failure } => {
            tracing::warn!(channel = name, failure, "a message about an alert is not attempted any more");
        }
        Outcome::SentToSome { failure } => {
            tracing::warn!(channel = name, failure, "not every recipient has a message about an alert");
        }
        Outcome::Retried { failure, .. } if channel.failing_since.is_none() => {
            tracing::warn!(channel = name, failure, "a channel of alerts cannot be notified now");
        }
        _ => {}
    }
}
