//! Sessions: rows of the store, so that they can be listed and ended.
//!
//! A node caches the sessions that it has looked up. When a session ends anywhere, every node empties its cache and
//! looks sessions up again. So a new session needs no notification, and an ended one opens nothing on any node.

use super::{
    AccessResult, Principal, Refusal, SESSION_LIFE,
    issued::{IssuedSecret, SecretKind},
    last_use::LastUse,
    look_ups::{LookUps, Source},
    notes::{Note, Notes},
};
use crate::environment::Environment;
use livetrail_store::{Ended, Grant, Session, SessionPage, SessionQuery, SessionScope, Store, StoreError};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, PoisonError, RwLock},
};
use uuid::Uuid;

/// Sessions in the cache. Beyond this it is emptied: a look-up is cheap.
const MAX_KNOWN: usize = 10_000;

/// The client that signs in, as the list of sessions shows it.
#[derive(Clone, Debug, Default)]
pub struct SignInDevice {
    /// Its address.
    pub address: Option<IpAddr>,
    /// Its `User-Agent` header.
    pub user_agent: Option<String>,
}

/// A client that is about to sign in.
#[derive(Debug)]
pub struct SigningIn {
    /// The principal that its token names.
    pub principal: Principal,
    /// The sign-in link, if it comes by one.
    pub(super) link: Option<Grant>,
}

/// A session that has just begun.
#[derive(Debug)]
pub struct SignedIn {
    /// The principal that is signed in.
    pub principal: Principal,
    /// The row.
    pub session: Session,
    /// The value of the cookie.
    pub cookie: IssuedSecret,
    /// Older sessions that ended for this one, since too many rested on the same key or user.
    pub surplus: Vec<Session>,
}

pub(super) struct Known {
    pub(super) session: Session,
    seen: LastUse,
}

#[derive(Default)]
struct Memory {
    /// Counts how often the cache was emptied, so that a row that was read before that is not cached after it.
    generation: u64,
    sessions: HashMap<Uuid, Arc<Known>>,
}

pub(super) struct Sessions {
    store: Arc<dyn Store>,
    environment: Arc<dyn Environment>,
    notes: Notes,
    memory: Arc<RwLock<Memory>>,
    look_ups: Arc<LookUps>,
}

impl Sessions {
    pub(super) fn new(
        store: Arc<dyn Store>,
        environment: Arc<dyn Environment>,
        notes: Notes,
        look_ups: Arc<LookUps>,
    ) -> Self {
        Self { store, environment, notes, memory: Arc::default(), look_ups }
    }

    /// Begins a session, using a link up if there is one. A link that was used up meanwhile is refused.
    pub(super) async fn begin(
        &self,
        principal: Principal,
        made_by: Option<String>,
        link: Option<Uuid>,
        device: SignInDevice,
    ) -> AccessResult<SignedIn> {
        let (id, now) = (self.environment.fresh_id(), self.environment.now());
        let cookie = IssuedSecret::new(SecretKind::Session, id, self.environment.random());
        let end = now + SESSION_LIFE;
        let session = Session {
            id,
            secret: cookie.hash(),
            made_by,
            address: device.address,
            user_agent: device.user_agent,
            created_at: now,
            last_seen_at: now,
            expires_at: principal.expires_at.map_or(end, |earlier| earlier.min(end)),
            identity: principal.into_identity(),
        };
        let Some(surplus) = self.store.put_session(session.clone(), link).await? else {
            return Err(Refusal::InvalidToken.into());
        };
        if !surplus.is_empty() {
            self.forget();
        }
        Ok(SignedIn { principal: Principal::of_session(&session), session, cookie, surplus })
    }

    /// The session of a cookie, if it is not over.
    pub(super) async fn of_cookie(
        &self,
        cookie: &str,
        from: Source,
    ) -> Result<Option<Arc<Known>>, StoreError> {
        let Some(secret) = IssuedSecret::of_kind(SecretKind::Session, cookie) else { return Ok(None) };
        let known = self.find(secret.id, from).await?;
        Ok(known.filter(|known| secret.has_hash(known.session.secret)))
    }

    /// The session with this id, if it is not over.
    pub(super) async fn find(&self, id: Uuid, from: Source) -> Result<Option<Arc<Known>>, StoreError> {
        let known = match self.remembered(id) {
            Some(known) => Some(known),
            None => self.look_up(id, from).await?,
        };
        Ok(known.filter(|known| known.session.expires_at > self.environment.now()))
    }

    fn remembered(&self, id: Uuid) -> Option<Arc<Known>> {
        self.memory.read().unwrap_or_else(PoisonError::into_inner).sessions.get(&id).cloned()
    }

    async fn look_up(&self, id: Uuid, from: Source) -> Result<Option<Arc<Known>>, StoreError> {
        let _turn = self.look_ups.turn(from).await?;
        let generation = self.memory.read().unwrap_or_else(PoisonError::into_inner).generation;
        let Some(session) = self.store.session(id).await? else { return Ok(None) };
        let known = Arc::new(Known { seen: LastUse::new(Some(session.last_seen_at)), session });
        let mut memory = self.memory.write().unwrap_or_else(PoisonError::into_inner);
        if memory.generation == generation {
            if memory.sessions.len() >= MAX_KNOWN {
                memory.sessions.clear();
            }
            memory.sessions.insert(id, Arc::clone(&known));
        }
        Ok(Some(known))
    }

    /// Notes that a session is used. No request waits for that to be written.
    pub(super) fn seen(&self, known: &Known) {
        let now = self.environment.now();
        if known.seen.is_due(now) {
            self.notes.leave(Note::Session(known.session.id, now));
        }
    }

    /// A page of the sessions that are not over, the one that was seen last first.
    pub(super) async fn list(&self, page: u32, limit: u32) -> Result<SessionPage, StoreError> {
        let mut found = self.store.sessions(SessionQuery { at: self.environment.now(), page, limit }).await?;
        for session in &mut found.sessions {
            if let Some(seen) = self.remembered(session.id).and_then(|known| known.seen.at()) {
                session.last_seen_at = session.last_seen_at.max(seen);
            }
        }
        Ok(found)
    }

    /// Ends sessions here and, by the store, on every node. Returns the sessions that existed.
    pub(super) async fn end(&self, which: SessionScope) -> Result<Ended, StoreError> {
        let ended = self.store.end_sessions(which).await?;
        if ended.count > 0 {
            self.forget();
        }
        Ok(ended)
    }

    /// Forgets every session that was looked up, since any of them may have ended.
    pub(super) fn forget(&self) {
        let mut memory = self.memory.write().unwrap_or_else(PoisonError::into_inner);
        memory.generation += 1;
        memory.sessions.clear();
    }
}
