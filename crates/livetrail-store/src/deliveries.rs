//! Channels that are notified of alerts, and the outbox of what they are still to be told.
//!
//! An entry of the outbox is a [`NewDelivery`] in [`Progress`](crate::Progress): it is kept in the same commit as the
//! alert and the position of the evaluation, so no alert is kept without it and none has it twice. Alerts of the same
//! rule can share a message. Which alerts a message has is kept before the first attempt, so a repeated attempt tells
//! the same ones under the same key, whichever node makes it. An attempt that ended without an outcome, because the
//! node was stopped, is repeated at once by the next node.

use crate::Result;
use async_trait::async_trait;
use jiff::Timestamp;
use livetrail_types::Severity;
use std::time::Duration;
use uuid::Uuid;

/// The part of a [`Store`](crate::Store) that keeps channels and their outbox.
#[async_trait]
pub trait Deliveries: Send + Sync + 'static {
    /// The channels, the oldest first.
    async fn alert_channels(&self) -> Result<Vec<AlertChannel>>;

    /// Keeps a channel, in place of one with the same id. Of that one, the creation and the last attempts stay.
    async fn put_alert_channel(&self, channel: AlertChannel) -> Result<()>;

    /// Removes a channel and its outbox; what it was, if there was one with this id.
    async fn remove_alert_channel(&self, id: Uuid) -> Result<Option<AlertChannel>>;

    /// The enabled channels that have a delivery to attempt at a time.
    async fn due_channels(&self, now: Timestamp) -> Result<Vec<Uuid>>;

    /// The delivery of a channel that has been due for the longest time.
    async fn due_delivery(&self, channel: Uuid, now: Timestamp) -> Result<Option<Delivery>>;

    /// What the channel of a delivery was told since a time about its thread and rule. Messages are counted since
    /// another time.
    async fn thread_history(
        &self,
        of: NewDelivery,
        since: Timestamp,
        counted: Timestamp,
    ) -> Result<ThreadHistory>;

    /// Puts deliveries off that have no message yet.
    async fn defer(&self, deferral: Deferral) -> Result<()>;

    /// Puts the deliveries of a channel about muted alerts off until the mute ends.
    async fn defer_muted(&self, channel: Uuid, now: Timestamp) -> Result<()>;

    /// Makes a message of the due deliveries of a thread or of a rule, and begins its first attempt. A message with
    /// several of them is [`MessageKind::Further`] in place of [`MessageKind::Raised`].
    ///
    /// `false` if the turn is lost, or the first delivery has changed meanwhile.
    async fn claim(&self, claim: Claim) -> Result<bool>;

    /// Begins a further attempt of a message that has had so many; it is repeated at `next_at` if no outcome follows.
    ///
    /// `false` if the turn is lost, or another node has made an attempt.
    async fn attempt(&self, message: MessageId, turn: u64, attempts: u32, next_at: Timestamp)
    -> Result<bool>;

    /// How many alerts a message has, and the latest of them.
    async fn message_alerts(&self, message: MessageId) -> Result<Option<(u64, Uuid)>>;

    /// Keeps the outcome of an attempt, and notes it at the channel.
    async fn finish(&self, message: MessageId, at: Timestamp, outcome: Outcome) -> Result<()>;

    /// Makes all attempts due that have no outcome: a new evaluator repeats those of the one before.
    async fn resume_attempts(&self, now: Timestamp) -> Result<()>;

    /// Makes the parked messages of a channel due again; how many there were.
    async fn replay(&self, channel: Uuid, now: Timestamp) -> Result<u64>;

    /// The messages of a channel and the deliveries without one, the latest first.
    async fn deliveries(&self, query: DeliveryQuery) -> Result<Vec<Sent>>;

    /// How many deliveries wait or are parked, by channel.
    async fn backlog(&self) -> Result<Vec<Backlog>>;

    /// Removes deliveries that were sent before a time, at most `limit` of them; how many there were.
    async fn forget_deliveries(&self, before: Timestamp, limit: u32) -> Result<u64>;
}

