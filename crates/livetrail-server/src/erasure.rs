//! Erases the personal data of one user: from activities, from the directory, and from what this node has at hand.
//!
//! First the whole log is looked through, and a legal hold that means one of the activities stops the erasure before it begins. Then
//! activities are erased in small commits. After each, the erasure rests for as long as the commit took, so that activities are
//! stored meanwhile. An erasure that was interrupted is finished by the same request again: what was erased is not found any more.

use crate::{
    access::Principal,
    app::App,
    self_audit::{Origin, Target},
};
use livetrail_store::{Aged, Hold, Holds, Person, SessionScope, StoreError};
use livetrail_types::actions;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Mutex,
    time::{Instant, sleep},
};
use utoipa::ToSchema;

/// Positions that are looked at together.
const SPAN: u64 = 20_000;
/// Activities of one commit.
const PIECE: usize = 500;
/// How often the log is looked through until nothing is found.
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
    /// Activities that named the user as the user, the target or the delegate.
    pub(crate) activities: u64,
    /// Whether the directory had a profile. A dry run does not look.
    pub(crate) profile: bool,
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
    let erasing = tokio::spawn(async move {
        let run = Run { app: &app, person: person(&app, &wanted) };
        if wanted.dry_run {
            return run.count().await;
        }
        let _alone = app.erasures.0.try_lock().map_err(|_| Refused::Busy)?;
        run.erase(&by.0, &by.1).await
    });
    erasing.await.map_err(|error| StoreError::Internal(error.to_string()))?
}

/// The pseudonym is the same for each erasure of a user, so that the number of users does not change. It is made with a secret
/// of the log, so that an id cannot be tested against it without that secret. Anonymous users stay anonymous.
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

impl Run<'_> {
    async fn count(&self) -> Result<ErasureInfo> {
        let (found, holds) = self.look().await?;
        check_holds(&found, &holds)?;
        Ok(ErasureInfo { dry_run: true, activities: found.len() as u64, ..self.nothing() })
    }

    fn nothing(&self) -> ErasureInfo {
        ErasureInfo { pseudonym: self.person.pseudonym.clone(), ..ErasureInfo::default() }
    }

    async fn erase(&self, by: &Principal, origin: &Origin) -> Result<ErasureInfo> {
        let Person { user_id, tenant, .. } = self.person.clone();
        if self.app.store.is_admin(user_id.clone(), tenant.clone()).await? {
            return Err(Refused::Admin);
        }
        let activities = self.erase_activities().await?;
        let profile = self.app.directory.erase(self.person.clone()).await?;
        let ended = self.app.access.end_sessions(SessionScope::OfUser { user_id, tenant }).await?;
        self.app.hub.forget_past();
        let is_purged = self.app.store.purge().await?;
        self.app.questions.forget_erased().await?;
        let sessions = ended.count;
        let info = ErasureInfo { activities, profile, sessions, is_purged, ..self.nothing() };
        let target = Target { user_id: Some(self.person.pseudonym.clone()), resource_id: None };
        let details = json!({"erasure": info, "tenant_id": self.person.tenant});
        self.app.self_audit.did(by, actions::BULK_ACTION_PERFORMED, origin, 200, target, details);
        Ok(info)
    }

    /// Erases until nothing is found any more: activities may arrive and holds may change meanwhile.
    async fn erase_activities(&self) -> Result<u64> {
        let mut erased = 0;
        for _ in 0..MAX_ROUNDS {
            let (found, holds) = self.look().await?;
            check_holds(&found, &holds)?;
            if found.is_empty() {
                return Ok(erased);
            }
            for piece in found.chunks(PIECE) {
                let (begun, positions) = (Instant::now(), piece.iter().map(|aged| aged.position).collect());
                let done = self.app.store.erase(self.person.clone(), positions, holds.version).await?;
                let Some(count) = done else { break };
                erased += count;
                sleep(begun.elapsed().min(MAX_REST)).await;
            }
        }
        Err(StoreError::Unavailable("activities of the user keep arriving, or holds keep changing".into())
            .into())
    }

    /// The activities about the person, and the holds.
    async fn look(&self) -> Result<(Vec<Aged>, Holds)> {
        let holds = self.app.store.holds().await?;
        let bounds = self.app.store.head().await?;
        let (mut after, mut found) = (bounds.floor, Vec::new());
        while after < bounds.head {
            let up_to = bounds.head.min(after + SPAN);
            found.extend(self.app.store.about(self.person.clone(), after, up_to).await?);
            after = up_to;
        }
        Ok((found, holds))
    }
}

/// Refuses if a hold means one of the activities.
fn check_holds(found: &[Aged], holds: &Holds) -> Result<()> {
    let means = |hold: &&Hold| found.iter().any(|aged| hold.means(aged));
    let held: Vec<&Hold> = holds.holds.iter().filter(means).collect();
    let Some(first) = held.first() else { return Ok(()) };
    let count = found.iter().filter(|aged| held.iter().any(|hold| hold.means(aged))).count();
    Err(Refused::Held(format!(
        "a legal hold keeps {count} of the {} activities of this user ({}: {}); nothing more is erased until it is released with \
         `livetrail retention release`",
        found.len(),
        first.id,
        first.reason,
    )))
}
