//! Erases a user from alerts.
//!
//! Livetrail's own activities about the alerts are erased first, while the alerts still tell which these are, and the
//! user's activities last, because they tell whose the addresses of alerts are. The evaluator goes on meanwhile, with
//! activities in memory that are not erased yet. So after everything else, it begins anew, and what it has kept until
//! then is looked through again. After that it reads erased activities only.

use super::{PIECE, Result, Run};
use crate::alerts::{self, Leaving};
use livetrail_store::{Aged, Alert, AlertMark, StoreError};
use livetrail_types::actions;
use std::collections::{BTreeSet, HashMap};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// Alerts that are read or written together.
const PAGE: u32 = 200;

/// The alerts of a user, as they are looked through in the order of their changes.
#[derive(Default)]
pub(super) struct Alerts {
    /// Everything up to this change was looked through.
    mark: AlertMark,
    /// The names of the user by tenant. The directory does not have them any more when it is looked through again.
    names: HashMap<Option<String>, Vec<String>>,
    /// The alerts about the user.
    about: BTreeSet<Uuid>,
    /// Others, in whose decisions the user is named.
    named: BTreeSet<Uuid>,
    /// The position of the first of them.
    first: Option<u64>,
    /// What is left of them. They are not written yet.
    left: Vec<(AlertMark, Alert)>,
}

impl Alerts {
    /// Begins again. What was found before stays known.
    pub(super) fn again(&mut self) {
        (self.mark, self.left) = (AlertMark::default(), Vec::new());
    }

    /// How many alerts have something of the user.
    pub(super) fn count(&self) -> u64 {
        self.about.union(&self.named).count() as u64
    }

    /// The position before the first of them. Activities about alerts come later.
    pub(super) fn before_first(&self) -> u64 {
        self.first.map_or(0, |first| first.saturating_sub(1))
    }
}

impl Run<'_> {
    /// Looks for alerts about the user among those that have changed since this was done last. `acts` has the positions
    /// at which the user acts, in order.
    pub(super) async fn look_at_alerts(&self, alerts: &mut Alerts, acts: &[u64]) -> Result<()> {
        loop {
            let changed = self.app.store.changed_alerts(alerts.mark, PAGE).await?;
            let Some((last, _)) = changed.last() else { return Ok(()) };
            alerts.mark = *last;
            for (mark, alert) in changed {
                if !alerts.names.contains_key(&alert.tenant) {
                    let names = self.names_in(alert.tenant.clone()).await?;
                    alerts.names.insert(alert.tenant.clone(), names);
                }
                let names = alerts.names.get(&alert.tenant).map_or(&[][..], Vec::as_slice);
                if let Some(left) = (Leaving { person: &self.person, names, acts }).of(&alert) {
                    let is_about = left.content != alert.content;
                    if is_about {
                        alerts.about.insert(alert.id)
                    } else {
                        alerts.named.insert(alert.id)
                    };
                    alerts.first =
                        Some(alerts.first.map_or(alert.position, |first| first.min(alert.position)));
                    alerts.left.push((mark, left));
                }
            }
        }
    }

    async fn names_in(&self, tenant: Option<String>) -> Result<Vec<String>> {
        let found = self.app.store.profiles(tenant, vec![self.person.user_id.clone()]).await?;
        let names = found.into_iter().flat_map(|profile| [profile.email, profile.display_name]);
        Ok(names.flatten().filter(|name| !name.is_empty()).collect())
    }

    /// Writes what is left of the alerts that were found. False if the holds are others now. Alerts that have changed
    /// meanwhile are found again.
    pub(super) async fn erase_from_alerts(&self, alerts: &mut Alerts, holds: u64) -> Result<bool> {
        let left = std::mem::take(&mut alerts.left);
        for piece in left.chunks(PAGE as usize) {
            let begun = Instant::now();
            if self.app.store.erase_from_alerts(piece.to_vec(), holds).await?.is_none() {
                return Ok(false);
            }
            sleep(begun.elapsed().min(super::MAX_REST)).await;
        }
        Ok(true)
    }

    /// Has the evaluator begin anew, and erases what it has kept since alerts were looked at. `head` is the last
    /// position that the erasure has looked at.
    pub(super) async fn finish_alerts(&self, alerts: &mut Alerts, acts: &[u64], head: u64) -> Result<()> {
        for _ in 0..super::MAX_ROUNDS {
            let holds = self.app.store.holds().await?.version;
            if self.app.store.erase_from_alerts(Vec::new(), holds).await?.is_none() {
                continue;
            }
            self.look_at_alerts(alerts, acts).await?;
            if self.erase_from_alerts(alerts, holds).await? && self.erase_records(alerts, head, holds).await?
            {
                return Ok(());
            }
            alerts.mark = AlertMark::default();
        }
        Err(StoreError::Unavailable("holds keep changing".into()).into())
    }

    /// Erases Livetrail's activities about the alerts that came after a position. An activity about an alert that has
    /// none yet is written now, without the user. What a node is just writing about it is then a duplicate, or is here
    /// already.
    async fn erase_records(&self, alerts: &Alerts, head: u64, holds: u64) -> Result<bool> {
        if alerts.count() == 0 {
            return Ok(true);
        }
        alerts::record_raised(self.app).await?;
        let now = self.app.store.head().await?.head;
        let found = self.records(alerts, (head, now)).await?;
        for piece in found.iter().map(|aged| aged.position).collect::<Vec<_>>().chunks(PIECE) {
            if self.app.store.erase(self.person.clone(), piece.to_vec(), holds).await?.is_none() {
                return Ok(false);
            }
        }
        self.app.hub.forget_past();
        Ok(true)
    }

    /// Livetrail's activities about the alerts, after a position and up to another. That an alert was raised says
    /// nothing of a user whom only a decision names.
    pub(super) async fn records(&self, alerts: &Alerts, range: (u64, u64)) -> Result<Vec<Aged>> {
        let mut found = self.records_of(&alerts.about, range).await?;
        let decided = self.records_of(&alerts.named, range).await?;
        found.extend(decided.into_iter().filter(|aged| aged.action_type != actions::ALERT_RAISED));
        Ok(found)
    }

    async fn records_of(&self, alerts: &BTreeSet<Uuid>, (mut after, up_to): (u64, u64)) -> Result<Vec<Aged>> {
        let mut found = Vec::new();
        while after < up_to && !alerts.is_empty() {
            let end = up_to.min(after + super::SPAN);
            let ids = alerts.iter().copied().collect();
            found.extend(self.app.store.about_alerts(ids, after, end).await?);
            after = end;
        }
        Ok(found)
    }
}
