//! Erases the personal data of one user: from activities, from the directory, and from what this node has at hand.
//!
//! First the whole log is looked through, and a legal hold that means one of the activities stops the erasure before it
//! begins. Then activities are erased in small commits. After each, the erasure rests for as long as the commit took,
//! for a second at most, so that activities are stored meanwhile. An erasure that was interrupted is finished by the
//! same request again, because erased activities are not found any more.

mod alerts;

use crate::{
    access::Principal,
    app::App,
    self_audit::{Origin, Target},
};
use alerts::Alerts;
use livetrail_store::{Aged, Hold, Holds, Person, SessionScope, StoreError};
use livetrail_types::actions;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Mutex,
    time::{Instant, sleep},
};
use tracing::Instrument;
use utoipa::ToSchema;

/// Positions that are looked at together.
const SPAN: u64 = 20_000;
/// Activities of one commit.
const PIECE: usize = 500;
/// How often the log is looked through, if holds change meanwhile.
const MAX_ROUNDS: usize = 20;
/// The longest rest after a commit.
const MAX_REST: Duration = Duration::from_secs(1);
/// Names the pseudonyms among what is hashed with the same key.
const CONTEXT: &str = "livetrail pseudonym of an erased user";

/// One erasure at a time.
#[derive(Default)]
pub(crate) struct Erasures(Mutex<()>);

/// What was erased, or what would be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct ErasureInfo {
    /// Whether nothing was erased.
    pub(crate) dry_run: bool,
    /// What stands in place of the user's id.
    pub(crate) pseudonym: String,
    /// Activities that named the user as the user, the target or the delegate, and Livetrail's own activities about
    /// `alerts`.
    pub(crate) activities: u64,
    /// Alerts about the user, and those in whose decisions the user was named.
    #[serde(default)]
    pub(crate) alerts: u64,
    /// Whether the directory had a profile. A dry run does not look.
    pub(crate) profile: bool,
    /// Saved views of the user that were removed, and shared ones that do not name the user any more. A dry run does
    /// not look.
    #[serde(default)]
    pub(crate) views: u64,
    /// Sessions that were ended.
    pub(crate) sessions: u64,
    /// Whether nothing is left in unused parts of the database file. If not, `VACUUM` removes the rest.
    pub(crate) is_purged: bool,
}

/// Why nothing was erased.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("an erasure is under way; wait for its end")]
    Busy,
    #[error("the user is an admin: remove them with `livetrail admin remove` first")]
    Admin,
    #[error("{0}")]
    Held(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Result<T, E = Refused> = std::result::Result<T, E>;

/// The user whose data are to be erased.
pub(crate) struct Wanted {
    pub(crate) user_id: String,
    pub(crate) tenant: Option<String>,
    pub(crate) dry_run: bool,
}

/// Erases, also if the client that waits for it is gone before the end.
///
/// # Errors
/// [`Refused`].
pub(crate) async fn erase(app: &Arc<App>, wanted: Wanted, by: (Principal, Origin)) -> Result<ErasureInfo> {
    let app = Arc::clone(app);
    let erasing = async move {
        let run = Run { app: &app, person: person(&app, &wanted) };
        if wanted.dry_run {
            return run.count().await;
        }
        let _alone = app.erasures.0.try_lock().map_err(|_| Refused::Busy)?;
        run.erase(&by.0, &by.1).await
    };
    tokio::spawn(erasing.in_current_span()).await.map_err(|error| StoreError::Internal(error.to_string()))?
}

/// The pseudonym is the same for each erasure of a user, so that the number of users does not change. It is made with a
/// secret of the log, so that an id cannot be tested against it without that secret. Anonymous users stay anonymous.
fn person(app: &App, wanted: &Wanted) -> Person {
    let key = blake3::derive_key(CONTEXT, app.ingest.session_key());
    let hash = blake3::keyed_hash(&key, wanted.user_id.as_bytes()).to_hex();
    let anonymous = if wanted.user_id.starts_with("anon-") { "anon-" } else { "" };
    Person {
        user_id: wanted.user_id.clone(),
        tenant: wanted.tenant.clone(),
        pseudonym: format!("{anonymous}erased-{}", &hash[..16]),
    }
}

struct Run<'a> {
    app: &'a App,
    person: Person,
}

/// The activities about a person.
#[derive(Default)]
struct Found {
    positions: Vec<u64>,
    /// Those of them in which the person acts.
    acts: Vec<u64>,
    /// The positions of Livetrail's own activities about alerts about the person.
    records: Vec<u64>,
    /// How many of them a legal hold keeps, and the first such hold.
    held: u64,
    hold: Option<Hold>,
}

