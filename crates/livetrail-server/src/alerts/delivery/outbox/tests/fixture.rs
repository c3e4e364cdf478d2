//! A server's parts with a clock that is moved, and alerts as an evaluator finds them.

use crate::{
    alerts::delivery::{
        Destination, SealedDestination, WebhookSecret,
        outbox::{self, Delivering},
    },
    app::App,
    config::RawConfig,
    environment::{Environment, Manual},
    until::until,
};
use jiff::SignedDuration;
use livetrail_store::{
    Advanced, Alert, AlertChannel, Backlog, Decision, DeliveryQuery, DeliveryState, PostgresOptions,
    PostgresStore, Progress, Sent, SqliteStore, Store, Turn,
};
use livetrail_types::{Epoch, Severity};
use std::{sync::Arc, time::Duration};
use tempfile::TempDir;
use uuid::Uuid;

pub(super) const TURN: Duration = Duration::from_secs(3_600);

/// The parts of a server that is not on the network, and that is told of alerts as an evaluator finds them.
pub(super) struct Fixture {
    pub(super) app: Arc<App>,
    pub(super) environment: Arc<Manual>,
    pub(super) turn: Turn,
    _folder: TempDir,
    _database: Option<private_postgres::Database>,
}

impl Fixture {
    pub(super) async fn over(database: Option<private_postgres::Database>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store: Arc<dyn Store> = match &database {
            None => Arc::new(SqliteStore::open(folder.path(), Epoch(1)).expect("a store")),
            Some(database) => {
                let address = database.url().parse().expect("an address");
                let opening = PostgresStore::open(address, PostgresOptions::default(), Epoch(1));
                Arc::new(opening.await.expect("a store"))
            }
        };
        let raw = RawConfig { data_dir: Some(folder.path().to_owned()), ..RawConfig::default() };
        let mut config = raw.resolve(None).expect("a configuration");
        config.alerts_allow_addresses = vec!["127.0.0.0/8".parse().expect("a network")];
        let environment = Arc::new(Manual::new());
        let app = App::start(&config, store, Arc::clone(&environment) as _, "http://localhost".into());
        let app = app.await.expect("an app");
        let turn = app.store.take_turn(Uuid::from_u128(1), TURN).await.expect("an answer").expect("a turn");
        Self { app, environment, turn, _folder: folder, _database: database }
    }

    pub(super) async fn new() -> Self {
        Self::over(None).await
    }

    /// A channel with a webhook.
    pub(super) async fn channel(&self, number: u128, url: &str) -> Uuid {
        self.channel_with(number, url, |channel| channel).await
    }

    pub(super) async fn channel_with(
        &self,
        number: u128,
        url: &str,
        change: impl FnOnce(AlertChannel) -> AlertChannel,
    ) -> Uuid {
        let id = Uuid::from_u128(number);
        let secrets = vec![WebhookSecret::fresh(&*self.environment)];
        let destination = SealedDestination::from(Destination::Webhook { url: url.into(), secrets });
        let channel = AlertChannel {
            id,
            name: format!("channel {number}"),
            kind: "webhook".into(),
            destination: self.app.delivery.seal.seal(id, &destination).expect("a text"),
            tenant: None,
            severity: Severity::Info,
            rules: Vec::new(),
            cooldown: Duration::from_secs(3_600),
            enabled: true,
            created_by: None,
            created_at: self.environment.now(),
            last_success: None,
            last_failure: None,
            failure: None,
            failing_since: None,
        };
        self.app.store.put_alert_channel(change(channel)).await.expect("a change");
        id
    }

    /// Raises an alert about a user, as the evaluator does.
    pub(super) async fn raise(&self, number: u128, user: &str) {
        self.raise_like(alert(number, user, &self.environment)).await;
    }

    pub(super) async fn raise_like(&self, alert: Alert) {
        let raised = [alert.id];
        let deliveries =
            outbox::deliveries(&self.app, std::slice::from_ref(&alert), &raised).await.expect("channels");
        let Turn { number: turn, rules, .. } = self.turn;
        let progress =
            Progress { turn, rules, position: 1, alerts: vec![alert], deliveries, ..Progress::default() };
        assert_eq!(self.app.store.advance(progress).await.expect("an answer"), Advanced::Kept);
        self.app.delivery.changed.notify_one();
    }

    pub(super) fn deliver(&self) -> Delivering {
        Delivering::begin(&self.app, self.turn.number)
    }

    /// Moves the clock, and has the outbox looked at.
    pub(super) fn wait(&self, minutes: i64) {
        self.environment.advance(SignedDuration::from_mins(minutes));
        self.app.delivery.changed.notify_one();
    }

    pub(super) async fn sent(&self, channel: Uuid) -> Vec<Sent> {
        let query = DeliveryQuery { channel, state: None, limit: 200 };
        self.app.store.deliveries(query).await.expect("deliveries")
    }

    pub(super) async fn until_state(&self, channel: Uuid, state: DeliveryState, count: usize) {
        let is_so = |sent: &&Sent| sent.delivery.state == state;
        until(async || self.sent(channel).await.iter().filter(is_so).count() == count).await;
    }

    /// Waits until an attempt has failed at this time, so that the clock may be moved.
    pub(super) async fn until_failed(&self, channel: Uuid) {
        until(async || self.kept(channel).await.last_failure == Some(self.environment.now())).await;
    }

    pub(super) async fn kept(&self, id: Uuid) -> AlertChannel {
        let channels = self.app.store.alert_channels().await.expect("channels");
        channels.into_iter().find(|channel| channel.id == id).expect("a channel")
    }

    pub(super) async fn backlog(&self, channel: Uuid) -> Backlog {
        let backlog = self.app.store.backlog().await.expect("counts");
        backlog.into_iter().find(|left| left.channel == channel).unwrap_or_default()
    }
}

pub(super) fn alert(number: u128, user: &str, environment: &Manual) -> Alert {
    let now = environment.now();
    Alert {
        id: Uuid::from_u128(0xa1e7_0000 + number),
        rule: "failed-sign-ins".into(),
        rule_version: "1".into(),
        title: "Failed sign-ins".into(),
        severity: Severity::Warning,
        tenant: None,
        group: format!("{{\"user_id\":\"{user}\"}}"),
        position: 1,
        raised_at: now,
        first_at: now,
        last_at: now,
        open_ended: false,
        content: "{}".into(),
        decision: Decision::default(),
    }
}

/// The key of the message that has an alert as its first one.
pub(super) fn key(number: u128, kind: &str) -> String {
    format!("{}-{kind}", Uuid::from_u128(0xa1e7_0000 + number))
}