/// A destination that is notified of alerts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertChannel {
    /// Its id.
    pub id: Uuid,
    /// For people.
    pub name: String,
    /// What kind of destination it is.
    pub kind: String,
    /// The sealed destination.
    pub destination: String,
    /// The only tenant whose alerts it is told.
    pub tenant: Option<String>,
    /// The least severity of an alert.
    pub severity: Severity,
    /// The ids of the only rules; all without one.
    pub rules: Vec<String>,
    /// How long after a message the next one about the same rule and group follows, at the earliest.
    pub cooldown: Duration,
    /// Whether it is used.
    pub enabled: bool,
    /// The user or the key that has created it.
    pub created_by: Option<String>,
    /// When that was.
    pub created_at: Timestamp,
    /// The last message that was accepted.
    pub last_success: Option<Timestamp>,
    /// The last attempt that failed.
    pub last_failure: Option<Timestamp>,
    /// Why it did.
    pub failure: Option<String>,
    /// The first attempt that failed since the last message that was accepted.
    pub failing_since: Option<Timestamp>,
}

/// An alert that a channel is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    /// The channel. Nothing is kept if it was removed.
    pub channel: Uuid,
    /// The alert.
    pub alert: Uuid,
    /// The id of the rule.
    pub rule: String,
    /// The same text for alerts of the same rule and group.
    pub thread: String,
    /// When it is kept.
    pub made_at: Timestamp,
}

/// An entry of the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// What is to be told.
    pub new: NewDelivery,
    /// The next attempt.
    pub next_at: Timestamp,
    /// How far it is.
    pub state: DeliveryState,
    /// The kind of the message, and when its first attempt began; none before.
    pub message: Option<(MessageKind, Timestamp)>,
    /// How many attempts have begun.
    pub attempts: u32,
    /// When it was accepted.
    pub sent_at: Option<Timestamp>,
    /// Why the last attempt failed.
    pub failure: Option<String>,
}

/// How far a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// An attempt follows.
    Waiting,
    /// The destination has accepted it.
    Sent,
    /// It is not attempted any more before a replay.
    Parked,
}

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// One alert.
    Raised,
    /// Several alerts since the last message.
    Further,
    /// The rule raises so many alerts that the channel is not told of them for a while.
    Flood,
}

/// A message of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageId {
    /// The channel.
    pub channel: Uuid,
    /// The first of its alerts.
    pub alert: Uuid,
}

/// What a channel was told lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ThreadHistory {
    /// When the last message about the thread was accepted.
    pub sent_at: Option<Timestamp>,
    /// The next attempt of a message about the thread that is not accepted yet.
    pub waits_until: Option<Timestamp>,
    /// Messages about the rule since a time.
    pub messages: u64,
    /// The last notice that the rule raises too many alerts.
    pub flood: Option<Timestamp>,
}

/// Deliveries that have to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deferral {
    /// The channel.
    pub channel: Uuid,
    /// The rule.
    pub rule: String,
    /// The only thread; all of the rule without it.
    pub thread: Option<String>,
    /// Until when.
    pub until: Timestamp,
}

/// A message that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The turn of the evaluator.
    pub turn: u64,
    /// The first alert.
    pub message: MessageId,
    /// What it says.
    pub kind: MessageKind,
    /// The rule.
    pub rule: String,
    /// The only thread; all of the rule without it.
    pub thread: Option<String>,
    /// The time of the attempt.
    pub now: Timestamp,
    /// When it is repeated if no outcome follows.
    pub next_at: Timestamp,
}

/// What has become of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The destination has accepted it.
    Sent,
    /// Some of the recipients have it, and it is not attempted for the others any more.
    SentToSome {
        /// Why they do not have it.
        failure: String,
    },
    /// It is repeated.
    Retried {
        /// When.
        next_at: Timestamp,
        /// Why.
        failure: String,
    },
    /// It is not repeated before a replay.
    Parked {
        /// Why.
        failure: String,
    },
}

/// Which messages of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryQuery {
    /// The channel.
    pub channel: Uuid,
    /// How far they are.
    pub state: Option<DeliveryState>,
    /// How many at most.
    pub limit: u32,
}

/// A message, or a delivery without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The delivery of its first alert.
    pub delivery: Delivery,
    /// How many alerts it has.
    pub alerts: u64,
}

/// Deliveries of a channel that are not sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// The channel.
    pub channel: Uuid,
    /// Those that wait.
    pub waiting: u64,
    /// Those that are parked.
    pub parked: u64,
}
