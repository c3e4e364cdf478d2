//! Tells live streams of new alerts, and of those that have changed.
//!
//! Every node reads the changes from the database, whichever node has made them. So a client gets the same frames from
//! each.

use super::{AlertInfo, rules};
use crate::{
    app::App,
    hub::{self, Announcement},
};
use livetrail_store::{Alert, AlertMark, AlertRule, Decision, StoreError};
use livetrail_types::json;
use serde_json::json;
use std::{
    collections::HashMap,
    sync::{Arc, Weak},
    time::Duration,
};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// How often the database is asked for changes.
const PAUSE: Duration = Duration::from_millis(250);
/// An alert that goes on is told of so often.
const CONTINUED: Duration = Duration::from_secs(5);
/// Changes that are read at a time. More of them wait in the database.
const AT_ONCE: u32 = 100;

/// Tells of the alerts that change from now on, as long as the server runs.
pub(crate) async fn announce(app: Weak<App>) {
    let mut feed = Feed::default();
    let Some(mut kept) = app.upgrade().map(|app| app.alerts.follow()) else { return };
    loop {
        let Some(app) = app.upgrade() else { return };
        let stopping = app.stopping.clone();
        tokio::select! {
            done = feed.go_on(&app) => if let Err(error) = done {
                tracing::debug!(%error, "changes of alerts cannot be read now");
            },
            () = stopping.cancelled() => return,
        }
        drop(app);
        tokio::select! {
            () = sleep(PAUSE) => {}
            // On the node that evaluates, nobody waits for the end of the pause.
            _ = kept.recv() => {}
            () = stopping.cancelled() => return,
        }
    }
}

/// How far the changes were read.
#[derive(Default)]
struct Feed {
    mark: Option<AlertMark>,
    recent: Recent,
}

impl Feed {
    async fn go_on(&mut self, app: &Arc<App>) -> Result<(), StoreError> {
        let Some(mark) = self.mark else {
            self.mark = Some(app.store.last_alert_change().await?);
            return Ok(());
        };
        let changed = app.store.changed_alerts(mark, AT_ONCE).await?;
        if changed.is_empty() && self.recent.is_empty() {
            return Ok(());
        }
        let rules = app.store.alert_rules().await?.rules;
        self.mark = Some(changed.last().map_or(mark, |(last, _)| *last));
        let due = self.recent.due(changed.into_iter().map(|(_, alert)| alert), Instant::now());
        if !due.is_empty() && app.hub.clients() > 0 {
            app.hub.announce(announcement(app, due, rules));
        }
        Ok(())
    }
}

fn announcement(app: &App, alerts: Vec<Alert>, rules: Vec<AlertRule>) -> Announcement {
    let (known, _) = rules::known(rules, &app.filter_context());
    let now = app.environment.now();
    let messages = alerts.into_iter().map(|alert| {
        let info = AlertInfo::of(alert, &known, now);
        let text = json::to_string(&hub::message("alert", json!({"data": info})));
        (info.tenant_id, text)
    });
    Announcement::of(messages)
}

/// The alerts that were told of lately. There are at most as many as change within [`CONTINUED`].
#[derive(Default)]
struct Recent(HashMap<Uuid, Told>);

struct Told {
    at: Instant,
    decision: Decision,
    /// The alert as it has become since.
    later: Option<Alert>,
}

impl Recent {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The alerts that are to be told of now: new ones, those with a new decision, and those that go on and were not
    /// told of for a while.
    fn due(&mut self, changed: impl IntoIterator<Item = Alert>, now: Instant) -> Vec<Alert> {
        let mut due = Vec::new();
        for alert in changed {
            match self.0.get_mut(&alert.id) {
                Some(told) if told.decision == alert.decision => told.later = Some(alert),
                _ => {
                    self.0.remove(&alert.id);
                    due.push(alert);
                }
            }
        }
        self.0.retain(|_, told| {
            if now.duration_since(told.at) < CONTINUED {
                return true;
            }
            due.extend(told.later.take());
            false
        });
        for alert in &due {
            let told = Told { at: now, decision: alert.decision.clone(), later: None };
            self.0.insert(alert.id, told);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use livetrail_store::AlertState;
    use livetrail_types::Severity;

    fn alert(id: u128, content: &str) -> Alert {
        Alert {
            id: Uuid::from_u128(id),
            rule: "r".into(),
            rule_version: "1".into(),
            title: "R".into(),
            severity: Severity::Info,
            tenant: None,
            group: String::new(),
            position: 1,
            raised_at: Timestamp::UNIX_EPOCH,
            first_at: Timestamp::UNIX_EPOCH,
            last_at: Timestamp::UNIX_EPOCH,
            open_ended: false,
            content: content.into(),
            decision: Decision::default(),
        }
    }

    #[test]
    fn an_alert_that_goes_on_is_told_of_every_few_seconds_and_a_decision_at_once() {
        let (mut recent, begin) = (Recent::default(), Instant::now());
        let mut told = |changed: Vec<Alert>, milliseconds| -> Vec<String> {
            let due = recent.due(changed, begin + Duration::from_millis(milliseconds));
            due.into_iter().map(|alert| alert.content).collect()
        };
        assert_eq!(told(vec![alert(1, "a"), alert(2, "b")], 0), ["a", "b"]);
        assert_eq!(told(vec![alert(1, "a2")], 100), [""; 0]);
        assert_eq!(told(vec![alert(1, "a3")], 4_999), [""; 0]);
        let resolved = Decision { state: AlertState::Resolved, ..Decision::default() };
        assert_eq!(told(vec![Alert { decision: resolved, ..alert(2, "b2") }], 4_999), ["b2"]);
        assert_eq!(told(Vec::new(), 5_000), ["a3"]);
        assert_eq!(told(vec![alert(1, "a4")], 5_100), [""; 0]);
        assert_eq!(told(Vec::new(), 10_000), ["a4"]);
        assert_eq!(told(Vec::new(), 15_000), [""; 0]);
        assert!(recent.is_empty(), "it forgets");
    }
}
