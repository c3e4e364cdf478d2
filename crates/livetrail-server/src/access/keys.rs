//! API keys. All of them are in memory, and are read again after a change on another node. A key that another node has
//! just made works here at once, because it is looked up if it is not known.

use super::{
    AccessResult, Principal, Refusal,
    issued::{IssuedSecret, SecretKind},
    last_use::LastUse,
    look_ups::{LookUps, Source},
    notes::{Note, Notes},
};
use crate::environment::Environment;
use jiff::Timestamp;
use livetrail_store::{Credential, Store, StoreError};
use livetrail_types::Role;
use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::Mutex;
use uuid::Uuid;

/// For how long after its making a node looks up a key that it does not know. Every node hears of a new key in much
/// less, and clocks may differ. Unknown keys that are older are refused without asking the database.
const NEW_FOR: Duration = Duration::from_mins(2);

/// A new key and its secret, which is shown this once.
pub struct Minted {
    /// The stored part.
    pub credential: Credential,
    /// The holder's secret.
    pub secret: IssuedSecret,
}

/// The properties of a new key.
pub struct NewCredential {
    /// Its name.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// The tenant it is bound to, if it is.
    pub tenant: Option<String>,
    /// When it ends, if it does.
    pub expires_at: Option<Timestamp>,
}

struct Known {
    credential: Credential,
    used: LastUse,
}

impl Known {
    fn new(credential: Credential) -> Self {
        Self { used: LastUse::new(credential.last_used_at), credential }
    }
}

type KnownKeys = HashMap<Uuid, Known>;

pub(super) struct Keys {
    store: Arc<dyn Store>,
    environment: Arc<dyn Environment>,
    notes: Notes,
    look_ups: Arc<LookUps>,
    known: Arc<RwLock<KnownKeys>>,
    /// Readings of the store that have begun, and the number of the last one that was finished.
    readings_begun: AtomicU64,
    last_reading: AtomicU64,
    /// Held by a task that changes keys, so that memory and store change in the same order.
    changing: Arc<Mutex<()>>,
}

impl Keys {
    pub(super) async fn load(
        store: Arc<dyn Store>,
        environment: Arc<dyn Environment>,
        notes: Notes,
        look_ups: Arc<LookUps>,
    ) -> Result<Self, StoreError> {
        let keys = Self {
            store,
            environment,
            notes,
            look_ups,
            known: Arc::default(),
            readings_begun: AtomicU64::default(),
            last_reading: AtomicU64::default(),
            changing: Arc::default(),
        };
        keys.reload().await?;
        Ok(keys)
    }

    /// Reads the keys again.
    pub(super) async fn reload(&self) -> Result<(), StoreError> {
        let _one_at_a_time = self.changing.lock().await;
        self.read().await
    }

    /// Only by a task that holds `changing`.
    async fn read(&self) -> Result<(), StoreError> {
        let reading = self.readings_begun.fetch_add(1, Ordering::Relaxed) + 1;
        let credentials = self.store.credentials().await?;
        let mut found: KnownKeys =
            credentials.into_iter().map(|credential| (credential.id, Known::new(credential))).collect();
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        for (id, key) in &mut found {
            // A use that is being written must not be written again.
            if let Some(used) = known.remove(id).map(|before| before.used)
                && used.at() > key.used.at()
            {
                key.used = used;
            }
        }
        *known = found;
        self.last_reading.store(reading, Ordering::Relaxed);
        Ok(())
    }

    /// The holder of a key that was shown from an address.
    pub(super) async fn holder(&self, secret: &IssuedSecret, from: Source) -> AccessResult<Principal> {
        let now = self.environment.now();
        if self.is_alive(secret.id).is_none() && may_be_new(secret.id, now) {
            let _turn = self.look_ups.turn(from).await?;
            self.read_unless_known(secret.id).await?;
        }
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let key = known.get(&secret.id).filter(|key| secret.has_hash(key.credential.secret));
        let key = key.filter(|key| is_alive(&key.credential, now)).ok_or(Refusal::InvalidToken)?;
        if key.used.is_due(now) {
            self.notes.leave(Note::Key(secret.id, now));
        }
        Ok(Principal::of_key(&key.credential))
    }

    /// Whether a key still opens anything. One that is not known may be new, made on another node a moment ago.
    pub(super) async fn stands(&self, id: Uuid) -> Result<bool, StoreError> {
        self.read_unless_known(id).await?;
        Ok(self.is_alive(id).unwrap_or(false))
    }

    /// Reads the keys again if this one is not known.
    async fn read_unless_known(&self, id: Uuid) -> Result<(), StoreError> {
        if self.is_alive(id).is_some() {
            return Ok(());
        }
        let begun = self.readings_begun.load(Ordering::Relaxed);
        let _one_at_a_time = self.changing.lock().await;
        // Of many callers that wait for the same answer, one reads: all streams of a revoked key ask at once. A read
        // that began before this call does not answer it.
        if self.last_reading.load(Ordering::Relaxed) <= begun {
            self.read().await?;
        }
        Ok(())
    }

    fn is_alive(&self, id: Uuid) -> Option<bool> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&id).map(|key| is_alive(&key.credential, self.environment.now()))
    }

    pub(super) async fn create(&self, by: &Principal, wanted: NewCredential) -> Result<Minted, StoreError> {
        let secret =
            IssuedSecret::new(SecretKind::Key, self.environment.fresh_id(), self.environment.random());
        let credential = Credential {
            id: secret.id,
            name: wanted.name,
            role: wanted.role,
            tenant: wanted.tenant,
            secret: secret.hash(),
            created_by: Some(by.user_id.clone()),
            created_at: self.environment.now(),
            last_used_at: None,
            expires_at: wanted.expires_at,
        };
        let _one_at_a_time = self.changing.lock().await;
        self.store.put_credential(credential.clone()).await?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(credential.id, Known::new(credential.clone()));
        Ok(Minted { credential, secret })
    }

    /// Every key that is known here, oldest first.
    pub(super) fn all(&self) -> Vec<Credential> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let used = |key: &Known| Credential { last_used_at: key.used.at(), ..key.credential.clone() };
        let mut keys: Vec<Credential> = known.values().map(used).collect();
        keys.sort_by_key(|credential| (credential.created_at, credential.id));
        keys
    }

    /// Every key, oldest first, and when each was last used on any node.
    pub(super) async fn list(&self) -> Result<Vec<Credential>, StoreError> {
        let mut keys = self.store.credentials().await?;
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        for key in &mut keys {
            let used_here = known.get(&key.id).and_then(|known| known.used.at());
            key.last_used_at = key.last_used_at.max(used_here);
        }
        Ok(keys)
    }

    /// Ends a key at once; whether there was one.
    pub(super) async fn revoke(&self, id: Uuid) -> Result<bool, StoreError> {
        let _one_at_a_time = self.changing.lock().await;
        let was_there = self.store.remove_credential(id).await?;
        self.known.write().unwrap_or_else(PoisonError::into_inner).remove(&id);
        Ok(was_there)
    }
}

/// Whether a key that is not known may have been made on another node a moment ago, by the time in its id.
fn may_be_new(id: Uuid, now: Timestamp) -> bool {
    let made_at = id.get_timestamp().and_then(|at| i64::try_from(at.to_unix().0).ok());
    made_at.is_some_and(|made_at| now.as_second().abs_diff(made_at) <= NEW_FOR.as_secs())
}

fn is_alive(credential: &Credential, now: Timestamp) -> bool {
    credential.expires_at.is_none_or(|end| end > now)
}