impl Run<'_> {
    async fn count(&self) -> Result<ErasureInfo> {
        let mut alerts = Alerts::default();
        let (found, _) = self.look(self.app.store.head().await?.head, &mut alerts).await?;
        found.check()?;
        let (activities, alerts) = (found.count(), alerts.count());
        Ok(ErasureInfo { dry_run: true, activities, alerts, ..self.nothing() })
    }

    fn nothing(&self) -> ErasureInfo {
        ErasureInfo { pseudonym: self.person.pseudonym.clone(), ..ErasureInfo::default() }
    }

    async fn erase(&self, by: &Principal, origin: &Origin) -> Result<ErasureInfo> {
        let Person { user_id, tenant, .. } = self.person.clone();
        let store = &self.app.store;
        if store.is_admin(user_id.clone(), tenant.clone()).await?
            || (tenant.is_none() && store.is_admin_of_a_tenant(user_id).await?)
        {
            return Err(Refused::Admin);
        }
        let mut info = self.nothing();
        let done = self.erase_everything(&mut info).await;
        // What was erased before a failure is recorded, too.
        if done.is_ok() || info.activities > 0 {
            let target = Target { user_id: Some(self.person.pseudonym.clone()), resource_id: None };
            let details = json!({"erasure": info, "tenant_id": self.person.tenant});
            let status = if done.is_ok() { 200 } else { 503 };
            self.app.self_audit.did(by, actions::BULK_ACTION_PERFORMED, origin, status, target, details);
        }
        done.map(|()| info)
    }

    async fn erase_everything(&self, info: &mut ErasureInfo) -> Result<()> {
        let Person { user_id, tenant, .. } = self.person.clone();
        let (mut alerts, head) = (Alerts::default(), self.app.store.head().await?.head);
        let found = self.erase_activities(info, &mut alerts, head).await?;
        info.sessions = self.app.access.end_sessions(SessionScope::OfUser { user_id, tenant }).await?.count;
        info.views = self.app.store.erase_views(self.person.clone()).await?;
        self.app.hub.forget_past();
        self.finish_alerts(&mut alerts, &found.acts, head).await?;
        info.alerts = alerts.count();
        self.app.questions.forget_erased().await?;
        info.is_purged = self.app.store.purge().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "unused parts of the database may still contain erased texts");
            false
        });
        Ok(())
    }

    /// Erases what the log has up to the position `head`: later activities are stored as usual. Holds may change
    /// meanwhile, so that the log is looked through again.
    async fn erase_activities(
        &self,
        info: &mut ErasureInfo,
        alerts: &mut Alerts,
        head: u64,
    ) -> Result<Found> {
        for _ in 0..MAX_ROUNDS {
            let (found, holds) = self.look(head, alerts).await?;
            found.check()?;
            if !self.erase_found(&found.records, &holds, &mut info.activities).await?
                || !self.erase_from_alerts(alerts, holds.version).await?
            {
                continue;
            }
            // Before activities, since their erasure has other nodes forget the names that they have at hand.
            info.profile |= self.app.directory.erase(self.person.clone()).await?;
            if self.erase_found(&found.positions, &holds, &mut info.activities).await? {
                return Ok(found);
            }
        }
        Err(StoreError::Unavailable("holds keep changing".into()).into())
    }

    /// Whether all were erased; false if the holds are others now.
    async fn erase_found(&self, positions: &[u64], holds: &Holds, erased: &mut u64) -> Result<bool> {
        for piece in positions.chunks(PIECE) {
            let begun = Instant::now();
            let done = self.app.store.erase(self.person.clone(), piece.to_vec(), holds.version).await?;
            let Some(count) = done else { return Ok(false) };
            *erased += count;
            sleep(begun.elapsed().min(MAX_REST)).await;
        }
        Ok(true)
    }

    /// The activities about the person up to and with the position `head`, the alerts, and the holds.
    async fn look(&self, head: u64, alerts: &mut Alerts) -> Result<(Found, Holds)> {
        let holds = self.app.store.holds().await?;
        let (mut after, mut found) = (self.app.store.head().await?.floor, Found::default());
        while after < head {
            let up_to = head.min(after + SPAN);
            for aged in self.app.store.about(self.person.clone(), after, up_to).await? {
                found.add(&aged, &self.person.user_id);
                found.hold(&aged, &holds);
            }
            after = up_to;
        }
        alerts.again();
        self.look_at_alerts(alerts, &found.acts).await?;
        for aged in self.records(alerts, (alerts.before_first(), head)).await? {
            found.records.push(aged.position);
            found.hold(&aged, &holds);
        }
        Ok((found, holds))
    }
}

impl Found {
    fn add(&mut self, aged: &Aged, user_id: &str) {
        self.positions.push(aged.position);
        if aged.user_id == user_id || aged.delegate_id.as_deref() == Some(user_id) {
            self.acts.push(aged.position);
        }
    }

    /// Notes a hold that keeps an activity.
    fn hold(&mut self, aged: &Aged, holds: &Holds) {
        if let Some(hold) = holds.holds.iter().find(|hold| hold.means(aged)) {
            self.held += 1;
            self.hold.get_or_insert_with(|| hold.clone());
        }
    }

    fn count(&self) -> u64 {
        (self.positions.len() + self.records.len()) as u64
    }

    /// Refuses if a hold means one of the activities.
    fn check(&self) -> Result<()> {
        let Some(hold) = &self.hold else { return Ok(()) };
        Err(Refused::Held(format!(
            "a legal hold keeps {} of the {} activities of this user ({}: {}); nothing more is erased until it is \
             released with `livetrail retention release`",
            self.held,
            self.count(),
            hold.id,
            hold.reason,
        )))
    }
}
